import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format

from certificates.issuing import (
    issue_package_certificate,
)
from certificates.members import standing_of, unmet_for_member
from certificates.models import Certificate
from mentoring.models import LearningGroup, Meeting, Membership, Package
from modules.freshness import renew_content
from modules.models import Attempt
from tests.group_progress import hold, make_up, set_day, take_modules, write_note
from tests.people import make_person

FIRST = "Modul 1, «Første modul», er ikke ferdig."
SECOND = "Modul 2, «Andre modul», er ikke ferdig."
NO_DATE = [
    "Møte 1, «Første møte», har ikke fått noe tidspunkt ennå.",
    "Møte 2, «Andre møte», har ikke fått noe tidspunkt ennå.",
]
NO_NOTE = "Refleksjonsnotatet er ikke levert."
CALLED_OFF = "Møte 2, «Andre møte», er avlyst. Det mangler til det blir holdt eller tatt igjen."
MISSED = "Møte 1, «Første møte», mangler. Det kan tas igjen: avtal med mentoren hvordan."


def nothing(member):
    """As one who has just come."""


def one_module(member):
    take_modules(member.member, 1)


def all_modules(member):
    take_modules(member.member)


def both_meetings(member):
    hold(member.group, 1)
    hold(member.group, 2)


def on_the_net(member):
    hold(member.group, 1, "digital")
    hold(member.group, 2, "digital")


def missed_one(member):
    hold(member.group, 1, "absent")
    hold(member.group, 2)


def excused_from_one(member):
    hold(member.group, 1, "excused")
    hold(member.group, 2)


def made_one_up(member):
    missed_one(member)
    make_up(member, 1)


def missed_both(member):
    hold(member.group, 1, "absent")
    hold(member.group, 2, "absent")
    make_up(member, 2)


def coming(member):
    hold(member.group, 1)
    set_day(member.group, 2, 9)


def not_marked(member):
    set_day(member.group, 1, -3)
    hold(member.group, 2)


def one_is_enough(member):
    Package.objects.update(required_meetings=1)
    missed_one(member)


def one_of_two_lacks(member):
    Package.objects.update(required_meetings=1)
    hold(member.group, 1, "absent")


def one_cancelled(member):
    hold(member.group, 1)
    Meeting.objects.filter(number=2).update(status="cancelled", cancelled_at=timezone.now())


def one_cancelled_of_required(member):
    Package.objects.update(required_meetings=2)
    one_cancelled(member)


def one_cancelled_of_one(member):
    Package.objects.update(required_meetings=1)
    one_cancelled(member)


def one_cancelled_and_made_up(member):
    one_cancelled(member)
    make_up(member, 2)


def made_up_and_cancelled(member):
    hold(member.group, 1, "absent")
    make_up(member, 1)
    Meeting.objects.filter(number=2).update(status="cancelled", cancelled_at=timezone.now())


def more_than_there_are(member):
    Package.objects.update(required_meetings=3)
    both_meetings(member)


def no_meetings(member):
    member.group.meetings.all().delete()


def all_cancelled(member):
    Meeting.objects.update(status="cancelled", cancelled_at=timezone.now())


def handed_in(member):
    write_note(member)


def received(member):
    write_note(member, "received")


def returned(member):
    write_note(member, "returned")


def drafted(member):
    write_note(member, "draft")


def no_notes_wanted(member):
    Package.objects.update(notes="none")


def each_meeting_a_note(member):
    Package.objects.update(notes="per_meeting")
    write_note(member, meeting=member.group.meetings.get(number=1))


def words_of_day(days):
    return date_format(timezone.localdate() + datetime.timedelta(days=days), "l j. F Y")


@pytest.mark.parametrize(
    ("done", "sentences"),
    [
        ([nothing], [FIRST, SECOND, *NO_DATE, NO_NOTE]),
        ([one_module], [SECOND, *NO_DATE, NO_NOTE]),
        ([all_modules], [*NO_DATE, NO_NOTE]),
        ([all_modules, both_meetings], [NO_NOTE]),
        ([all_modules, handed_in], NO_DATE),
        ([both_meetings, handed_in], [FIRST, SECOND]),
        ([all_modules, both_meetings, handed_in], []),
        ([all_modules, both_meetings, received], []),
        ([all_modules, on_the_net, handed_in], []),
        ([all_modules, made_one_up, handed_in], []),
        ([all_modules, missed_one, handed_in], [MISSED]),
        ([all_modules, excused_from_one, handed_in], [MISSED]),
        (
            [all_modules, missed_both, handed_in],
            ["Møte 1, «Første møte», mangler. Snakk med mentoren om hva som kan gjøres."],
        ),
        ([all_modules, coming, handed_in], [f"Møte 2, «Andre møte», er {words_of_day(9)}."]),
        (
            [all_modules, not_marked, handed_in],
            [f"Oppmøtet på møte 1, {words_of_day(-3)}, er ikke ført av mentoren ennå."],
        ),
        ([all_modules, one_is_enough, handed_in], []),
        ([all_modules, one_of_two_lacks, handed_in], ["Det mangler 1 møte. Pakken krever 1 av 2."]),
        ([all_modules, one_cancelled, handed_in], [CALLED_OFF]),
        ([all_modules, one_cancelled_of_required, handed_in], [CALLED_OFF]),
        ([all_modules, one_cancelled_of_one, handed_in], []),
        ([all_modules, one_cancelled_and_made_up, handed_in], []),
        (
            [all_modules, made_up_and_cancelled, handed_in],
            ["Møte 2, «Andre møte», er avlyst. Det mangler til det blir holdt."],
        ),
        ([all_modules, all_cancelled, handed_in], [CALLED_OFF.replace("2, «Andre", "1, «Første"), CALLED_OFF]),
        (
            [all_modules, more_than_there_are, handed_in],
            ["Pakken krever 3 møter, og gruppen har 2. Mentoren må planlegge flere."],
        ),
        ([all_modules, no_meetings, handed_in], ["Gruppen har ingen møter ennå."]),
        (
            [all_modules, both_meetings, returned],
            ["Refleksjonsnotatet er sendt tilbake med en kommentar og venter på å bli levert igjen."],
        ),
        ([all_modules, both_meetings, drafted], [NO_NOTE]),
        ([all_modules, both_meetings, no_notes_wanted], []),
        ([all_modules, both_meetings, each_meeting_a_note], ["Refleksjonsnotatet etter møte 2 er ikke levert."]),
    ],
    ids=lambda value: "-".join(step.__name__ for step in value) if value and callable(value[0]) else "",
)
def test_what_is_missing_is_said_in_order_and_nothing_else(member, done, sentences):
    for step in done:
        step(member)
    member.refresh_from_db()
    member = Membership.objects.select_related("member", "group__package__course").get()

    assert [missing.sentence for missing in unmet_for_member(member)] == sentences
    assert standing_of([member])[member.pk].sentences == sentences


def test_each_thing_that_is_missing_leads_to_where_it_is_done(member, course):
    pk = member.group_id
    assert [missing.url for missing in unmet_for_member(member)] == [
        course.lessons[0].url,
        course.lessons[2].url,
        f"/grupper/{pk}/moter/1/",
        f"/grupper/{pk}/moter/2/",
        f"/grupper/{pk}/notat/",
    ]


@pytest.mark.parametrize(
    ("change", "sentence", "can_be_waived"),
    [
        (lambda: Package.objects.update(gives_certificate=False), "Denne pakken gir ikke kursbevis.", False),
        (lambda: LearningGroup.objects.update(status="cancelled"), "Gruppen er avlyst.", False),
        (lambda: Membership.objects.update(left_at=timezone.now()), "Plassen i gruppen er avsluttet.", True),
    ],
    ids=["no-certificate", "cancelled", "left"],
)
def test_issue_refuses_when_the_package_the_group_or_the_place_is_not_there(finished, change, sentence, can_be_waived):
    change()
    member = Membership.objects.select_related("member", "group__package__course").get()

    assert [(missing.sentence, missing.can_be_waived) for missing in unmet_for_member(member)] == [
        (sentence, can_be_waived)
    ]
    with pytest.raises(ValidationError) as refusal:
        issue_package_certificate(member, name="Ingrid Solheim")
    assert refusal.value.messages == [sentence]


def test_issue_refuses_when_the_course_is_not_open(finished, course):
    course.page.unpublish()
    renew_content()

    assert [missing.sentence for missing in unmet_for_member(finished)] == [
        "Kurset er ikke åpent nå. Fremgangen din er lagret."
    ]


@pytest.mark.parametrize("name", ["", "...", "李"])
def test_issue_refuses_when_the_name_cannot_be_printed(finished, name):
    with pytest.raises(ValidationError):
        issue_package_certificate(finished, name=name)
    assert Certificate.objects.count() == 0


def test_a_course_taken_before_the_group_counts_also_when_it_is_taken_again(finished):
    attempt = Attempt.objects.get()
    attempt.enrolment.attempts.create(number=2)

    assert unmet_for_member(finished) == []


def test_standing_asks_as_often_for_12_members_as_for_one(group, member, django_assert_num_queries):
    take_modules(member.member, 1)
    members = group.memberships.select_related("member", "group__package__course")
    standing_of(members)  # the course is kept from now on
    with django_assert_num_queries(11):
        standing_of(members.all())
    for number in range(11):
        person = make_person(f"person{number}@example.org", f"Person {number}")
        Membership.objects.create(group=group, member=person)
        take_modules(person, 1)
    with django_assert_num_queries(11):
        assert len(standing_of(group.memberships.select_related("member", "group__package__course"))) == 12
