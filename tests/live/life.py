"""People who have used the demo: run inside the product, `manage.py shell -c "from tests.live.life import …"`."""

import hashlib
import json

from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.test import Client

from certificates.issuing import issue_certificate
from certificates.models import Certificate
from modules.enrolment import current_attempt, enrol
from modules.models import CheckAnswer, CoursePage, LessonCompletion, LessonPage, NotebookEntry
from modules.outline import course_outline
from modules.progress import settle

PEOPLE = ("learner@example.org", "member@example.org")
WORDS = "Tanken til {}: æøå, en pause – og 🌱"


def live() -> None:
    """Two people take the whole course, answer, write in the notebook and get a certificate; both are signed in."""
    outline = course_outline(CoursePage.objects.get().translation_key, "nb")
    for email in PEOPLE:
        person = get_user_model().objects.get(email=email)
        enrol(person, outline)
        attempt = current_attempt(person, outline.key)
        for lesson in LessonPage.objects.all():
            LessonCompletion.objects.get_or_create(
                attempt=attempt, lesson_key=lesson.translation_key, defaults={"lesson": lesson}
            )
        _answer_and_write(person, attempt, outline)
        settle(attempt, outline)
        issue_certificate(current_attempt(person, outline.key), name=person.name)
        Client().force_login(person)


def _answer_and_write(person, attempt, outline) -> None:
    lesson, key = LessonPage.objects.first(), outline.key
    answer = {"b": [1, 2.0, "å"], "a": None}
    keys = {"lesson_key": lesson.translation_key, "answer": answer, "is_right": True}
    CheckAnswer.objects.create(attempt=attempt, check_id=key, **keys)
    keys = {"course_key": key, "lesson_key": lesson.translation_key, "prompt_id": key}
    NotebookEntry.objects.create(learner=person, question="Hva?", text=WORDS.format(person.email), **keys)


def tell() -> None:
    """Prints what is there, as JSON: notes as their authors read them, certificates with the sum of their file."""
    notes = NotebookEntry.objects.order_by("learner__pk").values_list("learner__email", flat=True)
    certificates = Certificate.objects.order_by("pk").select_related("file")
    print(
        json.dumps(
            {
                "notes": {email: NotebookEntry.objects.get(learner__email=email).text for email in notes},
                "certificates": {
                    certificate.code: [
                        Client(SERVER_NAME="localhost").get(certificate.url).status_code,
                        str(certificate.status),
                        _sum(certificate) == certificate.file.sha256 if hasattr(certificate, "file") else None,
                    ]
                    for certificate in certificates
                },
                "people": sorted(get_user_model().objects.filter(erased_at=None).values_list("email", flat=True)),
                "sessions": Session.objects.count(),
                "answers": [answer.answer for answer in CheckAnswer.objects.all()],
            }
        )
    )


def _sum(certificate: Certificate) -> str:
    return hashlib.sha256(bytes(certificate.file.content)).hexdigest()
