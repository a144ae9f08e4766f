"""The learner's own notebook: what they wrote to the prompts. Nobody else reads it (R129, P4, B16)."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from modules.models import NotebookEntry

TEXT_LIMIT = 20_000


class WrittenElsewhere(Exception):
    """The text was saved in another tab meanwhile. `entry` is what is stored; nothing was overwritten (D17)."""

    def __init__(self, entry: NotebookEntry):
        self.entry = entry


@dataclass(frozen=True)
class PromptContent:
    """A prompt as its author wrote it: plain values that can be kept."""

    id: str
    question: str


def prompt_content(block: Any) -> PromptContent:
    """The content of a `prompt` block."""
    return PromptContent(str(block.id), block.value["question"])


@dataclass
class Prompt:
    """A prompt as its learner sees it. `other_text` is what another tab saved, when the two differ."""

    id: str
    question: str
    url: str = ""
    text: str = ""
    version: int = 0
    saved_at: Any = None
    other_text: str | None = None
    error: str = ""


def prompt_for(content: PromptContent, entry: NotebookEntry | None, url: str = "") -> Prompt:
    """The prompt with what the learner has written."""
    prompt = Prompt(content.id, content.question, url)
    if entry:
        prompt.text, prompt.version, prompt.saved_at = entry.text, entry.version, entry.updated_at
    return prompt


def save_entry(
    learner: AbstractBaseUser, *, course_key: UUID, lesson_key: UUID, prompt: Prompt, text: str, version: int
) -> NotebookEntry:
    """Stores what the learner wrote to a prompt and returns the entry; `version` is the one the page was made from.

    Raises ValidationError when the text is too long, and WrittenElsewhere when somebody, most likely the same
    person in another tab, saved something else since.
    """
    text = text.replace("\r\n", "\n").replace("\x00", "")
    if len(text) > TEXT_LIMIT:
        message = _("Teksten er for lang. Det er plass til 20 000 tegn, og du har brukt %(count)s.")
        raise ValidationError(message % {"count": len(text)})
    if version == 0:
        entry = _first_save(learner, course_key, lesson_key, prompt, text)
        if entry:
            return entry
    own = NotebookEntry.objects.filter(learner=learner, prompt_id=UUID(prompt.id))
    changed = own.filter(version=version).update(
        text=text, version=version + 1, question=prompt.question, updated_at=timezone.now()
    )
    # A page may know of a version that is not here (any more): then there is nothing to overwrite.
    entry = own.first() or _first_save(learner, course_key, lesson_key, prompt, text) or own.get()
    if not changed and entry.text != text:
        raise WrittenElsewhere(entry)
    return entry


def _first_save(
    learner: AbstractBaseUser, course_key: UUID, lesson_key: UUID, prompt: Prompt, text: str
) -> NotebookEntry | None:
    try:
        with transaction.atomic():
            return NotebookEntry.objects.create(
                learner=learner,
                course_key=course_key,
                lesson_key=lesson_key,
                prompt_id=UUID(prompt.id),
                question=prompt.question,
                text=text,
            )
    except IntegrityError:
        return None


def entries_of(learner: AbstractBaseUser) -> list[NotebookEntry]:
    """Everything the learner has written, oldest first; empty entries are left out."""
    return [entry for entry in NotebookEntry.objects.filter(learner=learner).order_by("pk") if entry.text]
