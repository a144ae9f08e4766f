import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from certificates.models import CODE_ALPHABET, CODE_LENGTH, Certificate, new_code


def test_code_carries_at_least_128_bits_without_letters_to_misread():
    codes = [new_code() for _number in range(200)]

    assert len(set(codes)) == 200
    assert {len(code) for code in codes} == {CODE_LENGTH}
    assert len(CODE_ALPHABET) ** CODE_LENGTH >= 2**128
    assert set("".join(codes)) == set(CODE_ALPHABET)
    assert set("ILOU") & set(CODE_ALPHABET) == set()


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (300, "5 timer"),
        (90, "1 time 30 minutter"),
        (60, "1 time"),
        (121, "2 timer 1 minutt"),
        (45, "45 minutter"),
        (0, "0 minutter"),
    ],
)
def test_hours_are_words(minutes, words):
    assert Certificate(minutes=minutes).hours_text == words


def test_code_is_shown_in_groups():
    assert Certificate(code="7QXR4M2KPW9DZ3HN8BVC5TJY6GFA").shown_code == "7QXR-4M2K-PW9D-Z3HN-8BVC-5TJY-6GFA"


def test_addresses_hang_on_the_code(settings):
    settings.SITE_URL = "https://kurs.example.org"
    certificate = Certificate(code="7QXR4M2KPW9DZ3HN8BVC5TJY6GFA")

    assert certificate.url == "/kursbevis/7QXR4M2KPW9DZ3HN8BVC5TJY6GFA/"
    assert certificate.pdf_url == "/kursbevis/7QXR4M2KPW9DZ3HN8BVC5TJY6GFA.pdf"
    assert certificate.json_url == "/kursbevis/7QXR4M2KPW9DZ3HN8BVC5TJY6GFA.json"
    with translation.override("en"):
        assert certificate.url == "/en/kursbevis/7QXR4M2KPW9DZ3HN8BVC5TJY6GFA/"
        assert certificate.check_url == "https://kurs.example.org/kursbevis/7QXR4M2KPW9DZ3HN8BVC5TJY6GFA/"


@pytest.mark.parametrize(
    "change",
    [
        {"holder_name": ""},
        {"replaced_at": timezone.now()},
        {"erased_at": timezone.now()},
        {"revoked_at": timezone.now()},
    ],
    ids=["nameless", "replaced-with-name", "erased-with-name", "revoked-without-reason"],
)
def test_database_refuses_when_the_rules_are_passed_by(certificate, change):
    with pytest.raises(IntegrityError), transaction.atomic():
        Certificate.objects.filter(pk=certificate.pk).update(**change)


def test_database_refuses_when_an_attempt_gets_a_second_certificate(certificate):
    certificate.pk, certificate.code = None, new_code()

    with pytest.raises(IntegrityError), transaction.atomic():
        certificate.save(force_insert=True)
