"""The centre's name and colours, for every page. Kept until somebody changes them."""

from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.urls import reverse
from django.utils.translation import get_language
from wagtail.models import Site

from lms.home.models import Centre, HomePage
from modules.freshness import content_version

DEFAULT_ACCENT = "#1E5B57"


def branding(request: Any) -> dict[str, Any]:
    """Context processor: `centre` (name, logo_url, contact, accent_url), `demo`, and the language of the page's words.

    Where nothing is published in a language, its addresses show the bokmål words, and say so (A11).
    """
    centre, language = centre_of(content_version()), get_language()
    words_language = language if language in centre.languages else settings.LANGUAGE_CODE
    return {"centre": centre, "demo": settings.DEMO, "words_language": words_language}


def centre_of(version: int) -> SimpleNamespace:
    """The centre as plain values. No query when kept for this content version."""
    key = f"centre:{version}"
    kept = caches["content"].get(key)
    if kept is None:
        kept = _read(version)
        caches["content"].set(key, kept)
    return kept


def _read(version: int) -> SimpleNamespace:
    site = Site.objects.filter(is_default_site=True).first()
    centre = Centre.objects.select_related("logo").filter(site=site).first() or Centre(site=site)
    accent = centre.accent.lower()
    return SimpleNamespace(
        version=version,
        languages=set(HomePage.objects.live().values_list("locale__language_code", flat=True)),
        name=centre.name,
        logo_url=centre.logo.file.url if centre.logo else "",
        contact_email=centre.contact_email,
        contact_phone=centre.contact_phone,
        address=centre.address,
        accent_url="" if accent == DEFAULT_ACCENT.lower() else reverse("accent", args=[accent.lstrip("#")]),
    )
