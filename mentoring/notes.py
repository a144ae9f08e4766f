"""Reflection notes: written by a member, read by the group's mentor, never graded (R028, R031, P4, D16, D17).

Every change is one conditional update, so that fifty posts at once, another tab, or a mentor who receives while the
author types have one outcome, and nobody's words are lost.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import bleach
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.template.defaultfilters import linebreaks
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from mentoring import anonymity, note_mails
from mentoring.models import LearningGroup, Meeting, Membership, Note, NoteComment, Package, Step

TEXT_LIMIT = 40_000
COMMENT_LIMIT = 5_000
Status: Any = Note.Status


class WrittenElsewhere(Exception):
    """What is stored is not what the page was made from. `note` is what is stored; nothing was overwritten (D17).

    `reason` is a sentence for the author: another tab saved, or the note is handed in or received meanwhile.
    """

    def __init__(self, note: Note):
        self.note = note
        self.reason = _locked_because(note) or _(
            "Notatet er endret i en annen fane. Se begge tekstene, og lagre den du vil beholde."
        )


@dataclass
class NotesStanding:
    """How far a member is with notes. `states` has one word per note that the package wants, in order.

    The words are missing (also for a draft: that is the author's alone), handed_in, returned and received.
    `handed_in` counts what fulfils the certificate: handed in and not returned, whether received or not.
    """

    required: int = 0
    handed_in: int = 0
    received: int = 0
    states: list[str] = field(default_factory=list)

    @property
    def missing(self) -> int:
        """How many notes are still to be handed in."""
        return max(0, self.required - self.handed_in)


def places_of(group: LearningGroup) -> list[Meeting | None]:
    """What notes the group's package wants: [None] for the final one, the meetings for one each, [] for none."""
    if group.package.notes == Package.Notes.FINAL:
        return [None]
    if group.package.notes == Package.Notes.PER_MEETING:
        return list(group.meetings.exclude(status=Meeting.Status.CANCELLED))
    return []


def note_for(membership: Membership, meeting: Meeting | None = None) -> Note:
    """The member's note, final or after `meeting`; one that is not stored yet has version 0 and no id."""
    stored = Note.objects.filter(membership=membership, meeting=meeting).first()
    return stored or Note(membership=membership, meeting=meeting, version=0)


def prompts_of(group: LearningGroup, meeting: Meeting | None = None) -> str:
    """The questions beside the note, one a line: those of the package's step, else of the meeting itself."""
    meetings, last = 0, ""
    for step in group.package.steps.all():
        meetings += step.kind == Step.Kind.MEETING
        if step.kind == Step.Kind.NOTE and step.prompts:
            last = step.prompts
            if meeting and meetings >= meeting.number:
                break
    return last or (meeting.prompts if meeting else "")


def refusal_to_write(note: Note) -> str:
    """Why the author cannot write in this note now, as a sentence; "" when they can."""
    group = note.membership.group
    if note.membership.left_at:
        return _("Du er ikke med i gruppen lenger.")
    if group.status == LearningGroup.Status.CANCELLED:
        return _("Gruppen er avlyst.")
    if note.pk is None and note.meeting not in places_of(group):
        return _("Pakken ber ikke om dette notatet.")
    return _locked_because(note)


def save(note: Note, text: str, version: int) -> Note:
    """Stores `text` and returns the note; `version` is the one the page was made from, 0 for a first save.

    Raises ValidationError when there is nothing to write in or the text is too long, and WrittenElsewhere when the
    stored note is another by now: saved in another tab, handed in or received. The same text again is one save.
    """
    text = _tidy(text)
    if note.pk is None and (refusal := refusal_to_write(note)):
        raise ValidationError(refusal)
    if version == 0 and (created := _first_save(note, text)):
        return created
    if note.pk and note.text == text and (same := _seen_again(note)):
        return same
    return _change(note, text, version, saved_at=timezone.now())


def _seen_again(note: Note) -> Note | None:
    """The note saved once more with the same words: no new version, for what somebody looked over is what it was."""
    note.saved_at = timezone.now()
    same = Note.objects.filter(pk=note.pk, version=note.version, status__in=Note.OPEN, erased_at=None)
    return note if same.update(saved_at=note.saved_at) else None


def hand_in(note: Note, text: str, version: int, *, confirmed: bool) -> Note:
    """Hands `text` in and tells the mentor, once, however many posts come at once (D16). Returns the note.

    `confirmed` says that the author has looked at every place that the check marked. Raises ValidationError for an
    empty note, for one that names somebody, and WrittenElsewhere as `save` does.
    """
    text = _tidy(text)
    _refuse_unsafe(text, confirmed)
    if note.pk is None or version == 0:
        # A page that knew of no note: whoever came first with the same words has saved them already.
        note = save(note, text, version)
        version = note.version
    with transaction.atomic():
        moments = {"handed_in_at": timezone.now(), "reported_at": None, "reported_version": None}
        return _change(note, text, version, Status.HANDED_IN, then=note_mails.tell_mentor, **moments)


def withdraw(note: Note) -> Note:
    """Takes a note back that the mentor has not received yet; doing so twice does no harm.

    Raises ValidationError when it is received, or was never written.
    """
    if note.pk is None:
        raise ValidationError(_("Du har ikke skrevet dette notatet ennå."))
    taken = Note.objects.filter(pk=note.pk, status=Status.HANDED_IN).update(status=Status.DRAFT, handed_in_at=None)
    note = _again(note)
    if not taken and note.status == Status.RECEIVED:
        raise ValidationError(_("Mentoren har mottatt notatet. Da kan det ikke trekkes tilbake."))
    return note


def mark_received(note: Note, by: Any, *, comment: str = "", version: int | None = None) -> Note:
    """Marks the note as received by the group's mentor; from now on it stands as it is. Returns it.

    `version` is the one that the mentor read. Raises ValidationError when that is not what is handed in.
    """
    return _settle(note, by, Status.RECEIVED, comment, version)


def send_back(note: Note, by: Any, comment: str, *, version: int | None = None) -> Note:
    """Gives the note back with a comment, for the author to go on with. Raises as `mark_received` does."""
    if not comment.strip():
        raise ValidationError(_("Skriv hva du vil at forfatteren skal se på."))
    return _settle(note, by, Status.RETURNED, comment, version)


def to_read(groups: Iterable[LearningGroup]) -> QuerySet[Note]:
    """The notes that wait for the mentors of `groups`, oldest first, without their text."""
    waiting = Note.objects.filter(
        membership__group__in=groups, membership__left_at=None, status=Status.HANDED_IN, erased_at=None
    )
    return (
        waiting.select_related("membership__member", "membership__group", "meeting")
        .defer("text")
        .order_by("handed_in_at")
    )


def readable_notes(group: LearningGroup) -> QuerySet[Note]:
    """The notes that the group's mentor may read, by member, without their text."""
    notes = Note.objects.filter(
        membership__group=group, membership__left_at=None, status__in=Note.READABLE, erased_at=None
    )
    return (
        notes.select_related("membership__member", "meeting")
        .defer("text")
        .order_by("membership__member__name__in_order", "membership", "meeting__number")
    )


def standing_of(memberships: Iterable[Membership]) -> dict[int, NotesStanding]:
    """How far each of these members is, by the membership's id. Three queries, however many they are."""
    members = list(memberships)
    groups = {
        group.pk: group
        for group in LearningGroup.objects.filter(pk__in={member.group_id for member in members}).select_related(
            "package"
        )
    }
    places = _places_by_group(groups)
    states = _states_by_place([member.pk for member in members])
    return {
        member.pk: _standing(groups[member.group_id], places[member.group_id], states, member.pk) for member in members
    }


def plain_html(text: str) -> SafeString:
    """Plain text as paragraphs and line breaks and nothing else, whatever stands in it (S24)."""
    html = bleach.clean(linebreaks(text, autoescape=True), tags={"p", "br"}, attributes={})
    return mark_safe(html)  # noqa: S308 - escaped and cleaned on the line above


def _places_by_group(groups: dict[int, LearningGroup]) -> dict[int, list[int | None]]:
    places: dict[int, list[int | None]] = {pk: [] for pk in groups}
    each = [pk for pk, group in groups.items() if group.package.notes == Package.Notes.PER_MEETING]
    meetings = Meeting.objects.filter(group__in=each).exclude(status=Meeting.Status.CANCELLED)
    for pk, group in meetings.values_list("pk", "group_id"):
        places[group].append(pk)
    for pk, group in groups.items():
        if group.package.notes == Package.Notes.FINAL:
            places[pk] = [None]
    return places


def _states_by_place(members: list[int]) -> dict[tuple[int, int | None], str]:
    notes = Note.objects.filter(membership__in=members).values_list("membership_id", "meeting_id", "status")
    return {(member, meeting): "missing" if state == Status.DRAFT else str(state) for member, meeting, state in notes}


def _standing(group: LearningGroup, places: list[int | None], states: dict, member: int) -> NotesStanding:
    own = [states.get((member, place), "missing") for place in places]
    required = len(places)
    if group.package.notes == Package.Notes.PER_MEETING and group.package.required_meetings is not None:
        required = min(required, group.package.required_meetings)
    handed_in = sum(state in Note.READABLE for state in own)
    return NotesStanding(required, handed_in, own.count(Status.RECEIVED), own)


def _tidy(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\x00", "")
    if len(text) > TEXT_LIMIT:
        message = _("Teksten er for lang. Det er plass til 40 000 tegn, og du har brukt %(count)s.")
        raise ValidationError(message % {"count": len(text)})
    return text


def _refuse_unsafe(text: str, confirmed: bool) -> None:
    if not text.strip():
        raise ValidationError(_("Notatet er tomt. Skriv noe før du leverer."))
    found = anonymity.findings(text)
    if any(finding.must_go for finding in found):
        raise ValidationError(_("Ta bort fødselsnummer og e-postadresser før du leverer."))
    if found and not confirmed:
        raise ValidationError(_("Se over det som er merket i teksten før du leverer."))


def _first_save(note: Note, text: str) -> Note | None:
    try:
        with transaction.atomic():
            return Note.objects.create(membership=note.membership, meeting=note.meeting, text=text)
    except IntegrityError:
        return None


def _change(
    note: Note,
    text: str,
    version: int,
    status: str | None = None,
    then: Callable[[Note], None] | None = None,
    **moments: Any,
) -> Note:
    """The one way in which an author's words change: only while the note is open and as the page knew it."""
    own = Note.objects.filter(membership=note.membership, meeting=note.meeting)
    facts = {"text": text, "version": version + 1} | ({"status": status} if status else {}) | moments
    changed = own.filter(version=version, status__in=Note.OPEN, erased_at=None).update(**facts)
    found = own.select_related("membership__group__mentor", "membership__member", "meeting")
    # A page may know of a version that is not here (any more): then there is nothing to overwrite.
    stored = found.first() or (_first_save(note, text) and found.get()) or found.get()
    if changed and then:
        then(stored)
    if not changed and (stored.text != text or (status and stored.status not in Note.READABLE)):
        raise WrittenElsewhere(stored)
    return stored


def _settle(note: Note, by: Any, status: str, comment: str, version: int | None) -> Note:
    comment = _tidy(comment).strip()
    if len(comment) > COMMENT_LIMIT:
        raise ValidationError(_("Kommentaren er for lang. Det er plass til 5 000 tegn."))
    moment = "received_at" if status == Status.RECEIVED else "returned_at"
    waiting = Note.objects.filter(pk=note.pk, status=Status.HANDED_IN, membership__in=Membership.led_by(by))
    if version is not None:
        waiting = waiting.filter(version=version)
    with transaction.atomic():
        settled = waiting.update(status=status, **{moment: timezone.now()})
        note = _again(note)
        if settled:
            if comment:
                NoteComment.objects.create(note=note, by=by, text=comment)
            note_mails.tell_author(note)
    if not settled and note.status != status:
        raise ValidationError(_("Notatet er trukket tilbake eller endret siden du åpnet det."))
    return note


def _again(note: Note) -> Note:
    return Note.objects.select_related("membership__group__mentor", "membership__member", "meeting").get(pk=note.pk)


def _locked_because(note: Note) -> str:
    if note.erased_at:
        return _("Teksten er slettet, fordi det er lenge siden gruppen var ferdig.")
    if note.status == Status.HANDED_IN:
        return _("Notatet er levert. Trekk det tilbake hvis du vil skrive videre.")
    if note.status == Status.RECEIVED:
        return _("Mentoren har mottatt notatet. Det kan ikke endres lenger.")
    return ""
