"""What a backup holds: every table with its sum, every file, and what made it. Its own sum lies beside it."""

import hashlib
import json
import platform
import tomllib
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import django
import wagtail
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext as _

from lms.keeping.rows import Count
from lms.keeping.tables import Column, Table

FORMAT = 1
NAME, SUM = "manifest.json", "manifest.sha256"


@dataclass(frozen=True)
class SavedTable:
    """A table in the backup: rows and their checksum, and the SHA-256 of the compressed file."""

    table: Table
    rows: int
    checksum: str
    sha256: str

    @property
    def path(self) -> str:
        return f"tables/{self.table.name}.jsonl.gz"

    @property
    def count(self) -> Count:
        return Count(self.rows, int(self.checksum, 16))


@dataclass(frozen=True)
class SavedFile:
    """A picture or file in the backup, by its name in the storage."""

    name: str
    size: int
    sha256: str

    @property
    def path(self) -> str:
        return f"files/{self.name}"


@dataclass(frozen=True)
class Manifest:
    """What is in the backup. `notebook_keys` are the names of the keys that the notebooks were written with."""

    taken_at: str
    versions: dict[str, str]
    migrations: tuple[tuple[str, str], ...]
    notebook_keys: tuple[str, ...]
    tables: tuple[SavedTable, ...]
    files: tuple[SavedFile, ...]

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables)

    @classmethod
    def read(cls, folder: Path) -> Self:
        """The manifest of a backup. Raises ValidationError when there is none, or it was changed or is newer."""
        if not (folder / NAME).exists() or not (folder / SUM).exists():
            raise ValidationError(_("%(folder)s er ingen sikkerhetskopi: manifest mangler.") % {"folder": folder})
        content = (folder / NAME).read_bytes()
        if hashlib.sha256(content).hexdigest() != (folder / SUM).read_text().strip():
            raise ValidationError(_("Sikkerhetskopien er skadet: %(name)s er endret.") % {"name": NAME})
        words = json.loads(content)
        if words.pop("format") != FORMAT:
            raise ValidationError(_("Sikkerhetskopien er laget av en nyere Refleks. Installer den først."))
        return cls._from(words)

    @classmethod
    def _from(cls, words: dict[str, Any]) -> Self:
        tables = tuple(
            SavedTable(**saved | {"table": Table(name, tuple(Column(*column) for column in columns))})
            for saved in words["tables"]
            for name, columns in [saved["table"]]
        )
        return cls(
            taken_at=words["taken_at"],
            versions=words["versions"],
            migrations=tuple((app, name) for app, name in words["migrations"]),
            notebook_keys=tuple(words["notebook_keys"]),
            tables=tables,
            files=tuple(SavedFile(**saved) for saved in words["files"]),
        )

    def write(self, folder: Path) -> None:
        """Writes manifest and sum into the folder, the manifest first."""
        words = asdict(self) | {"format": FORMAT}
        for saved in words["tables"]:
            columns = [[column["name"], column["kind"]] for column in saved["table"]["columns"]]
            saved["table"] = [saved["table"]["name"], columns]
        content = json.dumps(words, ensure_ascii=False, indent=1).encode()
        (folder / NAME).write_bytes(content)
        (folder / SUM).write_text(hashlib.sha256(content).hexdigest() + "\n")


def versions_now() -> dict[str, str]:
    """What makes the backup."""
    project = tomllib.loads((Path(settings.BASE_DIR) / "pyproject.toml").read_text())["project"]
    return {
        "refleks": project["version"],
        "django": django.get_version(),
        "wagtail": wagtail.__version__,
        "python": platform.python_version(),
    }


def migrations_of(database: BaseDatabaseWrapper) -> tuple[tuple[str, str], ...]:
    """The migrations this database has had, as (app, name)."""
    with database.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations")
        return tuple(sorted(cursor.fetchall()))


def now_text() -> str:
    return datetime.now(UTC).replace(microsecond=0).isoformat()
