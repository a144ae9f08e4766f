"""Answering a knowledge check: feedback for each answer, any number of tries, never a grade."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils.translation import gettext as _

from modules.models import Attempt, CheckAnswer


@dataclass
class Choice:
    """One option or statement as it is shown. `chosen` is True/False for options, a group for statements."""

    id: str
    text: str
    chosen: Any
    is_right: bool
    feedback: str
    right_group: str = ""


class Check:
    """A knowledge check as its learner sees it; made from a `choice` or `sort` block and the stored answer."""

    def __init__(self, block: Any, answer: CheckAnswer | None = None, url: str = "", error: str = ""):
        self.id, self.url, self.error = str(block.id), url, error
        self.question = block.value["question"]
        self.answered, self.is_right = answer is not None, bool(answer and answer.is_right)
        chosen = answer.answer if answer else None
        self.options: list[Choice] = []
        self.statements: list[Choice] = []
        self.groups: list[str] = []
        if block.block_type == "sort":
            self.kind = "sort"
            self.groups = list(block.value["groups"])
            self.statements = [_statement(child, chosen or {}) for child in block.value["statements"].bound_blocks]
        else:
            self.kind = "multiple" if block.value["several"] else "single"
            self.options = [_option(child, chosen or []) for child in block.value["options"].bound_blocks]

    def read(self, posted: Mapping[str, Any]) -> Any:
        """The answer in a posted form (a QueryDict). Raises ValidationError when something is not answered."""
        if self.kind == "sort":
            return self._read_groups(posted)
        known = {option.id for option in self.options}
        chosen = [value for value in posted.getlist("answer") if value in known]  # type: ignore[attr-defined]
        if not chosen:
            raise ValidationError(_("Velg et svar først."))
        return chosen[:1] if self.kind == "single" else sorted(set(chosen))

    def _read_groups(self, posted: Mapping[str, Any]) -> dict[str, str]:
        answer = {item.id: posted.get(f"answer-{item.id}", "") for item in self.statements}
        if any(group not in self.groups for group in answer.values()):
            raise ValidationError(_("Velg en gruppe for hvert utsagn først."))
        return answer

    def is_answer_right(self, answer: Any) -> bool:
        if self.kind == "sort":
            return all(answer[item.id] == item.right_group for item in self.statements)
        return set(answer) == {option.id for option in self.options if option.is_right}


def _option(child: Any, chosen: Any) -> Choice:
    value = child.value
    return Choice(str(child.id), value["text"], str(child.id) in chosen, bool(value["is_right"]), value["feedback"])


def _statement(child: Any, chosen: Any) -> Choice:
    value = child.value
    # An author may have turned an options check into a sorting one: an old answer of another shape counts as none.
    group = chosen.get(str(child.id), "") if isinstance(chosen, dict) else ""
    return Choice(str(child.id), value["text"], group, group == value["group"], value["feedback"], value["group"])


def answer_check(attempt: Attempt, lesson_key: UUID, check: Check, posted: Mapping[str, Any]) -> CheckAnswer:
    """Stores the learner's answer to a check and returns it; a new try takes the place of the last (R010).

    Raises ValidationError with a sentence when the form is not filled in.
    """
    answer = check.read(posted)
    is_right = check.is_answer_right(answer)
    stored, created = CheckAnswer.objects.get_or_create(
        attempt=attempt,
        check_id=UUID(check.id),
        defaults={"lesson_key": lesson_key, "answer": answer, "is_right": is_right},
    )
    if not created:
        CheckAnswer.objects.filter(pk=stored.pk).update(answer=answer, is_right=is_right, tries=F("tries") + 1)
        stored.answer, stored.is_right = answer, is_right
    return stored
