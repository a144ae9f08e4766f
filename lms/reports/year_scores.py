"""The tables of surveys: means with one decimal, who answered, and the two years before (R084-R094)."""

from itertools import groupby

from django.conf import settings
from django.utils.translation import gettext as _

from lms.reports.models import ScoreRow
from lms.reports.year_checks import asked_apart, is_few, needs_caution, response_rate
from lms.reports.year_table import MEAN, PERCENT, YearTable, blank


def score_tables(year: int) -> list[YearTable]:
    """A table for each survey of `year` and each scale in it, in the order they were registered.

    A survey that fewer than `SURVEY_MEAN_FROM` answered is left out, and `score_flags` says so (R090).
    """
    rows = ScoreRow.objects.filter(year__range=(year - 2, year)).order_by("survey", "pk")
    tables = []
    for _survey, own in groupby(rows, key=lambda row: row.survey):
        told = list(own)
        now = [row for row in told if row.year == year]
        if not now or all(is_few(row) for row in now):
            continue
        # Means on different scales are never set side by side (R084).
        for scale in dict.fromkeys(row.scale for row in now):
            same = [row for row in told if row.scale == scale]
            tables.append((now[0].pk, _table(year, scale, same)))
    return [table for _place, table in sorted(tables, key=lambda each: each[0])]


def _table(year: int, scale: int, rows: list[ScoreRow]) -> YearTable:
    now = [row for row in rows if row.year == year]
    apart = asked_apart(now)
    before = [each for each in (year - 2, year - 1) if not apart or any(row.year == each for row in rows)]
    means = {(row.item, row.year): _mean(row) for row in rows}
    cells = [
        [
            row.item,
            *([blank(row.answered), blank(row.invited), blank(_rate(row))] if apart else []),
            *(means.get((row.item, each), "") for each in [*before, year]),
        ]
        for row in now
    ]
    asked = [_("N"), _("Spurte"), _("Svarprosent")] if apart else []
    return YearTable(
        f"skar-{min(row.pk for row in now)}",
        now[0].survey,
        [_("Arrangement") if apart else _("Spørsmål"), *asked, *map(str, [*before, year])],
        cells,
        " ".join([_("Gjennomsnitt på en skala fra 1 til %(scale)s.") % {"scale": scale}, *_answered(now)]),
        section=_("Tilbakemeldinger"),
        formats=["", *(["", "", PERCENT] if apart else []), *[MEAN] * (len(before) + 1)],
        notes=_cautions(now, apart),
    )


def _answered(now: list[ScoreRow]) -> list[str]:
    """N and the response rate, from the one row that every number of the table comes from (R087, R089)."""
    row = now[0]
    if asked_apart(now):
        return [_("N er hvor mange som svarte.")]
    if row.answered is None:
        return []
    words = {"count": row.answered, "invited": row.invited, "rate": _rate(row)}
    if words["rate"] is None:
        return [_("N = %(count)s.") % words]
    return [_("N = %(count)s: %(count)s av %(invited)s svarte, %(rate)s\xa0%%.") % words]


def _cautions(now: list[ScoreRow], apart: bool) -> list[str]:
    """What the reader must know beside the numbers: few answers, means that are held back, or none to be had."""
    words = []
    low = [row for row in now if needs_caution(row)]
    if low and apart:
        text = _("%(name)s: %(rate)s\xa0%% svarte. Resultatet må brukes med forsiktighet.")
        words += [text % {"name": row.item, "rate": _rate(row)} for row in low]
    elif low:
        words.append(_("%(rate)s\xa0%% svarte. Resultatet må brukes med forsiktighet.") % {"rate": _rate(low[0])})
    if any(is_few(row) for row in now):
        few = {"few": settings.SURVEY_MEAN_FROM}
        words.append(_("Der færre enn %(few)s svarte, vises ikke gjennomsnittet.") % few)
    if all(row.mean is None for row in now):
        words.append(_("Tall er ikke tilgjengelige."))
    return words


def _rate(row: ScoreRow) -> int | None:
    return response_rate(row.answered, row.invited)


def _mean(row: ScoreRow) -> float | str:
    # One decimal, as it is stored; a float of one decimal comes out of JSON as it went in.
    return "" if row.mean is None or is_few(row) else float(row.mean)
