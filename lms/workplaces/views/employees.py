"""What employees see and decide: which workplaces see what of them, and ceasing to share (R051)."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lms.workplaces import access, requiring, sharing
from lms.workplaces.following import standings_of
from lms.workplaces.models import Consent, Employee
from lms.workplaces.sharing import active_consents, employments_of
from lms.workplaces.stopping import set_stopped


@login_required
@never_cache
@require_safe
def my_workplaces(request: HttpRequest) -> HttpResponse:
    """`/arbeidsplass/deling/`: the workplaces that see whether one has taken a course, and what they see now."""
    employments = list(employments_of(request.user))
    consents = active_consents(employments)
    rows = [_row(request.user, employment, consents.get(employment.pk)) for employment in employments]
    past = Consent.objects.filter(person=request.user, withdrawn_at__isnull=False)
    context = {"rows": rows, "past": past.select_related("employee__workplace").order_by("-withdrawn_at")}
    return render(request, "workplaces/my_workplaces.html", context)


def _row(user: Any, employment: Employee, consent: Consent | None) -> dict[str, Any]:
    courses = requiring.required_courses(employment.workplace)
    outlines = {required.pk: requiring.outline_of(required) for required in courses}
    return {
        "employment": employment,
        "consent": consent,
        "leaders": [leading.person.name for leading in access.leaders_of(employment.workplace)],
        "courses": [(one, outlines[one.required.pk]) for one in standings_of([employment], courses)],
        "lacking": sharing.lacking_courses(employment, user),
    }


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_sharing(request: HttpRequest, employee: int) -> HttpResponse:
    """Ceases to share, shares again, enrols, or leaves the list. Takes effect at once (R052)."""
    employment = access.own_employment_for(request.user, employee)
    if request.method == "POST":
        try:
            messages.success(request, _changed(request.user, employment, request.POST.get("do", "")))
        except ValidationError as refusal:
            messages.error(request, refusal.messages[0])
    return redirect("my_workplaces")


def _changed(user: Any, employment: Employee, what: str) -> str:
    words = {"workplace": employment.workplace.name}
    if what == "share":
        sharing.share(employment, user)
        return _("%(workplace)s ser nå om du har begynt og fullført.") % words
    if what == "stop":
        sharing.do_not_share(employment, user)
        return _("%(workplace)s ser ikke lenger noe om kursene dine.") % words
    if what == "leave":
        sharing.leave(employment, user)
        return _("Du er tatt av listen til %(workplace)s.") % words
    if what == "enrol":
        sharing.enrol_in_required(employment, user)
        return _("Du er påmeldt.")
    if what in {"quiet", "remind"}:
        set_stopped(employment, what == "quiet")
        return _("Påminnelsene er stoppet.") if what == "quiet" else _("Du får påminnelser igjen.")
    raise ValidationError(_("Dette valget finnes ikke."))
