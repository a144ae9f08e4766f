"""Everything that the demo needs, once: database, files, pages, course, people."""

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from lms.home import demo


class Command(BaseCommand):
    help = "Prepares the demo: migrates, collects static files, loads the sample course and the demo people."

    def handle(self, *args, **options):
        if not settings.DEMO:
            raise CommandError("prepare_demo is for the demo only (DEMO=1).")
        settings.VAR.mkdir(parents=True, exist_ok=True)
        for folder in ("queue", "queue-control", "mail", "files", "static"):
            (settings.VAR / folder).mkdir(exist_ok=True)
        if self._has_migrations_to_run():
            self.stdout.write("Preparing the database (half a minute the first time)")
            call_command("migrate", verbosity=0, interactive=False)
        if demo.static_files_are_old():
            self.stdout.write("Collecting static files")
            call_command("collectstatic", verbosity=0, interactive=False)
            demo.note_static_files()
        if demo.load(self.stdout):
            self.stdout.write("Demo content loaded")

    def _has_migrations_to_run(self) -> bool:
        executor = MigrationExecutor(connection)
        return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
