"""What docker-compose.yml says, started without an engine: the same commands, environment and secrets as processes.

PostgreSQL, Valkey and the object store are real; proxy and mail server are the tests' own.
"""

import subprocess
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from tests.live.compose import BASE, Machine, is_ours, services
from tests.live.mail_server import Mailbox, mail_server
from tests.live.object_store import ACCESS_KEY, SECRET_KEY
from tests.live.processes import answers, free_port, running, wait_for
from tests.live.proxy import proxy
from tests.live.visitor import Visitor

COURSE = BASE / "courses" / "grunnleggende-barnepalliasjon"
FIRST_MODULE = len(list((COURSE / "01-hva-er-barnepalliasjon").glob("*.md")))
ADDRESS, WORDS = "aase@example.org", "Det viktigste er å spørre barnet først."


@dataclass
class House:
    """The running whole: its address, its certificate, its mailbox, and which replica answered what."""

    url: str
    certificate: Path
    mailbox: Mailbox
    answered: list[int]
    replicas: list[int]


@pytest.fixture(scope="module")
def secrets(tmp_path_factory, new_database, bucket):
    """The folder .secrets/ as `make up` makes it, where the operator has named the real servers before."""
    folder = tmp_path_factory.mktemp("secrets")
    mail_port = free_port()
    known = {
        "database_url": new_database(),
        "smtp_url": f"smtp://127.0.0.1:{mail_port}",
        "s3_access_key": ACCESS_KEY,
        "s3_secret_key": SECRET_KEY,
    }
    for name, value in known.items():
        (folder / name).write_text(value)
    subprocess.run([sys.executable, BASE / "deploy" / "make_secrets.py", folder], check=True, capture_output=True)
    return folder, mail_port


@pytest.fixture(scope="module")
def house(tmp_path_factory, secrets, lived_in, valkey_url, bucket):
    room, (secret_folder, mail_port) = tmp_path_factory.mktemp("compose"), secrets
    (room / "var").mkdir()
    port = free_port()
    url = f"https://localhost:{port}"
    described = services({"SITE_URL": url, "FILES_URL": bucket.endpoint})
    machine = Machine(
        {
            "redis://queue:6379/0": valkey_url,
            "http://objects:8333": bucket.endpoint,
            "/run/secrets": str(secret_folder),
            "/var/lib/refleks": str(room / "var"),
            "/app/built": str(lived_in),
            "0.0.0.0": "127.0.0.1",
        }
    )
    _first_start(machine, described["migrate"], room)
    with ExitStack() as started:
        mailbox = started.enter_context(mail_server(mail_port))
        replicas = _started(machine, described, room, started)
        answered = started.enter_context(proxy(port, replicas, room))
        yield House(url, room / "certificate.pem", mailbox, answered, replicas)


def _first_start(machine: Machine, service: dict, room: Path) -> None:
    """The one-shot migration, then what docs/operations.md says to do once."""
    own = {"DJANGO_SUPERUSER_EMAIL": "drift@example.org", "DJANGO_SUPERUSER_NAME": "Drift"}
    own["DJANGO_SUPERUSER_PASSWORD"] = "stille-lys-over-fjorden"
    env = machine.environment(service)
    by_hand = [sys.executable, "manage.py"]
    for command in (
        machine.command(service),
        [*by_hand, "make_site"],
        [*by_hand, "import_course", str(COURSE)],
        [*by_hand, "createsuperuser", "--no-input"],
    ):
        done = subprocess.run(command, cwd=BASE, env=env | own, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{command}: {done.stdout[-1000:]}{done.stderr[-3000:]}"
    assert not (room / "var" / "db.sqlite3").exists()


def _started(machine: Machine, described: dict, room: Path, started: ExitStack) -> list[int]:
    """Starts every service of ours that stays, as many of each as the file says; gives the ports of the web."""
    waiting = []
    for name, service in described.items():
        if is_ours(service) and service.get("restart") != "no":
            for number in range(service["deploy"].get("replicas", 1)):
                port, log = free_port(), room / f"{name}-{number}.log"
                env = machine.environment(service, PORT=str(port))
                process = started.enter_context(running(machine.command(service), log, env=env, cwd=BASE))
                if name == "web":
                    waiting.append((port, process, log))
    for port, process, log in waiting:
        wait_for(lambda port=port: answers(port) and _is_ready(port), "web", process, log, 120)
    return [port for port, _process, _log in waiting]


def _is_ready(port: int) -> bool:
    """What the service's health check asks."""
    return requests.get(f"http://127.0.0.1:{port}/readyz", timeout=10).json() == {
        "database": True,
        "queue": True,
        "storage": True,
    }


@pytest.fixture(scope="module")
def learner(house) -> Visitor:
    """Somebody who has signed up by mailed code and taken the first module, each step by another replica."""
    visitor = Visitor(house.url, house.certificate)
    visitor.get("/konto/signup/")
    visitor.submit(lambda form: "sector" in form.fields or "email" in form.fields, **_person())
    visitor.submit(lambda form: "code" in form.fields, code=house.mailbox.code_for(ADDRESS))
    visitor.get("/kurs/grunnleggende-barnepalliasjon/")
    visitor.submit(lambda form: form.action.endswith("/pamelding/"))
    for _lesson in range(FIRST_MODULE):
        _take_lesson(visitor)
    return visitor


def _person() -> dict[str, str]:
    return {"email": ADDRESS, "name": "Åse Bjørg Tjøme", "sector": "kindergarten"}


def _take_lesson(visitor: Visitor) -> None:
    lesson = visitor.url
    for action in [form.action for form in visitor.forms() if "/svar/" in form.action]:
        visitor.submit(lambda form, action=action: form.action == action)
        visitor.get(lesson)
    if any("/notat/" in form.action for form in visitor.forms()):
        visitor.submit(lambda form: "/notat/" in form.action, text=WORDS)
        visitor.get(lesson)
    visitor.submit(lambda form: form.action.endswith("/ferdig/"))
    assert visitor.url != lesson


def _of_both(house: House, visitor: Visitor, path: str) -> list[str]:
    """What each of the two replicas shows at the address."""
    first = len(house.answered)
    texts = []
    while len(set(house.answered[first:])) < len(house.replicas):
        texts.append(visitor.get(path).text)
    return texts


def test_the_file_starts_two_of_each_and_one_scheduler():
    counts = {name: service["deploy"].get("replicas", 1) for name, service in services({}).items() if is_ours(service)}
    assert counts == {"migrate": 1, "web": 2, "worker": 2, "beat": 1}


def test_progress_and_notes_are_the_same_on_both_replicas(house, learner):
    assert set(house.answered) == set(house.replicas)
    for text in _of_both(house, learner, "/kurs/grunnleggende-barnepalliasjon/"):
        assert f"{FIRST_MODULE} av {FIRST_MODULE}" in text
    for text in _of_both(house, learner, "/notatbok/"):
        assert WORDS in text


def test_cookies_and_addresses_are_those_of_https(house, learner):
    response = learner.get("/min-side/")
    assert {cookie.name for cookie in learner._session.cookies} >= {"__Host-session", "__Host-csrf"}
    assert response.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert house.url + "/" in Visitor(house.url, house.certificate).get("/").url
    plain = requests.get(f"http://127.0.0.1:{house.replicas[0]}/", timeout=10, allow_redirects=False)
    assert (plain.status_code, plain.headers["Location"][:8]) == (301, "https://")


def test_pictures_come_from_the_object_store_by_signed_addresses(house, learner, bucket):
    pictures = []
    for link in [
        link.get("href") for link in learner.get("/kurs/grunnleggende-barnepalliasjon/") and learner.page().iter("a")
    ]:
        if "/hva-er-barnepalliasjon/" in (link or "") and not pictures:
            learner.get(link)
            pictures = [image.get("src") for image in learner.page().iter("img") if "X-Amz" in image.get("src", "")]
    assert pictures[0].startswith(bucket.endpoint)
    assert requests.get(pictures[0], timeout=10).status_code == 200


def test_signing_out_is_seen_by_both_replicas(house, learner):
    learner.get("/konto/logout/")
    learner.submit(lambda form: "/logout/" in form.action)
    first = len(house.answered)
    while len(set(house.answered[first:])) < len(house.replicas):
        learner.get("/min-side/")
        assert learner.url.startswith(f"{house.url}/konto/login/")
