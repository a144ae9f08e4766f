"""The mentor register: who may lead which package now, and what they lead (R023, R054)."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from mentoring.models import LearningGroup, MentorQualification, Package

# The role that the centre gives to its own mentors; `lms.accounts.roles` has the table.
MENTOR_ROLE = "Mentor"
Status: Any = LearningGroup.Status
PRESENT = (Status.PLANNED, Status.STARTED)


def refusal_for(person: Any, package: Package) -> str:
    """Why `person` may not lead groups of `package` today, as a sentence; "" when they may (R054).

    A qualification that has run out refuses, whatever roles the person has.
    """
    if not person.is_active:
        return _("Mentoren må ha en konto som er i bruk.")
    found = MentorQualification.objects.filter(person=person, package=package).first()
    if found and has_run_out(found):
        return _("Godkjenningen til %(name)s gjaldt til %(day)s. Forny den i mentorregisteret først.") % {
            "name": person.name,
            "day": date_format(found.valid_until, "j. F Y"),
        }
    if package.needs_training:
        return "" if found and is_trained(found) else _untrained(person, package)
    if found or person.groups.filter(name=MENTOR_ROLE).exists():
        return ""
    return _("%(name)s står ikke i mentorregisteret for «%(package)s».") % {
        "name": person.name,
        "package": package.name,
    }


def who_may_lead(package: Package) -> QuerySet[Any]:
    """Everybody whom `refusal_for` does not refuse today, by name, each with `leads`: their present groups."""
    today = timezone.localdate()
    registered = MentorQualification.objects.filter(package=package)
    run_out = registered.filter(valid_until__lt=today)
    if package.needs_training:
        chosen = Q(pk__in=registered.filter(trained_on__lte=today).values("person"))
    else:
        by_role = get_user_model().objects.filter(groups__name=MENTOR_ROLE)
        chosen = Q(pk__in=registered.values("person")) | Q(pk__in=by_role.values("pk"))
    people = get_user_model().objects.filter(chosen, is_active=True).exclude(pk__in=run_out.values("person"))
    leads = Count("led_groups", filter=Q(led_groups__status__in=PRESENT), distinct=True)
    return people.annotate(leads=leads).order_by("name", "pk")


def _untrained(person: Any, package: Package) -> str:
    return _("«%(package)s» krever fullført mentoropplæring, og den er ikke registrert for %(name)s.") % {
        "name": person.name,
        "package": package.name,
    }


def has_run_out(qualification: MentorQualification) -> bool:
    """Whether the last day of the qualification is past, by the calendar in Norway."""
    return qualification.valid_until is not None and qualification.valid_until < timezone.localdate()


def is_trained(qualification: MentorQualification) -> bool:
    """Whether mentor training is completed; a date to come is a plan."""
    return qualification.trained_on is not None and qualification.trained_on <= timezone.localdate()


def mentors_by_role() -> QuerySet[Any]:
    """Whom the centre gave the role Mentor: they may lead every package that needs no training of its own."""
    return get_user_model().objects.filter(groups__name=MENTOR_ROLE, is_active=True).order_by("name__in_order")


def present_groups(people: Iterable[Any]) -> dict[int, list[LearningGroup]]:
    """The planned and started groups that each of `people` leads, by the person's id. One query."""
    led: dict[int, list[LearningGroup]] = defaultdict(list)
    for group in LearningGroup.objects.filter(mentor__in=list(people), status__in=PRESENT).select_related("package"):
        led[group.mentor_id].append(group)
    return dict(led)
