"""A person's own calendar address: the feed itself, and the page where it is made, renewed and closed."""

import hashlib
import secrets
from http import HTTPStatus

from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from mentoring import feeds
from mentoring.views.scheduling import read_or_post

# A calendar asks a few times an hour; all calendars of one big service come from the same few addresses.
RATES = {"feed": "30/m/key", "feed_guess": "60/m/ip"}


@require_safe
def calendar_feed(request: HttpRequest, secret: str) -> HttpResponse:
    """`/kalender/<secret>.ics`: the meetings of whoever owns the secret. Unknown and ended look alike (S12, S13)."""
    key = hashlib.sha256(secret.encode()).hexdigest()[:32]
    if not _may_ask(request, "feed", key):
        return _too_many()
    found = feeds.calendar_for(secret)
    if found is None:
        if not _may_ask(request, "feed_guess"):
            return _too_many()
        raise Http404
    response = HttpResponse(found, content_type="text/calendar; charset=utf-8")
    response["ETag"] = f'"{hashlib.sha256(found).hexdigest()[:32]}"'
    # Asked for anew each time, so that an address that is closed is dead at once.
    response["Cache-Control"] = "private, no-cache"
    response["X-Robots-Tag"] = "noindex"
    response["Content-Disposition"] = 'inline; filename="refleks.ics"'
    return get_conditional_response(request, etag=response["ETag"], response=response)


def _may_ask(request: HttpRequest, action: str, key: str | None = None) -> bool:
    return bool(
        ratelimit.consume(request, app="mentoring", action=action, config=RATES, key=key, user=False, limit_get=True)
    )


def _too_many() -> HttpResponse:
    return HttpResponse(status=HTTPStatus.TOO_MANY_REQUESTS, headers={"Retry-After": "60"})


@never_cache
@login_required
@read_or_post
def feed_settings(request: HttpRequest) -> HttpResponse:
    """`/grupper/kalender/`: makes, renews and closes the address. It is shown once, in the answer to the post."""
    if request.method == "POST" and "close" in request.POST:
        feeds.close_feed(request.user)
        messages.success(request, _("Kalenderadressen er stengt."))
        return redirect("feed_settings")
    if request.method == "POST":
        return _opened(request)
    return _settings_page(request)


def _opened(request: HttpRequest) -> HttpResponse:
    nonce, instead_of = request.POST.get("nonce", ""), request.POST.get("instead_of", "")
    if len(nonce) < 20:
        return redirect("feed_settings")
    try:
        secret = feeds.open_feed(request.user, nonce, instead_of)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
        return redirect("feed_settings")
    return _settings_page(request, settings.SITE_URL + reverse("calendar_feed", args=[secret]))


def _settings_page(request: HttpRequest, address: str = "") -> HttpResponse:
    there = feeds.feed_of(request.user)
    context = {
        **{"feed": there, "address": address, "nonce": secrets.token_urlsafe(24), "instead_of": feeds.mark_of(there)},
        "webcal": address.replace("https://", "webcal://").replace("http://", "webcal://"),
    }
    return render(request, "mentoring/feed_settings.html", context)
