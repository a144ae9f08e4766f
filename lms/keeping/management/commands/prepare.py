"""`manage.py prepare`: bucket and tables, before anything else starts. Once for each version; again does no harm."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from lms.keeping.preparing import make_bucket


class Command(BaseCommand):
    help = "Makes the bucket for files where it is missing, and migrates the database."

    def handle(self, **options: Any) -> None:
        if make_bucket():
            self.stdout.write(_("Et sted for filer er laget."))
        call_command("migrate", verbosity=options["verbosity"], interactive=False)
