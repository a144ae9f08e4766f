"""Finding a date: proposals, links that answer with one click, and nothing that mail servers set off."""

import re
from datetime import date, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from mentoring import polls
from mentoring.joining import join
from mentoring.models import Meeting, Membership, Poll, PollAnswer, PollOption
from mentoring.polls import best_of, clicked, decide, link_for, open_poll, tallies_of
from mentoring.scheduling import Slot, set_time
from tests import people
from tests.groups_ground import small_group
from tests.mentoring.calendars import mails_to, told
from tests.mentoring.planning.ground import NOW

pytestmark = pytest.mark.usefixtures("outbox")
SLOTS = [Slot(date(2026, 3, day), time(14)) for day in (10, 11, 12)]


@pytest.fixture
def group(course, mentor, learner, other_learner):
    group = small_group(course.page, mentor, learner, other_learner)
    group.meetings.update(place="Rom 2")
    return group


@pytest.fixture
def meeting(group) -> Meeting:
    return group.meetings.get(number=1)


@pytest.fixture
def poll(meeting, mentor) -> Poll:
    return open_poll(meeting, SLOTS, mentor)


@pytest.fixture
def membership(group, learner) -> Membership:
    return group.memberships.get(member=learner)


def refused(act, *args) -> str:
    with pytest.raises(ValidationError) as refusal:
        act(*args)
    return refusal.value.messages[0]


def path_of(membership, option, said) -> str:
    return link_for(membership, option, said).removeprefix("http://127.0.0.1:8000")


def page_of(meeting) -> str:
    return f"/grupper/{meeting.group_id}/moter/{meeting.number}/avstemning/"


# --- asking


def test_each_member_is_asked_once_with_a_link_for_each_answer(poll, mentor, learner, other_learner):
    (mail,) = mails_to(learner)

    links = re.findall(r"http://\S+/grupper/svar/\S+", mail.get_body(("plain",)).get_content())
    assert (mail["Subject"], len(links), len(set(links))) == ("Når passer møte 1 for deg?", 9, 9)
    assert (len(mails_to(other_learner)), mails_to(mentor)) == (1, [])
    assert [part.get_content_type() for part in mail.walk()] == ["multipart/alternative", "text/plain", "text/html"]


def test_one_who_joins_later_is_asked_once_too(poll, group, mentor):
    newcomer = people.make_person("ny@example.org", "Ny Person")
    membership = join(group, newcomer, by=mentor)
    polls.ask_newcomer(membership)

    assert [mail["subject"] for mail in mails_to(newcomer)] == ["Når passer møte 1 for deg?"]


def test_one_who_joins_after_the_decision_is_not_asked(poll, group, mentor):
    polls.close(poll)
    newcomer = people.make_person("ny@example.org", "Ny Person")
    join(group, newcomer, by=mentor)

    assert mails_to(newcomer) == []


def test_the_same_proposals_again_are_the_same_poll(poll, meeting, mentor, learner):
    assert open_poll(meeting, list(reversed(SLOTS)), mentor) == poll
    assert len(mails_to(learner)) == 1


@pytest.mark.parametrize(
    "slots", [SLOTS[:1], SLOTS[:1] * 2, [Slot(date(2026, 4, day), time(14)) for day in range(1, 8)]]
)
def test_the_poll_refuses_when_there_are_not_two_to_six_proposals(meeting, mentor, slots):
    assert refused(open_poll, meeting, slots, mentor) == "Foreslå fra to til seks ulike tidspunkter."


def test_the_poll_refuses_when_a_proposal_is_over(meeting, mentor):
    said = refused(open_poll, meeting, [*SLOTS, Slot(date(2026, 3, 1), time(14))], mentor)

    assert said == "Alle forslagene må være tidspunkter som kommer."


def test_the_poll_refuses_when_a_proposal_does_not_exist(meeting, mentor):
    said = refused(open_poll, meeting, [*SLOTS, Slot(date(2026, 3, 29), time(2, 30))], mentor)

    assert said.startswith("Kl. 02.30 finnes ikke 29. mars 2026.")


def test_the_poll_refuses_when_another_is_open(poll, meeting, mentor):
    assert refused(open_poll, meeting, SLOTS[:2], mentor).startswith("Gruppen er alt spurt om dette møtet.")


def test_the_poll_refuses_when_the_meeting_is_held(meeting, mentor):
    Meeting.objects.update(status="held")

    assert refused(open_poll, meeting, SLOTS, mentor) == "Møtet er holdt. Tid og sted kan ikke endres lenger."


def test_the_poll_refuses_when_the_group_is_over(group, meeting, mentor):
    group.status = "completed"
    group.save()

    assert refused(open_poll, meeting, SLOTS, mentor).startswith("Gruppen er avsluttet.")


# --- answering from the mail


def test_opening_the_link_changes_nothing(poll, membership, client):
    path = path_of(membership, poll.options.first(), "yes")

    answer = client.get(path)

    assert (answer.status_code, PollAnswer.objects.count()) == (200, 0)
    assert "data-press" in answer.content.decode()
    assert client.head(path).status_code == 200


def test_one_press_answers_without_signing_in(poll, membership, client):
    option = poll.options.first()
    path = path_of(membership, option, "yes")

    for _time in range(2):
        assert client.post(path).url == path

    stored = PollAnswer.objects.get()
    assert (stored.option, stored.membership, stored.answer) == (option, membership, "yes")
    shown = client.get(path).content.decode()
    assert ("Du har svart: passer." in shown, "data-press" in shown) == (True, False)


def test_the_last_link_that_was_pressed_counts(poll, membership, client):
    option = poll.options.first()

    for said in ("yes", "no", "maybe"):
        client.post(path_of(membership, option, said))

    assert PollAnswer.objects.get().answer == "maybe"


def test_the_page_of_a_link_takes_all_answers(poll, membership, client):
    first, second, _third = poll.options.all()

    client.post(path_of(membership, first, "yes"), {"all": "1", f"o{first.pk}": "no", f"o{second.pk}": "yes"})

    assert polls.answers_of(poll, membership) == {first.pk: "no", second.pk: "yes"}


def test_the_page_of_a_link_names_nobody(poll, membership, client, group):
    shown = client.get(path_of(membership, poll.options.first(), "yes")).content.decode()

    assert [word for word in (membership.member.name, group.mentor.name, group.name) if word in shown] == []


def test_a_link_is_dead_after_the_decision(poll, membership, mentor, client):
    path = path_of(membership, poll.options.first(), "yes")
    decide(poll.options.last(), mentor)

    assert (client.get(path).status_code, client.post(path).status_code) == (404, 404)
    assert not PollAnswer.objects.exists()


def test_a_link_is_dead_after_leaving_and_for_the_suspended(poll, membership, learner, client):
    path = path_of(membership, poll.options.first(), "yes")
    Membership.objects.filter(pk=membership.pk).update(left_at=timezone.now())
    assert client.post(path).status_code == 404

    Membership.objects.filter(pk=membership.pk).update(left_at=None)
    learner.is_active = False
    learner.save()
    assert client.post(path).status_code == 404
    assert not PollAnswer.objects.exists()


def test_a_link_that_is_changed_is_no_link(poll, membership, client):
    path = path_of(membership, poll.options.first(), "yes")

    assert client.get(path[:-4] + "abc/").status_code == 404
    assert client.get("/grupper/svar/x/").status_code == 404


def test_a_link_to_another_groups_proposal_is_no_link(poll, course, mentor):
    other = small_group(course.page, mentor, people.make_person("x@example.org", "X"), name="En annen")
    signed = path_of(other.memberships.get(), poll.options.first(), "yes").split("/")[-2]

    assert clicked(signed) is None


# --- the table and the decision


def test_the_best_suits_most(poll, membership, group, other_learner):
    first, second, third = poll.options.all()
    other = group.memberships.get(member=other_learner)
    polls.answer(membership, {first: "yes", second: "maybe", third: "maybe"})
    polls.answer(other, {first: "no", second: "yes", third: "maybe"})

    tallies = tallies_of(poll)

    assert [tally.counts for tally in tallies] == [
        {"yes": 1, "maybe": 0, "no": 1},
        {"yes": 1, "maybe": 1, "no": 0},
        {"yes": 0, "maybe": 2, "no": 0},
    ]
    assert best_of(tallies).option == second


def test_nothing_is_best_before_anybody_answered(poll):
    assert best_of(tallies_of(poll)) is None


def test_who_left_does_not_count(poll, membership):
    polls.answer(membership, dict.fromkeys(poll.options.all(), "no"))
    Membership.objects.filter(pk=membership.pk).update(left_at=timezone.now())

    assert [tally.answers for tally in tallies_of(poll)] == [{}, {}, {}]


def test_the_decision_sets_the_time_and_invites(poll, mentor, learner):
    option = poll.options.all()[1]

    for _time in range(2):
        meeting = decide(PollOption.objects.get(pk=option.pk), mentor)

    assert (meeting.day, PollOption.objects.get(chosen=True)) == (date(2026, 3, 11), option)
    assert Poll.objects.get().closed_at == NOW
    assert len(mails_to(learner)) == 2


def test_another_decision_refuses(poll, mentor):
    decide(poll.options.first(), mentor)

    assert refused(decide, poll.options.last(), mentor) == "Avstemningen er avsluttet."


def test_a_decision_refuses_when_the_time_collides_and_the_poll_stays_open(poll, group, mentor):
    set_time(group.meetings.get(number=2), date(2026, 3, 11), time(14), 0, mentor)

    assert refused(decide, poll.options.last(), mentor).startswith("Møte 2 (onsdag 11. mars 2026 kl. 14.00) må komme")
    assert Poll.objects.get().closed_at is None


def test_a_time_that_the_mentor_sets_ends_the_poll(poll, meeting, mentor, membership):
    set_time(meeting, date(2026, 3, 20), time(14), 0, mentor)

    assert refused(polls.answer, membership, {poll.options.first(): "yes"}) == "Avstemningen er avsluttet."


def test_an_answer_refuses_when_it_is_none(poll, membership):
    assert refused(polls.answer, membership, {poll.options.first(): "kanskje"}) == "Velg om tidspunktet passer."


# --- pages


def test_the_mentor_asks_sees_and_decides(meeting, mentor, membership, signed_in, learner):
    client = signed_in(mentor)
    fields = {f"p{place}-day": f"2026-03-1{place}" for place in range(3)} | {
        f"p{place}-clock": "14:00" for place in range(3)
    }

    assert "Spør 2 deltakere" not in client.get(page_of(meeting)).content.decode()
    looked = client.post(page_of(meeting), fields | {"do": "look"}).content.decode()
    assert ("Spør 2 deltakere" in looked, Poll.objects.exists()) == (True, False)
    assert client.post(page_of(meeting), fields | {"do": "ask"}).url == page_of(meeting)
    first, second, _third = Poll.objects.get().options.all()
    polls.answer(membership, {first: "no", second: "yes"})
    shown = client.get(page_of(meeting)).content.decode()
    assert ("1 deltaker har ikke svart ennå." in shown, "Ingrid Solheim" in shown) == (True, True)

    answer = client.post(page_of(meeting), {"do": "decide", "option": second.pk})

    assert answer.url == f"/grupper/{meeting.group_id}/moter/1/"
    assert told(learner) == [("REQUEST", 0)]


def test_the_mentor_may_stop_asking(poll, meeting, mentor, signed_in):
    signed_in(mentor).post(page_of(meeting), {"do": "close"})

    assert (Poll.objects.get().closed_at, Meeting.objects.get(pk=meeting.pk).day) == (NOW, None)


def test_the_form_says_what_is_wrong(meeting, mentor, signed_in):
    answer = signed_in(mentor).post(page_of(meeting), {"do": "ask", "p0-day": "2026-03-10", "p0-clock": "14:00"})

    assert (answer.status_code, "Foreslå fra to til seks" in answer.content.decode()) == (422, True)


OFF = {"p0-day": "2026-03-10", "p0-clock": "14:00", "p1-day": "2026-05-17", "p1-clock": "14:00"}


@pytest.mark.parametrize("do", ["look", "ask"])
def test_a_day_off_is_pointed_out_before_anybody_is_asked(meeting, mentor, learner, signed_in, do):
    client = signed_in(mentor)
    shown = client.post(page_of(meeting), OFF | {"do": do}).content.decode()

    assert "søndag 17. mai 2026: 17. mai, offentlig fridag" in shown
    assert 'name="seen" value="2026-05-17"' in shown
    assert (Poll.objects.exists(), mails_to(learner)) == (False, [])
    client.post(page_of(meeting), OFF | {"do": "ask", "seen": "2026-05-17"})
    assert Poll.objects.get().options.count() == 2


def test_another_day_off_than_the_one_that_was_seen_is_pointed_out_again(meeting, mentor, signed_in):
    client = signed_in(mentor)

    client.post(page_of(meeting), OFF | {"do": "ask", "seen": "2026-05-17", "p0-day": "2026-05-14"})

    assert not Poll.objects.exists()


def test_looking_over_refuses_what_asking_refuses(meeting, mentor, signed_in):
    answer = signed_in(mentor).post(page_of(meeting), OFF | {"do": "look", "p0-day": "2026-03-01"})

    assert (answer.status_code, "Alle forslagene må være tidspunkter" in answer.content.decode()) == (422, True)


def test_a_day_off_is_marked_in_the_mail_and_on_the_pages(meeting, mentor, learner, membership, signed_in, client):
    poll = open_poll(meeting, [*SLOTS[:1], Slot(date(2026, 5, 17), time(14))], mentor)
    (mail,) = mails_to(learner)
    pages = [mail.get_body((kind,)).get_content() for kind in ("plain", "html")]
    pages += [signed_in(person).get(page_of(meeting)).content.decode() for person in (learner, mentor)]

    assert [page.count("17. mai, offentlig fridag") for page in pages] == [1, 1, 1, 1]
    assert poll.options.count() == 2


def test_the_mail_names_the_group(poll, learner):
    (mail,) = mails_to(learner)

    for kind in ("plain", "html"):
        assert "møte 1 i Solbakken barnehage passer for deg." in mail.get_body((kind,)).get_content()


def test_the_form_refuses_a_year_that_nobody_can_count_with(meeting, mentor, signed_in):
    proposals = {"p0-day": "0001-01-01", "p0-clock": "00:00", "p1-day": "9999-12-31", "p1-clock": "23:59"}

    answer = signed_in(mentor).post(page_of(meeting), {"do": "ask"} | proposals)

    assert (answer.status_code, "Se etter om årstallet er riktig." in answer.content.decode()) == (422, True)


def test_a_member_answers_on_the_page_and_sees_nobody_else(poll, meeting, membership, learner_client, other_learner):
    option = poll.options.first()

    learner_client.post(page_of(meeting), {f"o{option.pk}": "maybe", "do": "decide", "option": option.pk})

    assert polls.answers_of(poll, membership) == {option.pk: "maybe"}
    assert Poll.objects.get().closed_at is None
    assert other_learner.name not in learner_client.get(page_of(meeting)).content.decode()


def test_a_member_cannot_ask(meeting, learner_client):
    learner_client.post(page_of(meeting), {"do": "ask", "p0-day": "2026-03-10", "p0-clock": "14:00"})

    assert not Poll.objects.exists()
    assert "Ingen avstemning nå" in learner_client.get(page_of(meeting)).content.decode()


def test_the_sixth_poll_of_a_day_about_a_meeting_refuses(meeting, mentor, clock):
    for _poll in range(5):
        polls.close(open_poll(meeting, SLOTS, mentor))
    with pytest.raises(ValidationError, match="fem ganger om dette møtet"):
        open_poll(meeting, SLOTS, mentor)
    assert Poll.objects.count() == 5

    clock.shift(timedelta(days=1, minutes=1))
    open_poll(meeting, SLOTS, mentor)
