"""Real servers and a migrated folder, started once for the stage."""

from itertools import count

import psycopg
import pytest

from tests.live.object_store import object_store
from tests.live.postgres import postgres
from tests.live.processes import NotReady
from tests.live.product import copied, environment, manage, new_folder, prepared
from tests.live.valkey import valkey


def _started(server):
    """What the server gives; the test is left out, with the reason, where the server cannot be had."""
    try:
        with server() as address:
            yield address
    except (ImportError, NotReady) as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def postgres_url():
    yield from _started(postgres)


@pytest.fixture(scope="session")
def valkey_url():
    yield from _started(valkey)


@pytest.fixture(scope="session")
def bucket():
    yield from _started(object_store)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory):
    folder = new_folder(tmp_path_factory.mktemp("migrated") / "var")
    manage(environment(folder), "migrate", "--verbosity=0")
    return folder


@pytest.fixture
def folder(migrated, tmp_path):
    """A folder with a migrated SQLite database, for one test."""
    return copied(migrated, tmp_path / "var")


@pytest.fixture(scope="session")
def new_database(postgres_url):
    """A function that makes an empty database on the real PostgreSQL and gives its DATABASE_URL."""
    numbers = count(1)

    def make() -> str:
        name = f"empty{next(numbers)}"
        with psycopg.connect(postgres_url, autocommit=True) as server:
            server.execute(f"CREATE DATABASE {name}")
        return postgres_url.rsplit("/", 1)[0] + f"/{name}"

    return make


@pytest.fixture(scope="session")
def lived_in(tmp_path_factory):
    """A folder with the demo on SQLite, in which two people have taken the whole course."""
    folder = prepared(tmp_path_factory.mktemp("lived-in") / "var")
    manage(environment(folder), "shell", "--no-imports", "-c", "from tests.live.life import live; live()")
    return folder
