"""The tables that the product counts itself: courses, packages, and its rounds of applications (R060-R062, R070-R074).

A meeting counts in the year it was held, one that was cancelled nowhere. A round belongs to the year of its deadline.
"""

import datetime
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from certificates.models import Certificate
from lms.reports import queries
from lms.reports.models import ClosedYear
from lms.reports.selection import Selection
from lms.reports.year_checks import share_of
from lms.reports.year_rows import BACK, section_of_capacity
from lms.reports.year_table import PERCENT, YearTable, blank, total_of
from mentoring.models import Application, Package, Round
from mentoring.rounds import Figures, figures_by_round
from modules.outline import course_outline

OWN = "egne"


def learning_tables(year: int) -> list[YearTable]:
    """Courses and packages of `year`, and the figures of three years side by side."""
    chosen = Selection(datetime.date(year, 1, 1), datetime.date(year, 12, 31))
    return [table for table in (_courses(chosen), _packages(chosen), _three_years(year)) if table.rows]


def round_tables(year: int) -> list[YearTable]:
    """What became of the applications of the rounds of `year`, and of the places (R071, R073, R074)."""
    told = rounds_of(year)
    if not told:
        return []
    answers = [
        [name, one.applied, one.offered, one.other, one.refused, one.waiting, one.undecided, one.withdrew_early]
        for name, one in told
    ]
    places = [
        [name, one.capacity or "", one.offered, one.completed, one.transferred, one.withdrawn, one.open, _use(one)]
        for name, one in told
    ]
    return [
        YearTable(
            "runder-svar",
            _("Søknader om grupper, og svarene"),
            [_("Runde"), _("Søkte"), _("Fikk plass"), _("Fikk annet tilbud"), _("Fikk avslag"), _("På venteliste")]
            + [_("Ikke besvart"), _("Trakk seg før svar")],
            answers,
            _("Telt av systemet, i grupper. De som søkte, er summen av resten. En runde hører til fristens år."),
            total=total_of(answers, range(1, 8)),
            section=section_of_capacity(),
        ),
        YearTable(
            "runder-plasser",
            _("Plassene i rundene"),
            [_("Runde"), _("Plasser"), _("Fikk plass"), _("Gjennomførte"), _("Flyttet til senere"), _("Trakk seg")]
            + [_("Har plass"), _("Utnyttet")],
            places,
            _("De som fikk plass, er summen av de fire neste. En plass som er gitt tilbake, kan gis på nytt."),
            total=total_of(places, range(1, 7)),
            section=section_of_capacity(),
            formats=[*[""] * 7, PERCENT],
        ),
    ]


def rounds_of(year: int) -> list[tuple[str, Figures]]:
    """The rounds of `year` that somebody applied in or that have places, by name; what has no round stands last."""
    rounds = [one for one in Round.objects.select_related("package").order_by("package", "pk") if _year_of(one) == year]
    figures = figures_by_round(rounds)
    named = [(f"{one.package.name}, {one.name}", figures[one.pk]) for one in rounds]
    return named + _without_round(year)


def _year_of(one: Round) -> int | None:
    day = one.closes_on or one.opens_on
    if day is None:
        first = one.applications.order_by("created_at").values_list("created_at", flat=True).first()
        day = first.date() if first else None
    return day.year if day else None


def _without_round(year: int) -> list[tuple[str, Figures]]:
    rows = Application.objects.filter(round=None, created_at__year=year).select_related("package")
    found: dict[str, list[Application]] = {}
    for row in rows.order_by("package", "pk").prefetch_related("events"):
        found.setdefault(row.package.name, []).append(row)
    return [(_("%(package)s, uten runde") % {"package": name}, _figures(own)) for name, own in found.items()]


def _figures(rows: list[Application]) -> Figures:
    status: Any = Application.Status
    offered = {row.pk for row in rows if any(event.status == status.OFFERED for event in row.events.all())}

    def count(wanted: str, was_offered: bool | None = None) -> int:
        return sum(row.status == wanted and was_offered in (None, row.pk in offered) for row in rows)

    return Figures(
        applied=len(rows),
        offered=len(offered),
        other=count(status.OTHER_OFFER),
        refused=count(status.REFUSED),
        completed=count(status.COMPLETED),
        transferred=count(status.TRANSFERRED),
        withdrawn=count(status.WITHDRAWN, True),
        withdrew_early=count(status.WITHDRAWN, False),
        waiting=count(status.WAITING),
        undecided=count(status.APPLIED),
        open=count(status.OFFERED),
        capacity=0,
    )


def _use(one: Figures) -> Any:
    return blank(share_of(one.completed, one.capacity))


def _courses(chosen: Selection) -> YearTable:
    cells = []
    for row in queries.by_course(chosen):
        own = replace(chosen, course=row["course"])
        told, issued = queries.enrolment_figures(own), queries.certificate_figures(own)
        outline = course_outline(row["course"], "nb")
        numbers = [told[name] for name in ("newly_enrolled", "newly_started", "newly_completed", "newly_stopped")]
        name = outline.title if outline else _("Et kurs som er tatt ned")
        cells.append([name, *numbers, issued["of_courses"], told["enrolled"], told["people"]])
    return YearTable(
        "nettkurs",
        _("Nettkurs"),
        [_("Kurs"), _("Nye påmeldinger"), _("Begynte"), _("Fullførte"), _("Meldte seg av"), _("Kursbevis")]
        + [_("Påmeldinger ved årets slutt"), _("Ulike personer")],
        cells,
        _("Telt av systemet. Påmeldinger ved årets slutt er alle til og med 31. desember.")
        + " "
        + _("Ulike personer er dem bak disse og legges ikke sammen: noen tar to kurs."),
        total=total_of(cells, range(1, 7)),
        section=_("Nettkurs og opplæringspakker"),
    )


def _packages(chosen: Selection) -> YearTable:
    issued = _certificates_by_package(chosen)
    cells = []
    for package in Package.objects.order_by("pk"):
        own = replace(chosen, package=package.pk)
        groups, met = queries.group_figures(own), queries.meeting_figures(own)
        forms = [met[name] for name in ("physical", "digital", "hybrid", "meetings")]
        came = [met[name] for name in ("attended_there", "attended_digitally", "attendances", "people")]
        row = [groups["started_in_period"], *forms, *came, issued.get(package.pk, 0)]
        cells += [[package.name, *row]] if any(row) else []
    return YearTable(
        "pakker",
        _("Opplæringspakker: grupper, møter og oppmøte"),
        [_("Pakke"), _("Grupper startet"), _("Møter fysisk"), _("Møter på nett"), _("Møter begge deler")]
        + [_("Møter i alt"), _("Oppmøter på stedet"), _("Oppmøter på nett"), _("Oppmøter i alt")]
        + [_("Ulike personer"), _("Kursbevis")],
        cells,
        _("Telt av systemet. Et møte teller i året det ble holdt, et avlyst møte teller ikke.")
        + " "
        + _("Ingen møter er på telefon.")
        + " "
        + _("Den som kom på tre møter, er tre oppmøter og én person. Personer legges ikke sammen."),
        total=total_of(cells, [*range(1, 9), 10]),
        section=_("Nettkurs og opplæringspakker"),
    )


def _certificates_by_package(chosen: Selection) -> dict[int, int]:
    issued = Certificate.objects.filter(
        group__isnull=False, replaces=None, issued_at__gte=chosen.since, issued_at__lt=chosen.until
    )
    return dict(issued.order_by().values_list("group__package").annotate(count=Count("pk")))


def _three_years(year: int) -> YearTable:
    """Our own figures over three years; a closed year says what it said then, one without facts is blank."""
    years = [year - back for back in BACK]
    told = [_own_figures(each) if each == year else _of_earlier(each) for each in years]
    rows = [[name, *(figures.get(name, "") for figures in told)] for name in told[-1]]
    return YearTable(
        OWN,
        _("Nettkurs og opplæringspakker, tre år side om side"),
        [_("Hva"), *map(str, years)],
        rows if any(told[-1].values()) else [],
        _("Telt av systemet fra påmeldinger, fullføringer og oppmøter. Tomt felt: tallet finnes ikke for det året."),
        section=_("Nettkurs og opplæringspakker"),
    )


def _of_earlier(year: int) -> dict[str, Any]:
    closed = ClosedYear.objects.filter(year=year).first()
    if closed is None:
        figures = _own_figures(year)
        return figures if any(figures.values()) else {}
    kept: Iterable[dict[str, Any]] = closed.tables
    return {row[0]: row[-1] for table in kept if table["key"] == OWN for row in table["rows"]}


def _own_figures(year: int) -> dict[str, int]:
    chosen = Selection(datetime.date(year, 1, 1), datetime.date(year, 12, 31))
    people, groups = queries.enrolment_figures(chosen), queries.group_figures(chosen)
    meetings, certificates = queries.meeting_figures(chosen), queries.certificate_figures(chosen)
    return {
        _("Nye påmeldinger til nettkurs"): people["newly_enrolled"],
        _("Påmeldte ved utgangen av året"): people["enrolled"],
        _("Fullførte nettkurs i året"): people["newly_completed"],
        _("Kursbevis for nettkurs"): certificates["of_courses"],
        _("Grupper startet i året"): groups["started_in_period"],
        _("Møter holdt i grupper"): meetings["meetings"],
        _("Oppmøter på møtene"): meetings["attendances"],
        _("Ulike personer som møtte"): meetings["people"],
        _("Kursbevis for opplæringspakker"): certificates["of_packages"],
    }
