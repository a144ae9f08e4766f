import pytest
from django.utils import timezone

from certificates.issuing import issue_package_certificate
from lms.accounts.models import User
from mentoring.following import member_rows, stuck_members
from mentoring.models import Attendance, Membership, Package
from mentoring.onward import cases_of
from tests.group_progress import go_all_the_way, hold, make_up, set_day, take_modules, write_note
from tests.groups_ground import small_group
from tests.people import make_person


@pytest.fixture
def group(course, mentor):
    return small_group(course.page, mentor)


def member(group, name, *, confirmed=True):
    person = make_person(f"{name.lower()}@example.org", name)
    confirmed_at = timezone.now() if confirmed else None
    return Membership.objects.create(group=group, member=person, confirmed_at=confirmed_at)


def rows_of(group):
    return member_rows(group, timezone.now())


def test_who_needs_the_mentor_stands_first_and_each_says_why(group):
    people = {
        name: member(group, name, confirmed=name != "Fredrik") for name in "Anne Berit Carl Dina Eli Fredrik".split()
    }
    take_modules(people["Eli"].member, 1)
    for name in ("Anne", "Berit", "Carl", "Dina", "Fredrik"):
        take_modules(people[name].member)
    hold(group, 1, berit="absent")
    set_day(group, 2, 5)
    note = write_note(people["Anne"])
    issue_package_certificate(people["Dina"], name="Dina", by=group.mentor, exception_reason="Gikk det på papir.")

    day = group.meetings.get(number=2).day
    assert [(row.name, row.need, row.need_url) for row in rows_of(group)] == [
        ("Anne", "Har levert notatet", f"/grupper/{group.pk}/notater/{note.pk}/"),
        ("Eli", f"Modul 2 er ikke ferdig, og møtet er {day.day}. {MONTHS[day.month - 1]}", ""),
        ("Berit", "Var ikke med på møte 1", f"/grupper/{group.pk}/moter/1/ta-igjen/{people['Berit'].pk}/"),
        ("Fredrik", "Har ikke bekreftet taushet", ""),
        ("Carl", "2 av 2 moduler er ferdige", ""),
        ("Dina", "Har fått kursbeviset", ""),
    ]


MONTHS = "januar februar mars april mai juni juli august september oktober november desember".split()


def test_a_row_has_a_dot_for_each_module_meeting_note_and_the_certificate(group):
    membership = member(group, "Anne")
    take_modules(membership.member, 1)
    hold(group, 1, "absent")
    make_up(membership, 1)
    write_note(membership)

    [row] = rows_of(group)

    dots = [*row.modules, *row.meetings, *row.notes, *row.certificates]
    assert [(dot.state, dot.word) for dot in dots] == [
        ("done", "Modul 1: ferdig"),
        ("open", "Modul 2: ikke begynt"),
        ("done", "Møte 1: tatt igjen"),
        ("open", "Møte 2: ikke holdt ennå"),
        ("new", "Notat: levert"),
        ("open", "Kursbevis: ikke utstedt"),
    ]
    assert row.missing == (
        "Modul 2, «Andre modul», er ikke ferdig.",
        "Møte 2, «Andre møte», har ikke fått noe tidspunkt ennå.",
    )


def test_a_draft_is_not_told(group):
    write_note(member(group, "Anne"), "draft")

    assert [(dot.state, dot.word) for row in rows_of(group) for dot in row.notes] == [("open", "Notat: ikke levert")]


def test_who_has_done_all_can_fetch_the_certificate(group):
    membership = go_all_the_way(member(group, "Anne"))
    membership.notes.update(status="received")

    assert [(row.need, row.missing) for row in rows_of(group)] == [("Har gjort alt, og kan hente kursbeviset", ())]


def test_no_more_than_the_package_allows_is_offered_to_be_made_up(group):
    member(group, "Anne")
    hold(group, 1, "absent")
    Package.objects.update(make_ups=0)

    assert [row.need_url for row in rows_of(group)] == [""]


def test_who_has_left_or_is_shut_out_is_not_there(group):
    for name in ("Anne", "Berit", "Carl"):
        member(group, name)
    Membership.objects.filter(member__in=User.objects.filter(name="Anne")).update(left_at=timezone.now())
    person = Membership.objects.get(member__name="Berit").member
    person.is_active = False
    person.save()

    assert [row.name for row in rows_of(group)] == ["Carl"]


@pytest.mark.parametrize(("days", "count"), [(1, 1), (6, 1), (9, 0)])
def test_members_are_stuck_within_a_week_of_the_meeting(group, days, count):
    membership = member(group, "Anne")
    meeting = set_day(group, 1, days)

    assert len(stuck_members(cases_of([membership]).values(), meeting, timezone.now())) == count


def test_nobody_is_stuck_who_has_done_what_comes_before(group):
    membership = member(group, "Anne")
    take_modules(membership.member, 1)

    assert stuck_members(cases_of([membership]).values(), set_day(group, 1, 1), timezone.now()) == []


def test_rows_ask_as_often_for_12_members_as_for_one(group, django_assert_num_queries):
    take_modules(member(group, "Anne").member, 1)
    rows_of(group)
    with django_assert_num_queries(12):
        rows_of(group)
    for number in range(11):
        membership = member(group, f"Person{number}")
        take_modules(membership.member, number % 3)
    hold(group, 1)
    with django_assert_num_queries(12):
        assert len(rows_of(group)) == 12
    assert Attendance.objects.count() == 12
