"""Reads the environment: the only configuration there is. README lists every name."""

import base64
import os
import re
import secrets
from contextlib import suppress
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

BASE = Path(__file__).resolve().parent.parent
SECRET_LENGTH = 32
# A random secret of 32 characters has fewer only once in a very long while.
DIFFERENT_CHARACTERS = 8
KEY_BYTES = 32
# Seconds for a connection, milliseconds until a server that says nothing counts as gone, seconds between two looks.
DATABASE_AWAY = {"connect_timeout": 5, "tcp_user_timeout": 10_000, "keepalives_idle": 10, "keepalives_interval": 5}
LOCAL = {"127.0.0.1", "localhost", "::1"}


def text(name: str, default: str = "") -> str:
    """The value of `name`; `NAME_FILE` names a file that holds it (secrets from files).

    Raises ImproperlyConfigured when that file cannot be read.
    """
    if path := os.environ.get(f"{name}_FILE"):
        try:
            return Path(path).read_text().strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ImproperlyConfigured(f"{name}_FILE names a file that cannot be read: {path}") from error
    return os.environ.get(name, default).strip()


def flag(name: str) -> bool:
    return text(name).lower() in {"1", "true", "yes", "on"}


def words(name: str) -> list[str]:
    return text(name).replace(",", " ").split()


def number(name: str, default: int, *, least: int, most: int) -> int:
    """The whole number in `name`, or `default` when there is none.

    Raises ImproperlyConfigured for anything else than a number from `least` to `most`.
    """
    if not (value := text(name)):
        return default
    if not re.fullmatch(r"-?[0-9]{1,12}", value) or not least <= int(value) <= most:
        raise ImproperlyConfigured(f"{name} must be a whole number from {least} to {most}, and is {value[:20]!r}.")
    return int(value)


def database(url: str) -> dict[str, Any]:
    """Django's settings for the database at `url`. Raises ImproperlyConfigured for what is none of the two we know."""
    try:
        found: Any = dj_database_url.parse(url, conn_max_age=None, conn_health_checks=True)
    except ValueError:
        found = {}
    if not str(found.get("ENGINE")).endswith(("sqlite3", "postgresql")) or not found.get("NAME"):
        # Its words may hold the password.
        raise ImproperlyConfigured(
            "DATABASE_URL must name a database. Example: postgres://user:password@host:5432/name"
        ) from None
    if found["ENGINE"].endswith("postgresql"):
        found["OPTIONS"] = DATABASE_AWAY | found.get("OPTIONS", {})
    return found


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
    return [*_of_the_address(settings), *_of_mail(settings), *_of_the_doors(settings), *_of_secrets(settings)]


def _of_the_address(settings: dict[str, Any]) -> list[str]:
    url = _split(settings["SITE_URL"])
    if (
        url is None
        or url.scheme not in {"http", "https"}
        or f"{url.scheme}://{url.netloc}" != settings["SITE_URL"]
        or "@" in url.netloc
    ):
        return ["SITE_URL must be http(s):// and the host, with nothing before or behind: https://kurs.example.org"]
    if not settings["DEMO"] and url.scheme != "https" and url.hostname not in LOCAL:
        return ["SITE_URL must start with https:// outside the demo."]
    return []


def _of_mail(settings: dict[str, Any]) -> list[str]:
    demo, smtp_url = settings["DEMO"], settings["SMTP_URL"]
    found = []
    if demo and smtp_url:
        found.append("DEMO=1 shows every mail at /demo/post/, so it cannot send real mail: unset SMTP_URL or DEMO.")
    if not demo and not smtp_url:
        found.append("SMTP_URL is not set, so nobody would get a sign-in code. Example: smtp://user:password@host:587")
    if smtp_url and ((server := _split(smtp_url)) is None or server.scheme not in {"smtp", "smtps"}):
        found.append("SMTP_URL must look like smtp://user:password@host:587, or smtps:// for TLS from the start.")
    if not demo and not settings["MAIL_FROM"]:
        found.append("MAIL_FROM is not set, so nobody could see whom mail is from. Example: Refleks <kurs@example.org>")
    elif settings["MAIL_FROM"] and not re.fullmatch(r"[^@\s]+@[^@\s]+", parseaddr(settings["MAIL_FROM"])[1]):
        found.append("MAIL_FROM must be one address. Example: Refleks <kurs@example.org>")
    return found


def _of_the_doors(settings: dict[str, Any]) -> list[str]:
    demo = settings["DEMO"]
    found = []
    if not demo and settings["DEBUG"]:
        found.append("DEBUG=1 shows the inside of the house to everybody: only together with DEMO=1.")
    if not demo and any(host.startswith(("*", ".")) for host in settings["ALLOWED_HOSTS"]):
        found.append("HOSTS must name each host outside the demo: with * or .example.org anybody's name would be ours.")
    if 0 < len(settings["METRICS_TOKEN"]) < SECRET_LENGTH:
        found.append(f"METRICS_TOKEN is too short: give it at least {SECRET_LENGTH} random characters, or none.")
    return found


def _of_secrets(settings: dict[str, Any]) -> list[str]:
    key, keys = settings["SECRET_KEY"], settings["NOTEBOOK_KEYS"]
    found = []
    if len(key) < SECRET_LENGTH:
        found.append(f"SECRET_KEY is too short: give it at least {SECRET_LENGTH} random characters.")
    elif len(set(key)) < DIFFERENT_CHARACTERS:
        found.append("SECRET_KEY can be guessed: give it random characters, not a few over and over.")
    if any(len(old) < SECRET_LENGTH for old in settings["SECRET_KEY_FALLBACKS"]):
        found.append(f"SECRET_KEY_FALLBACKS must be former keys, each of at least {SECRET_LENGTH} characters, or none.")
    if not all(_is_key(key) for key in keys) or not keys:
        found.append("NOTEBOOK_KEYS must be one or more keys of 32 random bytes in base64, the writing one first.")
    if key in keys:
        found.append("SECRET_KEY and NOTEBOOK_KEYS must differ: whoever learns one of them must not have both.")
    return found


def refuse_contradictions(settings: dict[str, Any]) -> None:
    """Raises ImproperlyConfigured with all sentences of `contradictions`."""
    if found := contradictions(settings):
        raise ImproperlyConfigured("\n".join(found))


def _split(url: str) -> SplitResult | None:
    """The parts of an address of a server; None when it has no host, or is none."""
    try:
        parts = urlsplit(url)
        known = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return None
    return parts if known and not re.search(r"[\s\\]", url) else None


def _is_key(value: str) -> bool:
    try:
        return len(base64.b64decode(value, validate=True)) >= KEY_BYTES
    except ValueError:
        return False
