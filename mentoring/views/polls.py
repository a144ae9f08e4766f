"""Finding a date together: the mentor proposes and decides, members answer on the page or from the mail."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from mentoring import access, calendar, polls
from mentoring.forms.scheduling import SlotForm
from mentoring.holidays import remark_on
from mentoring.models import Meeting, Membership, Poll, PollAnswer
from mentoring.views.scheduling import REFUSED, read_or_post

Answer = PollAnswer.Answer


@login_required
@read_or_post
def poll(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """`…/avstemning/`: proposals, answers and the decision for the mentor; the own answers for a member."""
    meeting = access.meeting_for(request.user, pk, number)
    there = polls.open_poll_of(meeting)
    membership = access.own_membership(request.user, meeting.group)
    if meeting.group.mentor_id != request.user.pk:
        return _member_page(request, meeting, there, membership)
    if request.method == "POST":
        return _acted(request, meeting, there)
    return _table(request, meeting, there) if there else _proposals(request, meeting, _empty_forms())


def _acted(request: HttpRequest, meeting: Meeting, there: Poll | None) -> HttpResponse:
    """What the mentor's buttons do: look over, ask, decide, stop asking."""
    if request.POST.get("do") in {"look", "ask"}:
        return _asked(request, meeting, looks=request.POST["do"] == "look")
    if there and request.POST.get("do") == "close":
        polls.close(there)
        messages.success(request, _("Avstemningen er avsluttet. Lenkene i e-posten virker ikke lenger."))
    if there and request.POST.get("do") == "decide":
        return _decided(request, meeting, there)
    return redirect("poll", meeting.group_id, meeting.number)


def _decided(request: HttpRequest, meeting: Meeting, there: Poll) -> HttpResponse:
    chosen = there.options.filter(pk=_number(request.POST.get("option"))).select_related("poll__meeting").first()
    if chosen is None:
        messages.error(request, _("Velg ett av forslagene."))
        return redirect("poll", meeting.group_id, meeting.number)
    try:
        decided = polls.decide(chosen, request.user)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
        return redirect("poll", meeting.group_id, meeting.number)
    if decided.lacks:
        said = _("Tidspunktet er valgt. Ingen er invitert ennå: møtet %(lacks)s.") % {"lacks": decided.lacks}
        messages.warning(request, said)
    else:
        messages.success(request, _("Tidspunktet er valgt, og innkallingen er sendt."))
    return redirect("meeting", meeting.group_id, meeting.number)


def _empty_forms(data: Any = None) -> list[SlotForm]:
    return [
        SlotForm(data, prefix=f"p{place}", empty_permitted=True, use_required_attribute=False)
        for place in range(polls.MOST)
    ]


def _asked(request: HttpRequest, meeting: Meeting, *, looks: bool) -> HttpResponse:
    """Shows what speaks against the days first: nobody is asked about one that the mentor has not looked over."""
    forms = _empty_forms(request.POST)
    if not all([form.is_valid() for form in forms]):
        return _proposals(request, meeting, forms)
    slots = [form.slot for form in forms if form.cleaned_data.get("day")]
    seen = set(request.POST.getlist("seen"))
    unseen = any(remark_on(slot.day) and slot.day.isoformat() not in seen for slot in slots)
    try:
        if looks or unseen:
            polls.check_proposals(meeting, slots)
            return _proposals(request, meeting, forms, looked=True)
        polls.open_poll(meeting, slots, request.user)
    except ValidationError as refusal:
        return _proposals(request, meeting, forms, refusal.messages[0])
    messages.success(request, _("Deltakerne er spurt. Svarene kommer her."))
    return redirect("poll", meeting.group_id, meeting.number)


def _proposals(
    request: HttpRequest, meeting: Meeting, forms: list[SlotForm], refusal: str = "", *, looked: bool = False
) -> HttpResponse:
    members = [person for person in calendar.recipients(meeting.group) if person.pk != meeting.group.mentor_id]
    wrong = [form for form in forms if form.errors]
    context = {
        **{"group": meeting.group, "meeting": meeting, "forms": forms, "refusal": refusal},
        **{"member_count": len(members), "fewest": polls.FEWEST},
        "more_given": any(form.is_bound and form.has_changed() for form in forms[3:]),
    }
    for form in forms:
        form.remark = remark_on(form.shown_day) if looked and form.shown_day else ""
    context |= {"wrong": wrong, "looked": looked, "warned": any(form.remark for form in forms)}
    return render(request, "mentoring/poll_new.html", context, status=REFUSED if wrong or refusal else 200)


def _table(request: HttpRequest, meeting: Meeting, there: Poll) -> HttpResponse:
    tallies = polls.tallies_of(there)
    best = polls.best_of(tallies)
    here = meeting.group.memberships.filter(left_at=None, member__is_active=True).select_related("member")
    rows = [
        {"name": one.member.name, "answers": [_said(tally.answers.get(one.pk, "")) for tally in tallies]}
        for one in here.order_by("member__name__in_order", "pk")
    ]
    options = [
        {
            "option": tally.option,
            "when": polls.when_of(tally.option),
            "counts": tally.counts,
            "remark": remark_on(tally.option.day),
            "is_best": tally is best,
        }
        for tally in tallies
    ]
    context = {"group": meeting.group, "meeting": meeting, "options": options, "rows": rows}
    context["waiting"] = sum(not any(answer[0] for answer in row["answers"]) for row in rows)
    context["recipient_count"] = len(calendar.recipients(meeting.group))
    return render(request, "mentoring/poll.html", context)


def _said(answer: str) -> tuple[str, str]:
    return answer, str(Answer(answer).label) if answer else _("ikke svart")


def _member_page(
    request: HttpRequest, meeting: Meeting, there: Poll | None, membership: Membership | None
) -> HttpResponse:
    if request.method == "POST":
        if there and membership:
            _answered(request, there, membership)
        return redirect("poll", meeting.group_id, meeting.number)
    context = {"group": meeting.group, "meeting": meeting, "poll": there}
    if there and membership:
        context["choices"] = _choices(there, membership)
    return render(request, "mentoring/poll_member.html", context)


def _answered(request: HttpRequest, there: Poll, membership: Membership) -> bool:
    said = {option: request.POST.get(f"o{option.pk}", "") for option in there.options.all()}
    try:
        polls.answer(membership, {option: answer for option, answer in said.items() if answer})
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
        return False
    messages.success(request, _("Svarene dine er lagret. Du kan endre dem til mentoren har valgt."))
    return True


def _choices(there: Poll, membership: Membership) -> list[dict[str, Any]]:
    said = polls.answers_of(there, membership)
    return [
        {
            "option": option,
            "when": polls.when_of(option),
            "remark": remark_on(option.day),
            "answer": said.get(option.pk, ""),
            "answers": Answer.choices,
        }
        for option in there.options.all()
    ]


@never_cache
@read_or_post
def poll_answer(request: HttpRequest, signed: str) -> HttpResponse:
    """`/grupper/svar/<signed>/`: one answer from a mail, without signing in.

    A GET changes nothing, for mail servers open links too: the page says what was clicked, our script presses its
    button when somebody looks at it, and without a script one presses it oneself.
    """
    click = polls.clicked(signed)
    if click is None:
        return _private(render(request, "mentoring/poll_over.html", status=404))
    there = click.option.poll
    if request.method == "POST":
        if "all" in request.POST:
            _answered(request, there, click.membership)
        else:
            _take_click(request, click)
        return _private(redirect("poll_answer", signed))
    choices = _choices(there, click.membership)
    said = next(choice["answer"] for choice in choices if choice["option"] == click.option)
    context = {"meeting": there.meeting, "choices": choices, "when": polls.when_of(click.option)}
    # Once it is stored, the page says so, and never answers by itself again.
    context |= {"label": Answer(click.answer).label, "is_stored": said == click.answer}
    return _private(render(request, "mentoring/poll_answer.html", context))


def _take_click(request: HttpRequest, click: polls.Clicked) -> None:
    try:
        polls.answer(click.membership, {click.option: click.answer})
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])


def _private(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex"
    return response


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 19 else 0
