"""A product of its own for one drill: real web, worker and scheduler, a mail server that takes orders, and its database."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from celery import Celery

from lms.start import _commands
from tests.drills.servers import Postgres, Valkey
from tests.drills.sink import Sink
from tests.live.processes import answers, free_port, stop, wait_for
from tests.live.product import BASE, environment, manage, new_folder

SECRETS = {
    "SECRET_KEY": "only-for-drills-" + "x" * 40,
    "NOTEBOOK_KEYS": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
    "S3_BUCKET": "",
    "MAIL_FROM": "Refleks <refleks@example.org>",
}
PREPARE = "from tests.drills.ground import fill; fill({fresh}, {finished})"
EMBEDDED, SERVICES = "embedded", "services"


@dataclass
class House:
    """`setup` is embedded (SQLite, a folder as broker) or services (PostgreSQL, Valkey)."""

    setup: str
    folder: Path
    env: dict[str, str]
    port: int
    sink: Sink
    people: list[tuple[str, str]]
    postgres: Postgres | None = None
    valkey: Valkey | None = None
    parts: dict[str, subprocess.Popen] = field(default_factory=dict)

    def start(self, *names: str, instead: str = "") -> None:
        """Starts web, worker or beat as the product does, or `instead` in the place of the one named."""
        for name in names:
            command = instead or _commands("127.0.0.1", self.port)[name.split("-", maxsplit=1)[0]]
            self._run(name, command.split())

    def start_all(self) -> None:
        """Starts everything as `make run` does."""
        self._run("all", [sys.executable, "-m", "lms.start"])

    def _run(self, name: str, command: list[str]) -> None:
        log = self.folder / f"{name}.log"
        with log.open("ab") as words:
            self.parts[name] = subprocess.Popen(
                command,
                cwd=BASE,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=words,
                stderr=words,
                start_new_session=True,
            )
        if name in {"web", "all"}:
            wait_for(lambda: answers(self.port), name, self.parts[name], log, 90)

    def kill(self, name: str) -> None:
        """Ends the part and all its children at once, as a machine that loses power would."""
        process = self.parts.pop(name)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)

    def end(self, *names: str) -> None:
        for name in names or list(self.parts):
            stop(self.parts.pop(name))

    def knock(self) -> None:
        """What the scheduler sends every 20 seconds."""
        with suppress(Exception):
            self.send("lms.outbox.tasks.run_due_jobs")
            self.send("lms.outbox.tasks.send_waiting_mail")

    def send(self, task: str, *arguments) -> None:
        app = Celery(broker=self.valkey.url if self.valkey else "filesystem://", set_as_current=False)
        if not self.valkey:
            queue = str(self.folder / "queue")
            app.conf.broker_transport_options = {
                "data_folder_in": queue,
                "data_folder_out": queue,
                "control_folder": str(self.folder / "queue-control"),
            }
        with app.connection_for_write() as connection:
            app.send_task(task, args=arguments, connection=connection, retry=False)

    def sql(self, query: str, *values) -> list[tuple]:
        """Runs SQL with ? for values; times are given as datetime."""
        if self.postgres:
            with psycopg.connect(self.env["DATABASE_URL"]) as connection:
                cursor = connection.execute(query.replace("?", "%s"), values)
                return cursor.fetchall() if cursor.description else []
        given = [value.strftime("%Y-%m-%d %H:%M:%S.%f") if isinstance(value, datetime) else value for value in values]
        with closing(sqlite3.connect(self.folder / "db.sqlite3", timeout=20)) as connection, connection:
            return connection.execute(query, given).fetchall()

    def skip_waiting(self) -> None:
        """Puts the clock forward for what waits for its next try."""
        now = datetime.now(UTC)
        for table in ("outbox_outgoingmail", "outbox_job"):
            self.sql(f"UPDATE {table} SET due_at = ? WHERE state = 'waiting' AND due_at > ?", now, now)

    def skip_claims(self, seconds: int) -> None:
        """Puts the clock forward for claims older than `seconds`, which only the dead can hold."""
        now = datetime.now(UTC)
        before = now - timedelta(seconds=seconds)
        self.sql("UPDATE outbox_job SET due_at = ? WHERE state = 'running' AND started_at < ?", now, before)
        self.sql(
            "UPDATE outbox_outgoingmail SET due_at = ? WHERE state = 'sending' AND due_at < ?",
            now - timedelta(hours=1),
            before,
        )

    def drain(self, done, seconds: float, *, claims: int = 0, waits: bool = True) -> float:
        """Knocks until `done()`; gives the seconds it took, and raises TimeoutError after `seconds`."""
        started = time.monotonic()
        while not done():
            if time.monotonic() - started > seconds:
                raise TimeoutError(f"Not done after {seconds:.0f} s")
            if waits:
                self.skip_waiting()
            if claims:
                self.skip_claims(claims)
            self.knock()
            time.sleep(1.5)
        return time.monotonic() - started

    def mails(self, *states: str) -> int:
        """How many mails are in one of these states."""
        marks = ", ".join("?" * len(states))
        return self.sql(f"SELECT count(*) FROM outbox_outgoingmail WHERE state IN ({marks})", *states)[0][0]

    def truth(self) -> dict:
        """What is stored, as the product itself reads it."""
        return json.loads(self.ask("truth()").splitlines()[-1])

    def ask(self, call: str) -> str:
        return manage(self.env, "shell", "--no-imports", "-c", f"from tests.drills import ground; ground.{call}")

    def words(self) -> str:
        """How far mails and jobs are, and the last words of every part, for a drill that failed."""
        states = []
        for table in ("outbox_outgoingmail", "outbox_job"):
            with suppress(Exception):  # the database may be what failed
                states.append(
                    self.sql(f"SELECT state, error, tries, count(*) FROM {table} GROUP BY state, error, tries")
                )
        logs = sorted(self.folder.glob("*.log"))
        said = [f"--- {log.name}\n{log.read_text(errors='replace')[-1500:]}" for log in logs]
        return "\n".join([*map(str, states), *said])

    def close(self) -> None:
        self.end()
        self.sink.close()


class Builder:
    """Prepares a database and a folder once for each set-up, and gives each drill a copy."""

    def __init__(self, folder: Path, fresh: int, finished: int):
        self.folder, self.fresh, self.finished = folder, fresh, finished
        self.postgres: Postgres | None = None
        self.people: dict[str, list] = {}
        self.count = 0

    def house(self, setup: str) -> House:
        if setup not in self.people:
            self._prepare(setup)
        self.count += 1
        folder = self.folder / f"{self.count:02}-{setup}"
        shutil.copytree(self.folder / setup, folder, symlinks=True)
        sink, port = Sink(), free_port()
        extra = {"SMTP_URL": sink.url, "PORT": str(port), "SITE_URL": f"http://127.0.0.1:{port}"}
        house = House(setup, folder, {}, port, sink, self.people[setup])
        if setup == SERVICES:
            house.postgres, house.valkey = self.postgres, Valkey()
            extra |= {"DATABASE_URL": self.postgres.copy(f"drill_{self.count}"), "VALKEY_URL": house.valkey.url}
        house.env = self._environment(folder, **extra)
        return house

    def drop(self, house: House) -> None:
        house.close()
        if house.valkey:
            house.valkey.remove()
        if house.postgres:
            name = urlsplit(house.env["DATABASE_URL"]).path.lstrip("/")
            with psycopg.connect(self.postgres.url("template1"), autocommit=True) as connection:
                connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    def remove(self) -> None:
        if self.postgres:
            self.postgres.remove()

    def _environment(self, folder: Path, **extra: str) -> dict[str, str]:
        return environment(folder, **SECRETS, **{"DEMO": "", "SITE_URL": "http://127.0.0.1:8000"} | extra)

    def _prepare(self, setup: str) -> None:
        folder = new_folder(self.folder / setup)
        env = self._environment(folder, SMTP_URL="smtp://127.0.0.1:9")
        if setup == SERVICES:
            self.postgres = Postgres()
            env |= {"DATABASE_URL": self.postgres.url()}
        for name in ("queue", "queue-control", "files"):
            (folder / name).mkdir(exist_ok=True)
        manage(env, "migrate", "--verbosity=0")
        if not (folder / "static").exists():
            built = next(iter(self.folder.glob("*/static")), None)
            if built:
                shutil.copytree(built, folder / "static")
            else:
                manage(env, "collectstatic", "--verbosity=0", "--no-input")
        printed = manage(env, "shell", "--no-imports", "-c", PREPARE.format(fresh=self.fresh, finished=self.finished))
        self.people[setup] = json.loads(printed.splitlines()[-1])
