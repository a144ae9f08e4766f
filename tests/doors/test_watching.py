"""What is told of requests: enough to find a fault by its id, and nothing of anybody (16.2, P5)."""

import io
import json
import logging
import re
import time
from unittest import mock

import pytest
from celery import Celery
from celery.contrib.testing.worker import start_worker
from django.core import mail
from django.test import Client
from django.urls import reverse

from lms.home import views
from lms.outbox.models import Job, OutgoingMail
from lms.watching import JsonLines, request_id
from tests.accounts.conftest import last_code
from tests.doors.payloads import PAYLOADS
from tests.people import PASSWORD
from tests.small_course import PROMPT, RIGHT, SINGLE

FIRST = "/kurs/lite-kurs/modul-1/leksjon-1/"


@pytest.fixture
def lines():
    """All that is logged, at any level, in the form it has in production. A function that gives it line by line."""
    stream, root = io.StringIO(), logging.getLogger()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    known = [logging.getLogger(name) for name in ("refleks.request", "django.request", "refleks.doors")]
    levels = [(logger, logger.level) for logger in (root, *known)]
    for logger, _level in levels:
        logger.setLevel(logging.DEBUG)
    root.addHandler(handler)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.removeHandler(handler)
    for logger, level in levels:
        logger.setLevel(level)


def told(lines, name: str) -> list[dict]:
    return [line for line in lines() if line["logger"] == name]


def test_a_request_is_one_line_with_its_route_and_not_its_path(client, db, lines):
    client.get(f"/kursbevis/{'7' * 28}/?hvem=ingrid", headers={"x-request-id": "fra-proxyen-1"})

    [line] = told(lines, "refleks.request")
    assert {name: line[name] for name in line if name not in {"time", "milliseconds"}} == {
        "level": "INFO",
        "logger": "refleks.request",
        "message": "answered",
        "request_id": "fra-proxyen-1",
        "method": "GET",
        "route": "kursbevis/<str:code>/",
        "status": 404,
    }


def test_the_answer_carries_the_id(client, db):
    assert client.get("/healthz", headers={"x-request-id": "fra-proxyen-1"})["X-Request-ID"] == "fra-proxyen-1"


@pytest.mark.parametrize(
    "given", ["", "kort", "med mellomrom i", "a" * 65, "linje\\nskift", '{"level": "x"}', "æøåæøåæøå"]
)
def test_an_id_that_is_no_plain_word_is_replaced(client, db, given):
    assert re.fullmatch(r"[0-9a-f]{32}", client.get("/healthz", headers={"x-request-id": given})["X-Request-ID"])


def test_what_django_says_of_a_refused_request_has_its_id_too(client, db, lines):
    client.get("/finnes-ikke/", headers={"x-request-id": "fra-proxyen-1"})

    assert [(line["level"], line["request_id"]) for line in told(lines, "django.request")] == [
        ("WARNING", "fra-proxyen-1")
    ]


def test_each_request_has_an_id_of_its_own(client, db):
    assert client.get("/healthz")["X-Request-ID"] != client.get("/healthz")["X-Request-ID"]


def test_a_fault_is_told_with_its_place_and_shown_with_its_id(db, lines):
    client = Client(raise_request_exception=False)
    with mock.patch.object(views, "render", side_effect=ValueError("Key (email)=(ingrid@example.org) already exists")):
        answer = client.get("/farge-1e5b57.css", headers={"x-request-id": "fra-proxyen-1"})

    [line] = told(lines, "django.request")
    assert (answer.status_code, "fra-proxyen-1" in answer.content.decode()) == (500, True)
    assert (line["fault"], line["request_id"], "ingrid" in json.dumps(line)) == ("ValueError", "fra-proxyen-1", False)
    assert any("/lms/home/views.py" in place and "accent_stylesheet" in place for place in line["at"])


def test_others_words_are_not_passed_on(lines):
    logging.getLogger("library").warning("Could not mail %s", "ingrid@example.org")
    logging.getLogger("library").warning("Could not mail ingrid@example.org")

    assert [line["message"] for line in told(lines, "library")] == ["Could not mail %s", "test_watching"]


def test_hostile_words_make_no_line_of_their_own(client, db, lines):
    client.get("/kurs/%0a%7b%22level%22:%22ERROR%22%7d/", headers={"user-agent": 'x\n{"level": "ERROR"}'})

    assert {line["level"] for line in lines()} <= {"INFO", "DEBUG", "WARNING"}


def test_sign_ins_are_told_and_nobody_is_named(client, learner, lines):
    client.post(reverse("account_login"), {"login": learner.email, "password": "ikke-riktig-passord"})
    client.post(reverse("account_login"), {"login": learner.email, "password": PASSWORD})

    assert [line["message"] for line in told(lines, "refleks.doors")] == ["sign-in refused", "signed in"]


def test_no_line_holds_anything_of_a_person(client, course, lines):
    """A person signs up, signs in, writes, and types everything hostile we know into every field."""
    person = {"name": "Kanariella Gulfjær", "email": "kanariella@example.org", "sector": "kindergarten"}
    secrets = [*person.values()][:2] + ["Notatkanari", "ip-203.0.113.77", "Kanariensvei", "agentkanari", "sporkanari"]
    headers = {"user-agent": "agentkanari", "referer": "https://sporkanari.example/", "x-forwarded-for": "203.0.113.77"}
    client.post("/konto/signup/", person | {"workplace": "Kanariensvei"}, headers=headers)
    secrets.append(last_code())
    client.post("/konto/confirm-email/", {"code": secrets[-1]}, headers=headers)
    client.post("/kurs/lite-kurs/pamelding/", headers=headers)
    client.post(f"{FIRST}svar/{SINGLE}/", {"answer": str(RIGHT)}, headers=headers)
    client.post(f"/kurs/lite-kurs/modul-2/leksjon-3/notat/{PROMPT}/", {"text": "Notatkanari"}, headers=headers)
    for address in (
        FIRST,
        "/min-side/",
        "/notatbok/",
        "/konto/",
        "/kurs/?q=sporkanari",
        "/sporkanari/",
        "/kursbevis/?code=sporkanari",
    ):
        client.get(address, headers=headers)
    client.post("/konto/mine-data/", headers=headers)
    client.post("/konto/logout/", headers=headers)
    client.post("/konto/login/code/", {"email": person["email"]}, headers=headers)
    secrets.append(last_code())
    client.post("/konto/login/code/confirm/", {"code": secrets[-1]}, headers=headers)
    secrets.append(client.cookies["session"].value)
    client.post("/konto/password/reset/", {"email": person["email"]}, headers=headers)
    secrets += re.findall(r"/key/(\S+)", mail.outbox[-1].body)
    for payload in PAYLOADS[:20]:
        hostile = f"sporkanari{payload}"
        fields = dict.fromkeys(
            ("name", "email", "login", "password", "code", "text", "answer", "workplace", "version"), hostile
        )
        for address in (
            "/konto/",
            "/konto/login/",
            "/konto/login/code/",
            "/konto/email/",
            f"{FIRST}svar/{SINGLE}/",
            f"{FIRST}ferdig/",
        ):
            client.post(address, fields, headers=headers)
        client.get("/kursbevis/", {"code": hostile}, headers=headers)

    said = json.dumps(lines(), ensure_ascii=False)
    assert len(told(lines, "refleks.request")) > 140
    assert [secret for secret in [*secrets, "203.0.113", "127.0.0.1", "Kanari", "kanari"] if secret in said] == []


METRICS = "/metrics"


def numbers(client, **headers) -> dict[str, float]:
    """The numbers by name and labels."""
    answer = client.get(METRICS, headers=headers)
    assert answer.status_code == 200
    rows = (line.rpartition(" ") for line in answer.content.decode().splitlines() if not line.startswith("#"))
    return {name: float(value) for name, _space, value in rows}


def test_requests_are_counted_by_route_and_status(client, db):
    counter = 'refleks_request_seconds_count{method="GET",route="kursbevis/<str:code>/",status="404"}'
    before = numbers(client).get(counter, 0)

    client.get(f"/kursbevis/{'7' * 28}/")

    assert numbers(client)[counter] == before + 1


def test_what_waits_is_counted_with_its_age(client, db, time_machine):
    for state in ("waiting", "waiting", "failed"):
        OutgoingMail.objects.create(to="a@example.org", subject="x", state=state, due_at="2026-11-22T10:00Z")
    Job.objects.create(key="a", task="x", state="failed", due_at="2026-11-22T10:00Z")
    time_machine.move_to("2026-11-22T10:05:00+00:00", tick=False)

    found = numbers(client)

    assert (found['refleks_mails{state="waiting"}'], found['refleks_mails{state="failed"}']) == (2, 1)
    assert found["refleks_mails_oldest_seconds"] == 300
    assert (found['refleks_jobs{state="failed"}'], found["refleks_jobs_oldest_seconds"]) == (1, 0)
    assert found["refleks_certificates_waiting"] == 0


def test_a_certificate_that_waits_is_counted(client, attempt, finish, settings):
    settings.CERTIFICATE_GRACE_DAYS = -1
    finish(4)

    assert numbers(client)["refleks_certificates_waiting"] == 1


def test_numbers_are_for_this_machine_when_there_is_no_token(client, db):
    assert client.get(METRICS).status_code == 200
    assert client.get(METRICS, REMOTE_ADDR="10.0.0.7").status_code == 404
    assert client.get(METRICS, headers={"x-forwarded-for": "127.0.0.1"}).status_code == 404


def test_numbers_are_for_the_token_when_there_is_one(client, db, settings):
    settings.METRICS_TOKEN = "et-langt-og-tilfeldig-merke-for-prometheus"

    assert client.get(METRICS).status_code == 404
    assert client.get(METRICS, headers={"authorization": "Bearer feil"}).status_code == 404
    right = {"authorization": f"Bearer {settings.METRICS_TOKEN}"}
    assert client.get(METRICS, headers=right, REMOTE_ADDR="10.0.0.7").status_code == 200


def test_no_number_names_a_person_or_a_path(learner_client, learner, course):
    learner_client.get(FIRST)
    learner_client.get("/finnes-ikke-kanari/")

    said = learner_client.get(METRICS).content.decode()
    assert [word for word in (learner.email, learner.name, "kanari", "lite-kurs", "leksjon-1") if word in said] == []


def test_a_task_carries_the_id_of_the_request_that_caused_it(lines):
    seen, queue = [], Celery("prove", broker="memory://", set_as_current=False)

    @queue.task(name="prove")
    def look():
        seen.append(request_id.get())

    with start_worker(queue, perform_ping_check=False, pool="solo", loglevel="error"):
        request_id.set("fra-proxyen-1")
        look.apply_async()
        request_id.set("")
        look.apply_async(task_id="oppgave-2")
        deadline = time.monotonic() + 20
        while len(seen) < 2 and time.monotonic() < deadline:
            time.sleep(0.05)

    assert seen == ["fra-proxyen-1", "oppgave-2"]
