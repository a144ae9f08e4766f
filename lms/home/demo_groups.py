"""The demo's groups: one under way, one at its end, and a workplace that waits for an answer. Everybody is invented.

Straight into the database, not by the rules that send mail: nobody has been invited to anything that is over.
"""

import datetime
from typing import Any, cast

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from lms.accounts.models import Municipality, User
from mentoring.groups import create_group
from mentoring.models import (
    Application,
    ApplicationEvent,
    Attendance,
    GroupLetter,
    LearningGroup,
    MakeUp,
    Meeting,
    MeetingReply,
    Membership,
    MentorQualification,
    Note,
    Package,
    Round,
)
from mentoring.ready import create_from_template
from mentoring.walltime import utc_of
from modules.enrolment import current_attempt, enrol
from modules.models import Attempt, CoursePage, LessonCompletion
from modules.outline import CourseOutline, course_outline
from modules.progress import settle

GROUP, FINISHING = "Solbakken barnehage", "Helsesykepleierne i Fjellro"
# Name, lessons done of forty, at the first meeting (None: not yet there), whether confidentiality is confirmed.
SOLBAKKEN = [
    ("Amina Yusuf", 27, "there", True),
    ("Berit Holmen", 18, "there", True),
    ("Jonas Vikøren", 16, "digital", True),
    ("Lene Hagestad", 11, "absent", True),
    ("Olav Sørbø", 3, "excused", False),
]
# Name, lessons done, the three meetings, state of the note.
FJELLRO = [
    ("Ragnhild Tveito", 40, ("there", "there", "there"), "handed_in"),
    ("Sunniva Lie", 40, ("there", "absent", "there"), "received"),
    ("Tor Eide", 36, ("there", "there", "digital"), "draft"),
]
NOTE = (
    "Det jeg tar med meg, er at lindring ikke begynner når behandlingen slutter. Jeg har tenkt på det som noe andre "
    "gjør, på sykehuset, helt på slutten. Nå ser jeg at mye av det vi gjør hver dag, er en del av det: at noen vet hva "
    "som er en god dag, at vi sier fra til hverandre, og at foreldrene slipper å fortelle det samme fem ganger.\n\n"
    "Vi ble enige om hvem som ringer hvem. Det høres lite ut, men det er det jeg kommer til å huske."
)
LETTER = """Hei alle sammen

Takk for et fint første møte. Til neste gang tar dere modul 3 og 4. Ta gjerne med et spørsmål fra notatboken.

Hilsen Henrik"""


@transaction.atomic
def make_groups(people: dict[str, User]) -> None:
    """Everything of groups; `people` are those one signs in as, by the first part of their address. Runs once."""
    if LearningGroup.objects.filter(name=GROUP).exists():
        return
    course = CoursePage.objects.first()
    outline = course_outline(course.translation_key, settings.LANGUAGE_CODE)
    if outline is None:
        return
    package = create_from_template("training_package", course)
    mentor = people["mentor"]
    today = timezone.localdate()
    MentorQualification.objects.create(person=mentor, package=package, trained_on=today - datetime.timedelta(days=300))
    _make_solbakken(package, outline, mentor, people["member"])
    _make_fjellro(package, outline, mentor)
    _make_application(package)


def _make_solbakken(package: Package, outline: CourseOutline, mentor: User, member: User) -> None:
    contact = _person("Kari Lunde", "kindergarten", "leader")
    group = _group(GROUP, package, mentor, contact, "institution")
    first, second, third = group.meetings.all()
    _set(first, -14, status=Meeting.Status.HELD, place="Personalrommet, Solbakken barnehage")
    _set(second, 9, place="Personalrommet, Solbakken barnehage")
    _set(third, 37, form=Meeting.Form.DIGITAL)
    _join(group, member, outline, 19, [(first, "there")], mentor)
    for name, lessons, came, has_confirmed in SOLBAKKEN:
        person = _person(name, "kindergarten", "kindergarten_teacher")
        membership = _join(group, person, outline, lessons, [(first, came)], mentor, has_confirmed=has_confirmed)
        if name.startswith("Amina"):
            MeetingReply.objects.create(meeting=second, membership=membership, answer=MeetingReply.Answer.YES)
        if name.startswith("Lene"):
            reason = "Leste det gruppen snakket om, og vi tok samtalen på telefon."
            MakeUp.objects.create(meeting=first, membership=membership, reason=reason, by=mentor)
    GroupLetter.objects.create(group=group, by=mentor, subject="Takk for sist, og til neste gang", text=LETTER)


def _make_fjellro(package: Package, outline: CourseOutline, mentor: User) -> None:
    contact = _person("Marte Fossum", "health_and_care", "leader")
    group = _group(FINISHING, package, mentor, contact, "profession")
    meetings = list(group.meetings.all())
    for meeting, days in zip(meetings, (-75, -47, -19), strict=True):
        _set(meeting, days, status=Meeting.Status.HELD, place="Fjellro helsestasjon")
    for name, lessons, came, state in FJELLRO:
        person = _person(name, "health_and_care", "nurse")
        membership = _join(group, person, outline, lessons, zip(meetings, came, strict=True), mentor)
        handed_in = timezone.now() - datetime.timedelta(days=2)
        moments = {"handed_in_at": handed_in} if state != Note.Status.DRAFT else {}
        moments |= {"received_at": timezone.now()} if state == Note.Status.RECEIVED else {}
        Note.objects.create(membership=membership, text=NOTE, status=state, **moments)


def _make_application(package: Package) -> None:
    today = timezone.localdate()
    half = "våren" if today.month >= 7 else "høsten"
    year = today.year + (today.month >= 7)
    coming = Round.objects.create(
        package=package,
        name=f"{half} {year}",
        places=4,
        opens_on=today - datetime.timedelta(days=20),
        closes_on=today + datetime.timedelta(days=60),
    )
    application = Application.objects.create(
        package=package,
        round=coming,
        contact=_person("Synne Bakkegård", "respite", "leader"),
        phone="55 55 04 56",
        workplace="Bjørkelia avlastning",
        kind="cross_sector",
        municipality=Municipality.objects.filter(pk="1103").first(),
        expected_size=8,
        wishes="Vi går turnus, så tirsdager etter kl. 14 passer best. Vi vil gjerne ha med oss en fra skolen.",
    )
    ApplicationEvent.objects.create(application=application, status=Application.Status.APPLIED, by=application.contact)


def _group(name: str, package: Package, mentor: User, contact: User, kind: str) -> LearningGroup:
    group = create_group(name=name, package=package, mentor=mentor, contact=contact, kind=kind, workplace=name)
    group.status, group.started_at = LearningGroup.Status.STARTED, timezone.now()
    group.save(update_fields=["status", "started_at"])
    return group


def _set(meeting: Meeting, days: int, **fields: Any) -> None:
    """Sets the meeting so many days from now, on the next weekday, at 14.00."""
    day = timezone.localdate() + datetime.timedelta(days=days)
    day += datetime.timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)
    meeting.day, meeting.clock = day, datetime.time(14)
    meeting.starts_at = utc_of(meeting.day, meeting.clock)
    for name, value in fields.items():
        setattr(meeting, name, value)
    meeting.held_at = meeting.starts_at if meeting.status == Meeting.Status.HELD else None
    meeting.save()


def _join(
    group: LearningGroup,
    person: User,
    outline: CourseOutline,
    lessons: int,
    came: Any,
    mentor: User,
    *,
    has_confirmed: bool = True,
) -> Membership:
    confirmed = timezone.now() if has_confirmed else None
    membership = Membership.objects.create(group=group, member=person, confirmed_at=confirmed)
    enrol(person, outline)
    attempt = cast(Attempt, current_attempt(person, outline.key))
    LessonCompletion.objects.bulk_create(
        LessonCompletion(attempt=attempt, lesson_id=lesson.pk, lesson_key=lesson.key)
        for lesson in outline.lessons[:lessons]
    )
    if lessons:
        Attempt.objects.filter(pk=attempt.pk).update(began_at=timezone.now())
    settle(attempt, outline)
    Attendance.objects.bulk_create(
        Attendance(meeting=meeting, membership=membership, status=status, by=mentor) for meeting, status in came
    )
    return membership


def _person(name: str, sector: str, profession: str) -> User:
    """Somebody invented, who signs in by mailed code if at all."""
    address = f"{name.lower().replace(' ', '.').translate(str.maketrans('æøå', 'aoa'))}@example.org"
    person, new = get_user_model().objects.get_or_create(
        email=address, defaults={"name": name, "sector": sector, "profession": profession, "password": "!"}
    )
    if new:
        EmailAddress.objects.create(user=person, email=address, verified=True, primary=True)
    return person
