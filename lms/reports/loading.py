"""Loads the figures of a year from a file: every time with the same result, nothing twice (R108)."""

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from lms.reports.models import (
    FIRST,
    LAST,
    CapacityRow,
    ClosedYear,
    KnownGap,
    Offering,
    OtherFigure,
    ScoreRow,
    StayRow,
    WebFigure,
)

FILES = Path(__file__).parent
# What a file that is not as ours can make Python say.
UNREADABLE = (OSError, ValueError, TypeError, KeyError, AttributeError, ArithmeticError, RecursionError)
EVENTS = "Faglig innhold på arrangementer"


def load_figures(year: int, path: Path | None = None) -> int:
    """Loads `path` (ours when None) as the figures of `year` in place of those there; returns how many rows.

    Raises ValidationError when there is no file, it cannot be read, has what we do not know, or the year is closed.
    All or nothing.
    """
    path = path or FILES / f"figures-{year}.toml"
    if not FIRST <= year <= LAST or not path.exists():
        raise ValidationError(_("Det finnes ingen tall for %(year)s.") % {"year": year})
    if ClosedYear.objects.filter(year=year).exists():
        raise ValidationError(_("Året %(year)s er lukket. Skriv en rettelse i stedet.") % {"year": year})
    try:
        rows = _rows(year, tomllib.loads(path.read_text()))
    except UNREADABLE as error:
        raise ValidationError(_("Filen kan ikke leses: %(error)s") % {"error": error}) from error
    with transaction.atomic():
        for model in (Offering, CapacityRow, StayRow, WebFigure, OtherFigure, KnownGap):
            model.objects.filter(year=year).delete()
        # What was said of a year that is closed stays; the scores of two years before come with a survey.
        closed = set(ClosedYear.objects.values_list("year", flat=True))
        rows = [row for row in rows if row.year not in closed]
        surveys = {row.survey for row in rows if isinstance(row, ScoreRow)}
        years = set(range(year - 2, year + 1)) - closed
        ScoreRow.objects.filter(survey__in=surveys, year__in=years).delete()
        for row in rows:
            row.full_clean()
            row.save()
    return len(rows)


def _rows(year: int, told: dict[str, Any]) -> list[Any]:
    rows = [_row(Offering, year, **row) for row in told.get("offering", [])]
    rows += [_row(CapacityRow, year, **row) for row in told.get("capacity", [])]
    rows += [
        _row(StayRow, year, title=title, who=who, count=count)
        for title, counts in told.get("stays", {}).items()
        for who, count in counts.items()
    ]
    rows += [_row(WebFigure, year, **row) for row in told.get("web", [])]
    rows += [row for survey in told.get("survey", []) for row in _scores(year, survey)]
    rows += [_event(year, event) for event in told.get("event", [])]
    rows += [
        _row(OtherFigure, year, section=section, **row)
        for section, told in told.get("other", {}).items()
        for row in told
    ]
    return rows + [_row(KnownGap, year, text=text) for text in told.get("gaps", {}).get("texts", [])]


def _row(model: Any, year: int, **facts: Any) -> Any:
    """A row that is not saved. Raises TypeError or ValueError for what a row of a file cannot say."""
    known = {field.name for field in model._meta.concrete_fields} - {"id", "year"}
    for name, value in facts.items():
        if name not in known:
            raise TypeError(f"{name}: unknown")
        if type(value) not in {str, int, Decimal, type(None)}:
            raise TypeError(f"{name}: neither a text nor a whole number")
        if isinstance(value, str) and "\0" in value:
            raise ValueError(f"{name}: a sign that cannot be stored")
    return model(year=year, **facts)


def _mean(told: Any) -> Decimal | None:
    """A mean, None for an empty one. TOML writes it as a text or as a number."""
    if told == "":
        return None
    if type(told) not in {str, int, float} or not (mean := Decimal(str(told))).is_finite():
        raise TypeError("mean: no number")
    return mean


def _scores(year: int, survey: dict[str, Any]) -> list[ScoreRow]:
    """A row per question and year; who answered is known of the year itself only."""
    rows = []
    for item, *means in survey["items"]:
        for back, told in zip((2, 1, 0), means, strict=True):
            own = {key: survey.get(key) for key in ("answered", "invited", "stated_n")} if back == 0 else {}
            if (mean := _mean(told)) is not None:
                rows.append(_row(ScoreRow, year - back, survey=survey["title"], item=item, mean=mean, **own))
    return rows


def _event(year: int, event: dict[str, Any]) -> ScoreRow:
    return _row(
        ScoreRow,
        year,
        survey=EVENTS,
        item=event["title"],
        mean=_mean(event["mean"]),
        answered=event["answered"],
        invited=event.get("invited"),
    )
