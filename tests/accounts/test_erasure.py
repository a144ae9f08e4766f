"""Erasing a person: nothing of them is left in any table, and all numbers are what they were (R121, P10)."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse
from wagtail.models import ModelLogEntry, Revision
from wagtail.users.models import UserProfile

from certificates.issuing import revoke_certificate
from certificates.models import Certificate, CertificateFile
from lms.accounts.erasure import erase_person
from lms.accounts.models import User
from lms.outbox.delivery import send_waiting
from lms.outbox.models import OutgoingMail
from mentoring.models import (
    Membership,
)
from modules.models import (
    Attempt,
    CheckAnswer,
    Enrolment,
    LessonCompletion,
    ModuleCompletion,
    NotebookEntry,
    PilotFeedback,
    PilotTester,
)
from tests.accounts.conftest import do_something_of_everything, last_code
from tests.people import PASSWORD

NAMES = ["Ingrid", "Solheim", "learner@example.org", "privat.example", "Solsikken"]


def everything_stored() -> dict[str, str]:
    """The text of each table."""
    tables = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            tables[table] = "\n".join(
                bytes(cell).decode(errors="replace") if isinstance(cell, bytes | memoryview) else str(cell)
                for row in cursor.fetchall()
                for cell in row
            ).lower()
    return tables


def places_of(words: list[str]) -> set[str]:
    """The tables in which any of the words stands."""
    return {table for table, text in everything_stored().items() if any(word.lower() in text for word in words)}


def test_the_test_itself_finds_a_person_who_is_there(deep_in):
    assert places_of(NAMES) >= {
        "accounts_user",
        "account_emailaddress",
        "certificates_certificate",
        "mentoring_application",
        "mentoring_applicationevent",
        "mentoring_glassbreak",
        "mentoring_groupevent",
        "mentoring_groupletter",
        "mentoring_invitation",
        "mfa_authenticator",
        "modules_pilottester",
        "outbox_outgoingmail",
        "wagtailcore_modellogentry",
        "wagtailcore_revision",
        "workplaces_employee",
        "workplaces_leadership",
        "workplaces_workplace",
    }


def test_nothing_of_a_person_is_left_in_any_table(deep_in):
    erase_person(deep_in, keep_certificates=False)
    send_waiting()

    assert places_of(NAMES) == set()


def test_a_kept_certificate_is_the_only_place_with_the_name(deep_in, certificate):
    erase_person(deep_in, keep_certificates=True)
    send_waiting()

    assert places_of(NAMES) == {"certificates_certificate", "certificates_certificatefile"}
    certificate.refresh_from_db()
    assert (certificate.status, certificate.holder_name) == ("valid", "Ingrid Solheim")
    assert CertificateFile.objects.filter(certificate=certificate).exists()


def test_an_erased_certificate_says_so_and_has_no_file(deep_in, certificate):
    erase_person(deep_in, keep_certificates=False)

    certificate.refresh_from_db()
    assert (certificate.status, certificate.holder_name) == ("erased", "")
    assert CertificateFile.objects.count() == 0


def test_what_the_person_wrote_goes(deep_in):
    erase_person(deep_in, keep_certificates=True)

    assert (NotebookEntry.objects.count(), CheckAnswer.objects.count()) == (0, 0)
    assert PilotFeedback.objects.get().author is None


def test_the_numbers_stay_what_they_were(deep_in):
    models = (Enrolment, Attempt, LessonCompletion, ModuleCompletion, Certificate, Membership, User)
    before = [model.objects.count() for model in models]

    erase_person(deep_in, keep_certificates=False)

    assert [model.objects.count() for model in models] == before
    assert Enrolment.objects.get().learner.sector == "kindergarten"


def test_the_row_that_is_left_is_nobody(deep_in):
    public_id = deep_in.public_id

    erase_person(deep_in, keep_certificates=True)

    row = User.objects.get(pk=deep_in.pk)
    assert (row.name, row.email.split("@")[1], row.municipality, row.profession) == (
        "Tidligere deltaker",
        "invalid",
        None,
        "",
    )
    assert (row.is_active, row.is_staff, row.is_superuser, row.has_usable_password()) == (False, False, False, False)
    assert row.public_id != public_id
    assert row.erased_at is not None
    membership = Membership.objects.get()
    assert (membership.left_at is not None, membership.left_why) == (True, "erased")


def test_all_sign_ins_end_also_unfinished_ones(deep_in, client):
    assert client.get(reverse("account")).status_code == 200
    assert UserSession.objects.count() == 1

    erase_person(deep_in, keep_certificates=True)

    assert client.get(reverse("account")).status_code == 302
    assert (UserSession.objects.count(), Session.objects.count()) == (0, 0)


def test_somebody_else_keeps_everything(outbox, deep_in, other_learner, course, signed_in):
    do_something_of_everything(other_learner, course)
    browser = signed_in(other_learner)
    others_profile = UserProfile.objects.create(user=other_learner)

    erase_person(deep_in, keep_certificates=False)

    assert browser.get(reverse("account")).status_code == 200
    assert NotebookEntry.objects.get().learner == other_learner
    assert CheckAnswer.objects.count() == 1
    assert EmailAddress.objects.get(user=other_learner).email == "other@example.org"
    assert PilotTester.objects.get().email == "other@example.org"
    assert UserProfile.objects.get() == others_profile
    assert OutgoingMail.objects.filter(to="other@example.org").count() == 1
    newest = Revision.objects.filter(object_id=str(course.page.pk)).latest("pk")
    assert [tester["email"] for tester in newest.content["testers"]] == ["other@example.org"]


def test_the_log_still_says_that_something_was_done(deep_in):
    erase_person(deep_in, keep_certificates=True)

    assert list(ModelLogEntry.objects.values_list("label", flat=True)) == ["Tidligere deltaker"] * 2


def test_the_person_gets_a_last_mail_that_leaves_no_address_behind(learner, outbox, tmp_path, settings):
    settings.OUTBOX_DELIVERY = {"file_path": str(tmp_path)}

    erase_person(learner, keep_certificates=True)
    waiting = OutgoingMail.objects.get()
    assert (waiting.to, waiting.subject) == ("learner@example.org", "Kontoen din er slettet")
    send_waiting()

    assert OutgoingMail.objects.count() == 0
    assert "To: learner@example.org" in (tmp_path / f"{waiting.pk:08d}.eml").read_text()


def test_a_last_mail_that_nobody_takes_leaves_no_address_behind_either(learner, outbox, settings, monkeypatch):
    monkeypatch.setattr("lms.outbox.delivery._deliver", lambda mail: (_ for _ in ()).throw(OSError("no server")))
    monkeypatch.setattr("lms.outbox.delivery.PATIENCE", timedelta(0))

    erase_person(learner, keep_certificates=True)
    send_waiting()

    assert OutgoingMail.objects.count() == 0


def test_the_last_mail_speaks_of_certificates_to_those_who_keep_some(certificate, learner, other_learner):
    erase_person(learner, keep_certificates=True)
    erase_person(other_learner, keep_certificates=True)

    with_some, without = (message.body for message in mail.outbox[-2:])
    assert ("kursbevis" in with_some.lower(), "kursbevis" in without.lower()) == (True, False)


def test_the_address_is_free_for_a_new_start(deep_in, django_user_model):
    erase_person(deep_in, keep_certificates=True)

    assert django_user_model.objects.create_user("learner@example.org", name="En annen").pk != deep_in.pk


def test_a_revoked_certificate_is_erased_too(certificate, learner, admin):
    revoke_certificate(certificate, by=admin, reason="Ingrid ba om det")

    erase_person(learner, keep_certificates=False)

    assert "certificates_certificateevent" not in places_of(["Ingrid"])


def test_erasing_refuses_a_second_time(learner):
    erase_person(learner, keep_certificates=True)

    with pytest.raises(ValidationError) as refusal:
        erase_person(learner, keep_certificates=True)

    assert refusal.value.messages == ["Denne kontoen er allerede slettet."]


def test_erasing_refuses_to_do_half_of_it_when_something_fails(learner, finished, monkeypatch):
    monkeypatch.setattr("lms.accounts.erasure._make_nameless", lambda user: (_ for _ in ()).throw(RuntimeError))

    with pytest.raises(RuntimeError):
        erase_person(learner, keep_certificates=True)

    assert NotebookEntry.objects.count() == 1
    assert EmailAddress.objects.filter(user=learner).count() == 1


# --- The page ---------------------------------------------------------------------------------------------------------

YES = {"confirm": "on", "keep_certificates": "on"}


@pytest.fixture
def browser(learner, client):
    """Signed in with the password just now."""
    client.post(reverse("account_login"), {"login": learner.email, "password": PASSWORD})
    return client


def reauthenticate(browser):
    return browser.post(reverse("account_reauthenticate"), {"password": PASSWORD, "next": reverse("erase_account")})


def test_the_page_says_what_happens_and_changes_nothing(learner_client, learner, certificate):
    page = learner_client.get(reverse("erase_account"))

    assert page.context["form"]["keep_certificates"].value() is True
    learner.refresh_from_db()
    assert learner.erased_at is None


def test_the_page_asks_nothing_of_certificates_when_there_are_none(learner_client):
    page = learner_client.get(reverse("erase_account"))

    assert list(page.context["form"].fields) == ["confirm"]


def test_the_page_asks_for_the_password_first_and_then_erases(browser, learner):
    answer = browser.post(reverse("erase_account"), YES)
    assert answer.url == f"{reverse('account_reauthenticate')}?next=%2Fkonto%2Fslett%2F"
    learner.refresh_from_db()
    assert learner.erased_at is None

    answer = reauthenticate(browser)

    learner.refresh_from_db()
    assert learner.erased_at is not None
    assert answer.url == reverse("account_erased")
    assert "Kontoen er slettet" in browser.get(answer.url).content.decode()
    assert "_auth_user_id" not in browser.session


def test_the_page_keeps_certificates_only_when_asked(browser, learner, certificate):
    browser.post(reverse("erase_account"), {"confirm": "on"})
    reauthenticate(browser)

    certificate.refresh_from_db()
    assert certificate.status == "erased"


def test_the_page_refuses_when_the_last_question_is_not_answered(browser, learner):
    reauthenticate(browser)

    page = browser.post(reverse("erase_account"), {"keep_certificates": "on"})

    assert page.context["form"].errors == {"confirm": ["Kryss av for at du vil slette kontoen din."]}
    learner.refresh_from_db()
    assert learner.erased_at is None


def test_the_page_erases_whoever_signed_in_by_code_just_now(learner, client):
    learner.set_unusable_password()
    learner.save()
    client.post(reverse("account_request_login_code"), {"email": learner.email})
    client.post(reverse("account_confirm_login_code"), {"code": last_code()})

    client.post(reverse("erase_account"), YES)

    learner.refresh_from_db()
    assert learner.erased_at is not None


def test_the_page_refuses_whoever_signed_in_by_code_long_ago_and_asks_for_a_new_one(learner, signed_in):
    learner.set_unusable_password()
    learner.save()
    browser = signed_in(learner)

    answer = browser.post(reverse("erase_account"), YES)

    assert answer.url == f"{reverse('account_login')}?next=%2Fkonto%2Fslett%2F"
    learner.refresh_from_db()
    assert learner.erased_at is None


def test_the_sessions_of_others_are_not_even_opened(learner, other_learner, monkeypatch):
    stores = [SessionStore() for _number in range(4)]
    own, others, unfinished, foreign = stores
    for store, person in ((own, learner), (others, other_learner)):
        store["_auth_user_id"] = str(person.pk)
        store.save()
        UserSession.objects.create(user=person, ip="192.0.2.1", session_key=store.session_key, user_agent="Nettleser")
    unfinished["account_login"] = {"email": learner.email.upper()}
    foreign["account_login"] = {"email": other_learner.email}
    unfinished.save()
    foreign.save()
    opened = []
    decoded = Session.get_decoded
    monkeypatch.setattr(Session, "get_decoded", lambda session: opened.append(session.pk) or decoded(session))

    erase_person(learner, keep_certificates=False)

    assert set(Session.objects.values_list("pk", flat=True)) == {others.session_key, foreign.session_key}
    assert set(opened) == {unfinished.session_key, foreign.session_key}
