"""A backup: all rows as they were at one moment, all files, and a manifest. Taken while the product runs."""

import gzip
import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext as _

from lms.keeping.files import save_file, stored_names
from lms.keeping.filling import refuse_unless_migrated
from lms.keeping.keys import save_keys, used_key_names
from lms.keeping.manifest import Manifest, SavedFile, SavedTable, migrations_of, now_text, versions_now
from lms.keeping.rows import Count, read_lines
from lms.keeping.tables import Table, all_tables

ERASURES = "erasures.jsonl"
BEGIN = {"sqlite": "BEGIN", "postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"}


def make_backup(folder: Path, keys: Path | None = None) -> Manifest:
    """Writes a backup to `folder`, and the keys to `keys` when it is named. Returns the manifest.

    The folder appears when the backup is whole. Raises ValidationError when it is there already, or when the keys
    would lie with the backup.
    """
    folder = folder.resolve()
    _refuse(folder, keys)
    refuse_unless_migrated(connection)
    if keys:
        save_keys(keys)
    part = folder.with_name(f"{folder.name}.partial-{secrets.token_hex(4)}")
    (part / "tables").mkdir(parents=True, mode=0o700)
    part.chmod(0o700)
    manifest = _filled(part)
    manifest.write(part)
    part.rename(folder)
    return manifest


@contextmanager
def snapshot() -> Iterator[BaseDatabaseWrapper]:
    """A connection of its own that goes on seeing one moment, from what it reads first. It holds nobody up."""
    moment = connection.copy(alias="snapshot")
    try:
        with moment.cursor() as cursor:
            cursor.execute(BEGIN[moment.vendor])
        yield moment
    finally:
        moment.close()


def _refuse(folder: Path, keys: Path | None) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ValidationError(_("%(folder)s finnes fra før. Velg en ny mappe.") % {"folder": folder})
    if keys and (keys.resolve() == folder or folder in keys.resolve().parents or keys.resolve() in folder.parents):
        raise ValidationError(_("Nøklene må ligge et annet sted enn sikkerhetskopien."))


def _filled(part: Path) -> Manifest:
    # Files are never changed once they are stored: those from before the snapshot and those that came meanwhile
    # are at least all that the rows name.
    files = _save_files(part, {})
    with snapshot() as moment:
        migrations, key_names = migrations_of(moment), used_key_names(moment)
        tables = tuple(_save_table(moment, table, part) for table in all_tables())
    files = _save_files(part, files)
    erasures = Path(settings.ERASURE_LIST)
    (part / ERASURES).write_bytes(erasures.read_bytes() if erasures.exists() else b"")
    return Manifest(
        taken_at=now_text(),
        versions=versions_now() | {"database": connection.vendor},
        migrations=migrations,
        notebook_keys=tuple(key_names),
        tables=tables,
        files=tuple(files[name] for name in sorted(files)),
    )


def _save_files(part: Path, saved: dict[str, SavedFile]) -> dict[str, SavedFile]:
    """`saved`, and the files of the storage that are not among them."""
    new = [save_file(name, part) for name in stored_names() if name not in saved]
    return saved | {file.name: file for file in new if file}


def _save_table(moment: BaseDatabaseWrapper, table: Table, part: Path) -> SavedTable:
    count = Count()
    path = part / "tables" / f"{table.name}.jsonl.gz"
    with gzip.open(path, "wb", compresslevel=6) as lines:
        for line in count.over(read_lines(moment, table)):
            lines.write(line + b"\n")
    with path.open("rb") as compressed:
        sha256 = hashlib.file_digest(compressed, "sha256").hexdigest()
    return SavedTable(table, count.rows, count.checksum, sha256)
