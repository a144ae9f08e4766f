"""Runs inside the product: makes learners before a drill, and says what is stored after it."""

import hashlib
import json
from collections import Counter

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.backends.db import SessionStore
from django.core.mail import send_mail
from django.db import transaction

from certificates.models import Certificate, CertificateFile
from lms.outbox.models import Job, OutgoingMail
from modules.enrolment import current_attempt, enrol
from modules.models import (
    Attempt,
    CheckAnswer,
    Enrolment,
    LessonCompletion,
    LessonPage,
    ModuleCompletion,
    NotebookEntry,
)
from modules.outline import course_outline
from modules.progress import settle
from tests.small_course import COURSE_KEY, make_small_course


def fill(fresh: int, finished: int) -> None:
    """The small course, `fresh` learners who have done nothing and `finished` who have their certificate before them.

    Prints their addresses and session keys as JSON.
    """
    with transaction.atomic():
        make_small_course()
        print(json.dumps([_person(number, number >= fresh) for number in range(fresh + finished)]))


def queue(count: int) -> None:
    """Writes mails, each to another address."""
    for number in range(count):
        send_mail("Øvelse", "Hei.", None, [f"mottaker-{number}@example.org"])


def truth() -> None:
    """Prints what is stored, by the address of the person."""
    facts = {
        "enrol": _counted(Enrolment.objects.values_list("learner__email")),
        "attempt": _counted(Attempt.objects.values_list("enrolment__learner__email")),
        "answer": _counted(CheckAnswer.objects.values_list("attempt__enrolment__learner__email", "check_id")),
        "complete": _counted(
            LessonCompletion.objects.values_list("attempt__enrolment__learner__email", "lesson__slug")
        ),
        "module": _counted(ModuleCompletion.objects.values_list("attempt__enrolment__learner__email", "module_key")),
        "claim": _counted(Certificate.objects.values_list("learner__email")),
        "file": _counted(CertificateFile.objects.values_list("certificate__learner__email")),
        "completed": _counted(Attempt.objects.exclude(completed_at=None).values_list("enrolment__learner__email")),
        "verified": _counted(EmailAddress.objects.filter(verified=True).values_list("email")),
        "person": _counted(get_user_model().objects.values_list("email")),
    }
    notes = {
        entry.learner.email: hashlib.sha256(entry.text.encode()).hexdigest()
        for entry in NotebookEntry.objects.select_related("learner")
    }
    mails = [[mail.key or "", mail.to, mail.state, mail.error] for mail in OutgoingMail.objects.all()]
    jobs = [[job.task, job.key, job.state, job.tries] for job in Job.objects.all()]
    print(json.dumps({"facts": facts, "notes": notes, "mails": mails, "jobs": jobs}))


def regular() -> None:
    """Prints the names of the work that comes round by itself."""
    print(json.dumps([task for task, work in settings.WORK.items() if work.every]))


def _counted(rows) -> dict[str, int]:
    return Counter(":".join(map(str, row)) for row in rows)


def _person(number: int, finished: bool) -> tuple[str, str]:
    email = f"deltaker-{number}@example.org"
    user = get_user_model().objects.create(
        email=email, name=f"Deltaker {chr(65 + number % 26)}", sector="kindergarten", password=make_password(None)
    )
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    if finished:
        _finish(user)
    session = SessionStore()
    session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session.save()
    return email, session.session_key


def _finish(user) -> None:
    course = course_outline(COURSE_KEY, "nb")
    enrol(user, course)
    attempt = current_attempt(user, COURSE_KEY)
    LessonCompletion.objects.bulk_create(
        LessonCompletion(attempt=attempt, lesson=lesson, lesson_key=lesson.translation_key)
        for lesson in LessonPage.objects.filter(translation_key__in=[lesson.key for lesson in course.lessons])
    )
    settle(attempt, course)
