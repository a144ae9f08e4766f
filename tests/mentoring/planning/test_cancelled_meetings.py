"""A cancelled meeting: what it means for the certificate, and the ways back."""

from datetime import date

import pytest

from mentoring.groups import cancel_group
from mentoring.models import Meeting, Package
from mentoring.packages import certificate_without
from tests.mentoring.calendars import mails_to, told
from tests.mentoring.planning.ground import DATES, HOW, NOW, SERIES, page_of, plan_of, words_in, words_of

pytestmark = pytest.mark.usefixtures("outbox")


def test_cancelling_says_what_it_means_for_the_certificate(planned, mentor_client, learner, mentor):
    means = "Møtet kreves fortsatt til kursbeviset: det må holdes senere, eller tas igjen etter avtale med mentoren."
    assert means in words_of(mentor_client.get(page_of(planned, "avlys")))

    mentor_client.post(page_of(planned, "avlys"))

    assert means in mails_to(learner)[-1].get_body(("plain",)).get_content()
    assert means in words_in(mails_to(learner)[-1].get_body(("html",)).get_content())


@pytest.mark.parametrize(
    ("fields", "means"),
    [
        ({"required_meetings": 1}, "Til kursbeviset kreves det fortsatt 1 av 2 møter."),
        ({"make_ups": 0}, "Møtet kreves fortsatt til kursbeviset, og må holdes på et nytt tidspunkt."),
        ({"required_meetings": 0}, ""),
        ({"gives_certificate": False}, ""),
    ],
)
def test_what_cancelling_means_depends_on_the_package(planned, fields, means):
    Package.objects.update(**fields)
    planned.package.refresh_from_db()

    assert certificate_without(planned) == means


def test_a_group_that_is_called_off_promises_no_other_time(planned, mentor, learner):
    cancel_group(planned, mentor)

    mails = [mail for mail in mails_to(learner) if "Avlyst: møte" in mail["Subject"]]
    assert len(mails) == 2
    assert not any("kursbeviset" in mail.get_body(("plain",)).get_content() for mail in mails)


def cancelled_in(group, *numbers):
    group.meetings.filter(number__in=numbers).update(status="cancelled", cancelled_at=NOW)


def test_a_plan_brings_cancelled_meetings_back_when_asked(planned, mentor_client, learner):
    cancelled_in(planned, 2)
    assert "Ta med møte 2: Andre møte" in words_of(mentor_client.get(plan_of(planned)))

    mentor_client.post(plan_of(planned), DATES | {"step": "save", "m2-day": "2026-04-08"})
    assert Meeting.objects.get(group=planned, number=2).status == "cancelled"
    answer = mentor_client.post(plan_of(planned), DATES | {"step": "save", "m2-day": "2026-04-08", "back": "2"})

    assert answer.status_code == 302
    back = Meeting.objects.get(group=planned, number=2)
    assert (back.status, back.day, back.cancelled_at) == ("planned", date(2026, 4, 8), None)
    assert told(learner)[-1][0] == "REQUEST"


def test_a_meeting_that_is_brought_back_asks_for_its_time(planned, mentor_client):
    cancelled_in(planned, 2)
    first = {name: value for name, value in DATES.items() if not name.startswith("m2")}

    looked = mentor_client.post(plan_of(planned), first | {"step": "look", "back": "2"})
    assert (looked.status_code, "Møtet er avlyst. Hold det likevel" in words_of(looked)) == (200, True)
    saved = mentor_client.post(plan_of(planned), first | {"step": "save", "back": "2"})
    assert (saved.status_code, "Velg en dato." in words_of(saved)) == (422, True)


def test_a_meeting_that_is_brought_back_keeps_its_own_way_of_meeting(planned, mentor_client):
    link = "https://moter.example.org/2"
    planned.meetings.filter(number=2).update(form="digital", place="", link=link)
    cancelled_in(planned, 2)
    first = {name: value for name, value in DATES.items() if not name.startswith("m2")}

    looked = mentor_client.post(plan_of(planned), first | {"step": "look", "back": "2"})
    chosen = looked.context["form"].data["form"]
    mentor_client.post(plan_of(planned), DATES | {"step": "save", "back": "2", "form": chosen})

    assert [(m.form, m.place, m.link) for m in planned.meetings.order_by("number")] == [
        tuple(HOW.values()),
        ("digital", "", link),
    ]


def test_cancelling_what_nobody_was_invited_to_promises_no_mail(group, mentor_client):
    said = words_of(mentor_client.post(page_of(group, "avlys"), follow=True))

    assert ("Møtet er avlyst." in said, "får vite det" in said) == (True, False)


def test_a_plan_of_cancelled_meetings_alone_offers_them_all(group, mentor_client):
    cancelled_in(group, 1, 2)

    shown = mentor_client.get(plan_of(group))
    assert (shown.context["back"], "Velg dem som skal holdes likevel" in words_of(shown)) == ({1, 2}, True)
    proposed = mentor_client.post(plan_of(group), SERIES | {"back": ["1", "2"]})
    assert [row["meeting"].number for row in proposed.context["rows"]] == [1, 2]
    none = mentor_client.post(plan_of(group), SERIES, follow=True)
    assert "Velg minst ett av de avlyste møtene." in words_of(none)
    assert {meeting.status for meeting in group.meetings.all()} == {"cancelled"}


def test_the_plan_of_a_group_that_has_ended_brings_nothing_back(group, mentor_client):
    cancelled_in(group, 2)
    type(group).objects.update(status="completed")

    assert "Ingen møter å planlegge" in words_of(mentor_client.get(plan_of(group)))
    mentor_client.post(plan_of(group), DATES | {"step": "save", "back": "2"})
    assert Meeting.objects.get(group=group, number=2).status == "cancelled"
