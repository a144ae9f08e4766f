"""`manage.py load_report_figures [YEAR] [--file PATH]`: the figures of a year from a file."""

from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from lms.reports.loading import load_figures
from lms.reports.year import year_flags


class Command(BaseCommand):
    """Loads figures; loading again changes nothing."""

    help = "Loads the figures of a yearly report from a TOML file (those of 2024 come with the product)."

    def add_arguments(self, parser):
        parser.add_argument("year", nargs="?", type=int, default=2024)
        parser.add_argument("--file", type=Path)

    def handle(self, *args, **options):
        try:
            count = load_figures(options["year"], options["file"])
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        if options["verbosity"]:
            self.stdout.write(f"{count} rows loaded for {options['year']}")
            self.stdout.writelines(f"  {flag}\n" for flag in year_flags(options["year"]))
