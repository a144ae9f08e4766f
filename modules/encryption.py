"""Text that is unreadable in the database: AES-GCM, bound to its place, keys outside the database (P5)."""

import base64
import hashlib
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models

NONCE_BYTES = 12


def _keys() -> dict[str, bytes]:
    """Key name to key, the writing one first. The name is a fingerprint, so that rotation needs no numbering."""
    keys = {}
    for value in settings.NOTEBOOK_KEYS:
        key = hashlib.sha256(base64.b64decode(value)).digest()
        keys[hashlib.sha256(key).hexdigest()[:8]] = key
    return keys


def key_names() -> list[str]:
    """The names of the keys there are; a stored text begins with the name of its own."""
    return list(_keys())


def encrypt(text: str, place: str) -> str:
    """`text` sealed for `place` (a column's name): `keyname.base64`. Empty text stays empty."""
    if not text:
        return ""
    name, key = next(iter(_keys().items()))
    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed = AESGCM(key).encrypt(nonce, text.encode(), place.encode())
    return f"{name}.{base64.b64encode(nonce + sealed).decode()}"


def decrypt(stored: str, place: str) -> str:
    """The text behind `stored`. Raises ValueError when the key is missing or the value was changed or moved."""
    if not stored:
        return ""
    name, _dot, body = stored.partition(".")
    if name not in _keys():
        raise ValueError(f"No key named {name} in NOTEBOOK_KEYS")
    raw = base64.b64decode(body)
    try:
        return AESGCM(_keys()[name]).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], place.encode()).decode()
    except InvalidTag as error:
        raise ValueError("The text was changed or moved") from error


class EncryptedTextField(models.TextField):
    """A text field that is sealed on its way to the database and opened on its way back."""

    @property
    def _place(self) -> str:
        return f"{self.model._meta.label_lower}.{self.name}"

    def get_prep_value(self, value: str | None) -> str | None:
        value = super().get_prep_value(value)
        return value if value is None else encrypt(value, self._place)

    def from_db_value(self, value: str | None, expression: object, connection: object) -> str | None:
        return value if value is None else decrypt(value, self._place)
