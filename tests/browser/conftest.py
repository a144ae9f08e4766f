"""A browser, the running product, and a watch over every page: no broken policy, no foreign host, no script error."""

import os
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.chromium import FLAGS, chromium
from tests.live.product import Product, copied, prepared, product

# Playwright keeps an event loop in this thread; Django would refuse what is none of its business here.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture(scope="session")
def prepared_folder(tmp_path_factory):
    """The demo as `make run` prepares it, made once; servers run on copies."""
    return prepared(tmp_path_factory.mktemp("prepared") / "var")


@pytest.fixture(scope="session")
def refleks(prepared_folder, tmp_path_factory) -> Product:
    """The running product of this session."""
    with product(copied(prepared_folder, tmp_path_factory.mktemp("product") / "var")) as running:
        yield running


@pytest.fixture(scope="session")
def browser():
    path = chromium()
    if path is None:
        pytest.skip("no Chromium or Chrome on this machine")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield running
        running.close()


class Watch:
    """Notes what a page must not do."""

    def __init__(self, home: str) -> None:
        self.host = urlsplit(home).netloc
        self.complaints: list[str] = []

    def over(self, context) -> None:
        context.on("request", self._request)
        context.on("response", self._response)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.complaints.append(f"script error: {error.error}"))

    def _request(self, request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "blob"} and parts.netloc != self.host:
            self.complaints.append(f"request to another host: {request.url}")

    def _response(self, response) -> None:
        asked_for = response.request.resource_type in {"document", "xhr", "fetch"}
        if response.status >= 500 or (response.status >= 400 and not asked_for):
            self.complaints.append(f"{response.status} for {response.url}")

    def _console(self, message) -> None:
        # A page that refuses (403, 422) is logged as a resource that failed; `_response` looks after those.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.complaints.append(f"console: {message.text}")


@pytest.fixture
def visitor(browser, refleks):
    """A function that gives a new visitor's page. At the end no page may have broken a policy or left the house."""
    watch, contexts = Watch(refleks.url), []

    def new(width: int = 1280, scheme: str = "light", javascript: bool = True):
        context = browser.new_context(
            base_url=refleks.url,
            viewport={"width": width, "height": 800},
            color_scheme=scheme,
            java_script_enabled=javascript,
            locale="nb-NO",
            reduced_motion="reduce",
        )
        context.set_default_timeout(15_000)
        watch.over(context)
        contexts.append(context)
        return context.new_page()

    yield new
    for context in contexts:
        context.close()
    assert watch.complaints == []
