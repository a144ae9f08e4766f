"""The code on a certificate: as it is typed, and the certificate that has it."""

from functools import cache
from typing import Any

from django.db import connection

from certificates.models import CODE_LENGTH, Certificate

MISREAD = str.maketrans("ILO", "110")


def certificate_for_code(text: str) -> Certificate | None:
    """The certificate with the code that somebody typed: any case, hyphens and spaces, I and L for 1, O for 0.

    One query for whatever is typed, so that an answer never tells how close a guess was (S19).
    """
    sql, names, converters, compiler = _reading()
    with connection.cursor() as cursor:
        cursor.execute(sql, [tidy_code(text)])
        rows = compiler.apply_converters(cursor.fetchall(), converters)
    return next((Certificate.from_db(connection.alias, names, row) for row in rows), None)


def tidy_code(text: str) -> str:
    """A typed code as it is stored; what is too long stays too long."""
    signs = "".join(sign for sign in text[:200].upper() if sign.isascii() and sign.isalnum())
    return signs.translate(MISREAD)[: CODE_LENGTH + 1]


@cache
def _reading() -> tuple[str, list[str], Any, Any]:
    """The query by code, what it reads, and how that becomes Python's values.

    Worked out once: Django's own raw query does it at each call, which takes longer than the database does to answer.
    """
    fields = Certificate._meta.concrete_fields
    table = Certificate._meta.db_table
    compiler = Certificate.objects.all().query.get_compiler(connection.alias)
    converters = compiler.get_converters([field.get_col(table) for field in fields])
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    sql = f"SELECT {columns} FROM {table} WHERE code = %s"  # noqa: S608 - names of our own model
    return sql, [field.attname for field in fields], converters, compiler
