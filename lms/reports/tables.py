"""The tables of the numbers, in the order in which they are shown. The first columns are words, the rest numbers."""

import datetime
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.contrib.auth import get_user_model
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.reports import queries
from lms.reports.definitions import STATES
from lms.reports.enrolments import per_day
from lms.reports.lessons import lessons_by_hour, steps_done
from lms.reports.selection import Selection
from lms.reports.shapes import Table
from mentoring.models import Meeting
from modules.outline import CourseOutline, course_outline

UNTOLD = gettext_lazy("ikke oppgitt")
COLUMNS = ["enrolled", "people", "started", "not_begun", "under_way", "completed", "stopped"]
WEEKDAYS = [
    gettext_lazy("mandag"),
    gettext_lazy("tirsdag"),
    gettext_lazy("onsdag"),
    gettext_lazy("torsdag"),
    gettext_lazy("fredag"),
    gettext_lazy("lørdag"),
    gettext_lazy("søndag"),
]
Counts = Mapping[str, Any]


def tables_of(chosen: Selection, lessons: list[Table]) -> list[Table]:
    """All tables; those of finished lessons are given."""
    days = per_day(chosen)
    by_month, by_week = queries.new_per_month(chosen, days), queries.new_per_week(chosen, days)
    return [
        _over_time("maneder", _("Måned for måned"), by_month, lambda day: date_format(day, "YEAR_MONTH_FORMAT")),
        _over_time("uker", _("Uke for uke"), by_week, _week),
        _courses(chosen),
        *lessons,
        _duration(chosen),
        _places(chosen),
        _professions(chosen),
        _municipalities(chosen),
        _meetings(chosen),
    ]


def lesson_tables(chosen: Selection, people: Counts) -> tuple[list[Table], list[str]]:
    """Where people stop and when they learn; and in words what cannot be told for those who were chosen."""
    steps = steps_done(chosen) if chosen.course else {}
    hours = lessons_by_hour(chosen)
    course = course_outline(chosen.course, "nb") if chosen.course else None
    tables, left_out = [], []
    if course and steps is not None:
        tables += [_funnel(course, steps, people), _lessons(course, steps)]
    if hours is not None:
        tables += _activity(hours)
    if hours is None or steps is None:
        left_out.append(
            _(
                "Det er for mange fullførte leksjoner til å telle dem for akkurat dette utvalget. "
                "Velg én ting om gangen: sektor, yrke eller fylke."
            )
        )
    return tables, left_out


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


def _split(key: str, title: str, words: list[str], rows: Sequence[tuple[list[str], Counts, str]]) -> Table:
    named = {key: str(title) for key, title, _definition in STATES}
    numbers = [[counts[column] for column in COLUMNS] for _words, counts, _narrower in rows]
    sums: list[Any] = [sum(column) for column in zip(*numbers, strict=True)]
    if key == "kurs" and len(rows) > 1:
        # Somebody may take two courses, and then stands in two rows.
        sums[COLUMNS.index("people")] = ""
    return Table(
        key,
        title,
        words + [named[column] for column in COLUMNS],
        [[*row[0], *counts] for row, counts in zip(rows, numbers, strict=True)],
        _("Slik det sto til siste dag i perioden. Sektor, yrke og kommune er det deltakerne selv har oppgitt."),
        total=[_("Sum"), *[""] * (len(words) - 1), *sums],
        narrower=[row[2] for row in rows],
    )


def _places(chosen: Selection) -> Table:
    sectors = dict(get_user_model().Sector.choices)
    rows = [
        (
            [str(sectors.get(row["sector"], UNTOLD)), row["county"] or str(UNTOLD)],
            row,
            _narrower(chosen, sektor=row["sector"], fylke=row["county_number"]),
        )
        for row in queries.by_sector_and_county(chosen)
    ]
    return _split("sektor-fylke", _("Sektor og fylke"), [_("Sektor"), _("Fylke")], rows)


def _professions(chosen: Selection) -> Table:
    professions = dict(get_user_model().Profession.choices)
    rows = [
        ([str(professions.get(row["profession"], UNTOLD))], row, _narrower(chosen, yrke=row["profession"]))
        for row in queries.by_profession(chosen)
    ]
    return _split("yrke", _("Yrke"), [_("Yrke")], rows)


def _municipalities(chosen: Selection) -> Table:
    rows = [
        (
            [row["place"] or "", row["municipality"] or str(UNTOLD), row["county"] or ""],
            row,
            _narrower(chosen, kommune=row["place"]),
        )
        for row in queries.by_municipality(chosen)
    ]
    return _split("kommune", _("Kommune"), [_("Nummer"), _("Kommune"), _("Fylke")], rows)


def _courses(chosen: Selection) -> Table:
    rows = []
    for row in queries.by_course(chosen):
        title = _title(course_outline(row["course"], "nb"))
        rows.append(([title], row, _narrower(chosen, kurs=row["course"])))
    return _split("kurs", _("Kurs"), [_("Kurs")], rows)


def _narrower(chosen: Selection, **told: Any) -> str:
    """The address of one row; "" where a filter cannot say it, because nobody told."""
    return chosen.address(**told) if all(told.values()) else ""


def _title(course: CourseOutline | None) -> str:
    return course.title if course else _("Et kurs som er tatt ned")


def _funnel(course: CourseOutline, done: Mapping[str, int], people: Counts) -> Table:
    """Where people stop: only for one course, for steps of two courses have nothing to do with each other."""
    rows: list[list[Any]] = [[_("Påmeldt"), people["enrolled"]], [_("Har begynt"), people["started"]]]
    rows += [
        [
            _("Fullførte modul %(number)s, %(title)s") % {"number": module.number, "title": module.title},
            done.get(str(module.key), 0),
        ]
        for module in course.modules
    ]
    rows.append([_("Fullførte kurset"), people["completed"]])
    return Table(
        "trakt",
        _("Hvor langt folk kommer"),
        [_("Steg"), _("Påmeldinger")],
        rows,
        _("Hvor mange påmeldinger som har nådd hvert steg innen siste dag i perioden, første gang gjennom kurset."),
        chart=True,
    )


def _lessons(course: CourseOutline, done: Mapping[str, int]) -> Table:
    rows: list[list[Any]] = []
    before: int | None = None
    for module in course.modules:
        for lesson in module.lessons:
            number = done.get(str(lesson.key), 0)
            fewer = max(before - number, 0) if before is not None else ""
            rows.append([str(module.number), lesson.title, number, fewer])
            before = number
    return Table(
        "leksjoner",
        _("Leksjon for leksjon"),
        [_("Modul"), _("Leksjon"), _("Har fullført"), _("Færre enn leksjonen før")],
        rows,
        _(
            "Hvor mange påmeldinger som har fullført hver leksjon innen siste dag i perioden, første gang gjennom "
            "kurset. Et stort tall til høyre viser hvor folk stopper."
        ),
    )


def _activity(hours: Mapping[tuple[int, int], int]) -> list[Table]:
    if not hours:
        return []
    days = [sum(number for (day, _hour), number in hours.items() if day == wanted) for wanted in range(1, 8)]
    clock = [sum(number for (_day, hour), number in hours.items() if hour == wanted) for wanted in range(24)]
    said = _("Leksjoner som er fullført i perioden, alle ganger gjennom kurset, norsk tid.")
    both = [
        [_hour(hour), *(hours.get((day, hour), 0) for day in range(1, 8)), clock[hour]]
        for hour in range(24)
        if clock[hour]
    ]
    named = [str(day) for day in WEEKDAYS]
    lessons, total = _("Leksjoner"), [_("Sum"), sum(days)]
    return [
        Table("ukedager", _("Ukedager"), [_("Dag"), lessons], _pairs(named, days), said, total, chart=True),
        Table(
            "klokkeslett",
            _("Timer i døgnet"),
            [_("Klokken"), lessons],
            _pairs([_hour(hour) for hour in range(24)], clock),
            said,
            total,
            chart=True,
        ),
        Table(
            "ukedag-time",
            _("Ukedag og time"),
            [_("Klokken"), *named, _("Sum")],
            both,
            said,
            [_("Sum"), *days, sum(days)],
        ),
    ]


def _pairs(words: list[str], numbers: list[int]) -> list[list[Any]]:
    return [[word, number] for word, number in zip(words, numbers, strict=True)]


def _hour(hour: int) -> str:
    return f"{hour:02}–{hour + 1:02}"


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


def _meetings(chosen: Selection) -> Table:
    """By form; who came to meetings of two forms is one person in each row, so that people are not added up."""
    columns = ["meetings", "attendances", "attended_there", "attended_digitally", "people"]
    told = queries.meetings_by_form(chosen)
    rows = [
        [str(Meeting.Form(form).label).capitalize(), *(told[form][column] for column in columns)]
        for form in Meeting.Form.values
        if form in told
    ]
    sums = [sum(row[place] for row in rows) for place in range(1, len(columns))]
    return Table(
        "moteformer",
        _("Møter etter form"),
        [_("Form"), _("Møter"), _("Oppmøter"), _("På stedet"), _("På nett"), _("Ulike personer")],
        rows,
        _(
            "Møter som er holdt i perioden. Den som kom på tre møter, er tre oppmøter og én person. "
            "Personer legges ikke sammen, for noen møter på flere måter."
        ),
        total=[_("Sum"), *sums, ""] if rows else [],
    )
