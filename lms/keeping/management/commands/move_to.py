"""`manage.py move_to postgres://…`: takes this installation to an empty PostgreSQL."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from lms.keeping.moving import move_to


class Command(BaseCommand):
    help = "Copies everything in the database to an empty PostgreSQL and compares it. Stop Refleks first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("database_url", help="postgres://user:password@host/name")

    def handle(self, *, database_url: str, **options: Any) -> None:
        try:
            rows = move_to(database_url)
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        self.stdout.write(_("%(rows)s rader er flyttet, og alle tabeller er like på begge sider.") % {"rows": rows})
        self.stdout.write(_("Sett DATABASE_URL til den nye databasen, kjør manage.py update_index, og start Refleks."))
