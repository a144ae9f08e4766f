"""A package seen as the weeks it takes: what its author sees while making it (R020, R033)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mentoring.holidays import remark_on
from mentoring.lines import AgendaItem, agenda_of, lines_of
from mentoring.models import Package, Step
from mentoring.packages import (
    PlannedMeeting,
    hints_of,
    meetings_in,
    module_count_of,
    planned,
    problems_of,
    refusal_of_change,
)
from mentoring.scheduling import series_dates
from modules.outline import course_outline

USUAL_CLOCK = time(14)
TUESDAY = 1


@dataclass(frozen=True)
class MeetingOnLine:
    """A meeting of the line with its example date. `remark` is what speaks against the day."""

    plan: PlannedMeeting
    day: date
    clock: time
    ends: time
    remark: str

    @property
    def agenda(self) -> list[AgendaItem]:
        return agenda_of(self.plan.step.agenda)

    @property
    def topics(self) -> list[str]:
        return lines_of(self.plan.step.topics)

    @property
    def prompts(self) -> list[str]:
        return lines_of(self.plan.step.prompts)


@dataclass(frozen=True)
class Timeline:
    """A whole package on a line, with what is wrong and what to think of."""

    meetings: list[MeetingOnLine]
    note: Step | None
    demands: list[str]
    course_minutes: int
    meeting_minutes: int
    weeks: int
    problems: list[str]
    hints: list[str]

    @property
    def course_hours(self) -> str:
        return in_words(self.course_minutes)

    @property
    def meeting_hours(self) -> str:
        return in_words(self.meeting_minutes)


def in_words(minutes: int) -> str:
    """A span of time for people: "4 timer og 30 minutter"."""
    hours, rest = divmod(minutes, 60)
    parts = []
    if hours:
        parts.append(ngettext("%(count)s time", "%(count)s timer", hours) % {"count": hours})
    if rest or not hours:
        parts.append(ngettext("%(count)s minutt", "%(count)s minutter", rest) % {"count": rest})
    return _(" og ").join(parts)


def timeline_of(package: Package, steps: list[Step], first: date | None = None, locale_code: str = "nb") -> Timeline:
    """`steps` of `package`, saved or not, as a line whose first meeting is on `first`, by default a Tuesday soon."""
    outline = course_outline(package.course.translation_key, locale_code) if package.course else None
    first = first or usual_first_day()
    plan = planned([step for step in steps if step.kind], outline)
    days = series_dates(first, package.rhythm or "4w", len(plan))
    meetings = [_on_line(meeting, day, package.usual_start) for meeting, day in zip(plan, days, strict=True)]
    return Timeline(
        meetings=meetings,
        note=next((step for step in steps if step.kind == Step.Kind.NOTE), None),
        demands=demands_of(package, steps),
        course_minutes=outline.minutes if outline else 0,
        meeting_minutes=sum(step.minutes or 0 for step in meetings_in(steps)),
        weeks=((days[-1] - first).days + 6) // 7 if days else 0,
        problems=problems_of(package, steps, module_count_of(package.course, locale_code)),
        hints=hints_of(steps),
    )


def preview_of(package: Package) -> dict[str, Any]:
    """What the preview of a package shows, also of one that is not saved; `example_start` is the form's."""
    steps = sorted(package.steps.all(), key=lambda step: step.sort_order or 0)
    line = timeline_of(package, steps, getattr(package, "example_start", None))
    return {"package": package, "line": line, "refusal": refusal_of_change(package, steps)}


def usual_first_day() -> date:
    """The first Tuesday that is at least four weeks ahead and nobody's holiday."""
    day = timezone.localdate() + timedelta(weeks=4)
    day += timedelta(days=(TUESDAY - day.weekday()) % 7)
    while remark_on(day):
        day += timedelta(weeks=1)
    return day


def _on_line(plan: PlannedMeeting, day: date, clock: time | None) -> MeetingOnLine:
    starts = clock or USUAL_CLOCK
    ends = (datetime.combine(day, starts) + timedelta(minutes=plan.step.minutes or 0)).time()
    return MeetingOnLine(plan, day, starts, ends, remark_on(day))


def demands_of(package: Package, steps: list[Step]) -> list[str]:
    """What the certificate of the package asks for, in words; nothing for a package without one."""
    if not package.gives_certificate:
        return []
    meetings = len(meetings_in(steps))
    required = meetings if package.required_meetings is None else package.required_meetings
    demands = [_("alle modulene i nettkurset")] if package.course else []
    if required:
        words = {"required": required, "meetings": meetings}
        demands.append(_("%(required)s av %(meetings)s møter") % words)
    if package.make_ups and required:
        demands[-1] += " " + ngettext("(ett kan tas igjen)", "(%(count)s kan tas igjen)", package.make_ups) % {
            "count": package.make_ups
        }
    if package.notes != Package.Notes.NONE:
        is_final = package.notes == Package.Notes.FINAL
        demands.append(_("refleksjonsnotat til slutt") if is_final else _("refleksjonsnotat etter hvert møte"))
    return demands
