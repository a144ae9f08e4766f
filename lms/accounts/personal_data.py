"""What every field has to do with people: reads `personal-data.toml` (P1)."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.apps import apps
from django.db import models

TABLE = Path(__file__).with_name("personal-data.toml")
KINDS = {"personal", "technical", "none"}
AT_ERASURE = {"deleted", "blanked", "number", "kept"}
NOT_ABOUT_PEOPLE = "none | no | kept | not about people"


@dataclass(frozen=True)
class Annotation:
    """What a field is: see the head of the table for the words."""

    kind: str
    is_exported: bool
    at_erasure: str
    purpose: str


@cache
def annotations() -> dict[str, dict[str, Annotation]]:
    """Model label to field name to annotation; the field `*` stands for those that are not named.

    Raises ValueError for a line that is not in the words of the table.
    """
    table = tomllib.loads(TABLE.read_text())
    labels = table.pop("others")["models"].split()
    found = {label: {"*": _annotation(NOT_ABOUT_PEOPLE)} for label in labels}
    for app, named in table.items():
        for model, lines in named.items():
            fields = {field: line for field, line in lines.items() if field not in {"basis", "keep", "forgotten_by"}}
            found[f"{app}.{model}"] = {field: _annotation(line) for field, line in fields.items()}
    return found


def annotation_of(label: str, field: str) -> Annotation | None:
    """The annotation of a field, or None when there is none."""
    fields = annotations().get(label, {})
    return fields.get(field) or fields.get("*")


def exported_fields(label: str) -> list[str]:
    """The fields of a model that belong in the export, in the order of the table."""
    return [field for field, annotation in annotations()[label].items() if annotation.is_exported]


def missing_annotations() -> list[str]:
    """`app.Model.field` of every field of every installed app that the table does not name."""
    return [name for name in fields_of_all_models() if annotation_of(*name.rsplit(".", 1)) is None]


def superfluous_annotations() -> list[str]:
    """What the table names and no installed app has."""
    existing = set(fields_of_all_models())
    models_there = {name.rsplit(".", 1)[0] for name in existing}
    named = {f"{label}.{field}" for label, fields in annotations().items() for field in fields if field != "*"}
    gone = {f"{label}.*" for label in annotations() if label not in models_there}
    return sorted(named - existing | gone)


def fields_of_all_models() -> Iterator[str]:
    """`app.Model.field` of all fields with a column or a table of their own."""
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.get_fields():
            if isinstance(field, models.Field):
                yield f"{model._meta.label}.{field.name}"


def _annotation(line: str) -> Annotation:
    kind, exported, at_erasure, purpose = (part.strip() for part in line.split("|"))
    if kind not in KINDS or exported not in {"yes", "no"} or at_erasure not in AT_ERASURE or not purpose:
        raise ValueError(f"Not in the words of the table: {line}")
    return Annotation(kind, exported == "yes", at_erasure, purpose)
