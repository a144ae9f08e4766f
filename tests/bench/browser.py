"""What a browser with nothing in its cache fetches: bytes over the wire and requests."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from tests.browser.chromium import FLAGS, chromium
from tests.live.product import Product, product


@dataclass
class ColdPage:
    """A page as a newcomer's browser fetches it."""

    name: str
    requests: int = 0
    document: int = 0
    total: int = 0
    pictures: int = 0


def cold_pages(folder: Path, facts: dict[str, Any]) -> list[ColdPage]:
    """The pages one meets first; an empty list where there is no browser. Starts the product as it is shipped."""
    path = chromium()
    if path is None:
        return []
    with product(folder) as running, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        reader = facts["readers"][0]
        pages = [
            _cold(browser, running, "front page", "/"),
            _cold(browser, running, "course page, anonymous", facts["course_url"]),
            _cold(browser, running, "lesson page", facts["lesson_url"], reader),
            _cold(browser, running, "my page", "/min-side/", reader),
        ]
        browser.close()
    return pages


def _cold(browser: Browser, running: Product, name: str, path: str, session: str = "") -> ColdPage:
    context = browser.new_context(locale="nb-NO", viewport={"width": 1280, "height": 800})
    if session:
        context.add_cookies([{"name": "session", "value": session, "url": running.url}])
    page, kinds, cold = context.new_page(), {}, ColdPage(name)
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")

    def finished(event: dict[str, Any]) -> None:
        kind, size = kinds.get(event["requestId"], ""), int(event["encodedDataLength"])
        cold.requests += 1
        cold.total += size
        cold.document += size if kind == "Document" else 0
        cold.pictures += size if kind == "Image" else 0

    devtools.on("Network.responseReceived", lambda event: kinds.update({event["requestId"]: event["type"]}))
    devtools.on("Network.loadingFinished", finished)
    page.goto(running.url + path, wait_until="networkidle")
    context.close()
    return cold
