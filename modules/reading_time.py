"""How long a lesson takes, from what is in it; never padded."""

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

WORDS_A_MINUTE = 180
CHECKS, PROMPTS, PICTURES = {"choice", "sort"}, {"prompt"}, {"picture"}
# Feedback is read while answering, which has a minute of its own; the rest is not read by the eye.
NOT_READ = {"feedback", "alt_text", "ref", "url", "checked_on", "type", "id"}
TAG = re.compile(r"<[^>]+>")
GLOSSARY = re.compile(r"\[\[([^\[\]|]+)(?:\|[^\[\]|]+)?\]\]")


def words_of(body: Any) -> int:
    """The number of words a learner reads in a lesson's body (a StreamValue), questions and answers included."""
    return words_in(body.raw_data)


def minutes_of(body: Any) -> int:
    """Minutes for text (180 words each) and tasks, rounded up: 1 a check, 3 a prompt, 1 a picture."""
    return minutes_in(body.raw_data)


def words_in(blocks: Iterable[Mapping[str, Any]]) -> int:
    """As `words_of`, for blocks as they are stored: `type` and `value`."""
    return sum(len(_words(text)) for block in blocks for text in _texts(block["value"]))


def minutes_in(blocks: Iterable[Mapping[str, Any]]) -> int:
    """As `minutes_of`, for blocks as they are stored."""
    blocks = list(blocks)
    tasks = count_of(blocks, CHECKS) + 3 * count_of(blocks, PROMPTS) + count_of(blocks, PICTURES)
    return math.ceil(words_in(blocks) / WORDS_A_MINUTE) + tasks


def count_of(blocks: Iterable[Mapping[str, Any]], kinds: set[str]) -> int:
    """How many blocks are of these kinds."""
    return sum(block["type"] in kinds for block in blocks)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, part in value.items():
            if key not in NOT_READ:
                yield from _texts(part)
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from _texts(part)


def _words(text: str) -> list[str]:
    shown = TAG.sub(" ", GLOSSARY.sub(r"\1", text))
    return [word for word in shown.split() if any(map(str.isalnum, word))]
