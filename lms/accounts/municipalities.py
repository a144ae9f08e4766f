"""The list of municipalities. A newer list closes what is gone and deletes nothing, so that old numbers keep (I26)."""

import csv
import datetime
import re
from collections.abc import Iterable
from itertools import zip_longest
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

COLUMNS = ["number", "name", "county_number", "county_name"]
# A longer name is none; more than this share of the municipalities ends in great reforms only.
LONGEST_NAME, MOST_ENDED = 60, 0.2


def read_municipalities(path: Path) -> list[dict[str, str]]:
    """The rows of a semicolon-separated file with the columns of `COLUMNS`; lines that begin with # are notes.

    Raises ValidationError when the columns, a number or a name cannot be right.
    """
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    try:
        head, *told = list(
            csv.reader((line for line in lines if line and not line.startswith("#")), delimiter=";")
        ) or [[]]
    except csv.Error as error:
        raise ValidationError(_("Filen kan ikke leses: %(error)s") % {"error": error}) from error
    if head != COLUMNS or any(len(row) > len(COLUMNS) for row in told):
        raise ValidationError(_("Filen må ha kolonnene %(columns)s.") % {"columns": "; ".join(COLUMNS)})
    rows = [dict(zip_longest(COLUMNS, row, fillvalue="")) for row in told]
    if not rows:
        raise ValidationError(_("Filen har ingen kommuner."))
    for row in rows:
        _check_row(row)
    if len({row["number"] for row in rows}) != len(rows):
        raise ValidationError(_("Et kommunenummer står to ganger i filen."))
    return rows


def load_municipalities(
    model: type[models.Model], rows: Iterable[dict[str, str]], valid_from: datetime.date, *, force: bool = False
) -> int:
    """Stores `rows` as what holds from `valid_from`; what is not among them ends the day before.

    `model` is `Municipality` (a migration has its own). Returns how many ended. Raises ValidationError when a newer
    list is there, for history is written forwards; and when more than a fifth would end, unless `force`.
    """
    named = {row["number"]: row for row in rows}
    table = model._default_manager
    newest = table.aggregate(models.Max("valid_from"))["valid_from__max"]
    if newest and valid_from < newest:
        raise ValidationError(
            _("En liste som gjelder fra %(day)s er lest inn. Denne må gjelde fra den dagen eller senere.")
            % {"day": f"{newest:%d.%m.%Y}"}
        )
    with transaction.atomic():
        standing = table.filter(valid_to=None)
        ended = standing.exclude(pk__in=named)
        words = {"ended": ended.count(), "standing": standing.count()}
        if not force and words["ended"] > MOST_ENDED * words["standing"]:
            raise ValidationError(
                _("Listen avslutter %(ended)s av %(standing)s kommuner. Stemmer det, kjør igjen med --force.") % words
            )
        count = ended.update(valid_to=valid_from - datetime.timedelta(days=1))
        for number, row in named.items():
            table.update_or_create(
                number=number, defaults=row | {"valid_to": None}, create_defaults=row | {"valid_from": valid_from}
            )
    return count


def _check_row(row: dict[str, str]) -> None:
    number, county = row["number"], row["county_number"]
    if not (re.fullmatch("[0-9]{4}", number) and number.startswith(county) and len(county) == 2):
        raise ValidationError(_("Kommunenummeret «%(number)s» kan ikke stemme.") % {"number": number[:10]})
    names = [row["name"], row["county_name"]]
    if not all(names):
        raise ValidationError(_("Kommune %(number)s mangler navn eller fylke.") % {"number": number})
    if not all(len(name) <= LONGEST_NAME and name.isprintable() for name in names):
        raise ValidationError(_("Navnet på kommune %(number)s eller fylket kan ikke stemme.") % {"number": number})
