"""The body of a lesson as Wagtail stores it, made from the pieces of a file and taken apart again.

Everything gets its id from what it is or where it stands, so that the same files give the same body.
"""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext as _

from modules.coursefiles import keys
from modules.coursefiles.directives import Piece
from modules.coursefiles.richtext import same_prose

TASKS = {"choice", "sort", "prompt"}
ANSWERS = {"choice": "options", "sort": "statements"}
FileIds = Mapping[tuple[str, str], int]
FileNames = Mapping[tuple[str, int], str]
Stream = list[dict[str, Any]]


def stream_of(pieces: list[Piece], lesson: UUID, files: FileIds, before: Stream) -> Stream:
    """The body for `pieces`. `files` gives the ids of pictures and files by kind and name.

    An answer with the same text as in `before`, the body as it was, keeps its id: learners have chosen it.
    """
    kept = _answer_ids(before)
    stream = []
    for place, piece in enumerate(pieces):
        block = keys.place_key(lesson, f"{place}")
        if piece.kind in TASKS:
            block = keys.task_key(lesson, piece.value["ref"])
        value = _stored_value(piece, block, files, kept.get(str(block), {}))
        stream.append({"type": piece.kind, "value": value, "id": str(block)})
    return stream


def pieces_of(stream: Stream, lesson: UUID, names: FileNames) -> list[Piece]:
    """The pieces in a stored body. `names` gives the names of pictures and files by kind and id."""
    return [_piece_of(block, lesson, names) for block in stream]


def same_stream(one: Stream, other: Stream) -> bool:
    """Whether two bodies say the same with the same ids, whatever keys the editor has put into their text."""
    return _same(_as_json(one), _as_json(other))


def _stored_value(piece: Piece, block: UUID, files: FileIds, kept: Mapping[str, str]) -> Any:
    if piece.kind in {"text", "table"}:
        return piece.value
    value = dict(piece.value)
    if piece.kind in TASKS:
        value["ref"] = keys.kept_ref(value["ref"])
    if piece.kind == "picture":
        value["image"] = value["image"] | {"image": files[piece.kind, value["image"]["image"]]}
    if piece.kind == "download":
        value["file"] = files[piece.kind, value["file"]]
    for name, items in value.items():
        if isinstance(items, list):
            by_text = ANSWERS.get(piece.kind) == name
            value[name] = [
                {"type": "item", "value": item, "id": _item_id(block, f"{name}:{place}", item, by_text, kept)}
                for place, item in enumerate(items)
            ]
    return value


def _item_id(block: UUID, place: str, item: Any, by_text: bool, kept: Mapping[str, str]) -> str:
    if by_text:
        return kept.get(item["text"]) or str(keys.answer_key(block, item["text"]))
    return str(keys.place_key(block, place))


def _answer_ids(stream: Stream) -> dict[str, dict[str, str]]:
    """The ids of answers by the id of their check and their text."""
    return {
        block["id"]: {item["value"]["text"]: item["id"] for item in block["value"][ANSWERS[block["type"]]]}
        for block in stream
        if block["type"] in ANSWERS
    }


def _piece_of(block: Mapping[str, Any], lesson: UUID, names: FileNames) -> Piece:
    kind, value = block["type"], block["value"]
    if kind in {"text", "table"}:
        return Piece(kind, value)
    value = {name: _plain_items(part) for name, part in value.items()}
    if kind in TASKS:
        ref = value.get("ref") or ""
        # An id that somebody typed in the CMS is not the one that answers hang on.
        value["ref"] = ref if ref and str(keys.task_key(lesson, ref)) == block["id"] else block["id"]
    if kind == "picture":
        value["image"] = value["image"] | {"image": _name(names, kind, value["image"]["image"])}
    if kind == "download":
        value["file"] = _name(names, kind, value["file"])
    return Piece(kind, value)


def _name(names: FileNames, kind: str, number: int) -> str:
    if (kind, number) not in names:
        raise ValidationError(_("En leksjon viser til et bilde eller en fil som ikke finnes lenger."))
    return names[kind, number]


def _plain_items(part: Any) -> Any:
    return [item["value"] for item in part] if isinstance(part, list) else part


def _as_json(stream: Stream) -> Any:
    return json.loads(json.dumps(stream, cls=DjangoJSONEncoder))


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, str) and isinstance(other, str):
        return one == other or ("<" in one and "<" in other and same_prose(one, other))
    return one == other
