"""axe finds nothing on any kind of page in any state, narrow and wide, light and dark (A1)."""

import pytest
from playwright.sync_api import Page

from tests.browser.axe import axe, findings
from tests.browser.journey import (
    choose_first,
    enrol,
    new_address,
    sign_in,
    sign_up,
)
from tests.live.product import Product, manage

PASSWORD = "stille-lys-over-fjorden"
COURSE = "/kurs/grunnleggende-barnepalliasjon/"
FINISH = """
from tests.people import make_person
from certificates.issuing import issue_certificate
from modules.enrolment import current_attempt, enrol
from modules.models import LessonCompletion
from modules.outline import course_outlines
from modules.progress import settle
course = course_outlines("nb")[0]
learner = make_person("ferdig@example.org", "Nils Østgård", sector="respite")
enrol(learner, course)
attempt = current_attempt(learner, course.key)
for lesson in course.lessons:
    LessonCompletion.objects.get_or_create(attempt=attempt, lesson_key=lesson.key, defaults={"lesson_id": lesson.pk})
settle(attempt, course)
attempt.refresh_from_db()
print(issue_certificate(attempt, name=learner.name).url)
"""
OUTSIDE = [
    "/",
    "/kurs/",
    COURSE,
    f"{COURSE}hva-er-barnepalliasjon/velkommen/",
    "/konto/login/",
    "/konto/signup/",
    "/konto/login/code/",
    "/konto/password/reset/",
    "/kursbevis/",
    "/kursbevis/0000000000000000000000000000/",
    "/hjelp/",
    "/personvern/",
    "/tilgjengelighet/",
    "/tall/",
    "/demo/post/",
    "/finnes-ikke/",
]
INSIDE = [
    "/min-side/",
    "/notatbok/",
    "/grupper/",
    "/konto/",
    "/konto/email/",
    "/konto/password/change/",
    "/konto/2fa/",
    "/konto/sessions/",
    "/konto/slett/",
    COURSE,
]


@pytest.fixture(scope="session")
def certificate_url(refleks: Product) -> str:
    """The certificate of somebody who has finished the course."""
    return manage(refleks.env, "shell", "--no-imports", "-c", FINISH).split()[-1]


@pytest.mark.parametrize("path", OUTSIDE)
def test_page_for_anybody_has_no_findings(visitor, path):
    page = visitor()
    page.goto(path)
    assert findings(page) == []


def test_pages_of_a_learner_have_no_findings(visitor):
    page = visitor()
    sign_in(page, "learner@example.org", PASSWORD)
    found = {}
    for path in INSIDE:
        page.goto(path)
        found[path] = findings(page)
    assert {path: lines for path, lines in found.items() if lines} == {}


def test_forms_that_refuse_have_no_findings(visitor):
    page = visitor()
    found = {}
    for path in ("/konto/signup/", "/konto/login/", "/konto/login/code/"):
        page.goto(path)
        page.locator("main form").first.locator("button[type=submit]").last.click()
        page.locator("[aria-invalid=true]").first.wait_for()
        found[path] = findings(page)
    assert {path: lines for path, lines in found.items() if lines} == {}


def test_lesson_in_all_its_states_has_no_findings(visitor, refleks):
    page = visitor()
    sign_up(page, refleks, "Liv Ådland", new_address("liv"))
    found = {"after sign-up": findings(page)}
    enrol(page)
    found["enrolled"] = findings(page)
    page.goto(COURSE)
    found["course under way"] = findings(page)
    page.goto(f"{COURSE}hva-er-barnepalliasjon/det-viktigste/")
    found["closed lesson"] = findings(page)
    page.goto("/min-side/")
    found["my page at the start"] = findings(page)
    _to_a_lesson_with_checks(page)
    found["refused"] = _refused(page)
    found["answered"] = _answered(page)
    assert {state: lines for state, lines in found.items() if lines} == {}


def _to_a_lesson_with_checks(page: Page) -> None:
    page.locator(".go a.ds-button").click()
    while not page.locator("form.check").count():
        page.locator("#ferdig form button").click()
        page.wait_for_load_state()


def _refused(page: Page) -> list[str]:
    """The lesson when its end was pressed before its checks were answered, and a check sent empty."""
    page.locator("#ferdig form button").click()
    page.locator(".ds-error-summary").wait_for()
    found = findings(page)
    page.locator("form.check").first.get_by_role("button").click()
    page.locator(".check-error").first.wait_for()
    return found + findings(page)


def _answered(page: Page) -> list[str]:
    check = page.locator("form.check").first
    choose_first(check)
    check.get_by_role("button", name="Svar").click()
    page.locator("form.check .sum").first.wait_for()
    return findings(page)


def test_every_lesson_has_no_findings(visitor, refleks, certificate_url):
    """All lessons, as one who has finished them reads them: every kind of block there is."""
    page = visitor()
    sign_in(page, "ferdig@example.org", PASSWORD)
    page.goto(COURSE)
    addresses = page.locator("details .list a, details a").evaluate_all("links => links.map(link => link.href)")
    lessons = sorted({address for address in addresses if address.count("/") == COURSE.count("/") + 4})
    assert len(lessons) == 40
    found = {}
    for number, address in enumerate(lessons):
        page.set_viewport_size({"width": 320 if number % 2 else 1280, "height": 800})
        page.emulate_media(color_scheme="dark" if number % 4 < 2 else "light")
        page.goto(address)
        found[address] = axe(page)
    assert {address: lines for address, lines in found.items() if lines} == {}


def test_certificate_and_a_finished_course_have_no_findings(visitor, certificate_url):
    page = visitor()
    page.goto(certificate_url)
    found = {"certificate": findings(page)}
    sign_in(page, "ferdig@example.org", PASSWORD)
    for path in ("/min-side/", COURSE):
        page.goto(path)
        found[path] = findings(page)
    assert {state: lines for state, lines in found.items() if lines} == {}
