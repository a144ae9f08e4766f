"""The reflection note: its author's page, the look before handing in, and the mentor's reading."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mentoring import access, glass, notes, reading_log, reviewing, sensitive
from mentoring.lines import lines_of
from mentoring.models import Membership, Note

read_or_post = require_http_methods(["GET", "HEAD", "POST"])


@read_or_post
def own_note(request: HttpRequest, pk: int, number: int | None = None) -> HttpResponse:
    """`/grupper/<id>/notat/`: where the author writes, and sees who has read; with several notes, the list of them."""
    wants_json = request.headers.get("Accept", "").startswith("application/json")
    if not request.user.is_authenticated:
        return _sign_in(request, wants_json)
    membership = _membership(request, pk)
    if number is None and not _has_final_note(membership):
        return _several(request, membership)
    note = _note(membership, number)
    if request.method == "POST":
        return _saved(request, note, wants_json)
    return _page(request, note)


def _sign_in(request: HttpRequest, wants_json: bool) -> HttpResponse:
    where = f"{reverse('account_login')}?next={request.path}"
    return JsonResponse({"login": where}, status=401) if wants_json else redirect(where)


def _membership(request: HttpRequest, pk: int) -> Membership:
    membership = access.own_membership(request.user, access.group_for(request.user, pk))
    if membership is None:
        raise Http404
    return membership


def _has_final_note(membership: Membership) -> bool:
    """Whether the package wants one note at the end, or one was written before the package changed."""
    return None in notes.places_of(membership.group) or notes.note_for(membership).pk is not None


def _several(request: HttpRequest, membership: Membership) -> HttpResponse:
    places = notes.places_of(membership.group)
    if not places:
        raise Http404
    own = [(meeting, notes.note_for(membership, meeting)) for meeting in places]
    return render(request, "mentoring/own_notes.html", {"group": membership.group, "notes": own})


def _note(membership: Membership, number: int | None) -> Note:
    meeting = None
    if number is not None:
        meeting = membership.group.meetings.filter(number=number).first()
        if meeting is None:
            raise Http404
    note = notes.note_for(membership, meeting)
    note.membership = membership
    if note.pk is None and meeting not in notes.places_of(membership.group):
        raise Http404
    return note


def _saved(request: HttpRequest, note: Note, wants_json: bool) -> HttpResponse:
    """Stores what was typed. Whatever went wrong, the words come back on the page they were typed on (D17)."""
    text = request.POST.get("text", "")
    try:
        stored = notes.save(note, text, _number(request.POST.get("version")))
    except notes.WrittenElsewhere as conflict:
        if wants_json:
            return _conflict_json(conflict)
        return _page(request, conflict.note, status=409, typed=text, conflict=conflict)
    except ValidationError as refusal:
        if wants_json:
            return JsonResponse({"error": refusal.messages[0]}, status=422)
        return _page(request, note, status=422, typed=text, error=refusal.messages[0])
    return _saved_json(stored) if wants_json else _led_on(request, note, stored)


def _saved_json(stored: Note) -> JsonResponse:
    return JsonResponse({"version": stored.version, "saved": _("kl. %(time)s") % {"time": _clock(stored.saved_at)}})


def _led_on(request: HttpRequest, note: Note, stored: Note) -> HttpResponse:
    if "on" in request.POST:
        return redirect(_path("hand_in_note", note))
    messages.success(request, _("Notatet er lagret kl. %(time)s.") % {"time": _clock(stored.saved_at)})
    return redirect(_path("own_note", note))


def _conflict_json(conflict: notes.WrittenElsewhere) -> JsonResponse:
    said = {"version": conflict.note.version, "other_text": conflict.note.text, "reason": conflict.reason}
    return JsonResponse(said, status=409)


def _page(request: HttpRequest, note: Note, status: int = 200, typed: str | None = None, **more: Any) -> HttpResponse:
    group = note.membership.group
    conflict = more.get("conflict")
    context = {
        "group": group,
        "note": note,
        "typed": note.text if typed is None else typed,
        "other_text": note.text if conflict else None,
        "open": not notes.refusal_to_write(note),
        "refusal": notes.refusal_to_write(note),
        "text": notes.plain_html(note.text),
        "prompts": lines_of(notes.prompts_of(group, note.meeting)),
        "comments": note.comments.select_related("by") if note.pk else [],
        "readings": reading_log.readings_of(note) if note.pk else [],
        "glass_breaks": glass.approved_for(note.membership),
        "actions": {name: _path(name, note) for name in ("own_note", "hand_in_note", "withdraw_note")},
    }
    return render(request, "mentoring/own_note.html", context | more, status=status)


@login_required
@read_or_post
def hand_in_note(request: HttpRequest, pk: int, number: int | None = None) -> HttpResponse:
    """`…/notat/lever/`: the text with what the check found marked in it, and then the handing in."""
    note = _note(_membership(request, pk), number)
    if notes.refusal_to_write(note) or not note.text.strip():
        if note.status not in Note.READABLE:
            messages.error(request, notes.refusal_to_write(note) or _("Notatet er tomt. Skriv noe før du leverer."))
        return redirect(_path("own_note", note))
    review = reviewing.review_of(note, request.session)
    if request.method != "POST":
        return _review_page(request, note, review)
    if token := request.POST.get("not_a_person"):
        reviewing.wave_through(note, token, request.session)
        return redirect(f"{_path('hand_in_note', note)}#funn")
    try:
        notes.hand_in(note, note.text, _number(request.POST.get("version")), confirmed=not review.left)
    except notes.WrittenElsewhere:
        messages.error(request, _("Notatet er endret siden du så over det. Se over det en gang til."))
        return redirect(_path("hand_in_note", note))
    except ValidationError as refusal:
        return _review_page(request, note, review, error=refusal.messages[0], status=422)
    messages.success(request, _("Notatet er levert. Mentoren får beskjed."))
    return redirect(_path("own_note", note))


def _review_page(request: HttpRequest, note: Note, review: Any, error: str = "", status: int = 200) -> HttpResponse:
    context = {
        "group": note.membership.group,
        "note": note,
        "review": review,
        "error": error,
        "own_note_url": _path("own_note", note),
    }
    return render(request, "mentoring/hand_in_note.html", context, status=status)


@login_required
@require_POST
def withdraw_note(request: HttpRequest, pk: int, number: int | None = None) -> HttpResponse:
    """Takes a handed-in note back."""
    note = _note(_membership(request, pk), number)
    try:
        notes.withdraw(note)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, _("Notatet er trukket tilbake. Nå er det bare du som kan lese det."))
    return redirect(_path("own_note", note))


@login_required
@require_safe
def group_notes(request: HttpRequest, pk: int) -> HttpResponse:
    """`/grupper/<id>/notater/`: the mentor's list of what is handed in or sent back, without a word of it."""
    group = access.led_group_for(request.user, pk)
    handed_in = access.handed_in_notes_for(request.user, group).defer("text")
    waiting = [note for note in handed_in.order_by("handed_in_at") if note.status == Note.Status.HANDED_IN]
    received = [note for note in handed_in.order_by("-received_at") if note.status == Note.Status.RECEIVED]
    returned = access.returned_notes_for(request.user, group)
    context = {"group": group, "waiting": waiting, "returned": returned, "received": received}
    return render(request, "mentoring/group_notes.html", context)


@login_required
@require_safe
def read_note(request: HttpRequest, pk: int, note: int) -> HttpResponse:
    """`/grupper/<id>/notater/<note>/`: the note for the group's mentor; that it is read is written first (P6)."""
    return _reading(request, access.handed_in_note_for(request.user, pk, note))


def _reading(request: HttpRequest, note: Note, status: int = 200, **more: Any) -> HttpResponse:
    reading_log.record_reading(note, request.user)
    context = {
        "group": note.membership.group,
        "note": note,
        "text": notes.plain_html(note.text),
        "prompts": lines_of(notes.prompts_of(note.membership.group, note.meeting)),
        "comments": note.comments.select_related("by"),
    }
    return render(request, "mentoring/read_note.html", context | more, status=status)


@login_required
@require_POST
def receive_note(request: HttpRequest, pk: int, note: int) -> HttpResponse:
    """Marks a note as received, with a word to its author if the mentor likes."""
    return _settled(request, pk, note, notes.mark_received, _("Notatet er mottatt. Forfatteren får beskjed."))


@login_required
@require_POST
def return_note(request: HttpRequest, pk: int, note: int) -> HttpResponse:
    """Sends a note back with a comment."""
    return _settled(request, pk, note, notes.send_back, _("Notatet er sendt tilbake. Forfatteren får beskjed."))


@login_required
@require_POST
def report_note(request: HttpRequest, pk: int, note: int) -> HttpResponse:
    """Closes a note in which somebody can be known again (P12). One press; once more does no harm."""
    group = access.led_group_for(request.user, pk)
    found = Note.objects.filter(membership__group=group, membership__left_at=None, pk=note).first()
    if found is None:
        raise Http404
    if sensitive.report(found, request.user):
        messages.success(
            request, _("Notatet er lukket. Forfatteren og senteret får beskjed, uten at noe blir gjengitt.")
        )
    else:
        messages.info(request, _("Notatet er lukket fra før."))
    return redirect("group_notes", pk)


def _settled(request: HttpRequest, pk: int, note: int, act: Any, done: str) -> HttpResponse:
    group = access.led_group_for(request.user, pk)
    # A note that was taken back meanwhile is nobody's but its author's; the sentence says so without showing it.
    found = Note.objects.filter(membership__group=group, membership__left_at=None, pk=note).first()
    if found is None:
        raise Http404
    comment = request.POST.get("comment", "")
    try:
        act(found, request.user, comment=comment, version=_number(request.POST.get("version")))
    except ValidationError as refusal:
        # Asked anew: its author may have taken it back in this very moment.
        there = access.handed_in_notes_for(request.user, group).filter(pk=note, status=Note.Status.HANDED_IN).first()
        if there:
            return _reading(request, there, status=422, error=refusal.messages[0], comment=comment)
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, done)
    return redirect("group_notes", pk)


def _path(name: str, note: Note) -> str:
    group = note.membership.group_id
    return reverse(name, args=[group, note.meeting.number] if note.meeting else [group])


def _clock(moment: Any) -> str:
    return date_format(timezone.localtime(moment), "H.i")


def _number(value: str | None) -> int:
    return int(value) if value and value.isdecimal() and len(value) < 9 else 0
