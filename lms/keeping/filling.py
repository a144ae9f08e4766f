"""Filling an empty database: all rows or none, and every table counted against what it was."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterable

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from lms.keeping.rows import Count, continue_numbering, count_rows, empty_tables, write_lines
from lms.keeping.tables import Table

# Where somebody's work would show first. Migrations leave all of them empty.
TRACES = ("accounts_user", "wagtailcore_revision", "outbox_outgoingmail")


def refuse_unless_empty(connection: BaseDatabaseWrapper) -> None:
    """Raises ValidationError when the database holds anything but what migrations make."""
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
        if not names:
            return
        if "django_migrations" not in names:
            raise ValidationError(_("Databasen er ikke tom: den har tabeller som ikke er fra Refleks."))
        for name in (trace for trace in TRACES if trace in names):
            cursor.execute(f"SELECT EXISTS (SELECT 1 FROM {connection.ops.quote_name(name)})")  # noqa: S608
            if cursor.fetchone()[0]:
                raise ValidationError(_("Databasen er ikke tom: det er rader i tabellen %(table)s.") % {"table": name})


def refuse_unless_migrated(connection: BaseDatabaseWrapper) -> None:
    """Raises ValidationError when the tables are not yet as this Refleks wants them."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise ValidationError(_("Databasen er ikke oppdatert. Kjør manage.py migrate først."))


def fill(
    connection: BaseDatabaseWrapper,
    tables: list[Table],
    lines_of: Callable[[Table], Iterable[bytes]],
    expected: Callable[[Table], Count],
) -> int:
    """Puts the rows that `lines_of` gives in place of what is there, and reads all of it again.

    One transaction: nothing is kept when a table does not come to what is `expected` of it once it is written.
    Returns the number of rows. Raises ValidationError with the table that differs or that was not taken.
    """
    try:
        with transaction.atomic(using=connection.alias):
            empty_tables(connection, tables)
            for table in tables:
                write_lines(connection, table, lines_of(table))
            continue_numbering(connection, tables)
            connection.check_constraints()
            return sum(_confirm(connection, table, expected(table)) for table in tables)
    except IntegrityError as error:
        raise ValidationError(_("Radene henger ikke sammen: %(reason)s") % {"reason": error}) from error


def _confirm(connection: BaseDatabaseWrapper, table: Table, expected: Count) -> int:
    found = count_rows(connection, table)
    if found != expected:
        words = {"table": table.name, "expected": expected.rows, "found": found.rows}
        raise ValidationError(
            _(
                "Tabellen %(table)s ble ikke den samme: %(expected)s rader skulle inn, %(found)s kom, "
                "eller innholdet er et annet. Ingenting er lagret."
            )
            % words
        )
    return found.rows


def manage_on(database_url: str, *arguments: str) -> None:
    """Runs manage.py in a process of its own whose only database is this one.

    Migrations of apps we use write to the default database whatever they are told.
    Raises ValidationError with the last line it said when it fails.
    """
    env = {name: value for name, value in os.environ.items() if name != "DATABASE_URL_FILE"}
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, settings.BASE_DIR / "manage.py", *arguments],
        env=env | {"DATABASE_URL": database_url, "DJANGO_SETTINGS_MODULE": "lms.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or [""])[-1]
        raise ValidationError(
            _("manage.py %(command)s gikk ikke: %(reason)s") % {"command": arguments[0], "reason": last}
        )
