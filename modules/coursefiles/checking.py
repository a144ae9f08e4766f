"""Rules for a course as a whole, and those of the blocks, with the line where each is broken."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db.models import Model
from django.utils.translation import gettext as _
from PIL import Image

from media.uploads import check_document, check_drawing
from modules.blocks import LessonBody
from modules.coursefiles import keys
from modules.coursefiles.directives import Piece
from modules.coursefiles.mistakes import Complain, Mistakes, sentences_in
from modules.coursefiles.parsing import Line, Section
from modules.coursefiles.prose import GLOSSARY
from modules.coursefiles.reading import SLUG, CourseFile, LessonFile
from modules.models import CoursePage, GlossaryTerm, LessonPage, ModulePage

FILE_NAME = re.compile(r"[^\W_][\w.-]*\.[a-zA-Z0-9]+")
IMAGE_FORMATS = {"jpg": "JPEG", "jpeg": "JPEG", "png": "PNG", "gif": "GIF", "webp": "WEBP"}
# Where the sections of these blocks hold running text, which may explain words.
PROSE_BLOCKS = {"text", "fact", "case", "steps", "accordion", "law", "sensitive"}
BODY = LessonBody()


def check_course(course: CourseFile, mistakes: Mistakes) -> None:
    """Adds what is wrong with a course that has been read. Needs no database."""
    _check_course_file(course, mistakes.in_file("course.toml"))
    _check_modules(course, mistakes)
    _check_unique(course, mistakes)
    words = {term.term.lower() for term in course.glossary}
    for lesson in course.lessons:
        complain = mistakes.in_file(lesson.path)
        head = {key: line.number for key, line in lesson.head.keys.items()}
        _check_fields(LessonPage, {"title": lesson.title, "summary": lesson.summary}, head, complain)
        _check_headings(lesson, complain)
        for section in lesson.sections:
            _check_words(section, words, complain)
        spoilt = {mistake.line for mistake in mistakes.found if mistake.path == lesson.path}
        for piece, end in _with_ends(lesson):
            if not any(piece.line <= line < end for line in spoilt):
                _check_piece(piece, complain)
    _check_files(course, mistakes)


def unused_files(course: CourseFile) -> list[str]:
    """Names in `pictures/` that no lesson uses; they are not imported."""
    used = {name for lesson in course.lessons for _piece, name in files_in(lesson)}
    folder = course.file("")
    there = folder.iterdir() if folder.is_dir() else []
    return sorted(path.name for path in there if path.name not in used and not path.name.startswith("."))


def files_in(lesson: LessonFile) -> Iterator[tuple[Piece, str]]:
    """The blocks of a lesson that show or offer a file, with its name."""
    for piece in lesson.pieces:
        if piece.kind == "picture":
            yield piece, piece.value["image"]["image"]
        elif piece.kind == "download":
            yield piece, piece.value["file"]


# --- The course and its modules -----------------------------------------------------------------
def _check_course_file(course: CourseFile, complain: Complain) -> None:
    if not SLUG.fullmatch(course.slug):
        complain(1, _("Mappen til kurset skal ha et navn med bare bokstaver, tall og bindestrek."))
    if course.language and course.language not in dict(settings.WAGTAIL_CONTENT_LANGUAGES):
        codes = ", ".join(dict(settings.WAGTAIL_CONTENT_LANGUAGES))
        complain(course.lines.get("language", 1), _("Språket skal være ett av %(codes)s.") % {"codes": codes})
    values = {"title": course.title, "summary": course.summary, "audience": course.audience, "order": course.order}
    values |= {"version_label": course.version, "level": course.level}
    _check_fields(CoursePage, values, course.lines, complain)
    for term in course.glossary:
        _check_fields(GlossaryTerm, {"term": term.term, "meaning": term.meaning}, term.line, complain)


def _check_modules(course: CourseFile, mistakes: Mistakes) -> None:
    for module in course.modules:
        complain = mistakes.in_file(module.path)
        if not 0 < module.minutes <= 3000:
            complain(module.lines.get("minutes", 1), _("Minuttene skal være et helt tall mellom 1 og 3000."))
        _check_fields(ModulePage, {"title": module.title, "summary": module.summary}, module.lines, complain)


def _check_fields(model: type[Model], values: dict[str, str], lines: int | dict[str, int], complain: Complain) -> None:
    """Complains of what is too long or no choice; what is missing has been said already."""
    for name, value in values.items():
        try:
            if value:
                model._meta.get_field(name).clean(value, None)
        except ValidationError as error:
            key = name.removesuffix("_label")
            line = lines if isinstance(lines, int) else lines.get(key, 1)
            for sentence in error.messages:
                complain(line, f"{key}: {sentence}")


def _check_unique(course: CourseFile, mistakes: Mistakes) -> None:
    modules = [(module.path, module.lines.get("id", 1), module.key) for module in course.modules if module.ref]
    lessons = [(lesson.path, lesson.head.line_of("id"), lesson.key) for lesson in course.lessons if lesson.ref]
    tasks = [
        (lesson.path, piece.line, keys.task_key(lesson.key, piece.value["ref"]))
        for lesson in course.lessons
        for piece in lesson.pieces
        if piece.kind in {"choice", "sort", "prompt"} and piece.value["ref"]
    ]
    _complain_of_doubles(modules + lessons + tasks, _("Denne id-en er brukt et annet sted i kurset."), mistakes)
    terms = [("course.toml", term.line, term.term.lower()) for term in course.glossary]
    _complain_of_doubles(terms, _("Ordet står to ganger i ordlisten."), mistakes)
    slugs = [(module.path, 1, module.slug) for module in course.modules]
    _complain_of_doubles(slugs, _("To moduler har samme navn etter nummeret, og det er adressen."), mistakes)
    for module in course.modules:
        slugs = [(lesson.path, 1, lesson.slug) for lesson in module.lessons]
        _complain_of_doubles(slugs, _("To leksjoner har samme navn etter nummeret, og det er adressen."), mistakes)


def _complain_of_doubles(things: Iterable[tuple[str, int, Any]], sentence: str, mistakes: Mistakes) -> None:
    things = list(things)
    counted = Counter(value for _path, _line, value in things)
    for path, line, value in things:
        if counted[value] > 1:
            mistakes.add(path, line, sentence)


# --- Lessons ------------------------------------------------------------------------------------
def _check_headings(lesson: LessonFile, complain: Complain) -> None:
    previous = 1
    for section in lesson.sections:
        for line in section.body if section.name == "text" else []:
            if found := re.match(r"(##+) ", line.text):
                if len(found[1]) > previous + 1:
                    complain(line.number, _("Overskriftene hopper over et nivå: bruk ## før ###."))
                previous = len(found[1])


def _check_words(section: Section, words: set[str], complain: Complain) -> None:
    for line in section.body if section.name in PROSE_BLOCKS else []:
        for term in _terms_in(line):
            if term.lower() not in words:
                complain(line.number, _("Ordet «%(term)s» står ikke i ordlisten.") % {"term": term})


def _terms_in(line: Line) -> list[str]:
    return [found[2] or found[1] for found in GLOSSARY.finditer(line.text)]


def _with_ends(lesson: LessonFile) -> Iterator[tuple[Piece, float]]:
    """Each piece with the line where the next section starts."""
    starts = [section.line for section in lesson.sections]
    after = dict(pairwise([*starts, float("inf")]))
    for piece in lesson.pieces:
        yield piece, after[piece.line]


def _check_piece(piece: Piece, complain: Complain) -> None:
    """Complains of what the block itself refuses. Pictures and files are looked at in their files."""
    block, value = BODY.child_blocks[piece.kind], piece.value
    if piece.kind in {"picture", "download"}:
        name = "caption" if piece.kind == "picture" else "title"
        block, value = block.child_blocks[name], value[name]
    try:
        block.clean(block.to_python(value))
    except ValidationError as error:
        for sentence in sentences_in(error):
            complain(piece.line, sentence)


# --- Pictures and files -------------------------------------------------------------------------
def _check_files(course: CourseFile, mistakes: Mistakes) -> None:
    found: dict[tuple[str, str], list[str]] = {}
    for lesson in course.lessons:
        complain = mistakes.in_file(lesson.path)
        for piece, name in files_in(lesson):
            if name and (piece.kind, name) not in found:
                found[piece.kind, name] = _wrong_with(course.file(name), name, piece.kind)
            for sentence in found.get((piece.kind, name), []):
                complain(piece.line, f"{name}: {sentence}")


def _wrong_with(path: Path, name: str, kind: str) -> list[str]:
    suffix = path.suffix.lstrip(".").lower()
    allowed = settings.WAGTAILIMAGES_EXTENSIONS if kind == "picture" else settings.WAGTAILDOCS_EXTENSIONS
    if not FILE_NAME.fullmatch(name) or path.is_symlink() or not path.is_file():
        return [_("Filen finnes ikke i mappen pictures.")]
    if suffix not in allowed:
        return [_("Filtypen er ikke tillatt. Bruk en av disse: %(types)s.") % {"types": ", ".join(allowed)}]
    if path.stat().st_size > settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE:
        return [_("Filen er for stor.")]
    try:
        _check_content(path, suffix, kind)
    except ValidationError as error:
        return list(error.messages)
    return []


def _check_content(path: Path, suffix: str, kind: str) -> None:
    content = path.read_bytes()
    if kind == "download":
        check_document(ContentFile(content, name=path.name))
    elif suffix == "svg":
        check_drawing(content)
    else:
        _check_photo(path, suffix)


def _check_photo(path: Path, suffix: str) -> None:
    try:
        with Image.open(path, formats=[IMAGE_FORMATS[suffix]]) as image:
            image.verify()
    except Exception as error:  # Pillow raises many kinds for a spoilt picture
        raise ValidationError(
            _("Innholdet i filen er ikke det navnet sier (%(suffix)s).") % {"suffix": suffix}
        ) from error
