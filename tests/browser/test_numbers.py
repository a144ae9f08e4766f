"""The numbers on a phone: controls for a thumb, every figure on the screen, and tables that stay tables."""

from collections import Counter

import pytest
from playwright.sync_api import Page

from tests.browser.axe import findings
from tests.browser.journey import sign_in
from tests.live.product import manage

PASSWORD = "stille-lys-over-fjorden"
NUMBERS, YEAR = "/rapporter/", "/rapporter/ar/2024/"
# What WCAG 1.4.12 lets a reader set.
SPACED = "* { letter-spacing: 0.12em !important; word-spacing: 0.16em !important; line-height: 1.5 !important }"
# Of each cell that says something, whether its words stand whole inside the window and inside its table.
CUT = """() => [...document.querySelectorAll(".number-table td, .number-table th")].filter(cell => {
    if (!cell.innerText.trim() || cell.closest("thead")) return false;
    const range = document.createRange();
    range.selectNodeContents(cell);
    const words = range.getBoundingClientRect(), box = cell.closest(".table-box").getBoundingClientRect();
    return words.left < Math.max(0, box.left) - 1 || words.right > Math.min(innerWidth, box.right) + 1;
}).map(cell => cell.innerText)"""


@pytest.fixture
def admin(visitor, refleks) -> Page:
    """The numbers as the administrator sees them, the figures of 2024 among them."""
    manage(refleks.env, "load_report_figures", "2024")
    page = visitor(width=360)
    sign_in(page, "admin@example.org", PASSWORD)
    return page


def opened(page: Page, path: str, width: int, *, is_spaced: bool = False) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(path)
    page.evaluate("document.querySelectorAll('main details').forEach(each => each.open = true)")
    if is_spaced:
        page.evaluate(
            "css => { const sheet = new CSSStyleSheet(); sheet.replaceSync(css);"
            " document.adoptedStyleSheets.push(sheet) }",
            SPACED,
        )


def scrolls_sideways(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_each_control_of_the_filter_has_room_for_a_thumb(admin):
    opened(admin, NUMBERS, 360)

    controls = admin.locator("form.filters").locator("select, input, button").all()
    heights = {each.get_attribute("name") or "button": each.bounding_box()["height"] for each in controls}
    assert len(heights) == 11
    assert {name: height for name, height in heights.items() if height < 44} == {}
    assert not scrolls_sideways(admin)


@pytest.mark.parametrize("path", [NUMBERS, YEAR])
def test_wide_letters_on_the_narrowest_phone_do_not_widen_the_page(admin, path):
    opened(admin, path, 320, is_spaced=True)

    assert not scrolls_sideways(admin)


@pytest.mark.parametrize("path", [NUMBERS, YEAR])
def test_every_figure_stands_whole_on_the_screen(admin, path):
    for width in (320, 360, 800, 1000, 1280):
        opened(admin, path, width)
        assert admin.locator(".number-table td").count() > 50
        assert (width, admin.evaluate(CUT)) == (width, [])
        assert not scrolls_sideways(admin)


def test_a_number_on_a_phone_stands_beside_the_name_of_its_column(admin):
    opened(admin, YEAR, 360)
    cell = admin.get_by_role("row", name="Tilskudd fra Helsedirektoratet").locator("td.num")

    assert cell.inner_text() == "1\xa0960\xa0539"
    assert cell.evaluate("cell => getComputedStyle(cell, '::before').content") == '"2024" / ""'
    assert cell.evaluate("cell => getComputedStyle(cell).textAlign") == "end"


def test_a_table_shown_as_cards_is_still_a_table_for_those_who_listen(admin):
    wanted = {"row": "tr", "cell": "td", "rowheader": "th[scope=row]", "columnheader": "th[scope=col]"}
    for width in (360, 1280):
        opened(admin, YEAR, width)
        session = admin.context.new_cdp_session(admin)
        nodes = session.send("Accessibility.getFullAXTree")["nodes"]
        roles = Counter(node["role"]["value"] for node in nodes if not node["ignored"])
        assert {role: roles[role] for role in wanted} == {
            role: admin.locator(f"main table {tag}").count() for role, tag in wanted.items()
        }


def test_the_numbers_have_no_findings(admin):
    found = {}
    for path in (NUMBERS, YEAR, "/rapporter/ar/2024/registrer/kapasitet/", "/rapporter/ar/2024/rader-uten-tall/"):
        opened(admin, path, 1280)
        found[path] = findings(admin)
    assert {path: lines for path, lines in found.items() if lines} == {}
