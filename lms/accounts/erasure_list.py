"""Who was erased and when, in a file apart from the database: a backup that is older does not know it (P10, D21).

A line of JSON each, only ever added to. The id means nothing once the person is erased, but in old backups.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings

from mentoring.sensitive import add_lines, is_purge, lines_of, unreadable


@dataclass(frozen=True)
class Erasure:
    """That a person was erased: their public id at that time, and whether they kept their certificates."""

    public_id: UUID
    keep_certificates: bool
    at: datetime

    def line(self) -> str:
        words = {"public_id": str(self.public_id), "keep_certificates": self.keep_certificates, "at": str(self.at)}
        return json.dumps(words) + "\n"


def note_erasure(public_id: UUID, *, keep_certificates: bool) -> None:
    """Adds an erasure to the list, on disk when this returns. Raises OSError when it cannot be written."""
    add_erasures([Erasure(public_id, keep_certificates, datetime.now(UTC).replace(microsecond=0))])


def add_erasures(erasures: Iterable[Erasure]) -> None:
    """Adds these to the list at `settings.ERASURE_LIST`, which is made when it is not there. Raises OSError."""
    add_lines(Path(settings.ERASURE_LIST), "".join(erasure.line() for erasure in erasures))


def read_erasures(path: Path) -> list[Erasure]:
    """The erasures in a list, oldest first. Raises ValidationError with the line that cannot be read.

    What is purged of notes stands in the same file (`mentoring.sensitive`) and is passed over.
    """
    return [_read(path, number, line) for number, line in lines_of(path) if not is_purge(line)]


def _read(path: Path, number: int, line: str) -> Erasure:
    try:
        words = json.loads(line)
        at, kept = datetime.fromisoformat(words["at"]), words["keep_certificates"]
        if type(kept) is not bool or at.tzinfo is None:
            raise ValueError("an erasure says whether certificates are kept, and a time with its zone")
        return Erasure(UUID(words["public_id"]), kept, at)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise unreadable(path, number) from error
