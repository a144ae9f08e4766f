"""The report of a calendar year, as it goes or as it was when it was closed (R100-R108)."""

import datetime
import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.reports.models import (
    CapacityRow,
    ClosedYear,
    Correction,
    KnownGap,
    Offering,
    OtherFigure,
    ScoreRow,
    StayRow,
    WebFigure,
)
from lms.reports.year_checks import capacity_flags, question_flags, round_flags, score_flags, unfilled_flags
from lms.reports.year_own import learning_tables, round_tables, rounds_of
from lms.reports.year_rows import capacity_tables, offering_tables, other_tables, stay_tables, web_tables
from lms.reports.year_scores import score_tables
from lms.reports.year_table import YearTable, kept

ROWS = (Offering, CapacityRow, StayRow, WebFigure, ScoreRow, OtherFigure, KnownGap)


@dataclass(frozen=True)
class YearReport:
    """The report of a year: as it is now, or as it was when the year was closed, with what was corrected since."""

    year: int
    as_of: datetime.datetime
    tables: list[YearTable]
    flags: list[str]
    closed: ClosedYear | None
    corrections: list[Correction]

    @property
    def sections(self) -> list[tuple[str, list[YearTable]]]:
        """The tables under their headings, in order."""
        found: dict[str, list[YearTable]] = {}
        for table in self.tables:
            found.setdefault(table.section or table.title, []).append(table)
        return list(found.items())

    @property
    def fingerprint(self) -> str:
        """What the figures are, in short: closing asks whether they are still those that were looked at."""
        told = json.dumps([[asdict(table) for table in self.tables], self.flags], sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()[:20]


def year_report(year: int) -> YearReport:
    """The report of `year`; a closed year says what it said then (R105)."""
    closed = ClosedYear.objects.filter(year=year).select_related("closed_by").first()
    if closed is None:
        return YearReport(year, timezone.now(), year_tables(year), year_flags(year), None, [])
    corrections = list(closed.corrections.select_related("by"))
    return YearReport(year, closed.closed_at, frozen_tables(closed), closed.flags, closed, corrections)


def year_tables(year: int) -> list[YearTable]:
    """The tables of `year` in the order of the report, without empty ones. What nobody knows is blank, not zero."""
    return [
        *capacity_tables(year),
        *round_tables(year),
        *stay_tables(year),
        *offering_tables(year, for_services=False),
        *offering_tables(year, for_services=True),
        *learning_tables(year),
        *web_tables(year),
        *score_tables(year),
        *other_tables(year),
    ]


def year_flags(year: int) -> list[str]:
    """What does not add up in `year`, what lacks, and what is known of its sources."""
    return [flag for flags in flags_by_kind(year).values() for flag in flags]


def flags_by_kind(year: int) -> dict[type, list[str]]:
    """The same by the kind of row it is about, in the order of the report."""
    scores = list(ScoreRow.objects.filter(year__range=(year - 2, year)).order_by("pk"))
    now = [row for row in scores if row.year == year]
    capacity = CapacityRow.objects.filter(year=year).order_by("pk")
    found: dict[type, list[str]] = {
        CapacityRow: [flag for row in capacity for flag in capacity_flags(row)]
        + [flag for name, figures in rounds_of(year) for flag in round_flags(name, figures)],
        ScoreRow: score_flags(now) + question_flags(year, scores),
    }
    for kind, flags in unfilled_flags(year).items():
        found.setdefault(kind, []).extend(flags)
    return found | {
        KnownGap: list(KnownGap.objects.filter(year=year).order_by("pk").values_list("text", flat=True)),
    }


def years_there() -> list[tuple[int, ClosedYear | None]]:
    """Years with registered rows or closed reports, the last and this one, newest first; and how each was closed."""
    today = timezone.localdate().year
    closed = {one.year: one for one in ClosedYear.objects.select_related("closed_by")}
    years = {today - 1, today, *closed}
    for model in ROWS:
        years |= set(model.objects.values_list("year", flat=True))
    return [(year, closed.get(year)) for year in sorted(years, reverse=True) if year <= today]


def close_year(year: int, by: Any, seen: str = "") -> ClosedYear:
    """Keeps the report of `year` as it is now.

    `seen` is the fingerprint of what was looked at. Raises ValidationError while the year goes on, when it is closed,
    or when the figures have changed since they were seen.
    """
    if year >= timezone.localdate().year:
        raise ValidationError(_("Et år kan lukkes når det er over."))
    report = year_report(year)
    if seen and report.closed is None and seen != report.fingerprint:
        raise ValidationError(_("Tallene har endret seg siden du åpnet siden. Se gjennom dem og lukk på nytt."))
    with transaction.atomic():
        closed, new = ClosedYear.objects.get_or_create(
            year=year,
            defaults={
                "closed_by": by,
                "tables": [asdict(table) for table in report.tables],
                "flags": report.flags,
            },
        )
    if not new:
        words = {"name": closed.closed_by.name, "day": f"{timezone.localtime(closed.closed_at):%d.%m.%Y}"}
        raise ValidationError(
            _("Året er allerede lukket av %(name)s %(day)s. Skriv en rettelse i stedet.") % words,
        )
    return closed


def correct_year(closed: ClosedYear, text: str, by: Any, token: UUID | None = None) -> Correction:
    """Puts a signed note beside a frozen report, once for each form sent. Raises ValidationError without words."""
    if not text.strip():
        raise ValidationError(_("Skriv hva som er feil, og hva som er riktig."))
    facts = {"closed": closed, "text": text.strip(), "by": by}
    if token is None:
        return Correction.objects.create(**facts)
    with transaction.atomic():
        return Correction.objects.get_or_create(token=token, defaults=facts)[0]


def frozen_tables(closed: ClosedYear) -> list[YearTable]:
    """The tables as they were when the year was closed."""
    return [kept(table) for table in closed.tables]
