"""Reads the environment: the only configuration there is. README lists every name."""

import base64
import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

BASE = Path(__file__).resolve().parent.parent
SECRET_LENGTH = 32
KEY_BYTES = 32


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
    if not path.exists():
        fresh = path.with_suffix(f".{secrets.token_hex(4)}")
        fresh.touch(mode=0o600)
        fresh.write_text(base64.b64encode(secrets.token_bytes(32)).decode())
        with suppress(FileExistsError):
            # A link is made whole or not at all: processes that start together agree on one key.
            path.hardlink_to(fresh)
        fresh.unlink()
    return path.read_text().strip()


def contradictions(settings: dict[str, Any]) -> list[str]:
    """What in these settings is unsafe or cannot be meant, as sentences. Empty when all is well."""
    demo, site_url = settings["DEMO"], settings["SITE_URL"]
    local = site_url.split("://")[-1].split(":")[0].split("/")[0] in {"127.0.0.1", "localhost"}
    found = []
    if demo and settings["SMTP_URL"]:
        found.append("DEMO=1 shows every mail at /demo/post/, so it cannot send real mail: unset SMTP_URL or DEMO.")
    if not demo and not settings["SMTP_URL"]:
        found.append("SMTP_URL is not set, so nobody would get a sign-in code. Example: smtp://user:password@host:587")
    if not demo and not site_url.startswith("https://") and not local:
        found.append("SITE_URL must start with https:// outside the demo.")
    if not demo and settings["DEBUG"]:
        found.append("DEBUG=1 shows the inside of the house to everybody: only together with DEMO=1.")
    if not demo and any(host.startswith(("*", ".")) for host in settings["ALLOWED_HOSTS"]):
        found.append("HOSTS must name each host outside the demo: with * or .example.org anybody's name would be ours.")
    if 0 < len(settings["METRICS_TOKEN"]) < SECRET_LENGTH:
        found.append(f"METRICS_TOKEN is too short: give it at least {SECRET_LENGTH} random characters, or none.")
    if len(settings["SECRET_KEY"]) < SECRET_LENGTH:
        found.append(f"SECRET_KEY is too short: give it at least {SECRET_LENGTH} random characters.")
    if not all(_is_key(key) for key in settings["NOTEBOOK_KEYS"]) or not settings["NOTEBOOK_KEYS"]:
        found.append("NOTEBOOK_KEYS must be one or more keys of 32 random bytes in base64, the writing one first.")
    return found


def refuse_contradictions(settings: dict[str, Any]) -> None:
    """Raises ImproperlyConfigured with all sentences of `contradictions`."""
    if found := contradictions(settings):
        raise ImproperlyConfigured("\n".join(found))


def _is_key(value: str) -> bool:
    try:
        return len(base64.b64decode(value, validate=True)) >= KEY_BYTES
    except ValueError:
        return False
