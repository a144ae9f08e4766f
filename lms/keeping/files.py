"""The pictures and files of the default storage, on disk or in an object store, out of it and back in."""

import hashlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from lms.keeping.manifest import SavedFile

BYTES_AT_ONCE = 1 << 20


def stored_names(folder: str = "") -> Iterator[str]:
    """The names of all files in the storage, below `folder`."""
    try:
        folders, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in sorted(name for name in names if name):
        yield str(PurePosixPath(folder, name))
    for inner in sorted(inner for inner in folders if inner):
        yield from stored_names(str(PurePosixPath(folder, inner)))


def save_file(name: str, backup: Path) -> SavedFile | None:
    """Copies a file into the backup; None when somebody has just deleted it."""
    target = backup / "files" / name
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with default_storage.open(name) as source, target.open("wb") as copy:
            return SavedFile(name, *_copied(source, copy))
    except FileNotFoundError:
        target.unlink(missing_ok=True)
        return None


def put_back(saved: SavedFile, backup: Path) -> None:
    """Puts a file of the backup into the storage, and reads it again.

    Raises ValidationError when another file of this name is there, or when it does not arrive whole.
    """
    if PurePosixPath(saved.name).is_absolute() or ".." in PurePosixPath(saved.name).parts:
        raise ValidationError(_("Filnavnet %(name)s er ikke tillatt.") % {"name": saved.name})
    if not default_storage.exists(saved.name):
        with (backup / saved.path).open("rb") as source:
            default_storage.save(saved.name, File(source))
    with default_storage.open(saved.name) as stored:
        if hashlib.file_digest(stored, "sha256").hexdigest() != saved.sha256:
            raise ValidationError(_("Det ligger en annen fil med navnet %(name)s der.") % {"name": saved.name})


def _copied(source: IO[bytes], target: IO[bytes]) -> tuple[int, str]:
    """Size and SHA-256 of what was copied."""
    size, digest = 0, hashlib.sha256()
    while some := source.read(BYTES_AT_ONCE):
        target.write(some)
        digest.update(some)
        size += len(some)
    return size, digest.hexdigest()
