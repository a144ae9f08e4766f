"""Coming into a group by invitation or link, the promise of confidentiality, and leaving, as pages."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from mentoring import invitations, joining
from mentoring.models import Invitation, LearningGroup, Membership
from tests.accounts.conftest import last_code
from tests.mentoring.joining_ground import contact, group, hold_the_first_meeting

__all__ = ["contact", "group"]


@pytest.fixture
def asked(group, mentor):
    return invitations.invite(group, "ny@example.org", "Nina", by=mentor)


def text_of(answer) -> str:
    return answer.content.decode()


def invitation_url(asked) -> str:
    return f"/grupper/invitasjon/{asked.token}/"


# --- By invitation ----------------------------------------------------------------------------------------------------


def test_the_invitation_says_who_invites_to_what_and_asks_to_sign_in(asked, client):
    page = client.get(invitation_url(asked))

    assert page.status_code == 200
    words = text_of(page)
    assert ("Marit Fjellanger inviterer deg" in words, "Solbakken barnehage" in words) == (True, True)
    assert f"/konto/signup/?next={invitation_url(asked)}" in words
    assert (page["X-Robots-Tag"], page["Referrer-Policy"], "no-store" in page["Cache-Control"]) == (
        "noindex",
        "same-origin",
        True,
    )


def signing_up(client, path):
    """What the form of signing up has in it already, coming from `path`."""
    form = client.get("/konto/signup/", {"next": path}).context["form"]
    return {name: form[name].value() for name in ("name", "email") if form[name].value()}


def test_who_signs_up_from_an_invitation_finds_name_and_address_there(asked, client):
    Invitation.objects.update(name="Nina Ny")

    assert signing_up(client, invitation_url(asked)) == {"name": "Nina Ny", "email": asked.email}


@pytest.mark.parametrize("used", ["accepted_at", "withdrawn_at"])
def test_an_invitation_that_is_of_no_use_tells_nobodys_address(asked, client, used):
    Invitation.objects.update(**{used: timezone.now()})

    assert signing_up(client, invitation_url(asked)) == {}


@pytest.mark.parametrize(
    "path", ["", "/min-side/", "/grupper/invitasjon/finnes-ikke/", "/grupper/invitasjon/a\x00b/", "//ond.example/", "["]
)
def test_any_other_address_fills_in_nothing(asked, client, path):
    assert signing_up(client, path) == {}


def test_the_link_of_a_group_is_nobodys_own_and_fills_in_nothing(group, mentor, client):
    token = invitations.new_link(group, mentor)

    assert signing_up(client, f"/grupper/bli-med/{token}/") == {}


def test_whoever_signs_up_comes_back_to_the_invitation_and_joins_with_another_address(asked, client):
    client.get(f"/konto/signup/?next={invitation_url(asked)}")
    person = {"name": "Nina Ny", "email": "nina@hjemme.example", "sector": "kindergarten"}
    client.post(f"/konto/signup/?next={invitation_url(asked)}", person | {"next": invitation_url(asked)})
    answer = client.post(reverse("account_email_verification_sent"), {"code": last_code()})
    assert answer.url == invitation_url(asked)

    joined = client.post(invitation_url(asked))

    membership = Membership.objects.get()
    assert joined.url == f"/grupper/{asked.group_id}/taushet/"
    assert membership.member.email == "nina@hjemme.example"
    assert Invitation.objects.get().accepted_by == membership.member


def test_looking_changes_nothing_and_pressing_twice_joins_once(asked, learner, learner_client):
    learner_client.get(invitation_url(asked))
    assert Membership.objects.count() == 0

    for _time in range(2):
        learner_client.post(invitation_url(asked))

    assert [membership.member for membership in Membership.objects.all()] == [learner]
    assert learner_client.get(invitation_url(asked)).url == f"/grupper/{asked.group_id}/"


def test_a_post_without_sign_in_leads_to_the_sign_in_and_joins_nobody(asked, client):
    assert client.post(invitation_url(asked)).url == f"/konto/login/?next={invitation_url(asked)}"
    assert Membership.objects.count() == 0


def test_each_invitation_that_leads_nowhere_says_why(asked, group, learner_client, other_learner, mentor):
    assert learner_client.get("/grupper/invitasjon/finnes-ikke/").status_code == 404
    LearningGroup.objects.update(max_members=1)
    joining.join(group, other_learner, by=mentor)
    full = learner_client.get(invitation_url(asked))
    assert (full.status_code, "Gruppen er full" in text_of(full)) == (409, True)
    LearningGroup.objects.update(max_members=None, status="cancelled")
    ended = learner_client.post(invitation_url(asked))
    assert (ended.status_code, "Gruppen er avsluttet" in text_of(ended)) == (410, True)
    Invitation.objects.update(withdrawn_at=timezone.now())
    withdrawn = learner_client.get(invitation_url(asked))
    assert (withdrawn.status_code, "Invitasjonen er trukket tilbake" in text_of(withdrawn)) == (410, True)
    Invitation.objects.update(withdrawn_at=None, accepted_at=timezone.now())
    used = learner_client.get(invitation_url(asked))
    assert (used.status_code, "Invitasjonen er brukt" in text_of(used)) == (410, True)
    assert [word for word in ("Solbakken", "Marit") if word in text_of(used) + text_of(withdrawn)] == []


def test_a_sign_that_a_database_cannot_look_for_is_left_out_of_the_address(asked, client):
    assert client.get(f"/grupper/invitasjon/{asked.token}%00/").status_code == 200
    assert client.get("/grupper/bli-med/%00/").status_code == 404


def test_what_the_rule_refuses_is_said_on_a_page(group, contact, learner_client):
    asked = invitations.invite(group, "ny@example.org", by=contact)
    hold_the_first_meeting(group)

    page = learner_client.post(invitation_url(asked))

    assert (page.status_code, "Nå er det mentoren som bestemmer" in text_of(page)) == (409, True)


def test_the_position_is_asked_for_where_the_package_counts_by_it(asked, group, learner_client):
    group.package.expected_position = 50
    group.package.save()

    wrong = learner_client.post(invitation_url(asked), {"position_percent": "120"})
    assert (wrong.status_code, "Skriv stillingen som et tall fra 1 til 100." in text_of(wrong)) == (422, True)
    learner_client.post(invitation_url(asked), {"position_percent": "60"})

    assert Membership.objects.get().position_percent == 60


def test_trying_addresses_is_stopped(group, client):
    answers = [client.get(f"/grupper/bli-med/forsok-{number}/").status_code for number in range(31)]

    assert (answers[:30], answers[30]) == ([404] * 30, 429)


# --- By link ----------------------------------------------------------------------------------------------------------


def test_the_link_joins_and_a_closed_one_looks_like_one_that_never_was(group, learner_client, learner, mentor):
    token = invitations.new_link(group, mentor)
    answer = learner_client.post(f"/grupper/bli-med/{token}/")
    assert answer.url == f"/grupper/{group.pk}/taushet/"
    assert Membership.objects.get().member == learner

    learner_client.get("/grupper/")  # where the welcome is shown
    invitations.close_link(group, mentor)

    closed, never = (text_of(learner_client.get(f"/grupper/bli-med/{name}/")) for name in (token, "aldri"))
    tokens = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
    assert tokens.sub("", closed) == tokens.sub("", never)
    assert "Solbakken" not in closed


# --- Confidentiality and leaving --------------------------------------------------------------------------------------


def test_a_member_reads_and_confirms(group, learner, learner_client, mentor):
    joining.join(group, learner, by=mentor)
    url = f"/grupper/{group.pk}/taushet/"
    assert "Det som blir fortalt i gruppen, blir i gruppen." in text_of(learner_client.get(url))

    unread = learner_client.post(url)
    assert (unread.status_code, Membership.objects.get().confirmed_at) == (422, None)
    assert learner_client.post(url, {"confirm": "on"}).url == f"/grupper/{group.pk}/"

    assert Membership.objects.get().confirmed_at is not None
    assert "Du bekreftet dette" in text_of(learner_client.get(url))


def test_a_member_leaves_after_a_question_and_is_shut_out_at_once(group, learner, learner_client, mentor):
    joining.join(group, learner, by=mentor)
    url = f"/grupper/{group.pk}/slutt/"
    learner_client.get(url)
    assert Membership.objects.get().left_at is None

    assert learner_client.post(url).url == "/grupper/"

    assert Membership.objects.get().left_why == "own_wish"
    pages = (f"/grupper/{group.pk}/", url, f"/grupper/{group.pk}/taushet/", f"/grupper/{group.pk}/moter/1/")
    assert {learner_client.get(page).status_code for page in pages} == {404}
