"""`manage.py backup FOLDER [--keys OTHER]`: database and files, while the product runs; the keys somewhere else."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from lms.keeping.backing_up import make_backup


class Command(BaseCommand):
    help = "Writes a backup of database and files to a new folder. Refleks may go on running."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="a folder that is made")
        parser.add_argument("--keys", type=Path, help="another folder, for the keys; never keep the two together")

    def handle(self, *, folder: Path, keys: Path | None, **options: Any) -> None:
        try:
            manifest = make_backup(folder, keys)
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        words = {"rows": manifest.rows, "files": len(manifest.files), "folder": folder}
        self.stdout.write(_("%(rows)s rader og %(files)s filer ligger i %(folder)s.") % words)
