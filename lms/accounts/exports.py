"""Everything a person has with us, as a ZIP: data.json with its schema, a page to read, certificates as PDF (P9).

The fields are those that `personal-data.toml` marks as exported, no more and no fewer.
"""

import datetime
import io
import json
import zipfile
from collections.abc import Iterable
from typing import Any

from django.db import models
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from wagtail.models import Page

from certificates.models import Certificate
from lms.accounts.export_labels import label_of
from lms.accounts.models import User
from lms.accounts.own_records import files_of, sections_of
from lms.accounts.personal_data import exported_fields
from lms.accounts.sections import Section
from modules.models import CheckAnswer, Enrolment

STRING = {"type": "string"}
TYPES: list[tuple[type[models.Field], dict[str, Any]]] = [
    (models.BooleanField, {"type": "boolean"}),
    (models.IntegerField, {"type": "integer"}),
    (models.DateTimeField, STRING | {"format": "date-time"}),
    (models.DateField, STRING | {"format": "date"}),
    (models.UUIDField, STRING | {"format": "uuid"}),
    (models.ManyToManyField, {"type": "array", "items": STRING}),
    (models.JSONField, {}),
]


def export_person(user: User) -> bytes:
    """The ZIP for `user`, made in one go: a person has some hundred rows at most."""
    sections = sections_of(user)
    data, schema = export_data(user, sections), export_schema(sections)
    with translation.override("nb"):
        page = readable_page(user, sections)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("data.json", _as_json(data))
        file.writestr("schema.json", _as_json(schema))
        file.writestr("readable.html", page)
        for stored in files_of(user):
            file.writestr(pdf_name(stored.certificate), bytes(stored.content))
    return archive.getvalue()


def export_data(user: User, sections: Iterable[Section]) -> dict[str, Any]:
    """What stands in data.json: a list of rows for each section."""
    head = {"schema": "schema.json", "exported_at": timezone.now().isoformat()}
    return head | {section.key: [_row(section, row) for row in section.rows] for section in sections}


def export_schema(sections: Iterable[Section]) -> dict[str, Any]:
    """A JSON Schema (2020-12) that data.json of anybody keeps to."""
    properties: dict[str, Any] = {"schema": STRING, "exported_at": STRING | {"format": "date-time"}}
    for section in sections:
        properties[section.key] = {"title": str(section.title), "type": "array", "items": _row_schema(section)}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Refleks: everything about one person",
    } | _object(properties)


def readable_page(user: User, sections: Iterable[Section]) -> str:
    """The same as a page to read, without scripts and without anything from the network."""
    shown = [(section.title, [_readable(section, row) for row in section.rows]) for section in sections]
    return render_to_string("accounts/export.html", {"person": user, "sections": shown, "now": timezone.now()})


def pdf_name(certificate: Certificate) -> str:
    """What the PDF is called in the ZIP."""
    return f"kursbevis-{certificate.code}.pdf"


def _as_json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def _fields(section: Section) -> list[models.Field]:
    return [section.model._meta.get_field(name) for name in exported_fields(section.model._meta.label)]


def _row(section: Section, row: models.Model) -> dict[str, Any]:
    facts = {field.name: _plain(row, field) for field in _fields(section)}
    return facts | {name: words(row) for name, words in section.words.items()}


def _plain(row: models.Model, field: models.Field) -> Any:
    """A field's value as JSON can hold it."""
    value = getattr(row, field.name)
    if isinstance(field, models.ManyToManyField):
        return [str(other) for other in value.all()]
    if isinstance(field, models.BinaryField):
        return pdf_name(row.certificate)
    if isinstance(value, models.Model):
        return _named(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    return value if value is None or isinstance(value, bool | int | list | dict) else str(value)


def _named(value: models.Model) -> str:
    """What a row that is pointed at is called."""
    if isinstance(value, Enrolment):
        return value.course.title
    if isinstance(value, Certificate):
        return value.shown_code
    return value.title if isinstance(value, Page) else str(value)


def _row_schema(section: Section) -> dict[str, Any]:
    facts = {field.name: _field_schema(field) for field in _fields(section)}
    return _object(facts | dict.fromkeys(section.words, STRING))


def _field_schema(field: models.Field) -> dict[str, Any]:
    schema = dict(next((schema for kind, schema in TYPES if isinstance(field, kind)), STRING))
    if field.null and "type" in schema:
        schema["type"] = [schema["type"], "null"]
    return schema | {"title": label_of(field)}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _readable(section: Section, row: models.Model) -> list[tuple[str, str]]:
    """Labels and values for people. What has words instead is left out, and so is what is empty."""
    pairs = [(label_of(words), text(row)) for words, text in section.words.items()]
    pairs += [(label_of(field), _for_people(row, field)) for field in _fields(section) if _is_for_people(field)]
    return [(label, value) for label, value in pairs if value]


def _is_for_people(field: models.Field) -> bool:
    return not isinstance(field, models.UUIDField) and (field.model is not CheckAnswer or field.name != "answer")


def _for_people(row: models.Model, field: models.Field) -> str:
    value = getattr(row, field.name)
    if isinstance(value, bool):
        return _("ja") if value else _("nei")
    if isinstance(value, datetime.datetime):
        return date_format(timezone.localtime(value), "DATETIME_FORMAT")
    if isinstance(value, datetime.date):
        return date_format(value)
    if field.choices:
        return str(getattr(row, f"get_{field.name}_display")())
    plain = _plain(row, field)
    if isinstance(plain, list):
        return ", ".join(part["title"] if isinstance(part, dict) else str(part) for part in plain)
    return "" if plain is None else str(plain)
