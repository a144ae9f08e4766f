"""Puts back what migrations made, after a test that really committed. Plain rows: some milliseconds, both databases."""

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper


class KeptRows:
    """The rows of every table that is not empty after the migrations."""

    def __init__(self) -> None:
        self._tables: dict[str, tuple[list[str], list[tuple]]] = {}

    def note(self, connection: BaseDatabaseWrapper) -> None:
        """Reads all tables of `connection`'s database."""
        with connection.cursor() as cursor:
            for table in self._names(connection):
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
                rows = cursor.fetchall()
                if rows:
                    self._tables[table] = ([column[0] for column in cursor.description], rows)

    def put_back(self, connection: BaseDatabaseWrapper) -> None:
        """Writes the noted rows into the emptied tables, in one transaction with constraints looked at last."""
        with connection.constraint_checks_disabled(), transaction.atomic(), connection.cursor() as cursor:
            for table, (columns, rows) in self._tables.items():
                names = ", ".join(connection.ops.quote_name(column) for column in columns)
                places = ", ".join(["%s"] * len(columns))
                cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")
                cursor.executemany(
                    f"INSERT INTO {connection.ops.quote_name(table)} ({names}) VALUES ({places})",
                    [tuple(self._adapted(connection, value) for value in row) for row in rows],
                )

    @staticmethod
    def _names(connection: BaseDatabaseWrapper) -> list[str]:
        # The search index of Wagtail is a virtual table on SQLite and keeps its own shadow tables.
        return [
            name for name in connection.introspection.django_table_names(only_existing=True, include_views=False)
        ] + ["django_migrations"]

    @staticmethod
    def _adapted(connection: BaseDatabaseWrapper, value):
        if connection.vendor == "postgresql" and isinstance(value, dict | list):
            from psycopg.types.json import Jsonb  # noqa: PLC0415 - only where PostgreSQL is used

            return Jsonb(value)
        return value
