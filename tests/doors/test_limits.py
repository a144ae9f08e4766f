"""Limits hold whoever one claims to be: with spoofed headers, other spellings, and the cache away (2.4.1, 6.3.1)."""

import threading
import time
from pathlib import Path

import pytest
from django.core.cache import caches
from django.test import Client
from django.urls import reverse

from lms import steady_cache
from lms.steady_cache import FolderCache
from tests.accounts.conftest import CODE
from tests.doors.failing_cache import FailingCache
from tests.people import PASSWORD

FOLDER = {"BACKEND": "lms.steady_cache.FolderCache"}
DOWN = {"BACKEND": "tests.doors.failing_cache.FailingCache"}
TOO_MANY = "Det har vært for mange forsøk. Vent noen minutter og prøv igjen."
UNKNOWN_CODE = f"/kursbevis/{'0' * 28}/"


@pytest.fixture
def ways(settings, tmp_path):
    """A function that says which caches there are, the first one first."""

    def have(**caches_by_name):
        names = {name: {**cache, "LOCATION": str(tmp_path / name)} for name, cache in caches_by_name.items()}
        steady = {"BACKEND": "lms.steady_cache.SteadyCache", "OPTIONS": {"WAYS": list(names)}}
        settings.CACHES = {"default": steady, **names, "content": settings.CACHES["content"]}
        steady_cache._resting.clear()

    yield have
    steady_cache._resting.clear()


def sign_in(client: Client, email: str, password: str = "ikke-riktig-passord", **headers) -> str:
    """What the sign-in says: `in`, `wrong`, or `too many`."""
    answer = client.post(reverse("account_login"), {"login": email, "password": password}, headers=headers)
    if answer.status_code == 302:
        return "in"
    return "too many" if answer.status_code == 429 or TOO_MANY in answer.content.decode() else "wrong"


def attempts(count: int, **headers) -> list[str]:
    """The answers to `count` wrong passwords for as many people from one machine."""
    return [sign_in(Client(), f"nobody{number}@example.org", **headers) for number in range(count)]


def test_one_machine_gets_ten_wrong_passwords_a_minute(db):
    assert attempts(11) == ["wrong"] * 10 + ["too many"]


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Real-IP", "Forwarded", "CF-Connecting-IP", "True-Client-IP"])
def test_another_address_in_a_header_makes_no_other_machine(db, header):
    answers = [sign_in(Client(), f"n{n}@example.org", **{header: f"203.0.113.{n}"}) for n in range(11)]

    assert answers == ["wrong"] * 10 + ["too many"]


def test_behind_a_proxy_only_what_the_proxy_added_counts(db, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1

    spoofed = [
        sign_in(Client(), f"n{n}@example.org", x_forwarded_for=f"203.0.113.{n}, 198.51.100.7") for n in range(11)
    ]
    other = sign_in(Client(), "annen@example.org", x_forwarded_for="203.0.113.1, 198.51.100.8")

    assert (spoofed, other) == (["wrong"] * 10 + ["too many"], "wrong")


@pytest.mark.parametrize(
    "spellings",
    [
        ["learner@example.org"] * 5,
        [
            "learner@example.org",
            "LEARNER@example.org",
            "Learner@Example.Org",
            " learner@example.org",
            "lEARNER@example.ORG",
        ],
        [
            "learner@example.org",
            "léarner@example.org",
            "learnér@example.org",
            "lеarner@example.org",
            "learner@exämple.org",
        ],
    ],
    ids=["the same", "upper and lower case", "accents"],
)
def test_five_wrong_passwords_shut_an_address_however_it_is_spelt(learner, settings, spellings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for number, spelling in enumerate(spellings):
        sign_in(Client(), spelling, x_forwarded_for=f"198.51.100.{number}")
    rest = 5 - sum(spelling.strip().lower() == learner.email for spelling in spellings)
    for number in range(rest):
        sign_in(Client(), learner.email, x_forwarded_for=f"198.51.101.{number}")

    assert sign_in(Client(), learner.email, PASSWORD, x_forwarded_for="192.0.2.1") == "too many"


def test_three_codes_a_minute_go_to_an_address_however_it_is_spelt(learner, settings, mailoutbox):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for number, spelling in enumerate(["learner@example.org", "LEARNER@example.org", "Learner@example.org"] * 2):
        where = {"x-forwarded-for": f"198.51.100.{number}"}
        Client().post(reverse("account_request_login_code"), {"email": spelling}, headers=where)

    assert len([mail for mail in mailoutbox if CODE.search(mail.body)]) == 3


def test_a_code_may_be_guessed_five_times(learner, client):
    client.post(reverse("account_request_login_code"), {"email": learner.email})
    answers = [client.post(reverse("account_confirm_login_code"), {"code": "AAA-AAA"}).status_code for _try in range(6)]

    assert answers[:4] == [200] * 4
    assert answers[4:] == [302, 302]
    assert "_auth_user_id" not in client.session


def test_certificates_are_looked_up_thirty_times_a_minute_from_one_machine(db):
    answers = [Client().get(UNKNOWN_CODE, headers={"x-forwarded-for": f"203.0.113.{n}"}).status_code for n in range(31)]

    assert answers == [404] * 30 + [429]


def test_the_limit_holds_while_the_first_cache_is_away(db, ways):
    ways(valkey=DOWN, folder=FOLDER)

    assert attempts(11) == ["wrong"] * 10 + ["too many"]


def test_nobody_signs_in_and_nothing_falls_over_when_no_cache_answers(learner, ways):
    ways(valkey=DOWN)

    assert sign_in(Client(), learner.email, PASSWORD) == "too many"


@pytest.mark.parametrize("address", ["/", "/kurs/", "/kurs/lite-kurs/", "/konto/login/", "/finnes-ikke/", "/healthz"])
def test_public_pages_are_as_before_when_no_cache_answers(client, course, ways, address):
    before = client.get(address).status_code
    ways(valkey=DOWN)
    caches["content"].clear()
    FailingCache.asked = 0

    assert client.get(address).status_code == before


def test_a_lesson_is_read_and_written_in_when_no_cache_answers(learner_client, learner, course, ways):
    ways(valkey=DOWN)

    assert learner_client.post("/kurs/lite-kurs/pamelding/").status_code == 302
    assert learner_client.get("/kurs/lite-kurs/modul-1/leksjon-1/").status_code == 200
    assert learner_client.get("/min-side/").status_code == 200


def test_editors_go_on_when_no_cache_answers(editor, signed_in, course, ways):
    ways(valkey=DOWN)

    assert signed_in(editor).get(f"/cms/pages/{course.page.pk}/edit/").status_code == 200


def test_the_check_of_certificates_says_calmly_to_wait_when_no_cache_answers(client, db, ways):
    ways(valkey=DOWN)

    answer = client.get(UNKNOWN_CODE)

    assert (answer.status_code, answer["Retry-After"]) == (429, "60")


def test_a_cache_that_is_away_is_left_alone_for_a_while(ways):
    ways(valkey=DOWN, folder=FOLDER)
    FailingCache.asked = 0

    for number in range(20):
        caches["default"].set(f"key-{number}", number)

    assert (FailingCache.asked, caches["default"].get("key-19")) == (1, 19)


def test_a_cache_that_is_back_is_asked_again(ways, monkeypatch):
    ways(valkey=DOWN, folder=FOLDER)
    caches["default"].get("key")
    FailingCache.asked = 0

    monkeypatch.setattr(steady_cache.time, "monotonic", lambda: float("inf"))
    caches["default"].get("key")

    assert FailingCache.asked == 1


def test_of_many_at_once_one_adds_a_key(tmp_path):
    cache, added, start = FolderCache(str(tmp_path), {}), [], threading.Barrier(12)

    def add(number):
        start.wait()
        added.append(cache.add("lock", number))

    threads = [threading.Thread(target=add, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(added) == [False] * 11 + [True]
    assert len(list(Path(tmp_path).iterdir())) == 1


def test_a_key_whose_time_is_over_can_be_added_again(tmp_path):
    cache = FolderCache(str(tmp_path), {})

    assert (cache.add("lock", 1, timeout=-1), cache.add("lock", 2), cache.get("lock")) == (True, True, 2)


def test_a_folder_that_was_deleted_is_made_again(tmp_path):
    cache = FolderCache(str(tmp_path / "cache"), {})
    (tmp_path / "cache").rmdir()

    assert (cache.add("lock", 1), cache.get("lock"), cache.set("lock", 2), cache.get("lock")) == (True, 1, None, 2)
    assert len(list((tmp_path / "cache").iterdir())) == 1


def test_thirty_a_minute_is_thirty_also_when_the_first_was_a_minute_ago(client, db, monkeypatch):
    start, now = time.time(), [0]
    monkeypatch.setattr(time, "time", lambda: start + now[0])
    answers = []
    for now[0] in [0, *[59] * 30, *[61] * 2]:
        answers.append(client.get(UNKNOWN_CODE).status_code)

    assert answers == [404] * 30 + [429] + [404, 429]
