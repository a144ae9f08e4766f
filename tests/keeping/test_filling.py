import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from lms.accounts.models import Municipality
from lms.keeping.filling import fill, refuse_unless_empty, refuse_unless_migrated
from lms.keeping.rows import Count, read_lines
from lms.keeping.tables import all_tables

MUNICIPALITIES = next(table for table in all_tables() if table.name == "accounts_municipality")


@pytest.fixture
def lines(db):
    return list(read_lines(connection, MUNICIPALITIES))


def _count(lines: list[bytes]) -> Count:
    count = Count()
    list(count.over(lines))
    return count


def test_what_migrations_made_counts_as_empty(db):
    assert refuse_unless_empty(connection) is None
    assert refuse_unless_migrated(connection) is None


def test_a_database_is_refused_when_somebody_is_in_it(learner):
    with pytest.raises(ValidationError) as refusal:
        refuse_unless_empty(connection)
    assert refusal.value.messages == ["Databasen er ikke tom: det er rader i tabellen accounts_user."]


def test_filling_gives_the_number_of_rows(lines):
    assert fill(connection, [MUNICIPALITIES], lambda _table: lines, lambda _table: _count(lines)) == len(lines)
    assert Municipality.objects.count() == len(lines)


def test_filling_refuses_a_table_that_came_out_different_and_keeps_what_was(lines):
    with pytest.raises(ValidationError) as refusal:
        fill(connection, [MUNICIPALITIES], lambda _table: lines[1:], lambda _table: _count(lines))
    assert refusal.value.messages[0].startswith("Tabellen accounts_municipality ble ikke den samme:")
    assert Municipality.objects.count() == len(lines)
