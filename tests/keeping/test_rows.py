from datetime import UTC, datetime, time
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from certificates.issuing import issue_certificate
from lms.accounts.models import User
from lms.keeping.rows import TO_LINE, Count, continue_numbering, count_rows, empty_tables, read_lines, write_lines
from lms.keeping.tables import all_tables
from modules.models import NotebookEntry
from tests.accounts.conftest import do_something_of_everything


def _counted(lines: list[bytes]) -> Count:
    count = Count()
    assert list(count.over(lines)) == lines
    return count


def test_count_does_not_mind_the_order_but_everything_else():
    lines = [b"[1]", b"[2]", b"[2]"]
    assert _counted(lines) == _counted(lines[::-1])
    assert _counted(lines) != _counted([b"[1]", b"[2]", b"[3]"])
    assert _counted(lines) != _counted([b"[1]", b"[1]", b"[2]"])


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("datetime", "2026-03-29 01:30:00.000500", datetime(2026, 3, 29, 1, 30, 0, 500, tzinfo=UTC)),
        ("boolean", 1, True),
        ("uuid", "0123456789abcdef0123456789abcdef", "01234567-89ab-cdef-0123-456789abcdef"),
        ("json", '{"b": [1.0, "\\u00e5"], "a": null}', '{"a":null,"b":[1,"å"]}'),
        ("address", "2001:DB8::0001", "2001:db8::1"),
        ("time", "14:00:00", time(14)),
        ("decimal", 5.0, Decimal("5.0")),
        ("decimal", 4.2, Decimal("4.20")),
        ("decimal", 100, Decimal("1E+2")),
        ("binary", b"%PDF", memoryview(b"%PDF")),
    ],
)
def test_both_databases_say_the_same(kind, one, other):
    assert TO_LINE[kind](one) == TO_LINE[kind](other)


def test_rows_go_out_and_come_back_as_they_were(learner, course):
    attempt = do_something_of_everything(learner, course)
    certificate = issue_certificate(attempt, name="Ingrid Solheim")
    tables = all_tables()
    lines = {table: list(read_lines(connection, table)) for table in tables}
    counts = {table: count_rows(connection, table) for table in tables}

    with transaction.atomic():
        empty_tables(connection, tables)
        for table in tables:
            write_lines(connection, table, lines[table])
        continue_numbering(connection, tables)
        connection.check_constraints()

    assert {table: count_rows(connection, table) for table in tables} == counts
    assert NotebookEntry.objects.get().text == "Noe hemmelig"
    certificate.refresh_from_db()
    assert certificate.modules[0] == {"title": "Første modul", "minutes": 30}
    assert bytes(certificate.file.content).startswith(b"%PDF")
    assert User.objects.create_user("ny@example.org", name="Ny").pk > learner.pk


def test_what_is_encrypted_stays_so(learner, course):
    do_something_of_everything(learner, course)
    table = next(table for table in all_tables() if table.name == "modules_notebookentry")
    assert b"hemmelig" not in b"".join(read_lines(connection, table))


def test_writing_refuses_what_the_database_does_not_take(learner):
    table = next(table for table in all_tables() if table.name == "accounts_user")
    with pytest.raises(ValidationError) as refusal, transaction.atomic():
        write_lines(connection, table, list(read_lines(connection, table)))
    assert refusal.value.messages[0].startswith("Databasen tok ikke imot tabellen accounts_user:")


def test_a_moment_is_the_same_moment_afterwards(learner):
    learner.last_login = timezone.now()
    learner.save()
    table = next(table for table in all_tables() if table.name == "accounts_user")
    line = next(iter(read_lines(connection, table)))
    assert learner.last_login.astimezone(UTC).isoformat().encode() in line
