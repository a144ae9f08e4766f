"""Sealed texts under a new key: every encrypted field of every model, a portion at a time, while people write (P5).

A row changes only if it is still what was read, so that nobody's newer words are lost; what is sealed with the first
key already is passed over, so that a run that died is simply run again.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import F, Value
from django.db.models.functions import Left

from modules.encryption import EncryptedTextField, decrypt, encrypt, key_names

PORTION = 200
NAME_LENGTH = 8
AS_STORED = models.TextField()


@dataclass
class Outcome:
    """What became of one field: how many texts were sealed anew, were changed meanwhile, cannot be opened."""

    field: str
    renewed: int = 0
    changed_meanwhile: int = 0
    unreadable: int = 0


def encrypted_fields() -> list[EncryptedTextField]:
    """All encrypted fields there are, by name."""
    fields = [field for model in apps.get_models() for field in model._meta.local_fields]
    own = [field for field in fields if isinstance(field, EncryptedTextField)]
    return sorted(own, key=place_of)


def place_of(field: EncryptedTextField) -> str:
    """The field as `app.model.field`: what its texts are bound to."""
    return f"{field.model._meta.label_lower}.{field.name}"


def keys_in_use(field: EncryptedTextField) -> Counter[str]:
    """How many texts of the field are sealed with which key."""
    stored = _stored(field).annotate(key=Left("stored", NAME_LENGTH)).values("key")
    return Counter({row["key"]: row["count"] for row in stored.annotate(count=models.Count("pk")).order_by("key")})


def renew(field: EncryptedTextField) -> Outcome:
    """Seals every text of the field with the first key."""
    outcome, place = Outcome(place_of(field)), place_of(field)
    for pk, stored in _old_texts(field):
        try:
            sealed = encrypt(decrypt(stored, place), place)
        except ValueError:
            outcome.unreadable += 1
            continue
        unchanged = _stored(field).filter(pk=pk, stored=stored)
        if unchanged.update(**{field.name: Value(sealed, AS_STORED)}):
            outcome.renewed += 1
        else:
            outcome.changed_meanwhile += 1
    return outcome


def _old_texts(field: EncryptedTextField) -> Iterator[tuple[Any, str]]:
    """Id and stored text of what is not sealed with the first key, in order of id, a portion at a time."""
    newest, last = key_names()[0], None
    while True:
        rows = _stored(field).exclude(stored__startswith=f"{newest}.").order_by("pk")
        if last is not None:
            rows = rows.filter(pk__gt=last)
        portion = list(rows.values_list("pk", "stored")[:PORTION])
        yield from portion
        if len(portion) < PORTION:
            return
        last = portion[-1][0]


def _stored(field: EncryptedTextField) -> models.QuerySet[Any]:
    """The rows with something in the field, and it as it stands in the database."""
    rows = field.model._base_manager.annotate(stored=models.ExpressionWrapper(F(field.name), output_field=AS_STORED))
    return rows.exclude(stored="").exclude(stored=None)
