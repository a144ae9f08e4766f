"""What can be said of the code without running it."""

import base64
import secrets
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Step:
    """A command that must end with 0. `missing` says why it cannot be run here."""

    name: str
    command: list[str]
    env: dict[str, str] = field(default_factory=dict)
    missing: str = ""


def lint_steps(var: Path) -> Iterator[Step]:
    """The steps, quickest first. `var` is where the product keeps what it makes."""
    tools = Path(sys.executable).parent
    manage = [sys.executable, "manage.py"]
    demo = {"DEMO": "1", "VAR": str(var)}
    yield Step("format", [str(tools / "ruff"), "format", "--check", "--output-format=concise", "."])
    yield Step("lint", [str(tools / "ruff"), "check", "--quiet", "--output-format=concise", "."])
    yield Step("import contracts", [str(tools / "lint-imports"), "--no-cache"])
    yield Step("types", [str(tools / "mypy")])
    yield Step("pending migrations", [*manage, "makemigrations", "--check", "--dry-run"], demo)
    yield Step("system checks", [*manage, "check", "--fail-level", "WARNING"], demo)
    yield Step(
        "system checks in production", [*manage, "check", "--deploy", "--fail-level", "WARNING"], production(var)
    )


def production(var: Path) -> dict[str, str]:
    """An environment like the one of a real installation. Nothing in it is connected to."""
    return {
        "DEMO": "",
        "DEBUG": "",
        "VAR": str(var),
        "SITE_URL": "https://refleks.example.org",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "NOTEBOOK_KEYS": base64.b64encode(secrets.token_bytes(32)).decode(),
        "DATABASE_URL": "postgres://refleks:secret@database.example.org/refleks",
        "VALKEY_URL": "redis://valkey.example.org:6379/0",
        "SMTP_URL": "smtp://refleks:secret@mail.example.org:587",
        "MAIL_FROM": "Refleks <refleks@example.org>",
        "S3_BUCKET": "refleks",
        "S3_ENDPOINT": "https://s3.example.org",
        "S3_ACCESS_KEY": "key",
        "S3_SECRET_KEY": secrets.token_urlsafe(32),
        "TRUSTED_PROXIES": "1",
    }
