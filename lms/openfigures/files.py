"""A release as files: every published number is a line, the same in CSV, XLSX and JSON (S20, I27)."""

import io
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook

from lms.openfigures.models import Release
from lms.openfigures.protection import ALL
from lms.openfigures.releases import next_release
from lms.openfigures.tables import Figures
from mentoring.spreadsheet import cell_of, csv_file

COLUMNS = "dato fylkesnummer fylke kommunenummer kommune sektor tall verdi merknad".split()


def lines_of(release: Release) -> Iterator[list[Any]]:
    """The lines under `COLUMNS`. A hidden number has no value, and the note says why."""
    figures = Figures(release)
    places = [(ALL, ["", _("alle"), "", _("alle")])]
    places += [(number, [number, name, "", _("alle")]) for number, name in figures.counties.items()]
    places += [
        (number, [county, figures.counties.get(county, ""), number, name])
        for number, (name, county) in figures.towns.items()
    ]
    for place, names in places:
        sectors = {ALL: _("alle")} | ({} if place in figures.towns else figures.sectors)
        for sector, sector_name in sectors.items():
            row = figures.row("", place, sector)
            for what, value in ((_("påmeldte"), row.enrolled), (_("fullført"), row.completed)):
                yield _line(release, [*names, sector_name, what], value)
    for name, value in figures.events.items():
        yield _line(release, ["", _("alle"), "", _("alle"), _("alle"), names_of_events()[name]], value)


def names_of_events() -> dict[str, str]:
    """What is counted of groups, by its key."""
    return {
        "groups": _("grupper som har startet"),
        "meetings": _("møter som er holdt"),
        "attendances": _("oppmøter"),
        "participants": _("personer som har møtt"),
    }


def csv_of(release: Release) -> bytes:
    """For Norwegian Excel."""
    return csv_file([COLUMNS, *([line[0].isoformat(), *line[1:]] for line in lines_of(release))])


def xlsx_of(release: Release) -> bytes:
    """The lines with dates and numbers as such, and a sheet that says how to read them."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Åpne tall"))
    sheet.freeze_panes = "A2"
    for letter, width in zip("ABCDEFGHI", (12, 14, 22, 14, 22, 44, 26, 10, 34), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.append([cell_of(sheet, name, is_head=True) for name in COLUMNS])
    for line in lines_of(release):
        sheet.append([cell_of(sheet, value) for value in line])
    notes = book.create_sheet(_("Slik leses tallene"))
    notes.column_dimensions["A"].width = 110
    for sentence in how_to_read(release):
        notes.append([cell_of(notes, sentence)])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def json_of(release: Release) -> dict[str, Any]:
    """The lines with names, and what a program's author needs to know."""
    return {
        "dato": release.as_of.isoformat(),
        "neste": next_release(release.as_of).isoformat(),
        "trinn": release.smallest,
        "slik_leses_tallene": how_to_read(release),
        "tall": [dict(zip(COLUMNS, [line[0].isoformat(), *line[1:]], strict=True)) for line in lines_of(release)],
    }


def how_to_read(release: Release) -> list[str]:
    """What the numbers say and what they do not, in sentences."""
    more = 2 * release.smallest - 2
    words = {"step": release.smallest, "more": more, "example": 9 * release.smallest}
    words["example_end"] = words["example"] + more
    return [
        sentence % words
        for sentence in (
            _("Tallene gjelder personer. Den som tar flere kurs, telles én gang."),
            _("Alle tall går i trinn på %(step)s og er rundet ned. Det riktige tallet er aldri lavere."),
            _("%(example)s betyr altså fra %(example)s til %(example_end)s."),
            _("Skjult betyr fra 0 til %(more)s: ingen, eller så få at tallet kan si noe om hvem de er."),
            _("Hvert tall er rundet for seg. Summen av delene er derfor ofte lavere enn tallet for alle."),
            _("Tallene lages én gang i måneden og endres ikke etterpå."),
        )
    ]


def file_name(release: Release, ending: str) -> str:
    """For instance refleks-tall-2026-10-31.csv."""
    return f"refleks-tall-{release.as_of.isoformat()}.{ending}"


def _line(release: Release, names: list[str], value: int | None) -> list[Any]:
    return [release.as_of, *names, value, "" if value else _("skjult av hensyn til personvern")]
