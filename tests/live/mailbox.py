"""Reads the demo's mailbox, as the person who plays the demo does."""

import re
import time
from html import unescape

from tests.live.product import Product

SECONDS = 20


def code_for(refleks: Product, address: str) -> str:
    """The code in the newest mail to `address`. Waits some seconds for it; raises AssertionError when none comes."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        for mail in mails(refleks):
            if f"Til {address}," in mail and (code := re.search(r'class="big-code">\s*([^<\s]+)', mail)):
                return code[1]
        time.sleep(0.2)
    raise AssertionError(f"No mail with a code came to {address}")


def mails(refleks: Product) -> list[str]:
    """The mails as pieces of HTML, newest first."""
    status, page = refleks.get("/demo/post/")
    assert status == 200
    return [unescape(mail) for mail in page.split("<article")[1:]]
