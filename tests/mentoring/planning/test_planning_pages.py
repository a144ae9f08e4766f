"""The pages on which a mentor plans, changes and cancels, and members answer."""

from datetime import UTC, date, datetime, time

import pytest

from lms.outbox.models import OutgoingMail
from mentoring.models import Meeting, MeetingReply
from mentoring.scheduling import change, set_time
from tests.mentoring.calendars import told
from tests.mentoring.planning.ground import DATES, HOW, NOW, SERIES, fields_of, page_of, plan_of, words_of

pytestmark = pytest.mark.usefixtures("outbox")


def days_of(group) -> list:
    return list(group.meetings.values_list("day", flat=True))


# --- the plan


def test_the_proposed_dates_are_shown_with_what_speaks_against_them_and_nothing_is_saved(group, mentor_client):
    answer = mentor_client.post(plan_of(group), SERIES | {"first": "2026-03-31"})

    shown = words_of(answer)
    assert answer.status_code == 200
    assert "tirsdag 31. mars 2026: påskeferie i skolen" in shown
    assert "Innkallingen går til 2 deltakere og til deg." in shown
    assert "Lagre og inviter 3 personer" in shown
    assert [form.shown_day for form in _slots(answer)] == [date(2026, 3, 31), date(2026, 4, 28)]
    assert (days_of(group), OutgoingMail.objects.count()) == ([None, None], 0)


def _slots(answer) -> list:
    return [row["form"] for row in answer.context["rows"]]


def test_a_changed_date_is_looked_over_again(group, mentor_client):
    shown = words_of(mentor_client.post(plan_of(group), DATES | {"step": "look", "m2-day": "2026-05-17"}))

    assert "søndag 17. mai 2026: 17. mai, offentlig fridag" in shown
    assert days_of(group) == [None, None]


def test_one_button_saves_and_invites(group, mentor_client, learner):
    for _time in range(2):
        answer = mentor_client.post(plan_of(group), DATES | {"step": "save"}, follow=True)

    assert "Planen er lagret, og innkallingene er sendt til 3 personer." in words_of(answer)
    assert days_of(group) == [date(2026, 3, 10), date(2026, 4, 7)]
    assert told(learner) == [("REQUEST", 0)] * 2


def test_a_plan_without_a_place_is_saved_and_says_that_nobody_is_invited(group, mentor_client):
    before = words_of(mentor_client.post(plan_of(group), SERIES | {"place": ""}))
    answer = mentor_client.post(plan_of(group), DATES | {"step": "save", "place": ""}, follow=True)

    assert "Møtene mangler sted. Du kan lagre likevel" in before
    assert "Ingen er invitert ennå: møtene mangler sted." in words_of(answer)
    assert (days_of(group)[0], OutgoingMail.objects.count()) == (date(2026, 3, 10), 0)


def test_a_plan_that_is_there_is_shown_to_be_changed(planned, mentor_client):
    answer = mentor_client.get(plan_of(planned))

    assert [form.initial["day"] for form in _slots(answer)] == [date(2026, 3, 10), date(2026, 4, 7)]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"m1-day": ""}, "Velg en dato."),
        ({"m2-day": "2026-03-29", "m2-clock": "02:30"}, "Kl. 02.30 finnes ikke 29. mars 2026."),
        ({"m2-day": "2026-10-25", "m2-clock": "02:30"}, "Dette klokkeslettet kommer to ganger."),
        ({"m2-day": "2026-03-01"}, "er passert. Velg et tidspunkt som kommer."),
        ({"m2-day": "2026-03-10", "m2-clock": "15:00"}, "begynner før møte 1 er slutt"),
        ({"form": "digital", "link": "ikke en lenke"}, "Lenken skal begynne med https://"),
    ],
)
def test_a_plan_that_cannot_be_is_shown_again_with_the_reason(group, mentor_client, changed, said):
    answer = mentor_client.post(plan_of(group), DATES | {"step": "save"} | changed)

    assert (answer.status_code, said in words_of(answer), days_of(group)) == (422, True, [None, None])


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"m2-day": "2027-03-28", "m2-clock": "02:30"}, "Kl. 02.30 finnes ikke 28. mars 2027."),
        ({"m1-day": "2026-03-01"}, "Møte 1 søndag 1. mars 2026 kl. 14.00 er passert."),
        ({"m2-day": "2026-03-09"}, "Møte 2 (mandag 9. mars 2026 kl. 14.00) må komme etter møte 1"),
        ({"m2-day": "2031-03-09"}, "er mer enn tre år unna."),
    ],
)
@pytest.mark.parametrize("step", ["look", "save"])
def test_looking_over_says_at_the_meeting_what_saving_refuses(group, mentor_client, step, changed, said):
    answer = mentor_client.post(plan_of(group), DATES | {"step": step} | changed)

    number = list(changed)[0][1]
    wrong = {row["meeting"].number: str(row["form"].errors) for row in answer.context["rows"] if row["form"].errors}
    assert (answer.status_code, list(wrong)) == (422, [int(number)])
    assert said in wrong[int(number)]
    assert days_of(group) == [None, None]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"first": "2027-03-28", "clock": "02:30"}, "Kl. 02.30 finnes ikke 28. mars 2027."),
        ({"first": "2026-03-01"}, "Møte 1 søndag 1. mars 2026 kl. 14.00 er passert."),
    ],
)
def test_a_proposed_series_says_at_once_what_saving_refuses(group, mentor_client, changed, said):
    answer = mentor_client.post(plan_of(group), SERIES | changed)

    assert (answer.status_code, said in words_of(answer)) == (422, True)
    assert 'aria-invalid="true"' in answer.content.decode()


def test_the_one_of_two_that_was_chosen_is_saved(group, mentor_client):
    twice = {"m2-day": "2026-10-25", "m2-clock": "02:30", "m2-fold": "1"}

    mentor_client.post(plan_of(group), DATES | {"step": "save"} | twice)

    assert group.meetings.get(number=2).starts_at == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_a_series_that_cannot_be_is_asked_again(group, mentor_client):
    answer = mentor_client.post(plan_of(group), SERIES | {"first": "snart"})

    assert (answer.status_code, "Skriv datoen som 03.03.2026." in words_of(answer)) == (422, True)


@pytest.mark.parametrize("first", ["9999-12-31", "0001-01-01"])
def test_a_series_refuses_a_year_that_nobody_can_count_with(group, mentor_client, first):
    answer = mentor_client.post(plan_of(group), SERIES | {"first": first})

    assert (answer.status_code, "Se etter om årstallet er riktig." in words_of(answer)) == (422, True)


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_a_meeting_refuses_a_year_that_nobody_can_count_with(planned, mentor_client, day):
    fields = fields_of(planned, day=day, clock="00:00", following="on", seen=day)

    answer = mentor_client.post(page_of(planned), fields)

    assert (answer.status_code, "Se etter om årstallet er riktig." in words_of(answer)) == (422, True)


def test_there_is_nothing_to_plan_when_all_is_held(group, mentor_client):
    Meeting.objects.update(status="held")

    assert "Ingen møter å planlegge" in words_of(mentor_client.get(plan_of(group)))


@pytest.mark.parametrize("what", ["planlegg/", "moter/1/endre/", "moter/1/avlys/"])
def test_the_mentors_pages_refuse_when_one_is_a_member_or_an_administrator(group, learner, admin, signed_in, what):
    for person in (learner, admin):
        client = signed_in(person)
        assert client.get(f"/grupper/{group.pk}/{what}").status_code == 404
        assert client.post(f"/grupper/{group.pk}/{what}", DATES | {"step": "save"}).status_code == 404
    assert days_of(group) == [None, None]


# --- one meeting


def test_the_page_of_a_change_says_who_hears_of_it(planned, mentor_client):
    shown = words_of(mentor_client.get(page_of(planned)))

    assert "Endrer du tid, lengde eller sted, går det ut en ny innkalling." in shown
    assert "Innkallingen går til 2 deltakere og til deg." in shown
    assert "Flytt møtet etter dette like mange dager" in shown


def test_time_and_place_change_in_one_mail(planned, mentor_client, learner):
    fields = fields_of(planned, day="2026-03-12", clock="15:30", place="Rom 9", topics="Søsken")

    answer = mentor_client.post(page_of(planned), fields)

    assert answer.url == f"/grupper/{planned.pk}/moter/1/"
    assert told(learner)[2:] == [("REQUEST", 1)]
    assert Meeting.objects.get(group=planned, number=1).topics == "Søsken"


def test_the_rest_moves_along_when_asked(planned, mentor_client):
    mentor_client.post(page_of(planned), fields_of(planned, day="2026-03-12", following="on"))

    assert days_of(planned) == [date(2026, 3, 12), date(2026, 4, 9)]


def test_a_day_off_is_pointed_out_once_and_then_taken(planned, mentor_client):
    fields = fields_of(planned, day="2026-04-02")

    answer = mentor_client.post(page_of(planned), fields)
    assert "torsdag 2. april 2026: skjærtorsdag, offentlig fridag." in words_of(answer)
    assert days_of(planned)[0] == date(2026, 3, 10)

    mentor_client.post(page_of(planned), fields | {"seen": "2026-04-02"})
    assert days_of(planned)[0] == date(2026, 4, 2)


def test_what_was_is_registered_and_the_page_says_how_many_hear_of_it(planned, mentor_client):
    fields = fields_of(planned, day="2026-02-26", was="on", seen="2026-02-26")
    answer = mentor_client.post(page_of(planned), fields, follow=True)
    assert days_of(planned)[0] == date(2026, 2, 26)
    assert "Endringene er lagret, og 3 personer får vite det." in words_of(answer)

    before = OutgoingMail.objects.count()
    fields = fields_of(planned, day="2026-02-25", was="on", seen="2026-02-25")
    again = words_of(mentor_client.post(page_of(planned), fields, follow=True))
    assert ("Lagret." in again, "får vite det" in again) == (True, False)
    assert OutgoingMail.objects.count() == before


def test_a_meeting_that_nobody_was_invited_to_is_registered_without_a_word_of_invitations(group, mentor_client):
    fields = fields_of(group, day="2026-02-26", clock="14:00", was="on", seen="2026-02-26")

    shown = words_of(mentor_client.post(page_of(group), fields, follow=True))

    assert ("Lagret." in shown, "invitert ennå" in shown) == (True, False)
    assert not OutgoingMail.objects.exists()


def test_a_meeting_without_a_time_takes_a_place(group, mentor_client):
    answer = mentor_client.post(page_of(group), fields_of(group, place="Rom 2"), follow=True)

    assert "Ingen er invitert ennå: møtet mangler dato." in words_of(answer)
    assert Meeting.objects.get(group=group, number=1).place == "Rom 2"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"day": ""}, "Velg en dato."),
        ({"day": "2026-03-29", "clock": "02:30"}, "Kl. 02.30 finnes ikke 29. mars 2026."),
        ({"place": ""}, "Sted: Skriv inn stedet. Deltakerne er allerede invitert."),
        ({"form": "digital"}, "Lenke til møtet: Skriv inn lenken. Deltakerne er allerede invitert."),
        ({"form": "both"}, "Lenke til møtet: Skriv inn lenken. Deltakerne er allerede invitert."),
        ({"minutes": "5"}, "Et møte varer fra et kvarter (15) til tolv timer (720)."),
        ({"title": ""}, "Gi møtet en tittel."),
        ({"form": "digital", "link": "javascript:alert(1)"}, "Lenken skal begynne med https://"),
    ],
)
def test_a_change_that_cannot_be_is_shown_again_with_the_reason(planned, mentor_client, changed, said):
    answer = mentor_client.post(page_of(planned), fields_of(planned, **changed))

    assert (answer.status_code, said in words_of(answer)) == (422, True)


def test_cancelling_says_how_many_hear_of_it_and_tells_them(planned, mentor_client, learner):
    page = page_of(planned, "avlys")

    assert "3 personer får vite at møtet er avlyst" in words_of(mentor_client.get(page))
    assert Meeting.objects.get(group=planned, number=1).status == "planned"
    for _time in range(2):
        mentor_client.post(page)
    assert told(learner)[2:] == [("CANCEL", 1)]
    assert mentor_client.get(page).status_code == 302


def test_a_cancelled_meeting_is_planned_again(planned, mentor_client, learner):
    mentor_client.post(page_of(planned, "avlys"))

    mentor_client.post(page_of(planned), fields_of(planned, day="2026-03-11"))

    assert told(learner)[2:] == [("CANCEL", 1), ("REQUEST", 2)]


# --- replies


def test_a_member_says_that_they_come_and_changes_their_mind(planned, learner_client, learner):
    page = page_of(planned, "svar")

    for answer in ("yes", "no"):
        assert learner_client.post(page, {"answer": answer}).url == f"/grupper/{planned.pk}/moter/1/"

    reply = MeetingReply.objects.get()
    assert (reply.membership.member, reply.answer) == (learner, "no")


def test_following_the_address_changes_nothing(planned, learner_client):
    assert learner_client.get(page_of(planned, "svar")).url == f"/grupper/{planned.pk}/moter/1/"
    assert not MeetingReply.objects.exists()


def test_the_mentor_and_others_have_no_reply(planned, mentor_client, admin, signed_in):
    for client in (mentor_client, signed_in(admin)):
        assert client.post(page_of(planned, "svar"), {"answer": "yes"}).status_code == 404


@pytest.mark.parametrize(
    ("fields", "answer", "said"),
    [
        ({"status": "cancelled"}, "yes", "Møtet er avlyst, så det er ikke noe å svare på."),
        ({"status": "held"}, "yes", "Møtet har vært. Det er ikke mulig å svare lenger."),
        ({"day": None, "clock": None, "starts_at": None}, "yes", "Møtet har ikke fått noe tidspunkt ennå."),
        ({"place": ""}, "yes", "Innkallingen er ikke sendt ennå. Du kan svare når den er kommet."),
        ({}, "kanskje", "Velg om du kommer eller ikke."),
    ],
)
def test_a_reply_refuses_when_there_is_nothing_to_reply_to(planned, learner_client, fields, answer, said):
    Meeting.objects.filter(group=planned).update(**fields)

    shown = learner_client.post(page_of(planned, "svar"), {"answer": answer}, follow=True)

    assert (said in words_of(shown), MeetingReply.objects.count()) == (True, 0)


def test_a_meeting_that_was_moved_away_takes_no_reply_of_one_who_left(planned, learner_client, mentor):
    planned.memberships.update(left_at=NOW)
    set_time(Meeting.objects.get(group=planned, number=1), date(2026, 3, 11), time(14), 0, mentor)

    assert learner_client.post(page_of(planned, "svar"), {"answer": "yes"}).status_code == 404


def test_a_new_plan_leaves_each_meeting_where_it_is(planned, mentor, mentor_client):
    digital = {"form": "digital", "place": "", "link": "https://moter.example.org/2"}
    change(planned.meetings.get(number=2), mentor, **digital)
    assert "Som det står på hvert møte" in words_of(mentor_client.get(plan_of(planned)))

    days = {"m1-day": "2026-03-11", "m2-day": "2026-04-08", "form": "each", "place": "", "link": ""}
    mentor_client.post(plan_of(planned), DATES | days | {"step": "save"})

    assert [(m.day, m.form, m.place, m.link) for m in planned.meetings.order_by("number")] == [
        (date(2026, 3, 11), *HOW.values()),
        (date(2026, 4, 8), *digital.values()),
    ]


def test_a_plan_of_meetings_that_are_alike_asks_how_they_are_held(planned, mentor_client):
    assert "Som det står på hvert møte" not in words_of(mentor_client.get(plan_of(planned)))
