"""Restoring a backup into an empty database, and erasing again whom it brought back (D21, P10)."""

import gzip
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from lms.accounts.erasure import erase_again
from lms.accounts.erasure_list import Erasure, add_erasures, read_erasures
from lms.keeping.backing_up import ERASURES
from lms.keeping.files import put_back
from lms.keeping.filling import fill, refuse_unless_empty
from lms.keeping.keys import refuse_without_keys
from lms.keeping.manifest import Manifest, SavedFile, SavedTable
from lms.keeping.preparing import make_bucket
from lms.keeping.tables import Table
from lms.outbox.models import OutgoingMail
from mentoring.sensitive import Purge, purge_again, read_purges, remember


@dataclass(frozen=True)
class Restored:
    """What a restore came to: rows, files, people erased again, mails that wait for somebody to decide."""

    manifest: Manifest
    erased: int
    held_back: int


def check_backup(folder: Path) -> Manifest:
    """Reads every file of the backup. Raises ValidationError when one is missing or not what it was."""
    manifest = Manifest.read(folder)
    things: list[SavedTable | SavedFile] = [*manifest.tables, *manifest.files]
    for saved in things:
        _check(saved, folder)
    return manifest


def restore(folder: Path, erasures: list[Erasure], purges: Iterable[Purge] = ()) -> Restored:
    """Puts a backup into the empty database and the storage of this installation, and reads all of it again.

    `erasures` are the newest known; those people are erased again, and so are the words that `purges` are about.
    Everybody has to sign in again, and mails that
    waited are held back: most of them went out after the backup. Raises ValidationError when the backup is damaged
    or newer than this Refleks, when the database is not empty, and when a key of the notebooks is missing.
    """
    manifest = check_backup(folder)
    refuse_unless_empty(connection)
    _refuse_other_migrations(manifest)
    refuse_without_keys(manifest.notebook_keys)
    make_bucket()
    for file in manifest.files:
        put_back(file, folder)
    _restore_rows(manifest, folder)
    erased = erase_again(erasures)
    _remember(erasures)
    purge_again(purges)
    _remember_purges(purges)
    Session.objects.all().delete()
    UserSession.objects.all().delete()
    cache.clear()
    call_command("update_index", verbosity=0)
    return Restored(manifest, erased, _hold_back_mail())


def known_erasures(folder: Path, *others: Path) -> list[Erasure]:
    """The erasures of this installation's list, of the backup's own and of `others`, each once.

    Raises ValidationError when a list named does not exist or cannot be read.
    """
    found: dict[Erasure, None] = {}
    for path in (folder / ERASURES, Path(settings.ERASURE_LIST), *others):
        if path.exists():
            found |= dict.fromkeys(read_erasures(path))
        elif path in others:
            raise ValidationError(_("Slettelisten %(path)s finnes ikke.") % {"path": path})
    return sorted(found, key=lambda erasure: erasure.at)


def known_purges(folder: Path, *others: Path) -> list[Purge]:
    """What was purged of notes, of the same lists as `known_erasures`, each once."""
    paths = [path for path in (folder / ERASURES, Path(settings.ERASURE_LIST), *others) if path.exists()]
    return sorted({purge for path in paths for purge in read_purges(path)}, key=lambda purge: purge.at)


def _remember_purges(purges: Iterable[Purge]) -> None:
    path = Path(settings.ERASURE_LIST)
    known = set(read_purges(path)) if path.exists() else set()
    remember([purge for purge in purges if purge not in known])


def has_list() -> bool:
    """Whether this installation has a list of erasures of its own."""
    return Path(settings.ERASURE_LIST).exists()


def _check(saved: SavedTable | SavedFile, folder: Path) -> None:
    path = folder / saved.path
    if not path.is_file():
        raise ValidationError(_("Sikkerhetskopien er skadet: %(name)s mangler.") % {"name": saved.path})
    with path.open("rb") as content:
        if hashlib.file_digest(content, "sha256").hexdigest() != saved.sha256:
            raise ValidationError(_("Sikkerhetskopien er skadet: %(name)s er endret.") % {"name": saved.path})


def _refuse_other_migrations(manifest: Manifest) -> None:
    loader, had = MigrationExecutor(connection).loader, set(manifest.migrations)
    if unknown := sorted(had - set(loader.disk_migrations)):
        raise ValidationError(
            _("Sikkerhetskopien er laget av en nyere Refleks. Denne kjenner ikke %(names)s.")
            % {"names": ", ".join(f"{app}.{name}" for app, name in unknown)}
        )
    # Migrating backwards could fail half-way.
    if set(loader.applied_migrations) - had:
        raise ValidationError(_("Databasen er migrert lenger enn sikkerhetskopien. Bruk en helt tom database."))


def _restore_rows(manifest: Manifest, folder: Path) -> None:
    """Brings the tables to where they were, fills them, and takes them to where they are now."""
    saved = {table.table: table for table in manifest.tables}

    def lines_of(table: Table) -> Iterator[bytes]:
        with gzip.open(folder / saved[table].path) as lines:
            for line in lines:
                yield line.rstrip(b"\n")

    executor = MigrationExecutor(connection)
    executor.migrate(_last_of(executor, manifest))
    fill(connection, list(saved), lines_of, lambda table: saved[table].count)
    ContentType.objects.clear_cache()
    call_command("migrate", verbosity=0, interactive=False)


def _last_of(executor: MigrationExecutor, manifest: Manifest) -> list[tuple[str, str]]:
    """The migrations of the manifest that no other of the same app builds upon."""
    had, graph = set(manifest.migrations), executor.loader.graph
    return [
        key
        for key in sorted(had & set(graph.nodes))
        if not any(child.key in had and child.key[0] == key[0] for child in graph.node_map[key].children)
    ]


def _hold_back_mail() -> int:
    """Gives up what waits, for a person to decide in /cms/; returns how many."""
    states = OutgoingMail.State
    waiting = OutgoingMail.objects.filter(state__in=[states.WAITING, states.SENDING])
    return waiting.update(state=states.FAILED, error=_("ventet da sikkerhetskopien ble tatt"))


def _remember(erasures: list[Erasure]) -> None:
    path = Path(settings.ERASURE_LIST)
    known = set(read_erasures(path)) if path.exists() else set()
    add_erasures(erasure for erasure in erasures if erasure not in known)
