"""How long the database is waited for, as settings; tests/services/ sees what PostgreSQL makes of them (D12, D30)."""

from lms.environment import database
from lms.patience import JOBS, PAGES, wait_no_longer

URL = "postgres://refleks:secret@database.example.org/refleks"


def test_a_server_that_is_away_is_noticed():
    options = database(URL)["OPTIONS"]

    assert (options["connect_timeout"], options["tcp_user_timeout"]) == (5, 10_000)
    assert "options" not in options


def test_pages_and_jobs_get_limits_and_keep_the_connection():
    found = []
    for limits in (PAGES, JOBS):
        databases = {"default": database(URL)}
        wait_no_longer(databases, limits)
        found.append(databases["default"]["OPTIONS"]["options"])
        assert databases["default"]["CONN_MAX_AGE"] is None

    assert found == ["-c lock_timeout=5s -c statement_timeout=30s", "-c lock_timeout=60s -c statement_timeout=0"]


def test_what_the_address_says_holds():
    databases = {"default": database(f"{URL}?sslmode=require&connect_timeout=9&options=-c%20lock_timeout%3D1s")}

    wait_no_longer(databases, PAGES)

    options = databases["default"]["OPTIONS"]
    assert (options["sslmode"], int(options["connect_timeout"])) == ("require", 9)
    assert options["options"].endswith("-c lock_timeout=1s")


def test_sqlite_is_left_alone():
    databases = {"default": database("sqlite:////tmp/x.sqlite3")}
    before = dict(databases["default"])

    wait_no_longer(databases, PAGES)

    assert databases["default"] == before
