"""A learner without a mouse: from the front page to the certificate, with the notebook of the first module."""

from playwright.sync_api import Locator, Page

from tests.browser.journey import COURSE, LESSONS, new_address
from tests.live.mailbox import code_for

FIRST_MODULE = len(list(sorted(COURSE.glob("*/"))[0].glob("*.md")))
STOPS = 250
# What is focused must show it, itself or by the label around it.
SHOWS_FOCUS = """() => [document.activeElement, document.activeElement.closest('label')].some(element => {
    if (!element) return false;
    const style = getComputedStyle(element);
    return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
})"""


def _go_to(page: Page, target: Locator) -> None:
    """Presses Tab until the target has focus. Raises AssertionError when it never does, or when focus does not show."""
    target.wait_for()
    for _stop in range(STOPS):
        if target.evaluate("element => element === document.activeElement"):
            assert page.evaluate(SHOWS_FOCUS), f"focus does not show on {target}"
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never came to {target}")


def _press(page: Page, target: Locator, key: str = "Enter") -> None:
    _go_to(page, target)
    page.keyboard.press(key)


def _follow(page: Page, target: Locator) -> None:
    """Presses Enter on what leads to another page, and waits for that page."""
    _go_to(page, target)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def _write(page: Page, target: Locator, words: str) -> None:
    _go_to(page, target)
    page.keyboard.type(words)


def _sign_up(page: Page, refleks, email: str) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Gå til innholdet"
    _follow(page, page.get_by_role("link", name="Begynn kurset").first)
    _write(page, page.get_by_label("Navn"), "Kåre Vatne")
    _write(page, page.get_by_label("E-postadresse"), email)
    _write(page, page.get_by_label("Sektor"), "Barnehage")
    _follow(page, page.locator("main form").first.locator("button[type=submit]").last)
    _write(page, page.get_by_label("Kode"), code_for(refleks, email))
    _follow(page, page.locator("main form").first.locator("button[type=submit]").first)


def _answer(page: Page) -> None:
    for check_id in page.locator("form.check").evaluate_all("forms => forms.map(form => form.id)"):
        check = page.locator(f"[id='{check_id}']")
        for group in check.locator("fieldset.statement").all() or [check]:
            _press(page, group.locator("input[type=radio], input[type=checkbox]").first, "Space")
        _press(page, check.get_by_role("button", name="Svar"))
        check.locator(".sum").wait_for()
        # The answer has come without a new page: focus must be at it, not lost at the top.
        page.wait_for_function("id => document.getElementById(id).contains(document.activeElement)", arg=check_id)


def _reflect(page: Page) -> None:
    for sheet in page.locator("form.sheet").all():
        _write(page, sheet.locator("textarea"), "Et par ord.")
        _press(page, sheet.get_by_role("button", name="Lagre notatet"))
        sheet.get_by_text("Lagret kl.").wait_for()


def test_learner_takes_the_whole_course_by_keyboard_alone(visitor, refleks):
    page = visitor()
    _sign_up(page, refleks, new_address("kaare"))
    _follow(page, page.get_by_role("button", name="Begynn kurset"))
    titles = []
    for number in range(LESSONS):
        titles.append(page.locator("h1").inner_text())
        _answer(page)
        if number < FIRST_MODULE:
            _reflect(page)
        _follow(page, page.locator("#ferdig form button"))
        if number == FIRST_MODULE - 1:
            page.get_by_text("Modul 1 er ferdig.").wait_for()
    assert len(set(titles)) == LESSONS
    _follow(page, page.get_by_role("button", name="Lag kursbeviset"))
    page.get_by_text("Kursbeviset er ekte og gyldig.").wait_for()
    assert "Kåre Vatne" in page.locator("main").inner_text()


def test_menu_and_forms_are_reached_by_keyboard_on_a_phone(visitor, refleks):
    page = visitor(width=320)
    page.goto("/")
    _follow(page, page.get_by_role("link", name="Kontroller et kursbevis"))
    _write(page, page.get_by_label("Kode"), "0000")
    _follow(page, page.get_by_role("button", name="Kontroller"))
    page.goto("/")
    _follow(page, page.get_by_role("navigation", name="Hovedmeny").get_by_role("link", name="Logg inn"))
    _write(page, page.locator("#id_code_email"), "learner@example.org")
    _follow(page, page.get_by_role("button", name="Få en kode på e-post"))
    assert page.get_by_label("Kode").count() == 1
