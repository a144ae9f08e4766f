"""The blocks of a lesson between `:::` lines: how each is read from its section and written back.

A piece's value has the shape in which Wagtail stores the block, with plain lists, without ids, and with
file names where pictures and files will be.
"""

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from modules.coursefiles import checks, prose, tables
from modules.coursefiles.mistakes import Complain
from modules.coursefiles.parsing import Line, Section, check_keys, check_plain

Value = dict[str, Any]
WEB_ADDRESS = re.compile(r"https?://[^\s/?#]+\S*", re.IGNORECASE)
PART = re.compile(r"### +(.*)")
STEP = re.compile(r"(\d{1,3})\. (.*)")
REF = re.compile(r"[a-z0-9-]{2,60}")


@dataclass(frozen=True)
class Piece:
    """A block of a lesson: its block type, its value, and the line it starts on (0 when it came from a page)."""

    kind: str
    value: Any
    line: int = 0


@dataclass(frozen=True)
class Directive:
    """How a block is written in files. `read` gives the value, `write` the values of the keys and the body."""

    keys: tuple[str, ...]
    read: Callable[[Section, Complain], Any]
    write: Callable[[Any], tuple[dict[str, Any], list[str]]]
    optional: frozenset[str] = frozenset()
    has_body: bool = True


def read_piece(section: Section, complain: Complain) -> Piece | None:
    """The block that a section holds; None when it is of no known kind."""
    if section.name == "text":
        return Piece("text", prose.read_prose(section.body, complain, headings=True), section.line)
    kind = checks.kind_of(section, complain) if section.name == "check" else section.name
    if kind not in DIRECTIVES or section.name in {"choice", "sort"}:
        complain(section.line, _("Det finnes ingen blokk som heter «%(name)s».") % {"name": section.name})
        return None
    directive = DIRECTIVES[kind]
    check_keys(section, directive.keys, directive.optional, complain)
    for line in section.keys.values():
        check_plain(line, complain)
    _check_body(section, directive, complain)
    _check_ref(section, directive, complain)
    return Piece(kind, directive.read(section, complain), section.line)


def write_piece(piece: Piece) -> list[str]:
    """The lines of a file for a block."""
    if piece.kind == "text":
        return prose.write_prose(piece.value)
    directive = DIRECTIVES[piece.kind]
    values, body = directive.write(piece.value)
    lines = [f"::: {'check' if piece.kind in checks.KINDS else piece.kind}"]
    lines += [f"{key}: {one_line(values[key])}" for key in directive.keys if values.get(key) not in {None, ""}]
    return [*lines, *([""] if directive.has_body else []), *body, ":::"]


def one_line(value: Any) -> str:
    """A value as it stands after a key: one line, no blanks around it."""
    return " ".join(re.split(r"[\r\n]+", str(value))).strip(" \t")


def _check_body(section: Section, directive: Directive, complain: Complain) -> None:
    filled = [line for line in section.body if line.text]
    if directive.has_body and not filled:
        complain(section.line, _("Blokken har ingen tekst."))
    if filled and not directive.has_body:
        complain(filled[0].number, _("Denne blokken har bare nøkler, ingen tekst."))


def _check_ref(section: Section, directive: Directive, complain: Complain) -> None:
    if "id" in directive.keys and (ref := section.text_of("id")) and not REF.fullmatch(ref):
        complain(section.line_of("id"), bad_ref())


def bad_ref() -> str:
    """What is said of an id that cannot be one."""
    return _("En id har 2–60 tegn: små bokstaver a–z, tall og bindestrek.")


# --- Blocks with prose --------------------------------------------------------------------------
def _read_titled(section: Section, complain: Complain) -> Value:
    return {"title": section.text_of("title"), "body": prose.read_prose(section.body, complain)}


def _write_titled(value: Value) -> tuple[Value, list[str]]:
    return {"title": value["title"]}, prose.write_prose(value["body"])


def _read_sensitive(section: Section, complain: Complain) -> Value:
    return {"body": prose.read_prose(section.body, complain)}


def _write_sensitive(value: Value) -> tuple[Value, list[str]]:
    return {}, prose.write_prose(value["body"])


def _read_law(section: Section, complain: Complain) -> Value:
    return {
        "act": section.text_of("act"),
        "section": section.text_of("section"),
        "text": prose.read_prose(section.body, complain),
        "checked_on": _date(section, complain),
        "url": _url(section, complain),
    }


def _write_law(value: Value) -> tuple[Value, list[str]]:
    return value | {"checked": value.get("checked_on")}, prose.write_prose(value["text"])


def _read_steps(section: Section, complain: Complain) -> Value:
    steps: list[str] = []
    for line in (line for line in section.body if line.text):
        found = STEP.fullmatch(line.text)
        if not found or int(found[1]) != len(steps) + 1:
            complain(line.number, _("Her skal det stå «%(number)s. Tekst».") % {"number": len(steps) + 1})
        steps.append(prose.read_inline(Line(line.number, found[2] if found else line.text), complain))
    return {"title": section.text_of("title"), "steps": steps}


def _write_steps(value: Value) -> tuple[Value, list[str]]:
    lines = [f"{number}. {prose.write_inline(step)}" for number, step in enumerate(value["steps"], 1)]
    return {"title": value["title"]}, lines


def _read_accordion(section: Section, complain: Complain) -> Value:
    parts: list[tuple[Line, str, list[Line]]] = []
    for line in section.body:
        if found := PART.fullmatch(line.text):
            check_plain(line, complain)
            parts.append((line, found[1], []))
        elif parts:
            parts[-1][2].append(line)
        elif line.text:
            complain(line.number, _("Sett en overskrift med ### før teksten."))
    for line, _title, lines in parts:
        if not any(inner.text for inner in lines):
            complain(line.number, _("Delen har ingen tekst."))
    return {"parts": [{"title": title, "body": prose.read_prose(lines, complain)} for _line, title, lines in parts]}


def _write_accordion(value: Value) -> tuple[Value, list[str]]:
    lines: list[str] = []
    for part in value["parts"]:
        lines += [*([""] if lines else []), f"### {one_line(part['title'])}", *prose.write_prose(part["body"])]
    return {}, lines


# --- Blocks with plain text ---------------------------------------------------------------------
def _read_quote(section: Section, complain: Complain) -> Value:
    return {"text": checks.plain_text(section.body, complain), "by": section.text_of("by")}


def _write_quote(value: Value) -> tuple[Value, list[str]]:
    return {"by": value.get("by")}, checks.plain_lines(value["text"])


def _read_prompt(section: Section, complain: Complain) -> Value:
    return {"ref": section.text_of("id"), "question": checks.plain_text(section.body, complain)}


def _write_prompt(value: Value) -> tuple[Value, list[str]]:
    return {"id": value["ref"]}, checks.plain_lines(value["question"])


# --- Blocks with keys only ----------------------------------------------------------------------
def _read_picture(section: Section, complain: Complain) -> Value:
    alt, decorative = section.text_of("alt"), section.text_of("decorative")
    if decorative not in {"", "yes"}:
        complain(section.line_of("decorative"), _("Skriv «decorative: yes», eller en tekst etter «alt:»."))
    elif bool(alt) == bool(decorative):
        complain(section.line, _("Et bilde har enten «alt:» med tekst eller «decorative: yes»."))
    image = {"image": section.text_of("file"), "decorative": bool(decorative), "alt_text": alt}
    return {"image": image, "caption": section.text_of("caption")}


def _write_picture(value: Value) -> tuple[Value, list[str]]:
    image = value["image"]
    alternative = {"decorative": "yes"} if image["decorative"] else {"alt": image["alt_text"]}
    return {"file": image["image"], "caption": value.get("caption")} | alternative, []


def _read_download(section: Section, _complain: Complain) -> Value:
    return {"file": section.text_of("file"), "title": section.text_of("title")}


def _read_source(section: Section, complain: Complain) -> Value:
    year = tables.year(section.text_of("year"), section.line_of("year"), complain)
    url = _url(section, complain)
    return {"title": section.text_of("title"), "by": section.text_of("by"), "year": year, "url": url}


def _write_keys(value: Value) -> tuple[Value, list[str]]:
    return value, []


def _url(section: Section, complain: Complain) -> str:
    url = section.text_of("url")
    if url and not WEB_ADDRESS.fullmatch(url):
        complain(section.line_of("url"), _("Nettadressen skal begynne med https:// eller http://."))
        return ""
    return url


def _date(section: Section, complain: Complain) -> str | None:
    text = section.text_of("checked")
    if not text:
        return None
    try:
        return datetime.datetime.strptime(text, "%Y-%m-%d").date().isoformat()
    except ValueError:
        complain(section.line_of("checked"), _("Datoen skal skrives som 2026-11-22."))
        return None


DIRECTIVES: dict[str, Directive] = {
    "fact": Directive(("title",), _read_titled, _write_titled),
    "quote": Directive(("by",), _read_quote, _write_quote, frozenset({"by"})),
    "case": Directive(("title",), _read_titled, _write_titled),
    "steps": Directive(("title",), _read_steps, _write_steps),
    "accordion": Directive((), _read_accordion, _write_accordion),
    "table": Directive(("caption",), tables.read_table, tables.write_table),
    "picture": Directive(
        ("file", "alt", "decorative", "caption"),
        _read_picture,
        _write_picture,
        frozenset({"alt", "decorative", "caption"}),
        has_body=False,
    ),
    "download": Directive(("file", "title"), _read_download, _write_keys, has_body=False),
    "source": Directive(("title", "by", "year", "url"), _read_source, _write_keys, frozenset({"url"}), has_body=False),
    "law": Directive(("act", "section", "checked", "url"), _read_law, _write_law, frozenset({"checked", "url"})),
    "figures": Directive(("question",), tables.read_figures, tables.write_figures),
    "choice": Directive(("id", "kind", "question"), checks.read_choice, checks.write_choice),
    "sort": Directive(("id", "kind", "question", "groups"), checks.read_sort, checks.write_sort),
    "prompt": Directive(("id",), _read_prompt, _write_prompt),
    "sensitive": Directive((), _read_sensitive, _write_sensitive),
}
