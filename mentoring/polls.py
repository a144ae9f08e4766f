"""Finding a date together: two to six proposals, one click per answer from the mail, the mentor decides."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import Count, Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from mentoring.calendar import OPEN
from mentoring.holidays import remark_on
from mentoring.models import LearningGroup, Meeting, Membership, Notice, Poll, PollAnswer, PollOption
from mentoring.notices import mail_key, note_once
from mentoring.scheduling import Slot, refusal_of, set_time
from mentoring.walltime import utc_of

FEWEST, MOST, MOST_A_DAY = 2, 6, 5
SALT = "mentoring.polls"
Answer: Any = PollAnswer.Answer
Kind: Any = Notice.Kind


@dataclass(frozen=True)
class Clicked:
    """What a link in a mail says: whose answer, to which proposal, and which."""

    membership: Membership
    option: PollOption
    answer: str


@dataclass
class Tally:
    """A proposal and what members said of it, by member; `counts` has a number for each answer."""

    option: PollOption
    answers: dict[int, str] = field(default_factory=dict)

    @property
    def counts(self) -> dict[str, int]:
        found = Counter(self.answers.values())
        return {answer: found[answer] for answer in Answer.values}

    @property
    def rank(self) -> tuple[int, int]:
        """Fewest who cannot, then most who can without trouble."""
        return -self.counts[Answer.NO], self.counts[Answer.YES]


def open_poll(meeting: Meeting, slots: Iterable[Slot], by: Any) -> Poll:
    """Asks the group when a meeting suits and returns the poll; the same proposals again are the same poll (D16).

    Raises ValidationError unless there are two to six different times to come, when a poll is open already, and for
    the sixth about one meeting within a day.
    """
    slots = _different(slots)
    with transaction.atomic():
        meeting = _locked(meeting)
        there = meeting.polls.filter(closed_at=None).first()
        if there:
            if {(option.day, option.clock, option.fold) for option in there.options.all()} == _triples(slots):
                return there
            raise ValidationError(_("Gruppen er alt spurt om dette møtet. Avslutt avstemningen før du lager en ny."))
        _refuse(meeting, slots)
        _refuse_flood(meeting)
        poll = Poll.objects.create(meeting=meeting, by=by)
        options = [PollOption(poll=poll, day=slot.day, clock=slot.clock, fold=slot.fold or 0) for slot in slots]
        PollOption.objects.bulk_create(options)
        _ask(poll)
    return poll


def check_proposals(meeting: Meeting, slots: Iterable[Slot]) -> None:
    """Raises ValidationError when `open_poll` would refuse these times for themselves; asks nobody."""
    _refuse(meeting, _different(slots))


def ask_newcomer(membership: Membership) -> None:
    """Asks one who joined about every meeting that the group is being asked about now; once for each poll."""
    here = Poll.objects.filter(closed_at=None, meeting__group=membership.group_id)
    for poll in here.select_related("meeting__group__mentor"):
        _ask(poll, membership)


def answer(membership: Membership, answers: dict[PollOption, str]) -> None:
    """Writes what suits the member; the last word counts. Raises ValidationError when the poll is closed."""
    with transaction.atomic():
        for option, said in answers.items():
            poll = Poll.objects.select_for_update().get(pk=option.poll_id)
            if poll.closed_at or membership.left_at:
                raise ValidationError(_("Avstemningen er avsluttet."))
            if said not in Answer.values:
                raise ValidationError(_("Velg om tidspunktet passer."))
            PollAnswer.objects.update_or_create(option=option, membership=membership, defaults={"answer": said})


def decide(option: PollOption, by: Any) -> Meeting:
    """Closes the poll with this proposal, gives the meeting its time and invites everybody; returns the meeting.

    Raises ValidationError as `set_time` does, and when the poll is closed.
    """
    with transaction.atomic():
        meeting = _locked(option.poll.meeting)
        poll = Poll.objects.get(pk=option.poll_id)
        if poll.closed_at:
            if PollOption.objects.filter(pk=option.pk, chosen=True).exists():
                return meeting
            raise ValidationError(_("Avstemningen er avsluttet."))
        meeting = set_time(meeting, option.day, option.clock, option.fold, by)
        PollOption.objects.filter(pk=option.pk).update(chosen=True)
        close(poll)
    return meeting


def close(poll: Poll) -> None:
    """Ends a poll; nothing that was said is lost, and its links are dead."""
    Poll.objects.filter(pk=poll.pk, closed_at=None).update(closed_at=timezone.now())


def answered_in(group: LearningGroup) -> dict[int, int]:
    """The numbers of the meetings that the group is asked about now, and how many present members have answered."""
    said = Count(
        "options__answers__membership",
        filter=Q(options__answers__membership__left_at=None, options__answers__membership__member__is_active=True),
        distinct=True,
    )
    there = Poll.objects.filter(meeting__group=group, closed_at=None).annotate(said=said)
    return dict(there.values_list("meeting__number", "said"))


def open_poll_of(meeting: Meeting) -> Poll | None:
    """The poll that members can answer now."""
    return meeting.polls.filter(closed_at=None).first()


def tallies_of(poll: Poll) -> list[Tally]:
    """The proposals in order of time with the answers of those who are members now."""
    options = list(poll.options.all())
    said = PollAnswer.objects.filter(option__in=options, membership__left_at=None)
    tallies = {option.pk: Tally(option) for option in options}
    for one in said:
        tallies[one.option_id].answers[one.membership_id] = one.answer
    return list(tallies.values())


def best_of(tallies: list[Tally]) -> Tally | None:
    """The proposal that suits most, once anybody has said anything; the earliest of equals."""
    answered = [tally for tally in tallies if tally.answers]
    return max(answered, key=lambda tally: tally.rank) if answered else None


def answers_of(poll: Poll, membership: Membership) -> dict[int, str]:
    """What the member said, by the id of the proposal."""
    said = PollAnswer.objects.filter(option__poll=poll, membership=membership)
    return dict(said.values_list("option_id", "answer"))


def link_for(membership: Membership, option: PollOption, said: str) -> str:
    """The whole address by which this member gives this answer, without signing in."""
    signed = signing.dumps([membership.pk, option.pk, said], salt=SALT)
    with translation.override(settings.LANGUAGE_CODE):
        return settings.SITE_URL + reverse("poll_answer", args=[signed])


def clicked(signed: str) -> Clicked | None:
    """What the link says, or None: not ours, decided meanwhile, or not for this person any more (S12)."""
    try:
        membership_pk, option_pk, said = signing.loads(signed, salt=SALT)
    except signing.BadSignature:
        return None
    here = Membership.objects.filter(pk=membership_pk, left_at=None, member__is_active=True)
    membership = here.select_related("member", "group").first()
    options = PollOption.objects.filter(pk=option_pk, poll__closed_at=None).select_related("poll__meeting__group")
    option = options.first()
    if membership is None or option is None or option.poll.meeting.group_id != membership.group_id:
        return None
    return Clicked(membership, option, said)


def when_of(option: PollOption) -> str:
    """The proposed time in words."""
    day, clock = date_format(option.day, "l j. F Y"), date_format(option.clock, "H.i")
    if option.fold:
        return _("%(day)s kl. %(clock)s (andre gang)") % {"day": day, "clock": clock}
    return _("%(day)s kl. %(clock)s") % {"day": day, "clock": clock}


def _locked(meeting: Meeting) -> Meeting:
    # The group first, as in scheduling: two who plan the same group wait for one another.
    LearningGroup.objects.select_for_update().get(pk=meeting.group_id)
    return Meeting.objects.select_related("group__mentor", "group__package").get(pk=meeting.pk)


def _different(slots: Iterable[Slot]) -> list[Slot]:
    return list(dict.fromkeys(Slot(slot.day, slot.clock, slot.fold or 0) for slot in _chosen(slots)))


def _chosen(slots: Iterable[Slot]) -> list[Slot]:
    slots = list(slots)
    for slot in slots:
        if sentence := refusal_of(slot.day, slot.clock, slot.fold):
            raise ValidationError(sentence)
    return slots


def _triples(slots: list[Slot]) -> set[tuple]:
    return {(slot.day, slot.clock, slot.fold) for slot in slots}


def _refuse(meeting: Meeting, slots: list[Slot]) -> None:
    if meeting.group.status not in OPEN:
        raise ValidationError(_("Gruppen er avsluttet. Møtene kan ikke endres lenger."))
    if meeting.status == Meeting.Status.HELD:
        raise ValidationError(_("Møtet er holdt. Tid og sted kan ikke endres lenger."))
    if not FEWEST <= len(slots) <= MOST:
        raise ValidationError(_("Foreslå fra to til seks ulike tidspunkter."))
    if any(utc_of(slot.day, slot.clock, slot.fold or 0) <= timezone.now() for slot in slots):
        raise ValidationError(_("Alle forslagene må være tidspunkter som kommer."))


def _refuse_flood(meeting: Meeting) -> None:
    since = timezone.now() - timedelta(days=1)
    if meeting.polls.filter(created_at__gt=since).count() >= MOST_A_DAY:
        raise ValidationError(_("Gruppen er spurt fem ganger om dette møtet det siste døgnet. Vent til i morgen."))


def _ask(poll: Poll, only: Membership | None = None) -> None:
    here = Membership.objects.filter(group=poll.meeting.group, left_at=None, member__is_active=True)
    here = here.filter(pk=only.pk) if only else here
    occasion = f"poll:{poll.pk}"
    mails = [
        _mail(poll, membership, mail_key(membership, "poll", occasion))
        for membership in here.select_related("member", "group")
        if note_once(membership, Kind.POLL, occasion)
    ]
    if mails:
        get_connection().send_messages(mails)


def _mail(poll: Poll, membership: Membership, key: str) -> EmailMultiAlternatives:
    with translation.override(settings.LANGUAGE_CODE):
        context = {
            "meeting": poll.meeting,
            "group": poll.meeting.group,
            "mentor": poll.meeting.group.mentor,
            "url": settings.SITE_URL + reverse("poll", args=[poll.meeting.group_id, poll.meeting.number]),
            "proposals": [_proposal(option, membership) for option in poll.options.all()],
        }
        mail = EmailMultiAlternatives(
            _("Når passer møte %(number)s for deg?") % {"number": poll.meeting.number},
            render_to_string("mentoring/mail/poll.txt", context),
            to=[membership.member.email],
            headers={"X-Refleks-Key": key},
        )
        mail.attach_alternative(render_to_string("mentoring/mail/poll.html", context), "text/html")
    return mail


def _proposal(option: PollOption, membership: Membership) -> dict[str, Any]:
    links = [(said.label, link_for(membership, option, said.value)) for said in Answer]
    return {"when": when_of(option), "remark": remark_on(option.day), "links": links}
