"""Writes a published course as files, so that reading them gives the same pages."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from modules.coursefiles import keys
from modules.coursefiles.directives import Piece, one_line, write_piece
from modules.coursefiles.reading import PICTURES
from modules.coursefiles.shelving import named_files
from modules.coursefiles.streams import FileNames, Stream, pieces_of
from modules.models import CoursePage, LessonPage, ModulePage


def write_course(course: CoursePage, folder: Path) -> list[Path]:
    """Writes what is published of `course` to `folder`, which is empty or not there. Gives the files.

    Raises ValidationError when something lies in the folder already, or a picture is gone; nothing is written then.
    """
    if folder.exists() and any(folder.iterdir()):
        raise ValidationError(_("Mappen %(folder)s er ikke tom. Velg en tom mappe.") % {"folder": folder})
    contents = _contents_of(course)
    for name, content in contents.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return [folder / name for name in contents]


def _contents_of(course: CoursePage) -> dict[str, str | bytes]:
    """What each file holds, by its path in the folder of the course."""
    contents: dict[str, str | bytes] = {"course.toml": _course_text(course)}
    modules = list(ModulePage.objects.child_of(course).live().order_by("path"))
    lessons = {module: list(LessonPage.objects.child_of(module).live().order_by("path")) for module in modules}
    streams: list[Stream] = [list(lesson.body.raw_data) for page in modules for lesson in lessons[page]]
    names, items = named_files(streams, course.slug, course.locale.language_code)
    for place, module in enumerate(modules, 1):
        inside = _numbered(place, module.slug, len(modules))
        contents[f"{inside}/module.toml"] = _module_text(module, course.translation_key)
        for number, lesson in enumerate(lessons[module], 1):
            path = f"{inside}/{_numbered(number, lesson.slug, len(lessons[module]))}.md"
            contents[path] = _lesson_text(lesson, course.translation_key, names)
    for name, item in items.items():
        with item.open_file() as file:
            contents[f"{PICTURES}/{name}"] = file.read()
    return contents


def toml_text(values: Mapping[str, Any], tables: Iterable[Mapping[str, Any]] = (), name: str = "") -> str:
    """`values` as TOML, followed by `tables`, each below `[[name]]`. Takes text, whole numbers and yes or no."""
    blocks = [_toml_lines(values)] + [f"[[{name}]]\n{_toml_lines(table)}" for table in tables]
    return "\n".join(blocks)


def _toml_lines(values: Mapping[str, Any]) -> str:
    # A JSON string is a TOML string, but for the one control character that JSON lets stand.
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items()]
    return "".join(f"{line}\n" for line in lines).replace("\x7f", "\\u007f")


def _course_text(course: CoursePage) -> str:
    values = {
        "id": str(course.translation_key),
        "title": course.title,
        "language": course.locale.language_code,
        "version": course.version_label,
        "order": course.order,
        "summary": course.summary,
    }
    values |= {"audience": course.audience} if course.audience else {}
    values |= {"level": course.level} if course.level else {}
    values |= {"pilot": True} if course.is_pilot else {}
    values |= {} if course.gives_certificate else {"certificate": False}
    terms = [{"term": entry.term, "meaning": entry.meaning} for entry in course.glossary.all()]
    return toml_text(values, terms, "glossary")


def _module_text(module: ModulePage, course: UUID) -> str:
    ref = module.ref if module.ref and keys.module_key(course, module.ref) == module.translation_key else ""
    return toml_text(
        {
            "id": ref or str(module.translation_key),
            "title": module.title,
            "minutes": module.nominal_minutes,
            "summary": module.summary,
        }
    )


def _lesson_text(lesson: LessonPage, course: UUID, names: FileNames) -> str:
    ref = lesson.ref if lesson.ref and keys.lesson_key(course, lesson.ref) == lesson.translation_key else ""
    head = ["---", f"id: {ref or lesson.translation_key}", f"title: {one_line(lesson.title)}"]
    head += [f"summary: {one_line(lesson.summary)}", "---"] if lesson.summary else ["---"]
    pieces = pieces_of(list(lesson.body.raw_data), lesson.translation_key, names)
    return lesson_text(head, pieces)


def lesson_text(head: list[str], pieces: Iterable[Piece]) -> str:
    """The text of a lesson's file: its head, then its blocks with an empty line before each."""
    blocks = [lines for piece in pieces if (lines := write_piece(piece))]
    return "\n\n".join("\n".join(lines) for lines in [head, *blocks]) + "\n"


def _numbered(number: int, slug: str, total: int) -> str:
    return f"{number:0{max(2, len(str(total)))}}-{slug}"
