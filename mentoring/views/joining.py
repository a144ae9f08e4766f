"""Coming into a group by invitation or link, promising confidentiality, and leaving."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from allauth.core.internal import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from mentoring import access, invitations, joining
from mentoring.forms.joining import ConfirmForm, PositionForm
from mentoring.models import Invitation, LearningGroup, Membership

# A workplace is one address to us: who is signed in is counted alone.
RATES = {"token": "30/m/ip", "token_signed_in": "60/m/user"}
read_or_post = require_http_methods(["GET", "HEAD", "POST"])
Join = Callable[[int | None], Membership]


def by_secret(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page behind a secret address: nobody stores it, indexes it, or finds another by trying (S13)."""

    @wraps(view)
    def guarded(request: HttpRequest, token: str) -> HttpResponse:
        action = "token_signed_in" if request.user.is_authenticated else "token"
        if ratelimit.consume(request, app="mentoring", action=action, config=RATES, limit_get=True):
            # PostgreSQL cannot look for this sign, and no token has it.
            response = view(request, token.replace("\x00", ""))
        else:
            response = render(request, "mentoring/too_many.html", status=HTTPStatus.TOO_MANY_REQUESTS)
            response["Retry-After"] = "60"
        response["X-Robots-Tag"] = "noindex"
        # Not "no-referrer": then a browser posts with `Origin: null`, which the check of posts refuses.
        response["Referrer-Policy"] = "same-origin"
        return response

    return never_cache(guarded)


@by_secret
@read_or_post
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """`/grupper/invitasjon/<token>/`: who invites to what; signed in, one button joins."""
    found = Invitation.objects.filter(token=token).select_related(
        "group__package", "group__mentor", "invited_by", "accepted_by", "replaces"
    )
    asked = found.first()
    if asked is None:
        return _closed(request, "unknown", HTTPStatus.NOT_FOUND)
    if inside := _inside(request, asked.group):
        return inside
    if asked.withdrawn_at or asked.accepted_at:
        return _closed(request, "withdrawn" if asked.withdrawn_at else "used", HTTPStatus.GONE)
    asks = asked.position_percent is None
    return _door(request, asked.group, asks, lambda position: joining.accept(asked, request.user, position), asked)


@by_secret
@read_or_post
def join_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """`/grupper/bli-med/<token>/`: the group's own link; the same page, without a name on it."""
    group = invitations.group_for_link(token)
    if group is None:
        return _closed(request, "link", HTTPStatus.NOT_FOUND)
    if inside := _inside(request, group):
        return inside
    return _door(request, group, True, lambda position: joining.join_by_link(token, request.user, position))


def posted(request: HttpRequest) -> Any:
    """What was posted, for a form that may have no fields at all; None when nothing was."""
    return request.POST if request.method == "POST" else None


def _inside(request: HttpRequest, group: LearningGroup) -> HttpResponse | None:
    """Where members and the mentor go who open a way in; None for everybody else."""
    if not request.user.is_authenticated:
        return None
    if request.user.pk == group.mentor_id:
        return redirect("members", group.pk)
    return redirect("group", group.pk) if access.own_membership(request.user, group) else None


def _door(
    request: HttpRequest, group: LearningGroup, asks: bool, join: Join, invitation: Invitation | None = None
) -> HttpResponse:
    """The page in front of a group, and joining it. `asks` is False when the position is known already."""
    if closed := _no_way_in(request, group, invitation):
        return closed
    form = PositionForm(posted(request), asks=asks and group.package.expected_position is not None)
    if request.method == "POST" and not request.user.is_authenticated:
        return redirect_to_login(request.path)
    if request.method == "POST" and form.is_valid():
        return _joined(request, group, lambda: join(form.cleaned_data.get("position_percent")))
    context = {"group": group, "invitation": invitation, "form": form, "meetings": group.meetings.count()}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "mentoring/door.html", context, status=status)


def _no_way_in(request: HttpRequest, group: LearningGroup, invitation: Invitation | None) -> HttpResponse | None:
    if not invitations.is_open(group):
        return _closed(request, "ended", HTTPStatus.GONE)
    if not joining.places_left(group) and not (invitation and invitation.replaces):
        return _closed(request, "full", HTTPStatus.CONFLICT, invitation=invitation)
    return None


def _joined(request: HttpRequest, group: LearningGroup, join: Callable[[], Membership]) -> HttpResponse:
    try:
        membership = join()
    except ValidationError as refusal:
        return _closed(request, "refused", HTTPStatus.CONFLICT, reason=refusal.messages[0])
    messages.success(request, _("Velkommen. Du er med i gruppen «%(group)s».") % {"group": group.name})
    return redirect("group" if membership.confirmed_at else "confidentiality", group.pk)


def _closed(request: HttpRequest, why: str, status: HTTPStatus, **context: Any) -> HttpResponse:
    return render(request, "mentoring/door_closed.html", {"why": why} | context, status=status)


def _own(request: HttpRequest, pk: int) -> Membership:
    """The member's own place in the group; Http404 for others, the mentor too."""
    membership = access.own_membership(request.user, access.group_for(request.user, pk))
    if membership is None:
        raise Http404
    return membership


@login_required
@read_or_post
def confidentiality(request: HttpRequest, pk: int) -> HttpResponse:
    """`/grupper/<id>/taushet/`: what the members promise each other, to read and confirm (R122)."""
    membership = _own(request, pk)
    form = ConfirmForm(posted(request))
    if request.method == "POST" and form.is_valid():
        joining.confirm(membership)
        messages.success(request, _("Takk. Nå har du bekreftet taushet."))
        return redirect("group", pk)
    context = {"group": membership.group, "membership": membership, "form": form}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "mentoring/confidentiality.html", context, status=status)


@login_required
@read_or_post
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """`/grupper/<id>/slutt/`: says what stays and what goes, and ends the membership."""
    membership = _own(request, pk)
    if request.method == "POST":
        try:
            joining.leave(membership, by=request.user)
        except ValidationError as refusal:
            messages.error(request, refusal.messages[0])
            return redirect("group", pk)
        messages.success(request, _("Du er ikke med i «%(group)s» lenger.") % {"group": membership.group.name})
        return redirect("groups")
    context = {"group": membership.group, "is_open": invitations.is_open(membership.group)}
    return render(request, "mentoring/leave.html", context)
