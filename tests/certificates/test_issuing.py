import datetime
import hashlib
from threading import Barrier, Thread

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from certificates import issuing
from certificates.codes import certificate_for_code
from certificates.issuing import (
    erase_certificates,
    issue_certificate,
    issue_if_waiting,
    replace_certificate,
    revoke_certificate,
    waiting_attempts,
)
from certificates.models import Certificate, CertificateEvent, CertificateFile, CertificateSettings
from modules.enrolment import withdraw
from modules.models import Attempt

UNFINISHED = ["Modul 1, «Første modul», er ikke ferdig.", "Modul 2, «Andre modul», er ikke ferdig."]


def story(certificate):
    return list(certificate.events.values_list("kind", "by__email", "reason"))


def test_issue_freezes_words_and_file(completed, course):
    signed = CertificateSettings.for_site(course.page.get_site())
    signed.issuer, signed.signatory_name, signed.signatory_title = "Senteret", "Ada Berg", "leder"
    signed.save()

    certificate = issue_certificate(completed, name="  Ingrid   Solheim ")
    certificate.refresh_from_db()

    today = timezone.localdate()
    assert (certificate.holder_name, certificate.course_title, certificate.course_version) == (
        "Ingrid Solheim",
        "Lite kurs",
        "2026.1",
    )
    assert certificate.modules == [{"title": "Første modul", "minutes": 30}, {"title": "Andre modul", "minutes": 60}]
    assert (certificate.minutes, certificate.language) == (90, "nb")
    assert (certificate.completed_on, certificate.issued_on) == (today, today)
    assert (certificate.issuer, certificate.signatory_name, certificate.signatory_title) == (
        "Senteret",
        "Ada Berg",
        "leder",
    )
    pdf = bytes(certificate.file.content)
    assert pdf.startswith(b"%PDF-1.7")
    assert certificate.file.sha256 == hashlib.sha256(pdf).hexdigest()
    assert story(certificate) == [("issued", None, "")]


def test_issued_certificate_stays_when_course_and_settings_change(certificate, course):
    course.page.title = "Et annet navn"
    course.page.save_revision().publish()
    CertificateSettings.objects.update(issuer="En annen")
    certificate.refresh_from_db()

    assert (certificate.course_title, certificate.issuer) == ("Lite kurs", "Senter for barnepalliasjon")


def test_issue_returns_the_same_certificate_when_there_is_one(completed, certificate):
    assert issue_certificate(completed, name="Et annet navn") == certificate
    assert Certificate.objects.count() == 1


def test_issue_mails_facts_and_link_once(completed):
    certificate = issue_certificate(completed, name="Ingrid Solheim")
    issue_certificate(completed, name="Ingrid Solheim")

    [message] = mail.outbox
    assert (message.subject, message.to) == ("Kursbeviset ditt er klart", ["learner@example.org"])
    key = f"{certificate.learner.public_id}:certificate:{certificate.pk}"
    assert message.extra_headers == {"X-Refleks-Key": key}
    facts = ["Ingrid Solheim", "«Lite kurs»", "1 time 30 minutter", certificate.shown_code, certificate.check_url]
    assert [fact for fact in facts if fact not in message.body] == []
    [(html, kind)] = message.alternatives
    assert kind == "text/html"
    assert [fact for fact in [*facts, '<html lang="nb">', "<h1>"] if fact not in html] == []


def test_issue_refuses_when_modules_are_missing(attempt):
    with pytest.raises(ValidationError) as refusal:
        issue_certificate(attempt, name="Ingrid Solheim")

    assert refusal.value.messages == UNFINISHED
    assert (Certificate.objects.count(), CertificateFile.objects.count(), mail.outbox) == (0, 0, [])


def test_issue_refuses_when_the_name_cannot_be_printed(completed):
    with pytest.raises(ValidationError) as refusal:
        issue_certificate(completed, name="李")

    assert refusal.value.messages == ["Vi kan ikke trykke dette tegnet i navnet: «李». Skriv navnet på en annen måte."]


def test_issue_refuses_when_the_typesetter_gives_up(completed, monkeypatch):
    def gives_up(_certificate):
        raise issuing.typst.TypstError("no glyph", "")

    monkeypatch.setattr(issuing, "render_certificate", gives_up)

    with pytest.raises(ValidationError) as refusal:
        issue_certificate(completed, name="Ingrid Solheim")
    assert refusal.value.messages == ["Vi klarte ikke å trykke navnet. Skriv det på en annen måte."]


def test_issue_refuses_when_revoked(completed, certificate, admin):
    revoke_certificate(certificate, by=admin, reason="Feil person.")

    with pytest.raises(ValidationError) as refusal:
        issue_certificate(completed, name="Ingrid Solheim")
    assert refusal.value.messages == ["Kursbeviset ditt er trukket tilbake. Ta kontakt med senteret."]


def test_issue_is_whole_or_nothing(completed, monkeypatch):
    def fails(_certificate):
        raise RuntimeError

    monkeypatch.setattr(issuing, "mail_certificate", fails)

    with pytest.raises(RuntimeError):
        issue_certificate(completed, name="Ingrid Solheim")
    assert (Certificate.objects.count(), CertificateFile.objects.count(), CertificateEvent.objects.count()) == (0, 0, 0)


def test_administrator_issues_with_a_recorded_reason(attempt, admin):
    certificate = issue_certificate(attempt, name="Ingrid Solheim", by=admin, exception_reason=" Tok kurset på papir. ")

    assert certificate.exception_reason == "Tok kurset på papir."
    assert certificate.completed_on == timezone.localdate()
    assert story(certificate) == [("issued", "admin@example.org", "Tok kurset på papir.")]


def test_administrator_issue_refuses_when_there_is_no_reason(attempt, admin):
    with pytest.raises(ValidationError) as refusal:
        issue_certificate(attempt, name="Ingrid Solheim", by=admin, exception_reason="  ")
    assert refusal.value.messages == UNFINISHED


def test_issue_refuses_when_a_reason_comes_from_nobody(attempt):
    with pytest.raises(ValidationError) as refusal:
        issue_certificate(attempt, name="Ingrid Solheim", exception_reason="Fordi.")
    assert refusal.value.messages == UNFINISHED


def test_administrator_issue_refuses_when_the_name_is_missing(attempt, admin):
    with pytest.raises(ValidationError) as refusal:
        issue_certificate(attempt, name="", by=admin, exception_reason="Tok kurset på papir.")
    assert refusal.value.messages == ["Kursbeviset mangler et navn. Skriv navnet ditt slik det skal trykkes."]


@pytest.mark.django_db(transaction=True)
def test_issue_gives_one_certificate_under_50_parallel_calls(completed):
    codes, barrier = [], Barrier(50)

    def claim():
        try:
            attempt = Attempt.objects.select_related("enrolment__learner").get(pk=completed.pk)
            barrier.wait()
            codes.append(issue_certificate(attempt, name="Ingrid Solheim").code)
        finally:
            connection.close()

    threads = [Thread(target=claim) for _number in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    certificate = Certificate.objects.get()
    assert codes == [certificate.code] * 50
    assert story(certificate) == [("issued", None, "")]
    assert len(mail.outbox) == 1


def test_revoke_keeps_the_row_and_says_why(certificate, admin):
    revoke_certificate(certificate, by=admin, reason=" Feil person. ")
    certificate.refresh_from_db()

    assert (certificate.status, certificate.revoked_reason) == ("revoked", "Feil person.")
    assert certificate.holder_name == "Ingrid Solheim"
    assert story(certificate)[1:] == [("revoked", "admin@example.org", "Feil person.")]


def test_revoke_refuses_when_there_is_no_reason(certificate, admin):
    with pytest.raises(ValidationError) as refusal:
        revoke_certificate(certificate, by=admin, reason=" ")
    assert refusal.value.message_dict == {"reason": ["Skriv grunnen. Den lagres sammen med kursbeviset."]}


def test_revoke_refuses_when_revoked_already(certificate, admin):
    revoke_certificate(certificate, by=admin, reason="Feil person.")

    with pytest.raises(ValidationError) as refusal:
        revoke_certificate(certificate, by=admin, reason="Igjen.")
    assert refusal.value.messages == ["Bare et gyldig kursbevis kan trekkes tilbake."]


def test_replace_gives_a_new_code_and_takes_the_old_name_away(certificate, learner):
    successor = replace_certificate(certificate, name="Ingrid Moen", by=learner, reason="Nytt navn.")
    certificate.refresh_from_db()

    assert (certificate.status, certificate.holder_name, certificate.replaced_by) == ("replaced", "", successor)
    assert CertificateFile.objects.filter(certificate=certificate).count() == 0
    assert successor.code != certificate.code
    assert (successor.status, successor.holder_name, successor.modules) == ("valid", "Ingrid Moen", certificate.modules)
    assert successor.completed_on == certificate.completed_on
    assert bytes(successor.file.content).startswith(b"%PDF")
    assert story(certificate)[1:] == [("replaced", "learner@example.org", "Nytt navn.")]
    assert story(successor) == [("issued", "learner@example.org", "Nytt navn.")]


def test_claiming_after_a_replacement_returns_the_new_one(completed, certificate, learner):
    successor = replace_certificate(certificate, name="Ingrid Moen", by=learner, reason="Nytt navn.")

    assert issue_certificate(completed, name="Ingrid Solheim") == successor


def test_administrator_replaces_a_revoked_one(certificate, admin):
    revoke_certificate(certificate, by=admin, reason="Feil person.")

    successor = replace_certificate(certificate, name="Ingrid Solheim", by=admin, reason="Det var riktig person.")

    certificate.refresh_from_db()
    assert (certificate.status, successor.status) == ("replaced", "valid")


def test_replace_refuses_when_learners_own_is_revoked(certificate, admin, learner):
    revoke_certificate(certificate, by=admin, reason="Feil person.")

    with pytest.raises(ValidationError) as refusal:
        replace_certificate(certificate, name="Ingrid Moen", by=learner, reason="Nytt navn.")
    assert refusal.value.messages == ["Kursbeviset ditt er trukket tilbake. Ta kontakt med senteret."]


def test_replace_refuses_when_replaced_already(certificate, learner):
    replace_certificate(certificate, name="Ingrid Moen", by=learner, reason="Nytt navn.")

    with pytest.raises(ValidationError) as refusal:
        replace_certificate(certificate, name="Ingrid Lie", by=learner, reason="Nytt navn.")
    assert refusal.value.messages == ["Kursbeviset er allerede erstattet eller slettet."]
    assert Certificate.objects.count() == 2


@pytest.mark.parametrize(
    ("name", "reason", "sentence"),
    [
        ("Ingrid Moen", "", "Skriv grunnen. Den lagres sammen med kursbeviset."),
        ("", "Nytt navn.", "Kursbeviset mangler et navn. Skriv navnet ditt slik det skal trykkes."),
    ],
    ids=["reason", "name"],
)
def test_replace_refuses_when_something_is_not_said(certificate, learner, name, reason, sentence):
    with pytest.raises(ValidationError) as refusal:
        replace_certificate(certificate, name=name, by=learner, reason=reason)
    assert refusal.value.messages == [sentence]


def test_erasure_takes_names_files_and_reasons_and_keeps_the_count(certificate, learner, admin):
    revoke_certificate(certificate, by=admin, reason="Ingrid Solheim er feil person.")

    assert erase_certificates(learner) == 1

    certificate.refresh_from_db()
    assert (certificate.status, certificate.holder_name, certificate.revoked_reason) == ("erased", "", "slettet")
    assert CertificateFile.objects.count() == 0
    assert [reason for _kind, _by, reason in story(certificate)] == ["", "", ""]
    assert erase_certificates(learner) == 0


@pytest.mark.parametrize(
    "typed",
    [
        "7QXR4M2KPW9DZ3HN8BVC5TJY6G10",
        "7qxr-4m2k-pw9d-z3hn-8bvc-5tjy-6g10",
        " 7QXR 4M2K PW9D Z3HN 8BVC 5TJY 6GIO ",
        "7QXR–4M2K–PW9D–Z3HN–8BVC–5TJY–6Glo",
    ],
)
def test_code_is_found_however_it_is_typed(certificate, typed):
    Certificate.objects.update(code="7QXR4M2KPW9DZ3HN8BVC5TJY6G10")

    assert certificate_for_code(typed) == certificate


@pytest.mark.parametrize("typed", ["", "x", "\x00", "7QXR4M2KPW9DZ3HN8BVC5TJY6G1", "0" * 28, "0" * 5000, "æøå☃"])
def test_unknown_code_costs_one_query_whatever_it_looks_like(certificate, django_assert_num_queries, typed):
    with django_assert_num_queries(1):
        assert certificate_for_code(typed) is None


def ago(days):
    return timezone.now() - datetime.timedelta(days=days)


@pytest.fixture
def unclaimed(completed, settings):
    """Finished longer ago than the days of grace."""
    settings.CERTIFICATE_GRACE_DAYS = 7
    Attempt.objects.update(completed_at=ago(8))
    return completed


def test_waiting_are_those_past_the_days_of_grace(unclaimed):
    assert list(waiting_attempts(timezone.now())) == [unclaimed]


def test_nobody_waits_within_the_days_of_grace(unclaimed):
    assert list(waiting_attempts(ago(2))) == []


def test_nobody_waits_who_has_not_finished(attempt):
    assert list(waiting_attempts(timezone.now() + datetime.timedelta(days=99))) == []


def test_nobody_waits_who_has_had_a_certificate(unclaimed, admin):
    certificate = issue_certificate(unclaimed, name="Ingrid Solheim")
    assert list(waiting_attempts(timezone.now())) == []

    revoke_certificate(certificate, by=admin, reason="Feil person.")
    assert list(waiting_attempts(timezone.now())) == []


def test_nobody_waits_who_has_left(unclaimed):
    withdraw(unclaimed.enrolment)

    assert list(waiting_attempts(timezone.now())) == []


def test_nobody_waits_whose_account_is_closed(unclaimed, learner):
    learner.is_active = False
    learner.save()

    assert list(waiting_attempts(timezone.now())) == []


def test_a_waiting_certificate_is_issued_and_mailed_once(unclaimed):
    certificate = issue_if_waiting(unclaimed.pk, timezone.now())

    assert issue_if_waiting(unclaimed.pk, timezone.now()) is None
    assert (certificate, certificate.holder_name) == (Certificate.objects.get(), "Ingrid Solheim")
    assert len(mail.outbox) == 1


def test_a_certificate_that_lacks_something_goes_on_waiting(unclaimed):
    unclaimed.enrolment.learner.name = "李"
    unclaimed.enrolment.learner.save()

    assert issue_if_waiting(unclaimed.pk, timezone.now()) is None
    assert list(waiting_attempts(timezone.now())) == [unclaimed]
