"""`manage.py forget_notes`: what runs by itself every night, now; `--dry-run` says what it would do (P8)."""

from django.core.management import BaseCommand
from django.utils import timezone

from mentoring import retention


class Command(BaseCommand):
    """Forgets the words of notes that have been kept long enough, and who read what two years ago."""

    help = "Forgets notes that have been kept as long as NOTE_DRAFT_DAYS and NOTES_MONTHS say."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="only count")

    def handle(self, *args, **options):
        forgotten = retention.forget_old(timezone.now(), dry_run=options["dry_run"])
        verb = "Would forget" if options["dry_run"] else "Forgot"
        counts = f"{forgotten.drafts} drafts, {forgotten.notes} notes, {forgotten.readings} readings"
        self.stdout.write(f"{verb} {counts}.")
