"""`manage.py publish_figures`: the release of the month that ended last, if it is not there yet."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from lms.openfigures.releases import last_month_end, publish


class Command(BaseCommand):
    """Publishes once; again changes nothing."""

    help = "Publishes the open numbers of the month that ended last. What is published is never changed."

    def handle(self, *args, **options):
        now = timezone.now()
        was_made = publish(now)
        if options["verbosity"]:
            done = "published" if was_made else "already published"
            self.stdout.write(f"{last_month_end(now):%Y-%m}: {done}")
