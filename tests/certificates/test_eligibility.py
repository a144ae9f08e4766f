import pytest

from certificates.eligibility import Requirement, unmet_requirements
from certificates.issuing import revoke_certificate
from modules.enrolment import current_attempt
from modules.freshness import renew_content
from tests.certificates.conftest import finish
from tests.small_course import COURSE_KEY


def sentences(attempt, **options):
    return [missing.sentence for missing in unmet_requirements(attempt, **options)]


def test_nothing_is_missing_when_the_course_is_done(completed):
    assert unmet_requirements(completed) == []


def test_each_unfinished_module_is_named_with_where_to_go(attempt, course):
    assert unmet_requirements(attempt) == [
        Requirement("module", "Modul 1, «Første modul», er ikke ferdig.", course.lessons[0].url, True),
        Requirement("module", "Modul 2, «Andre modul», er ikke ferdig.", course.lessons[2].url, True),
    ]


def test_course_stays_done_when_a_module_is_added_later(completed, course):
    added = course.modules[1].__class__(title="Ny", slug="ny", summary="Ny.")
    course.page.add_child(instance=added)
    added.save_revision().publish()
    renew_content()

    assert unmet_requirements(completed) == []


def test_course_without_certificate_says_so(completed, course):
    course.page.gives_certificate = False
    course.page.save_revision().publish()
    renew_content()

    assert sentences(completed) == ["Dette kurset gir ikke kursbevis."]


def test_course_taken_down_says_so(completed, course):
    course.page.unpublish()
    renew_content()

    assert sentences(completed) == ["Kurset er ikke åpent nå. Fremgangen din er lagret."]


@pytest.mark.parametrize("name", ["", "  ", "12 34", "...", "\u0301"])
def test_name_without_letters_is_missing(completed, name):
    assert sentences(completed, name=name) == ["Kursbeviset mangler et navn. Skriv navnet ditt slik det skal trykkes."]


def test_account_without_name_is_missing_a_name(completed, learner):
    completed.enrolment.learner.name = ""

    assert [missing.code for missing in unmet_requirements(completed)] == ["name"]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("Li 李", "Vi kan ikke trykke dette tegnet i navnet: «李». Skriv navnet på en annen måte."),
        ("Kari 😀 李", "Vi kan ikke trykke disse tegnene i navnet: «😀», «李». Skriv navnet på en annen måte."),
        ("Kari\u202eirak", "Vi kan ikke trykke dette tegnet i navnet: U+202E. Skriv navnet på en annen måte."),
        ("K" * 121, "Navnet er for langt. Det er plass til 120 tegn."),
    ],
    ids=["one", "two", "bidi-override", "long"],
)
def test_name_that_cannot_be_printed_says_why(completed, name, sentence):
    assert sentences(completed, name=name) == [sentence]


def test_revoked_certificate_is_no_reason_for_a_new_one(completed, certificate, admin):
    revoke_certificate(certificate, by=admin, reason="Feil person.")

    assert unmet_requirements(completed) == [
        Requirement("revoked", "Kursbeviset ditt er trukket tilbake. Ta kontakt med senteret.", None, False)
    ]


def test_second_attempt_is_judged_alone(certificate, completed, admin, course):
    revoke_certificate(certificate, by=admin, reason="Feil person.")
    completed.enrolment.attempts.create(number=2)

    second = finish(current_attempt(certificate.learner, COURSE_KEY), course)

    assert unmet_requirements(second) == []
