"""The rows behind a figure: as many as it counts, in the order of their keys, read a piece at a time.

Of a note there is only whose it is, which group, and when it was handed in; never what it says.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from certificates.models import Certificate
from lms.accounts.models import Municipality
from lms.reports import queries
from lms.reports.definitions import CERTIFICATES, GROUPS, MEETINGS, NEWS, STATES
from lms.reports.enrolments import chosen_rows, state_of
from lms.reports.selection import OSLO, Selection
from lms.tallies.rows import ground
from mentoring.models import Attendance, LearningGroup, Meeting
from modules.outline import course_outlines

PIECE = 2000
FIGURES = {"status": STATES, "nytt": NEWS, "grupper": GROUPS, "moter": MEETINGS, "kursbevis": CERTIFICATES}
Cells = list[list[Any]]


@dataclass(frozen=True)
class RowList:
    """What a figure counts, row by row. `key` is the column that orders them; `cells` makes rows of a piece."""

    title: str
    definition: str
    columns: list[str]
    rows: QuerySet
    key: str
    cells: Callable[[list[dict]], Cells]

    def count(self) -> int:
        """How many rows there are: the figure itself, counted by its list."""
        return self.rows.count()

    def piece(self, after: int, size: int) -> tuple[Cells, int | None]:
        """At most `size` rows after the one with the key `after`, and the key to go on from, if there are more."""
        found = list(self.rows.filter(**{f"{self.key}__gt": after}).order_by(self.key)[: size + 1])
        more = len(found) > size
        return self.cells(found[:size]), (found[size - 1][self.key] if more else None)

    def all(self) -> Iterator[list[Any]]:
        """Every row, read by pieces so that memory stays flat however many there are."""
        after: int | None = 0
        while after is not None:
            cells, after = self.piece(after, PIECE)
            yield from cells


def row_list(chosen: Selection, group: str, figure: str) -> RowList:
    """The rows behind a figure. Raises KeyError for one that is not there."""
    named = {key: (str(title), str(definition)) for key, title, definition in FIGURES[group]}
    title, definition = named[figure]
    columns, rows, key, cells = MAKERS[group](chosen, figure)
    return RowList(title, definition, columns, rows, key, cells)


Made = tuple[list[str], QuerySet, str, Callable[[list[dict]], Cells]]


def _enrolments(chosen: Selection, figure: str) -> Made:
    if figure == "people":
        return _people(chosen)
    names = ["person", "attempt", "course_key", "enrolled_at", "began_at", "completed_at", "withdrawn_at"]
    rows = chosen_rows(chosen, ground()).filter(state_of(chosen, figure)).values(*names)
    columns = [_("Navn"), _("Kurs"), *_told(), _("Påmeldt"), _("Begynte"), _("Fullførte"), _("Meldt av")]
    return columns, rows, "attempt", _enrolment_cells


def _people(chosen: Selection) -> Made:
    rows = chosen_rows(chosen, ground()).filter(state_of(chosen, "enrolled")).values("person").distinct()
    return [_("Navn"), *_told()], rows, "person", _people_cells


def _groups(chosen: Selection, figure: str) -> Made:
    rows = queries.group_rows(chosen).filter(queries.group_conditions(chosen)[figure])
    names = ["pk", "name", "kind", "package__name", "municipality__name", "mentor__name"]
    dates = ["created_at", "started_at", "completed_at", "cancelled_at"]
    columns = [_("Gruppe"), _("Hva slags gruppe"), _("Pakke"), _("Kommune"), _("Mentor")]
    columns += [_("Opprettet"), _("Startet"), _("Fullført"), _("Avlyst")]
    return columns, rows.values(*names, *dates), "pk", _group_cells


def _met(chosen: Selection, figure: str) -> Made:
    if figure == "notes":
        return _notes(chosen)
    if figure == "meetings":
        return _meetings(chosen)
    if figure == "people":
        came = queries.attendance_rows(chosen).filter(queries.PRESENT)
        rows = came.order_by().values("membership__member").distinct()
        return [_("Navn"), *_told()], rows, "membership__member", _member_cells
    rows = queries.attendance_rows(chosen).filter(queries.ATTENDANCE_CONDITIONS[figure])
    names = ["pk", "membership__member", "meeting__group__name", "meeting__title", "meeting__starts_at", "status"]
    columns = [_("Navn"), _("Gruppe"), _("Møte"), _("Dato"), _("Oppmøte")]
    return columns, rows.values(*names), "pk", _attendance_cells


def _meetings(chosen: Selection) -> Made:
    rows = queries.meeting_rows(chosen).values("pk", "group__name", "title", "starts_at", "form", "minutes")
    return [_("Gruppe"), _("Møte"), _("Dato"), _("Form"), _("Minutter")], rows, "pk", _meeting_cells


def _notes(chosen: Selection) -> Made:
    rows = queries.note_rows(chosen).values("pk", "membership__member", "membership__group__name", "handed_in_at")
    return [_("Navn"), _("Gruppe"), _("Levert")], rows, "pk", _note_cells


def _certificates(chosen: Selection, figure: str) -> Made:
    rows = queries.certificate_rows(chosen).filter(queries.CERTIFICATE_CONDITIONS[figure]).order_by()
    names = ["pk", "holder_name", "course_title", "package_name", "completed_on", "issued_on"]
    status = ["revoked_at", "replaced_at", "erased_at"]
    columns = [_("Navn"), _("Kurs"), _("Pakke"), _("Fullført"), _("Utstedt"), _("Status")]
    return columns, rows.values(*names, *status), "pk", _certificate_cells


MAKERS: dict[str, Callable[[Selection, str], Made]] = {
    "status": _enrolments,
    "nytt": _enrolments,
    "grupper": _groups,
    "moter": _met,
    "kursbevis": _certificates,
}


def _told() -> list[str]:
    return [_("Sektor"), _("Yrke"), _("Kommune")]


def _enrolment_cells(rows: list[dict]) -> Cells:
    people = _tellings(row["person"] for row in rows)
    titles = {course.key: course.title for course in course_outlines("nb")}
    gone = _("Et kurs som er tatt ned")
    return [
        [
            people[row["person"]][0],
            titles.get(row["course_key"], gone),
            *people[row["person"]][1:],
            *(_day(row[name]) for name in ("enrolled_at", "began_at", "completed_at", "withdrawn_at")),
        ]
        for row in rows
    ]


def _people_cells(rows: list[dict]) -> Cells:
    people = _tellings(row["person"] for row in rows)
    return [people[row["person"]] for row in rows]


def _member_cells(rows: list[dict]) -> Cells:
    people = _tellings(row["membership__member"] for row in rows)
    return [people[row["membership__member"]] for row in rows]


def _group_cells(rows: list[dict]) -> Cells:
    kinds = dict(LearningGroup.Kind.choices)
    return [
        [
            row["name"],
            str(kinds.get(row["kind"], "")),
            row["package__name"],
            row["municipality__name"] or "",
            row["mentor__name"] or "",
            *(_day(row[name]) for name in ("created_at", "started_at", "completed_at", "cancelled_at")),
        ]
        for row in rows
    ]


def _meeting_cells(rows: list[dict]) -> Cells:
    forms = dict(Meeting.Form.choices)
    return [
        [row["group__name"], row["title"], _day(row["starts_at"]), str(forms[row["form"]]), row["minutes"]]
        for row in rows
    ]


def _attendance_cells(rows: list[dict]) -> Cells:
    people = _tellings(row["membership__member"] for row in rows)
    words = dict(Attendance.Status.choices)
    return [
        [
            people[row["membership__member"]][0],
            row["meeting__group__name"],
            row["meeting__title"],
            _day(row["meeting__starts_at"]),
            str(words[row["status"]]),
        ]
        for row in rows
    ]


def _note_cells(rows: list[dict]) -> Cells:
    people = _tellings(row["membership__member"] for row in rows)
    return [
        [people[row["membership__member"]][0], row["membership__group__name"], _day(row["handed_in_at"])]
        for row in rows
    ]


def _certificate_cells(rows: list[dict]) -> Cells:
    dates = ("revoked_at", "replaced_at", "erased_at")
    return [
        [
            row["holder_name"],
            row["course_title"],
            row["package_name"],
            row["completed_on"],
            row["issued_on"],
            Certificate(**{name: row[name] for name in dates}).get_status_display(),
        ]
        for row in rows
    ]


def _tellings(people: Iterable[int]) -> dict[int, list[str]]:
    """Name, sector, profession and municipality of people, in words, by their key."""
    person = get_user_model()
    sectors, professions = dict(person.Sector.choices), dict(person.Profession.choices)
    places = dict(Municipality.objects.values_list("number", "name"))
    found = person.objects.filter(pk__in=set(people))
    gone = _("slettet bruker")
    return {
        pk: [
            gone if erased else name,
            str(sectors.get(sector, "")),
            str(professions.get(profession, "")),
            places.get(place, ""),
        ]
        for pk, name, erased, sector, profession, place in found.values_list(
            "pk", "name", "erased_at", "sector", "profession", "municipality"
        )
    }


def _day(moment: Any) -> Any:
    """The Norwegian day of a moment, or an empty cell."""
    return localtime(moment, OSLO).date() if moment else ""
