"""What stands at the door of every response: policies, privacy, and the second factor for staff."""

import secrets
import zlib
from urllib.parse import urlsplit

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponseNotAllowed
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.cache import add_never_cache_headers, patch_vary_headers
from django.utils.translation import gettext as _
from wagtail.contrib.redirects.middleware import RedirectMiddleware
from wagtail.models import Page

from lms.accounts.staff_sessions import keep_short
from lms.home.page_cache import without_language
from modules import access
from modules.freshness import one_version

METHODS = ("GET", "HEAD", "POST", "OPTIONS")
PACKING_LEVEL, LEAST_TO_PACK = 4, 1000
GZIP_FORMAT, GZIP_HAS_NAME = zlib.MAX_WBITS + 16, b"\x08"
SETUP_PATHS = ("/konto/", "/static/", "/files/", "/farge-", "/healthz", "/readyz")


class KnownMethodsMiddleware:
    """Answers what browsers ask in pages and forms, and nothing else: no TRACE (13.4)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        return self.get_response(request)


class CmsPolicyMiddleware:
    """`/cms/` gets a policy of its own: Wagtail's page editor has inline scripts, our pages have none (S2).

    What it is asked for is what a database can look for.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path.startswith("/cms/"):
            request.GET = _searchable(request.GET)
        response = self.get_response(request)
        if request.path.startswith("/cms/"):
            response._csp_update = settings.CMS_CONTENT_SECURITY_POLICY
        response.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()")
        return response


def _searchable(asked):
    """Without NUL, which PostgreSQL does not take, and a quotation mark that is never closed, as SQLite's index."""
    tidy = asked.copy()
    for name, values in asked.lists():
        tidy.setlist(name, [value.replace("\0", "") for value in values])
    if tidy.get("q", "").count('"') % 2:
        tidy["q"] = " ".join(tidy["q"].rsplit('"', 1))
    return tidy


class OneVersionMiddleware:
    """A page is made of one version of the content, and asks for it once."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with one_version():
            return self.get_response(request)


class LightGZipMiddleware(GZipMiddleware):
    """Packs pages as Django does and as small, in half of its time: half a millisecond of each page."""

    def process_response(self, request, response):
        if not _is_to_be_packed(request, response):
            return super().process_response(request, response)
        packer = zlib.compressobj(PACKING_LEVEL, zlib.DEFLATED, GZIP_FORMAT)
        packed = packer.compress(response.content) + packer.flush()
        # A file name of random length, as Django's: the size then tells nothing of what is in it (BREACH).
        name = b"a" * secrets.randbelow(self.max_random_bytes) + b"\0"
        response.content = packed[:3] + GZIP_HAS_NAME + packed[4:10] + name + packed[10:]
        response["Content-Length"], response["Content-Encoding"] = str(len(response.content)), "gzip"
        patch_vary_headers(response, ("Accept-Encoding",))
        return response


def _is_to_be_packed(request, response) -> bool:
    return (
        not response.streaming
        and len(response.content) >= LEAST_TO_PACK
        and not response.has_header("Content-Encoding")
        and not response.has_header("ETag")
        and "gzip" in request.headers.get("Accept-Encoding", "")
    )


class PrivateResponsesMiddleware:
    """What is made for a signed-in person is never kept by a browser or a proxy (P24)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response


class StaffSessionsMiddleware:
    """Staff are signed out after twelve hours in which they did nothing; everybody else after thirty days (7.3.1)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        keep_short(request, request.user)
        return response


class SecondFactorMiddleware:
    """Staff and mentors use a second factor outside the demo: without one they only get as far as to set it up (6.3.3).

    Whoever has a permission, whatever their role is called, is staff; the flags are on the person, so nobody is asked.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        user = request.user
        if settings.DEMO or not (user.is_authenticated and (user.is_staff or user.is_superuser or user.is_mentor)):
            return self.get_response(request)
        if without_language(request.path).startswith(SETUP_PATHS) or is_mfa_enabled(user):
            return self.get_response(request)
        messages.info(request, _staff_sentence() if user.is_staff or user.is_superuser else _mentor_sentence())
        return redirect("mfa_index")


def _staff_sentence() -> str:
    return _("Du har tilgang til mer enn de fleste. Derfor må du ha to-trinns innlogging. Sett det opp her først.")


def _mentor_sentence() -> str:
    return _(
        "Du som er mentor, kan lese det andre skriver. Derfor må du ha to-trinns innlogging. "
        "Velg en av måtene her, så kommer du videre."
    )


class OpenRedirectsMiddleware(RedirectMiddleware):
    """An old address leads on only for those who would find something there: else it looks like any that is missing."""

    def process_response(self, request, response):
        answer = super().process_response(request, response)
        if answer is response or not answer.url.startswith("/") or _leads_somewhere(request, answer.url):
            return answer
        return response


def _leads_somewhere(request, url: str) -> bool:
    path = urlsplit(url).path
    language = translation.get_language_from_path(path) or settings.LANGUAGE_CODE
    with translation.override(language):
        try:
            match = resolve(path)
        except Resolver404:
            return False
    if match.url_name in {"course", "module", "lesson"}:
        return access.is_there_for(request.user, language, **match.kwargs)
    return match.url_name != "wagtail_serve" or Page.route_for_request(request, path) is not None
