"""What can be said of the containers without starting them."""

import stat
import subprocess
import sys

import pytest
import yaml

from tests.live.compose import BASE, is_ours, of_the_image, services

FILE = yaml.safe_load((BASE / "docker-compose.yml").read_text())
SERVICES = services({})
README = (BASE / "README.md").read_text()
SECRET = (
    "SECRET_KEY",
    "NOTEBOOK_KEYS",
    "DATABASE_URL",
    "SMTP_URL",
    "S3_ACCESS_KEY",
    "S3_SECRET_KEY",
    "POSTGRES_PASSWORD",
)


@pytest.mark.parametrize("name", SERVICES)
def test_service_can_write_nowhere_and_has_limits(name):
    service = SERVICES[name]
    assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert set(service["deploy"]["resources"]["limits"]) == {"cpus", "memory", "pids"}
    assert ("healthcheck" in service) == (service.get("restart") != "no")
    assert ":" in service["image"] and not service["image"].endswith(":latest")


@pytest.mark.parametrize("name", SERVICES)
def test_secrets_are_files(name):
    service = SERVICES[name]
    environment = {name: str(value) for name, value in service.get("environment", {}).items()}
    assert [variable for variable in environment if variable in SECRET] == []
    read = {value.removeprefix("/run/secrets/") for value in environment.values() if value.startswith("/run/secrets/")}
    named = set(service.get("secrets", []))
    assert read <= named
    assert named <= set(FILE["secrets"])


def test_everything_waits_for_the_migration():
    waiting = {
        name: service["depends_on"]["migrate"]
        for name, service in SERVICES.items()
        if is_ours(service) and name != "migrate"
    }
    assert waiting == dict.fromkeys(["web", "worker", "beat"], {"condition": "service_completed_successfully"})


def test_every_variable_of_the_product_stands_in_the_readme():
    names = {name.removesuffix("_FILE") for name in SERVICES["web"]["environment"]}
    assert [name for name in sorted(names) if f"`{name}`" not in README] == []


def test_the_image_runs_as_nobody_special_and_holds_no_secret():
    last = (BASE / "Dockerfile").read_text().split("\nFROM ")[-1]
    assert "\nUSER 10001:10001\n" in last
    assert [name for name in of_the_image() if name in SECRET] == []
    assert of_the_image()["VAR"] == "/var/lib/refleks"
    ignored = (BASE / ".dockerignore").read_text().splitlines()
    assert ignored[1] == "*"
    assert [line for line in ignored if line.startswith("!.secrets") or line == "!var"] == []


def _made(folder) -> dict[str, str]:
    command = [sys.executable, BASE / "deploy" / "make_secrets.py", folder]
    assert subprocess.run(command, check=True, capture_output=True, text=True).stdout == ""
    return {path.name: path.read_text() for path in folder.iterdir()}


def test_secrets_are_made_once_and_closed_to_others(tmp_path):
    folder = tmp_path / "secrets"
    folder.mkdir()
    (folder / "smtp_url").write_text("smtps://mail.example.org:465\n")

    first = _made(folder)

    assert _made(folder) == first
    assert set(first) == set(FILE["secrets"])
    assert first["smtp_url"] == "smtps://mail.example.org:465\n"
    assert f":{first['database_password'].strip()}@" in first["database_url"]
    assert (stat.S_IMODE(folder.stat().st_mode), stat.S_IMODE((folder / "secret_key").stat().st_mode)) == (0o700, 0o444)
