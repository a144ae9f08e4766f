"""What authors need to know before and after they publish, and what may not be deleted."""

from typing import Any
from uuid import uuid4

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Page

from modules.models import CoursePage, Enrolment, LessonCompletion, LessonPage, NotebookEntry
from modules.richtext import glossary_of, words_marked_in


def why_not_deletable(page: Page) -> str:
    """A sentence when learners have been in the page or below it; empty when it may be deleted."""
    inside = page.get_descendants(inclusive=True)
    lesson_keys = LessonPage.objects.filter(pk__in=inside.values("pk")).values("translation_key")
    used = (
        Enrolment.objects.filter(course__in=inside.values("pk")).exists()
        or LessonCompletion.objects.filter(lesson_key__in=lesson_keys).exists()
        or NotebookEntry.objects.filter(lesson_key__in=lesson_keys).exists()
    )
    if not used:
        return ""
    return _(
        "«%(title)s» har deltakere og kan ikke slettes. Avpubliser siden i stedet, så beholder de det de har gjort."
    ) % {"title": page.title}


def warnings_for(lesson: LessonPage) -> list[str]:
    """What an author may want to mend: old or unchecked law references (R127), unknown glossary words (R123)."""
    warnings = []
    for block in lesson.body:
        if block.block_type == "law" and block.value.is_stale():
            warnings.append(
                _("%(act)s %(section)s er ikke kontrollert mot lovteksten det siste året.")
                % {"act": block.value["act"], "section": block.value["section"]}
            )
    known = glossary_of(lesson)
    for word in sorted(words_marked_in(str(lesson.body.get_prep_value())) - set(known)):
        warnings.append(_("«%(word)s» er markert, men står ikke i ordlisten til kurset.") % {"word": word})
    return warnings


def what_publishing_means(lesson: LessonPage) -> str:
    """What happens to learners when the lesson is published: nothing they have done is undone (R012)."""
    count = (
        LessonCompletion.objects.filter(lesson_key=lesson.translation_key)
        .values("attempt__enrolment")
        .distinct()
        .count()
    )
    if not count:
        return ""
    return ngettext(
        "%(count)s deltaker har fullført leksjonen. Det står ved lag, og den nye teksten vises når siden åpnes.",
        "%(count)s deltakere har fullført leksjonen. Det står ved lag, og den nye teksten vises når siden åpnes.",
        count,
    ) % {"count": count}


def give_new_ids(lesson: LessonPage) -> None:
    """Gives a copied lesson checks and prompts of its own, so that answers to the two are never mixed up."""
    raw = [_with_new_id(block) for block in lesson.body.get_prep_value()]
    lesson.body = LessonPage.body.field.stream_block.to_python(raw)
    lesson.ref = ""
    revision = lesson.save_revision()
    if lesson.live:
        revision.publish()


def _with_new_id(part: Any) -> Any:
    """`part` of a stream's stored form with new ids all through; a `ref` names the original and is emptied."""
    if isinstance(part, list):
        return [_with_new_id(item) for item in part]
    if not isinstance(part, dict):
        return part
    fresh = {key: _with_new_id(value) for key, value in part.items()}
    if isinstance(part.get("id"), str):
        fresh["id"] = str(uuid4())
    if "ref" in part:
        fresh["ref"] = ""
    return fresh


def stale_law_references(course: CoursePage | None = None) -> list[tuple[LessonPage, str]]:
    """Every published law reference that wants a new look, with its lesson (R127)."""
    lessons = LessonPage.objects.live().order_by("path")
    if course is not None:
        lessons = lessons.descendant_of(course)
    return [
        (lesson, f"{block.value['act']} {block.value['section']}")
        for lesson in lessons
        for block in lesson.body
        if block.block_type == "law" and block.value.is_stale()
    ]
