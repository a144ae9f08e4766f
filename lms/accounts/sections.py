"""What an export is made of: sections of rows, and words for what a row only points at (P9)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import models

Words = Callable[[Any], str]


@dataclass(frozen=True)
class Section:
    """The rows of one model. `words` adds columns that say in words what a row only points at."""

    key: str
    title: Any
    rows: models.QuerySet
    words: dict[str, Words] = field(default_factory=dict)

    @property
    def model(self) -> type[models.Model]:
        return self.rows.model
