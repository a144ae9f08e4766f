"""Erasing a person: nothing of them is left in any table, and all numbers are what they were (R121, P10)."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry, Revision
from wagtail.users.models import UserProfile

from certificates.issuing import revoke_certificate
from certificates.models import Certificate, CertificateFile
from lms.accounts.erasure import erase_person
from lms.accounts.models import User
from lms.outbox.delivery import send_waiting
from lms.outbox.models import OutgoingMail
from mentoring.models import (
    Application,
    ApplicationEvent,
    Attendance,
    BroughtPrompt,
    CalendarFeed,
    DigestStop,
    GroupEvent,
    GroupLetter,
    Invitation,
    LearningGroup,
    MakeUp,
    MeetingReply,
    Membership,
    MentorQualification,
    Note,
    NoteComment,
    NoteReading,
    Notice,
    PollAnswer,
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
from tests.accounts.group_ground import be_in_a_group, lead_and_apply
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


@pytest.fixture
def outbox(settings):
    """Mail goes where it goes in the product."""
    settings.EMAIL_BACKEND = "lms.outbox.backend.OutboxBackend"
    settings.DEMO = False


@pytest.fixture
def deep_in(outbox, learner, mentor, certificate, course, client, tmp_path, settings):
    """A learner whose name and addresses are wherever they can be."""
    settings.OUTBOX_DELIVERY = {"file_path": str(tmp_path)}
    learner.municipality_id, learner.profession, learner.workplace = "1103", "nurse", "Solsikken"
    learner.save()
    EmailAddress.objects.create(user=learner, email="ingrid@privat.example", verified=True)
    client.post(reverse("account_login"), {"login": learner.email, "password": PASSWORD})
    Authenticator.objects.create(user=learner, type="webauthn", data={"name": "Ingrids telefon"})
    started = SessionStore()
    started["account_login"] = {"email": "INGRID@privat.example"}
    started.save()
    PilotFeedback.objects.create(lesson=course.lessons[0], author=learner, text="Bra leksjon")
    PilotTester.objects.create(course=course.page, email="Ingrid@privat.example", sort_order=1)
    PilotTester.objects.create(course=course.page, email="other@example.org", sort_order=2)
    course.page.refresh_from_db()
    type(course.page).objects.get(pk=course.page.pk).save_revision()
    be_in_a_group(learner, mentor, course, NotebookEntry.objects.get(learner=learner))
    lead_and_apply(learner, course, mentor)
    UserProfile.objects.create(user=learner)
    log(learner, "wagtail.edit", user=learner, data={"name": "Ingrid Solheim"})
    log(certificate, "wagtail.edit", user=mentor)
    OutgoingMail.objects.create(to="Ingrid@privat.example", subject="Hei Ingrid", due_at=timezone.now())
    OutgoingMail.objects.create(to="other@example.org", subject="Hei Jonas", due_at=timezone.now())
    return learner


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


def test_what_was_written_in_groups_goes_and_that_it_was_done_stays(deep_in):
    erase_person(deep_in, keep_certificates=True)

    note = Note.objects.get()
    assert (note.text, note.status, note.erased_at is not None) == ("", "handed_in", True)
    gone = (NoteComment, BroughtPrompt, MeetingReply, PollAnswer, Notice, CalendarFeed, Invitation, DigestStop)
    assert [model.__name__ for model in (*gone, MentorQualification) if model.objects.exists()] == []
    assert MakeUp.objects.get().reason == "Slettet"
    assert Attendance.objects.count() == NoteReading.objects.count() == 1
    assert (Application.objects.get().phone, Application.objects.get().wishes) == ("", "")
    assert ApplicationEvent.objects.get().reason == "Slettet"
    assert "hemmelig" not in GroupEvent.objects.get(kind="make_up").detail
    letters = set(GroupLetter.objects.values_list("text", flat=True))
    assert letters == {"Takk til Tidligere deltaker.", "Hilsen Tidligere deltaker"}
    assert GroupEvent.objects.filter(kind="left", about=deep_in).count() == 1


def test_groups_that_have_not_begun_are_without_mentor_and_contact_afterwards(deep_in):
    erase_person(deep_in, keep_certificates=True)

    assert LearningGroup.objects.get(name="Gruppe 3").mentor is None
    assert LearningGroup.objects.get(name="Gruppe 2").contact is None


def test_erasing_refuses_whoever_leads_a_group_that_is_under_way(deep_in, mentor):
    with pytest.raises(ValidationError) as refusal:
        erase_person(mentor, keep_certificates=True)

    assert refusal.value.messages == [
        "Denne kontoen er mentor for en gruppe som er i gang: «Gruppe 1». Gruppen må få en ny mentor først. "
        "Senteret hjelper med det, og da kan kontoen slettes med en gang."
    ]
    mentor.refresh_from_db()
    assert mentor.erased_at is None


def test_whoever_led_a_group_that_has_ended_is_erased(deep_in, mentor):
    LearningGroup.objects.filter(mentor=mentor).update(status="completed")

    erase_person(mentor, keep_certificates=True)

    assert LearningGroup.objects.get(name="Gruppe 1").mentor.name == "Tidligere deltaker"
    assert NoteComment.objects.get().text == "Svar hemmelig"


def test_the_page_tells_a_mentor_what_comes_first_and_erases_nothing(deep_in, mentor):
    client = Client()
    client.post(reverse("account_login"), {"login": mentor.email, "password": PASSWORD})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD, "next": reverse("erase_account")})

    page = client.post(reverse("erase_account"), YES)

    assert "Gruppen må få en ny mentor først." in page.content.decode()
    mentor.refresh_from_db()
    assert mentor.erased_at is None


def test_an_address_that_is_only_said_to_be_ones_own_takes_no_invitation_away(deep_in, other_learner, mentor):
    EmailAddress.objects.create(user=other_learner, email="gjest@example.org", verified=False)
    group = LearningGroup.objects.get(name="Gruppe 1")
    Invitation.objects.create(group=group, email="gjest@example.org", invited_by=mentor)

    erase_person(other_learner, keep_certificates=True)

    assert Invitation.objects.filter(email="gjest@example.org").exists()


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
