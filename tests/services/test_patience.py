"""Locks that somebody holds and questions without end, on the real PostgreSQL: a pause, and nothing half done (D12)."""

import re
import subprocess
import sys
import time

import psycopg
import pytest
import requests

from tests.live.product import BASE, environment, manage, new_folder, product

COURSE = "/kurs/grunnleggende-barnepalliasjon/"
SHOW = """
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("SELECT current_setting('lock_timeout'), current_setting('statement_timeout')")
    print(*cursor.fetchone())
"""


@pytest.fixture(scope="module")
def on_postgres(tmp_path_factory, postgres_url, valkey_url):
    with psycopg.connect(postgres_url, autocommit=True) as server:
        server.execute("CREATE DATABASE impatient")
    services = {"DATABASE_URL": postgres_url.rsplit("/", 1)[0] + "/impatient", "VALKEY_URL": valkey_url}
    folder = new_folder(tmp_path_factory.mktemp("impatient") / "var")
    manage(environment(folder, **services), "prepare_demo")
    return folder, services


def test_pages_wait_shortly_and_commands_as_long_as_it_takes(on_postgres):
    folder, services = on_postgres
    env = environment(folder, **services)
    web = [sys.executable, "-c", f"import lms.wsgi\n{SHOW}"]

    assert manage(env, "shell", "--no-imports", "-c", SHOW).split() == ["0", "0"]
    done = subprocess.run(web, cwd=BASE, env=env, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["5s", "30s"]


def test_a_lock_that_is_held_is_a_pause_and_afterwards_all_is_well(on_postgres):
    folder, services = on_postgres
    with product(folder, **services) as refleks, psycopg.connect(services["DATABASE_URL"]) as other:
        learner = _signed_in(refleks.url)
        other.execute("LOCK TABLE modules_enrolment IN ACCESS EXCLUSIVE MODE")
        began = time.monotonic()
        held = _enrol(refleks.url, learner)
        seconds = time.monotonic() - began
        free = requests.get(f"{refleks.url}/kurs/", timeout=30).status_code
        [(before,)] = other.execute("SELECT count(*) FROM modules_enrolment").fetchall()
        other.rollback()
        after = _enrol(refleks.url, learner)
        [(enrolled,)] = other.execute("SELECT count(*) FROM modules_enrolment").fetchall()

    assert (held.status_code, held.headers["Retry-After"], free) == (503, "5", 200)
    assert "Refleks tar en liten pause" in held.text
    assert 4 < seconds < 20
    assert (after.status_code, enrolled - before) == (302, 1)


def _signed_in(url: str) -> requests.Session:
    session = requests.Session()
    page = session.get(f"{url}/konto/login/", timeout=30).text
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    answer = {"login": "learner@example.org", "password": "stille-lys-over-fjorden", "csrfmiddlewaretoken": token}
    assert session.post(f"{url}/konto/login/", data=answer, timeout=30).url == f"{url}/min-side/"
    return session


def _enrol(url: str, learner: requests.Session) -> requests.Response:
    data = {"csrfmiddlewaretoken": learner.cookies["csrf"]}
    return learner.post(f"{url}{COURSE}pamelding/", data=data, allow_redirects=False, timeout=60)
