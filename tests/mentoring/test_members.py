"""The pages of joining and of the people in a group, and the list as a file."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from mentoring import invitations, joining
from mentoring.listing import file_name
from mentoring.models import Invitation, LearningGroup, Membership
from mentoring.spreadsheet import csv_file, harmless, xlsx_file
from tests.accounts.conftest import last_code
from tests.groups_ground import small_group
from tests.people import make_person


@pytest.fixture
def contact(db):
    return make_person("kontakt@example.org", "Karin Kontakt")


@pytest.fixture
def group(course, mentor, contact):
    return small_group(course.page, mentor, started=False, contact=contact, workplace="Solbakken")


@pytest.fixture
def asked(group, mentor):
    return invitations.invite(group, "ny@example.org", "Nina", by=mentor)


def invitation_url(asked) -> str:
    return f"/grupper/invitasjon/{asked.token}/"


def text_of(answer) -> str:
    return answer.content.decode()


def hold_the_first_meeting(group):
    group.meetings.filter(number=1).update(status="held", held_at=timezone.now())


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
    assert "Du lovet dette" in text_of(learner_client.get(url))


def test_a_member_leaves_after_a_question_and_is_shut_out_at_once(group, learner, learner_client, mentor):
    joining.join(group, learner, by=mentor)
    url = f"/grupper/{group.pk}/slutt/"
    learner_client.get(url)
    assert Membership.objects.get().left_at is None

    assert learner_client.post(url).url == "/grupper/"

    assert Membership.objects.get().left_why == "own_wish"
    pages = (f"/grupper/{group.pk}/", url, f"/grupper/{group.pk}/taushet/", f"/grupper/{group.pk}/moter/1/")
    assert {learner_client.get(page).status_code for page in pages} == {404}


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

    for word in ("Ingrid Solheim", "ikke lovet taushet", "ny@example.org", "Jonas Åsbø", "Sluttet selv", "liste.xlsx"):
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


# --- The list as a file -----------------------------------------------------------------------------------------------


def test_the_list_has_people_and_how_far_they_are_and_is_in_the_log(full, group, mentor, signed_in):
    Membership.objects.update(confirmed_at=timezone.now())
    answer = signed_in(mentor).get(f"/grupper/{group.pk}/liste.csv")

    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    today = timezone.localdate().isoformat()
    assert rows == [
        [
            *("Navn", "E-post", "Ble med", "Bekreftet taushet", "Moduler ferdig", "Moduler i alt"),
            *("Møter", "Møter i alt", "Notat levert"),
        ],
        ["Ingrid Solheim", "learner@example.org", today, today, "0", "2", "0", "2", "nei"],
    ]
    assert answer["Content-Disposition"] == f'attachment; filename="gruppeliste-solbakken-barnehage-{today}.csv"'
    assert "no-store" in answer["Cache-Control"]
    assert group.events.filter(kind="export", by=mentor, detail="csv").count() == 1


def test_the_workbook_has_typed_cells_and_no_formulas(full, group, mentor, learner, signed_in):
    learner.name = "=HYPERLINK(1)"
    learner.save()

    answer = signed_in(mentor).get(f"/grupper/{group.pk}/liste.xlsx")

    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert [cell.data_type for row in sheet for cell in row if cell.data_type == "f"] == []
    assert (sheet["A2"].value, sheet["C2"].is_date, sheet["E2"].data_type) == ("'=HYPERLINK(1)", True, "n")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "  =", "\x00=", "﹣"])
def test_no_cell_is_taken_for_a_formula(start):
    word = f"{start}1+1"

    assert harmless(word)[0] == "'"
    rows = csv_file([[word, 7]]).decode("utf-8-sig")
    assert rows.lstrip('"').startswith("'")
    sheet = load_workbook(io.BytesIO(xlsx_file([[word, 7]], "Ark"))).active
    assert (sheet["A1"].data_type, sheet["B1"].value) == ("s", 7)


@pytest.mark.parametrize("value", ["Kari Ås", "a=b", "", 7, None])
def test_a_harmless_cell_stays_as_it_is(value):
    assert harmless(value) == value


def test_the_name_of_the_file_is_plain_whatever_the_group_is_called():
    today = timezone.localdate().isoformat()
    names = [file_name(LearningGroup(name=name), "csv") for name in ('Ære "være"\r\nX: y/../', "日本")]

    assert names == [f"gruppeliste-aere-vaere-x-y-{today}.csv", f"gruppeliste-{today}.csv"]


def test_a_head_request_takes_nothing_out(full, group, mentor, signed_in):
    signed_in(mentor).head(f"/grupper/{group.pk}/liste.csv")

    assert group.events.filter(kind="export").count() == 0


def test_every_post_needs_the_token_of_its_form(full, mentor):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(mentor, backend="django.contrib.auth.backends.ModelBackend")

    assert {browser.post(url).status_code for url in full[1][len(PAGES) :]} == {403}
