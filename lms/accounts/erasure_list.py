"""Who was erased and when, in a file apart from the database: a backup that is older does not know it (P10, D21).

A line of JSON each, only ever added to. The id means nothing once the person is erased, but in old backups.
"""

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from mentoring.sensitive import is_purge


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
    """Adds these to the list at `settings.ERASURE_LIST`, which is made when it is not there."""
    path = Path(settings.ERASURE_LIST)
    path.parent.mkdir(parents=True, exist_ok=True)
    words = "".join(erasure.line() for erasure in erasures).encode()
    # One write at the end of the file: processes that erase at the same time do not mix their lines.
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        if os.write(file, words) != len(words):
            raise OSError(f"{path} could not be written to the end")
        os.fsync(file)
    finally:
        os.close(file)


def read_erasures(path: Path) -> list[Erasure]:
    """The erasures in a list, oldest first. Raises ValidationError with the line that cannot be read.

    What is purged of notes stands in the same file (`mentoring.sensitive`) and is passed over.
    """
    lines = enumerate(path.read_text().splitlines(), 1)
    return [_read(path, number, line) for number, line in lines if line.strip() and not is_purge(line)]


def _read(path: Path, number: int, line: str) -> Erasure:
    try:
        words = json.loads(line)
        at = datetime.fromisoformat(words["at"])
        return Erasure(UUID(words["public_id"]), bool(words["keep_certificates"]), at)
    except (ValueError, KeyError, TypeError) as error:
        raise ValidationError(
            _("Slettelisten %(path)s kan ikke leses: linje %(number)s.") % {"path": path, "number": number}
        ) from error
