"""Every translation is whole: the same placeholders on both sides, nothing fuzzy."""

import gettext
import io
import re
from pathlib import Path

import pytest

from lms.assets.build import catalogue

LOCALE = Path(__file__).resolve().parent.parent.parent / "lms" / "locale"
CATALOGUES = sorted(LOCALE.glob("*/LC_MESSAGES/*.po"))
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]")


def _messages(path: Path) -> dict:
    read = gettext.GNUTranslations(io.BytesIO(catalogue(path.read_text())))
    return {key if isinstance(key, str) else key[0]: text for key, text in read._catalog.items() if key}


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parent.parent.name)
def test_catalogue_has_the_same_placeholders_on_both_sides(path):
    messages = _messages(path)
    assert messages or "No words yet" in path.read_text()
    wrong = {
        name: text
        for name, text in messages.items()
        if text and set(PLACEHOLDER.findall(name)) != set(PLACEHOLDER.findall(text))
    }
    assert wrong == {}


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parent.parent.name)
def test_catalogue_has_nothing_fuzzy(path):
    assert "#, fuzzy" not in path.read_text()
