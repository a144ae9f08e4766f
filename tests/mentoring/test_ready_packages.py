"""Each ready package takes a group from beginning to end by the rules, and nothing but the rules (R020, R053-R057)."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from certificates.issuing import issue_package_certificate
from certificates.members import unmet_for_member
from mentoring.attendance import make_up, rate_of, record, standing_of
from mentoring.groups import complete_group, create_group, start_group
from mentoring.joining import confirm, join
from mentoring.models import GroupEvent, MentorQualification, Package, Step
from mentoring.notes import hand_in, mark_received, note_for
from mentoring.packages import blocks_of, hints_of, plan_of
from mentoring.ready import KEYS, create_from_template, template_of, templates
from mentoring.scheduling import Slot, plan_series, series_dates
from mentoring.turnout import warnings_of
from modules.enrolment import current_attempt
from modules.models import Enrolment
from modules.outline import course_outline
from modules.progress import complete_lesson
from tests.people import make_person
from tests.plain_course import plain_course

OSLO = ZoneInfo("Europe/Oslo")
BEGINNING = datetime(2027, 1, 4, 9, tzinfo=OSLO)
FIRST_DAY = date(2027, 2, 2)


@pytest.fixture
def clock(time_machine):
    """The beginning of January; `clock(moment)` moves on."""

    def move(moment):
        time_machine.move_to(moment, tick=False)

    move(BEGINNING)
    return move


def people(count: int) -> list:
    return [make_person(f"deltaker{number}@example.org", f"Deltaker {number}") for number in range(count)]


def set_times(group, by, first=FIRST_DAY):
    """All meetings of the group in the rhythm of its package, at its usual hour."""
    meetings = list(group.meetings.all())
    days = series_dates(first, group.package.rhythm, len(meetings))
    hour = group.package.usual_start or time(14)
    slots = {meeting.number: Slot(day, hour) for meeting, day in zip(meetings, days, strict=True)}
    plan_series(group, slots, by, form="physical", place="Møterommet")
    return list(group.meetings.all())


def take_modules(person, course, keys) -> None:
    outline = course_outline(course.translation_key, "nb")
    attempt = current_attempt(person, course.translation_key)
    for module in outline.modules:
        if str(module.key) in keys:
            for lesson in module.lessons:
                complete_lesson(attempt, outline, module, lesson)


def meet(meeting, memberships, by, clock, **marks) -> None:
    """The day comes; everybody is there but those whose number is in `marks`."""
    meeting.refresh_from_db()
    clock(datetime.combine(meeting.day, meeting.clock, OSLO) + timedelta(hours=1))
    for number, membership in enumerate(memberships):
        record(meeting, membership, marks.get(f"n{number}", "there"), by)


def kinds(group) -> list[str]:
    return list(GroupEvent.objects.filter(group=group).order_by("pk").values_list("kind", flat=True))


@pytest.mark.parametrize("shape", ["2-2-1", "2-1-2", "1-2-2"])
def test_the_training_package_takes_a_group_to_its_certificates(shape, mentor, admin, clock):
    course = plain_course(5)
    package = create_from_template("training_package", course, shape=shape)
    group = create_group(admin, name="Solbakken", package=package, mentor=mentor)
    memberships = [join(group, person, by=mentor) for person in people(2)]
    for membership in memberships:
        confirm(membership)
    start_group(group, by=admin)
    meetings = set_times(group, mentor)

    for meeting in meetings:
        for membership in memberships:
            take_modules(membership.member, course, meeting.module_keys)
        meet(meeting, memberships, mentor, clock, **({"n1": "excused"} if meeting.number == 2 else {}))
    make_up(meetings[1], memberships[1], "Leste det gruppen hadde snakket om, og ringte mentoren.", by=mentor)

    assert [len(meeting.module_keys) for meeting in meetings] == [int(count) for count in shape.split("-")]
    for membership in memberships:
        assert [one.sentence for one in unmet_for_member(membership)] == ["Refleksjonsnotatet er ikke levert."]
        with pytest.raises(ValidationError):
            issue_package_certificate(membership, name=membership.member.name)
        note = hand_in(note_for(membership), "Jeg spør foreldrene tidligere enn før.", 0, confirmed=True)
        mark_received(note, mentor)
        certificate = issue_package_certificate(membership, name=membership.member.name)
        assert (certificate.status, certificate.hours_text, len(certificate.meetings)) == (
            "valid",
            "9 timer 30 minutter",
            3,
        )
    complete_group(group, by=mentor)

    assert group.status == "completed"
    assert [kind for kind in kinds(group) if kind in {"created", "started", "completed"}] == [
        "created",
        "started",
        "completed",
    ]


@pytest.mark.parametrize("modules", [0, 4])
def test_four_topics_take_a_group_over_five_months_with_a_trained_mentor_of_their_own(modules, learner, admin, clock):
    course = plain_course(modules) if modules else None
    package = create_from_template("four_topics", course)
    with pytest.raises(ValidationError) as refusal:
        create_group(admin, name="Avlastningen", package=package, mentor=learner)
    assert refusal.value.messages == [
        "«Fire emner over fem måneder» krever fullført mentoropplæring, og den er ikke registrert for Ingrid Solheim."
    ]
    MentorQualification.objects.create(person=learner, package=package, trained_on=date(2026, 12, 1))
    group = create_group(admin, name="Avlastningen", package=package, mentor=learner)
    memberships = [join(group, person, by=learner) for person in people(3)]
    start_group(group, by=admin)
    meetings = set_times(group, learner)

    for meeting in meetings:
        for membership in memberships:
            if course:
                take_modules(membership.member, course, meeting.module_keys)
        meet(meeting, memberships, learner, clock)

    # Work begins in January, a month before the first gathering; the last one is in May.
    assert [meeting.day.month for meeting in meetings] == [2, 3, 4, 5]
    assert [bool(meeting.before) for meeting in meetings] == [not course] * 4
    assert [len(meeting.module_keys) for meeting in meetings] == [1 if course else 0] * 4
    certificate = issue_package_certificate(memberships[0], name=memberships[0].member.name)
    assert certificate.hours_text == ("12 timer" if course else "8 timer")
    complete_group(group, by=learner)


def test_the_parents_course_has_sessions_that_stand_alone(mentor, admin, clock):
    package = create_from_template("parents", plain_course(5))
    group = create_group(admin, name="Foreldre ved Fjellro skole", package=package, mentor=mentor)
    memberships = [join(group, person, by=mentor) for person in people(8)]
    start_group(group, by=admin)

    assert package.course is None
    assert warnings_of(group) == ["8 er påmeldt. Det bør være minst 9, for noen er alltid forhindret."]
    memberships.append(join(group, make_person("ni@example.org", "Nummer Ni"), by=mentor))
    assert warnings_of(group) == []
    meetings = set_times(group, mentor)
    assert [(meeting.clock, meeting.minutes) for meeting in meetings] == [(time(15), 90)] * 5
    assert [(after.day - before.day).days for before, after in zip(meetings, meetings[1:], strict=False)] == [28] * 4
    assert "Taushet og regler for gruppen" in meetings[0].topics.splitlines()

    meet(meetings[0], memberships, mentor, clock, **{f"n{number}": "absent" for number in range(6)})
    assert warnings_of(group) == ["Til møte 1 kom 3. Færre enn 4 er for få til en god samtale."]
    for meeting in meetings[1:]:
        meet(meeting, memberships, mentor, clock)

    standing = standing_of(memberships)
    assert [standing[membership.pk].missing for membership in memberships] == [0] * 9
    assert [one.sentence for one in unmet_for_member(memberships[8])] == ["Denne pakken gir ikke kursbevis."]
    complete_group(group, by=mentor)
    assert not Enrolment.objects.exists()


def test_the_competence_wheel_runs_a_school_year_and_counts_those_who_are_expected(mentor, admin, clock):
    clock(datetime(2027, 8, 2, 9, tzinfo=OSLO))
    package = create_from_template("competence_wheel")
    group = create_group(admin, name="Hjulet på avlastningen", package=package, mentor=mentor)
    half, small = people(2)
    memberships = [
        join(group, half, by=mentor, position_percent=50),
        join(group, small, by=mentor, position_percent=20),
    ]
    start_group(group, by=admin)
    meetings = set_times(group, mentor, first=date(2027, 8, 24))

    for meeting in meetings:
        meet(meeting, memberships, mentor, clock, **({"n1": "absent"} if meeting.number > 1 else {}))

    assert [meeting.day.month for meeting in meetings] == [8, 9, 10, 11, 12, 1, 2, 3, 4, 5]
    rate = rate_of(standing_of(memberships).values())
    assert (rate.came, rate.expected) == (10, 10)
    assert warnings_of(group) == []
    complete_group(group, by=mentor)


@pytest.mark.parametrize("key", KEYS)
def test_each_template_gives_talk_the_larger_part_and_fills_its_time(db, key):
    package = create_from_template(key, plain_course(5) if template_of(key).course == "required" else None)

    meetings = [step for step in package.steps.all() if step.kind == Step.Kind.MEETING]
    assert hints_of(meetings) == []
    assert [sum(int(line.split()[0]) for line in step.agenda.splitlines()) for step in meetings] == [
        step.minutes for step in meetings
    ]
    assert all(step.topics and step.prompts and step.guide and step.title for step in meetings)


def test_questions_follow_the_modules_before_the_meeting(db):
    package = create_from_template("training_package", plain_course(5), shape="1-2-2")

    plan = plan_of(package)

    assert [[module.number for module in meeting.modules] for meeting in plan] == [[1], [2, 3], [4, 5]]
    assert [meeting.step.prompts.splitlines()[0] for meeting in plan] == [
        "Hva tenkte du på første gang du hørte ordet barnepalliasjon, og hva tenker du nå?",
        "Hvem er med i laget rundt et barn du kjenner til, og hvem mangler?",
        "Hvem i familien er det ingen som spør?",
    ]


def test_a_second_package_from_a_template_gets_a_number(db):
    names = [create_from_template("parents").name for _time in range(3)]

    assert names == ["Foreldrekurs", "Foreldrekurs (2)", "Foreldrekurs (3)"]


@pytest.mark.parametrize(
    ("key", "modules", "shape", "sentence"),
    [
        ("training_package", 0, "", "Velg et nettkurs. Denne malen bygger på et."),
        ("training_package", 4, "", "Malen er for et kurs med 5 moduler. «Kurs for pakker» har 4."),
        ("training_package", 5, "3-1-1", "Fem moduler over tre møter går bare som 2–2–1, 2–1–2 eller 1–2–2."),
        (
            "four_topics",
            5,
            "",
            "Malen er for et kurs med 4 moduler. «Kurs for pakker» har 5. Velg et annet, eller «Ikke nettkurs».",
        ),
        ("picnic", 0, "", "Denne malen finnes ikke."),
    ],
)
def test_a_template_refuses_when_it_does_not_fit(db, key, modules, shape, sentence):
    course = plain_course(modules) if modules else None

    with pytest.raises(ValidationError) as refusal:
        create_from_template(key, course, shape=shape)

    assert refusal.value.messages == [sentence]
    assert not Package.objects.exists()


def test_the_command_makes_each_once_and_leaves_changes_alone(db):
    plain_course(5)
    call_command("make_packages", verbosity=0)
    Package.objects.filter(name="Foreldrekurs").update(max_members=20)

    call_command("make_packages", verbosity=0)

    assert list(Package.objects.order_by("pk").values_list("name", flat=True)) == [
        template.facts["package"]["name"] for template in templates()
    ]
    assert Package.objects.get(name="Foreldrekurs").max_members == 20
    package = Package.objects.get(name="Opplæringspakke i barnepalliasjon")
    assert blocks_of(package.steps.all()) == (2, 2, 1)


def test_the_command_refuses_when_it_cannot_know_which_course(db):
    plain_course(5)
    plain_course(5)

    with pytest.raises(CommandError):
        call_command("make_packages", verbosity=0)
