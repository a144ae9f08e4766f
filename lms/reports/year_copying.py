"""A new year begins with the rows of the one before, without their numbers.

A name that takes stock of last year says the new one, and what belongs to a period that is over stays behind: see
`year_labels`.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from lms.reports.models import CapacityRow, ClosedYear, Offering, OtherFigure, ScoreRow, StayRow, WebFigure
from lms.reports.year_labels import has_ended, moved

# What a row is known by, and what is as it was last year; numbers and notes are of the year.
NAMED: dict[type[models.Model], tuple[tuple[str, ...], tuple[str, ...]]] = {
    CapacityRow: (("title",), ("unit", "rounds", "capacity")),
    StayRow: (("title", "who"), ()),
    Offering: (("kind", "title"), ()),
    WebFigure: (("what", "place", "source"), ()),
    ScoreRow: (("survey", "item"), ("scale",)),
    OtherFigure: (("section", "what"), ("unit",)),
}
# A question with other words is another question (R085), so these stay to the letter.
TO_THE_LETTER = (ScoreRow,)


def copy_rows(year: int) -> int:
    """Takes the rows of the year before along to `year` without numbers; returns how many.

    What is there already is left alone, so that doing it again does nothing, and what belongs to a period that ended
    before `year` is not taken. Raises ValidationError when `year` is closed, or there is nothing to take along.
    """
    with transaction.atomic():
        if ClosedYear.objects.filter(year=year).exists():
            raise ValidationError(_("Året %(year)s er lukket. Skriv en rettelse i stedet.") % {"year": year})
        if not any(model.objects.filter(year=year - 1).exists() for model in NAMED):
            raise ValidationError(_("Det er ingen rader fra %(year)s å ta med.") % {"year": year - 1})
        return sum(_copied(model, year, *NAMED[model]) for model in NAMED)


def _copied(model: Any, year: int, names: tuple[str, ...], same: tuple[str, ...]) -> int:
    there = set(model.objects.filter(year=year).values_list(*names))
    new = []
    for row in model.objects.filter(year=year - 1).order_by("pk"):
        name = tuple(getattr(row, field) for field in names)
        if any(has_ended(words, year) for words in name):
            continue
        if model not in TO_THE_LETTER:
            name = tuple(moved(words, year) for words in name)
        if name in there:
            continue
        there.add(name)
        taken = dict(zip(names, name, strict=True)) | {field: getattr(row, field) for field in same}
        new.append(model(year=year, **taken))
    return len(model.objects.bulk_create(new))
