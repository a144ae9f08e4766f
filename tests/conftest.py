"""What every test has: a clean cache, a database with what migrations made, a few people, a small course."""

import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.utils import translation
from pytest_django.plugin import blocking_manager_key

from tests import one_table, people
from tests.kept_rows import KeptRows
from tests.small_course import SmallCourse, the_small_course

kept_rows = KeptRows()
one_table.guard_updates()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Notes what migrations made, so that a test with real transactions can put it back."""
    with django_db_blocker.unblock():
        kept_rows.note(connection)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    for item in items:
        marker = item.get_closest_marker("django_db")
        if marker and (marker.kwargs.get("transaction") or marker.args):
            # Keeps Django from writing permissions anew after such a test: `kept_rows` puts everything back.
            item.fixturenames.append("django_db_serialized_rollback")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item):
    """Django empties the database after a test with real transactions; the next test wants roles and root page."""
    result = yield
    if "django_db_serialized_rollback" in item.fixturenames:
        with item.config.stash[blocking_manager_key].unblock():
            kept_rows.put_back(connection)
    return result


@pytest.fixture(autouse=True)
def clean_caches():
    for name in ("default", "content"):
        caches[name].clear()


@pytest.fixture(autouse=True)
def our_language():
    """A page in another language leaves that language behind in its thread: the next test begins in ours."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture
def learner(db):
    return people.make_learner()


@pytest.fixture
def other_learner(db):
    return people.make_other_learner()


@pytest.fixture
def mentor(db):
    return people.make_mentor()


@pytest.fixture
def editor(db):
    return people.make_editor()


@pytest.fixture
def admin(db):
    return people.make_admin()


@pytest.fixture
def course(db) -> SmallCourse:
    """Two modules of two lessons, with a check of each kind and a prompt; published, ids are fixed."""
    return the_small_course()


@pytest.fixture
def signed_in():
    """A function that gives a test client in which this person is signed in."""

    def client_of(user) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return client_of


@pytest.fixture
def learner_client(learner, signed_in) -> Client:
    return signed_in(learner)
