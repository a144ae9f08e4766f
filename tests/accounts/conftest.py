"""A course with something of everything in it, and the ways to sign up and sign in by mailed code."""

import re

import pytest
from django.core import mail
from django.urls import reverse

from certificates.issuing import issue_certificate
from modules.enrolment import current_attempt, enrol
from modules.models import CheckAnswer, LessonCompletion, NotebookEntry
from modules.outline import course_outline
from modules.progress import settle
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
