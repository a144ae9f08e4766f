"""What a learner does, step by step, in any browser: with and without scripts."""

from pathlib import Path
from uuid import uuid4

from playwright.sync_api import Locator, Page

from tests.live.mailbox import code_for
from tests.live.product import Product

COURSE = Path(__file__).resolve().parent.parent.parent / "courses" / "grunnleggende-barnepalliasjon"
LESSONS = len(list(COURSE.glob("*/*.md")))


def new_address(person: str) -> str:
    """An address that nobody has used on this server."""
    return f"{person}-{uuid4().hex[:8]}@example.org"


def sign_up(page: Page, refleks: Product, name: str, email: str) -> None:
    """From the front page to the course page, signed in for the first time by a mailed code."""
    page.goto("/")
    page.get_by_role("link", name="Begynn kurset").first.click()
    page.get_by_label("Navn").fill(name)
    page.get_by_label("E-postadresse").fill(email)
    page.get_by_label("Sektor").select_option(label="Barnehage")
    page.locator("main form").first.get_by_role("button").last.click()
    give_code(page, code_for(refleks, email))


def give_code(page: Page, code: str) -> None:
    page.get_by_label("Kode").fill(code)
    page.locator("main form").first.get_by_role("button").first.click()
    page.wait_for_url(lambda url: "confirm" not in url and "code" not in url)


def sign_in(page: Page, email: str, password: str) -> None:
    """By password: what the demo's people have."""
    page.goto("/konto/login/")
    page.get_by_text("Logg inn med passord").click()
    form = page.locator("form", has=page.locator("input[name=password]"))
    form.locator("input[name=login]").fill(email)
    form.locator("input[name=password]").fill(password)
    form.get_by_role("button", name="Logg inn").click()
    page.wait_for_url("**/min-side/")


def enrol(page: Page) -> None:
    """From the course page to the first lesson."""
    page.get_by_role("button", name="Begynn kurset").click()
    page.wait_for_url("**/kurs/*/*/*/")


def take_lessons(page: Page) -> list[str]:
    """From the first lesson until the course leads elsewhere; gives the titles of the lessons finished."""
    titles = []
    while page.locator("form.check, #ferdig").count() and len(titles) <= LESSONS:
        titles.append(page.locator("h1").inner_text())
        answer_checks(page)
        finish_lesson(page)
    return titles


def answer_checks(page: Page) -> int:
    """Answers every check of the lesson with the first choice there is; gives how many there were."""
    ids = page.locator("form.check").evaluate_all("forms => forms.map(form => form.id)")
    for check_id in ids:
        check = page.locator(f"[id='{check_id}']")
        choose_first(check)
        check.get_by_role("button", name="Svar").click()
        page.locator(f"[id='{check_id}'] .sum").wait_for()
    return len(ids)


def choose_first(check: Locator) -> None:
    statements = check.locator("fieldset.statement")
    for group in statements.all() or [check]:
        group.locator("input[type=radio], input[type=checkbox]").first.check()


def finish_lesson(page: Page) -> None:
    """Presses the button at the end and waits for the page it leads to."""
    here = page.url.split("#")[0]
    page.locator("#ferdig form button").click()
    page.wait_for_url(lambda url: url.split("#")[0] != here)


def claim_certificate(page: Page) -> str:
    """From the page that asks for the name to the certificate; gives its address."""
    page.get_by_role("button", name="Lag kursbeviset").click()
    page.get_by_text("Kursbeviset er ekte og gyldig.").wait_for()
    return page.url
