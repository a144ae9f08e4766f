"""As much of JSON Schema 2020-12 as the export uses; a word that is not known here is a fault of the test."""

import datetime
from typing import Any
from uuid import UUID

KINDS = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "boolean": bool,
    "null": type(None),
}
FORMATS = {
    "date-time": datetime.datetime.fromisoformat,
    "date": datetime.date.fromisoformat,
    "uuid": UUID,
}
KNOWN = {"$schema", "title", "type", "format", "properties", "required", "additionalProperties", "items"}


def faults(value: Any, schema: dict[str, Any], place: str = "") -> list[str]:
    """What in `value` does not keep to `schema`, as "/place: what"; empty when all of it does."""
    assert set(schema) <= KNOWN
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if kinds and not any(_is(value, kind) for kind in kinds):
        return [f"{place}: not a {' or '.join(kinds)}"]
    if isinstance(value, dict):
        return _faults_of_object(value, schema, place)
    if isinstance(value, list):
        items = schema.get("items", {})
        return [fault for number, item in enumerate(value) for fault in faults(item, items, f"{place}/{number}")]
    return _faults_of_format(value, schema, place)


def _is(value: Any, kind: str) -> bool:
    return isinstance(value, KINDS[kind]) and not (kind == "integer" and isinstance(value, bool))


def _faults_of_object(value: dict[str, Any], schema: dict[str, Any], place: str) -> list[str]:
    known = schema.get("properties", {})
    found = [f"{place}: {name} is missing" for name in schema.get("required", []) if name not in value]
    if schema.get("additionalProperties") is False:
        found += [f"{place}: {name} is not known" for name in value if name not in known]
    for name, part in value.items():
        found += faults(part, known.get(name, {}), f"{place}/{name}")
    return found


def _faults_of_format(value: Any, schema: dict[str, Any], place: str) -> list[str]:
    if value is None or "format" not in schema:
        return []
    try:
        FORMATS[schema["format"]](value)
    except ValueError:
        return [f"{place}: not a {schema['format']}"]
    return []
