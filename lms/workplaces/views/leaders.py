"""A workplace as its leader sees it: the courses, the list, inviting, reminding."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lms.workplaces import access, following, inviting, leading, listing, reminding, requiring, sharing
from lms.workplaces.forms import DeadlineForm, RequiredCourseForm
from lms.workplaces.models import RequiredCourse, Workplace
from mentoring import rosters
from mentoring.forms.joining import RosterForm
from mentoring.spreadsheet import TYPES, file_answer

REFUSED = HTTPStatus.UNPROCESSABLE_ENTITY
ON_A_PAGE = 100
read_or_post = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@never_cache
@require_safe
def workplaces(request: HttpRequest) -> HttpResponse:
    """`/arbeidsplass/`: the workplaces one leads; who leads one is led there, who leads none to their own sharing.

    Who waits for a workplace to confirm that they lead it, is told so.
    """
    led = list(access.led_workplaces(request.user))
    waiting = [(one, leading.has_lapsed(one)) for one in access.waiting_leaderships(request.user)]
    if not led and not waiting:
        return redirect("my_workplaces")
    if len(led) == 1 and not waiting:
        return redirect("workplace", led[0].pk)
    return render(request, "workplaces/workplaces.html", {"workplaces": led, "waiting": waiting})


@login_required
@never_cache
@require_safe
def workplace(request: HttpRequest, pk: int) -> HttpResponse:
    """`/arbeidsplass/<id>/`: one course at a time (`?kurs=`), who is where in it. Eight queries, however many."""
    found = access.led_workplace_for(request.user, pk)
    courses = requiring.required_courses(found)
    chosen = _chosen(request, courses)
    everybody = list(following.employees_of(found))
    standings = following.standings_of(everybody, [chosen] if chosen else [])
    page = Paginator(standings or everybody, ON_A_PAGE).get_page(request.GET.get("side"))
    context = {
        "workplace": found,
        "courses": courses,
        "chosen": chosen,
        "courses_left": requiring.courses_left(courses),
        "page": page,
        "count": len(everybody),
        "figures": following.figures_of(standings),
        "reminded_again_at": reminding.may_remind_at(chosen) if chosen else None,
    }
    return render(request, "workplaces/workplace.html", context)


def _chosen(request: HttpRequest, courses: list[RequiredCourse]) -> RequiredCourse | None:
    asked = request.GET.get("kurs", "")
    return next((one for one in courses if str(one.pk) == asked), courses[0] if courses else None)


@login_required
@read_or_post
def require(request: HttpRequest, pk: int) -> HttpResponse:
    """`…/kurs/`: puts a course on the list, with its deadline (R050)."""
    found = access.led_workplace_for(request.user, pk)
    there = requiring.required_courses(found)
    form = RequiredCourseForm(request.POST if request.method == "POST" else None, initial={"days": 30}, there=there)
    if request.method == "POST" and _is_there(request, there):
        # The same form once more: the course is on the list.
        return redirect("workplace", pk)
    if request.method == "POST" and form.is_valid():
        try:
            required = requiring.require_course(found, form.cleaned_data["course"], form.deadline(), request.user)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            reminding.tell_of_new_course(required)
            messages.success(request, _("«%(course)s» er på listen.") % {"course": required.course.title})
            return redirect("workplace", pk)
    context = {"workplace": found, "form": form, "sharing_count": _sharing_count(found)}
    return render(request, "workplaces/require.html", context, status=REFUSED if form.errors else HTTPStatus.OK)


def _is_there(request: HttpRequest, there: list[RequiredCourse]) -> bool:
    return request.POST.get("course", "") in {str(required.course_key) for required in there}


def _sharing_count(workplace: Workplace) -> int:
    return len(sharing.active_consents(following.employees_of(workplace)))


def _required(workplace: Workplace, pk: int) -> RequiredCourse:
    standing = workplace.required_courses.filter(ended_at=None).select_related("course")
    required = get_object_or_404(standing, pk=pk)
    required.workplace = workplace
    return required


@login_required
@read_or_post
def requirement(request: HttpRequest, pk: int, required: int) -> HttpResponse:
    """`…/kurs/<id>/`: another deadline, or off the list."""
    found = access.led_workplace_for(request.user, pk)
    course = _required(found, required)
    initial = {"days": course.deadline_days, "on": course.deadline_on}
    form = DeadlineForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        requiring.change_deadline(course, form.deadline(), request.user)
        messages.success(request, _("Fristen er lagret."))
        return redirect("workplace", pk)
    context = {"workplace": found, "required": course, "form": form}
    return render(request, "workplaces/requirement.html", context, status=REFUSED if form.errors else HTTPStatus.OK)


@login_required
@read_or_post
def end_requirement(request: HttpRequest, pk: int, required: int) -> HttpResponse:
    """Takes a course off the list; whoever comes by a link, or back from signing in, is led to the list."""
    found = access.led_workplace_for(request.user, pk)
    course = found.required_courses.filter(pk=required).select_related("course").first()
    if request.method == "POST" and course:
        course.workplace = found
        requiring.end_requirement(course, request.user)
        messages.success(request, _("«%(course)s» er tatt av listen.") % {"course": course.course.title})
    elif course is None:
        get_object_or_404(found.required_courses, pk=required)
    return redirect("workplace", pk)


@login_required
@never_cache
@read_or_post
def remind(request: HttpRequest, pk: int, required: int) -> HttpResponse:
    """`…/minn/`: who gets the reminder, before it is sent; at most once a week."""
    found = access.led_workplace_for(request.user, pk)
    course = _required(found, required)
    if request.method == "POST":

        def send() -> str:
            count = reminding.remind_by_hand(course, request.user)
            words = ngettext("%(count)s ansatt er minnet om kurset.", "%(count)s ansatte er minnet om kurset.", count)
            return words % {"count": count}

        return _done(request, pk, send)
    recipients = reminding.would_remind(course)
    context = {
        "workplace": found,
        "required": course,
        "recipients": recipients,
        "again_at": reminding.may_remind_at(course),
    }
    return render(request, "workplaces/remind.html", context)


@login_required
@read_or_post
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """`…/inviter/`: addresses or a file, looked over line by line before anything is sent."""
    found = access.led_workplace_for(request.user, pk)
    is_sent = request.method == "POST"
    form = RosterForm(*((request.POST, request.FILES) if is_sent else ()))
    context: dict[str, Any] = {"workplace": found, "form": form, "courses": requiring.required_courses(found)}
    if not context["courses"]:
        messages.info(request, _("Sett et kurs på listen først, så de ansatte vet hva de blir spurt om."))
        return redirect("require_course", pk)
    if is_sent and form.is_valid():
        roster = inviting.check(form.cleaned_data["roster"], found)
        return render(request, "workplaces/roster.html", context | {"roster": roster})
    return render(request, "workplaces/invite.html", context, status=REFUSED if form.errors else HTTPStatus.OK)


@login_required
@read_or_post
def send_invitations(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks everybody on the list that was looked over."""
    found = access.led_workplace_for(request.user, pk)

    def send() -> str:
        roster = rosters.read_text(request.POST.get("text", ""))
        return rosters.sent_words(inviting.invite_all(roster, found, request.user))

    return _done(request, pk, send) if request.method == "POST" else redirect("workplace", pk)


@login_required
@read_or_post
def resend(request: HttpRequest, pk: int, employee: int) -> HttpResponse:
    """Asks somebody who has not answered once more."""
    found = access.led_workplace_for(request.user, pk)
    asked = get_object_or_404(following.employees_of(found), pk=employee)

    def send() -> str:
        if inviting.send_again(asked, request.user):
            return _("Invitasjonen til %(email)s er sendt på nytt.") % {"email": asked.email}
        return _("%(email)s er spurt den siste uken. Invitasjonen gjelder.") % {"email": asked.email}

    return _done(request, pk, send) if request.method == "POST" else redirect("workplace", pk)


@login_required
@read_or_post
def remove(request: HttpRequest, pk: int, employee: int) -> HttpResponse:
    """`…/ansatte/<id>/fjern/`: asks, then takes an employee off the list."""
    found = access.led_workplace_for(request.user, pk)
    gone = get_object_or_404(found.employees.select_related("workplace"), pk=employee)
    if gone.removed_at:
        return redirect("workplace", pk)
    if request.method != "POST":
        return render(request, "workplaces/remove.html", {"workplace": found, "employee": gone})

    def take_off() -> str:
        sharing.remove(gone, request.user)
        return _("%(name)s er tatt av listen.") % {"name": gone}

    return _done(request, pk, take_off)


@login_required
@never_cache
@require_safe
def employee_list(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """`…/liste.csv` and `.xlsx`: what the page shows, of all courses; each time is in the log (P7)."""
    found = access.led_workplace_for(request.user, pk)
    if request.method == "HEAD":
        return HttpResponse(content_type=TYPES[kind])
    content = listing.list_file(found, kind, by=request.user)
    return file_answer(content, TYPES[kind], listing.file_name(found, kind))


def _done(request: HttpRequest, pk: int, work: Callable[[], str]) -> HttpResponse:
    """Does it, says how it went, and leads to the list."""
    try:
        messages.success(request, work())
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    return redirect("workplace", pk)
