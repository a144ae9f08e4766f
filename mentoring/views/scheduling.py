"""The mentor plans, changes and cancels meetings; members say whether they come."""

from datetime import date, time
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from mentoring import access, calendar, polls, replies, scheduling
from mentoring.forms.scheduling import EACH, MeetingForm, PlanForm, SeriesForm, SlotForm
from mentoring.holidays import remark_on
from mentoring.models import LearningGroup, Meeting
from mentoring.packages import certificate_without

read_or_post = require_http_methods(["GET", "HEAD", "POST"])
REFUSED = 422


@login_required
@read_or_post
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """`/grupper/<id>/planlegg/`: proposes a series, shows each date with what speaks against it, saves and invites."""
    group = access.led_group_for(request.user, pk)
    meetings, cancelled = _to_plan(request, group)
    step = request.POST.get("step")
    if group.status not in calendar.OPEN or not (meetings or cancelled):
        return render(request, "mentoring/plan_closed.html", {"group": group})
    if not meetings:
        messages.error(request, _("Velg minst ett av de avlyste møtene."))
        return redirect("plan", pk)
    if step in {"look", "save"}:
        return _planned(request, group, meetings, saves=step == "save")
    if step == "propose":
        return _proposed(request, group, meetings)
    if all(meeting.day and meeting.status == Meeting.Status.PLANNED for meeting in meetings):
        return _plan_page(request, group, meetings, *_present_plan(meetings))
    return _series_page(request, group, meetings, SeriesForm(initial=_usual(group, meetings)))


def _to_plan(request, group: LearningGroup) -> tuple[list[Meeting], list[Meeting]]:
    """The meetings to plan, with the cancelled ones that the mentor brings back, and all that are cancelled."""
    there, cancelled = scheduling.open_meetings(group), scheduling.cancelled_meetings(group)
    chosen = {str(meeting.number) for meeting in cancelled} if request.method == "GET" and not there else set()
    chosen |= set(request.POST.getlist("back"))
    back = [meeting for meeting in cancelled if str(meeting.number) in chosen]
    return sorted(there + back, key=lambda meeting: meeting.number), cancelled


def _usual(group: LearningGroup, meetings: list[Meeting]) -> dict[str, Any]:
    """What the package and the first meeting suggest."""
    first, package = meetings[0], group.package
    return _how_of(first) | {"rhythm": package.rhythm, "clock": first.clock or package.usual_start, "first": first.day}


def _series_page(request, group, meetings, form) -> HttpResponse:
    there = [meeting for meeting in meetings if meeting.status != Meeting.Status.CANCELLED]
    context = {"group": group, "meetings": there, "form": form, **_called_off(group, meetings)}
    context["asked"] = polls.answered_in(group)
    return render(request, "mentoring/plan.html", context, status=REFUSED if form.errors else 200)


def _called_off(group: LearningGroup, meetings: list[Meeting]) -> dict[str, Any]:
    """The cancelled meetings that can be brought back, and the numbers of those that are."""
    back = {meeting.number for meeting in meetings if meeting.status == Meeting.Status.CANCELLED}
    return {"cancelled": scheduling.cancelled_meetings(group), "back": back}


def _proposed(request, group, meetings) -> HttpResponse:
    form = SeriesForm(request.POST)
    if not form.is_valid():
        return _series_page(request, group, meetings, form)
    said = form.cleaned_data
    days = scheduling.series_dates(said["first"], said["rhythm"], len(meetings))
    slots = {
        meeting.number: SlotForm(_as_given(meeting.number, day, said["clock"]), prefix=f"m{meeting.number}")
        for meeting, day in zip(meetings, days, strict=True)
    }
    _refuse_early(group, slots)
    return _plan_page(request, group, meetings, PlanForm(initial=form.how), slots)


def _as_given(number: int, day: date, clock: time) -> dict[str, str]:
    """A proposed time as if somebody had filled it in, so that it is judged as such."""
    return {f"m{number}-day": day.isoformat(), f"m{number}-clock": f"{clock:%H:%M}"}


def _refuse_early(group: LearningGroup, slots: dict[int, SlotForm]) -> None:
    """Says at each meeting what would be refused when the plan is saved."""
    times = {number: form.slot for number, form in slots.items() if form.is_valid()}
    for number, sentence in scheduling.refusals_of(group, times).items():
        slots[number].add_error("day", sentence)


def _present_plan(meetings: list[Meeting]) -> tuple[PlanForm, dict[int, SlotForm]]:
    slots = {meeting.number: _slot_form(meeting, prefix=f"m{meeting.number}") for meeting in meetings}
    if _differ(meetings):
        return PlanForm(initial={"form": EACH}, differ=True), slots
    return PlanForm(initial=_how_of(meetings[0])), slots


def _how_of(meeting: Meeting) -> dict[str, str]:
    return {name: getattr(meeting, name) for name in ("form", "place", "link")}


def _differ(meetings: list[Meeting]) -> bool:
    """Whether the meetings that have a time are held in different ways or places."""
    dated = [_how_of(meeting) for meeting in meetings if meeting.day]
    return any(how != dated[0] for how in dated)


def _slot_form(meeting: Meeting, data: Any = None, **kwargs: Any) -> SlotForm:
    initial = {"day": meeting.day, "clock": meeting.clock, "fold": str(meeting.fold)}
    return SlotForm(data, initial=initial, **kwargs)


def _planned(request, group, meetings, *, saves: bool) -> HttpResponse:
    slots = {meeting.number: _given_slot(request, meeting.number, saves) for meeting in meetings}
    said = request.POST
    if _differ(meetings) and not all(slot.is_bound for slot in slots.values()):
        # One that comes back just now keeps its own room or link until the mentor says otherwise.
        said = said.copy()
        said["form"] = EACH
    form = PlanForm(said, differ=_differ(meetings))
    _refuse_early(group, slots)
    valid = all([form.is_valid(), *(slot.is_valid() for slot in slots.values())])
    if valid and saves:
        times = {number: slot.slot for number, slot in slots.items()}
        try:
            planned = scheduling.plan_series(group, times, request.user, **form.how)
        except ValidationError as refusal:
            _add_refusal(form, refusal)
        else:
            _say_planned(request, group, [meeting for meeting in planned if meeting.number in times])
            return redirect("group", group.pk)
    return _plan_page(request, group, meetings, form, slots)


def _add_refusal(form: Any, refusal: ValidationError) -> None:
    """Says a refusal at the fields it is about, and at the top of the form when it has none."""
    about_fields = hasattr(refusal, "error_dict") and set(refusal.error_dict) <= set(form.fields)
    form.add_error(None, refusal if about_fields else refusal.messages)


def _given_slot(request, number: int, saves: bool) -> SlotForm:
    """The time as it was filled in; empty for a meeting that was brought back just now, until it is saved."""
    prefix = f"m{number}"
    return SlotForm(request.POST if saves or f"{prefix}-day" in request.POST else None, prefix=prefix)


def _plan_page(request, group, meetings, form, slots: dict[int, SlotForm]) -> HttpResponse:
    asked = polls.answered_in(group)
    rows = [
        {
            "meeting": meeting,
            "form": slots[meeting.number],
            **_remarked(slots[meeting.number].shown_day),
            "asked": meeting.number in asked,
            "answers": asked.get(meeting.number, 0),
            "ends_poll": meeting.number in asked and slots[meeting.number].differs_from(meeting),
        }
        for meeting in meetings
    ]
    said = form.data if form.is_bound else form.initial
    keep = said.get("form") == EACH
    lacking = "" if keep else _lacking(said)
    if keep:
        rows = [row | {"lacks": _lacking(_how_of(row["meeting"]))} for row in rows]
    context = {"group": group, "form": form, "rows": rows, "lacks": lacking, **_recipients(group)}
    context |= _called_off(group, meetings)
    return _form_page(request, "mentoring/plan_dates.html", context, [*slots.values(), form])


def _remarked(day: date | None) -> dict[str, Any]:
    return {"day": day, "remark": remark_on(day) if day else ""}


def _lacking(said: Any) -> str:
    meeting = Meeting(form=said.get("form"), place=said.get("place", ""), link=said.get("link", ""))
    meeting.day = date.max
    return meeting.lacks


def _recipients(group: LearningGroup) -> dict[str, Any]:
    people = calendar.recipients(group)
    return {"recipient_count": len(people), "member_count": sum(person.pk != group.mentor_id for person in people)}


def _say_planned(request, group, meetings) -> None:
    lacking = [meeting for meeting in meetings if meeting.lacks]
    if len(lacking) == len(meetings) and lacking:
        words = {"lacks": lacking[0].lacks}
        messages.warning(request, _("Planen er lagret. Ingen er invitert ennå: møtene %(lacks)s.") % words)
        return
    for meeting in lacking:
        words = {"number": meeting.number, "lacks": meeting.lacks}
        messages.warning(request, _("Møte %(number)s %(lacks)s. Ingen er invitert til det ennå.") % words)
    count = len(calendar.recipients(group))
    said = ngettext(
        "Planen er lagret, og innkallingen er sendt til %(count)s person.",
        "Planen er lagret, og innkallingene er sendt til %(count)s personer.",
        count,
    )
    messages.success(request, said % {"count": count})


@login_required
@read_or_post
def meeting_edit(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """`…/endre/`: time, place and content of one meeting; tells everybody when time or place changed."""
    meeting = access.led_meeting_for(request.user, pk, number)
    own = {name: getattr(meeting, name) for name in MeetingForm.WORDS}
    form = MeetingForm(request.POST or None, initial=own | _how_of(meeting))
    timed = request.method == "GET" or any(request.POST.get(name) for name in ("day", "clock"))
    # Without a time so far, the time may stay open while the rest is put right.
    slot = _slot_form(meeting, request.POST if request.method == "POST" and (timed or meeting.day) else None)
    if request.method == "POST" and form.is_valid() and (not slot.is_bound or slot.is_valid()):
        remark = _unseen_remark(request, meeting, slot)
        if not remark and _changed(request, meeting, form, slot):
            return redirect("meeting", pk, number)
        return _edit_page(request, meeting, form, slot, remark)
    return _edit_page(request, meeting, form, slot)


def _unseen_remark(request, meeting: Meeting, slot: SlotForm) -> str:
    """What speaks against a new date, until the mentor has seen it and saves again."""
    if not slot.is_bound or slot.slot.day == meeting.day or request.POST.get("seen") == slot.slot.day.isoformat():
        return ""
    return remark_on(slot.slot.day)


def _edit_page(request, meeting, form, slot, remark: str = "") -> HttpResponse:
    later = meeting.group.meetings.filter(number__gt=meeting.number, day__isnull=False, status=Meeting.Status.PLANNED)
    context = {
        **{"group": meeting.group, "meeting": meeting, "form": form, "slot": slot, "remark": remark},
        **{"later_count": later.count() if meeting.day else 0, "chosen": request.POST},
        **_recipients(meeting.group),
    }
    return _form_page(request, "mentoring/meeting_edit.html", context, [slot, form])


def _form_page(request: HttpRequest, template: str, context: dict[str, Any], forms: list[Any]) -> HttpResponse:
    """A page of several forms; what is wrong in them stands at the top."""
    wrong = [form for form in forms if form.errors]
    return render(request, template, context | {"wrong": wrong}, status=REFUSED if wrong else 200)


def _changed(request, meeting, form, slot) -> bool:
    """Whether the change went through; the forms say why not."""
    try:
        changed = scheduling.change(
            meeting,
            request.user,
            slot=slot.slot if slot.is_bound and meeting.status != Meeting.Status.HELD else None,
            was="was" in request.POST,
            following="following" in request.POST,
            **form.changed,
        )
    except ValidationError as refusal:
        _add_refusal(form, refusal)
        return False
    if changed.lacks and "was" not in request.POST:
        messages.warning(
            request, _("Endringene er lagret. Ingen er invitert ennå: møtet %(lacks)s.") % {"lacks": changed.lacks}
        )
    elif changed.told_count:
        said = ngettext(
            "Endringene er lagret, og %(count)s person får vite det.",
            "Endringene er lagret, og %(count)s personer får vite det.",
            changed.told_count,
        )
        messages.success(request, said % {"count": changed.told_count})
    else:
        messages.success(request, _("Lagret."))
    return True


@login_required
@read_or_post
def meeting_cancel(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """`…/avlys/`: says who hears of it, then cancels."""
    meeting = access.led_meeting_for(request.user, pk, number)
    if request.method == "POST":
        try:
            was_announced = calendar.is_announced(meeting)
            scheduling.cancel_meeting(meeting, request.user)
            said = _("Møtet er avlyst. De som var invitert, får vite det.") if was_announced else _("Møtet er avlyst.")
            messages.success(request, said)
        except ValidationError as refusal:
            messages.error(request, refusal.messages[0])
        return redirect("meeting", pk, number)
    if meeting.status != Meeting.Status.PLANNED:
        return redirect("meeting", pk, number)
    context = {"group": meeting.group, "meeting": meeting, "announced": calendar.is_announced(meeting)}
    context["means"] = certificate_without(meeting.group)
    return render(request, "mentoring/meeting_cancel.html", context | _recipients(meeting.group))


@login_required
def meeting_reply(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """`…/svar/`: a member says whether they come. Who only follows the address is led to the meeting."""
    meeting = access.meeting_for(request.user, pk, number)
    if request.method != "POST":
        return redirect("meeting", pk, number)
    membership = access.own_membership(request.user, meeting.group)
    if membership is None:
        raise Http404
    try:
        said = replies.reply(meeting, membership, request.POST.get("answer", ""))
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        comes = said.answer == said.Answer.YES
        messages.success(request, _("Du har svart at du kommer.") if comes else _("Du har svart at du ikke kommer."))
    return redirect("meeting", pk, number)
