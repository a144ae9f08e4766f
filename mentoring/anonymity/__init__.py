"""Looks for what could tell who a note is about, in the process: nothing leaves it, nothing is logged (P3, R032)."""

import datetime
from bisect import bisect_left

from django.utils import timezone

from mentoring.anonymity.finding import Finding, Kind
from mentoring.anonymity.names import names
from mentoring.anonymity.numbers import addresses, dates, national_numbers, phones
from mentoring.anonymity.plain import plain_of

__all__ = ["Finding", "Kind", "findings"]


def findings(text: str, today: datetime.date | None = None) -> list[Finding]:
    """The places in `text` that may point at a person, in order; where two overlap, the one that says more."""
    plain = plain_of(text)
    found = [
        *national_numbers(plain.text),
        *addresses(plain.text),
        *phones(plain.text),
        *dates(plain.text, today or timezone.localdate()),
        *names(plain.text),
    ]
    kept: list[Finding] = []
    for finding in sorted(found, key=lambda item: (not item.must_go, item.start - item.end, item.start)):
        place = bisect_left(kept, finding)
        before, after = kept[max(0, place - 1) : place], kept[place : place + 1]
        if all(one.end <= finding.start for one in before) and all(finding.end <= one.start for one in after):
            kept.insert(place, finding)
    return [Finding(plain.start(one.start), plain.end(one.end), one.kind) for one in kept]
