"""The public check of a certificate, and the learner's own claim. Codes are all one needs to look (R042, S19)."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus

from allauth.core.internal import ratelimit
from django.contrib.auth.decorators import login_required
from django.contrib.messages import get_messages
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from certificates.codes import certificate_for_code
from certificates.eligibility import certificate_of, course_of, unmet_requirements
from certificates.forms import ClaimForm, CodeForm
from certificates.issuing import issue_certificate, issue_package_certificate
from certificates.members import member_for, standing_of
from certificates.models import Certificate
from certificates.presenting import impersonal_words, personal_words, public_facts
from modules.enrolment import current_attempt
from modules.kept_pages import visitors_page

# A hospital is one address to us: who is signed in is counted alone, so that a whole class can fetch its own.
# Thirty and sixty a minute: the first of them is counted apart.
RATES = {"check": "29/m/ip", "check_signed_in": "59/m/user"}
FIRST = {action: ratelimit.parse_rate(rate) for action, rate in RATES.items()}


def for_anyone(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page without sign-in that nobody should index, store or call in a rush (S19)."""

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if _counted(request):
            response = view(request, *args, **kwargs)
        else:
            response = render(request, "certificates/too_many.html", status=HTTPStatus.TOO_MANY_REQUESTS)
            response["Retry-After"] = "60"
        response["X-Robots-Tag"] = "noindex"
        return response

    return never_cache(guarded)


def _counted(request: HttpRequest) -> bool:
    """Counts the request for its address or person; False when there have been too many, or nothing counts (S19)."""
    action = "check_signed_in" if request.user.is_authenticated else "check"
    rate = FIRST[action]
    # Most who check one certificate ask once: that takes one word to the cache, where a list of times takes four.
    first = ratelimit.get_cache_key(request, app="certificates", action=f"first_{action}", rate=rate)
    if cache.add(first, True, rate.duration):
        return True
    return bool(ratelimit.consume(request, app="certificates", action=action, config=RATES, limit_get=True))


@for_anyone
@require_safe
def check(request):
    """The form for a code."""
    form = CodeForm(request.GET if "code" in request.GET else None)
    if form.is_valid():
        return redirect("certificate", form.cleaned_data["code"])
    return render(request, "certificates/check.html", {"form": form})


@for_anyone
@require_safe
def certificate(request, code):
    """Everything the certificate says, to whoever has its code (B10)."""
    found = certificate_for_code(code)
    return _page(request, found, HTTPStatus.OK) if found else _unknown(request)


@for_anyone
@require_safe
def certificate_pdf(request, code):
    """The file as it was issued; gone once the certificate no longer stands."""
    found = certificate_for_code(code)
    if found is None:
        return _unknown(request)
    if found.status != Certificate.Status.VALID:
        return _page(request, found, HTTPStatus.GONE)
    name = f"Kursbevis {found.holder_name}.pdf"
    headers = {"Content-Disposition": content_disposition_header(as_attachment=False, filename=name)}
    return HttpResponse(bytes(found.file.content), content_type="application/pdf", headers=headers)


@for_anyone
@require_safe
def certificate_json(request, code):
    """The same facts for a machine."""
    found = certificate_for_code(code)
    if found is None:
        return JsonResponse({"status": "unknown"}, status=HTTPStatus.NOT_FOUND)
    return JsonResponse(public_facts(found), json_dumps_params={"ensure_ascii": False})


@login_required
@never_cache
def claim(request, course_key):
    """What is left before a certificate, or the name to print; posting issues it at once."""
    attempt = current_attempt(request.user, course_key)
    if attempt is None:
        raise Http404
    existing = certificate_of(attempt)
    if existing and existing.status == Certificate.Status.VALID:
        return redirect(existing.url)
    form = ClaimForm(request.POST or None, initial={"name": request.user.name})
    # What is wrong with the name is said at its field.
    unmet = [missing for missing in unmet_requirements(attempt) if missing.code != "name"]
    if not unmet and form.is_valid():
        try:
            return redirect(issue_certificate(attempt, name=form.cleaned_data["name"]).url)
        except ValidationError as refusal:
            form.add_error(None, refusal)
    course = course_of(attempt)
    title = course.title if course else attempt.enrolment.course.title
    return render(request, "certificates/claim.html", {"form": form, "unmet": unmet, "title": title})


@login_required
@never_cache
def claim_package(request, group_id):
    """The same for the package that the learner goes through with this group."""
    membership = member_for(request.user, group_id)
    case = standing_of([membership])[membership.pk]
    if case.certificate and case.certificate.status == Certificate.Status.VALID:
        return redirect(case.certificate.url)
    form = ClaimForm(request.POST or None, initial={"name": request.user.name})
    unmet = case.to_do
    if not unmet and form.is_valid():
        try:
            return redirect(issue_package_certificate(membership, name=form.cleaned_data["name"]).url)
        except ValidationError as refusal:
            form.add_error(None, refusal)
    context = {"form": form, "unmet": unmet, "title": membership.group.package.name, "group": membership.group}
    return render(request, "certificates/claim.html", context)


def _page(request, found, status):
    words, personal = impersonal_words(found), personal_words(found)
    if request.user.is_authenticated or get_messages(request):
        own = {"is_own": found.learner_id == request.user.pk}
        return render(request, "certificates/certificate.html", words | personal | own, status=status)
    return HttpResponse(visitors_page(request, "certificates/certificate.html", words, personal), status=status)


def _unknown(request):
    return render(request, "certificates/unknown.html", status=HTTPStatus.NOT_FOUND)
