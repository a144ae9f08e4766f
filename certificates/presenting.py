"""What anybody with the code may know of a certificate (R042)."""

import datetime
from functools import lru_cache
from typing import Any

from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import get_language

from certificates.models import Certificate

# What a whole class has in common on its certificates. Which meetings one took part in, and how, is one's own.
IMPERSONAL = (
    *("status", "revoked_at", "issuer"),
    *("title", "parts_text", "course_version", "modules", "hours_text"),
)


def impersonal_words(certificate: Certificate) -> dict[str, Any]:
    """What the check page may keep, for it tells nothing of who holds the certificate, nor that there is one."""
    words = {name: getattr(certificate, name) for name in IMPERSONAL}
    return words | {"is_named": bool(certificate.holder_name), "written_in": certificate.language}


def personal_words(certificate: Certificate) -> dict[str, Any]:
    """What is one holder's own on the check page: made at each request, never kept."""
    language = get_language()
    return {
        "certificate": certificate,
        "code": certificate.code,
        "shown_code": certificate.shown_code,
        "holder_name": certificate.holder_name,
        "completed_on": _day(certificate.completed_on, language),
        "issued_on": _day(certificate.issued_on, language),
    }


@lru_cache(maxsize=400)
def _day(day: datetime.date, _language: str | None) -> str:
    return format_date(day, "j. F Y")


def public_facts(certificate: Certificate) -> dict:
    """The facts of the check page as plain data; dates as ISO 8601, minutes per module. What is replaced or erased
    has no name, and nothing leads from an old certificate to the new one (P11).
    """
    facts = {
        "status": certificate.status,
        "name": certificate.holder_name,
        "course": certificate.course_title,
        "hours": round(certificate.minutes / 60, 2),
        "modules": [{"title": module["title"], "minutes": module["minutes"]} for module in certificate.modules],
        "completed_on": certificate.completed_on.isoformat(),
        "issued_on": certificate.issued_on.isoformat(),
        "issuer": certificate.issuer,
        "version": certificate.course_version,
        "code": certificate.shown_code,
        "check_url": certificate.check_url,
    }
    if certificate.group_id:
        facts |= {"package": certificate.package_name, "meetings": certificate.meetings}
    if certificate.revoked_at and certificate.status == Certificate.Status.REVOKED:
        facts["revoked_on"] = timezone.localdate(certificate.revoked_at).isoformat()
    if not certificate.holder_name:
        del facts["name"]
    return facts
