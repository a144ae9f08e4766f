"""Rows as they are: putting back what migrations made, and putting in what is slow to make, in milliseconds."""

from collections.abc import Callable

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

Rows = dict[str, list[tuple]]


class KeptRows:
    """The rows of every table after the migrations, to be put back after a test that really committed."""

    def __init__(self) -> None:
        self._rows: Rows = {}
        self._columns: dict[str, list[str]] = {}

    def note(self, connection: BaseDatabaseWrapper) -> None:
        """Reads all tables of `connection`'s database."""
        self._rows, self._columns = _read(connection)

    def put_back(self, connection: BaseDatabaseWrapper) -> None:
        """Writes the noted rows into the emptied tables, in one transaction with constraints looked at last."""
        with connection.constraint_checks_disabled(), transaction.atomic(), connection.cursor() as cursor:
            for table, rows in self._rows.items():
                cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")
                _insert(connection, cursor, table, self._columns[table], rows)


class AddedRows:
    """What making something adds to and changes in the database, noted once, so that it need not be made again."""

    def __init__(self) -> None:
        self._added: Rows = {}
        self._gone: Rows = {}
        self._columns: dict[str, list[str]] = {}

    @property
    def noted(self) -> bool:
        return bool(self._added)

    def note(self, connection: BaseDatabaseWrapper, make: Callable[[], object]) -> None:
        """Calls `make` and notes what the database has then and had not before."""
        before, _columns = _read(connection)
        make()
        after, self._columns = _read(connection)
        for table in after:
            self._added[table] = [row for row in after[table] if row not in before[table]]
            self._gone[table] = [row for row in before[table] if row not in after[table]]

    def put_in(self, connection: BaseDatabaseWrapper) -> None:
        """Changes the database as `make` did. It must be as it was before, and in a transaction (keys wait)."""
        with connection.cursor() as cursor:
            for table, columns in self._columns.items():
                key = connection.ops.quote_name(columns[0])
                for row in self._gone[table]:
                    cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)} WHERE {key} = %s", row[:1])
                _insert(connection, cursor, table, columns, self._added[table])


def _read(connection: BaseDatabaseWrapper) -> tuple[Rows, dict[str, list[str]]]:
    """All rows and the names of the columns, by table. The full-text table of SQLite follows its own by triggers."""
    rows, columns = {}, {}
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    with connection.cursor() as cursor:
        for table in sorted([*names, "django_migrations"]):
            if not table.endswith("_fts"):
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
                rows[table] = cursor.fetchall()
                columns[table] = [column[0] for column in cursor.description]
    return rows, columns


def _insert(connection: BaseDatabaseWrapper, cursor, table: str, columns: list[str], rows: list[tuple]) -> None:
    if rows:
        names = ", ".join(connection.ops.quote_name(column) for column in columns)
        places = ", ".join(["%s"] * len(columns))
        into = f"INSERT INTO {connection.ops.quote_name(table)} ({names}) VALUES ({places})"
        cursor.executemany(into, rows)
