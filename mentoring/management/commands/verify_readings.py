"""`manage.py verify_readings`: whether the log of who read whose note is whole (P6)."""

from django.core.management import BaseCommand, CommandError

from mentoring import reading_log


class Command(BaseCommand):
    """Says how many readings there are and where their chain ends. Write that down elsewhere, and compare."""

    help = "Looks whether the log of who read which note is whole."

    def handle(self, *args, **options):
        chain = reading_log.verify()
        if chain.broken_at:
            raise CommandError(f"The chain of readings is broken at row {chain.broken_at}.")
        self.stdout.write(f"{chain.count} readings, the chain holds and ends in {chain.last or 'nothing'}.")
