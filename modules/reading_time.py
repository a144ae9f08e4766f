"""How long a lesson takes, from what is in it; never padded."""

import math
import re
from typing import Any

WORDS_A_MINUTE = 180
MINUTES_FOR = {"choice": 1, "sort": 1, "prompt": 3, "picture": 1}


def words_of(body: Any) -> int:
    """The number of words a learner reads in the blocks of a lesson."""
    return sum(len(_words(block.value)) for block in body)


def minutes_of(body: Any) -> int:
    """Minutes for text (180 words each) and tasks, rounded up: 1 a check, 3 a prompt, 1 a picture."""
    tasks = sum(MINUTES_FOR.get(block.block_type, 0) for block in body)
    return math.ceil(words_of(body) / WORDS_A_MINUTE + tasks)


def _words(value: Any) -> list[str]:
    if hasattr(value, "source"):
        return re.sub(r"<[^>]+>|\|", " ", value.source).split()
    if isinstance(value, str):
        return value.split()
    if hasattr(value, "rows") and hasattr(value, "columns"):
        return [word for row in value.rows for cell in row for word in _words(cell.value)]
    if isinstance(value, dict):
        return [word for key, part in value.items() if key not in {"ref", "url"} for word in _words(part)]
    if isinstance(value, (list, tuple)) or hasattr(value, "bound_blocks"):
        return [word for part in value for word in _words(part)]
    return []
