"""The front of the house: my page, stored files, and what is said when something is not there."""

import mimetypes
import re
import sqlite3
import sys

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.db import InterfaceError, OperationalError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from lms.home import mypage
from lms.home.colour import contrast, lightened_until
from lms.outbox.demo import demo_mails
from lms.watching import request_id
from mentoring.access import remember_groups

# Files of lessons go through `/dokumenter/`, and what waits to be looked at goes nowhere.
PICTURE_FOLDERS = ("images/", "original_images/", "avatar_images/")
INLINE_TYPES = {"image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml"}
DARK_GROUND = "#12191B"
AWAY = (OperationalError, InterfaceError)


@login_required
@require_safe
def my_page(request: HttpRequest) -> HttpResponse:
    """What is left and what comes next."""
    page = mypage.my_page_of(request.user, get_language())
    if page["groups"] or page["led"] or page["applications"]:
        remember_groups(request, True)
    return render(request, "home/my_page.html", page)


@require_safe
def demo_mail(request: HttpRequest) -> HttpResponse:
    """The mails of the demo, so that a newcomer can finish the sign-up. Outside the demo there is no such place."""
    if not settings.DEMO:
        raise Http404
    return render(request, "home/demo_mail.html", {"mails": demo_mails()})


@require_safe
def stored_file(request: HttpRequest, path: str) -> HttpResponse:
    """A stored picture. Everything else is a download, and nothing in it may run (S3, S14)."""
    try:
        if not path.startswith(PICTURE_FOLDERS) or ".." in path or not default_storage.exists(path):
            raise Http404
        file = default_storage.open(path)
    except (SuspiciousFileOperation, IsADirectoryError, ValueError) as error:
        raise Http404 from error
    kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
    response = FileResponse(file, as_attachment=kind not in INLINE_TYPES, content_type=kind)
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    response["Cache-Control"] = "public, max-age=86400"
    return response


@require_safe
def accent_stylesheet(request: HttpRequest, accent: str) -> HttpResponse:
    """The centre's own colour, as it can be read on light and on dark ground."""
    colour = f"#{accent}"
    if not re.fullmatch(r"#[0-9a-f]{6}", colour) or contrast(colour, "#FBF8F3") < 4.5:
        raise Http404
    context = {"accent": colour, "accent_dark": lightened_until(colour, DARK_GROUND, 7)}
    response = render(request, "home/accent.css", context, content_type="text/css")
    response["Cache-Control"] = "public, max-age=86400"
    return response


def our_login(request: HttpRequest) -> HttpResponse:
    """In place of Wagtail's own sign-in pages; one who is signed in and still led here has no business there."""
    if request.user.is_authenticated:
        return render(request, "403.html", status=403)
    return redirect_to_login(request.GET.get("next", "/cms/"))


@require_safe
def robots(_request: HttpRequest) -> HttpResponse:
    """Search engines stay out of what is personal."""
    lines = ["User-agent: *", *(f"Disallow: /{place}/" for place in ("konto", "cms", "min-side", "kursbevis"))]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404 in our own words."""
    return render(request, "404.html", status=404)


def broken(_request: HttpRequest) -> HttpResponse:
    """What is said when something broke: the database is away for a moment (503), or it is our mistake (500).

    Both pages are without database, session and words from anywhere else.
    """
    if _is_away(sys.exc_info()[1]):
        return _pause()
    return HttpResponse(render_to_string("500.html", {"request_id": request_id.get()}), status=500)


def not_understood(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400; but where a session could not be saved, Django says so too when it is the database that is away (503)."""
    refused_save = exception.__context__ and exception.__context__.__context__
    if _is_away(refused_save):
        return _pause()
    # Not Django's own view: it asks for the fields once more, which may be what could not be read.
    return HttpResponse(render_to_string("400.html"), status=400)


def _is_away(error: BaseException | None) -> bool:
    # SQLite says the same of a question that it cannot read, with a code of its own.
    is_our_mistake = getattr(error and error.__cause__, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR
    return isinstance(error, AWAY) and not is_our_mistake


def _pause() -> HttpResponse:
    return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": "5"})


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was open too long, or in a browser without cookies."""
    return render(request, "403_csrf.html", {"debug": settings.DEBUG, "reason": reason}, status=403)
