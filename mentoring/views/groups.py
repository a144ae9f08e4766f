"""Groups as their mentor and members see them."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mentoring import access, applications, following, onward, overview, way
from mentoring import groups as life
from mentoring.joining import present_members
from mentoring.models import LearningGroup, Meeting, MeetingReply, Membership
from mentoring.preparation import course_of
from mentoring.turnout import warnings_of

Status = LearningGroup.Status


@login_required
@require_safe
def groups(request: HttpRequest) -> HttpResponse:
    """`/grupper/`: the groups one leads or is in, and what they need now."""
    page = overview.page_of(request.user, timezone.now())
    access.remember_groups(request, any(page[name] for name in ("leads", "own", "contact", "applications")))
    return render(request, "mentoring/groups.html", page)


@login_required
@require_safe
def group(request: HttpRequest, pk: int) -> HttpResponse:
    """A group: for the mentor its people and what they need; for a member the next thing to do."""
    found = access.group_for(request.user, pk)
    access.remember_groups(request, True)
    if found.mentor_id == request.user.pk:
        return render(request, "mentoring/group_led.html", _led(found))
    membership = cast(Membership, access.own_membership(request.user, found))
    membership.member = request.user
    return render(request, "mentoring/group.html", _own(membership))


def posted(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Lets posts of the mentor through to `view`, says a refusal, and leads back to the group."""

    @wraps(view)
    @login_required
    def post_or_lead(request: HttpRequest, pk: int) -> HttpResponse:
        found = access.led_group_for(request.user, pk)
        if request.method == "POST":
            try:
                view(request, found)
            except ValidationError as refusal:
                for sentence in refusal.messages:
                    messages.error(request, sentence)
        return redirect("group", found.pk)

    return post_or_lead


@posted
def start_group(request: HttpRequest, found: LearningGroup) -> None:
    """The group is under way from now on."""
    life.start_group(found, request.user)
    messages.success(request, _("Gruppen er i gang."))


@posted
def complete_group(request: HttpRequest, found: LearningGroup) -> None:
    """The group has reached its end."""
    applications.complete_group(found, request.user)
    messages.success(request, _("Gruppen er fullført. Takk for at du ledet den."))


def _led(found: LearningGroup) -> dict[str, Any]:
    now, meetings = timezone.now(), list(found.meetings.all())
    rows = following.member_rows(found, now)
    places = way.places_of(found, meetings, course_of(found))
    (led,) = overview.led_groups(found.mentor, now, found)
    return {
        "group": found,
        "needs": overview.needs_of([led], now),
        "rows": rows,
        "way": way.common_way([row.case for row in rows], places, now),
        "coming": onward.coming_meeting(meetings, now) if found.status in overview.OPEN else None,
        "warnings": warnings_of(found),
        "cancelled": led.to_bring_back,
        "may_plan": found.status in overview.OPEN and any(m.status != Meeting.Status.HELD for m in meetings),
        "lacking": sum(bool(row.missing) for row in rows) if found.package.gives_certificate else 0,
        "unheld": [meeting for meeting in meetings if meeting.status == Meeting.Status.PLANNED],
        "may_start": found.status == Status.PLANNED,
        "is_started": found.status == Status.STARTED,
        "letters": found.letters.all()[:3],
        "asked": _asked(found),
    }


def _asked(found: LearningGroup) -> dict[str, Any] | None:
    """Whom the mentor may ring or write to at the workplace, and what they wished for when they applied (R033)."""
    application = access.application_behind(found.mentor, found)
    contact = found.contact if found.status in overview.OPEN else None
    same = application and application.contact_id == found.contact_id
    wishes = application.wishes if application else ""
    if contact is None and not wishes:
        return None
    return {"contact": contact, "phone": application.phone if application and same else "", "wishes": wishes}


def _own(membership: Membership) -> dict[str, Any]:
    now, found = timezone.now(), membership.group
    meetings, case = list(found.meetings.all()), onward.cases_of([membership])[membership.pk]
    coming = onward.coming_meeting(meetings, now) if found.status in overview.OPEN else None
    reply = MeetingReply.objects.filter(meeting=coming, membership=membership).first() if coming else None
    polls = overview.unanswered_polls([membership])[membership.pk]
    step = onward.next_step(case, now, polls)
    return {
        "group": found,
        "case": case,
        "step": step,
        "asked": onward.also_asked(step, polls),
        "way": way.own_way(case, way.places_of(found, meetings, course_of(found)), now),
        "coming": coming,
        "reply": reply,
        "others": present_members(found),
        "letters": found.letters.select_related("by")[:3],
        "membership": membership,
    }
