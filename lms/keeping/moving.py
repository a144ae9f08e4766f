"""Moving house: from the database of this installation to an empty PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager

import dj_database_url
from django.core.exceptions import ValidationError
from django.db import OperationalError, connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext as _

from lms.keeping.filling import fill, manage_on, refuse_unless_empty, refuse_unless_migrated
from lms.keeping.rows import Count, read_lines
from lms.keeping.tables import Table, all_tables
from lms.outbox.models import OutgoingMail

TARGET = "move_target"


def move_to(database_url: str) -> int:
    """Copies every row of every table to the database at `database_url`, and compares. Returns the number of rows.

    The target is migrated first. Nobody can write here meanwhile, and nothing here is changed. Raises ValidationError
    when the target is not an empty PostgreSQL that answers, while mails are being sent, and when a table differs.
    """
    refuse_unless_migrated(connection)
    with _target(database_url) as target:
        refuse_unless_empty(target)
        _refuse_while_sending()
        manage_on(database_url, "migrate", "--no-input", "--verbosity=0")
        with transaction.atomic():
            _refuse_while_sending()
            return _copy(target)


def _copy(target: BaseDatabaseWrapper) -> int:
    tables = all_tables()
    counts = {table: Count() for table in tables}

    def lines_of(table: Table) -> Iterator[bytes]:
        return counts[table].over(read_lines(connection, table))

    return fill(target, tables, lines_of, counts.__getitem__)


def _refuse_while_sending() -> None:
    if OutgoingMail.objects.filter(state=OutgoingMail.State.SENDING).exists():
        raise ValidationError(
            _("E-post er på vei ut akkurat nå. Stopp Refleks, vent til ingenting sendes, og prøv igjen.")
        )


@contextmanager
def _target(database_url: str) -> Iterator[BaseDatabaseWrapper]:
    try:
        database = dj_database_url.parse(database_url)
    except ValueError as error:
        raise ValidationError(_("Adressen må begynne med postgres://")) from error
    if not database["ENGINE"].endswith("postgresql"):
        raise ValidationError(_("Adressen må begynne med postgres://"))
    connections.settings[TARGET] = connections.configure_settings({"default": database})["default"]
    try:
        try:
            connections[TARGET].ensure_connection()
        except OperationalError as error:
            raise ValidationError(
                _("Databasen svarer ikke: %(reason)s") % {"reason": " ".join(str(error).split())}
            ) from error
        yield connections[TARGET]
    finally:
        connections[TARGET].close()
        del connections[TARGET], connections.settings[TARGET]
