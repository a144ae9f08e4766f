"""What a person reads when the database is away, and when the fault is ours."""

import pytest
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.test import Client

from lms.home import mypage


@pytest.fixture
def unlucky(learner_client, monkeypatch):
    def visit(error) -> tuple:
        def fail(*_arguments):
            raise error

        monkeypatch.setattr(mypage, "my_page_of", fail)
        learner_client.raise_request_exception = False
        return learner_client.get("/min-side/")

    return visit


@pytest.mark.parametrize("error", [OperationalError("gone"), InterfaceError("closed")])
def test_a_database_that_is_away_is_a_short_pause(unlucky, error):
    answer = unlucky(error)

    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "Refleks tar en liten pause" in answer.content.decode()


def test_a_fault_of_ours_is_no_pause(unlucky):
    answer = unlucky(ValueError())

    assert (answer.status_code, answer.has_header("Retry-After")) == (500, False)
    assert "Noe gikk galt hos oss" in answer.content.decode()


def test_a_question_that_the_database_cannot_read_is_no_pause(learner_client, monkeypatch):
    def ask_badly(*_arguments):
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM there_is_no_such_table")

    monkeypatch.setattr(mypage, "my_page_of", ask_badly)
    learner_client.raise_request_exception = False

    assert learner_client.get("/min-side/").status_code == 500


def test_the_pause_needs_no_database(db, monkeypatch):
    def refuse(*_arguments, **_options):
        raise OperationalError("gone")

    with monkeypatch.context() as away:
        away.setattr("django.db.backends.utils.CursorWrapper._execute_with_wrappers", refuse)
        answer = Client(raise_request_exception=False).get("/")

    assert answer.status_code == 503


@pytest.mark.parametrize("case", [(OperationalError("gone"), 503), (DatabaseError("no such row"), 400)])
def test_a_session_that_cannot_be_saved_while_the_database_is_away_is_a_pause(client, db, settings, monkeypatch, case):
    error, status = case

    def refuse(*_arguments, **_options):
        raise error

    client.post("/konto/login/code/", {"email": "nobody@example.org"})
    settings.SESSION_SAVE_EVERY_REQUEST = True
    monkeypatch.setattr("django.contrib.sessions.models.Session.save", refuse)
    client.raise_request_exception = False

    assert client.get("/kursbevis/").status_code == status


@pytest.mark.parametrize(
    "sent",
    [
        ("application/x-www-form-urlencoded; charset=utf-16", b"a=1"),
        ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % number for number in range(5001))),
        ("multipart/form-data", b"a=1"),
    ],
)
def test_what_cannot_be_read_is_said_in_words(learner, sent):
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(learner)
    client.get("/konto/")

    answer = client.post("/konto/", sent[1], content_type=sent[0])

    assert answer.status_code == 400
    assert "Vi forsto ikke det som ble sendt" in answer.content.decode()
