"""`manage.py restore FOLDER`: a backup into an empty database; `--check` only looks whether it is whole."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from lms.keeping.restoring import check_backup, has_list, known_erasures, known_purges, restore


class Command(BaseCommand):
    help = "Restores a backup into an empty database, compares everything, and erases again who was erased since."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--check", action="store_true", help="only read the backup and compare; needs no database")
        parser.add_argument("--erasures", type=Path, help="the newest list of erasures (ERASURE_LIST of the old house)")
        parser.add_argument("--no-erasures", action="store_true", help="there is no newer list than the backup's own")

    def handle(self, *, folder: Path, check: bool, **options: Any) -> None:
        try:
            if check:
                manifest = check_backup(folder)
                self.stdout.write(_("Sikkerhetskopien fra %(at)s er hel.") % {"at": manifest.taken_at})
            else:
                self._restore(folder, options["erasures"], options["no_erasures"])
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error

    def _restore(self, folder: Path, erasures: Path | None, no_erasures: bool) -> None:
        if not (erasures or no_erasures or has_list()):
            raise ValidationError(
                _("Slettelisten mangler, og da kan slettede personer komme tilbake. Oppgi den med --erasures.")
            )
        lists = [erasures] if erasures else []
        restored = restore(folder, known_erasures(folder, *lists), known_purges(folder, *lists))
        manifest = restored.manifest
        words = {"rows": manifest.rows, "files": len(manifest.files), "at": manifest.taken_at}
        self.stdout.write(_("%(rows)s rader og %(files)s filer fra %(at)s er på plass, alle like manifestet.") % words)
        self.stdout.write(_("Slettet på nytt: %(count)s.") % {"count": restored.erased})
        self.stdout.write(_("E-post som venter på din avgjørelse i /cms/: %(count)s.") % {"count": restored.held_back})
