"""The leader's list as a file: the same that the page shows, course by course (S20). Each time is in the log (P7)."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from lms.workplaces.following import employees_of, standings_of
from lms.workplaces.models import Workplace, WorkplaceEvent
from lms.workplaces.requiring import required_courses
from mentoring.spreadsheet import dated_name, rows_file


def list_file(workplace: Workplace, kind: str, by: Any) -> bytes:
    """The file, "csv" or "xlsx". Writes first that `by` took it out."""
    WorkplaceEvent.objects.create(workplace=workplace, kind=WorkplaceEvent.Kind.EXPORT, by=by, detail=kind)
    return rows_file(list(rows_of(workplace)), kind, _("Ansatte"))


def file_name(workplace: Workplace, kind: str) -> str:
    """For instance ansatte-solbakken-barnehage-2026-11-22.csv."""
    return dated_name("ansatte", workplace.name, kind)


def rows_of(workplace: Workplace) -> Iterator[list[Any]]:
    """The head and a row for each employee and course."""
    yield [_("Navn"), _("E-post"), _("Kurs"), _("Status"), _("Fullført"), _("Frist"), _("Frist gått ut")]
    for one in standings_of(list(employees_of(workplace)), required_courses(workplace)):
        yield [
            one.employee.name,
            one.employee.email,
            one.required.course.title,
            _("fullført") if one.completed_on else one.words,
            one.completed_on,
            one.deadline,
            _("ja") if one.is_overdue else "",
        ]
