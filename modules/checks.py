"""Answering a knowledge check: feedback for each answer, any number of tries, never a grade."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import F
from django.http import QueryDict
from django.utils.translation import gettext as _

from modules.models import Attempt, CheckAnswer

SINGLE, MULTIPLE, SORT = "single", "multiple", "sort"


@dataclass(frozen=True)
class Item:
    """An option, or for sorting a statement with the group it belongs to, as its author wrote it."""

    id: str
    text: str
    feedback: str
    is_right: bool = False
    group: str = ""


@dataclass(frozen=True)
class CheckContent:
    """A check as its author wrote it: plain values that can be kept. `kind` is single, multiple or sort."""

    id: str
    kind: str
    question: str
    items: tuple[Item, ...]
    groups: tuple[str, ...] = ()


def check_content(block: Any) -> CheckContent:
    """The content of a `choice` or `sort` block."""
    value = block.value
    if block.block_type == "sort":
        items = tuple(
            Item(str(child.id), child.value["text"], child.value["feedback"], group=child.value["group"])
            for child in value["statements"].bound_blocks
        )
        return CheckContent(str(block.id), SORT, value["question"], items, tuple(value["groups"]))
    items = tuple(
        Item(str(child.id), child.value["text"], child.value["feedback"], is_right=bool(child.value["is_right"]))
        for child in value["options"].bound_blocks
    )
    return CheckContent(str(block.id), MULTIPLE if value["several"] else SINGLE, value["question"], items)


@dataclass(frozen=True)
class AnsweredItem:
    """An option as it is shown: `chosen` is True or False, for a statement the chosen group or ""."""

    id: str
    text: str
    chosen: Any
    is_right: bool
    feedback: str


@dataclass
class Check:
    """A check as its learner sees it, with the stored answer. `error` is a sentence when a post was refused."""

    content: CheckContent
    answer: CheckAnswer | None = None
    url: str = ""
    error: str = ""
    options: list[AnsweredItem] = field(init=False, default_factory=list)
    statements: list[AnsweredItem] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        chosen = self.answer.answer if self.answer else None
        if self.kind == SORT:
            # An author may have made a sorting check of another kind: an answer of another shape counts as none.
            groups = chosen if isinstance(chosen, dict) else {}
            self.statements = [_statement(item, groups.get(item.id, "")) for item in self.content.items]
        else:
            ids = chosen if isinstance(chosen, list) else []
            self.options = [
                AnsweredItem(item.id, item.text, item.id in ids, item.is_right, item.feedback)
                for item in self.content.items
            ]

    @property
    def id(self) -> str:
        return self.content.id

    @property
    def kind(self) -> str:
        return self.content.kind

    @property
    def question(self) -> str:
        return self.content.question

    @property
    def groups(self) -> tuple[str, ...]:
        return self.content.groups

    @property
    def answered(self) -> bool:
        return self.answer is not None

    @property
    def is_right(self) -> bool:
        return bool(self.answer and self.answer.is_right)


def _statement(item: Item, group: str) -> AnsweredItem:
    return AnsweredItem(item.id, item.text, group, group == item.group, item.feedback)


def answer_check(attempt: Attempt, lesson_key: UUID, content: CheckContent, posted: QueryDict) -> CheckAnswer:
    """Stores the learner's answer to a check and returns it; a new try takes the place of the last (R010).

    Raises ValidationError with a sentence when the form is not filled in.
    """
    answer = _read_groups(content, posted) if content.kind == SORT else _read_options(content, posted)
    is_right = _is_right(content, answer)
    stored, created = CheckAnswer.objects.get_or_create(
        attempt=attempt,
        check_id=UUID(content.id),
        defaults={"lesson_key": lesson_key, "answer": answer, "is_right": is_right},
    )
    if not created:
        CheckAnswer.objects.filter(pk=stored.pk).update(answer=answer, is_right=is_right, tries=F("tries") + 1)
        stored.answer, stored.is_right = answer, is_right
    return stored


def _read_options(content: CheckContent, posted: QueryDict) -> list[str]:
    known = {item.id for item in content.items}
    chosen = sorted({value for value in posted.getlist("answer") if value in known})
    if not chosen:
        raise ValidationError(_("Velg et svar først."))
    return chosen[:1] if content.kind == SINGLE else chosen


def _read_groups(content: CheckContent, posted: QueryDict) -> dict[str, str]:
    answer = {item.id: posted.get(f"answer-{item.id}", "") for item in content.items}
    if any(group not in content.groups for group in answer.values()):
        raise ValidationError(_("Velg en gruppe for hvert utsagn først."))
    return answer


def _is_right(content: CheckContent, answer: Any) -> bool:
    if content.kind == SORT:
        return all(answer[item.id] == item.group for item in content.items)
    return set(answer) == {item.id for item in content.items if item.is_right}
