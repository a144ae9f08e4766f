"""Pages behind secret addresses: the employee's answer, the workplace's answer, and stopping reminders."""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from lms.workplaces import access, leading, sharing, stopping
from lms.workplaces.models import Employee, Leadership
from mentoring.views.joining import by_secret

read_or_post = require_http_methods(["GET", "HEAD", "POST"])
# What each button means: whether one is enrolled, and whether one shares.
ANSWERS = {"enrol_share": (True, True), "enrol": (True, False), "share": (False, True), "no": (False, False)}


@by_secret
@read_or_post
def answer_workplace(request: HttpRequest, token: str) -> HttpResponse:
    """`/arbeidsplass/svar/<token>/`: who asks, what is shared and what never; the person decides."""
    employee = Employee.objects.filter(token=token).select_related("workplace", "added_by").first()
    if employee is None:
        return _closed(request, "unknown", HTTPStatus.NOT_FOUND)
    if employee.removed_at:
        return _closed(request, "removed", HTTPStatus.GONE)
    if employee.person_id:
        is_own = request.user.is_authenticated and request.user.pk == employee.person_id
        return redirect("my_workplaces") if is_own else _closed(request, "answered", HTTPStatus.GONE)
    if request.method == "POST":
        return _answered(request, employee, request.POST.get("answer", ""))
    return _question(request, employee)


def _question(request: HttpRequest, employee: Employee) -> HttpResponse:
    is_in = request.user.is_authenticated
    context = {
        "employee": employee,
        "workplace": employee.workplace,
        "leaders": [leading.person.name for leading in access.leaders_of(employee.workplace)],
        "courses": sharing.asked_with_deadlines(employee),
        "lacking": sharing.lacking_courses(employee, request.user) if is_in else [],
    }
    return render(request, "workplaces/answer.html", context)


def _answered(request: HttpRequest, employee: Employee, answer: str) -> HttpResponse:
    if answer not in ANSWERS:
        return redirect(request.path)
    if not request.user.is_authenticated:
        if answer != "no":
            return redirect_to_login(request.path)
        sharing.do_not_share(employee)
        messages.success(request, _("Svaret er lagret. Arbeidsplassen ser bare at du ikke deler."))
        return redirect(request.path)
    enrols, shares = ANSWERS[answer]
    try:
        if shares:
            sharing.share(employee, request.user)
        else:
            sharing.do_not_share(employee, request.user)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
        return redirect(request.path)
    courses = sharing.enrol_in_required(employee, request.user) if enrols else []
    _say(request, employee, bool(courses), shares)
    return redirect("my_workplaces")


def _say(request: HttpRequest, employee: Employee, enrolled: bool, shares: bool) -> None:
    words = {"workplace": employee.workplace.name}
    told = [_("Du er påmeldt.")] if enrolled else []
    told.append(
        _("%(workplace)s ser nå om du har begynt og fullført.") % words
        if shares
        else _("%(workplace)s ser bare at du ikke deler.") % words
    )
    messages.success(request, " ".join(told))


@by_secret
@read_or_post
def confirm_leader(request: HttpRequest, token: str) -> HttpResponse:
    """`/arbeidsplass/bekreft/<token>/`: the workplace says whether somebody leads it. Nothing happens on a GET."""
    question = leading.question_of(token)
    if question is None:
        return _closed(request, "question", HTTPStatus.NOT_FOUND)
    if request.method != "POST":
        return _leader_page(request, question)
    try:
        return _leader_answered(request, question, request.POST.get("answer", ""))
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
        return redirect(request.path)


def _leader_answered(request: HttpRequest, question: Leadership, answer: str) -> HttpResponse:
    words = {"leader": question.person.name, "workplace": question.workplace.name}
    if answer == "yes":
        leading.confirm(question, request.user if request.user.is_authenticated else None)
    elif answer == "no":
        leading.refuse(question)
        messages.success(request, _("Takk for svaret. %(leader)s ser ingenting om %(workplace)s.") % words)
    return redirect(request.path)


def _leader_page(request: HttpRequest, question: Leadership) -> HttpResponse:
    is_own = request.user.is_authenticated and request.user.pk == question.person_id
    return render(request, "workplaces/confirm_leader.html", {"question": question, "is_own": is_own})


# The signed address is the right; a mail program has no form of ours (RFC 8058).
@csrf_exempt
@read_or_post
def workplace_stop(request: HttpRequest, signed: str) -> HttpResponse:
    """`/arbeidsplass/stopp/<signed>/`: asks on GET, stops or starts on POST, also by the button of a mail program."""
    employee = stopping.employee_of(signed)
    if employee is None:
        raise Http404
    if request.method != "POST":
        return render(request, "workplaces/stop.html", {"employee": employee})
    stopping.set_stopped(employee, "start" not in request.POST)
    if "List-Unsubscribe" in request.POST:
        return HttpResponse(_("Stoppet."), content_type="text/plain; charset=utf-8")
    return redirect("workplace_stop", signed)


def _closed(request: HttpRequest, why: str, status: HTTPStatus) -> HttpResponse:
    return render(request, "workplaces/closed.html", {"why": why}, status=status)
