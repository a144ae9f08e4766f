"""All tables of the product, each with its columns and what kind of value they hold, whatever the database."""

from dataclasses import dataclass

from django.apps import apps
from django.db import models

# Built anew by Wagtail's own command; its tables differ from database to database.
SEARCH = "wagtailsearch"
KINDS = {
    "integer": "Auto BigAuto Integer BigInteger SmallInteger PositiveInteger PositiveBigInteger PositiveSmallInteger",
    "text": "Char Text Slug File",
    "boolean": "Boolean",
    "float": "Float",
    "datetime": "DateTime",
    "date": "Date",
    "time": "Time",
    "decimal": "Decimal",
    "uuid": "UUID",
    "json": "JSON",
    "binary": "Binary",
    "address": "GenericIPAddress",
}
KIND_OF = {f"{name}Field": kind for kind, names in KINDS.items() for name in names.split()}


@dataclass(frozen=True)
class Column:
    """A column and the kind of its values, one of `KINDS`."""

    name: str
    kind: str


@dataclass(frozen=True)
class Table:
    """A table, its key first among the columns."""

    name: str
    columns: tuple[Column, ...]


def all_tables() -> list[Table]:
    """Every table of every installed app, many-to-many tables too, by name; not the search index.

    Raises KeyError for a type of field that has no kind yet.
    """
    kept = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.app_label != SEARCH
    ]
    return sorted((_table(model) for model in kept), key=lambda table: table.name)


def _table(model: type[models.Model]) -> Table:
    fields = sorted(model._meta.local_concrete_fields, key=lambda field: not field.primary_key)
    return Table(model._meta.db_table, tuple(Column(field.column, _kind(field)) for field in fields))


def _kind(field: models.Field) -> str:
    while field.remote_field:
        field = field.target_field
    return KIND_OF[field.get_internal_type()]
