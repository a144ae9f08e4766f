"""What the check marks in a text."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a marked place may be."""

    NATIONAL = "national"
    LIKE_NATIONAL = "like_national"
    PHONE = "phone"
    EMAIL = "email"
    DATE = "date"
    NAME = "name"


# What is one of these for certain has to go; the rest can be a mistake of ours.
MUST_GO = {Kind.NATIONAL, Kind.EMAIL}


@dataclass(frozen=True, order=True)
class Finding:
    """A place in a text, from `start` up to `end`, in characters."""

    start: int
    end: int
    kind: Kind

    @property
    def must_go(self) -> bool:
        """Whether the note cannot be handed in with it."""
        return self.kind in MUST_GO
