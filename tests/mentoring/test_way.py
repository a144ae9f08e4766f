import pytest
from django.utils import timezone

from mentoring.models import Membership, Package
from mentoring.onward import cases_of
from mentoring.preparation import course_of
from mentoring.way import common_way, meeting_day, own_way, places_of
from tests.group_progress import hold, set_day, take_modules, write_note
from tests.groups_ground import small_group


@pytest.fixture
def group(course, mentor, learner, other_learner):
    return small_group(course.page, mentor, learner, other_learner)


def way_of(group, person=None):
    members = list(Membership.objects.select_related("member", "group__package__course").order_by("pk"))
    cases = cases_of(members)
    places = places_of(group, group.meetings.all(), course_of(group))
    if person is None:
        return common_way(cases.values(), places, timezone.now())
    [own] = [case for case in cases.values() if case.membership.member_id == person.pk]
    return own_way(own, places, timezone.now())


def told(way):
    return [(stone.kind, stone.state, stone.word) for stone in way]


def test_meetings_stand_between_the_modules_where_they_belong(group, learner):
    assert [(stone.kind, stone.title) for stone in way_of(group, learner)] == [
        ("module", "Første modul"),
        ("meeting", "Første møte"),
        ("module", "Andre modul"),
        ("meeting", "Andre møte"),
        ("note", "Refleksjonsnotat"),
        ("certificate", "Kursbevis"),
    ]


def test_the_way_of_a_member_says_where_they_are(group, learner):
    take_modules(learner, 1)
    hold(group, 1, "digital")
    meeting = set_day(group, 2, 9)

    assert told(way_of(group, learner)) == [
        ("module", "done", "modul 1, ferdig"),
        ("meeting", "done", "du var med"),
        ("module", "open", "modul 2, åpen"),
        ("meeting", "active", meeting_day(meeting)),
        ("note", "open", "ikke levert"),
        ("certificate", "closed", "til slutt"),
    ]


def test_a_meeting_that_was_missed_or_has_no_time_says_so(group, learner):
    hold(group, 1, "absent")

    assert [word for kind, _state, word in told(way_of(group, learner)) if kind == "meeting"] == [
        "du var ikke med",
        "ingen dato ennå",
    ]


def test_the_way_of_the_group_says_how_many_have_come_past(group, learner, other_learner):
    take_modules(learner)
    take_modules(other_learner, 1)
    held = hold(group, 1, other="absent")
    write_note(Membership.objects.get(member=learner), "received")

    assert told(way_of(group)) == [
        ("module", "done", "modul 1, 2 av 2 ferdige"),
        ("meeting", "done", f"{meeting_day(held).split(' kl')[0]}, 1 av 2 var med"),
        ("module", "active", "modul 2, 1 av 2 ferdige"),
        ("meeting", "closed", "ingen dato ennå"),
        ("note", "active", "1 av 2 levert"),
        ("certificate", "open", "0 av 2 har fått det"),
    ]


def test_each_meeting_has_its_note_where_the_package_wants_that(group, learner):
    Package.objects.update(notes="per_meeting", gives_certificate=False)
    group.package.refresh_from_db()

    assert [stone.title for stone in way_of(group, learner)] == [
        *("Første modul", "Første møte", "Notat etter møte 1"),
        *("Andre modul", "Andre møte", "Notat etter møte 2"),
    ]


def test_a_package_without_a_course_has_its_other_work(mentor, learner):
    group = small_group(None, mentor, learner)

    assert [(stone.kind, stone.title) for stone in way_of(group, learner)][:2] == [
        ("work", "Les heftet."),
        ("meeting", "Første møte"),
    ]
