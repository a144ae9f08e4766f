"""The shared screen in a meeting: one prompt at a time in big type."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from mentoring import access
from mentoring.screen import show, times_of


@login_required
@require_safe
@never_cache
def screen(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """`…/skjerm/?vis=2`: the mentor's screen at one prompt. The address says a number and nothing more."""
    meeting = access.led_meeting_for(request.user, pk, number)
    wanted = request.GET.get("vis", "1")
    place = int(wanted) if wanted.isdecimal() and len(wanted) < 5 else 1
    context = {"meeting": meeting, "show": show(meeting, place), "times": times_of(meeting)}
    return render(request, "mentoring/screen.html", context)
