"""What the members of groups still lack for the certificate of their package: modules, meetings, note (R028-R030).

One list for the member, for the mentor's table and for issuing, so that they never disagree (B13). Its sentences are
true whoever reads them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.conf import settings
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from certificates.eligibility import Requirement, missing_module, unmet_by_name, unmet_by_revocation
from certificates.models import Certificate
from mentoring import access, attendance, notes
from mentoring.attendance import Mark, MeetingsStanding
from mentoring.models import LearningGroup, Meeting, Membership, Note, Package
from mentoring.notes import NotesStanding
from mentoring.preparation import counting_attempts
from modules.models import Attempt
from modules.outline import CourseOutline, ModuleOutline, course_outline
from modules.pathway import ModuleStone, path_of
from modules.progress import Standing, standings_of


@dataclass(frozen=True)
class MemberCase:
    """A member with everything that the package asks for. `certificate` is the one that stands, valid or not.

    `attempt` is the time through the course that counts: a finished one, else the latest (R012, R025).
    """

    membership: Membership
    meetings: MeetingsStanding
    notes: NotesStanding
    course: CourseOutline | None = None
    attempt: Attempt | None = None
    progress: Standing = Standing()
    certificate: Certificate | None = None
    unmet: tuple[Requirement, ...] = ()

    @property
    def group(self) -> LearningGroup:
        return self.membership.group

    @property
    def path(self) -> list[ModuleStone]:
        """The modules of the course with their states; empty without a course."""
        return path_of(self.course, self.progress) if self.course else []

    @property
    def missing_modules(self) -> list[ModuleOutline]:
        """The modules that are not finished. A course once completed stays so whatever is published later (R012)."""
        if self.course is None or (self.attempt and self.attempt.completed_at):
            return []
        return [module for module in self.course.modules if not self.progress.has_done(module)]

    @property
    def to_do(self) -> list[Requirement]:
        """What pages list: the name is confirmed, and put right, where the certificate is fetched."""
        return [requirement for requirement in self.unmet if requirement.code != "name"]

    @property
    def sentences(self) -> list[str]:
        return [requirement.sentence for requirement in self.unmet]


def unmet_for_member(membership: Membership, *, name: str | None = None) -> list[Requirement]:
    """What `membership` still lacks for the certificate of the package; empty when it can be issued.

    `name` is the name to print, the account's when None.
    """
    case = standing_of([membership])[membership.pk]
    return list(case.unmet) if name is None else unmet_in_name(case, name)


def unmet_in_name(case: MemberCase, name: str) -> list[Requirement]:
    """The same for a case that is known already."""
    return [missing for requirement in REQUIREMENTS for missing in requirement(case)] + unmet_by_name(name)


def standing_of(memberships: Iterable[Membership]) -> dict[int, MemberCase]:
    """How far each of these members is, by the membership's id; ten queries and one a course.

    They need `member` and `group.package.course` (select_related). Nothing is unmet once a valid certificate is there.
    """
    members = list(memberships)
    meetings, written = attendance.standing_of(members), notes.standing_of(members)
    attempts, certificates = _attempts_of(members), _certificates_of(members)
    progress, courses = standings_of(attempts.values()), _courses_of(members)
    cases = {}
    for member in members:
        attempt = attempts.get(member.pk)
        case = MemberCase(
            membership=member,
            meetings=meetings[member.pk],
            notes=written[member.pk],
            course=courses.get(member.group.package.course_id),
            attempt=attempt,
            progress=progress[attempt.pk] if attempt else Standing(),
            certificate=certificates.get((member.member_id, member.group_id)),
        )
        cases[member.pk] = replace(case, unmet=tuple(_unmet(case)))
    return cases


def member_for(user: Any, group_id: int) -> Membership:
    """The place in a group that `user` has now. Raises Http404 when absent or not theirs."""
    membership = access.own_membership(user, access.group_for(user, group_id))
    if membership is None:
        raise Http404
    membership.member = user
    return membership


def package_certificate_of(membership: Membership) -> Certificate | None:
    """The certificate that stands for the member's package: valid, revoked or erased, never a replaced one."""
    return Certificate.objects.filter(
        learner_id=membership.member_id, group_id=membership.group_id, replaced_at=None
    ).first()


def completed_on(case: MemberCase) -> date:
    """The day on which the last thing that the package asks for was done, by the calendar in Norway."""
    moments = [case.attempt.completed_at] if case.attempt and case.attempt.completed_at else []
    moments += case.membership.make_ups.values_list("at", flat=True)
    handed_in = case.membership.notes.filter(status__in=[Note.Status.HANDED_IN, Note.Status.RECEIVED])
    moments += handed_in.exclude(handed_in_at=None).values_list("handed_in_at", flat=True)
    days = [timezone.localdate(moment) for moment in moments]
    # A meeting that was made up may have had its day, or have it yet: what counts is when it was made up.
    came = (mark for mark in case.meetings.marks if mark.counted and not mark.made_up)
    days += [mark.meeting.day for mark in came if mark.meeting.day]
    return max(days, default=timezone.localdate())


def _unmet(case: MemberCase) -> list[Requirement]:
    if case.certificate and case.certificate.status == Certificate.Status.VALID:
        return []
    return unmet_in_name(case, case.membership.member.name)


def _courses_of(members: list[Membership]) -> dict[int | None, CourseOutline | None]:
    """The courses of their packages by the page's id, each looked up once."""
    pages = {member.group.package.course_id: member.group.package.course for member in members}
    return {pk: course_outline(page.translation_key, settings.LANGUAGE_CODE) for pk, page in pages.items() if page}


def _attempts_of(members: list[Membership]) -> dict[int, Attempt]:
    """The attempt that counts, by membership. One query."""
    courses = {member.pk: member.group.package.course for member in members if member.group.package.course}
    people = {member.member_id for member in members}
    found = counting_attempts(people, {course.translation_key for course in courses.values()})
    own = {
        member.pk: found.get((member.member_id, courses[member.pk].translation_key))
        for member in members
        if member.pk in courses
    }
    return {pk: attempt for pk, attempt in own.items() if attempt}


def _certificates_of(members: list[Membership]) -> dict[tuple[int, int], Certificate]:
    found = Certificate.objects.filter(
        learner__in={member.member_id for member in members},
        group__in={member.group_id for member in members},
        replaced_at=None,
    )
    return {(certificate.learner_id, certificate.group_id): certificate for certificate in found}


def _unmet_by_group(case: MemberCase) -> list[Requirement]:
    if not case.group.package.gives_certificate:
        return [Requirement("package", _("Denne pakken gir ikke kursbevis."))]
    if case.group.status == LearningGroup.Status.CANCELLED:
        return [Requirement("cancelled", _("Gruppen er avlyst."))]
    if case.membership.left_at:
        return [Requirement("left", _("Plassen i gruppen er avsluttet."), can_be_waived=True)]
    return []


def _unmet_by_modules(case: MemberCase) -> list[Requirement]:
    if case.group.package.course and case.course is None:
        return [Requirement("course", _("Kurset er ikke åpent nå. Fremgangen din er lagret."))]
    return [missing_module(module) for module in case.missing_modules]


def _unmet_by_meetings(case: MemberCase) -> list[Requirement]:
    standing, all_told = case.meetings, len(case.meetings.every)
    if not standing.missing:
        return []
    if standing.required > all_told:
        return [_meeting(case, _too_few_planned(standing, all_told))]
    if standing.required < all_told:
        sentence = ngettext(
            "Det mangler %(missing)s møte. Pakken krever %(required)s av %(planned)s.",
            "Det mangler %(missing)s møter. Pakken krever %(required)s av %(planned)s.",
            standing.missing,
        )
        facts = {"missing": standing.missing, "required": standing.required, "planned": all_told}
        return [_meeting(case, sentence % facts)]
    may_make_up = standing.made_up < case.group.package.make_ups
    return [_meeting(case, _lacking(mark, may_make_up), mark) for mark in standing.every if not mark.counted]


def _too_few_planned(standing: MeetingsStanding, all_told: int) -> str:
    if not all_told:
        return _("Gruppen har ingen møter ennå.")
    facts = {"required": standing.required, "planned": all_told}
    return _("Pakken krever %(required)s møter, og gruppen har %(planned)s. Mentoren må planlegge flere.") % facts


def _lacking(mark: Mark, may_make_up: bool) -> str:
    """What is to be said of a meeting that does not count yet."""
    meeting = mark.meeting
    facts = {"number": meeting.number, "title": meeting.title}
    if meeting.status == Meeting.Status.CANCELLED:
        said = _("Møte %(number)s, «%(title)s», er avlyst. Det mangler til det blir holdt eller tatt igjen.")
        alone = _("Møte %(number)s, «%(title)s», er avlyst. Det mangler til det blir holdt.")
        return (said if may_make_up else alone) % facts
    if mark.status in attendance.MISSED and may_make_up:
        return _("Møte %(number)s, «%(title)s», mangler. Det kan tas igjen: avtal med mentoren hvordan.") % facts
    if mark.status in attendance.MISSED:
        return _("Møte %(number)s, «%(title)s», mangler. Snakk med mentoren om hva som kan gjøres.") % facts
    if meeting.starts_at is None:
        return _("Møte %(number)s, «%(title)s», har ikke fått noe tidspunkt ennå.") % facts
    facts["day"] = date_format(meeting.day, "l j. F Y")
    if meeting.starts_at < timezone.now():
        return _("Oppmøtet på møte %(number)s, %(day)s, er ikke ført av mentoren ennå.") % facts
    return _("Møte %(number)s, «%(title)s», er %(day)s.") % facts


def _meeting(case: MemberCase, sentence: str, mark: Mark | None = None) -> Requirement:
    url = reverse("meeting", args=[case.membership.group_id, mark.meeting.number]) if mark else None
    return Requirement("meeting", sentence, url, can_be_waived=True)


def _unmet_by_notes(case: MemberCase) -> list[Requirement]:
    standing = case.notes
    if not standing.missing:
        return []
    if case.group.package.notes == Package.Notes.FINAL:
        return [_note(case, standing.states[0])]
    if standing.required < len(standing.states):
        sentence = ngettext(
            "Det mangler %(missing)s refleksjonsnotat.", "Det mangler %(missing)s refleksjonsnotater.", standing.missing
        )
        url = reverse("group", args=[case.membership.group_id])
        return [Requirement("note", sentence % {"missing": standing.missing}, url, can_be_waived=True)]
    lacking = zip(standing.states, case.meetings.marks, strict=False)
    return [_note(case, state, mark) for state, mark in lacking if state in {"missing", "returned"}]


def _note(case: MemberCase, state: str, mark: Mark | None = None) -> Requirement:
    number = [mark.meeting.number] if mark else []
    if state == Note.Status.RETURNED:
        sentence = _("Refleksjonsnotatet%(after)s er sendt tilbake med en kommentar og venter på å bli levert igjen.")
    else:
        sentence = _("Refleksjonsnotatet%(after)s er ikke levert.")
    after = _(" etter møte %(number)s") % {"number": mark.meeting.number} if mark else ""
    url = reverse("own_note", args=[case.membership.group_id, *number])
    return Requirement("note", sentence % {"after": after}, url, can_be_waived=True)


def _unmet_by_revocation(case: MemberCase) -> list[Requirement]:
    return unmet_by_revocation(case.certificate)


REQUIREMENTS: list[Callable[[MemberCase], list[Requirement]]] = [
    _unmet_by_group,
    _unmet_by_modules,
    _unmet_by_meetings,
    _unmet_by_notes,
    _unmet_by_revocation,
]
