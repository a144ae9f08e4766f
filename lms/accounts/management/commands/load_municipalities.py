"""Loads a newer list of municipalities: `manage.py load_municipalities list.csv --valid-from 2028-01-01`."""

import datetime
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from lms.accounts.models import Municipality
from lms.accounts.municipalities import load_municipalities, read_municipalities


class Command(BaseCommand):
    help = "Loads a list of municipalities (number;name;county_number;county_name). Nothing is deleted."

    def add_arguments(self, parser):
        parser.add_argument("path", type=Path)
        parser.add_argument("--valid-from", type=datetime.date.fromisoformat, required=True, help="year-month-day")
        parser.add_argument("--force", action="store_true", help="also when more than a fifth of them would end")

    def handle(self, *args, path, valid_from, force, **options):
        try:
            rows = read_municipalities(path)
            ended = load_municipalities(Municipality, rows, valid_from, force=force)
        except (OSError, UnicodeDecodeError, ValidationError) as error:
            raise CommandError(" ".join(getattr(error, "messages", [str(error)]))) from error
        self.stdout.write(f"{len(rows)} municipalities from {valid_from}, {ended} ended")
