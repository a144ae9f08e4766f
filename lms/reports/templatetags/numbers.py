"""Numbers as they are written in bokmål, and whether the way to them is shown."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import chain, repeat
from typing import Any

from django import template
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.reports.shapes import Report, Table
from lms.reports.year_table import YearTable

register = template.Library()

# So many signs in the columns of numbers leave room for words beside them on the narrowest phone.
SIGNS_ON_A_PHONE = 22


@register.filter
def sees_numbers(user: Any) -> bool:
    """Whether `user` may see exact numbers."""
    return user.has_perm("reports.view_exact_numbers")


@register.filter
def grouped(value: Any) -> Any:
    """A whole number in groups of three with no-break spaces; anything else as it is (I27)."""
    return f"{value:,}".replace(",", "\xa0") if isinstance(value, int) else value


@register.simple_tag
def as_of(report: Report) -> str:
    """What one is asked first: "100 påmeldte og 7 grupper pr. 18.03.2025" (R106)."""
    enrolled = report.figure("status", "enrolled").value
    groups = report.figure("grupper", "started_in_all").value
    return _("%(enrolled)s og %(groups)s pr. %(day)s") % {
        "enrolled": ngettext("%(number)s påmeldt", "%(number)s påmeldte", enrolled) % {"number": grouped(enrolled)},
        "groups": ngettext("%(number)s gruppe", "%(number)s grupper", groups) % {"number": grouped(groups)},
        "day": date_format(report.chosen.end, "d.m.Y"),
    }


@register.simple_tag
def in_short(report: Report) -> str:
    """What happened in the period, in a sentence."""

    def number(group: str, key: str) -> int:
        return report.figure(group, key).value

    def told(count: int) -> dict[str, Any]:
        return {"number": grouped(count)}

    new, notes = number("nytt", "newly_enrolled"), number("moter", "notes")
    meetings, attendances = number("moter", "meetings"), number("moter", "attendances")
    return _(
        "I perioden kom det %(new)s, og %(completed)s fullførte. Det er holdt %(meetings)s med %(attendances)s, levert "
        "%(notes)s og utstedt %(certificates)s kursbevis."
    ) % {
        "new": ngettext("%(number)s ny påmelding", "%(number)s nye påmeldinger", new) % told(new),
        "completed": grouped(number("nytt", "newly_completed")),
        "meetings": ngettext("%(number)s møte", "%(number)s møter", meetings) % told(meetings),
        "attendances": ngettext("%(number)s oppmøte", "%(number)s oppmøter", attendances) % told(attendances),
        "notes": ngettext("%(number)s notat", "%(number)s notater", notes) % told(notes),
        "certificates": grouped(number("kursbevis", "of_courses") + number("kursbevis", "of_packages")),
    }


@register.simple_tag
def number_table(table: Table, most: int) -> SafeString:
    """The table, at most so many rows of it; 0 means all. The first cell leads to the numbers of its row alone.

    Written here and not in a template: a thousand cells take a tenth of the time.
    """
    shown = table.rows[:most] if most else table.rows
    address = reverse("numbers")
    links = [f"{address}?{query}" if query else "" for query in table.narrower]
    return _table(table.columns, shown, table.total, numeric_columns(table.rows), f"t-{table.key}", links)


@register.simple_tag
def year_table(table: YearTable) -> SafeString:
    """A table of the year, its cells as they are written in bokmål."""
    return _table(table.columns, table.shown_rows, table.shown_total, table.numeric, f"t-{table.key}")


@register.simple_tag
def bar_table(table: Table) -> SafeString:
    """A table of words and numbers with a bar in each row: chart and table at once (A16)."""
    top = max((row[1] for row in table.rows), default=0) or 1
    rows = [
        f'<tr><th scope="row">{_cell(words)}</th><td>{_cell(number)}</td><td class="bar-cell"><svg aria-hidden="true" '
        f'viewBox="0 0 1000 10" preserveAspectRatio="none"><rect class="bar-0" width="{1000 * number // top}" '
        'height="10"/></svg></td></tr>'
        for words, number in table.rows
    ]
    head = "".join(f'<th scope="col">{_cell(column)}</th>' for column in table.columns)
    foot = f"<tfoot>{_row(table.total, ['<td>'])[:-5]}<td></td></tr></tfoot>" if table.total else ""
    return mark_safe(  # noqa: S308 - every text is escaped
        f'<table class="plain-table bar-table" aria-labelledby="t-{conditional_escape(table.key)}"><thead><tr>{head}'
        f"<td></td></tr></thead><tbody>{''.join(rows)}</tbody>{foot}</table>"
    )


@register.simple_tag
def row_table(columns: list[str], cells: list[list[Any]]) -> SafeString:
    """The rows behind a figure."""
    return _table(columns, cells, [], numeric_columns(cells), "t-rader")


def numeric_columns(rows: list[list[Any]]) -> list[bool]:
    """Of each column whether it holds nothing but numbers, which stand to the right."""
    return [all(isinstance(cell, int) or cell == "" for cell in column) for column in zip(*rows, strict=True)]


def _table(
    columns: Sequence[str],
    rows: list[list[Any]],
    total: list[Any],
    numeric: Sequence[bool],
    name: str,
    links: Iterable[str] = (),
) -> SafeString:
    """Each cell says its column again: on a phone, where a row is a card, it stands beside the number."""
    kinds = [' class="num"' if is_number else "" for is_number in [*numeric, *[False] * len(columns)]][: len(columns)]
    titles = [conditional_escape(column) for column in columns]
    head = "".join(f'<th scope="col"{kind}>{title}</th>' for title, kind in zip(titles, kinds, strict=True))
    starts = [f'<td{kind} data-label="{title}">' for title, kind in zip(titles[1:], kinds[1:], strict=True)]
    body = "".join(_row(row, starts, link) for row, link in zip(rows, chain(links, repeat("")), strict=False))
    foot = f"<tfoot>{_row(total, starts)}</tfoot>" if total else ""
    fits_phone = all(numeric[1:]) and _signs([columns, *rows, total] if total else [columns, *rows]) <= SIGNS_ON_A_PHONE
    return mark_safe(  # noqa: S308 - every text is escaped
        f'<div class="table-box" tabindex="0" role="region" aria-labelledby="{conditional_escape(name)}">'
        f'<table class="plain-table number-table{" fits-phone" if fits_phone else ""}"><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody>{foot}</table></div>"
    )


def _signs(rows: list[Sequence[Any]]) -> int:
    """How many signs stand side by side, at most, in the columns after the first; words break at spaces."""
    columns = list(zip(*rows, strict=True))[1:]
    return sum(max(len(word) for cell in column for word in f"{grouped(cell)} ".split(" ")) for column in columns)


def _row(values: list[Any], starts: Iterable[str], link: str = "") -> str:
    first = _cell(values[0])
    if link:
        first = f'<a href="{conditional_escape(link)}">{first}</a>'
    cells = "".join(f"{start}{_cell(value)}</td>" for start, value in zip(starts, values[1:], strict=True))
    return f'<tr><th scope="row">{first}</th>{cells}</tr>'


def _cell(value: Any) -> str:
    if isinstance(value, date):
        return date_format(value, "d.m.Y")
    return conditional_escape(grouped(value))
