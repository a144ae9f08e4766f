"""`manage.py prepare`: places for files and queue, and tables, before anything else starts. Again does no harm."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from lms.keeping.preparing import make_bucket, make_folders


class Command(BaseCommand):
    help = "Makes the places for files and queue where they are missing, and migrates the database."

    def handle(self, **options: Any) -> None:
        make_folders()
        if make_bucket():
            self.stdout.write(_("Et sted for filer er laget."))
        call_command("migrate", verbosity=options["verbosity"], interactive=False)
