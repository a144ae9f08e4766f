from django.db import connection

from lms.keeping.tables import KINDS, all_tables


def test_every_table_is_kept_but_the_search_index_and_the_list_of_migrations(db):
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    left_out = set(names) - {table.name for table in all_tables()}
    assert {name for name in left_out if not name.startswith("wagtailsearch_")} == set()
    assert {table.name for table in all_tables()} - set(names) == set()


def test_every_column_has_a_kind_and_the_key_comes_first():
    tables = all_tables()
    assert {column.kind for table in tables for column in table.columns} - set(KINDS) == set()
    users = next(table for table in tables if table.name == "accounts_user")
    assert (users.columns[0].name, users.columns[0].kind) == ("id", "integer")


def test_a_foreign_key_is_of_the_kind_of_what_it_names():
    municipality = next(
        column
        for table in all_tables()
        if table.name == "accounts_user"
        for column in table.columns
        if column.name == "municipality_id"
    )
    assert municipality.kind == "text"
