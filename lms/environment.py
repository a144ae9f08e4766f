"""Reads the environment: the only configuration there is. README lists every name."""

import base64
import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

BASE = Path(__file__).resolve().parent.parent


def text(name: str, default: str = "") -> str:
    """The value of `name`; `NAME_FILE` names a file that holds it (secrets from files)."""
    if path := os.environ.get(f"{name}_FILE"):
        return Path(path).read_text().strip()
    return os.environ.get(name, default).strip()


def flag(name: str) -> bool:
    return text(name).lower() in {"1", "true", "yes", "on"}


def words(name: str) -> list[str]:
    return text(name).replace(",", " ").split()


def secret(name: str, keys_folder: Path, demo: bool) -> str:
    """A secret from the environment; the demo makes one and keeps it in `keys_folder`.

    Raises ImproperlyConfigured outside the demo: secrets have no default in production.
    """
    if value := text(name):
        return value
    if not demo:
        raise ImproperlyConfigured(
            f"{name} is not set. Give it a random value of its own, for instance: "
            "python3 -c 'import secrets, base64; print(base64.b64encode(secrets.token_bytes(32)).decode())'"
        )
    return _kept_secret(keys_folder / name.lower())


def _kept_secret(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = base64.b64encode(secrets.token_bytes(32)).decode()
    try:
        # Exclusive creation: two processes that start together must agree on one key.
        with open(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(fresh)
    except FileExistsError:
        pass
    return path.read_text().strip()
