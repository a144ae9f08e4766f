"""Public pages as they were last made, for visitors without a session. Never one person's state."""

from django.conf import settings
from django.core.cache import caches
from django.http import HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language_from_path

from modules.freshness import content_version

PRIVATE_PREFIXES = tuple(
    "/konto/ /cms/ /min-side/ /notatbok/ /grupper/ /kursbevis/ /arbeidsplass/ /rapporter/ /demo/ /files/"
    " /dokumenter/".split()
)
SECONDS = 600
HEADERS = ("Content-Type", "Content-Language", "Vary", "X-Frame-Options")


class AnonymousPageCacheMiddleware:
    """Answers a visitor who carries no session from what is kept for this content version: one query in all."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not _is_public(request):
            return self.get_response(request)
        key = f"page:{content_version()}:{request.get_host()}:{request.path}"
        kept = caches["content"].get(key)
        if kept is not None:
            return HttpResponse(kept[0], headers=kept[1])
        response = self.get_response(request)
        if _may_be_kept(response):
            # Whoever signs in later must not be shown a copy that something on the way has kept.
            patch_vary_headers(response, ["Cookie"])
            headers = {name: response[name] for name in HEADERS if response.has_header(name)}
            caches["content"].set(key, (response.content, headers), SECONDS)
        return response


def _is_public(request) -> bool:
    return (
        request.method == "GET"
        and not request.META.get("QUERY_STRING")
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and not without_language(request.path).startswith(PRIVATE_PREFIXES)
    )


def without_language(path: str) -> str:
    """`/en/grupper/` is as private as `/grupper/`."""
    language = get_language_from_path(path)
    return path[len(language) + 1 :] if language else path


def _may_be_kept(response) -> bool:
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and not response.has_header("Set-Cookie")
        and "no-store" not in response.get("Cache-Control", "")
        and b"csrfmiddlewaretoken" not in response.content
        and response.get("Content-Type", "").startswith("text/html")
    )
