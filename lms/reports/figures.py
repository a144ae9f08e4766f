"""The figures in words: what each counts, the period before beside it, and the tables. One source for all forms."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth import get_user_model
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.reports import queries
from lms.reports.selection import Selection
from modules.outline import CourseOutline, course_outline

UNTOLD = gettext_lazy("ikke oppgitt")


@dataclass(frozen=True)
class Figure:
    """A number, what it counts, and the same number of the period before (None where that says nothing)."""

    key: str
    title: str
    value: int
    definition: str
    before: int | None = None


@dataclass(frozen=True)
class FigureGroup:
    """Figures that belong together under a heading."""

    key: str
    title: str
    figures: list[Figure]


@dataclass(frozen=True)
class Table:
    """A table as it is shown and exported. The first columns are words, the others numbers; `total` sums the latter
    where that makes sense, for people cannot be added up."""

    key: str
    title: str
    columns: list[str]
    rows: list[list[Any]]
    definition: str
    total: list[Any] = field(default_factory=list)
    chart: bool = False


@dataclass(frozen=True)
class Report:
    """Everything that is shown for a selection, and when it was counted (R105)."""

    chosen: Selection
    counted_at: datetime.datetime
    groups: list[FigureGroup]
    tables: list[Table]


def report_of(chosen: Selection) -> Report:
    """The report of `chosen`. A constant number of queries."""
    people, people_before = queries.enrolment_figures(chosen), queries.enrolment_figures(chosen.before)
    groups = [
        _now(people, people_before),
        _news(people, people_before),
        _certificates(chosen),
        _groups(chosen),
        _meetings(chosen),
    ]
    return Report(chosen, timezone.now(), groups, _tables(chosen, people))


# key, title, definition
STATES = [
    (
        "enrolled",
        gettext_lazy("Påmeldte"),
        gettext_lazy("Påmeldinger til kurs til og med siste dag i perioden, også de som senere er meldt av."),
    ),
    (
        "people",
        gettext_lazy("Personer"),
        gettext_lazy("Ulike personer bak påmeldingene. Den som tar to kurs, er én person og to påmeldinger."),
    ),
    (
        "started",
        gettext_lazy("Har begynt"),
        gettext_lazy("Påmeldinger med minst én fullført leksjon innen siste dag i perioden."),
    ),
    (
        "not_begun",
        gettext_lazy("Ikke begynt"),
        gettext_lazy("Påmeldinger uten en fullført leksjon, som ikke er meldt av."),
    ),
    (
        "under_way",
        gettext_lazy("I gang"),
        gettext_lazy("Påmeldinger med minst én fullført leksjon, som verken er fullført eller meldt av."),
    ),
    (
        "completed",
        gettext_lazy("Fullført"),
        gettext_lazy("Påmeldinger der alle modulene er fullført innen siste dag i perioden."),
    ),
    (
        "stopped",
        gettext_lazy("Meldt av"),
        gettext_lazy("Påmeldinger der deltakeren har meldt seg av uten å ha fullført."),
    ),
]
NEWS = [
    ("newly_enrolled", gettext_lazy("Nye påmeldinger"), gettext_lazy("Påmeldinger som kom i perioden.")),
    ("newly_started", gettext_lazy("Begynte"), gettext_lazy("Påmeldinger der første leksjon ble fullført i perioden.")),
    (
        "newly_completed",
        gettext_lazy("Fullførte"),
        gettext_lazy("Påmeldinger der siste modul ble fullført i perioden."),
    ),
    ("newly_stopped", gettext_lazy("Meldte seg av"), gettext_lazy("Påmeldinger som ble meldt av i perioden.")),
]
CERTIFICATES = [
    (
        "of_courses",
        gettext_lazy("Kursbevis for kurs"),
        gettext_lazy("Kursbevis utstedt i perioden. Et kursbevis som er rettet, teller én gang."),
    ),
    (
        "of_packages",
        gettext_lazy("Kursbevis for pakker"),
        gettext_lazy("Kursbevis for hele opplæringspakken, utstedt i perioden."),
    ),
]
GROUPS = [
    (
        "started_in_all",
        gettext_lazy("Grupper som har startet"),
        gettext_lazy("Alle grupper som har startet til og med siste dag i perioden, også de som senere er ferdige."),
    ),
    ("started_in_period", gettext_lazy("Startet i perioden"), gettext_lazy("Grupper som startet i perioden.")),
    ("planned", gettext_lazy("Planlagt"), gettext_lazy("Opprettet, men ikke startet, siste dag i perioden.")),
    ("under_way", gettext_lazy("I gang"), gettext_lazy("Startet, men ikke ferdig eller avlyst, siste dag i perioden.")),
    ("completed", gettext_lazy("Fullført"), gettext_lazy("Fullført til og med siste dag i perioden.")),
    ("cancelled", gettext_lazy("Avlyst"), gettext_lazy("Avlyst til og med siste dag i perioden.")),
]
MEETINGS = [
    ("meetings", gettext_lazy("Møter holdt"), gettext_lazy("Møter i perioden som mentoren har ført oppmøte for.")),
    (
        "attendances",
        gettext_lazy("Oppmøter"),
        gettext_lazy("Alle som møtte, lagt sammen for hvert møte. Den som kom på tre møter, teller tre ganger."),
    ),
    ("attended_there", gettext_lazy("Møtte på stedet"), gettext_lazy("Oppmøter på stedet.")),
    ("attended_digitally", gettext_lazy("Møtte på nett"), gettext_lazy("Oppmøter på nett.")),
    ("people", gettext_lazy("Personer som møtte"), gettext_lazy("Ulike personer bak oppmøtene.")),
    ("notes", gettext_lazy("Notater levert"), gettext_lazy("Refleksjonsnotater levert i perioden.")),
]
STATE_COLUMNS = ["enrolled", "people", "started", "not_begun", "under_way", "completed", "stopped"]


def _figures(named: Sequence[tuple], now: dict[str, int], before: dict[str, int] | None = None) -> list[Figure]:
    return [
        Figure(key, str(title), now[key], str(definition), before[key] if before else None)
        for key, title, definition in named
    ]


def _now(now: dict[str, int], before: dict[str, int]) -> FigureGroup:
    return FigureGroup("status", _("Hvordan det står til"), _figures(STATES, now, before))


def _news(now: dict[str, int], before: dict[str, int]) -> FigureGroup:
    return FigureGroup("nytt", _("Nytt i perioden"), _figures(NEWS, now, before))


def _both(ask: Callable[[Selection], dict[str, int]], chosen: Selection) -> tuple[dict[str, int], dict[str, int]]:
    return ask(chosen), ask(chosen.before)


def _certificates(chosen: Selection) -> FigureGroup:
    return FigureGroup("kursbevis", _("Kursbevis"), _figures(CERTIFICATES, *_both(queries.certificate_figures, chosen)))


def _groups(chosen: Selection) -> FigureGroup:
    return FigureGroup("grupper", _("Grupper"), _figures(GROUPS, *_both(queries.group_figures, chosen)))


def _meetings(chosen: Selection) -> FigureGroup:
    now = queries.meeting_figures(chosen) | queries.note_figures(chosen)
    before = queries.meeting_figures(chosen.before) | queries.note_figures(chosen.before)
    return FigureGroup("moter", _("Møter og notater"), _figures(MEETINGS, now, before))


def _tables(chosen: Selection, people: dict[str, int]) -> list[Table]:
    by_month, by_week = queries.new_per_month(chosen), queries.new_per_week(chosen)
    tables = [
        _over_time("maneder", _("Måned for måned"), by_month, lambda day: date_format(day, "YEAR_MONTH_FORMAT")),
        _over_time("uker", _("Uke for uke"), by_week, _week),
        _courses(chosen),
        *_funnel(chosen, people),
        _split("sektor-fylke", _("Sektor og fylke"), [_("Sektor"), _("Fylke")], _places(chosen)),
        _split("yrke", _("Yrke"), [_("Yrke")], _professions(chosen)),
        _split("kommune", _("Kommune"), [_("Nummer"), _("Kommune"), _("Fylke")], _municipalities(chosen)),
        _duration(chosen),
    ]
    return [table for table in tables if table.rows]


def _week(day: datetime.date) -> str:
    return _("uke %(week)s, %(year)s") % {"week": day.isocalendar().week, "year": day.isocalendar().year}


def _over_time(key: str, title: str, rows: list[dict], words: Callable[[datetime.date], str]) -> Table:
    return Table(
        key,
        title,
        [_("Når"), _("Nye påmeldinger"), _("Fullførte")],
        [[words(row["start"]), row["enrolled"], row["completed"]] for row in rows],
        _("Påmeldinger og fullføringer i perioden, på den dagen de skjedde, norsk tid. Uker begynner på mandag."),
        total=[_("Sum"), sum(row["enrolled"] for row in rows), sum(row["completed"] for row in rows)],
        chart=True,
    )


def _split(key: str, title: str, words: list[str], rows: list[tuple[list[str], dict]]) -> Table:
    named = {key: str(title) for key, title, _definition in STATES}
    numbers = [[counts[column] for column in STATE_COLUMNS] for _words, counts in rows]
    sums = [sum(column) for column in zip(*numbers, strict=True)]
    if sums:
        # Somebody may take two courses, and then stands in a row once, but not in a sum of rows.
        sums[STATE_COLUMNS.index("people")] = ""
    return Table(
        key,
        title,
        words + [named[column] for column in STATE_COLUMNS],
        [[*row[0], *counts] for row, counts in zip(rows, numbers, strict=True)],
        _("Slik det sto til siste dag i perioden. Sektor, yrke og kommune er det deltakerne selv har oppgitt."),
        total=[_("Sum"), *[""] * (len(words) - 1), *sums],
    )


def _places(chosen: Selection) -> list[tuple[list[str], dict]]:
    sectors = dict(get_user_model().Sector.choices)
    return [
        ([str(sectors.get(row["sector"], UNTOLD)), row["county"] or str(UNTOLD)], row)
        for row in queries.by_sector_and_county(chosen)
    ]


def _professions(chosen: Selection) -> list[tuple[list[str], dict]]:
    professions = dict(get_user_model().Profession.choices)
    return [([str(professions.get(row["profession"], UNTOLD))], row) for row in queries.by_profession(chosen)]


def _municipalities(chosen: Selection) -> list[tuple[list[str], dict]]:
    return [
        ([row["place"] or "", row["municipality"] or str(UNTOLD), row["county"] or ""], row)
        for row in queries.by_municipality(chosen)
    ]


def _courses(chosen: Selection) -> Table:
    rows = queries.by_course(chosen)
    outlines = {row["course"]: course_outline(row["course"], "nb") for row in rows}
    named = [([_title(outlines[row["course"]])], row) for row in rows]
    return _split("kurs", _("Kurs"), [_("Kurs")], named)


def _title(course: CourseOutline | None) -> str:
    return course.title if course else _("Et kurs som er tatt ned")


def _funnel(chosen: Selection, people: dict[str, int]) -> list[Table]:
    """Where people stop: only for one course, for steps of two courses have nothing to do with each other."""
    course = course_outline(chosen.course, "nb") if chosen.course else None
    if course is None:
        return []
    done = queries.modules_done(chosen)
    rows = [[_("Påmeldt"), people["enrolled"]], [_("Har begynt"), people["started"]]]
    rows += [
        [
            _("Fullførte modul %(number)s, %(title)s") % {"number": module.number, "title": module.title},
            done.get(module.key, 0),
        ]
        for module in course.modules
    ]
    rows.append([_("Fullførte kurset"), people["completed"]])
    return [
        Table(
            "trakt",
            _("Hvor langt folk kommer"),
            [_("Steg"), _("Påmeldinger")],
            rows,
            _("Hvor mange påmeldinger som har nådd hvert steg innen siste dag i perioden, første gang gjennom kurset."),
            chart=True,
        )
    ]


def _duration(chosen: Selection) -> Table:
    took = queries.time_to_complete(chosen)
    rows = [
        [_("under en uke"), took["within_a_week"]],
        [_("en uke til en måned"), took["within_a_month"]],
        [_("en til tre måneder"), took["within_three_months"]],
        [_("mer enn tre måneder"), took["longer"]],
    ]
    return Table(
        "tid",
        _("Tid fra påmelding til fullført"),
        [_("Tid"), _("Fullførte")],
        rows,
        _("De som fullførte i perioden. En måned er 30 dager, tre måneder er 90."),
        total=[_("Sum"), sum(row[1] for row in rows)],
        chart=True,
    )
