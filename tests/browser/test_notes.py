"""The reflection note in a browser: nothing typed is lost, nothing stays behind (B16, D17, D18, P24)."""

import re

import pytest

from tests.browser.axe import axe
from tests.browser.journey import sign_in

PASSWORD = "stille-lys-over-fjorden"
WORDS = "Jeg satt stille lenge, og det var nok. "

pytestmark = pytest.mark.browser


@pytest.fixture
def note(visitor):
    """A member's page with the note open, with nothing in it."""
    page = visitor()
    sign_in(page, "member@example.org", PASSWORD)
    page.goto("/grupper/")
    page.get_by_role("link", name="Solbakken barnehage").first.click()
    page.goto(f"{page.url}notat/")
    page.locator("textarea").fill("Først.")
    saved(page)
    return page


def saved(page) -> None:
    """Waits until what stands on the page is on the server."""
    page.wait_for_function(
        "() => fetch(location.href).then(a => a.text()).then(html => new DOMParser().parseFromString(html, "
        "'text/html').querySelector('textarea').value === document.querySelector('textarea').value)",
        timeout=12_000,
    )


def storage(page) -> str:
    return page.evaluate("JSON.stringify([{ ...localStorage }, { ...sessionStorage }])")


def test_what_is_typed_without_a_pause_is_saved_within_ten_seconds(note):
    text = note.locator("textarea")
    text.fill("")
    with note.expect_request(lambda request: request.method == "POST", timeout=10_000) as request:
        for _second in range(9):
            text.press_sequentially("Jeg satt. ", delay=90)
    assert "Jeg+satt." in request.value.post_data or "Jeg satt." in request.value.post_data
    saved(note)


def test_a_lost_network_loses_no_word(note):
    note.context.set_offline(True)
    note.locator("textarea").fill(WORDS)
    note.get_by_text("Ikke lagret ennå. Teksten står her").wait_for()
    note.context.set_offline(False)
    saved(note)
    note.locator("[data-saved]", has_text=re.compile(r"^Lagret kl\. \d\d\.\d\d$")).wait_for()


def test_an_expired_session_loses_no_word(note):
    note.context.clear_cookies(name="session")
    note.locator("textarea").fill(f"{WORDS}Etterpå.")
    link = note.get_by_role("link", name="Logg inn i en ny fane")
    link.wait_for()
    assert note.locator("textarea").input_value() == f"{WORDS}Etterpå."
    with note.context.expect_page() as opened:
        link.click()
    other = opened.value
    other.get_by_text("Logg inn med passord").click()
    form = other.locator("form", has=other.locator("input[name=password]"))
    form.locator("input[name=login]").fill("member@example.org")
    form.locator("input[name=password]").fill(PASSWORD)
    form.get_by_role("button", name="Logg inn").click()
    other.wait_for_url("**/notat/")
    other.close()
    note.get_by_role("button", name="Lagre", exact=True).click()
    saved(note)


def test_two_tabs_show_both_texts(note):
    other = note.context.new_page()
    other.goto(note.url)
    other.locator("textarea").fill("Fra den andre fanen.")
    saved(other)
    note.locator("textarea").fill("Fra den første fanen.")
    note.locator("[data-other]").wait_for()
    assert note.locator("[data-other-text]").inner_text() == "Fra den andre fanen."
    assert note.locator("textarea").input_value() == "Fra den første fanen."
    assert axe(note) == []


def test_nothing_stays_in_the_browser(note):
    note.locator("textarea").fill(f"{WORDS}Hemmelig.")
    saved(note)
    assert storage(note) == "[{},{}]"
    note.get_by_role("button", name="Logg ut").click()
    note.wait_for_url(lambda address: not address.endswith("/notat/"))
    note.go_back()
    note.wait_for_load_state()
    assert "Hemmelig" not in note.content()
    assert storage(note) == "[{},{}]"


@pytest.mark.parametrize("width", [360, 1280])
def test_the_way_to_the_mentor_and_back_is_accessible(visitor, note, width):
    note.set_viewport_size({"width": width, "height": 800})
    note.locator("textarea").fill(f"{WORDS}Vi møtte Emma Hansen.")
    assert axe(note) == []
    note.get_by_role("button", name="Se over og lever").click()
    note.wait_for_url("**/lever/")
    assert axe(note) == []
    note.get_by_role("link", name="Endre Emma Hansen").click()
    note.wait_for_url("**/notat/#tegn-*")
    assert note.evaluate(
        "(t => t.value.slice(t.selectionStart, t.selectionEnd))(document.querySelector('textarea'))"
    ) == ("Emma Hansen")
    assert note.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_note_is_written_and_handed_in_without_script(visitor):
    page = visitor(javascript=False)
    page.goto("/konto/login/")
    page.get_by_text("Logg inn med passord").click()
    form = page.locator("form", has=page.locator("input[name=password]"))
    form.locator("input[name=login]").fill("member@example.org")
    form.locator("input[name=password]").fill(PASSWORD)
    form.get_by_role("button", name="Logg inn").click()
    page.goto("/grupper/")
    page.get_by_role("link", name="Solbakken barnehage").first.click()
    page.goto(f"{page.url}notat/")
    page.locator("textarea").fill(WORDS)
    page.get_by_role("button", name="Se over og lever").click()
    page.get_by_role("button", name="Lever notatet").click()
    assert "Levert " in page.locator(".lead").first.inner_text()
    page.get_by_role("button", name="Trekk tilbake og skriv videre").click()
    assert page.locator("textarea").input_value() == WORDS
