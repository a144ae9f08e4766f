"""A workplace asks for a group: the open packages, the application, and how it stands."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from mentoring import access, applications, rounds
from mentoring.forms.applications import ApplicationForm, WithdrawForm
from mentoring.models import Application, LearningGroup, Package
from mentoring.packages import plan_of

Status = Application.Status
read_or_post = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def sign_up(request: HttpRequest) -> HttpResponse:
    """`/grupper/soknad/`: the packages that workplaces can apply for, what they are and how it goes."""
    context = {
        "offers": [_offer(package) for package in rounds.open_packages()],
        "applications": access.applications_for(request.user) if request.user.is_authenticated else [],
    }
    return render(request, "mentoring/sign_up.html", context)


def _offer(package: Package) -> dict[str, Any]:
    going = rounds.open_rounds(package)
    closed = not going and bool(package.rounds.all())
    plan = plan_of(package, get_language())
    return {
        "package": package,
        "plan": plan,
        "modules": sum(len(meeting.modules) for meeting in plan),
        "lengths": sorted({meeting.step.minutes for meeting in plan}),
        "rounds": going,
        "closed": closed,
        "coming": rounds.coming_round(package) if closed else None,
    }


@login_required
@read_or_post
def apply(request: HttpRequest, package: int) -> HttpResponse:
    """`/grupper/soknad/<package>/`: the application on one page."""
    found = rounds.open_packages().filter(pk=package).first()
    if found is None:
        raise Http404
    offer, person = _offer(found), request.user
    # A parent's own workplace is no name of a group of parents.
    own = {"workplace": "" if found.is_for_relatives else person.workplace, "municipality": person.municipality}
    form = ApplicationForm(request.POST or None, initial=own, package=found, rounds=offer["rounds"])

    def send() -> Application:
        sent, is_new = applications.apply(person, found, form.facts, form.cleaned_data.get("round"))
        if not is_new:
            messages.info(request, _("Søknaden fra %(workplace)s er sendt fra før.") % {"workplace": sent.workplace})
        return sent

    there = [one for one in access.applications_for(person) if one.package_id == found.pk and one.is_open]
    context = offer | {"form": form, "there": there}
    return _answer(request, form, send, "mentoring/apply.html", context)


@login_required
@require_safe
def application(request: HttpRequest, pk: int) -> HttpResponse:
    """`/grupper/soknader/<id>/`: how the application stands, and what happens next."""
    found = access.application_for(request.user, pk)
    line = list(rounds.waiting_list(found.package, found.round).values_list("pk", flat=True))
    context = {
        "application": found,
        "events": found.events.all(),
        "place_in_line": line.index(found.pk) + 1 if found.pk in line else None,
        "may_change": found.status in applications.UNDECIDED,
        "may_withdraw": _may_withdraw(found),
        "too_many": found.expected_size > found.package.max_members,
    }
    return render(request, "mentoring/application.html", context)


def _may_withdraw(found: Application) -> bool:
    not_begun = found.group is None or found.group.status == LearningGroup.Status.PLANNED
    return found.is_open and not_begun


@login_required
@read_or_post
def change_application(request: HttpRequest, pk: int) -> HttpResponse:
    """`/grupper/soknader/<id>/endre/`: puts right what was written, until there is an answer."""
    found = access.application_for(request.user, pk)
    if found.status not in applications.UNDECIDED:
        return redirect("application", found.pk)
    facts = {name: getattr(found, name) for name in applications.FACTS}
    form = ApplicationForm(request.POST or None, initial=facts, package=found.package, rounds=[])

    def save() -> Application:
        changed = applications.change(found, request.user, form.facts)
        messages.success(request, _("Søknaden er endret."))
        return changed

    return _answer(request, form, save, "mentoring/change_application.html", {"form": form, "application": found})


@login_required
@read_or_post
def withdraw_application(request: HttpRequest, pk: int) -> HttpResponse:
    """`/grupper/soknader/<id>/trekk/`: says what follows, asks why, and takes the application back."""
    found = access.application_for(request.user, pk)
    if not _may_withdraw(found):
        return redirect("application", found.pk)
    form = WithdrawForm(request.POST or None)

    def take_back() -> Application:
        gone = applications.withdraw(found, request.user, form.cleaned_data["reason"])
        messages.success(request, _("Søknaden er trukket."))
        return gone

    context = {"form": form, "application": found}
    return _answer(request, form, take_back, "mentoring/withdraw_application.html", context)


def _answer(
    request: HttpRequest, form: Any, act: Callable[[], Application], template: str, context: dict[str, Any]
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("application", act().pk)
        except ValidationError as refusal:
            form.add_error(None, refusal)
    return render(request, template, context, status=422 if form.errors else 200)
