"""Knowledge checks and other plain text in files: answers with feedback, statements with their group."""

import re
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from modules.coursefiles.mistakes import Complain
from modules.coursefiles.parsing import Line, Section, check_plain
from modules.coursefiles.tables import cell, cells_in

Value = dict[str, Any]
KINDS = {"choice", "sort"}
FILE_KINDS = {"single": "choice", "multiple": "choice", "sort": "sort"}
OPTION = re.compile(r"- \[([ x])\] (.+)")
STATEMENT = re.compile(r"- (.+)")


def kind_of(section: Section, complain: Complain) -> str:
    """The block type of a check. An unknown kind is a mistake and read as one with answers."""
    kind = section.text_of("kind")
    if kind and kind not in FILE_KINDS:
        complain(section.line_of("kind"), _("«kind» skal være single, multiple eller sort."))
    return FILE_KINDS.get(kind, "choice")


def plain_text(lines: list[Line], complain: Complain) -> str:
    """Plain text over one or more lines, without the empty ones around it."""
    for line in lines:
        check_plain(line, complain)
    return "\n".join(_unmarked(line.text) for line in lines).strip("\n \t")


def plain_lines(text: str) -> list[str]:
    """The lines of a file for plain text; a line that looks like the end of the block gets a backslash."""
    lines = [line.rstrip(" \t") for line in re.sub(r"\r\n?", "\n", text).strip("\n \t").split("\n")]
    return [f"\\{line}" if _needs_mark(line) else line for line in lines]


def _unmarked(text: str) -> str:
    return text.removeprefix("\\") if _needs_mark(text[1:]) else text


def _needs_mark(text: str) -> bool:
    return text.lstrip("\\").startswith(":::")


def read_choice(section: Section, complain: Complain) -> Value:
    """A check with answers, each with feedback. One right answer when `kind` is single."""
    several = section.text_of("kind") == "multiple"
    options: list[Value] = []
    entries = list(_entries(section, complain))
    for line, feedback in entries:
        found = OPTION.fullmatch(line.text)
        if not found:
            complain(line.number, _("Et svar skal se slik ut: «- [ ] Tekst», og «- [x] Tekst» når det er riktig."))
            continue
        options.append({"text": found[2], "is_right": found[1] == "x", "feedback": feedback})
    _check_texts(section, len(entries), [option["text"] for option in options], complain)
    right = sum(option["is_right"] for option in options)
    if not right:
        complain(section.line, _("Ingen av svarene er merket som riktige."))
    if right > 1 and not several:
        complain(section.line, _("Bare ett svar kan være riktig når «kind» er single."))
    question = section.text_of("question")
    return {"ref": section.text_of("id"), "question": question, "several": several, "options": options}


def write_choice(value: Value) -> tuple[Value, list[str]]:
    """The keys of a check with answers, and its lines."""
    keys = {"id": value["ref"], "kind": "multiple" if value["several"] else "single", "question": value["question"]}
    lines = []
    for option in value["options"]:
        lines += [f"- [{'x' if option['is_right'] else ' '}] {option['text'].strip()}", *_quoted(option["feedback"])]
    return keys, lines


def read_sort(section: Section, complain: Complain) -> Value:
    """A check where statements are put in groups."""
    keys = {"ref": section.text_of("id"), "question": section.text_of("question")}
    groups = cells_in(section.text_of("groups"))
    if not 2 <= len(set(groups)) == len(groups) <= 4 or not all(groups):
        complain(section.line_of("groups"), _("Skriv to til fire ulike grupper med | mellom."))
        return keys | {"groups": [], "statements": []}
    statements: list[Value] = []
    entries = list(_entries(section, complain))
    for line, feedback in entries:
        found = STATEMENT.fullmatch(line.text)
        text, group = _split_group(found[1] if found else "", groups)
        if not text:
            complain(line.number, _("Et utsagn skal se slik ut: «- Tekst = Gruppe», med en av gruppene."))
            continue
        statements.append({"text": text, "group": group, "feedback": feedback})
    _check_texts(section, len(entries), [statement["text"] for statement in statements], complain)
    return keys | {"groups": groups, "statements": statements}


def write_sort(value: Value) -> tuple[Value, list[str]]:
    """The keys of a check with groups, and its lines."""
    groups = " | ".join(map(cell, value["groups"]))
    keys = {"id": value["ref"], "kind": "sort", "question": value["question"], "groups": groups}
    lines = []
    for item in value["statements"]:
        lines += [f"- {item['text'].strip()} = {item['group'].strip()}", *_quoted(item["feedback"])]
    return keys, lines


def _split_group(text: str, groups: list[str]) -> tuple[str, str]:
    for group in sorted(groups, key=len, reverse=True):
        if group and text.endswith(f" = {group}"):
            return text.removesuffix(f" = {group}").strip(), group
    return "", ""


def _entries(section: Section, complain: Complain) -> Iterator[tuple[Line, str]]:
    """Each line that is not feedback, with the feedback below it."""
    entry: Line | None = None
    feedback: list[str] = []
    for line in [line for line in section.body if line.text]:
        check_plain(line, complain)
        if line.text == ">" or line.text.startswith("> "):
            if entry is None:
                complain(line.number, _("Tilbakemeldingen står ikke under et svar."))
            feedback.append(line.text[2:])
            continue
        if entry:
            yield entry, _feedback(entry, feedback, complain)
        entry, feedback = line, []
    if entry:
        yield entry, _feedback(entry, feedback, complain)


def _feedback(entry: Line, lines: list[str], complain: Complain) -> str:
    text = "\n".join(lines).strip()
    if not text:
        complain(entry.number, _("Svaret mangler tilbakemelding på linjen under (> Tekst)."))
    return text


def _quoted(text: str) -> list[str]:
    return [f"> {line}".rstrip() for line in re.sub(r"\r\n?", "\n", text).strip().split("\n")]


def _check_texts(section: Section, number: int, texts: list[str], complain: Complain) -> None:
    if number < 2:
        complain(section.line, _("Sett minst to svar."))
    if len(set(texts)) < len(texts):
        complain(section.line, _("To av svarene er like."))
