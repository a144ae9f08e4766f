from datetime import time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mentoring.calendar_format import one_line
from mentoring.models import Attendance, BroughtPrompt, GroupEvent, MakeUp, Meeting, MeetingReply, Membership
from mentoring.polls import open_poll
from mentoring.scheduling import Slot
from tests.doors.payloads import PAYLOADS
from tests.doors.test_hostile_words import shapes_differ
from tests.groups_ground import small_group
from tests.mentoring.meeting_ground import finish_modules, set_time, today, write_in_notebook
from tests.people import make_person

REASON = "Vi snakket gjennom spørsmålene på telefon."


@pytest.fixture
def group(course, mentor, learner, other_learner):
    return small_group(course.page, mentor, learner, other_learner)


@pytest.fixture
def meeting(group):
    return set_time(group.meetings.get(number=1), today())


@pytest.fixture
def page(meeting):
    return f"/grupper/{meeting.group_id}/moter/1/"


@pytest.fixture
def membership(group, learner):
    return group.memberships.get(member=learner)


@pytest.fixture
def mentors(mentor, signed_in):
    return signed_in(mentor)


def words(client, address) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_a_member_sees_when_where_what_and_with_whom(group, page, learner_client, other_learner, mentor):
    MeetingReply.objects.create(
        meeting=group.meetings.get(number=1), membership=group.memberships.get(member=other_learner), answer="yes"
    )
    text = words(learner_client, page)

    for said in ("Første møte", "Kl. 14.00–15.30", "norsk tid", "Møterom 2", "Velkommen", "Rollen min"):
        assert said in text
    for said in ("Hva gikk bra?", "Modul 1", "ikke begynt", mentor.name, other_learner.name):
        assert said in text


def test_a_member_sees_nothing_that_is_the_mentors(page, learner_client):
    text = words(learner_client, page)

    for hidden in ("La alle slippe til.", "Åpne skjermen", "Oppmøte", "Hvem er klare", "bekreftet taushet ennå:"):
        assert hidden not in text


def test_the_mentor_sees_the_guide_and_who_is_ready(page, mentors, learner):
    finish_modules(learner, 1)
    text = words(mentors, page)

    assert "La alle slippe til." in text
    assert "1 av 2 har gjort modulene før møtet." in text
    assert "mangler modul 1" in text
    assert "2 har ikke bekreftet taushet ennå" in text


def test_a_member_sees_their_own_modules_done(page, learner_client, learner):
    finish_modules(learner, 1)

    assert "ferdig" in words(learner_client, page)


def test_a_meeting_without_time_says_so(group, learner_client, mentors):
    address = f"/grupper/{group.pk}/moter/2/"

    assert "Ikke noe tidspunkt ennå" in words(learner_client, address)
    assert "Spør om tidspunkt" in words(mentors, address)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"place": ""}, "Tidspunktet er satt. Stedet og innkallingen kommer"),
        ({"form": "digital", "place": ""}, "Tidspunktet er satt. Lenken og innkallingen kommer"),
    ],
)
def test_a_meeting_that_is_not_announced_yet_takes_no_reply(
    meeting, page, group, learner_client, mentors, fields, said
):
    Meeting.objects.filter(pk=meeting.pk).update(**fields)

    for address in (page, f"/grupper/{group.pk}/", "/grupper/"):
        text = words(learner_client, address)
        assert (said in text, 'name="answer"' in text) == (True, False)
    for address in (page, f"/grupper/{group.pk}/"):
        assert "Ingen er invitert ennå." in words(mentors, address)


def test_a_cancelled_meeting_says_so(meeting, page, learner_client, mentors):
    Meeting.objects.filter(pk=meeting.pk).update(status="cancelled")

    for client in (learner_client, mentors):
        text = words(client, page)
        assert "Møtet blir ikke holdt." in text
        assert "Åpne skjermen" not in text


def test_a_cancelled_meeting_can_be_brought_back_from_its_page(meeting, page, group, learner_client, mentors):
    Meeting.objects.filter(pk=meeting.pk).update(status="cancelled")
    means = "det må holdes senere, eller tas igjen etter avtale med mentoren."

    text = words(mentors, page)
    assert f'href="{page}endre/">Gi møtet et nytt tidspunkt' in text
    assert f'href="{page}avstemning/">Spør om tidspunkt' in text
    assert means in text
    members = words(learner_client, page)
    assert means in members
    assert [said for said in ("nytt tidspunkt</a>", "Spør om tidspunkt", "Før som tatt igjen") if said in members] == []


@pytest.mark.parametrize("status", ["completed", "cancelled"])
def test_a_cancelled_meeting_of_a_group_that_has_ended_offers_nothing(meeting, page, group, mentors, status):
    Meeting.objects.filter(pk=meeting.pk).update(status="cancelled")
    type(group).objects.update(status=status)

    text = words(mentors, page)
    assert [said for said in ("Gi møtet et nytt tidspunkt", "Spør om tidspunkt", "må holdes") if said in text] == []


def test_a_poll_about_a_cancelled_meeting_stands_on_its_page(meeting, page, mentor, learner_client, mentors):
    Meeting.objects.filter(pk=meeting.pk).update(status="cancelled")
    days = [Slot(today() + timedelta(days=days), time(14)) for days in (5, 6)]
    open_poll(Meeting.objects.get(pk=meeting.pk), days, mentor)

    assert f'href="{page}avstemning/">Se svarene om tidspunkt' in words(mentors, page)
    assert f'href="{page}avstemning/">Si hvilke tider som passer' in words(learner_client, page)


def test_a_cancelled_meeting_is_made_up_from_its_page(meeting, page, membership, mentors, learner_client):
    Meeting.objects.filter(pk=meeting.pk).update(status="cancelled")
    address = f"{page}ta-igjen/{membership.pk}/"
    assert f'href="{address}"' in words(mentors, page)

    assert "er avlyst." in words(mentors, address)
    assert mentors.post(address, {"reason": REASON}).status_code == 302
    assert "Se hva som ble gjort" in words(mentors, page)
    assert "Mentoren har ført at du har tatt igjen dette møtet." in words(learner_client, page)


def test_a_cancelled_meeting_without_a_day_says_so(group, mentors):
    group.meetings.filter(number=2).update(status="cancelled")

    text = words(mentors, f"/grupper/{group.pk}/moter/2/")
    assert ("Møtet blir ikke holdt." in text, "Kl. –" in text) == (True, False)


def test_a_held_meeting_tells_each_member_of_their_own_mark(meeting, membership, page, mentor, learner_client):
    Attendance.objects.create(meeting=meeting, membership=membership, status="digital", by=mentor)
    Meeting.objects.filter(pk=meeting.pk).update(status="held")

    assert "Mentoren har ført at du var til stede på nett." in words(learner_client, page)


@pytest.mark.parametrize("number", [0, 3, 99])
def test_the_page_is_absent_when_there_is_no_such_meeting(group, mentors, number):
    assert mentors.get(f"/grupper/{group.pk}/moter/{number}/").status_code == 404


def test_one_tap_marks_a_member(page, membership, mentors, mentor):
    answer = mentors.post(f"{page}oppmote/", {"member": membership.pk, "status": "there"})

    assert answer.url == f"{page}#deltaker-{membership.pk}"
    mark = Attendance.objects.get()
    assert (mark.membership, mark.status, mark.by) == (membership, "there", mentor)
    text = words(mentors, page)
    assert "1 til stede. 1 er ikke ført ennå." in text
    assert f"Ført av {mentor.name}" in text


def test_a_tap_with_htmx_answers_with_the_row_and_the_words(page, membership, mentors, learner):
    answer = mentors.post(
        f"{page}oppmote/", {"member": membership.pk, "status": "there"}, headers={"HX-Request": "true"}
    )
    text = " ".join(answer.content.decode().split())

    assert f'id="deltaker-{membership.pk}"' in text
    assert f'id="oppmote-sagt" data-hx-swap-oob="innerHTML">{learner.name}: til stede<' in text
    assert "1 til stede. 1 er ikke ført ennå." in text


def test_a_tap_is_taken_back(page, membership, mentors):
    mentors.post(f"{page}oppmote/", {"member": membership.pk, "status": "there"})
    mentors.post(f"{page}oppmote/", {"member": membership.pk, "status": ""})

    assert not Attendance.objects.exists()


def test_a_tap_refuses_with_words_when_the_day_has_not_come(meeting, page, membership, mentors):
    set_time(meeting, today() + timedelta(days=3))
    sent = {"member": membership.pk, "status": "there"}

    assert mentors.post(f"{page}oppmote/", sent, headers={"HX-Request": "true"}).status_code == 422
    assert (
        "Oppmøtet kan føres fra og med dagen møtet er."
        in mentors.post(f"{page}oppmote/", sent, follow=True).content.decode()
    )


def test_a_tap_refuses_for_a_member_of_another_group(course, page, mentors, mentor, learner):
    stranger = small_group(course.page, mentor, learner, name="En annen").memberships.get()

    for member in (stranger.pk, 0, "x", "9" * 30):
        assert mentors.post(f"{page}oppmote/", {"member": member, "status": "there"}).status_code == 404


def test_only_the_mentor_marks(page, membership, learner_client):
    answer = learner_client.post(f"{page}oppmote/", {"member": membership.pk, "status": "there"})

    assert answer.status_code == 404
    assert not Attendance.objects.exists()


def test_one_who_left_before_is_not_on_the_list_and_one_who_left_after_is(meeting, page, membership, mentors, learner):
    set_time(meeting, today() - timedelta(days=2))
    Membership.objects.filter(pk=membership.pk).update(left_at=timezone.now())
    assert learner.name in words(mentors, page)

    Membership.objects.filter(pk=membership.pk).update(left_at=timezone.now() - timedelta(days=5))
    assert learner.name not in words(mentors, page)


def test_few_present_is_said(meeting, group, page, membership, mentors):
    group.package.few_present = 2
    group.package.save()
    mentors.post(f"{page}oppmote/", {"member": membership.pk, "status": "there"})

    assert "Færre enn 2 er for få til en god samtale." in words(mentors, page)


def test_a_missed_meeting_is_made_up_and_taken_back(page, membership, mentors):
    mentors.post(f"{page}oppmote/", {"member": membership.pk, "status": "absent"})
    other = membership.group.memberships.exclude(pk=membership.pk).get()
    mentors.post(f"{page}oppmote/", {"member": other.pk, "status": "there"})
    address = f"{page}ta-igjen/{membership.pk}/"
    assert f'href="{address}"' in words(mentors, page)

    assert mentors.post(address, {"reason": "Telefon."}).status_code == 422
    assert mentors.post(address, {"reason": REASON}).status_code == 302
    assert MakeUp.objects.get().reason == REASON
    assert REASON in words(mentors, address)
    mentors.post(address, {"remove": "1"})
    assert not MakeUp.objects.exists()


def test_a_member_chooses_what_to_bring_and_the_screen_shows_that_alone(page, mentors, learner, learner_client):
    brought = write_in_notebook(learner, "Dette tar jeg med.")
    write_in_notebook(learner, "Dette er mitt.")
    assert "Dette er mitt." in words(learner_client, f"{page}ta-med/")

    learner_client.post(f"{page}ta-med/", {"entry": brought.pk})
    shown = "".join(words(mentors, f"{page}skjerm/?vis={number}") for number in (1, 2, 3, 4))
    assert "Dette tar jeg med." in shown
    assert [word for word in ("Dette er mitt.", learner.name) if word in shown] == []
    assert "Dette tar jeg med." not in words(mentors, page)


def test_the_notebook_of_a_member_is_no_others(page, mentors, learner, other_learner, signed_in):
    entry = write_in_notebook(learner, "Dette er mitt.")
    other = signed_in(other_learner)

    assert "Dette er mitt." not in words(other, f"{page}ta-med/")
    other.post(f"{page}ta-med/", {"entry": entry.pk, "named": entry.pk})
    assert not BroughtPrompt.objects.exists()
    assert mentors.get(f"{page}ta-med/").status_code == 404


def test_the_screen_goes_one_prompt_at_a_time_by_plain_links(page, mentors):
    first, last = words(mentors, f"{page}skjerm/"), words(mentors, f"{page}skjerm/?vis=2")

    assert "Hva gikk bra?" in first
    assert 'rel="next" href="?vis=2"' in first
    assert 'rel="prev"' not in first
    assert "Hva kan vi gjøre annerledes?" in last
    assert "2 av 2" in last
    assert "Hva kan vi gjøre annerledes?" in words(mentors, f"{page}skjerm/?vis=77")
    assert "Hva gikk bra?" in words(mentors, f"{page}skjerm/?vis=tull")


def test_the_screen_is_kept_nowhere_and_names_nothing(page, mentors, group):
    answer = mentors.get(f"{page}skjerm/")

    assert "no-store" in answer["Cache-Control"]
    assert "<title>Skjerm – Refleks</title>" in answer.content.decode()
    assert group.name not in answer.content.decode()


def test_the_screen_is_the_mentors(page, learner_client):
    assert learner_client.get(f"{page}skjerm/").status_code == 404


def test_the_clock_has_the_parts_of_the_agenda(meeting, page, mentors):
    text = words(mentors, f"{page}skjerm/")
    assert '<option value="10">10 min: Velkommen</option><option value="80">80 min: Samtale</option>' in text

    Meeting.objects.filter(pk=meeting.pk).update(agenda="Vi prater")
    assert '<option value="90">90 min: Første møte</option>' in words(mentors, f"{page}skjerm/")


def test_the_calendar_file_is_the_invitation(page, learner_client, meeting):
    answer = learner_client.get(f"{page}mote.ics")

    assert answer["Content-Type"].startswith("text/calendar; method=REQUEST")
    assert str(meeting.uid) in answer.content.decode()
    set_time(meeting, today(), place="")
    assert learner_client.get(f"{page}mote.ics").status_code == 404


def test_the_log_says_who_was_told_and_what_was_done(group, page, membership, mentors, learner_client):
    for status in ("absent", "there"):
        mentors.post(f"{page}oppmote/", {"member": membership.pk, "status": status})
    text = words(mentors, f"/grupper/{group.pk}/logg/")

    assert "Møte 1: ikke til stede → til stede" in text
    assert "Ingen har fått noe ennå." in text
    assert learner_client.get(f"/grupper/{group.pk}/logg/").status_code == 404


@pytest.mark.parametrize("who", ["mentor", "learner"])
def test_the_page_costs_the_same_for_two_and_for_twelve(page, group, meeting, mentor, learner, signed_in, who):
    client = signed_in({"mentor": mentor, "learner": learner}[who])
    finish_modules(learner, 1)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            words(client, page)
        return len(queries)

    cost()
    few = cost()
    for number in range(10):
        person = make_person(f"nr{number}@example.org", f"Person {number}")
        membership = Membership.objects.create(group=group, member=person)
        finish_modules(person, 1)
        MeetingReply.objects.create(meeting=meeting, membership=membership, answer="yes")
        Attendance.objects.create(meeting=meeting, membership=membership, status="there", by=mentor)
    assert cost() == few


def test_no_words_change_the_shape_of_the_pages(page, meeting, group, membership, mentors, learner, learner_client):
    entry = write_in_notebook(learner, "x")
    Attendance.objects.create(meeting=meeting, membership=membership, status="absent", by=group.mentor)
    made = MakeUp.objects.create(meeting=meeting, membership=membership, reason="x", by=group.mentor)
    Meeting.objects.filter(pk=meeting.pk).update(status="held", form="both", link="https://example.org/")
    GroupEvent.objects.create(group=group, kind="meeting", by=learner, about=learner, detail="x")
    learner_client.post(f"{page}ta-med/", {"entry": entry.pk, "named": entry.pk})

    learner_client.get(page)  # takes the message along
    group.memberships.exclude(pk=membership.pk).delete()  # names are sorted, which is not what is asked here

    def change(said):
        # A new line is a new item, also one that looks like none.
        fields = dict.fromkeys(("title", "place", "agenda", "topics", "prompts", "guide", "before"), one_line(said))
        Meeting.objects.filter(pk=meeting.pk).update(**fields)
        type(learner).objects.filter(pk=learner.pk).update(name=said)
        type(group).objects.filter(pk=group.pk).update(name=said)
        MakeUp.objects.filter(pk=made.pk).update(reason=said)
        GroupEvent.objects.update(detail=said)
        type(entry).objects.filter(pk=entry.pk).update(text=said, question=said)

    def pages():
        for client, address in (
            (mentors, page),
            (mentors, f"{page}skjerm/?vis=2"),
            (mentors, f"{page}ta-igjen/{membership.pk}/"),
            (mentors, f"/grupper/{group.pk}/logg/"),
            (mentors, f"/grupper/{group.pk}/brev/"),
            (learner_client, page),
            (learner_client, f"{page}ta-med/"),
        ):
            yield client.get(address).content.decode()

    assert len(PAYLOADS) > 10
    assert shapes_differ(change, pages) == []
