"""`manage.py rotate_notebook_keys`: all sealed texts under the first key of NOTEBOOK_KEYS (P5)."""

from django.core.management import BaseCommand, CommandError

from modules.encryption import key_names
from modules.rotation import encrypted_fields, keys_in_use, place_of, renew


class Command(BaseCommand):
    """Seals notebooks, reflection notes and comments with the newest key, while people go on writing."""

    help = "Seals every encrypted text with the first key of NOTEBOOK_KEYS; --check says which keys are in use."

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="change nothing; say which keys are still in use")

    def handle(self, *args, **options):
        if not options["check"]:
            self._renew()
        self._check(options["check"])

    def _renew(self):
        for field in encrypted_fields():
            outcome = renew(field)
            self.stdout.write(
                f"{outcome.field}: {outcome.renewed} renewed, {outcome.changed_meanwhile} changed meanwhile, "
                f"{outcome.unreadable} unreadable"
            )

    def _check(self, only_check):
        names, old = key_names(), 0
        for field in encrypted_fields():
            for name, count in keys_in_use(field).items():
                old += count if name != names[0] else 0
                known = "the first key" if name == names[0] else "an older key" if name in names else "no key we have"
                self.stdout.write(f"{place_of(field)}: {count} with {name}, {known}")
        if old and not only_check:
            raise CommandError(
                f"{old} texts are not under the first key. Run it again; if that stays, look at the keys."
            )
        if not old:
            self.stdout.write(f"Every text is under the first key, {names[0]}. The others may go, backups aside.")
