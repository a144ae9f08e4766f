import datetime

import pytest
from django.utils import timezone

from certificates.issuing import issue_package_certificate
from mentoring.models import LearningGroup, Meeting, Membership, Package, Poll, PollOption
from mentoring.onward import cases_of, coming_meeting, next_step, when_words
from mentoring.overview import unanswered_polls
from tests.group_progress import hold, make_up, set_day, take_modules, write_note
from tests.groups_ground import small_group


@pytest.fixture
def group(course, mentor, learner):
    group = small_group(course.page, mentor, learner)
    Membership.objects.update(confirmed_at=timezone.now())
    return group


def place(group):
    return Membership.objects.select_related("member", "group__package__course").get(group=group)


def step_of(group):
    membership = place(group)
    return next_step(
        cases_of([membership])[membership.pk], timezone.now(), unanswered_polls([membership])[membership.pk]
    )


def not_confirmed(group):
    Membership.objects.update(confirmed_at=None)


def dated(group):
    set_day(group, 1, 5)


def half_way(group):
    take_modules(place(group).member, 1)
    hold(group, 1)
    set_day(group, 2, 5)


def all_modules(group):
    take_modules(place(group).member)


def first_module(group):
    take_modules(place(group).member, 1)


def both_held(group):
    hold(group, 1)
    hold(group, 2)


def both_held_one_missed(group):
    hold(group, 1, "absent")
    hold(group, 2)


def one_made_up(group):
    both_held_one_missed(group)
    make_up(place(group), 1)


def handed_in(group):
    write_note(place(group))


def returned(group):
    write_note(place(group), "returned")


def note_each_time(group):
    Package.objects.update(notes="per_meeting")


def asked(group):
    poll = Poll.objects.create(meeting=group.meetings.get(number=2), by=group.mentor)
    PollOption.objects.create(poll=poll, day=timezone.localdate(), clock=datetime.time(14))


def issued(group):
    issue_package_certificate(place(group), name="Ingrid", by=group.mentor, exception_reason="Gikk det på papir.")


def cancelled(group):
    LearningGroup.objects.update(status="cancelled")


@pytest.mark.parametrize(
    ("done", "code", "title", "url"),
    [
        ([not_confirmed, dated], "confirm", "Bekreft taushet", "/grupper/{pk}/taushet/"),
        ([], "module", "Ta modul 1, «Første modul»", "/kurs/lite-kurs/modul-1/leksjon-1/"),
        ([dated], "module", "Ta modul 1, «Første modul»", "/kurs/lite-kurs/modul-1/leksjon-1/"),
        ([asked], "poll", "Si når du kan komme på møte 2", "/grupper/{pk}/moter/2/avstemning/"),
        ([dated, first_module], "meeting", "Kom til møte 1", "/grupper/{pk}/moter/1/"),
        ([first_module], "wait", "Vent på tidspunkt for neste møte", ""),
        ([half_way], "module", "Ta modul 2, «Andre modul»", "/kurs/lite-kurs/modul-2/leksjon-3/"),
        ([half_way, all_modules], "meeting", "Kom til møte 2", "/grupper/{pk}/moter/2/"),
        ([half_way, returned], "returned", "Se på notatet en gang til", "/grupper/{pk}/notat/"),
        (
            [half_way, note_each_time],
            "note",
            "Skriv refleksjonsnotatet etter møte 1",
            "/grupper/{pk}/notat/1/",
        ),
        ([both_held], "module", "Ta modul 1, «Første modul»", "/kurs/lite-kurs/modul-1/leksjon-1/"),
        ([all_modules, both_held], "note", "Skriv refleksjonsnotatet", "/grupper/{pk}/notat/"),
        ([all_modules, both_held_one_missed, handed_in], "missing", "Nesten i mål", "/grupper/{pk}/moter/1/"),
        ([all_modules, one_made_up, handed_in], "claim", "Hent kursbeviset", "/kursbevis/ny/gruppe/{pk}/"),
        ([issued], "done", "Kursbeviset ditt er klart", None),
        ([cancelled], "cancelled", "Gruppen er avlyst", ""),
    ],
    ids=lambda value: "-".join(step.__name__ for step in value) if isinstance(value, list) else "",
)
def test_there_is_one_thing_to_do_next(group, done, code, title, url):
    for change in done:
        change(group)

    step = step_of(LearningGroup.objects.get())

    assert (step.code, step.title) == (code, title)
    assert url is None or step.url == url.format(pk=group.pk)


def test_a_poll_is_shown_to_who_has_not_confirmed_yet(group, learner_client):
    asked(group)
    address = f'href="/grupper/{group.pk}/moter/2/avstemning/"'
    beside = "Mentoren spør når møte 2 passer."
    for page in (f"/grupper/{group.pk}/", "/grupper/", "/min-side/"):
        text = learner_client.get(page).content.decode()
        assert (text.count(address), beside in text) == (1, False)

    not_confirmed(group)
    for page in (f"/grupper/{group.pk}/", "/grupper/", "/min-side/"):
        text = learner_client.get(page).content.decode()
        assert (text.count(address), beside in text, "Bekreft taushet" in text) == (1, True, True)


@pytest.mark.parametrize(("room", "said"), [("", True), ("Rom 2", False)])
def test_a_meeting_without_a_place_is_not_said_to_be_settled(group, room, said):
    first_module(group)
    set_day(group, 1, 3, place=room)

    step = step_of(LearningGroup.objects.get())

    assert (step.code, "Innkallingen kommer" in step.text) == ("meeting", said)


def test_the_coming_meeting_is_the_next_one_in_time_then_one_without_a_time(group):
    now = timezone.now()
    assert coming_meeting(group.meetings.all(), now).number == 1
    set_day(group, 2, 3)
    assert coming_meeting(group.meetings.all(), now).number == 2
    set_day(group, 1, 2)
    assert coming_meeting(group.meetings.all(), now).number == 1
    set_day(group, 1, 2, status=Meeting.Status.CANCELLED)
    assert coming_meeting(group.meetings.all(), now).number == 2
    set_day(group, 2, -2)
    assert coming_meeting(group.meetings.all(), now) is None


def test_a_meeting_is_the_coming_one_until_its_last_minute(group):
    meeting = set_day(group, 1, 3)
    group.meetings.get(number=2).delete()

    for minutes, number in ((0, 1), (89, 1), (90, None)):
        moment = meeting.starts_at + datetime.timedelta(minutes=minutes)
        found = coming_meeting(group.meetings.all(), moment)
        assert (found.number if found else None) == number


def test_times_are_said_in_words(group):
    meeting = group.meetings.get(number=1)
    assert when_words(meeting) == ""
    meeting.day, meeting.clock = datetime.date(2026, 3, 3), datetime.time(14)
    assert when_words(meeting) == "tirsdag 3. mars 2026 kl. 14.00"
