"""Who is in a group: inviting, the link, replacing and taking out. For the mentor and the contact person."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from mentoring import access, invitations, joining, listing, rosters
from mentoring.forms.joining import ReplaceForm, RosterForm
from mentoring.models import LearningGroup, Membership
from mentoring.spreadsheet import TYPES, file_answer

REFUSED = HTTPStatus.UNPROCESSABLE_ENTITY
read_or_post = require_http_methods(["GET", "HEAD", "POST"])


def posted(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Lets posts through; whoever comes by a link, or back from signing in, is led to the list of people."""

    @wraps(view)
    def post_or_lead(request: HttpRequest, pk: int, **named: int) -> HttpResponse:
        return view(request, pk, **named) if request.method == "POST" else redirect("members", pk)

    return login_required(post_or_lead)


@login_required
@require_safe
def members(request: HttpRequest, pk: int) -> HttpResponse:
    """`/grupper/<id>/deltakere/`: who is in, who is asked, who has left. Nothing of what anybody has done."""
    group = access.staffed_group_for(request.user, pk)
    everybody = group.memberships.select_related("member", "replaced_by__member").order_by(
        "member__name__in_order", "pk"
    )
    present = [membership for membership in everybody if membership.left_at is None]
    context = _about(request, group) | {
        "present": present,
        "unconfirmed": sum(membership.confirmed_at is None for membership in present),
        "former": [membership for membership in everybody if membership.left_at],
        "invited": invitations.open_invitations(group),
        "withdrawn": group.invitations.filter(accepted_at=None).exclude(withdrawn_at=None),
    }
    return render(request, "mentoring/members.html", context)


def _about(request: HttpRequest, group: LearningGroup) -> dict[str, Any]:
    """What every page of this file says of the group."""
    link = group.link_token and invitations.group_for_link(group.link_token)
    path = reverse("join_by_link", args=[group.link_token]) if link else ""
    return {
        "group": group,
        "leads": group.mentor_id == request.user.pk,
        "decides": invitations.is_open(group) and invitations.decides(group, request.user),
        "is_open": invitations.is_open(group),
        "has_met": invitations.has_met(group),
        "places_left": joining.places_left(group),
        "link": settings.SITE_URL + path if path else "",
    }


@login_required
@read_or_post
def invite_members(request: HttpRequest, pk: int) -> HttpResponse:
    """`…/deltakere/inviter/`: addresses or a file, looked over line by line before anything is sent."""
    group = access.staffed_group_for(request.user, pk)
    is_sent = request.method == "POST"
    form = RosterForm(*((request.POST, request.FILES) if is_sent else ()), package=group.package)
    context = _about(request, group) | {"form": form}
    if not context["decides"]:
        return redirect("members", pk)
    if is_sent and form.is_valid():
        roster = rosters.check(form.cleaned_data["roster"], group)
        return render(request, "mentoring/roster.html", context | {"roster": roster})
    status = REFUSED if form.errors else HTTPStatus.OK
    return render(request, "mentoring/invite_members.html", context, status=status)


@posted
def send_invitations(request: HttpRequest, pk: int) -> HttpResponse:
    """Invites everybody on the list that was looked over."""
    group = access.staffed_group_for(request.user, pk)

    def send() -> str:
        roster = rosters.read_text(request.POST.get("text", ""))
        return rosters.sent_words(rosters.send(roster, group, request.user))

    return _done(request, pk, send)


@posted
def resend_invitation(request: HttpRequest, pk: int, invitation: int) -> HttpResponse:
    """Sends an invitation once more, or anew when it was withdrawn."""
    group = access.staffed_group_for(request.user, pk)
    found = get_object_or_404(group.invitations, pk=invitation)

    def send() -> str:
        if found.withdrawn_at or found.accepted_at:
            again = invitations.invite(group, found.email, found.name, by=request.user)
            sent = again.token != found.token
        else:
            sent = invitations.send_again(found, request.user)
        if sent:
            return _("Invitasjonen til %(email)s er sendt på nytt.") % {"email": found.email}
        return _("%(email)s fikk invitasjonen i dag. Den gjelder, og kan sendes igjen i morgen.") % {
            "email": found.email
        }

    return _done(request, pk, send)


@posted
def withdraw_invitation(request: HttpRequest, pk: int, invitation: int) -> HttpResponse:
    """Takes an open invitation back."""
    group = access.staffed_group_for(request.user, pk)
    found = get_object_or_404(group.invitations.select_related("group"), pk=invitation)

    def withdraw() -> str:
        invitations.withdraw(found, request.user)
        return _("Invitasjonen til %(email)s er trukket tilbake.") % {"email": found.email}

    return _done(request, pk, withdraw)


@posted
def group_link(request: HttpRequest, pk: int) -> HttpResponse:
    """Opens, renews or closes the group's link."""
    group = access.staffed_group_for(request.user, pk)

    def change() -> str:
        if request.POST.get("do") == "close":
            invitations.close_link(group, request.user)
            return _("Lenken er stengt.")
        renewed = bool(group.link_token)
        invitations.new_link(group, request.user)
        return _("Lenken er ny. Den gamle gjelder ikke lenger.") if renewed else _("Lenken er åpen.")

    return _done(request, pk, change, "#lenke")


def _done(request: HttpRequest, pk: int, work: Callable[[], str], place: str = "") -> HttpResponse:
    """Does it, says how it went, and leads to the list of people, or to a `place` on it."""
    try:
        messages.success(request, work())
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
        place = ""
    return redirect(reverse("members", args=[pk]) + place)


def _member_of(group: LearningGroup, pk: int) -> Membership:
    membership = get_object_or_404(group.memberships.select_related("member"), pk=pk)
    membership.group = group
    return membership


@login_required
@read_or_post
def remove_member(request: HttpRequest, pk: int, membership: int) -> HttpResponse:
    """`…/deltakere/<membership>/ta-ut/`: asks, then takes a member out."""
    group = access.staffed_group_for(request.user, pk)
    found = _member_of(group, membership)
    context = _about(request, group) | {"membership": found}
    if found.left_at or not context["decides"]:
        return redirect("members", pk)
    if request.method != "POST":
        return render(request, "mentoring/remove_member.html", context)

    def remove() -> str:
        joining.remove(found, request.user)
        return _("%(name)s er ikke med i gruppen lenger.") % {"name": found.member.name}

    return _done(request, pk, remove)


@login_required
@read_or_post
def replace_member(request: HttpRequest, pk: int, membership: int) -> HttpResponse:
    """`…/deltakere/<membership>/erstatt/`: invites another into a member's place (R035)."""
    group = access.staffed_group_for(request.user, pk)
    found = _member_of(group, membership)
    form = ReplaceForm(request.POST if request.method == "POST" else None)
    context = _about(request, group) | {"membership": found, "form": form}
    if not context["decides"]:
        return redirect("members", pk)
    if request.method == "POST" and form.is_valid():
        try:
            asked = joining.replace(found, form.cleaned_data["email"], form.cleaned_data["name"], request.user)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            text = _("%(email)s er invitert til å ta plassen til %(name)s.")
            messages.success(request, text % {"email": asked.email, "name": found.member.name})
            return redirect("members", pk)
    return render(request, "mentoring/replace_member.html", context, status=REFUSED if form.errors else HTTPStatus.OK)


@login_required
@never_cache
@require_safe
def group_list(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """`/grupper/<id>/liste.csv` and `.xlsx`: the list of members for the mentor; each time is in the log (P7)."""
    group = access.led_group_for(request.user, pk)
    if request.method == "HEAD":
        return HttpResponse(content_type=TYPES[kind])
    content = listing.list_file(group, kind, by=request.user)
    return file_answer(content, TYPES[kind], listing.file_name(group, kind))
