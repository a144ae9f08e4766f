"""A lesson as it is shown: the text, kept once rendered, and the learner's own answers in it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.cache import caches
from django.urls import reverse

from modules.access import LessonPlace
from modules.checks import Check
from modules.models import Attempt, CheckAnswer, LessonPage, NotebookEntry
from modules.notebook import Prompt, prompt_for
from modules.outline import CHECK_BLOCKS, LessonOutline
from modules.richtext import glossary_of, using_glossary


@dataclass
class Piece:
    """A part of a lesson: `kind` says which of the others is set."""

    kind: str
    html: str = ""
    check: Check | None = None
    prompt: Prompt | None = None


@dataclass(frozen=True)
class KeptPart:
    """What a lesson is made of, without anybody's answers: rendered text, or a block that needs the learner."""

    html: str = ""
    block: Any = None


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
            if block.block_type in CHECK_BLOCKS or block.block_type == "prompt":
                parts.append(KeptPart(block=block))
            else:
                parts.append(KeptPart(html=block.render({"id": block.id, "page": page})))
    return parts


def pieces_of(place: LessonPlace, version: int) -> list[Piece]:
    """The lesson with the learner's own answers and notes in it. Two queries at most beside the kept text."""
    lesson, attempt = place.lesson, place.attempt
    answers = _answers(attempt, lesson) if lesson.checks else {}
    entries = _entries(attempt, lesson) if lesson.prompts else {}
    pieces = []
    for part in kept_parts(lesson, version):
        if part.block is None:
            pieces.append(Piece("html", html=part.html))
        elif part.block.block_type == "prompt":
            url = part_url(place, "save_note", part.block.id)
            pieces.append(Piece("prompt", prompt=prompt_for(part.block, entries.get(str(part.block.id)), url)))
        else:
            url = part_url(place, "answer_check", part.block.id)
            pieces.append(Piece("check", check=Check(part.block, answers.get(str(part.block.id)), url)))
    return pieces


def part_url(place: LessonPlace, name: str, part_id: str) -> str:
    """The address that takes an answer to a check or a note to a prompt."""
    return reverse(name, args=[place.course.slug, place.module.slug, place.lesson.slug, UUID(str(part_id))])


def part_block(lesson: LessonOutline, part_id: UUID, version: int) -> Any:
    """The check or prompt with this id in the lesson, or None."""
    for part in kept_parts(lesson, version):
        if part.block is not None and UUID(str(part.block.id)) == part_id:
            return part.block
    return None


def _answers(attempt: Attempt | None, lesson: LessonOutline) -> dict[str, CheckAnswer]:
    stored = CheckAnswer.objects.filter(attempt=attempt, lesson_key=lesson.key) if attempt else []
    return {str(answer.check_id): answer for answer in stored}


def _entries(attempt: Attempt | None, lesson: LessonOutline) -> dict[str, NotebookEntry]:
    # By prompt, not by lesson: an author may have moved the prompt, and the note goes with it.
    stored = (
        NotebookEntry.objects.filter(learner_id=attempt.enrolment.learner_id, prompt_id__in=lesson.prompts)
        if attempt
        else []
    )
    return {str(entry.prompt_id): entry for entry in stored}


def preview_of(page: LessonPage) -> dict[str, Any]:
    """The context of a lesson in a preview: as learners will see it, with nobody's answers and nothing saved."""
    pieces = []
    for part in _parts(page):
        if part.block is None:
            pieces.append(Piece("html", html=part.html))
        elif part.block.block_type == "prompt":
            pieces.append(Piece("prompt", prompt=prompt_for(part.block, None)))
        else:
            pieces.append(Piece("check", check=Check(part.block)))
    module = page.get_parent()
    course = module.get_parent() if module else None
    return {"preview": True, "lesson": page, "module": module, "course": course, "pieces": pieces}
