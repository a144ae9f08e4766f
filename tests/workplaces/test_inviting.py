"""Inviting by list: what is wrong line by line, sending again, people without an account."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import ValidationError
from django.utils import timezone

from lms.workplaces import inviting, sharing
from lms.workplaces.models import Employee
from mentoring.rosters import read_file, read_text
from tests.workplaces.ground import a_leader, a_workplace, ask_for_course, invite


@pytest.fixture(autouse=True)
def no_mail_before(place):
    mail.outbox.clear()


def test_everybody_on_the_right_lines_is_on_the_list_and_mailed_once(place, leader):
    count = inviting.invite_all(read_text("kari@example.org, Kari Ås\nOla <ola@example.org>"), place, leader)

    assert count == 2
    assert sorted(place.employees.values_list("name", "email")) == [
        ("Kari Ås", "kari@example.org"),
        ("Ola", "ola@example.org"),
    ]
    assert sorted(letter.to[0] for letter in mail.outbox) == ["kari@example.org", "ola@example.org"]
    assert list(place.events.filter(kind="invited").values_list("detail", "by")) == [("2", leader.pk)]


@pytest.mark.parametrize(
    "content",
    [
        "\ufeffe-post;navn\r\nkari@example.org;Kari Ås\r\n".encode(),
        "navn,e-post\nKari Ås,kari@example.org\n".encode(),
        "Navn;E-post\r\nKari Ås;Kari@Example.org\r\n".encode("cp1252"),
        "sep=;\nnavn;epost\nKari Ås;kari@example.org".encode(),
    ],
)
def test_files_are_read_as_spreadsheets_write_them(place, leader, content):
    inviting.invite_all(read_file(content), place, leader)

    assert list(place.employees.values_list("name", "email")) == [("Kari Ås", "kari@example.org")]


def test_each_line_says_what_is_wrong_with_it(place, leader, learner, other_learner):
    sharing.do_not_share(invite(place, leader, learner.email), learner)
    invite(place, leader, other_learner.email)
    text = "ikke en adresse\nny@example.org\nNY@example.org, igjen\nlearner@example.org\nother@example.org\nx@y"

    roster = inviting.check(read_text(text), place)

    assert [(line.number, line.problem) for line in roster.lines] == [
        (1, "Linjen har ingen e-postadresse."),
        (2, ""),
        (3, "Adressen står også på linje 2."),
        (4, "Har svart at de ikke vil dele. Da spør vi ikke en gang til."),
        (5, "Står på listen fra før."),
        (6, "«x@y» er ikke en e-postadresse."),
    ]


def test_the_same_list_again_does_no_harm(place, leader):
    roster = "kari@example.org\nola@example.org"

    counts = [inviting.invite_all(read_text(roster), place, leader) for _time in range(3)]

    assert counts == [2, 0, 0]
    assert (Employee.objects.count(), len(mail.outbox)) == (2, 2)
    assert place.events.filter(kind="invited").count() == 1


def test_nothing_tells_whether_an_address_has_an_account(place, leader, learner):
    with_account = inviting.check(read_text(learner.email), place)
    without = inviting.check(read_text("ukjent@example.org"), place)

    assert [line.problem for line in with_account.lines] == [line.problem for line in without.lines] == [""]


def test_the_mail_says_who_asks_and_not_which_course(place, leader):
    employee = invite(place, leader)

    letter = mail.outbox[0]
    assert letter.subject == "Solbakken barnehage ber deg ta et kurs"
    assert "Hei Kari Ås" in letter.body
    assert "Eli Sandvik ved Solbakken barnehage ber deg ta et kurs i Refleks." in letter.body
    assert f"/arbeidsplass/svar/{employee.token}/" in letter.body
    assert "Lite kurs" not in letter.body + letter.alternatives[0][0]


def test_a_name_that_is_a_message_is_not_mailed(place, leader):
    invite(place, leader, "kari@example.org;Ring 4000 1234 nå http://x.example")

    assert "4000" not in mail.outbox[0].body
    assert mail.outbox[0].body.startswith("Hei\n")


def test_one_who_was_taken_off_comes_back_without_a_second_mail_in_the_same_week(place, leader):
    employee = invite(place, leader)
    sharing.remove(employee, leader)

    again = invite(place, leader)

    assert (again.pk, again.token, again.removed_at) == (employee.pk, employee.token, None)
    assert len(mail.outbox) == 1


def test_one_who_comes_back_later_has_a_new_address_and_starts_anew(place, leader, learner):
    employee = invite(place, leader)
    sharing.share(employee, learner)
    sharing.remove(employee, leader)

    with time_machine.travel(timezone.now() + timedelta(days=8)):
        again = invite(place, leader)

    assert again.token != employee.token
    assert (again.person, again.declined_at) == (None, None)
    assert sharing.active_consents([again]) == {}
    assert len(mail.outbox) == 2


def test_asking_again_goes_once_a_week(place, leader):
    employee = invite(place, leader)
    assert not inviting.send_again(employee, leader)

    with time_machine.travel(timezone.now() + timedelta(days=8)):
        assert inviting.send_again(employee, leader)
        assert not inviting.send_again(employee, leader)

    assert len(mail.outbox) == 2


def test_asking_again_refuses_when_it_is_answered(place, leader, learner):
    employee = invite(place, leader)
    sharing.do_not_share(employee)

    with pytest.raises(ValidationError) as refusal:
        inviting.send_again(employee, leader)

    assert refusal.value.messages == ["Invitasjonen er besvart."]


def test_inviting_refuses_when_no_course_is_on_the_list(leader, admin):
    empty = a_workplace("Tom")
    a_leader(empty, leader, admin)

    with pytest.raises(ValidationError) as refusal:
        invite(empty, leader)

    assert refusal.value.messages == ["Sett et kurs på listen først, så de ansatte vet hva de blir spurt om."]


def test_inviting_refuses_when_the_list_is_full(place, leader, monkeypatch):
    monkeypatch.setattr(inviting, "MOST_EMPLOYEES", 1)

    with pytest.raises(ValidationError):
        invite(place, leader, "a@example.org\nb@example.org")

    assert (Employee.objects.count(), len(mail.outbox)) == (0, 0)


def test_old_rows_are_forgotten(place, leader, learner):
    gone, silent, kept = (invite(place, leader, f"{name}@example.org") for name in ("borte", "taus", "deler"))
    sharing.share(kept, learner)
    sharing.remove(gone, leader)

    assert inviting.forget_old(timezone.now() + timedelta(days=89)) == 0
    assert inviting.forget_old(timezone.now() + timedelta(days=91)) == 1
    assert inviting.forget_old(timezone.now() + timedelta(days=366)) == 1
    assert list(Employee.objects.all()) == [kept]


def test_inviting_refuses_more_than_a_day_may_have(place, leader, monkeypatch):
    monkeypatch.setattr(inviting, "MOST_A_DAY", 2)
    invite(place, leader, "a@example.org\nb@example.org")

    with pytest.raises(ValidationError) as refusal:
        invite(place, leader, "c@example.org")

    assert refusal.value.messages == ["Dere kan invitere høyst 1000 på ett døgn. Inviter resten i morgen."]
    assert (place.employees.count(), len(mail.outbox)) == (2, 2)
    with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1)):
        invite(place, leader, "c@example.org")
    assert place.employees.count() == 3


def test_the_subject_of_a_mail_is_one_line_whatever_the_workplace_is_called(leader, admin, course):
    place = a_workplace("Sol\r\nBcc: x@example.org")
    a_leader(place, leader, admin)
    ask_for_course(place, leader)
    mail.outbox.clear()

    invite(place, leader)

    assert [letter.subject for letter in mail.outbox] == ["Sol Bcc: x@example.org ber deg ta et kurs"]
