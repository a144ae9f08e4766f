"""Every figure has one query: page, CSV, Excel and the list of rows show what is counted here (R101-R103, B15).

Each `*_rows` gives the rows that may be counted, each `*_conditions` which of them a figure counts, by its name.
"""

from collections.abc import Mapping

from django.db.models import Count, Q, QuerySet

from certificates.models import Certificate
from lms.reports.enrolments import (
    Row,
    by_course,
    by_municipality,
    by_profession,
    by_sector_and_county,
    course_keys,
    enrolment_figures,
    new_per_month,
    new_per_week,
    time_to_complete,
)
from lms.reports.selection import Selection
from lms.tallies.rows import not_by
from mentoring.models import Attendance, LearningGroup, Meeting, Note

__all__ = [
    "by_course",
    "by_municipality",
    "by_profession",
    "by_sector_and_county",
    "enrolment_figures",
    "new_per_month",
    "new_per_week",
    "time_to_complete",
]
EVERYTHING = Q()
PRESENT = Q(status__in=[Attendance.Status.THERE, Attendance.Status.DIGITAL])
FORMS = {"physical": Meeting.Form.PHYSICAL, "digital": Meeting.Form.DIGITAL, "hybrid": Meeting.Form.BOTH}


def certificate_rows(chosen: Selection) -> QuerySet[Certificate]:
    """Certificates issued for the first time in the period: a corrected one counts once."""
    issued = Certificate.objects.filter(replaces=None, issued_at__gte=chosen.since, issued_at__lt=chosen.until)
    courses = course_keys(chosen)
    if courses is not None:
        issued = issued.filter(course_key__in=courses)
    # Somebody may be in two such groups: chosen by their key, a certificate stays one row.
    found = issued.filter(chosen.learners("learner__"))
    return issued.filter(pk__in=found.values("pk")) if chosen.looks_at_groups else found


CERTIFICATE_CONDITIONS = {"of_courses": Q(group=None), "of_packages": Q(group__isnull=False)}


def certificate_figures(chosen: Selection) -> Row:
    """How many of them were of courses and of packages. One query."""
    return certificate_rows(chosen).aggregate(**_counts(CERTIFICATE_CONDITIONS))


def group_rows(chosen: Selection) -> QuerySet[LearningGroup]:
    """Groups that had been made by the end of the period."""
    return LearningGroup.objects.filter(chosen.groups(), created_at__lt=chosen.until).order_by()


def group_conditions(chosen: Selection) -> Mapping[str, Q]:
    """Groups as they stood at the end of the period, and how many had started by then (R034, R106)."""
    at = chosen.until
    going_on = not_by("completed_at", at) & not_by("cancelled_at", at)
    return {
        "started_in_all": Q(started_at__lt=at),
        "started_in_period": Q(started_at__lt=at, started_at__gte=chosen.since),
        "planned": not_by("started_at", at) & not_by("cancelled_at", at),
        "under_way": Q(started_at__lt=at) & going_on,
        "completed": Q(completed_at__lt=at),
        "cancelled": Q(cancelled_at__lt=at),
    }


def group_figures(chosen: Selection) -> Row:
    """How many groups are in each state. One query."""
    return group_rows(chosen).aggregate(**_counts(group_conditions(chosen)))


def meeting_rows(chosen: Selection) -> QuerySet[Meeting]:
    """Meetings held in the period."""
    held = Meeting.objects.filter(chosen.groups("group__"), status=Meeting.Status.HELD).order_by()
    return held.filter(starts_at__gte=chosen.since, starts_at__lt=chosen.until)


MEETING_CONDITIONS = {"meetings": EVERYTHING} | {name: Q(form=form) for name, form in FORMS.items()}


def attendance_rows(chosen: Selection) -> QuerySet[Attendance]:
    """What mentors marked for these meetings, absence too."""
    return Attendance.objects.filter(meeting__in=meeting_rows(chosen).values("pk"))


ATTENDANCE_CONDITIONS = {
    "attendances": PRESENT,
    "attended_there": Q(status=Attendance.Status.THERE),
    "attended_digitally": Q(status=Attendance.Status.DIGITAL),
    "absences": ~PRESENT,
}


def meeting_figures(chosen: Selection) -> Row:
    """Meetings by form, attendances by mode, and the people behind them (R060, R102, R103). Two queries."""
    people = {"people": Count("membership__member", filter=PRESENT, distinct=True)}
    return meeting_rows(chosen).aggregate(**_counts(MEETING_CONDITIONS)) | attendance_rows(chosen).aggregate(
        **_counts(ATTENDANCE_CONDITIONS), **people
    )


def meetings_by_form(chosen: Selection) -> dict[str, Row]:
    """Meetings, attendances by mode and different people for each form of meeting. Two queries."""
    meetings = meeting_rows(chosen).values_list("form").annotate(number=Count("pk"))
    counts = _counts(ATTENDANCE_CONDITIONS) | {"people": Count("membership__member", filter=PRESENT, distinct=True)}
    came = attendance_rows(chosen).order_by().values("meeting__form").annotate(**counts)
    rows = {row["meeting__form"]: row for row in came}
    nobody = dict.fromkeys(counts, 0)
    return {form: nobody | rows.get(form, {}) | {"meetings": number} for form, number in meetings}


def note_rows(chosen: Selection) -> QuerySet[Note]:
    """Notes handed in during the period."""
    notes = Note.objects.filter(chosen.groups("membership__group__")).order_by()
    return notes.filter(handed_in_at__gte=chosen.since, handed_in_at__lt=chosen.until)


def note_figures(chosen: Selection) -> Row:
    """How many of them there are. One query."""
    return note_rows(chosen).aggregate(notes=Count("pk"))


def _counts(conditions: Mapping[str, Q]) -> dict[str, Count]:
    # An empty condition is no condition, which is how Django wants it.
    return {name: Count("pk", filter=condition or None) for name, condition in conditions.items()}
