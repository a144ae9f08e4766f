import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mentoring.models import (
    GroupLetter,
    LearningGroup,
    Meeting,
    MeetingReply,
    Membership,
    Note,
    Package,
    Poll,
    PollAnswer,
    PollOption,
)
from mentoring.overview import contact_groups, led_groups, needs_of, page_of
from tests.group_progress import go_all_the_way, hold, make_up, set_day, take_modules, write_note
from tests.groups_ground import small_group
from tests.people import make_person


@pytest.fixture
def group(course, mentor, learner):
    """Both meetings have a time and a place, and the member has confirmed."""
    group = small_group(course.page, mentor, learner)
    for number, days in ((1, 20), (2, 40)):
        set_day(group, number, days, place="Møterommet")
    Membership.objects.update(confirmed_at=timezone.now())
    return group


def needs(mentor):
    now = timezone.now()
    return [(need.text, need.url) for need in needs_of(led_groups(mentor, now), now)]


def ask(group, number, days, *answered):
    poll = Poll.objects.create(meeting=group.meetings.get(number=number), by=group.mentor)
    day = timezone.localdate() + datetime.timedelta(days=days)
    option = PollOption.objects.create(poll=poll, day=day, clock=datetime.time(14))
    for membership in answered:
        PollAnswer.objects.create(option=option, membership=membership, answer="yes")


def without_time(group, *numbers):
    group.meetings.filter(number__in=numbers).update(day=None, clock=None, starts_at=None)


def test_nothing_needs_the_mentor_when_all_is_well(group, mentor):
    assert needs(mentor) == []


def test_a_note_to_read(group, mentor):
    note = write_note(Membership.objects.get())

    assert needs(mentor) == [("Les notatet fra Ingrid Solheim", f"/grupper/{group.pk}/notater/{note.pk}/")]


def test_notes_to_read(group, mentor, other_learner):
    for membership in (Membership.objects.get(), Membership.objects.create(group=group, member=other_learner)):
        write_note(membership)

    assert needs(mentor) == [("Les 2 notater", f"/grupper/{group.pk}/notater/")]


@pytest.mark.parametrize("status", ["draft", "received", "returned"])
def test_other_notes_need_nothing(group, mentor, status):
    write_note(Membership.objects.get(), status)

    assert needs(mentor) == []


@pytest.mark.parametrize(
    ("numbers", "text"), [((2,), "Møte 2 mangler tidspunkt"), ((1, 2), "Møte 1 og 2 mangler tidspunkt")]
)
def test_meetings_without_a_time(group, mentor, numbers, text):
    without_time(group, *numbers)

    assert needs(mentor) == [(text, f"/grupper/{group.pk}/planlegg/")]


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"form": "physical", "place": ""}, "Møte 2 mangler sted"),
        ({"form": "digital"}, "Møte 2 mangler lenke"),
        ({"form": "both", "place": "Rommet"}, "Møte 2 mangler lenke"),
    ],
)
def test_a_meeting_without_what_its_form_needs(group, mentor, fields, text):
    group.meetings.filter(number=2).update(**fields)

    assert needs(mentor) == [(text, f"/grupper/{group.pk}/moter/2/endre/")]


def cancel(group, *numbers):
    group.meetings.filter(number__in=numbers).update(status="cancelled")


@pytest.mark.parametrize("status", ["planned", "started"])
@pytest.mark.parametrize(
    ("numbers", "text", "leads_to"),
    [
        ((2,), "Møte 2 er avlyst. Gi det et nytt tidspunkt.", "moter/2/endre/"),
        ((1, 2), "Møte 1 og 2 er avlyst. Gi dem nye tidspunkter.", "planlegg/"),
    ],
)
def test_a_cancelled_meeting_asks_for_another_time(group, mentor, status, numbers, text, leads_to):
    LearningGroup.objects.update(status=status)
    cancel(group, *numbers)

    assert needs(mentor) == [(text, f"/grupper/{group.pk}/{leads_to}")]


def test_a_cancelled_meeting_asks_nothing_when_members_are_asked_or_did_something_else(group, mentor, other_learner):
    cancel(group, 2)
    make_up(Membership.objects.get(), 2)
    assert needs(mentor) == []

    Membership.objects.create(group=group, member=other_learner, confirmed_at=timezone.now())
    assert [text for text, _url in needs(mentor)] == ["Møte 2 er avlyst. Gi det et nytt tidspunkt."]
    ask(group, 2, 20)
    assert needs(mentor) == []


@pytest.mark.parametrize("required", [0, 1])
def test_a_cancelled_meeting_asks_nothing_when_the_package_has_enough_without_it(group, mentor, required):
    Package.objects.update(required_meetings=required)
    cancel(group, 2)

    assert needs(mentor) == []


def test_a_meeting_without_a_place_within_a_week_comes_before_unfinished_modules(group, mentor):
    set_day(group, 1, 3, place="")
    assert [text.split(" før")[0] for text, _url in needs(mentor)] == [
        "Møte 1 mangler sted",
        "Ingrid Solheim er ikke ferdig med modul 1",
    ]

    set_day(group, 1, 6, place="Rom 2")
    set_day(group, 2, 40, place="")
    assert [text.split(" før")[0] for text, _url in needs(mentor)] == [
        "Ingrid Solheim er ikke ferdig med modul 1",
        "Møte 2 mangler sted",
    ]


def test_a_meeting_that_is_over_waits_for_its_attendance(group, mentor):
    set_day(group, 1, -1)

    assert needs(mentor) == [("Før oppmøtet på møte 1", f"/grupper/{group.pk}/moter/1/oppmote/")]


@pytest.mark.parametrize(
    ("days", "have_answered", "texts"),
    [
        (20, True, ["Velg tidspunkt for møte 2: 1 av 1 har svart"]),
        (2, False, ["Velg tidspunkt for møte 2: 0 av 1 har svart"]),
        (20, False, []),
    ],
    ids=["all", "soon", "waiting"],
)
def test_a_poll_waits_for_the_mentor_when_all_have_answered_or_it_is_soon(group, mentor, days, have_answered, texts):
    without_time(group, 2)
    ask(group, 2, days, *([Membership.objects.get()] if have_answered else []))

    assert [text for text, _url in needs(mentor)] == texts


def test_members_who_are_not_ready_a_week_before(group, mentor, other_learner):
    meeting = set_day(group, 1, 3, place="Møterommet")
    day = meeting.day.strftime("%-d. ") + MONTHS[meeting.day.month - 1]
    url = f"/grupper/{group.pk}/#deltakere"

    assert needs(mentor) == [(f"Ingrid Solheim er ikke ferdig med modul 1 før møtet {day}", url)]
    Membership.objects.create(group=group, member=other_learner, confirmed_at=timezone.now())
    assert needs(mentor) == [(f"2 er ikke ferdige med modul 1 før møtet {day}", url)]


MONTHS = "januar februar mars april mai juni juli august september oktober november desember".split()


@pytest.mark.parametrize(("days", "count"), [(20, 0), (13, 1)])
def test_who_has_not_confirmed_two_weeks_before(group, mentor, days, count):
    Membership.objects.update(confirmed_at=None)
    take_modules(Membership.objects.get().member)
    set_day(group, 1, days, place="Møterommet")

    expected = [("Ingrid Solheim har ikke bekreftet taushet", f"/grupper/{group.pk}/deltakere/")]
    assert needs(mentor) == expected * count


def test_a_group_without_members(group, mentor):
    Membership.objects.update(left_at=timezone.now())

    assert needs(mentor) == [("Gruppen har ingen deltakere ennå", f"/grupper/{group.pk}/deltakere/")]


@pytest.mark.parametrize("status", ["completed", "cancelled"])
def test_a_group_that_is_over_waits_for_nothing_but_reading(group, mentor, status):
    without_time(group, 1, 2)
    note = write_note(Membership.objects.get())
    LearningGroup.objects.update(status=status)

    assert needs(mentor) == [("Les notatet fra Ingrid Solheim", f"/grupper/{group.pk}/notater/{note.pk}/")]


def test_what_is_most_urgent_stands_first(group, mentor, course):
    second = small_group(course.page, mentor, name="Bjørkelia")
    set_day(group, 1, -1)
    write_note(Membership.objects.get())

    assert [text for text, _url in needs(mentor)] == [
        "Les notatet fra Ingrid Solheim",
        "Før oppmøtet på møte 1",
        "Møte 1 og 2 mangler tidspunkt",
        "Gruppen har ingen deltakere ennå",
    ]
    assert second.pk != group.pk


def test_nobody_else_hears_what_a_group_needs(group, learner, admin):
    without_time(group, 1)

    assert (needs(learner), needs(admin)) == ([], [])


def test_the_page_of_a_member_has_the_next_step_and_the_meeting(group, learner):
    page = page_of(learner, timezone.now())

    assert [(item.step.title, item.coming.number) for item in page["own"]] == [("Ta modul 1, «Første modul»", 1)]
    assert (page["needs"], page["led"], page["leads"]) == ([], [], False)


def test_the_page_of_a_contact_person_has_their_groups_and_no_way_in(group, other_learner, signed_in):
    LearningGroup.objects.update(contact=other_learner)
    client = signed_in(other_learner)

    assert list(contact_groups(other_learner)) == [group]
    assert group.name in client.get("/grupper/").content.decode()
    assert client.get(f"/grupper/{group.pk}/").status_code == 404


def test_groups_stand_by_their_status(group, mentor, course):
    small_group(course.page, mentor, name="Bjørkelia", started=False)

    page = page_of(mentor, timezone.now())

    assert [(status, [item.group.name for item in found]) for status, found in page["led"]] == [
        ("planned", ["Bjørkelia"]),
        ("started", ["Solbakken barnehage"]),
    ]


def test_the_page_without_groups_says_what_one_can_do(learner_client):
    assert "Du er ikke med i noen gruppe ennå." in learner_client.get("/grupper/").content.decode()


def queries_of(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def one_group(course, mentor, learner):
    group = small_group(course.page, mentor, learner)
    take_modules(learner, 1)
    hold(group, 1)
    set_day(group, 2, 4)
    write_note(group.memberships.get())


@pytest.mark.parametrize("address", ["/grupper/", "/min-side/"])
def test_pages_ask_as_often_for_many_groups_as_for_one(course, mentor, learner, signed_in, address):
    one_group(course, mentor, learner)
    one = [queries_of(signed_in(person), address) for person in (mentor, learner)]
    for number in range(4):
        group = small_group(course.page, mentor, learner, name=f"Flere {number}")
        set_day(group, 1, 3)
        write_note(Membership.objects.create(group=group, member=make_person(f"m{number}@example.org", f"M {number}")))

    assert [queries_of(signed_in(person), address) for person in (mentor, learner)] == one


@pytest.mark.parametrize("role", ["mentor", "learner"])
def test_a_group_asks_as_often_for_12_members_as_for_one(group, mentor, learner, signed_in, role):
    client = signed_in({"mentor": mentor, "learner": learner}[role])
    take_modules(learner, 1)
    one = queries_of(client, f"/grupper/{group.pk}/")
    for number in range(11):
        person = make_person(f"p{number}@example.org", f"Person {number}")
        take_modules(person, number % 3)
        write_note(Membership.objects.create(group=group, member=person))

    assert queries_of(client, f"/grupper/{group.pk}/") == one


def test_the_mentor_starts_and_completes_the_group(course, mentor, learner, signed_in):
    group, client = small_group(course.page, mentor, learner, started=False), signed_in(mentor)
    assert "Start gruppen" in client.get(f"/grupper/{group.pk}/").content.decode()
    client.post(f"/grupper/{group.pk}/start/")
    group.refresh_from_db()
    assert group.status == "started"

    refused = client.post(f"/grupper/{group.pk}/fullfor/", follow=True).content.decode()
    assert "Hvert møte må være holdt eller avlyst" in refused
    hold(group, 1)
    hold(group, 2)
    client.post(f"/grupper/{group.pk}/fullfor/")
    group.refresh_from_db()
    assert group.status == "completed"


def test_the_page_says_what_is_left_before_the_group_is_completed(group, mentor, signed_in):
    hold(group, 1)
    cancel(group, 2)

    page = " ".join(signed_in(mentor).get(f"/grupper/{group.pk}/").content.decode().split())

    assert "Møte 2 er avlyst og har ikke fått nytt tidspunkt." in page
    assert "1 deltaker mangler noe før kursbeviset." in page
    assert f'action="/grupper/{group.pk}/fullfor/"' in page


def test_starting_refuses_when_started_already_and_on_a_get(group, mentor, learner, signed_in):
    client = signed_in(mentor)

    assert (
        "Bare en planlagt gruppe kan starte."
        in client.post(f"/grupper/{group.pk}/start/", follow=True).content.decode()
    )
    assert client.get(f"/grupper/{group.pk}/fullfor/").url == f"/grupper/{group.pk}/"
    assert signed_in(learner).post(f"/grupper/{group.pk}/start/").status_code == 404
    group.refresh_from_db()
    assert group.status == "started"


def test_the_page_of_a_member_shows_own_things_and_nobody_elses_progress(
    group, mentor, learner, other_learner, signed_in
):
    other = Membership.objects.create(group=group, member=other_learner, confirmed_at=timezone.now())
    GroupLetter.objects.create(group=group, by=mentor, subject="Takk for sist", text="Hilsen Marit")
    MeetingReply.objects.create(
        meeting=group.meetings.get(number=1), membership=Membership.objects.get(member=learner), answer="yes"
    )
    go_all_the_way(other)
    Meeting.objects.filter(number=1).update(status="planned")

    page = signed_in(learner).get(f"/grupper/{group.pk}/").content.decode()

    seen = ["Ta modul 1", "Takk for sist", "Hilsen Marit", "Jonas Åsbø", "Marit Fjellanger", "Refleksjonsnotat"]
    assert [word for word in seen if word not in page] == []
    assert [word for word in ("Hent kursbeviset", "Har levert", "Jonas Åsbøs", "1 av 2") if word in page] == []
    assert Note.objects.count() == 1
