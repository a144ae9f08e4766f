"""Fills a database with learners by bulk copy and says, as JSON, what there is to ask for.

`python -m tests.bench.seeding LEARNERS FINISHED` runs in the environment of the product that is measured. Learners
are added until there are as many as asked for; those who take part in the measuring are made anew each time.
"""

import json
import sys
import time
import uuid

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model  # noqa: E402
from django.contrib.auth.hashers import make_password  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.db import connection, models  # noqa: E402
from django.utils import timezone  # noqa: E402

from modules.encryption import encrypt  # noqa: E402
from modules.models import Attempt, CheckAnswer, Enrolment, LessonCompletion, NotebookEntry  # noqa: E402
from modules.outline import course_outlines  # noqa: E402
from tests.bench.asking import facts_of  # noqa: E402
from tests.bench.counting import queries_of  # noqa: E402

# Lessons done by every eighth learner: ten and a half on average, so that 300,000 learners have finished three
# million lessons. If all took the whole course it would be twelve million, which is more than a bench can wait for.
PROGRESS = (0, 1, 3, 5, 8, 12, 16, 40)
EVERYBODY = 8
READERS, WRITERS, BURST = 33, 201, 32
COUNTED = 2  # whose certificates are issued to count queries
PASSWORD = "bench-passord-for-alle"
User = get_user_model()


def main(learners: int, finished: int) -> dict:
    """Adds what is missing and returns the facts that the measuring needs."""
    started = time.monotonic()
    course = course_outlines("nb")[0]
    tables = _tables(course)
    missing = learners - User.objects.filter(email__startswith="learner-").count()
    if missing > 0:
        add("learner", missing, course, PROGRESS, answered="a.id %% 8 IN (3, 6)")
        _run("INSERT INTO django_session (session_key, session_data, expire_date) "
             "SELECT 'other' || id, '', %s FROM accounts_user WHERE id %% 3 = 0 "
             "ON CONFLICT DO NOTHING", _now())  # fmt: skip
    people = {
        "readers": _signed_in(add("reader", READERS, course, (12,) * EVERYBODY, answered="c.number <= s.done")),
        "writers": _signed_in(add("writer", WRITERS, course, (0,) * EVERYBODY, answered="1 = 1")),
        "finished": _signed_in(add("finished", finished + COUNTED, course, (40,) * EVERYBODY, answered="1 = 0")),
        "burst": list(_with_password(add("burst", BURST, course, (3,) * EVERYBODY, answered="1 = 0"))),
    }
    _drop(tables)
    if connection.vendor == "postgresql":
        _run("VACUUM ANALYZE")
    facts = facts_of(course) | people | {"seconds": round(time.monotonic() - started, 1), "rows": _rows()}
    # Somebody of their own, so that nobody's notes are a version ahead of what the measuring believes.
    alone = facts | {name: [facts[name].pop()] for name in ("readers", "writers")}
    alone["finished"] = [facts["finished"].pop() for _number in range(COUNTED)]
    return facts | {"queries": queries_of(alone)}


def add(kind: str, count: int, course, done: tuple[int, ...], *, answered: str) -> list:
    """`count` new learners, enrolled; `done[attempt % 8]` lessons finished; `answered` says in SQL which checks are."""
    last = {table: _last(table) for table in ("accounts_user", "modules_enrolment", "modules_attempt")}
    run, now = uuid.uuid4().hex[:6], _now()
    joined = timezone.now()
    for start in range(0, count, 10_000):
        User.objects.bulk_create(
            [
                User(
                    email=f"{kind}-{run}-{number}@example.org",
                    name=f"Kari Nordmann {number}",
                    password="!",
                    date_joined=joined,
                )
                for number in range(start, min(start + 10_000, count))
            ],
            batch_size=1000,
        )
    people, enrolments, attempts = (f"id > {number}" for number in last.values())
    _run(
        f'INSERT INTO account_emailaddress (user_id, email, verified, "primary") SELECT id, email, TRUE, TRUE FROM accounts_user WHERE {people}'
    )
    _run(
        f"INSERT INTO modules_enrolment (learner_id, course_id, course_key, enrolled_at) SELECT id, {course.pk}, %s, %s FROM accounts_user WHERE {people}",
        _stored(course.key),
        now,
    )
    _run(
        f"INSERT INTO modules_attempt (enrolment_id, number, started_at, completed_version) SELECT id, 1, %s, '' FROM modules_enrolment WHERE {enrolments}",
        now,
    )
    _run("DELETE FROM bench_share")
    _run(
        f"INSERT INTO bench_share (part, done) VALUES {', '.join(f'({part}, {lessons})' for part, lessons in enumerate(done))}"
    )
    _progress(f"a.{attempts}", answered, now)
    return list(User.objects.filter(id__gt=last["accounts_user"]).order_by("id")) if kind != "learner" else []


def _progress(attempts: str, answered: str, now) -> None:
    of = f"FROM modules_attempt a JOIN bench_share s ON s.part = a.id %% 8 JOIN bench_{{}} ON {{}} WHERE {attempts}"
    lessons = of.format("lesson l", "l.number <= s.done")
    _run(
        f"INSERT INTO modules_lessoncompletion (attempt_id, lesson_id, lesson_key, completed_at) SELECT a.id, l.page, l.key, %s {lessons} ORDER BY a.id, l.number",
        now,
    )
    modules = of.format("module m", "m.number <= s.done")
    _run(
        f"INSERT INTO modules_modulecompletion (attempt_id, module_key, completed_at) SELECT a.id, m.key, %s {modules}",
        now,
    )
    checks = of.format("check c", "c.number <= s.done OR s.done = 0")
    _run(
        f"INSERT INTO modules_checkanswer (attempt_id, lesson_key, check_id, answer, is_right, tries, answered_at) SELECT a.id, c.lesson, c.key, '[]', TRUE, 1, %s {checks} AND ({answered})",
        now,
    )
    prompts = of.format("prompt p", "p.number <= 3 AND s.done > 3")
    text = encrypt("Jeg tenkte på hvor stille det ble i rommet.", "modules.notebookentry.text")
    _run(
        "INSERT INTO modules_notebookentry (learner_id, course_key, lesson_key, prompt_id, question, text, version, updated_at) "
        f"SELECT e.learner_id, e.course_key, p.lesson, p.key, 'Hva tenkte du?', %s, 1, %s {prompts.replace('WHERE', 'JOIN modules_enrolment e ON e.id = a.enrolment_id WHERE')}",
        text, now,
    )  # fmt: skip
    _run(
        f"UPDATE modules_attempt SET completed_at = %s, completed_version = '1' WHERE {attempts.removeprefix('a.')} AND id %% 8 IN (SELECT part FROM bench_share WHERE done = 40)",
        now,
    )


def _tables(course) -> list[str]:
    """The course as tables for a while, so that the database itself can multiply it."""
    key = models.UUIDField().db_type(connection)
    _run("CREATE TEMPORARY TABLE bench_share (part integer, done integer)")
    lessons = list(enumerate(course.lessons, 1))
    last = {lesson.module_number: number for number, lesson in lessons}
    rows = {
        "lesson": [(number, lesson.pk, lesson.key, lesson.key) for number, lesson in lessons],
        "module": [(last[module.number], module.pk, module.key, module.key) for module in course.modules],
        "check": [(number, 0, check.id, lesson.key) for number, lesson in lessons for check in lesson.checks],
        "prompt": [(number, 0, prompt, lesson.key) for number, lesson in lessons for prompt in lesson.prompts],
    }
    for name, values in rows.items():
        _run(f"CREATE TEMPORARY TABLE bench_{name} (number integer, page bigint, key {key}, lesson {key})")
        with connection.cursor() as cursor:
            stored = [(number, page, _stored(own), _stored(lesson)) for number, page, own, lesson in values]
            cursor.executemany(f"INSERT INTO bench_{name} VALUES (%s, %s, %s, %s)", stored)
    return ["share", *rows]


def _drop(names: list[str]) -> None:
    for name in names:
        _run(f"DROP TABLE bench_{name}")


def _run(sql: str, *values) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def _now():
    return connection.ops.adapt_datetimefield_value(timezone.now())


def _stored(key: uuid.UUID):
    return key if connection.features.has_native_uuid_field else key.hex


def _last(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COALESCE(MAX(id), 0) FROM {table}")
        return cursor.fetchone()[0]


def _signed_in(people: list) -> list[str]:
    return [session_of(person) for person in people]


def session_of(person) -> str:
    """A session in which this person is signed in."""
    store = SessionStore()
    store[SESSION_KEY] = str(person.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = person.get_session_auth_hash()
    store.create()
    return store.session_key


def _with_password(people: list):
    password = make_password(PASSWORD)
    User.objects.filter(pk__in=[person.pk for person in people]).update(password=password)
    return (person.email for person in people)


def _rows() -> dict[str, int]:
    counted = (User, Enrolment, Attempt, LessonCompletion, CheckAnswer, NotebookEntry)
    return {model._meta.db_table: model.objects.count() for model in counted}


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]), int(sys.argv[2]))))
