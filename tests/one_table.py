"""Keeps updates to conditions that PostgreSQL looks at again after it has waited for the row.

Django puts a condition that reaches over a join into a subquery, together with the row's own conditions. PostgreSQL
does not run that subquery anew for a row that changed while the update waited for it: of fifty updates "if it is still
handed in" at once, fifty succeed. With only the row's own columns outside, one does.
"""

from django.db.models.sql.compiler import SQLUpdateCompiler

_set_up = SQLUpdateCompiler.pre_sql_setup


class JoinedUpdate(AssertionError):
    """An update has a condition over a join. Say it as `…__in=Other.objects.filter(…)`."""


def guard_updates() -> None:
    """From now on every update over more than one table raises JoinedUpdate."""
    SQLUpdateCompiler.pre_sql_setup = _one_table_only


def _one_table_only(compiler):
    compiler.query.get_initial_alias()
    if compiler.query.count_active_tables() > 1:
        raise JoinedUpdate(f"update of {compiler.query.model.__name__} over a join")
    return _set_up(compiler)
