"""Who was there, counted against the meetings that were planned, never against those that are over (R027, R030, B4)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mentoring.groups import start_group
from mentoring.models import Attendance, GroupEvent, LearningGroup, MakeUp, Meeting, Membership, Poll

Status: Any = Attendance.Status
Logged: Any = GroupEvent.Kind
CAME = {Status.THERE, Status.DIGITAL}
MISSED = {Status.EXCUSED, Status.ABSENT}
SHORTEST_REASON = 15


@dataclass(frozen=True)
class Mark:
    """A meeting for one member. `status` is "" until it is marked."""

    meeting: Meeting
    status: str = ""
    made_up: bool = False

    @property
    def counted(self) -> bool:
        """Whether it counts towards the certificate: the member came, or made it up."""
        return self.status in CAME or self.made_up


@dataclass(frozen=True)
class MeetingsStanding:
    """What a member's meetings come to: "2 av 3 møter".

    `marks` are the meetings that stand, planned or held; `cancelled` those that are called off and still asked for.
    `invited` is a member in a smaller position than the package counts by: welcome, not expected (R053).
    """

    required: int
    marks: tuple[Mark, ...] = ()
    cancelled: tuple[Mark, ...] = ()
    invited: bool = False

    @property
    def planned(self) -> int:
        """The meetings that stand: what attendance is a share of."""
        return len(self.marks)

    @property
    def every(self) -> tuple[Mark, ...]:
        """All meetings that the certificate looks at, in order."""
        return tuple(sorted(self.marks + self.cancelled, key=lambda mark: mark.meeting.number))

    @property
    def counted(self) -> int:
        """Meetings the member came to, there or on the net, or made up."""
        return sum(mark.counted for mark in self.every)

    @property
    def made_up(self) -> int:
        """How many of them were made up."""
        return sum(mark.made_up for mark in self.every)

    @property
    def missing(self) -> int:
        """How many meetings still lack for the certificate."""
        return max(0, self.required - self.counted)


@dataclass(frozen=True)
class Rate:
    """How many came of how many expected, over all planned meetings. Invited members are in neither (R053)."""

    came: int
    expected: int

    @property
    def percent(self) -> int:
        """Whole, rounded down; 0 when nobody is expected."""
        return 100 * self.came // self.expected if self.expected else 0


def record(meeting: Meeting, membership: Membership, status: str, by: Any) -> Attendance:
    """Marks how a member was there and returns the mark; the same again changes nothing.

    The first mark makes the meeting a held one, and a planned group one that has started. A later change is in the
    group's log, old and new. Raises ValidationError when the meeting has no time, is cancelled or comes on a later
    day, when the member had left before it, when `status` is none of `Attendance.Status`, or as `start_group` does.
    """
    if status not in Status.values:
        raise ValidationError(_("Velg hvordan deltakeren var med."))
    with transaction.atomic():
        group = LearningGroup.objects.select_for_update(of=("self",)).get(pk=meeting.group_id)
        meeting = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
        _refuse_unless_markable(meeting, membership)
        mark = Attendance.objects.filter(meeting=meeting, membership=membership).first()
        if mark and mark.status == status:
            return mark
        if mark:
            _log_change(meeting, membership, by, mark.get_status_display(), Status(status).label)
        mark, _new = Attendance.objects.update_or_create(
            meeting=meeting, membership=membership, defaults={"status": status, "by": by}
        )
        if status in CAME:
            _remove_make_ups(meeting, membership, by)
        if _hold(meeting, status) and group.status == LearningGroup.Status.PLANNED:
            start_group(group, by)
    return mark


def unmark(meeting: Meeting, membership: Membership, by: Any) -> None:
    """Takes a mark back; that it was there is in the log. A meeting without any mark is a planned one again.

    Raises ValidationError while the member's make-up stands on the mark.
    """
    with transaction.atomic():
        LearningGroup.objects.select_for_update(of=("self",)).get(pk=meeting.group_id)
        meeting = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
        mark = Attendance.objects.filter(meeting=meeting, membership=membership).first()
        if mark is None:
            return
        if MakeUp.objects.filter(meeting=meeting, membership=membership).exists():
            raise ValidationError(_("Møtet er ført som tatt igjen. Ta bort det først."))
        mark.delete()
        _log_change(meeting, membership, by, mark.get_status_display(), _("ikke ført"))
        if meeting.status == Meeting.Status.HELD and not meeting.attendances.exists():
            meeting.status, meeting.held_at = Meeting.Status.PLANNED, None
            meeting.save(update_fields=["status", "held_at"])


def make_up(meeting: Meeting, membership: Membership, reason: str, by: Any) -> MakeUp:
    """Writes what a member did instead of a meeting they missed or that was cancelled, and returns it (R030).

    Raises ValidationError when the reason is no sentence, the meeting is neither cancelled nor held and missed, or the
    package allows no more meetings to be made up. The same again changes nothing.
    """
    reason = reason.replace("\x00", "").strip()
    with transaction.atomic():
        membership = (
            Membership.objects.select_for_update(of=("self",)).select_related("group__package").get(pk=membership.pk)
        )
        meeting = Meeting.objects.get(pk=meeting.pk)
        there = MakeUp.objects.filter(meeting=meeting, membership=membership).first()
        if there:
            return there
        _refuse_unless_missed(meeting, membership)
        _refuse_reason(reason)
        made = MakeUp.objects.create(meeting=meeting, membership=membership, reason=reason, by=by)
        _log(
            meeting,
            membership,
            by,
            Logged.MAKE_UP,
            _("Møte %(number)s: tatt igjen") % {"number": meeting.number},
        )
    return made


def remove_make_up(meeting: Meeting, membership: Membership, by: Any) -> None:
    """Takes a make-up back; the log keeps that it was there."""
    with transaction.atomic():
        _remove_make_ups(meeting, membership, by)


def may_mark(meeting: Meeting) -> bool:
    """Whether attendance can be marked now: on the day of the meeting and ever after."""
    return bool(meeting.starts_at) and meeting.status != Meeting.Status.CANCELLED and not _is_later_than_today(meeting)


def may_make_up(membership: Membership, meeting: Meeting, standing: MeetingsStanding) -> bool:
    """Whether the form for making up is of any use for this member and meeting."""
    own = next((mark for mark in standing.every if mark.meeting.pk == meeting.pk), None)
    if own is None or own.made_up or standing.made_up >= membership.group.package.make_ups:
        return False
    missed = meeting.status == Meeting.Status.HELD and own.status in MISSED
    return missed or meeting.status == Meeting.Status.CANCELLED


def standing_of(memberships: Iterable[Membership]) -> dict[int, MeetingsStanding]:
    """What each membership's meetings come to, by its id. Three queries, however many they are.

    What is required is the package's number, or all meetings of its plan, cancelled or not: a cancelled one lacks
    until it is held after all or made up for (R020, R030). Where each meeting stands alone (0, R057) a cancelled one
    lacks nobody. Cancelled meetings are no part of the attendance rate (R062).
    """
    memberships = list(memberships)
    meetings: dict[int, list[Meeting]] = defaultdict(list)
    cancelled: dict[int, list[Meeting]] = defaultdict(list)
    groups: dict[int, LearningGroup] = {}
    of_groups = Meeting.objects.filter(group__in={membership.group_id for membership in memberships})
    for meeting in of_groups.select_related("group__package").order_by("number"):
        groups[meeting.group_id] = meeting.group
        if meeting.status != Meeting.Status.CANCELLED:
            meetings[meeting.group_id].append(meeting)
        elif meeting.group.package.required_meetings != 0:
            cancelled[meeting.group_id].append(meeting)
    marks = _statuses_of(memberships)
    made_up = set(MakeUp.objects.filter(membership__in=memberships).values_list("membership", "meeting"))
    standings = {}
    for membership in memberships:
        group = groups.get(membership.group_id) or membership.group
        own, called_off = (
            tuple(
                Mark(meeting, marks.get((membership.pk, meeting.pk), ""), (membership.pk, meeting.pk) in made_up)
                for meeting in found[membership.group_id]
            )
            for found in (meetings, cancelled)
        )
        standings[membership.pk] = _standing(membership, group, own, called_off)
    return standings


def rate_of(standings: Iterable[MeetingsStanding]) -> Rate:
    """The attendance of a group: only of those who are expected (R053), against all planned meetings (B4)."""
    expected = [standing for standing in standings if not standing.invited]
    came = sum(mark.status in CAME for standing in expected for mark in standing.marks)
    return Rate(came, sum(standing.planned for standing in expected))


def _standing(
    membership: Membership, group: LearningGroup, marks: tuple[Mark, ...], cancelled: tuple[Mark, ...]
) -> MeetingsStanding:
    package = group.package
    required = package.asks_for(len(marks) + len(cancelled))
    position, expected = membership.position_percent, package.expected_position
    invited = bool(expected and position is not None and position < expected)
    return MeetingsStanding(required, marks, cancelled, invited)


def _statuses_of(memberships: list[Membership]) -> dict[tuple[int, int], str]:
    rows = Attendance.objects.filter(membership__in=memberships).values_list("membership", "meeting", "status")
    return {(membership, meeting): status for membership, meeting, status in rows}


def _refuse_unless_markable(meeting: Meeting, membership: Membership) -> None:
    if membership.group_id != meeting.group_id:
        raise ValidationError(_("Deltakeren er ikke med i denne gruppen."))
    if meeting.status == Meeting.Status.CANCELLED:
        raise ValidationError(_("Møtet er avlyst. Da er det ikke noe oppmøte å føre."))
    if meeting.starts_at is None:
        raise ValidationError(_("Møtet har ikke fått noe tidspunkt ennå."))
    if _is_later_than_today(meeting):
        raise ValidationError(_("Oppmøtet kan føres fra og med dagen møtet er."))
    if membership.left_at and _local_day(membership.left_at, meeting) < meeting.day:
        raise ValidationError(_("Deltakeren hadde sluttet før møtet."))


def _refuse_unless_missed(meeting: Meeting, membership: Membership) -> None:
    if membership.group_id != meeting.group_id:
        raise ValidationError(_("Deltakeren er ikke med i denne gruppen."))
    if meeting.status == Meeting.Status.PLANNED:
        raise ValidationError(_("Bare et møte som er holdt eller avlyst, kan tas igjen."))
    missed = Attendance.objects.filter(meeting=meeting, membership=membership, status__in=MISSED)
    if meeting.status == Meeting.Status.HELD and not missed.exists():
        raise ValidationError(_("Bare et møte som deltakeren ikke var med på, kan tas igjen."))
    limit = membership.group.package.make_ups
    used = MakeUp.objects.filter(membership=membership).count()
    if used >= limit:
        raise ValidationError(_("Pakken lar en deltaker ta igjen %(limit)s møter, og de er brukt.") % {"limit": limit})


def _refuse_reason(reason: str) -> None:
    if len(reason) < SHORTEST_REASON or " " not in reason:
        raise ValidationError(_("Skriv i minst én setning hva deltakeren gjorde i stedet."))
    if len(reason) > (limit := MakeUp.reason.field.max_length):
        raise ValidationError(_("Det er plass til %(limit)s tegn.") % {"limit": limit})


def _is_later_than_today(meeting: Meeting) -> bool:
    return meeting.day > _local_day(timezone.now(), meeting)


def _local_day(moment: Any, meeting: Meeting) -> Any:
    return moment.astimezone(ZoneInfo(meeting.zone)).date()


def _hold(meeting: Meeting, status: str) -> bool:
    """Held: somebody came, or its hour has come. An absence told in the morning does not make it so."""
    has_come = status in CAME or meeting.starts_at <= timezone.now()
    if meeting.status == Meeting.Status.PLANNED and has_come:
        meeting.status, meeting.held_at = Meeting.Status.HELD, meeting.starts_at
        meeting.save(update_fields=["status", "held_at"])
        # Nobody is asked any more when a meeting suits that has been.
        Poll.objects.filter(meeting=meeting, closed_at=None).update(closed_at=timezone.now())
    return meeting.status == Meeting.Status.HELD


def _remove_make_ups(meeting: Meeting, membership: Membership, by: Any) -> None:
    if MakeUp.objects.filter(meeting=meeting, membership=membership).delete()[0]:
        detail = _("Møte %(number)s: ikke lenger tatt igjen") % {"number": meeting.number}
        _log(meeting, membership, by, Logged.MAKE_UP, detail)


def _log_change(meeting: Meeting, membership: Membership, by: Any, old: str, new: str) -> None:
    detail = _("Møte %(number)s: %(old)s → %(new)s") % {"number": meeting.number, "old": old, "new": new}
    _log(meeting, membership, by, Logged.ATTENDANCE, detail)


def _log(meeting: Meeting, membership: Membership, by: Any, kind: str, detail: str) -> None:
    GroupEvent.objects.create(group_id=meeting.group_id, kind=kind, by=by, about_id=membership.member_id, detail=detail)
