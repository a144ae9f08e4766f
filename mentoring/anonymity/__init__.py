"""Looks for what could tell who a note is about, in the process: nothing leaves it, nothing is logged (P3, R032)."""

import datetime

from django.utils import timezone

from mentoring.anonymity.finding import Finding, Kind
from mentoring.anonymity.names import names
from mentoring.anonymity.numbers import addresses, dates, national_numbers, phones

__all__ = ["Finding", "Kind", "findings"]


def findings(text: str, today: datetime.date | None = None) -> list[Finding]:
    """The places in `text` that may point at a person, in order; where two overlap, the one that says more."""
    found = [
        *national_numbers(text),
        *addresses(text),
        *phones(text),
        *dates(text, today or timezone.localdate()),
        *names(text),
    ]
    kept: list[Finding] = []
    for finding in sorted(found, key=lambda item: (not item.must_go, item.start - item.end, item.start)):
        if all(finding.end <= other.start or other.end <= finding.start for other in kept):
            kept.append(finding)
    return sorted(kept)
