"""Rows on their way out of one database and into another: each is a line of JSON that says the same everywhere.

Values are read as they are stored: what is encrypted stays so, and no field's own code runs.
"""

import base64
import hashlib
import ipaddress
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from itertools import islice
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext as _

from lms.keeping.tables import Table

ROWS_AT_ONCE = 500
VALUES_AT_ONCE = 900  # SQLite of old takes 999 parameters
EXACT_IN_FLOAT = 2**53


@dataclass
class Count:
    """How many rows there were, and a sum over them in which their order does not matter."""

    rows: int = 0
    total: int = 0

    def add(self, line: bytes) -> None:
        self.rows += 1
        self.total = (self.total + int.from_bytes(hashlib.sha256(line).digest())) % 2**256

    @property
    def checksum(self) -> str:
        return f"{self.total:064x}"

    def over(self, lines: Iterable[bytes]) -> Iterator[bytes]:
        """The same lines, counted as they pass."""
        for line in lines:
            self.add(line)
            yield line


def count_rows(connection: BaseDatabaseWrapper, table: Table) -> Count:
    """Reads the whole table and counts it."""
    count = Count()
    for line in read_lines(connection, table):
        count.add(line)
    return count


def read_lines(connection: BaseDatabaseWrapper, table: Table) -> Iterator[bytes]:
    """The rows of the table, by key, as lines without their end. Streams: memory does not grow with the table."""
    names = [connection.ops.quote_name(column.name) for column in table.columns]
    sql = f"SELECT {', '.join(names)} FROM {connection.ops.quote_name(table.name)} ORDER BY {names[0]}"  # noqa: S608
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql)
        while rows := cursor.fetchmany(ROWS_AT_ONCE):
            for row in rows:
                yield _line(table, row)


def write_lines(connection: BaseDatabaseWrapper, table: Table, lines: Iterable[bytes]) -> None:
    """Adds rows to the table. Raises ValidationError when the database does not take one."""
    size = max(1, VALUES_AT_ONCE // len(table.columns))
    rows = (_stored_row(connection, table, line) for line in lines)
    try:
        with connection.cursor() as cursor:
            while some := list(islice(rows, size)):
                cursor.execute(_insert(connection, table, len(some)), [value for row in some for value in row])
    except (DataError, IntegrityError, ValueError) as error:
        words = {"table": table.name, "reason": str(error).splitlines()[0] if str(error) else ""}
        raise ValidationError(_("Databasen tok ikke imot tabellen %(table)s: %(reason)s") % words) from error


def empty_tables(connection: BaseDatabaseWrapper, tables: Iterable[Table]) -> None:
    """Deletes all rows: what migrations put there is among what comes. Only inside a transaction."""
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(table.name)}")  # noqa: S608


def continue_numbering(connection: BaseDatabaseWrapper, tables: Iterable[Table]) -> None:
    """Lets the next new row of each table get a number that is free. SQLite sees to that itself."""
    if connection.vendor != "postgresql":
        return
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for table in tables:
            for sequence in connection.introspection.get_sequences(cursor, table.name):
                highest = f"MAX({quote(sequence['column'])})"
                cursor.execute(
                    f"SELECT setval(%s, COALESCE({highest}, 1), {highest} IS NOT NULL) FROM {quote(table.name)}",  # noqa: S608
                    [quote(sequence["name"])],
                )


def _insert(connection: BaseDatabaseWrapper, table: Table, rows: int) -> str:
    names = ", ".join(connection.ops.quote_name(column.name) for column in table.columns)
    places = f"({', '.join(['%s'] * len(table.columns))})"
    return f"INSERT INTO {connection.ops.quote_name(table.name)} ({names}) VALUES {', '.join([places] * rows)}"  # noqa: S608


def _line(table: Table, row: tuple[Any, ...]) -> bytes:
    values = [
        None if value is None else TO_LINE[column.kind](value) for column, value in zip(table.columns, row, strict=True)
    ]
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()


def _stored_row(connection: BaseDatabaseWrapper, table: Table, line: bytes) -> list[Any]:
    return [
        value if value is None or column.kind not in TO_DATABASE else TO_DATABASE[column.kind](connection, value)
        for column, value in zip(table.columns, json.loads(line), strict=True)
    ]


def _moment(value: datetime | str) -> str:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    # SQLite has no time zones: what it keeps is UTC.
    return (moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)).isoformat()


def _same_json(value: str) -> str:
    """JSON in one spelling: PostgreSQL forgets the order of keys and how a number was written."""
    return json.dumps(json.loads(value, parse_float=_number), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _number(text: str) -> float | int:
    number = float(text)
    return int(number) if number.is_integer() and abs(number) < EXACT_IN_FLOAT else number


def _address(value: str) -> str:
    return str(ipaddress.ip_interface(str(value)).ip)


TO_LINE: dict[str, Callable[[Any], Any]] = {
    "integer": int,
    "text": str,
    "boolean": bool,
    "float": float,
    "datetime": _moment,
    "date": lambda value: date.fromisoformat(str(value)).isoformat(),
    "time": lambda value: time.fromisoformat(str(value)).isoformat(),
    # As it is written by hand: one database says 5, the other 5.0.
    "decimal": lambda value: f"{Decimal(str(value)).normalize():f}",
    "uuid": lambda value: str(UUID(str(value))),
    "json": _same_json,
    "binary": lambda value: base64.b64encode(bytes(value)).decode(),
    "address": _address,
}
# Kinds that are not named here are given as they are.
TO_DATABASE: dict[str, Callable[[BaseDatabaseWrapper, Any], Any]] = {
    "datetime": lambda database, value: database.ops.adapt_datetimefield_value(datetime.fromisoformat(value)),
    "date": lambda database, value: database.ops.adapt_datefield_value(date.fromisoformat(value)),
    "time": lambda database, value: database.ops.adapt_timefield_value(time.fromisoformat(value)),
    "decimal": lambda database, value: database.ops.adapt_decimalfield_value(Decimal(value)),
    "uuid": lambda database, value: UUID(value) if database.features.has_native_uuid_field else UUID(value).hex,
    "json": lambda database, value: database.ops.adapt_json_value(json.loads(value), None),
    "binary": lambda database, value: database.Database.Binary(base64.b64decode(value)),
}
