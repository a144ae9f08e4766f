"""Reminders to those who share and lack the course: a week before, the day before, once after (B14, D25).

An occasion is a course and a deadline: a deadline that moves reminds anew. The leader can remind besides, once a week.
"""

import datetime
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from lms.workplaces.access import leaders_of
from lms.workplaces.following import Standing, State, employees_of, standings_of
from lms.workplaces.mailing import address_of_page, send_mail
from lms.workplaces.models import Employee, RequiredCourse, WorkplaceEvent, WorkplaceNotice
from lms.workplaces.requiring import outline_of
from lms.workplaces.sharing import active_consents
from lms.workplaces.stopping import stop_path

Kind: Any = WorkplaceNotice.Kind
# How many days before the deadline each goes out; the last number is how late it may come after a standstill.
WINDOWS = {Kind.WEEK_BEFORE: range(3, 8), Kind.DAY_BEFORE: range(1, 2), Kind.OVERDUE: range(-7, 0)}
# Mail comes by day.
HOURS = range(8, 21)
BY_HAND_EVERY = NEW_AGAIN_AFTER = datetime.timedelta(days=7)
# Who came to the list this lately has just been told of the deadline.
JUST_TOLD = datetime.timedelta(days=2)


def kind_due(days: int) -> str:
    """Which reminder goes out so many days before the deadline (negative: after); "" for none."""
    return next((kind for kind, window in WINDOWS.items() if days in window), "")


def due_courses(now: datetime.datetime) -> list[int]:
    """The ids of required courses that somebody may have to be reminded of at `now`: all that stand, by day."""
    if now.astimezone(ZoneInfo(settings.TIME_ZONE)).hour not in HOURS:
        return []
    return list(RequiredCourse.objects.filter(ended_at=None).order_by("pk").values_list("pk", flat=True))


def remind(required_id: int, now: datetime.datetime) -> int:
    """Sends what is due of a course, and returns how many. Twice, or by two at once, harms nobody."""
    required = (
        RequiredCourse.objects.filter(pk=required_id, ended_at=None).select_related("workplace", "course").first()
    )
    # Without a leader nobody asks for the course.
    if required is None or outline_of(required) is None or not leaders_of(required.workplace):
        return 0
    today = timezone.localdate(now)
    due = [(one, _due(one, now, today)) for one in lacking(required)]
    return sum(_remind(one, kind, str(one.deadline)) for one, kind in due if kind)


def _due(one: Standing, now: datetime.datetime, today: datetime.date) -> str:
    if one.deadline is None or one.employee.reminders_stopped_at:
        return ""
    kind = kind_due((one.deadline - today).days)
    if kind == Kind.WEEK_BEFORE and one.employee.added_at > now - JUST_TOLD:
        return ""
    return kind


def lacking(required: RequiredCourse) -> list[Standing]:
    """Those who share and have not completed the course."""
    standings = standings_of(list(employees_of(required.workplace).select_related("person")), [required])
    return [one for one in standings if one.state in {State.NOT_BEGUN, State.UNDER_WAY}]


def would_remind(required: RequiredCourse) -> list[Standing]:
    """Who a reminder by hand goes to: those who lack the course and have not stopped reminders."""
    return [one for one in lacking(required) if not one.employee.reminders_stopped_at]


def may_remind_at(required: RequiredCourse) -> datetime.datetime | None:
    """When the leader may remind again; None for now."""
    again = required.reminded_at + BY_HAND_EVERY if required.reminded_at else None
    return again if again and again > timezone.now() else None


def remind_by_hand(required: RequiredCourse, by: Any) -> int:
    """The leader's own reminder, at most once a week; returns how many it went to.

    Raises ValidationError when the last was less than a week ago, or nobody lacks the course.
    """
    now = timezone.now()
    with transaction.atomic():
        recipients = would_remind(required)
        if not recipients:
            raise ValidationError(_("Ingen av dem som deler, mangler kurset."))
        # The conditional update makes two presses one reminder.
        free = RequiredCourse.objects.filter(Q(reminded_at=None) | Q(reminded_at__lte=now - BY_HAND_EVERY))
        if not free.filter(pk=required.pk, ended_at=None).update(reminded_at=now):
            raise ValidationError(_("Det er mindre enn en uke siden dere minnet om dette kurset."))
        count = sum(_remind(one, Kind.BY_HAND, f"{now:%Y-%m-%dT%H:%M:%S}") for one in recipients)
        WorkplaceEvent.objects.create(
            workplace=required.workplace, kind=WorkplaceEvent.Kind.REMINDED, by=by, detail=str(count)
        )
    return count


def tell_of_new_course(required: RequiredCourse) -> int:
    """Tells those who share already that one more course is on the list: nobody sees anything of it in silence."""
    employees = list(employees_of(required.workplace).select_related("person"))
    consents = active_consents(employees)
    told = [one for one in standings_of(employees, [required]) if one.employee.pk in consents]
    return sum(_remind(one, Kind.NEW_COURSE, str(required.pk)) for one in told)


def _remind(one: Standing, kind: str, occasion: str) -> int:
    """Writes that the employee is told and the mail that does it, or neither."""
    employee, person = one.employee, one.employee.person
    with transaction.atomic():
        # What was withdrawn while the mails before were written counts (R052).
        if person is None or not employee.consents.filter(withdrawn_at=None).exists():
            return 0
        if not _note_once(employee, one.required, kind, occasion):
            return 0
        with translation.override(settings.LANGUAGE_CODE):
            send_mail(
                person.email,
                SUBJECTS[kind](one),
                _sentences(one, kind),
                (_("Se kurset og fristen"), address_of_page("my_workplaces")),
                key=f"{person.public_id}:workplace:{kind}:{one.required.pk}:{occasion}",
                name=person.name,
                stop_path=stop_path(employee),
            )
    return 1


def _note_once(employee: Employee, required: RequiredCourse, kind: str, occasion: str) -> bool:
    # A course that is taken off the list and put on it again is no new occasion.
    told = WorkplaceNotice.objects.filter(employee=employee, required__course_key=required.course_key, kind=kind)
    is_new = kind != Kind.NEW_COURSE or not told.filter(at__gt=timezone.now() - NEW_AGAIN_AFTER).exists()
    if not is_new or told.filter(occasion=occasion).exists():
        return False
    try:
        with transaction.atomic():
            WorkplaceNotice.objects.create(employee=employee, required=required, kind=kind, occasion=occasion)
    except IntegrityError:
        return False
    return True


SUBJECTS: dict[str, Callable[[Standing], str]] = {
    Kind.NEW_COURSE: lambda one: (
        _("%(workplace)s ber deg ta ett kurs til") % {"workplace": one.required.workplace.name}
    ),
    Kind.WEEK_BEFORE: lambda one: _("Fristen for kurset er %(day)s") % {"day": _day(one)},
    Kind.DAY_BEFORE: lambda one: _("I morgen er fristen for kurset"),
    Kind.OVERDUE: lambda one: _("Fristen for kurset er ute"),
    Kind.BY_HAND: lambda one: _("%(workplace)s minner om kurset") % {"workplace": one.required.workplace.name},
}


def _day(one: Standing) -> str:
    return date_format(one.deadline, "l j. F") if one.deadline else ""


def _sentences(one: Standing, kind: str) -> list[str]:
    words = {"course": one.required.course.title, "workplace": one.required.workplace.name, "day": _day(one)}
    asked = _("%(workplace)s har bedt deg ta «%(course)s».") % words
    if one.deadline and kind == Kind.OVERDUE:
        asked += " " + _("Fristen var %(day)s. Du kan fortsatt ta kurset.") % words
    elif one.deadline:
        asked += " " + _("Fristen er %(day)s.") % words
    if kind == Kind.NEW_COURSE:
        return [
            asked,
            _("Du deler med arbeidsplassen, så de ser om du har begynt og fullført. Du kan slutte å dele når du vil."),
        ]
    return [asked, _("Du går videre der du er. Det du har gjort, er lagret.")]
