"""Texts with one item a line, as people write them in a plain field."""

import re
from dataclasses import dataclass

AGENDA_LINE = re.compile(r"^\s*(\d{1,3})\s*(?:min(?:utter)?\.?)?\s*[-–:.]?\s+(.+)$")


@dataclass(frozen=True)
class AgendaItem:
    """A part of a meeting: how long, in minutes (None when nobody said), and what."""

    minutes: int | None
    text: str


def lines_of(text: str) -> list[str]:
    """The lines that say something, without the signs people put before an item."""
    return [line.strip().lstrip("•*-– ").strip() for line in text.splitlines() if line.strip("•*-– \t")]


def agenda_of(text: str) -> list[AgendaItem]:
    """The parts of an agenda: "30 Innledning" lasts 30 minutes, "Pause" as long as it takes."""
    return [_item(line) for line in lines_of(text)]


def _item(line: str) -> AgendaItem:
    found = AGENDA_LINE.match(line)
    return AgendaItem(int(found[1]), found[2].strip()) if found else AgendaItem(None, line)
