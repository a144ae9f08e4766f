"""My account: what a person can see, change, take with them and delete of themselves."""

import time

from allauth.account import app_settings
from allauth.account.authentication import get_authentication_records
from allauth.account.decorators import reauthentication_required
from allauth.account.views import SignupView
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lms.accounts import certificate_names
from lms.accounts.erasure import erase_person
from lms.accounts.exports import export_person
from lms.accounts.group_erasure import why_not_erase
from lms.accounts.models import User
from lms.accounts.profile import EraseForm, ProfileForm
from lms.workplaces.inviting import question_behind
from lms.workplaces.models import Employee
from lms.workplaces.sharing import shared_with
from mentoring.invitations import invitation_behind
from mentoring.models import Invitation


class SignUp(SignupView):
    """Signing up. Who comes from a personal invitation finds their name and address there, and may change both."""

    def get_initial(self) -> dict:
        asked = _asked_at(self.request.GET.get(self.redirect_field_name, ""))
        return super().get_initial() | ({"name": asked.name, "email": asked.email} if asked else {})


def _asked_at(path: str) -> Invitation | Employee | None:
    """Who is asked by the secret address `path` and has not answered; None for any other address."""
    try:
        found = resolve(path)
    except Resolver404:
        return None
    # PostgreSQL cannot look for this sign, and no token has it.
    token = str(found.kwargs.get("token", "")).replace("\x00", "")
    behind = {"invitation": invitation_behind, "answer_workplace": question_behind}.get(found.url_name)
    return behind(token) if behind else None


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """My account: the profile, and the ways to everything else about signing in."""
    form = ProfileForm(request.POST or None, instance=User.objects.get(pk=request.user.pk))
    if request.method == "POST" and form.is_valid():
        person = form.save()
        messages.success(request, _("Opplysningene er lagret."))
        has_others = "name" in form.changed_data and certificate_names.in_another_name(person)
        return redirect("name_changed" if has_others else "account")
    return render(request, "accounts/account.html", {"form": form, "shared_with": shared_with(request.user)})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def name_changed(request: HttpRequest) -> HttpResponse:
    """Asks whether certificates in another name are to be issued anew (P11)."""
    certificates = certificate_names.in_another_name(request.user)
    if request.method == "POST":
        try:
            certificate_names.reissue(request.user)
        except ValidationError as refusal:
            for sentence in refusal.messages:
                messages.error(request, sentence)
            return redirect("account")
        messages.success(request, _("Kursbevisene er utstedt på nytt med navnet ditt."))
        return redirect("my_page")
    if not certificates:
        return redirect("account")
    return render(request, "accounts/name_changed.html", {"certificates": certificates})


@login_required
@require_POST
def export_data(request: HttpRequest) -> HttpResponse:
    """Everything we know about the person, as a ZIP (P9)."""
    name = f"refleks-mine-data-{timezone.localdate():%Y-%m-%d}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(export_person(request.user), content_type="application/zip", headers=headers)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(allow_get=True)
def erase_account(request: HttpRequest) -> HttpResponse:
    """Says what goes and what stays, and erases the person when they confirm it."""
    has_certificates = certificate_names.standing(request.user).exists()
    recent, why_not = _signed_in_lately(request), why_not_erase(request.user)
    if request.method == "POST" and not recent:
        return _sign_in_again(request)
    form = EraseForm(request.POST or None, has_certificates=has_certificates)
    if request.method == "POST" and not why_not and form.is_valid():
        erase_person(request.user, keep_certificates=form.cleaned_data.get("keep_certificates", True))
        logout(request)
        return redirect("account_erased")
    context = {"form": form, "has_certificates": has_certificates, "recent": recent, "why_not": why_not}
    return render(request, "accounts/delete.html", context)


@require_GET
def account_erased(request: HttpRequest) -> HttpResponse:
    """Says that it is done. The same page for everybody."""
    return render(request, "accounts/erased.html")


def _signed_in_lately(request: HttpRequest) -> bool:
    # Whoever has a password or a second factor was asked for it by allauth; a mailed code is asked for here.
    records = get_authentication_records(request, request.user)
    return bool(records) and time.time() - records[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT


def _sign_in_again(request: HttpRequest) -> HttpResponse:
    target = reverse("account_login") + "?" + urlencode({"next": reverse("erase_account")})
    logout(request)
    messages.info(request, _("Logg inn en gang til, så vi vet at det er deg som vil slette kontoen."))
    return redirect(target)
