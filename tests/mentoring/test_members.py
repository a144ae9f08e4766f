"""Who is in a group: the pages for its mentor and its contact person."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from mentoring import invitations, joining
from mentoring.models import Invitation, LearningGroup, Membership
from tests.groups_ground import small_group
from tests.mentoring.joining_ground import contact, group, hold_the_first_meeting
from tests.people import make_person

__all__ = ["contact", "group"]


@pytest.fixture
def asked(group, mentor):
    return invitations.invite(group, "ny@example.org", "Nina", by=mentor)


def text_of(answer) -> str:
    return answer.content.decode()


def test_neither_of_two_ways_to_invite_is_called_optional(group, mentor, signed_in):
    page = text_of(signed_in(mentor).get(f"/grupper/{group.pk}/deltakere/inviter/"))

    labels = re.findall(r"<label for=[^>]*>(.*?)</label>", page)
    assert labels == ["Skriv inn e-postadresser", "Eller velg en fil med en liste"]


# --- Who is in the group ----------------------------------------------------------------------------------------------

PAGES = (
    "deltakere/",
    "deltakere/inviter/",
    "deltakere/{membership}/ta-ut/",
    "deltakere/{membership}/erstatt/",
    "liste.csv",
    "liste.xlsx",
)
POSTS = (
    "deltakere/inviter/",
    "deltakere/inviter/send/",
    "deltakere/lenke/",
    "deltakere/invitert/{invitation}/send/",
    "deltakere/invitert/{invitation}/trekk/",
    "deltakere/{membership}/ta-ut/",
    "deltakere/{membership}/erstatt/",
)


@pytest.fixture
def full(group, learner, mentor, asked):
    """A group with a member and an open invitation, and the addresses of its pages."""
    membership = joining.join(group, learner, by=mentor)
    ids = {"membership": membership.pk, "invitation": asked.pk}
    return membership, [f"/grupper/{group.pk}/{page}".format(**ids) for page in (*PAGES, *POSTS)]


@pytest.mark.parametrize("role", ["learner", "other_learner", "admin"])
def test_the_pages_are_for_mentor_and_contact_person(full, role, request, signed_in):
    browser = signed_in(request.getfixturevalue(role))
    pages, posts = full[1][: len(PAGES)], full[1][len(PAGES) :]

    assert {browser.get(page).status_code for page in pages} == {404}
    assert {browser.post(page).status_code for page in posts} == {404}
    assert (Membership.objects.get().left_at, Invitation.objects.get().withdrawn_at) == (None, None)


def test_an_id_of_another_group_is_missing(full, course, mentor, signed_in):
    other = small_group(course.page, mentor, name="En annen")
    browser = signed_in(mentor)

    for url in full[1]:
        if "/deltakere/" in url and re.search(r"/\d+/\w", url.split("deltakere", 1)[1]):
            moved = re.sub(r"/grupper/\d+/", f"/grupper/{other.pk}/", url)
            assert (moved, browser.post(moved).status_code) == (moved, 404)


def test_the_mentor_sees_everybody_and_what_is_open(full, group, mentor, other_learner, signed_in):
    gone = joining.join(group, other_learner, by=mentor)
    joining.leave(gone, by=other_learner)

    words = text_of(signed_in(mentor).get(f"/grupper/{group.pk}/deltakere/"))

    for word in (
        "Ingrid Solheim",
        "ikke bekreftet taushet",
        "ny@example.org",
        "Jonas Åsbø",
        "Sluttet selv",
        "liste.xlsx",
    ):
        assert word in words, word
    assert "learner@example.org" not in words


def test_the_contact_sees_people_and_no_progress_and_no_list(full, group, contact, signed_in):
    words = text_of(signed_in(contact).get(f"/grupper/{group.pk}/deltakere/"))

    assert ("Ingrid Solheim" in words, "Inviter deltakere" in words, "liste.csv" in words) == (True, True, False)
    assert "modul" not in words.lower().split("<main")[1].split("</main>")[0]
    assert signed_in(contact).get(f"/grupper/{group.pk}/liste.csv").status_code == 404


def test_the_contact_only_looks_after_the_first_meeting(full, group, contact, signed_in):
    hold_the_first_meeting(group)
    browser = signed_in(contact)

    words = text_of(browser.get(f"/grupper/{group.pk}/deltakere/"))
    assert ("Snakk med Marit Fjellanger" in words, "<form" in words.split("<main")[1].split("</main>")[0]) == (
        True,
        False,
    )
    for url in full[1][len(PAGES) :]:
        assert browser.post(url).url == f"/grupper/{group.pk}/deltakere/"
    assert (Membership.objects.get().left_at, Invitation.objects.get().withdrawn_at) == (None, None)


def test_a_list_is_looked_over_before_anything_is_sent(group, mentor, signed_in):
    browser, url = signed_in(mentor), f"/grupper/{group.pk}/deltakere/inviter/"
    file = SimpleUploadedFile("liste.csv", "navn;e-post\nKåre;kaare@example.org\nFeil;feil".encode("cp1252"))

    preview = browser.post(url, {"text": "ola@example.org, Ola", "file": file})

    words = text_of(preview)
    assert "2 personer blir invitert" in words
    assert "«feil» er ikke en e-postadresse." in words
    assert "Filen er ikke lagret som UTF-8." in words
    assert (Invitation.objects.count(), mail.outbox) == (0, [])
    hidden = re.search(r'<textarea name="text" hidden>\n?(.*?)</textarea>', words, re.DOTALL)[1]
    for _time in range(2):
        browser.post(f"{url}send/", {"text": hidden})
    assert [(asked.email, asked.name) for asked in Invitation.objects.all()] == [
        ("kaare@example.org", "Kåre"),
        ("ola@example.org", "Ola"),
    ]
    assert len(mail.outbox) == 2


def test_an_empty_or_wrong_list_is_refused_at_its_field(group, mentor, signed_in):
    browser, url = signed_in(mentor), f"/grupper/{group.pk}/deltakere/inviter/"

    empty = browser.post(url, {"text": " "})
    workbook = browser.post(url, {"file": SimpleUploadedFile("liste.xlsx", b"PK\x03\x04")})

    assert empty.context["form"].errors == {"text": ["Skriv minst én e-postadresse, eller velg en fil."]}
    assert workbook.context["form"].errors == {
        "file": ["Dette er et regneark. Lagre det som CSV, og last opp den filen."]
    }


def test_an_invitation_is_sent_again_and_withdrawn_from_the_page(full, group, mentor, asked, signed_in):
    browser, url = signed_in(mentor), f"/grupper/{group.pk}/deltakere/invitert/{asked.pk}/"
    browser.post(f"{url}send/")
    assert len(mail.outbox) == 1
    Invitation.objects.update(invited_at=timezone.now() - timedelta(days=1))

    browser.post(f"{url}send/")
    assert len(mail.outbox) == 2
    browser.post(f"{url}trekk/")
    assert Invitation.objects.get().withdrawn_at is not None
    browser.post(f"{url}send/")
    assert Invitation.objects.get().withdrawn_at is None


def test_the_link_is_opened_renewed_and_closed_from_the_page(group, contact, signed_in):
    browser, url = signed_in(contact), f"/grupper/{group.pk}/deltakere/lenke/"
    tokens = []
    for do in ("new", "new", "close"):
        browser.post(url, {"do": do})
        tokens.append(LearningGroup.objects.get().link_token)

    assert (tokens[0] != tokens[1], tokens[2]) == (True, None)


def test_a_member_is_replaced_and_taken_out_from_the_page(full, group, mentor, other_learner, signed_in):
    browser, url = signed_in(mentor), f"/grupper/{group.pk}/deltakere/{full[0].pk}/"

    wrong = browser.post(f"{url}erstatt/", {"email": "tull"})
    assert wrong.context["form"].errors == {"email": ["«tull» er ikke en e-postadresse."]}
    assert browser.post(f"{url}erstatt/", {"email": "annen@example.org", "name": "Anna"}).status_code == 302
    assert Invitation.objects.get(email="annen@example.org").replaces == full[0]
    browser.get(f"{url}ta-ut/")
    assert Membership.objects.get().left_at is None
    browser.post(f"{url}ta-ut/")
    assert Membership.objects.get().left_why == "removed"


def test_the_page_asks_as_often_for_one_member_as_for_many(full, group, mentor, signed_in, django_assert_num_queries):
    browser, url = signed_in(mentor), f"/grupper/{group.pk}/deltakere/"
    browser.get(url)
    with django_assert_num_queries(9) as few:
        browser.get(url)
    for number in range(5):
        joining.join(group, make_person(f"p{number}@example.org", f"Person {number}"), by=mentor)
        invitations.invite(group, f"q{number}@example.org", by=mentor)

    with django_assert_num_queries(len(few)):
        browser.get(url)


def test_every_post_needs_the_token_of_its_form(full, mentor):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(mentor)

    assert {browser.post(url).status_code for url in full[1][len(PAGES) :]} == {403}
