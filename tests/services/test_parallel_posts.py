"""Fifty identical posts at the same moment, against the running product, have one effect (R2)."""

import re

import pytest
import requests

from tests.live.product import Product, copied, environment, manage, new_folder, parallel, prepared, product

TIMES = 50
COURSE = "/kurs/grunnleggende-barnepalliasjon/"
COUNT = """
from modules.models import Attempt, Enrolment, LessonCompletion
print(Enrolment.objects.count(), Attempt.objects.count(), LessonCompletion.objects.count())
"""


@pytest.fixture(scope="module")
def on_sqlite(tmp_path_factory):
    folder = prepared(tmp_path_factory.mktemp("prepared") / "var")
    with product(copied(folder, tmp_path_factory.mktemp("product") / "var")) as running:
        yield running


@pytest.fixture(scope="module")
def on_postgres(tmp_path_factory, postgres_url, valkey_url):
    services = {"DATABASE_URL": postgres_url, "VALKEY_URL": valkey_url}
    folder = new_folder(tmp_path_factory.mktemp("postgres") / "var")
    manage(environment(folder, **services), "prepare_demo")
    with product(folder, **services) as running:
        yield running


@pytest.mark.parametrize("where", ["on_sqlite", "on_postgres"])
def test_fifty_enrolments_and_fifty_endings_are_one_each(where, request):
    refleks = request.getfixturevalue(where)
    learner = _signed_in(refleks)
    before = _counted(refleks)
    enrolled = parallel(TIMES, lambda _number: _post(refleks, learner, f"{COURSE}pamelding/"))
    first = f"{COURSE}hva-er-barnepalliasjon/velkommen/"
    finished = parallel(TIMES, lambda _number: _post(refleks, learner, f"{first}ferdig/"))
    assert set(enrolled) == set(finished) == {302}
    assert [now - then for now, then in zip(_counted(refleks), before, strict=True)] == [1, 1, 1]


def _signed_in(refleks: Product) -> requests.Session:
    session = requests.Session()
    page = session.get(f"{refleks.url}/konto/login/", timeout=30).text
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    answer = {"login": "learner@example.org", "password": "stille-lys-over-fjorden", "csrfmiddlewaretoken": token}
    assert session.post(f"{refleks.url}/konto/login/", data=answer, timeout=30).url == f"{refleks.url}/min-side/"
    return session


def _post(refleks: Product, learner: requests.Session, path: str) -> int:
    """A post in a connection of its own with the learner's cookies; gives the status."""
    cookies = learner.cookies.get_dict()
    answer = {"csrfmiddlewaretoken": cookies["csrf"]}
    url = f"{refleks.url}{path}"
    return requests.post(url, data=answer, cookies=cookies, allow_redirects=False, timeout=60).status_code


def _counted(refleks: Product) -> list[int]:
    return [int(word) for word in manage(refleks.env, "shell", "--no-imports", "-c", COUNT).split()]
