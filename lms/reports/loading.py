"""Loads the figures of a year from a file: every time with the same result, nothing twice (R108)."""

import tomllib
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from lms.reports.models import CapacityRow, ClosedYear, KnownGap, Offering, OtherFigure, ScoreRow, StayRow, WebFigure

FILES = Path(__file__).parent
EVENTS = "Faglig innhold på arrangementer"


def load_figures(year: int, path: Path | None = None) -> int:
    """Loads `path` (ours when None) as the figures of `year` in place of those there; returns how many rows.

    Raises ValidationError when there is no file, it cannot be read, has what we do not know, or the year is closed.
    All or nothing.
    """
    path = path or FILES / f"figures-{year}.toml"
    if not path.exists():
        raise ValidationError(_("Det finnes ingen tall for %(year)s.") % {"year": year})
    if ClosedYear.objects.filter(year=year).exists():
        raise ValidationError(_("Året %(year)s er lukket. Skriv en rettelse i stedet.") % {"year": year})
    try:
        rows = _rows(year, tomllib.loads(path.read_text()))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, TypeError, KeyError, ValueError, InvalidOperation) as error:
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
    rows: list[Any] = [Offering(year=year, **row) for row in told.get("offering", [])]
    rows += [CapacityRow(year=year, **row) for row in told.get("capacity", [])]
    rows += [
        StayRow(year=year, title=title, who=who, count=count)
        for title, counts in told.get("stays", {}).items()
        for who, count in counts.items()
    ]
    rows += [WebFigure(year=year, **row) for row in told.get("web", [])]
    rows += [row for survey in told.get("survey", []) for row in _scores(year, survey)]
    rows += [_event(year, event) for event in told.get("event", [])]
    rows += [
        OtherFigure(year=year, section=section, **row)
        for section, told in told.get("other", {}).items()
        for row in told
    ]
    return rows + [KnownGap(year=year, text=text) for text in told.get("gaps", {}).get("texts", [])]


def _scores(year: int, survey: dict[str, Any]) -> list[ScoreRow]:
    """A row per question and year; who answered is known of the year itself only."""
    rows = []
    for item, *means in survey["items"]:
        for back, mean in zip((2, 1, 0), means, strict=True):
            own = {key: survey.get(key) for key in ("answered", "invited", "stated_n")} if back == 0 else {}
            if mean:
                rows.append(ScoreRow(year=year - back, survey=survey["title"], item=item, mean=Decimal(mean), **own))
    return rows


def _event(year: int, event: dict[str, Any]) -> ScoreRow:
    return ScoreRow(
        year=year,
        survey=EVENTS,
        item=event["title"],
        mean=Decimal(event["mean"]),
        answered=event["answered"],
        invited=event.get("invited"),
    )
