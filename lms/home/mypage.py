"""My page: for each course where one is, what is left, and what comes next."""

import datetime
from typing import Any, NamedTuple

from django.db import connection
from django.urls import reverse
from django.utils import timezone

from certificates.eligibility import Case, unmet_requirements
from certificates.models import Certificate
from lms.workplaces.access import workplaces_of
from mentoring import overview
from mentoring.access import applications_for, undecided_for
from mentoring.models import LearningGroup
from modules.enrolment import current_attempts
from modules.models import Attempt, NotebookEntry
from modules.outline import course_outline
from modules.pathway import path_of
from modules.progress import Standing, next_lesson, standings_of

# Most learners have none of these, and one line of SQL costs a tenth of preparing the five queries.
HAS = """
SELECT EXISTS (SELECT 1 FROM mentoring_membership WHERE member_id = %s AND left_at IS NULL),
       EXISTS (SELECT 1 FROM mentoring_learninggroup WHERE mentor_id = %s),
       EXISTS (SELECT 1 FROM mentoring_application WHERE contact_id = %s),
       EXISTS (SELECT 1 FROM workplaces_leadership WHERE person_id = %s)
    OR EXISTS (SELECT 1 FROM workplaces_employee WHERE person_id = %s),
       (EXISTS (SELECT 1 FROM accounts_user_groups WHERE user_id = %s)
    OR EXISTS (SELECT 1 FROM accounts_user_user_permissions WHERE user_id = %s)
    OR EXISTS (SELECT 1 FROM accounts_user WHERE id = %s AND is_superuser))
   AND EXISTS (SELECT 1 FROM mentoring_application WHERE status = 'applied')
"""


class Has(NamedTuple):
    """What a person has here beside courses, or once had: where it is False, there is nothing to look for.

    `undecided`: an application waits for an answer, and the person has some role or right.
    """

    groups: bool
    led: bool
    applications: bool
    workplaces: bool
    undecided: bool


def my_page_of(user: Any, locale_code: str) -> dict[str, Any]:
    """Everything my page shows. The number of queries does not grow with courses, lessons or learners (L15)."""
    attempts = current_attempts(user)
    standings = standings_of(attempts)
    certificates = list(Certificate.objects.filter(learner=user, erased_at=None, replaced_by=None))
    now, has = timezone.now(), _has(user)
    groups = [item for item in overview.own_groups(user, now) if _is_going_on(item)] if has.groups else []
    of_packages = {item.case.course.key for item in groups if item.case.course}
    found = (_card(attempt, standings[attempt.pk], certificates, locale_code) for attempt in attempts)
    cards = [card | {"in_package": card["course"].key in of_packages} for card in found if card]
    return {
        "cards": cards,
        # Who signed a workplace up and takes no course has nothing else here.
        "applications": list(applications_for(user)[:3]) if has.applications and not cards else [],
        "undecided": undecided_for(user).count() if has.undecided else 0,
        "groups": groups,
        "led": _led(user, now) if has.led else None,
        "workplaces": workplaces_of(user) if has.workplaces else [],
        "certificates": certificates,
        "notebook_count": NotebookEntry.objects.filter(learner=user).exclude(text="").count(),
    }


def _has(user: Any) -> Has:
    with connection.cursor() as cursor:
        cursor.execute(HAS, [user.pk] * HAS.count("%s"))
        return Has(*map(bool, cursor.fetchone()))


def _is_going_on(item: overview.OwnGroup) -> bool:
    """A group is on the page until it is over for this person: cancelled, or the certificate is there."""
    has_certificate = item.case.certificate and not item.case.certificate.revoked_at
    return item.group.status != LearningGroup.Status.CANCELLED and not has_certificate


def _led(user: Any, now: datetime.datetime) -> dict[str, int] | None:
    """How many open groups the person leads, and how many things in them wait; None for who leads none."""
    led = overview.led_groups(user, now)
    going_on = sum(item.group.status in overview.OPEN for item in led)
    return {"groups": going_on, "needs": len(overview.needs_of(led, now))} if going_on else None


def _card(
    attempt: Attempt, standing: Standing, certificates: list[Certificate], locale_code: str
) -> dict[str, Any] | None:
    course = course_outline(attempt.enrolment.course_key, locale_code)
    if course is None:
        return None
    number = attempt.number
    own = [c for c in certificates if (c.course_key, c.attempt_number, c.group_id) == (course.key, number, None)]
    certificate = own[0] if own else None
    path = path_of(course, standing)
    lessons_total = len(course.lessons)
    case = Case(attempt, standing, certificate)
    unmet = [] if certificate and not certificate.revoked_at else unmet_requirements(attempt, case=case)
    return {
        "course": course,
        "path": path,
        "next": next_lesson(course, standing),
        "percent": 100 if attempt.completed_at else 100 * len(standing.lessons) // max(lessons_total, 1),
        "unmet": [requirement.sentence for requirement in unmet],
        "certificate": certificate if certificate and not certificate.revoked_at else None,
        "withdrawn": bool(attempt.enrolment.withdrawn_at),
        "completed": bool(attempt.completed_at),
        "enrol_url": reverse("enrol", args=[course.slug]),
        "start_again_url": reverse("start_again", args=[course.slug]) if attempt.completed_at else None,
        "withdraw_url": reverse("withdraw", args=[course.slug]),
        "claim_url": reverse("claim_certificate", args=[course.key]) if not certificate and not unmet else None,
    }
