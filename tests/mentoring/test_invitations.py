"""Asking people into a group: one by one, and by the link of the group (R035, B14)."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from lms.outbox.models import OutgoingMail
from mentoring import invitations, joining
from mentoring.models import GroupEvent, Invitation, LearningGroup
from tests.mentoring.joining_ground import contact, group, hold_the_first_meeting, kinds, refused

__all__ = ["contact", "group"]


# --- Invitations ------------------------------------------------------------------------------------------------------


def test_an_invitation_is_a_mail_with_group_and_workplace_and_nothing_of_what_it_is_about(group, mentor):
    asked = invitations.invite(group, " Ny@Example.org ", "Nina", by=mentor)

    sent = mail.outbox[0]
    assert (sent.to, sent.subject) == (["ny@example.org"], "Invitasjon til en gruppe")
    assert "Marit Fjellanger inviterer deg til gruppen «Solbakken barnehage» ved Solbakken." in sent.body
    assert f"/grupper/invitasjon/{asked.token}/" in sent.body
    everything = sent.subject + sent.body + sent.alternatives[0][0]
    assert [word for word in ("palliasjon", "Lite kurs", "Liten pakke", "død") if word in everything] == []


@pytest.mark.parametrize("workplace", ["", "SOLBAKKEN barnehage"])
def test_a_mail_does_not_name_a_group_after_its_workplace_twice(group, mentor, workplace):
    LearningGroup.objects.update(workplace=workplace)
    group.refresh_from_db()

    invitations.invite(group, "ny@example.org", by=mentor)

    for words in (mail.outbox[0].body, mail.outbox[0].alternatives[0][0]):
        assert "Marit Fjellanger inviterer deg til gruppen «Solbakken barnehage»." in words


def test_inviting_again_sends_at_most_once_a_day(group, mentor, contact):
    asked = invitations.invite(group, "ny@example.org", by=mentor)
    invitations.invite(group, "NY@example.org", "Nina", by=contact)
    assert (Invitation.objects.count(), len(mail.outbox)) == (1, 1)

    Invitation.objects.update(invited_at=timezone.now() - timedelta(days=1))
    asked.refresh_from_db()
    assert invitations.send_again(asked, contact) is True
    asked.refresh_from_db()
    assert invitations.send_again(asked, contact) is False

    assert len(mail.outbox) == 2
    asked.refresh_from_db()
    assert (asked.name, asked.invited_by) == ("Nina", contact)


def test_the_outbox_itself_takes_one_mail_a_day(group, mentor, settings):
    settings.EMAIL_BACKEND = "lms.outbox.backend.OutboxBackend"
    asked = invitations.invite(group, "ny@example.org", by=mentor)

    invitations.mail_invitation(asked)

    mailed = OutgoingMail.objects.get()
    assert asked.token not in mailed.key


def test_accepting_binds_the_invitation_to_the_account_whatever_its_address(group, learner, mentor):
    asked = invitations.invite(group, "ny@example.org", by=mentor)

    membership = joining.accept(asked, learner)

    asked.refresh_from_db()
    assert (membership.member, asked.accepted_by, asked.accepted_at is not None) == (learner, learner, True)


def test_accepting_refuses_a_second_account(group, learner, other_learner, mentor):
    asked = invitations.invite(group, "ny@example.org", by=mentor)
    joining.accept(asked, learner)

    assert joining.accept(asked, learner).member == learner
    assert refused(joining.accept, asked, other_learner) == "Invitasjonen gjelder ikke lenger."
    assert joining.present_members(group).count() == 1


def test_accepting_refuses_when_it_is_withdrawn(group, learner, mentor):
    asked = invitations.invite(group, "ny@example.org", by=mentor)
    invitations.withdraw(asked, mentor)

    assert refused(joining.accept, asked, learner) == "Invitasjonen gjelder ikke lenger."


def test_a_withdrawn_invitation_that_is_sent_anew_has_a_new_address(group, learner, mentor):
    asked = invitations.invite(group, "ny@example.org", by=mentor)
    invitations.withdraw(asked, mentor)
    Invitation.objects.update(invited_at=timezone.now() - timedelta(days=1))

    again = invitations.invite(group, "ny@example.org", by=mentor)

    assert again.pk == asked.pk
    assert again.token != asked.token
    assert len(mail.outbox) == 2


def test_the_contacts_invitation_waits_for_the_mentor_after_the_first_meeting(group, learner, contact, mentor):
    asked = invitations.invite(group, "ny@example.org", by=contact)
    hold_the_first_meeting(group)

    refused(joining.accept, asked, learner)
    invitations.send_again(asked, mentor)

    assert joining.accept(asked, learner).member == learner


def test_inviting_refuses_members_wrong_addresses_and_those_who_do_not_decide(group, learner, other_learner, mentor):
    joining.join(group, learner, by=mentor)

    assert refused(invitations.invite, group, "Learner@example.org", by=mentor) == (
        "learner@example.org er allerede med i gruppen."
    )
    for address in ("tull", "a@b", "a b@example.org", "x@example.org\nBcc: y@example.org", "blå@example.org"):
        assert "er ikke en e-postadresse" in refused(invitations.invite, group, address, by=mentor)
    for person in (learner, other_learner):
        refused(invitations.invite, group, "ny@example.org", by=person)
    assert (Invitation.objects.count(), mail.outbox) == (0, [])


# --- The link ---------------------------------------------------------------------------------------------------------


def test_the_link_lets_in_until_it_is_renewed_or_closed(group, learner, other_learner, editor, contact, mentor):
    first = invitations.new_link(group, contact)
    assert joining.join_by_link(first, learner).member == learner

    second = invitations.new_link(group, mentor)
    assert refused(joining.join_by_link, first, other_learner) == "Lenken gjelder ikke lenger."
    assert joining.join_by_link(second, other_learner).member == other_learner

    group.refresh_from_db()
    invitations.close_link(group, contact)
    assert refused(joining.join_by_link, second, editor) == "Lenken gjelder ikke lenger."
    assert kinds(group).count("link") == 3


def test_the_link_shuts_itself_at_the_first_meeting_and_when_the_group_ends(group, learner, mentor):
    token = invitations.new_link(group, mentor)
    assert invitations.group_for_link(token) == group
    hold_the_first_meeting(group)

    assert invitations.group_for_link(token) is None
    assert refused(invitations.new_link, group, mentor) == (
        "Gruppen har hatt det første møtet. Inviter heller hver enkelt."
    )
    group.meetings.update(status="planned")
    LearningGroup.objects.update(status="cancelled")
    assert invitations.group_for_link(token) is None


def test_an_empty_token_is_no_link(group):
    assert invitations.group_for_link("") is None


def test_the_link_refuses_those_who_do_not_decide(group, learner):
    refused(invitations.new_link, group, learner)
    refused(invitations.close_link, group, learner)
    assert GroupEvent.objects.filter(kind="link").count() == 0


# --- What is kept of invitations --------------------------------------------------------------------------------------


def test_invitations_are_forgotten_ninety_days_after_the_end(group, mentor):
    invitations.invite(group, "ny@example.org", by=mentor)
    now = timezone.now()

    assert invitations.forget_old(now) == 0
    LearningGroup.objects.update(status="completed", completed_at=now - timedelta(days=89))
    assert invitations.forget_old(now) == 0
    LearningGroup.objects.update(status="completed", completed_at=now - timedelta(days=91))
    assert (invitations.forget_old(now), Invitation.objects.count()) == (1, 0)


@pytest.mark.parametrize(
    "name", ["Se www.example.org/nå", "evil.example", "Ring 90 00 00 01", "a@b", "Kari\nHaster: klikk her!"]
)
def test_the_mail_greets_by_what_looks_like_a_name_and_carries_no_words_of_the_inviter(group, mentor, name):
    invitations.invite(group, "ny@example.org", name, by=mentor)

    everything = mail.outbox[0].body + mail.outbox[0].alternatives[0][0]
    assert mail.outbox[0].body.lstrip().startswith("Hei\n")
    assert "".join(name.split()) not in "".join(everything.split())


@pytest.mark.parametrize("name", ["Se evil.example", "Vinn på www.example.org/nå", "Ring 90 00 00 01"])
def test_the_mail_names_an_inviter_who_bears_a_name(group, mentor, contact, name):
    type(mentor).objects.filter(pk__in=[mentor.pk, contact.pk]).update(name=name)
    for number, person in enumerate([mentor, contact]):
        person.refresh_from_db()
        invitations.invite(group, f"ny{number}@example.org", by=person)

    assert [sent.body.split("\n\n")[1].split(" inviterer")[0] for sent in mail.outbox] == [
        "Mentoren",
        "Kontaktpersonen",
    ]
    assert name not in "".join(sent.body + sent.alternatives[0][0] for sent in mail.outbox)


@pytest.mark.parametrize("name", ["Åse Bjørg Tjøme", "O'Neil-Ødegård", "J. R. Áššu"])
def test_the_mail_greets_by_name(group, mentor, name):
    invitations.invite(group, "ny@example.org", name, by=mentor)

    assert mail.outbox[0].body.lstrip().startswith(f"Hei {name}\n")


def test_a_group_has_a_limit_to_how_many_it_asks(group, mentor, monkeypatch):
    monkeypatch.setattr("mentoring.invitations.MOST_IN_A_GROUP", 1)
    invitations.invite(group, "en@example.org", by=mentor)
    invitations.invite(group, "en@example.org", by=mentor)

    assert "for mange invitasjoner" in refused(invitations.invite, group, "to@example.org", by=mentor)
