"""Rows of a year without a number, taken along and never used: looked at first, then removed together."""

import hashlib
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from lms.reports.models import CapacityRow, ClosedYear, Offering, OtherFigure, ScoreRow, StayRow, WebFigure

# What somebody may have written in a row; what is taken along with its name is not of the year.
WRITTEN: dict[type[models.Model], str] = {
    CapacityRow: "applied offered other_offer refused completed transferred withdrawn detail",
    Offering: "physical digital phone hybrid participants attended_there attended_digitally attended_by_phone people"
    " detail",
    WebFigure: "count",
    OtherFigure: "count detail",
}


def rows_without_numbers(year: int) -> list[Any]:
    """The rows of `year` in which nothing is written but their name, in the order of the sheets."""
    return [
        *_unwritten(CapacityRow, year),
        *_stays(StayRow.objects.filter(year=year).order_by("pk")),
        *_unwritten(Offering, year),
        *_unwritten(WebFigure, year),
        *_scores(ScoreRow.objects.filter(year=year).order_by("pk")),
        *_unwritten(OtherFigure, year),
    ]


def as_on_the_sheets(rows: Iterable[Any]) -> list[Any]:
    """One row for each on the sheets: a stay has one, however many kinds of people it counts."""
    return list({(type(row), row.title if isinstance(row, StayRow) else row.pk): row for row in rows}.values())


def fingerprint_of_rows(rows: Iterable[Any]) -> str:
    """Says whether the rows are those that somebody looked at."""
    return hashlib.sha256(repr([(type(row).__name__, row.pk) for row in rows]).encode()).hexdigest()[:16]


def clear_rows(year: int, seen: str) -> int:
    """Removes the rows of `year` without numbers; returns how many, as the sheets count them.

    `seen` is the fingerprint of those that were looked at. Raises ValidationError when they are others now, or the year
    is closed.
    """
    with transaction.atomic():
        if ClosedYear.objects.filter(year=year).exists():
            raise ValidationError(_("Året %(year)s er lukket. Skriv en rettelse i stedet.") % {"year": year})
        rows = rows_without_numbers(year)
        if seen != fingerprint_of_rows(rows):
            raise ValidationError(_("Radene har endret seg siden du åpnet siden. Se over listen på nytt."))
        count = len(as_on_the_sheets(rows))
        for row in rows:
            row.delete()
    return count


def _unwritten(model: Any, year: int) -> list[Any]:
    nothing = {name: "" if name == "detail" else None for name in WRITTEN[model].split()}
    return list(model.objects.filter(year=year, **nothing).order_by("pk"))


def _stays(rows: Iterable[StayRow]) -> list[StayRow]:
    rows = list(rows)
    told = {row.title for row in rows if row.count is not None}
    return [row for row in rows if row.title not in told]


def _scores(rows: Iterable[ScoreRow]) -> list[ScoreRow]:
    """A survey that says who was asked and has no mean says that there is none to be had; it stays (R092)."""
    rows = list(rows)
    scored = {row.survey for row in rows if row.mean is not None}
    asked = {row.survey for row in rows if row.answered is not None or row.invited is not None}
    return [row for row in rows if row.mean is None and row.survey not in asked - scored]
