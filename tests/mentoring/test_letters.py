import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from lms.outbox.models import OutgoingMail
from mentoring.letters import send_letter
from mentoring.models import GroupLetter, Notice
from tests.doors.payloads import PAYLOADS
from tests.groups_ground import small_group

WORDS = {"subject": "Til torsdag", "text": "Ta med kaffekoppen.\n\nHilsen Marit"}


@pytest.fixture
def group(course, mentor, learner, other_learner):
    return small_group(course.page, mentor, learner, other_learner)


@pytest.fixture
def page(group, mentor, signed_in):
    """The mentor's client and the address of the form."""
    client, address = signed_in(mentor), f"/grupper/{group.pk}/brev/"
    token = re.search(r'name="token" value="([0-9a-f-]+)"', client.get(address).content.decode())[1]
    return client, address, WORDS | {"token": token}


def test_a_letter_goes_to_all_present_members(group, mentor, mailoutbox):
    letter = send_letter(group, mentor, **WORDS, token=uuid4())

    assert [mail.to for mail in mailoutbox] == [["learner@example.org"], ["other@example.org"]]
    mail = mailoutbox[0]
    assert (mail.subject, mail.reply_to) == ("Til torsdag", [])
    assert mail.body.startswith("Ta med kaffekoppen.\n\nHilsen Marit")
    assert mentor.email not in mail.message().as_string()
    assert Notice.objects.filter(kind="letter", occasion=str(letter.pk)).count() == 2


def test_answers_go_to_the_mentor_when_they_want_them(group, mentor, mailoutbox):
    send_letter(group, mentor, **WORDS, token=uuid4(), answer_to_mentor=True)

    assert mailoutbox[0].reply_to == [mentor.email]


def test_one_who_has_left_gets_no_letter(group, mentor, learner, mailoutbox):
    group.memberships.filter(member=learner).update(left_at=timezone.now())
    send_letter(group, mentor, **WORDS, token=uuid4())

    assert [mail.to for mail in mailoutbox] == [["other@example.org"]]


def test_a_letter_refuses_when_there_is_nobody(group, mentor):
    group.memberships.update(left_at=timezone.now())

    with pytest.raises(ValidationError, match="ingen deltakere"):
        send_letter(group, mentor, **WORDS, token=uuid4())
    assert not GroupLetter.objects.exists()


def test_a_letter_is_looked_over_before_it_is_sent(page, mailoutbox):
    client, address, form = page
    look = client.post(address, form | {"step": "look"})

    assert "Send til 2 personer" in look.content.decode()
    assert "Ingrid Solheim, Jonas Åsbø" in look.content.decode()
    assert mailoutbox == []


def test_the_same_form_sent_twice_is_one_letter(page, settings):
    settings.EMAIL_BACKEND = "lms.outbox.backend.OutboxBackend"
    client, address, form = page
    for _press in (1, 2):
        answer = client.post(address, form | {"step": "send"})

    assert answer.status_code == 302
    assert GroupLetter.objects.count() == 1
    assert OutgoingMail.objects.count() == 2


def test_the_form_of_one_group_refuses_in_another(course, group, mentor, learner):
    other, token = small_group(course.page, mentor, learner, name="En annen"), uuid4()
    send_letter(group, mentor, **WORDS, token=token)

    with pytest.raises(ValidationError, match="en annen gruppe"):
        send_letter(other, mentor, **WORDS, token=token)
    assert GroupLetter.objects.count() == 1


def test_a_letter_can_be_changed_after_it_was_looked_over(page):
    client, address, form = page
    answer = client.post(address, form | {"step": "write"}).content.decode()

    assert 'value="Til torsdag"' in answer
    assert "Ta med kaffekoppen." in answer
    assert form["token"] in answer


def test_a_letter_refuses_when_it_says_nothing(page):
    client, address, form = page
    answer = client.post(address, form | {"subject": " ", "text": "", "step": "send"})

    assert answer.status_code == 422
    assert "Skriv noe i brevet." in answer.content.decode()
    assert not GroupLetter.objects.exists()


def test_a_member_cannot_write_to_the_group(group, learner, signed_in, page):
    answer = signed_in(learner).post(f"/grupper/{group.pk}/brev/", page[2] | {"step": "send"})

    assert answer.status_code == 404
    assert not GroupLetter.objects.exists()


@pytest.mark.parametrize("payload", [*PAYLOADS, "A\r\nBcc: alle@example.org", "A\nContent-Type: text/html\n\n<b>"])
def test_no_words_break_the_mail(group, mentor, mailoutbox, payload):
    send_letter(group, mentor, f"Emne {payload}", f"Tekst {payload}", uuid4())
    mail = mailoutbox[0]

    assert mail.recipients() == ["learner@example.org"]
    assert mail.message()["Bcc"] is None
    assert "\n" not in mail.subject
    assert "<script" not in mail.alternatives[0].content.lower()


def test_the_eleventh_letter_of_a_day_refuses(group, mentor, mailoutbox, time_machine):
    for _letter in range(10):
        send_letter(group, mentor, **WORDS, token=uuid4())
    with pytest.raises(ValidationError, match="ti brev det siste døgnet"):
        send_letter(group, mentor, **WORDS, token=uuid4())
    assert (GroupLetter.objects.count(), len(mailoutbox)) == (10, 20)

    time_machine.move_to(timezone.now() + timedelta(days=1, minutes=1))
    send_letter(group, mentor, **WORDS, token=uuid4())
    assert len(mailoutbox) == 22
