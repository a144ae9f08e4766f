"""A lesson as it is shown: the text, kept once rendered, and the learner's own answers in it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.cache import caches
from django.db import connection
from django.db.models import UUIDField
from django.urls import reverse

from modules.access import LessonPlace
from modules.checks import Check, CheckContent, check_content
from modules.models import Attempt, CheckAnswer, LessonPage, NotebookEntry
from modules.notebook import Prompt, PromptContent, prompt_content, prompt_for
from modules.outline import CHECK_BLOCKS, LessonOutline
from modules.richtext import glossary_of, using_glossary

# A lesson is what is asked for most. In SQL these two cost a quarter of what preparing them each time does.
ANSWERS = "SELECT * FROM modules_checkanswer WHERE attempt_id = %s AND lesson_key = %s"
ENTRIES = "SELECT * FROM modules_notebookentry WHERE learner_id = %s AND prompt_id IN ({})"
UUID_FIELD = UUIDField()


@dataclass
class Piece:
    """A part of a lesson: `kind` says which of the others is set."""

    kind: str
    html: str = ""
    check: Check | None = None
    prompt: Prompt | None = None


@dataclass(frozen=True)
class KeptPart:
    """What a lesson is made of, without anybody's answers: rendered text, or what needs the learner."""

    html: str = ""
    check: CheckContent | None = None
    prompt: PromptContent | None = None


def kept_parts(lesson: LessonOutline, version: int) -> list[KeptPart]:
    """The parts of a published lesson, rendered once for each content version. No query when kept."""
    key = f"lesson:{version}:{lesson.pk}"
    parts = caches["content"].get(key)
    if parts is None:
        page = LessonPage.objects.get(pk=lesson.pk)
        parts = _parts(page)
        caches["content"].set(key, parts)
    return parts


def _parts(page: LessonPage) -> list[KeptPart]:
    parts = []
    with using_glossary(glossary_of(page)):
        for block in page.body:
            if block.block_type in CHECK_BLOCKS:
                parts.append(KeptPart(check=check_content(block)))
            elif block.block_type == "prompt":
                parts.append(KeptPart(prompt=prompt_content(block)))
            else:
                parts.append(KeptPart(html=block.render({"id": block.id, "page": page})))
    return parts


def pieces_of(place: LessonPlace, version: int) -> list[Piece]:
    """The lesson with the learner's own answers and notes in it. Two queries at most beside the kept text."""
    lesson, attempt = place.lesson, place.attempt
    answers = _answers(attempt, lesson) if lesson.checks else {}
    entries = _entries(attempt, lesson) if lesson.prompts else {}
    return [_piece(place, part, answers, entries) for part in kept_parts(lesson, version)]


def _piece(
    place: LessonPlace, part: KeptPart, answers: dict[str, CheckAnswer], entries: dict[str, NotebookEntry]
) -> Piece:
    if part.check:
        url = part_url(place, "answer_check", part.check.id)
        return Piece("check", check=Check(part.check, answers.get(part.check.id), url))
    if part.prompt:
        url = part_url(place, "save_note", part.prompt.id)
        return Piece("prompt", prompt=prompt_for(part.prompt, entries.get(part.prompt.id), url))
    return Piece("html", html=part.html)


def part_url(place: LessonPlace, name: str, part_id: UUID | str) -> str:
    """The address that takes an answer to a check or a note to a prompt."""
    return reverse(name, args=[place.course.slug, place.module.slug, place.lesson.slug, UUID(str(part_id))])


def check_in(lesson: LessonOutline, part_id: UUID, version: int) -> CheckContent | None:
    """The check with this id in the lesson, or None."""
    checks = (part.check for part in kept_parts(lesson, version) if part.check)
    return next((check for check in checks if UUID(check.id) == part_id), None)


def prompt_in(lesson: LessonOutline, part_id: UUID, version: int) -> PromptContent | None:
    """The prompt with this id in the lesson, or None."""
    prompts = (part.prompt for part in kept_parts(lesson, version) if part.prompt)
    return next((prompt for prompt in prompts if UUID(prompt.id) == part_id), None)


def _answers(attempt: Attempt | None, lesson: LessonOutline) -> dict[str, CheckAnswer]:
    if attempt is None:
        return {}
    stored = CheckAnswer.objects.raw(ANSWERS, [attempt.pk, _in_database(lesson.key)])
    return {str(answer.check_id): answer for answer in stored}


def _entries(attempt: Attempt | None, lesson: LessonOutline) -> dict[str, NotebookEntry]:
    # By prompt, not by lesson: an author may have moved the prompt, and the note goes with it.
    if attempt is None:
        return {}
    query = ENTRIES.format(", ".join(["%s"] * len(lesson.prompts)))
    stored = NotebookEntry.objects.raw(query, [attempt.enrolment.learner_id, *map(_in_database, lesson.prompts)])
    return {str(entry.prompt_id): entry for entry in stored}


def _in_database(key: UUID) -> Any:
    return UUID_FIELD.get_db_prep_value(key, connection)


def preview_of(page: LessonPage) -> dict[str, Any]:
    """The context of a lesson in a preview: as learners will see it, with nobody's answers and nothing saved."""
    pieces = [
        Piece("check", check=Check(part.check))
        if part.check
        else Piece("prompt", prompt=prompt_for(part.prompt, None))
        if part.prompt
        else Piece("html", html=part.html)
        for part in _parts(page)
    ]
    module = page.get_parent()
    course = module.get_parent() if module else None
    return {"preview": True, "lesson": page, "module": module, "course": course, "pieces": pieces}
