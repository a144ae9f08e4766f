"""The report of a year as a document: its words in order, for the page, DOCX and PDF alike (R100, R105)."""

import datetime
import unicodedata
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy
from wagtail.models import Site

from lms.home.models import Centre
from lms.reports.year import YearReport
from lms.reports.year_table import YearTable, shown

# Room for tables on A4 with these margins, and how wide a letter is for each point of its size.
WIDE, NARROWEST, LETTER, AIR = 170.0, 11.0, 0.195, 3.6
SIZES = (9.0, 8.5, 8.0, 7.5, 7.0)
LINE = 34

JUST = ngettext_lazy("%(number)s", "%(number)s", "count")
# Of each main sentence: its table, two columns of its sums with their words, and how they are put together.
SUMMARY: list[tuple[str, int, Any, int, Any, Any]] = [
    (
        "systemrettede",
        1,
        ngettext_lazy("%(number)s tilbud til tjenesteytere", "%(number)s tilbud til tjenesteytere", "count"),
        6,
        ngettext_lazy("%(number)s deltakelse", "%(number)s deltakelser", "count"),
        gettext_lazy("%(one)s, med %(other)s"),
    ),
    (
        "lokale",
        1,
        ngettext_lazy(
            "%(number)s lokalt tilbud til barn og familie", "%(number)s lokale tilbud til barn og familie", "count"
        ),
        6,
        ngettext_lazy("%(number)s deltakelse", "%(number)s deltakelser", "count"),
        gettext_lazy("%(one)s, med %(other)s"),
    ),
    (
        "opphold",
        1,
        ngettext_lazy("%(number)s familie", "%(number)s familier", "count"),
        -1,
        ngettext_lazy("%(number)s person", "%(number)s personer", "count"),
        gettext_lazy("%(one)s og %(other)s på opphold og samlinger"),
    ),
    (
        "nettkurs",
        1,
        ngettext_lazy("%(number)s ny påmelding", "%(number)s nye påmeldinger", "count"),
        3,
        JUST,
        gettext_lazy("%(one)s til nettkurs, og %(other)s fullførte"),
    ),
    (
        "pakker",
        1,
        ngettext_lazy("%(number)s gruppe", "%(number)s grupper", "count"),
        8,
        ngettext_lazy("%(number)s oppmøte", "%(number)s oppmøter", "count"),
        gettext_lazy("%(one)s startet, med %(other)s på møtene"),
    ),
    (
        "runder-svar",
        1,
        ngettext_lazy("%(number)s søknad om gruppe", "%(number)s søknader om grupper", "count"),
        2,
        JUST,
        gettext_lazy("%(one)s, og %(other)s fikk plass"),
    ),
]


@dataclass(frozen=True)
class YearDocument:
    """What the funder reads. `sections` are headings with tables, each table with its number."""

    year: int
    title: str
    centre: str
    status: str
    as_of: datetime.datetime
    is_final: bool
    stem: str
    summary: list[str]
    sections: list[tuple[str, list[tuple[int, YearTable]]]]
    flags: list[str]
    corrections: list[tuple[str, str]]


def document_of(report: YearReport) -> YearDocument:
    """`report` in words. Tables are numbered in the order they stand, so that no two have one number."""
    site = Site.objects.filter(is_default_site=True).first()
    centre = Centre.for_site(site).name if site else ""
    number, sections = 0, []
    for heading, tables in report.sections:
        sections.append((heading, [(number + place, table) for place, table in enumerate(tables, start=1)]))
        number += len(tables)
    return YearDocument(
        year=report.year,
        title=_("Årsrapport %(year)s") % {"year": report.year},
        centre=centre,
        status=status_of(report),
        as_of=report.as_of,
        is_final=report.closed is not None,
        stem=stem_of(report),
        summary=summary_of(report),
        sections=sections,
        flags=report.flags,
        corrections=[(note.text, signature(note)) for note in report.corrections],
    )


def status_of(report: YearReport) -> str:
    """As of when, and whether the figures may still change."""
    words = {"at": date_format(localtime(report.as_of), "SHORT_DATETIME_FORMAT")}
    if report.closed is None:
        return _("Foreløpig. Pr. %(at)s. Året er ikke lukket, og tallene kan endre seg.") % words
    words["name"] = report.closed.closed_by.name
    return _("Pr. %(at)s. Året er lukket av %(name)s, og tallene endrer seg ikke.") % words


def signature(note: Any) -> str:
    """Who corrected and when, for instance «Kari Nordmann, 3. mars 2026»."""
    return f"{note.by.name}, {date_format(localtime(note.at), 'DATE_FORMAT')}"


def stem_of(report: YearReport) -> str:
    """The name of a file of the report, without its ending: refleks-arsrapport-2025-forelopig-pr-2026-01-31."""
    state = "" if report.closed else "-forelopig"
    return f"refleks-arsrapport-{report.year}{state}-pr-{localtime(report.as_of):%Y-%m-%d}"


def summary_of(report: YearReport) -> list[str]:
    """The main numbers in sentences, taken from the sums of the tables, so that they cannot differ from them."""
    totals = {table.key: table.total for table in report.tables}
    return [
        str(sentence % {"one": _counted(first, total[one]), "other": _counted(second, total[other])})
        for key, one, first, other, second, sentence in SUMMARY
        if (total := totals.get(key)) and total[one] != "" and total[other] != ""
    ]


def _counted(words: Any, count: int) -> str:
    return str(words % {"count": count, "number": shown(count)})


def plain(text: str) -> str:
    """A text in composed form without signs that a document cannot hold; lines stay."""
    whole = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    return "".join(sign for sign in whole if sign == "\n" or unicodedata.category(sign)[0] != "C")


def measured(table: YearTable) -> tuple[float, list[float]]:
    """The size of the letters in points, and how wide each column is in millimetres, so that the table fits A4."""
    rows = [table.columns, *table.shown_rows, *([table.shown_total] if table.total else [])]
    columns = list(zip(*rows, strict=True))
    for size in SIZES:
        least = [max(NARROWEST, _millimetres(_longest_word(cells), size)) for cells in columns]
        if sum(least) <= WIDE:
            break
    wanted = [
        max(_millimetres(min(LINE, _longest(cells)), size), own) for cells, own in zip(columns, least, strict=True)
    ]
    more = [want - own for want, own in zip(wanted, least, strict=True)]
    left = max(0.0, WIDE - sum(least))
    share = min(1.0, left / sum(more)) if sum(more) else 0.0
    widths = [own + share * extra for own, extra in zip(least, more, strict=True)]
    # What is left over goes to the words; where nothing is, all give a little.
    widths[0] += max(0.0, WIDE - sum(widths))
    return size, [round(width * WIDE / sum(widths), 2) for width in widths]


def _longest_word(cells: tuple[str, ...]) -> int:
    return max((len(word) for cell in cells for word in cell.split(" ")), default=0)


def _longest(cells: tuple[str, ...]) -> int:
    return max(map(len, cells), default=0)


def _millimetres(letters: int, size: float) -> float:
    return letters * size * LETTER + AIR
