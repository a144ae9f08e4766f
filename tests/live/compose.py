"""Reads docker-compose.yml as the engine does, and starts its own services as plain processes."""

import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.settings import FOREIGN

BASE = Path(__file__).resolve().parent.parent.parent
VARIABLE = re.compile(r"\$\$|\$\{(\w+)(?::-([^}]*))?\}")
OWN_IMAGE = "refleks:"


def services(variables: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """The services, with `${NAME:-default}` filled in from `variables` as from the .env file."""
    text = (BASE / "docker-compose.yml").read_text()
    return yaml.safe_load(VARIABLE.sub(lambda found: _value(found, variables), text))["services"]


def _value(found: re.Match, variables: Mapping[str, str]) -> str:
    return "$" if found[0] == "$$" else variables.get(found[1], found[2] or "")


def is_ours(service: Mapping[str, Any]) -> bool:
    """Whether the service runs the product itself."""
    return service["image"].startswith(OWN_IMAGE)


@dataclass(frozen=True)
class Machine:
    """A machine without an engine: what stands here instead of the names and places in the file.

    `places` are pieces of text: the address of a service inside, a folder inside.
    """

    places: Mapping[str, str]

    def command(self, service: Mapping[str, Any]) -> list[str]:
        """The command of the service, with this Python."""
        program, *rest = service["command"]
        assert program == "python"
        return [sys.executable, *rest]

    def environment(self, service: Mapping[str, Any], **replica: str) -> dict[str, str]:
        """What the image says, then the file, in the places of this machine; nothing of the product from outside."""
        outside = {"DEMO", "VAR", "DATABASE_URL", "DJANGO_SETTINGS_MODULE", *FOREIGN.split()}
        mine = {name: value for name, value in os.environ.items() if name.removesuffix("_FILE") not in outside}
        return (
            mine
            | {name: self._here(str(value)) for name, value in {**of_the_image(), **service["environment"]}.items()}
            | replica
        )

    def _here(self, value: str) -> str:
        for there, here in self.places.items():
            value = value.replace(there, here)
        return value


def of_the_image() -> dict[str, str]:
    """The environment that the last stage of the Dockerfile sets, but for the search path."""
    last = (BASE / "Dockerfile").read_text().split("\nFROM ")[-1]
    words = re.search(r"^ENV ((?:.*\\\n)*.*)$", last, re.MULTILINE)[1].replace("\\\n", " ").split()
    return {name: value for name, _is, value in (word.partition("=") for word in words) if name != "PATH"}
