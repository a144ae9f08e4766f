"""Joining a course, leaving it, coming back, and taking it again (R006-R008, R014, B17)."""

from uuid import UUID

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from modules.models import Attempt, Enrolment
from modules.outline import CourseOutline


def enrol(learner: AbstractBaseUser, course: CourseOutline) -> Enrolment:
    """Enrols `learner`, or returns the enrolment there is (R014); one who had left is back where they left.

    The course must be one that `modules.access` gave. Safe under any number of parallel calls.
    """
    with transaction.atomic():
        enrolment, _created = Enrolment.objects.get_or_create(
            learner=learner, course_key=course.key, defaults={"course_id": course.pk}
        )
        Attempt.objects.get_or_create(enrolment=enrolment, number=1)
        if enrolment.withdrawn_at:
            Enrolment.objects.filter(pk=enrolment.pk).update(withdrawn_at=None)
            enrolment.withdrawn_at = None
    return enrolment


def withdraw(enrolment: Enrolment) -> None:
    """Takes the learner off the course. What was done stays (B17)."""
    Enrolment.objects.filter(pk=enrolment.pk, withdrawn_at=None).update(withdrawn_at=timezone.now())


def start_again(enrolment: Enrolment) -> Attempt:
    """A new time through the course; the old one and its certificate stay.

    Raises ValidationError when the attempt under way is not finished: there is nothing to repeat yet.
    """
    with transaction.atomic():
        # The row lock makes two clicks one new attempt.
        Enrolment.objects.select_for_update().get(pk=enrolment.pk)
        latest = enrolment.attempts.latest("number")
        if latest.completed_at is None:
            if latest.number > 1 and not latest.lessons.exists():
                return latest
            raise ValidationError(_("Du kan ta kurset på nytt når du har fullført det. Det du har gjort, er lagret."))
        return enrolment.attempts.create(number=latest.number + 1)


def current_attempt(learner: AbstractBaseUser, course_key: UUID) -> Attempt | None:
    """The learner's latest time through the course with its enrolment, or None when not enrolled. One query."""
    attempts = Attempt.objects.filter(enrolment__learner_id=learner.pk, enrolment__course_key=course_key)
    # They are a few at most: choosing here costs less than ordering there.
    attempt = max(attempts.select_related("enrolment"), key=lambda attempt: attempt.number, default=None)
    if attempt:
        attempt.enrolment.learner = learner
    return attempt


def current_attempts(learner: AbstractBaseUser) -> list[Attempt]:
    """The learner's latest attempt in every course, newest enrolment first. One query."""
    attempts = (
        Attempt.objects.filter(enrolment__learner=learner)
        .select_related("enrolment__course__locale")
        .order_by("-enrolment__enrolled_at", "number")
    )
    latest = list({attempt.enrolment_id: attempt for attempt in attempts}.values())
    for attempt in latest:
        attempt.enrolment.learner = learner
    return latest
