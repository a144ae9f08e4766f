"""Numbers as they are written in bokmål, and whether the way to them is shown."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import template
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.reports.shapes import Report, Table

register = template.Library()


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

    def number(group: str, key: str) -> Any:
        return grouped(report.figure(group, key).value)

    return _(
        "I perioden kom det %(new)s nye påmeldinger, og %(completed)s fullførte. Det er holdt %(meetings)s møter med "
        "%(attendances)s oppmøter, levert %(notes)s notater og utstedt %(certificates)s kursbevis."
    ) % {
        "new": number("nytt", "newly_enrolled"),
        "completed": number("nytt", "newly_completed"),
        "meetings": number("moter", "meetings"),
        "attendances": number("moter", "attendances"),
        "notes": number("moter", "notes"),
        "certificates": grouped(
            report.figure("kursbevis", "of_courses").value + report.figure("kursbevis", "of_packages").value
        ),
    }


@register.simple_tag
def number_table(table: Table, most: int) -> SafeString:
    """The table, at most so many rows of it; 0 means all. The first cell leads to the numbers of its row alone.

    Written here and not in a template: a thousand cells take a tenth of the time.
    """
    shown = table.rows[:most] if most else table.rows
    address = reverse("numbers")
    links = [f"{address}?{query}" if query else "" for query in table.narrower]
    rows = [_row(row, link) for row, link in zip(shown, [*links, *[""] * len(shown)], strict=False)]
    total = f"<tfoot>{_row(table.total, '')}</tfoot>" if table.total else ""
    return _table(table.columns, rows, total, f"t-{table.key}")


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
    foot = f"<tfoot>{_row(table.total, '')[:-5]}<td></td></tr></tfoot>" if table.total else ""
    return mark_safe(  # noqa: S308 - every text is escaped
        f'<table class="plain-table bar-table" aria-labelledby="t-{conditional_escape(table.key)}"><thead><tr>{head}'
        f"<td></td></tr></thead><tbody>{''.join(rows)}</tbody>{foot}</table>"
    )


@register.simple_tag
def row_table(columns: list[str], cells: list[list[Any]]) -> SafeString:
    """The rows behind a figure."""
    return _table(columns, [_row(row, "") for row in cells], "", "t-rader")


def _table(columns: Iterable[str], rows: Iterable[str], total: str, name: str) -> SafeString:
    head = "".join(f'<th scope="col">{conditional_escape(column)}</th>' for column in columns)
    return mark_safe(  # noqa: S308 - every text is escaped
        f'<div class="table-box" tabindex="0" role="region" aria-labelledby="{conditional_escape(name)}">'
        f'<table class="plain-table"><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody>{total}</table></div>'
    )


def _row(values: list[Any], link: str) -> str:
    first = _cell(values[0])
    if link:
        first = f'<a href="{conditional_escape(link)}">{first}</a>'
    return f'<tr><th scope="row">{first}</th>{"".join(f"<td>{_cell(value)}</td>" for value in values[1:])}</tr>'


def _cell(value: Any) -> str:
    if isinstance(value, date):
        return date_format(value, "d.m.Y")
    return conditional_escape(grouped(value))
