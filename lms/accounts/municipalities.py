"""The list of municipalities. A newer list closes what is gone and deletes nothing, so that old numbers keep (I26)."""

import csv
import datetime
from collections.abc import Iterable
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

COLUMNS = ["number", "name", "county_number", "county_name"]


def read_municipalities(path: Path) -> list[dict[str, str]]:
    """The rows of a semicolon-separated file with the columns of `COLUMNS`; lines that begin with # are notes.

    Raises ValidationError when the columns, a number or the count of rows cannot be right.
    """
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    reader = csv.DictReader((line for line in lines if not line.startswith("#")), delimiter=";")
    if reader.fieldnames != COLUMNS:
        raise ValidationError(_("Filen må ha kolonnene %(columns)s.") % {"columns": "; ".join(COLUMNS)})
    rows = [dict(row) for row in reader]
    if not rows:
        raise ValidationError(_("Filen har ingen kommuner."))
    for row in rows:
        _check_row(row)
    if len({row["number"] for row in rows}) != len(rows):
        raise ValidationError(_("Et kommunenummer står to ganger i filen."))
    return rows


def load_municipalities(model: type[models.Model], rows: Iterable[dict[str, str]], valid_from: datetime.date) -> int:
    """Stores `rows` as what holds from `valid_from`; what is not among them ends the day before.

    `model` is `Municipality` (a migration has its own). Returns how many ended. Raises ValidationError when a newer
    list is there: history is written forwards.
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
        ended = table.filter(valid_to=None).exclude(pk__in=named)
        count = ended.update(valid_to=valid_from - datetime.timedelta(days=1))
        for number, row in named.items():
            table.update_or_create(
                number=number, defaults=row | {"valid_to": None}, create_defaults=row | {"valid_from": valid_from}
            )
    return count


def _check_row(row: dict[str, str]) -> None:
    number, county = row["number"] or "", row["county_number"] or ""
    if not (len(number) == 4 and number.isdigit() and number.startswith(county) and len(county) == 2):
        raise ValidationError(_("Kommunenummeret «%(number)s» kan ikke stemme.") % {"number": number})
    if not row["name"] or not row["county_name"]:
        raise ValidationError(_("Kommune %(number)s mangler navn eller fylke.") % {"number": number})
