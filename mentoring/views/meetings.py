"""The page of a meeting, the attendance that the mentor marks there, and what members bring to it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mentoring import access, attendance, bringing, meetings, preparation, sensitive
from mentoring.calendar import is_announced
from mentoring.calendar_format import REQUEST, invitation
from mentoring.models import Meeting, MeetingReply, Membership
from mentoring.stopping import reminders_path
from mentoring.walltime import zone_words

read_or_post = require_http_methods(["GET", "HEAD", "POST"])
REFUSED = 422


@login_required
@require_safe
def meeting(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """`/grupper/<id>/moter/<n>/`: everything about one meeting, for a member and for the mentor."""
    found = access.meeting_for(request.user, pk, number)
    course = preparation.course_of(found.group, get_language())
    context = meetings.common_context(found, timezone.now()) | {
        "course": course,
        "zone": zone_words(found.starts_at, found.zone) if found.starts_at else "",
        "count": found.group.meetings.count(),
        "leads": found.group.mentor_id == request.user.pk,
    }
    if context["leads"]:
        return render(request, "mentoring/meeting.html", context | _for_mentor(found, course))
    return render(request, "mentoring/meeting.html", context | _for_member(request.user, found, course))


@login_required
@require_safe
def meeting_ics(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """`…/mote.ics`: the invitation once more, the same as in the mail, so that later changes find it (I10)."""
    found = access.meeting_for(request.user, pk, number)
    if not is_announced(found):
        raise Http404
    reply = found.replies.filter(membership__member=request.user).first()
    text = invitation(found, request.user, REQUEST, timezone.now(), reply.answer if reply else "")
    answer = HttpResponse(text, content_type="text/calendar; method=REQUEST; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="mote.ics"'
    return answer


@login_required
@require_POST
def report_shown(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """`…/meld/`: somebody can be known again in what was shown; one press takes it away (P12)."""
    found = access.meeting_for(request.user, pk, number)
    try:
        sensitive.report_shown(found, request.user)
        said = _("Det som var tatt med, er tatt bort. Mentoren og senteret får vite at noe er meldt, ikke av hvem.")
        messages.success(request, said)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    return redirect("meeting", pk, number)


def _for_mentor(found: Meeting, course) -> dict:
    people = meetings.people_at(found, course)
    here = [person for person in people if not person.membership.left_at]
    return {
        "people": people,
        "here": here,
        "modules": preparation.modules_before(found, course),
        "ready": sum(not person.lacking for person in here),
        "coming": [person for person in here if person.reply == MeetingReply.Answer.YES],
        "not_coming": [person for person in here if person.reply == MeetingReply.Answer.NO],
        "silent": [person for person in here if not person.reply],
        "unconfirmed": [person for person in here if not person.membership.confirmed_at],
        "attended": meetings.attended(found, people),
        "instead": meetings.instead_of(found, here),
        "brought_count": bringing.brought_count(found),
        "brought_shown": bringing.is_shown(found),
    }


def _for_member(user, found: Meeting, course) -> dict:
    membership = access.own_membership(user, found.group)
    if membership is None:
        raise Http404
    own = found.replies.filter(membership=membership).first()
    choices = bringing.choices_of(membership, found, course)
    return {
        "membership": membership,
        "modules": meetings.own_work(membership, found, course),
        "coming": meetings.who_comes(found),
        "reply": own.answer if own else "",
        "mark": found.attendances.filter(membership=membership).first(),
        "made_up": found.make_ups.filter(membership=membership).exists(),
        "brings": [choice for choice in choices if choice.brought],
        "can_bring": bool(choices),
        "reminders_path": reminders_path(membership),
    }


@login_required
@read_or_post
def mark(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """`…/oppmote/`: one tap for a person. An empty status takes the mark back."""
    found = access.led_meeting_for(request.user, pk, number)
    if request.method != "POST":
        return redirect("meeting", pk, number)
    membership = _member_of(found, request.POST.get("member", ""))
    status = request.POST.get("status", "")
    try:
        if status:
            attendance.record(found, membership, status, request.user)
        else:
            attendance.unmark(found, membership, request.user)
    except ValidationError as refusal:
        if request.htmx:
            # htmx then sends the form the plain way, and the page says it.
            return HttpResponse(status=REFUSED)
        messages.error(request, refusal.messages[0])
    if request.htmx:
        return _marked_row(request, found, membership)
    return redirect(f"{reverse('meeting', args=[pk, number])}#deltaker-{membership.pk}")


def _marked_row(request: HttpRequest, found: Meeting, membership: Membership) -> HttpResponse:
    found.refresh_from_db()
    found.group = membership.group
    person = meetings.person_at(found, membership)
    course = preparation.course_of(found.group, get_language())
    context = {"meeting": found, "group": found.group, "person": person, "just_marked": True}
    context["attended"] = meetings.attended(found, meetings.people_at(found, course))
    return render(request, "mentoring/_marked.html", context)


@login_required
@read_or_post
def make_up(request: HttpRequest, pk: int, number: int, membership: int) -> HttpResponse:
    """`…/ta-igjen/<membership>/`: the mentor writes what a member did instead, or takes it back."""
    found = access.led_meeting_for(request.user, pk, number)
    member = _member_of(found, str(membership))
    page = f"{reverse('meeting', args=[pk, number])}#deltaker-{member.pk}"
    reason, error = request.POST.get("reason", ""), ""
    if request.method == "POST" and "remove" in request.POST:
        attendance.remove_make_up(found, member, request.user)
        messages.success(request, _("Møtet er ikke lenger ført som tatt igjen."))
        return redirect(page)
    if request.method == "POST":
        try:
            attendance.make_up(found, member, reason, request.user)
        except ValidationError as refusal:
            error = refusal.messages[0]
        else:
            messages.success(request, _("Møtet er ført som tatt igjen av %(name)s.") % {"name": member.member.name})
            return redirect(page)
    context = {"meeting": found, "group": found.group, "person": meetings.person_at(found, member)}
    context |= {"reason": reason, "error": error, "limit": found.group.package.make_ups}
    return render(request, "mentoring/make_up.html", context, status=REFUSED if error else 200)


@login_required
@read_or_post
def bring(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """`…/ta-med/`: the member's own texts, each with a tick for "take it to the meeting"."""
    found = access.meeting_for(request.user, pk, number)
    membership = access.own_membership(request.user, found.group)
    if membership is None:
        raise Http404
    error = ""
    if request.method == "POST":
        try:
            count = bringing.bring(membership, found, _ids(request, "entry"), _ids(request, "named"))
        except ValidationError as refusal:
            error = refusal.messages[0]
        else:
            messages.success(request, _said_brought(count))
            return redirect("meeting", pk, number)
    course = preparation.course_of(found.group, get_language())
    context = {"meeting": found, "group": found.group, "error": error, "is_open": bringing.is_open(found)}
    context["choices"] = bringing.choices_of(membership, found, course)
    return render(request, "mentoring/bring.html", context, status=REFUSED if error else 200)


def _said_brought(count: int) -> str:
    return _("Lagret. Det du krysset av, blir med til møtet.") if count else _("Lagret. Du tar ikke med noe.")


def _ids(request: HttpRequest, name: str) -> list[int]:
    return [int(value) for value in request.POST.getlist(name) if value.isdecimal() and len(value) < 19]


def _member_of(found: Meeting, given: str) -> Membership:
    """The membership of the meeting's own group. Raises Http404 for any other."""
    if not given.isdecimal() or len(given) > 18:
        raise Http404
    membership = get_object_or_404(Membership.objects.select_related("member"), pk=given, group=found.group)
    membership.group = found.group
    return membership
