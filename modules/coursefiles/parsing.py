"""Takes a lesson's file apart: the head, the running text and the blocks, each with its line numbers."""

import re
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from modules.coursefiles.mistakes import Complain

FENCE = ":::"
KEY = re.compile(r"([a-z]+):(?: (.*))?")
MARKUP = re.compile(r"\*\*|\[\[.*\]\]|\]\(\w+:")
# Line breaks and tabs are text, everything else below the space is not.
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufeff]")


@dataclass(frozen=True)
class Line:
    """A line of a file, without blanks at its end; `number` counts from 1."""

    number: int
    text: str


@dataclass
class Section:
    """A stretch of a lesson: running text (`name` is "text") or a block with its keys and its body."""

    name: str
    line: int
    keys: dict[str, Line] = field(default_factory=dict)
    body: list[Line] = field(default_factory=list)

    def text_of(self, key: str) -> str:
        """What the key says, or nothing."""
        return self.keys[key].text if key in self.keys else ""

    def line_of(self, key: str) -> int:
        """The line of the key, or of the block when the key is missing."""
        return self.keys[key].number if key in self.keys else self.line


def lines_of(text: str, complain: Complain) -> list[Line]:
    """The lines of a file. Unprintable characters are mistakes."""
    lines = [Line(number, line.rstrip(" \t\r")) for number, line in enumerate(text.split("\n"), 1)]
    for line in lines:
        if found := UNPRINTABLE.search(line.text):
            complain(line.number, _("Linjen har et usynlig tegn (%(code)s).") % {"code": f"U+{ord(found[0]):04X}"})
    return lines


def split_head(lines: list[Line], complain: Complain) -> tuple[Section, list[Line]]:
    """The head between `---` as a section, and the lines after it."""
    head = Section("head", 1)
    if not lines or lines[0].text != "---":
        complain(1, _("Filen skal begynne med et hode mellom linjer med ---."))
        return head, lines
    for index, line in enumerate(lines[1:], 1):
        if line.text == "---":
            return head, lines[index + 1 :]
        _add_key(head, line, complain)
    complain(1, _("Hodet blir ikke avsluttet. Sett --- på en egen linje etter det."))
    return head, []


def sections_in(lines: list[Line], complain: Complain) -> list[Section]:
    """Running text and blocks in the order of the file. Blocks that are not closed are mistakes."""
    sections: list[Section] = []
    block: Section | None = None
    for line in lines:
        if line.text.startswith(FENCE):
            block = _at_fence(line, block, sections, complain)
        elif block:
            block.body.append(line)
        elif line.text:
            _running_text(sections).body.append(line)
        elif sections and sections[-1].name == "text":
            sections[-1].body.append(line)
    if block:
        complain(block.line, _("Blokken «%(name)s» blir ikke lukket med :::.") % {"name": block.name})
    for section in sections:
        _take_keys(section, complain)
    return sections


def _running_text(sections: list[Section]) -> Section:
    if not sections or sections[-1].name != "text":
        sections.append(Section("text", 0))
    return sections[-1]


def _at_fence(line: Line, block: Section | None, sections: list[Section], complain: Complain) -> Section | None:
    name = line.text[len(FENCE) :].strip()
    if not name:
        if not block:
            complain(line.number, _("Her lukkes en blokk som ikke er åpnet."))
        return None
    if block:
        complain(block.line, _("Blokken «%(name)s» blir ikke lukket med :::.") % {"name": block.name})
    sections.append(Section(name, line.number))
    return sections[-1]


def _take_keys(section: Section, complain: Complain) -> None:
    """Moves the key lines at the start of a block from its body to its keys."""
    if section.name == "text":
        section.line = section.body[0].number
        return
    lines, section.body = section.body, []
    while lines and lines[0].text:
        _add_key(section, lines.pop(0), complain)
    section.body = lines


def _add_key(section: Section, line: Line, complain: Complain) -> None:
    found = KEY.fullmatch(line.text)
    if not found:
        complain(line.number, _("Her skal det stå «nøkkel: verdi». Sett en tom linje mellom nøklene og teksten."))
    elif found[1] in section.keys:
        complain(line.number, _("Nøkkelen «%(key)s» står to ganger.") % {"key": found[1]})
    else:
        section.keys[found[1]] = Line(line.number, (found[2] or "").strip(" \t"))


def check_keys(section: Section, known: tuple[str, ...], optional: frozenset[str], complain: Complain) -> None:
    """Complains of keys that are unknown, missing, empty or in another order than `known`."""
    for key, line in section.keys.items():
        if key not in known:
            complain(line.number, _("«%(key)s» er ikke en nøkkel her.") % {"key": key})
        elif not line.text:
            complain(line.number, _("Nøkkelen «%(key)s» er tom.") % {"key": key})
    for key in known:
        if key not in section.keys and key not in optional:
            complain(section.line, _("Nøkkelen «%(key)s» mangler.") % {"key": key})
    given = [key for key in section.keys if key in known]
    if given != sorted(given, key=known.index):
        order = ", ".join(known)
        complain(section.line, _("Nøklene skal stå i denne rekkefølgen: %(order)s.") % {"order": order})


def check_plain(line: Line, complain: Complain) -> None:
    """Complains of markup where only plain text is shown."""
    if MARKUP.search(line.text):
        complain(line.number, _("Her vises bare ren tekst: ingen utheving, lenker eller ordforklaringer."))
