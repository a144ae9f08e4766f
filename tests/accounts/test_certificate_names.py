"""A new name: the person decides whether their certificates follow (P11)."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from certificates.issuing import revoke_certificate
from certificates.models import Certificate
from lms.accounts import certificate_names

NEW_NAME = {"name": "Ingrid Solheim Vik", "sector": "kindergarten"}


def test_a_new_name_leads_to_the_question_when_there_is_a_certificate(certificate, learner_client):
    answer = learner_client.post(reverse("account"), NEW_NAME)

    assert answer.url == reverse("name_changed")
    page = learner_client.get(answer.url)
    assert page.context["certificates"] == [certificate]
    assert Certificate.objects.count() == 1


def test_saying_yes_replaces_the_certificate_and_the_old_one_loses_the_name(certificate, learner, learner_client):
    learner_client.post(reverse("account"), NEW_NAME)

    answer = learner_client.post(reverse("name_changed"))

    assert answer.url == reverse("my_page")
    certificate.refresh_from_db()
    learner.refresh_from_db()
    assert (certificate.status, certificate.holder_name) == ("replaced", "")
    assert certificate.replaced_by.holder_name == "Ingrid Solheim Vik"
    assert certificate_names.in_another_name(learner) == []


def test_saying_nothing_leaves_the_certificate_as_it_is(certificate, learner_client):
    learner_client.post(reverse("account"), NEW_NAME)
    learner_client.get(reverse("name_changed"))

    certificate.refresh_from_db()
    assert (certificate.status, certificate.holder_name) == ("valid", "Ingrid Solheim")


def test_two_clicks_make_one_new_certificate(certificate, learner_client):
    learner_client.post(reverse("account"), NEW_NAME)
    for _click in range(2):
        learner_client.post(reverse("name_changed"))

    assert Certificate.objects.count() == 2


def test_a_new_name_asks_nothing_when_there_is_no_certificate(learner_client):
    assert learner_client.post(reverse("account"), NEW_NAME).url == reverse("account")
    assert learner_client.get(reverse("name_changed")).url == reverse("account")


def test_a_new_workplace_asks_nothing(certificate, learner_client):
    same = {"name": "Ingrid Solheim", "sector": "kindergarten", "workplace": "Solsikken"}

    assert learner_client.post(reverse("account"), same).url == reverse("account")


def test_reissuing_refuses_when_the_name_cannot_be_printed(certificate, learner, learner_client):
    learner.name = "Ingrid \U0001f600"
    learner.save()

    with pytest.raises(ValidationError):
        certificate_names.reissue(learner)
    answer = learner_client.post(reverse("name_changed"))

    assert answer.url == reverse("account")
    certificate.refresh_from_db()
    assert certificate.status == "valid"


def test_a_revoked_certificate_is_not_reissued(certificate, learner, admin):
    revoke_certificate(certificate, by=admin, reason="Prøve")
    learner.name = "Noe annet"
    learner.save()

    assert certificate_names.reissue(learner) == 0


def test_somebody_elses_certificates_are_left_alone(certificate, other_learner, signed_in):
    signed_in(other_learner).post(reverse("name_changed"))

    certificate.refresh_from_db()
    assert certificate.status == "valid"
