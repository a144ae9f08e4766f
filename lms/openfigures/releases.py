"""Makes the release of a month: once, from the facts of its last day, and never again (P16)."""

import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from lms.openfigures.facts import OSLO, Facts, facts_of
from lms.openfigures.models import Release, StartKey
from lms.openfigures.protection import ALL, Rule, protected


def publish(now: datetime.datetime) -> bool:
    """Publishes the month that ended last before `now`, and returns whether that was still to be done.

    Months that were missed stay missing: what people tell of themselves is known as it is today only.
    """
    day = last_month_end(now)
    if Release.objects.filter(as_of=day).exists():
        return False
    rule = Rule(StartKey.value(), settings.SMALLEST_CELL)
    numbers = numbers_of(facts_of(day), rule, settings.MUNICIPALITIES_FROM)
    release = Release(as_of=day, made_at=timezone.now(), smallest=rule.smallest, numbers=numbers)
    # The unique day decides between two who publish at once.
    Release.objects.bulk_create([release], ignore_conflicts=True)
    return True


def numbers_of(facts: Facts, rule: Rule, municipalities_from: int) -> dict[str, Any]:
    """Everything that is published of `facts`. Municipalities only where so many people are published in all (P17)."""
    shown = protected(facts.cells, {}, rule)
    is_large = shown[ALL, ALL][0] >= municipalities_from
    if is_large:
        shown = protected(facts.cells, facts.towns, rule)
    return {
        "counties": facts.counties,
        "municipalities": facts.municipalities if is_large else [],
        "people": [[place, sector, *pair] for (place, sector), pair in shown.items()],
        "events": _events(facts.events, rule),
    }


def last_month_end(now: datetime.datetime) -> datetime.date:
    """The last day of the month before the one that it is in Oslo."""
    return now.astimezone(OSLO).date().replace(day=1) - datetime.timedelta(days=1)


def next_release(as_of: datetime.date) -> datetime.date:
    """The day on which the month after that of `as_of` is published."""
    month_after = as_of + datetime.timedelta(days=1)
    return (month_after + datetime.timedelta(days=32)).replace(day=1)


def _events(counts: dict[str, int], rule: Rule) -> dict[str, int]:
    shown = {name: rule.number(f"events/{name}", count) for name, count in counts.items()}
    # Many attendances of few people are still few people.
    return shown | {"attendances": shown["attendances"] if shown["participants"] else 0}
