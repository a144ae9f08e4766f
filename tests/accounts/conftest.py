"""A course with something of everything in it, and the ways to sign up and sign in by mailed code."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.sessions.backends.db import SessionStore
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.users.models import UserProfile

from certificates.issuing import issue_certificate
from lms.outbox.models import OutgoingMail
from modules.enrolment import current_attempt, enrol
from modules.models import (
    CheckAnswer,
    LessonCompletion,
    NotebookEntry,
    PilotFeedback,
    PilotTester,
)
from modules.outline import course_outline
from modules.progress import settle
from tests.accounts.group_ground import be_in_a_group, lead_and_apply
from tests.accounts.workplace_ground import be_at_a_workplace
from tests.people import PASSWORD
from tests.small_course import COURSE_KEY, PROMPT, RIGHT, SINGLE

CODE = re.compile(r"^\s*([A-Z0-9]{3,4}-[A-Z0-9]{3,4})\s*$", re.MULTILINE)
NEW_PERSON = {"name": "Åse Bjørg Tjøme", "email": "aase@example.org", "sector": "kindergarten"}


def last_code() -> str:
    """The code in the newest mail."""
    return CODE.search(mail.outbox[-1].body)[1]


@pytest.fixture
def sign_up(client):
    """A function that sends the sign-up form and gives the answer."""

    def send(**changed):
        return client.post(reverse("account_signup"), NEW_PERSON | changed)

    return send


@pytest.fixture
def confirm(client):
    """A function that types a code at the end of a sign-up."""

    def send(code):
        return client.post(reverse("account_email_verification_sent"), {"code": code})

    return send


def do_something_of_everything(learner, course, word="hemmelig"):
    """Enrols, answers, writes and finishes; returns the attempt."""
    enrol(learner, course_outline(COURSE_KEY, "nb"))
    attempt = current_attempt(learner, COURSE_KEY)
    for lesson in course.lessons:
        LessonCompletion.objects.create(attempt=attempt, lesson=lesson, lesson_key=lesson.translation_key)
    CheckAnswer.objects.create(
        attempt=attempt,
        lesson_key=course.lessons[0].translation_key,
        check_id=SINGLE,
        answer=[str(RIGHT)],
        is_right=True,
    )
    NotebookEntry.objects.create(
        learner=learner,
        course_key=COURSE_KEY,
        lesson_key=course.lessons[2].translation_key,
        prompt_id=PROMPT,
        question="Hva tenkte du på først?",
        text=f"Noe {word}",
    )
    settle(attempt, course_outline(COURSE_KEY, "nb"))
    return current_attempt(learner, COURSE_KEY)


@pytest.fixture
def finished(learner, course):
    """The learner has done the whole course."""
    return do_something_of_everything(learner, course)


@pytest.fixture
def certificate(finished):
    return issue_certificate(finished, name=finished.enrolment.learner.name)


@pytest.fixture
def outbox(settings):
    """Mail goes where it goes in the product."""
    settings.EMAIL_BACKEND = "lms.outbox.backend.OutboxBackend"
    settings.DEMO = False


@pytest.fixture
def deep_in(outbox, learner, mentor, certificate, course, client, tmp_path, settings):
    """A learner whose name and addresses are wherever they can be."""
    settings.OUTBOX_DELIVERY = {"file_path": str(tmp_path)}
    learner.municipality_id, learner.profession, learner.workplace = "1103", "nurse", "Solsikken"
    learner.save()
    EmailAddress.objects.create(user=learner, email="ingrid@privat.example", verified=True)
    client.post(reverse("account_login"), {"login": learner.email, "password": PASSWORD})
    Authenticator.objects.create(user=learner, type="webauthn", data={"name": "Ingrids telefon"})
    started = SessionStore()
    started["account_login"] = {"email": "INGRID@privat.example"}
    started.save()
    PilotFeedback.objects.create(lesson=course.lessons[0], author=learner, text="Bra leksjon")
    PilotTester.objects.create(course=course.page, email="Ingrid@privat.example", sort_order=1)
    PilotTester.objects.create(course=course.page, email="other@example.org", sort_order=2)
    course.page.refresh_from_db()
    type(course.page).objects.get(pk=course.page.pk).save_revision()
    be_in_a_group(learner, mentor, course, NotebookEntry.objects.get(learner=learner))
    lead_and_apply(learner, course, mentor)
    be_at_a_workplace(learner, mentor, course)
    UserProfile.objects.create(user=learner)
    log(learner, "wagtail.edit", user=learner, data={"name": "Ingrid Solheim"})
    log(certificate, "wagtail.edit", user=mentor)
    OutgoingMail.objects.create(to="Ingrid@privat.example", subject="Hei Ingrid", due_at=timezone.now())
    OutgoingMail.objects.create(to="other@example.org", subject="Hei Jonas", due_at=timezone.now())
    return learner
