"""Texts with one item a line, as people write them in a plain field."""

import re
from dataclasses import dataclass

WEB_ADDRESS = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)]")
AGENDA_LINE = re.compile(r"^\s*(\d{1,3})\s*(?:min(?:utter)?\.?)?\s*[-–:.]?\s+(.+)$")


@dataclass(frozen=True)
class Material:
    """Something to read or use: what it is, and its address on the web, empty where it has none."""

    title: str
    url: str = ""


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


def materials_of(text: str) -> list[Material]:
    """The materials of a text: "Ark til samtalen https://…" has a title and an address; an address names itself."""
    return [_material(line) for line in lines_of(text)]


def _material(line: str) -> Material:
    found = WEB_ADDRESS.search(line)
    if found is None:
        return Material(line)
    title = f"{line[: found.start()]}{line[found.end() :]}".strip(" .:–-()")
    return Material(title or found[0].split("//", 1)[1].rstrip("/"), found[0])


def _item(line: str) -> AgendaItem:
    found = AGENDA_LINE.match(line)
    return AgendaItem(int(found[1]), found[2].strip()) if found else AgendaItem(None, line)
