"""Reads the folder of a course: what stands in its files, and everything that is wrong with them."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from modules.coursefiles import keys
from modules.coursefiles.directives import REF, Piece, bad_ref, read_piece
from modules.coursefiles.mistakes import Complain, Mistakes
from modules.coursefiles.parsing import Line, Section, check_keys, check_plain, lines_of, sections_in, split_head

SLUG = re.compile(r"\w[\w-]*")
NAME = re.compile(rf"(\d+)-({SLUG.pattern})")
# Bytes. A lesson has about 4,000; the words of a course with many hard ones about 10,000.
LESSON_LIMIT, TOML_LIMIT, TOML_LINE = 500_000, 100_000, 2000
PICTURES = "pictures"
COURSE_KEYS = {
    "id": str,
    "title": str,
    "language": str,
    "version": str,
    "order": str,
    "summary": str,
    "audience": str,
    "level": str,
    "pilot": bool,
    "certificate": bool,
    "glossary": list,
}
COURSE_OPTIONAL = {"audience", "level", "pilot", "certificate", "glossary"}
MODULE_KEYS = {"id": str, "title": str, "minutes": int, "summary": str}
TERM_KEYS = {"term": str, "meaning": str}
KIND_WORDS = {str: "tekst i anførselstegn", bool: "true eller false", int: "et helt tall", list: "[[glossary]]"}


@dataclass
class Term:
    """A word of the glossary and the line it stands on."""

    term: str
    meaning: str
    line: int


@dataclass
class LessonFile:
    """A lesson as its file says it. `sections` are what the pieces were read from."""

    path: str
    slug: str
    ref: str
    key: UUID
    title: str
    summary: str
    pieces: list[Piece]
    sections: list[Section]
    head: Section


@dataclass
class ModuleFile:
    """A module and its lessons in order. `minutes` is the nominal time."""

    path: str
    slug: str
    ref: str
    key: UUID
    title: str
    summary: str
    minutes: int
    lines: dict[str, int]
    lessons: list[LessonFile] = field(default_factory=list)


@dataclass
class CourseFile:
    """A course as its folder says it; `key` is the id in `course.toml`."""

    folder: Path
    slug: str
    key: UUID
    title: str
    language: str
    version: str
    order: str
    summary: str
    audience: str
    level: str
    is_pilot: bool
    gives_certificate: bool
    lines: dict[str, int]
    glossary: list[Term]
    modules: list[ModuleFile] = field(default_factory=list)

    @property
    def lessons(self) -> list[LessonFile]:
        return [lesson for module in self.modules for lesson in module.lessons]

    def file(self, name: str) -> Path:
        """Where a picture or file that lessons use lies."""
        return self.folder / PICTURES / name


def read_course(folder: Path, mistakes: Mistakes) -> CourseFile | None:
    """The course in `folder`; None when there is nothing to go on. What is wrong goes to `mistakes`.

    Raises CourseRefused when that is too much.
    """
    folder = folder.resolve()
    if not (folder / "course.toml").is_file():
        mistakes.add("course.toml", 1, _("Filen finnes ikke. Mappen %(folder)s er ikke et kurs.") % {"folder": folder})
        return None
    complain = mistakes.in_file("course.toml")
    values, lines = _read_toml(folder / "course.toml", complain)
    _check_values(values, lines, COURSE_KEYS, COURSE_OPTIONAL, complain)
    key = keys.as_uuid(_text(values, "id"))
    if values and not key:
        complain(lines.get("id", 1), _("Kursets id skal være en UUID med små bokstaver."))
    course = _course_of(values, lines, folder, key or UUID(int=0), complain)
    for path in _numbered(folder, mistakes, "", {"course.toml", "README.md", PICTURES}, folders=True):
        course.modules.append(_read_module(path, course, mistakes))
    if not course.modules:
        complain(1, _("Kurset har ingen moduler."))
    return course


def _course_of(
    values: Mapping[str, Any], lines: dict[str, int], folder: Path, key: UUID, complain: Complain
) -> CourseFile:
    return CourseFile(
        folder=folder,
        slug=folder.name,
        key=key,
        title=_text(values, "title"),
        language=_text(values, "language"),
        version=_text(values, "version"),
        order=_text(values, "order"),
        summary=_text(values, "summary"),
        audience=_text(values, "audience"),
        level=_text(values, "level"),
        is_pilot=values.get("pilot") is True,
        gives_certificate=values.get("certificate") is not False,
        lines=lines,
        glossary=_glossary(values.get("glossary"), lines, complain),
    )


def _glossary(entries: Any, lines: Mapping[str, int], complain: Complain) -> list[Term]:
    terms = []
    for number, entry in enumerate(entries if isinstance(entries, list) else []):
        line = lines.get(f"glossary.{number}", 1)
        if not isinstance(entry, dict):
            complain(line, _("Ordlisten skrives med [[glossary]] foran hvert ord."))
            continue
        _check_values(entry, {"": line}, TERM_KEYS, set(), complain)
        terms.append(Term(_text(entry, "term"), _text(entry, "meaning"), line))
    return terms


def _read_module(folder: Path, course: CourseFile, mistakes: Mistakes) -> ModuleFile:
    path = f"{folder.name}/module.toml"
    complain = mistakes.in_file(path)
    values, lines = _read_toml(folder / "module.toml", complain)
    _check_values(values, lines, MODULE_KEYS, set(), complain)
    ref, minutes = _text(values, "id"), values.get("minutes")
    if ref and not REF.fullmatch(ref):
        complain(lines.get("id", 1), bad_ref())
    module = ModuleFile(
        path=path,
        slug=_slug(folder.name),
        ref=ref,
        key=keys.module_key(course.key, ref),
        title=_text(values, "title"),
        summary=_text(values, "summary"),
        minutes=minutes if type(minutes) is int else 60,
        lines=lines,
    )
    for file in _numbered(folder, mistakes, f"{folder.name}/", {"module.toml"}, folders=False):
        module.lessons.append(_read_lesson(file, f"{folder.name}/{file.name}", course, mistakes))
    if not module.lessons:
        complain(1, _("Modulen har ingen leksjoner."))
    return module


def _read_lesson(file: Path, path: str, course: CourseFile, mistakes: Mistakes) -> LessonFile:
    complain = mistakes.in_file(path)
    content = _content(file, LESSON_LIMIT, complain)
    head, rest = split_head(lines_of(content, complain), complain if content else _say_nothing)
    if head.keys:
        check_keys(head, ("id", "title", "summary"), frozenset({"summary"}), complain)
    for line in head.keys.values():
        check_plain(line, complain)
    ref = head.text_of("id")
    if ref and not REF.fullmatch(ref):
        complain(head.line_of("id"), bad_ref())
    sections = sections_in(rest, complain)
    pieces = [piece for section in sections if (piece := read_piece(section, complain))]
    if head.keys and not sections:
        complain(1, _("Leksjonen er tom."))
    return LessonFile(
        path=path,
        slug=_slug(file.stem),
        ref=ref,
        key=keys.lesson_key(course.key, ref),
        title=head.text_of("title"),
        summary=head.text_of("summary"),
        pieces=pieces,
        sections=sections,
        head=head,
    )


def _say_nothing(_line: int, _sentence: str) -> None:
    """Takes what follows from a mistake that has been told."""


def _numbered(folder: Path, mistakes: Mistakes, below: str, known: Iterable[str], folders: bool) -> list[Path]:
    """The folders or lesson files in `folder` in the order of their numbers. Anything unknown is a mistake."""
    found: list[tuple[int, Path]] = []
    for path in sorted(folder.iterdir()):
        stem = path.stem if not folders else path.name
        right_kind = path.is_dir() if folders else path.suffix == ".md"
        if path.name in known or path.name.startswith("."):
            continue
        if not right_kind or path.is_symlink() or not (name := NAME.fullmatch(stem)):
            mistakes.add(f"{below}{path.name}", 1, _("Navnet hører ikke hjemme her. Det skal være som 01-navn."))
        elif int(name[1]) in {number for number, _path in found}:
            mistakes.add(f"{below}{path.name}", 1, _("To har det samme nummeret."))
        else:
            found.append((int(name[1]), path))
    return [path for _number, path in sorted(found)]


def _slug(name: str) -> str:
    found = NAME.fullmatch(name)
    return unicodedata.normalize("NFC", found[2] if found else name)


# --- Files ------------------------------------------------------------------------------------
def _content(path: Path, limit: int, complain: Complain) -> str:
    """The text of a file of up to `limit` bytes, letters composed; nothing when it cannot be read."""
    if not path.is_file() or path.is_symlink():
        complain(1, _("Filen finnes ikke."))
        return ""
    if path.stat().st_size > limit:
        complain(1, _("Filen er for stor. Den kan være opptil %(size)s kB.") % {"size": limit // 1000})
        return ""
    content = path.read_bytes()
    if not content.strip():
        complain(1, _("Filen er tom."))
        return ""
    try:
        return unicodedata.normalize("NFC", content.decode("utf-8").replace("\r\n", "\n"))
    except UnicodeDecodeError as error:
        complain(content[: error.start].count(b"\n") + 1, _("Filen er ikke lagret som UTF-8."))
        return ""


def _read_toml(path: Path, complain: Complain) -> tuple[dict[str, Any], dict[str, int]]:
    """The values in a TOML file and the lines of its keys."""
    text = _content(path, TOML_LIMIT, complain)
    # A key of many parts takes its length squared to read.
    for number, long in enumerate(text.split("\n"), 1):
        if len(long) > TOML_LINE:
            complain(number, _("Linjen er for lang. Den kan ha opptil %(length)s tegn.") % {"length": TOML_LINE})
            return {}, {}
    try:
        return tomllib.loads(text), _lines_of_keys(text)
    except (ValueError, RecursionError) as error:
        line = re.search(r"at line (\d+)", str(error))
        number = int(line[1]) if line else text.rstrip().count("\n") + 1
        complain(number, _("Filen er ikke gyldig TOML (%(error)s).") % {"error": error})
        return {}, {}


def _lines_of_keys(text: str) -> dict[str, int]:
    lines: dict[str, int] = {}
    terms = 0
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip() == "[[glossary]]":
            lines[f"glossary.{terms}"] = number
            lines.setdefault("glossary", number)
            terms += 1
        elif (found := re.match(r"([a-z_]+)\s*=", line)) and not terms:
            lines.setdefault(found[1], number)
    return lines


def _check_values(
    values: Mapping[str, Any],
    lines: Mapping[str, int],
    known: Mapping[str, type],
    optional: set[str],
    complain: Complain,
) -> None:
    first = lines.get("", 1)
    for key, value in values.items():
        line = lines.get(key, first)
        if key not in known:
            complain(line, _("«%(key)s» er ikke en nøkkel her.") % {"key": key})
        elif type(value) is not known[key]:
            complain(line, _("«%(key)s» skal være %(kind)s.") % {"key": key, "kind": KIND_WORDS[known[key]]})
        elif isinstance(value, str) and not value.strip():
            complain(line, _("Nøkkelen «%(key)s» er tom.") % {"key": key})
        elif isinstance(value, str):
            check_plain(Line(line, value), complain)
    for key in values and known or {}:
        if key not in values and key not in optional:
            complain(first, _("Nøkkelen «%(key)s» mangler.") % {"key": key})


def _text(values: Mapping[str, Any], key: str) -> str:
    value = values.get(key)
    return value.strip() if isinstance(value, str) else ""
