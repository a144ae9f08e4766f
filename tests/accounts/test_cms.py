"""People in /cms/: making, changing and erasing them never ends in a fault."""

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.urls import reverse
from wagtail.models import ModelLogEntry

from lms.accounts.models import User
from tests.accounts.conftest import last_code
from tests.people import make_person


@pytest.fixture
def boss(db):
    return make_person("boss@example.org", "Sigrun Tveit", is_superuser=True, is_staff=True)


@pytest.fixture
def browser(boss, signed_in):
    return signed_in(boss)


def group(name: str) -> int:
    return Group.objects.get(name=name).pk


def new_person(**changed) -> dict:
    return {"email": "ny@example.org", "name": "Nils Ny", "sector": "kindergarten", "groups": []} | changed


def test_a_new_editor_can_be_made_and_signs_in_by_code(browser, client):
    answer = browser.post(
        reverse("wagtailusers_users:add"), new_person(email="NY@example.org", groups=[group("Redaktør")])
    )

    person = User.objects.get(email="ny@example.org")
    assert answer.url == reverse("wagtailusers_users:index")
    assert (person.name, person.sector, person.is_staff, person.has_usable_password()) == (
        "Nils Ny",
        "kindergarten",
        True,
        False,
    )
    assert list(EmailAddress.objects.filter(user=person).values_list("email", "verified", "primary")) == [
        ("ny@example.org", True, True)
    ]
    client.post(reverse("account_request_login_code"), {"email": "ny@example.org"})
    client.post(reverse("account_confirm_login_code"), {"code": last_code()})
    assert client.session["_auth_user_id"] == str(person.pk)


def test_the_pages_of_people_show(browser, learner):
    pages = [
        browser.get(reverse("wagtailusers_users:index"), {"q": "Solheim", "ordering": "name"}),
        browser.get(reverse("wagtailusers_users:add")),
        browser.get(reverse("wagtailusers_users:edit", args=[learner.pk])),
        browser.get(reverse("wagtailusers_users:delete", args=[learner.pk])),
        browser.get(reverse("wagtailusers_users:history", args=[learner.pk])),
        browser.get(reverse("wagtailadmin_account")),
    ]

    assert [page.status_code for page in pages] == [200] * 6
    assert [user.name for user in pages[0].context["users"]] == ["Ingrid Solheim"]
    assert pages[1].context["form"]["is_superuser"].label == "Full tilgang"
    assert list(pages[1].context["form"].fields) == ["email", "name", "sector", "is_superuser", "groups"]
    assert list(pages[2].context["form"].fields) == ["email", "name", "sector", "is_active", "is_superuser", "groups"]


def test_a_role_given_and_taken_opens_and_shuts_the_cms(browser, learner):
    edit = reverse("wagtailusers_users:edit", args=[learner.pk])
    form = {"email": learner.email, "name": learner.name, "sector": learner.sector, "is_active": "on"}

    browser.post(edit, form | {"groups": [group("Administrator")]})
    learner.refresh_from_db()
    assert learner.is_staff is True

    browser.post(edit, form)
    learner.refresh_from_db()
    assert learner.is_staff is False


def test_a_new_address_is_the_one_to_sign_in_with(browser, learner):
    edit = reverse("wagtailusers_users:edit", args=[learner.pk])

    browser.post(edit, {"email": "Ny@example.org", "name": learner.name, "sector": "", "is_active": "on"})

    assert list(EmailAddress.objects.filter(user=learner).order_by("pk").values_list("email", "primary")) == [
        ("learner@example.org", False),
        ("ny@example.org", True),
    ]


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"email": "Learner@Example.org"}, "email", "Denne e-postadressen er allerede i bruk."),
        ({"email": "ingrid@privat.example"}, "email", "Denne e-postadressen er allerede i bruk."),
        ({"name": " 12 "}, "name", "Skriv navnet ditt med bokstaver."),
        ({"name": ""}, "name", "Skriv navnet ditt."),
    ],
)
def test_making_a_person_refuses_when_something_is_wrong(browser, learner, changed, field, sentence):
    EmailAddress.objects.create(user=learner, email="ingrid@privat.example", verified=True)

    answer = browser.post(reverse("wagtailusers_users:add"), new_person(**changed))

    assert answer.context["form"].errors == {field: [sentence]}
    assert User.objects.count() == 2


def test_deleting_somebody_erases_them_and_keeps_the_numbers(browser, boss, learner, certificate):
    answer = browser.post(reverse("wagtailusers_users:delete", args=[learner.pk]))

    learner.refresh_from_db()
    certificate.refresh_from_db()
    assert answer.url == reverse("wagtailusers_users:index")
    assert (learner.name, learner.is_active) == ("Tidligere deltaker", False)
    assert certificate.status == "valid"
    assert learner.enrolments.count() == 1
    entry = ModelLogEntry.objects.get(action="wagtail.delete")
    assert (entry.label, entry.user) == ("Tidligere deltaker", boss)


def test_deleting_several_erases_them(browser, learner, other_learner, certificate):
    address = reverse("wagtail_bulk_action", args=["accounts", "user", "delete"])

    page = browser.get(address, {"id": [learner.pk, other_learner.pk]})
    browser.post(f"{address}?id={learner.pk}&id={other_learner.pk}")

    assert page.status_code == 200
    assert User.objects.filter(name="Tidligere deltaker").count() == 2


def test_giving_several_a_role_opens_the_cms(browser, learner, other_learner):
    address = reverse("wagtail_bulk_action", args=["accounts", "user", "assign_role"])

    browser.post(f"{address}?id={learner.pk}&id={other_learner.pk}", {"role": group("Redaktør")})

    assert list(User.objects.filter(is_staff=True, is_superuser=False).order_by("pk")) == [learner, other_learner]


def test_whoever_was_erased_is_not_shown_and_stays_erased(browser, learner):
    browser.post(reverse("wagtailusers_users:delete", args=[learner.pk]))
    active = reverse("wagtail_bulk_action", args=["accounts", "user", "set_active_state"])

    shown = browser.get(reverse("wagtailusers_users:index")).context["users"]
    edit = browser.get(reverse("wagtailusers_users:edit", args=[learner.pk]))
    browser.post(f"{active}?id={learner.pk}", {"mark_as_active": "True"})
    again = browser.post(reverse("wagtailusers_users:delete", args=[learner.pk]))

    learner.refresh_from_db()
    assert [user.email for user in shown] == ["boss@example.org"]
    assert (edit.status_code, again.status_code, learner.is_active) == (404, 404, False)


def test_nobody_erases_themselves_here(browser, boss):
    browser.post(reverse("wagtailusers_users:delete", args=[boss.pk]))

    boss.refresh_from_db()
    assert boss.erased_at is None


def test_editors_and_administrators_are_refused(editor, admin, learner, signed_in):
    for person in (editor, admin):
        for name in ("edit", "delete"):
            signed_in(person).post(reverse(f"wagtailusers_users:{name}", args=[learner.pk]), new_person())

    learner.refresh_from_db()
    assert (learner.name, learner.erased_at) == ("Ingrid Solheim", None)


def test_the_own_settings_page_can_be_saved(browser, boss):
    browser.get(reverse("wagtailadmin_account"))

    answer = browser.post(
        reverse("wagtailadmin_account"),
        {
            "locale-preferred_language": "nb",
            "theme-theme": "dark",
            "theme-contrast": "system",
            "theme-density": "default",
        },
    )

    assert answer.status_code == 302
    assert boss.wagtail_userprofile.theme == "dark"


def logged(person):
    entries = ModelLogEntry.objects.filter(action="accounts.roles", object_id=str(person.pk)).order_by("pk")
    return [(entry.user.name, entry.data) for entry in entries]


def test_the_log_says_which_roles_were_given_and_taken(browser, learner):
    edit = reverse("wagtailusers_users:edit", args=[learner.pk])
    form = {"email": learner.email, "name": learner.name, "sector": learner.sector, "is_active": "on"}
    both = [group("Administrator"), group("Redaktør")]

    browser.post(edit, form | {"groups": both})
    browser.post(edit, form | {"groups": both, "name": "Ny"})
    browser.post(edit, form | {"groups": both[:1], "is_superuser": "on"})

    assert logged(learner) == [
        ("Sigrun Tveit", {"added": ["Administrator", "Redaktør"], "removed": []}),
        ("Sigrun Tveit", {"added": ["Full tilgang"], "removed": ["Redaktør"]}),
    ]
    history = browser.get(reverse("wagtailusers_users:history", args=[learner.pk])).content.decode()
    assert "Fikk: Full tilgang. Mistet: Redaktør" in history


def test_the_log_says_which_roles_a_new_person_has_and_several_got(browser, learner, other_learner):
    browser.post(reverse("wagtailusers_users:add"), new_person(groups=[group("Mentor")]))
    other_learner.groups.add(group("Redaktør"))
    address = reverse("wagtail_bulk_action", args=["accounts", "user", "assign_role"])
    browser.post(f"{address}?id={learner.pk}&id={other_learner.pk}", {"role": group("Redaktør")})

    assert logged(User.objects.get(email="ny@example.org")) == [("Sigrun Tveit", {"added": ["Mentor"], "removed": []})]
    assert logged(learner) == [("Sigrun Tveit", {"added": ["Redaktør"], "removed": []})]
    assert logged(other_learner) == []
