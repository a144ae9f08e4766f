"""Gives the learners of a seeded PostgreSQL two years of life, for numbers: who they are, when they came and went.

`python -m tests.bench.spreading` runs in the environment of the product that is measured. Everybody has finished
every lesson, so that 300,000 learners are twelve million rows. Only the database multiplies; nothing is read here.
"""

import json
import sys
import time
from typing import Any

import django

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.db import connection  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402

from lms.accounts.models import Municipality  # noqa: E402
from lms.outbox.jobs import plan  # noqa: E402
from lms.outbox.models import Job  # noqa: E402
from lms.tallies import renewing  # noqa: E402
from modules.models import Enrolment, LessonCompletion, LessonPage, ModulePage  # noqa: E402
from tests.bench.counting import ask_once  # noqa: E402
from tests.bench.scenarios import Request  # noqa: E402
from tests.bench.seeding import session_of  # noqa: E402

DAYS = 730
# A number for each learner and purpose that looks like chance and is the same each time.
CHANCE = "(abs(hashint8extended({row}, {purpose})) %% 10000)"


def main() -> dict[str, Any]:
    """Spreads everything, makes the kept rows, and returns what the measuring needs."""
    # Who measures asks for speed of reading, so constraints and indexes are left out while the rows go in.
    _run("SET session_replication_role = replica")
    _people()
    _enrolments()
    _lessons()
    _run("SET session_replication_role = DEFAULT")
    _run("VACUUM ANALYZE")
    return renewed()


def renewed() -> dict[str, Any]:
    """Makes the kept rows anew. How many there are of each, the seconds it took, views to ask for, and by whom."""
    seconds, now = {}, timezone.now()
    for name, renew in (("enrolments", renewing.renew_enrolments), ("lessons", renewing.renew_lessons)):
        started = time.monotonic()
        renew(now)
        seconds[name] = round(time.monotonic() - started, 1)
    _run("VACUUM ANALYZE")
    # The worker of the product that is measured finds this done.
    plan(now)
    Job.objects.filter(state=Job.State.WAITING).update(state=Job.State.DONE, done_at=now)
    session = session_of(get_user_model().objects.get(email="admin@example.org"))
    rows = {"learners": get_user_model().objects.count(), "lessons": LessonCompletion.objects.count()}
    facts = {"rows": rows, "seconds": seconds, "session": session, "views": _views()}
    return facts | {"queries": _queries(facts), "scans": _scans(facts)}


def _views() -> dict[str, str]:
    course = Enrolment.objects.latest("pk").course_key
    person = get_user_model()
    sector, profession = person.Sector.values[0], person.Profession.values[0]
    return {
        "this year": "",
        "from one day to another": "?fra=2025-03-05&til=2026-05-20",
        "one course, with its funnel": f"?kurs={course}",
        "the largest sector": f"?sektor={sector}",
        "the largest profession": f"?yrke={profession}",
        "the largest sector and profession": f"?sektor={sector}&yrke={profession}",
        "one county": "?fylke=03",
        "one municipality": "?kommune=0301",
        "a hundred rows of those enrolled": "rader/status/enrolled/",
    }


def _queries(facts: dict[str, Any]) -> dict[str, int]:
    def ask(query: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            ask_once(Request(f"/rapporter/{query}", session=facts["session"]))
        return len(captured)

    return {name: min(ask(query), ask(query)) for name, query in facts["views"].items()}


def _scans(facts: dict[str, Any]) -> int:
    """How often all views together read a table of more than a million rows from its beginning to its end."""
    before = _read_whole()
    for query in facts["views"].values():
        ask_once(Request(f"/rapporter/{query}", session=facts["session"]))
    # What was read is booked a little later.
    connection.close()
    time.sleep(2)
    return _read_whole() - before


def _read_whole() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT COALESCE(SUM(seq_scan), 0) FROM pg_stat_user_tables WHERE n_live_tup > 1000000")
        return int(cursor.fetchone()[0])


def _people() -> None:
    person = get_user_model()
    # Squared, so that a few are many, as among people.
    share = f"(({CHANCE.format(row='id', purpose='{}')} / 10000.0) ^ 2)"
    places = list(Municipality.objects.filter(valid_to=None).order_by("number").values_list("number", flat=True))
    for name, purpose, values in (
        ("sector", 1, person.Sector.values),
        ("profession", 2, person.Profession.values),
        ("municipality_id", 3, places),
    ):
        array = "ARRAY[" + ", ".join(f"'{value}'" for value in values) + "]"
        picked = f"({array})[1 + floor({share.format(purpose)} * {len(values)})::int]"
        _run(f"UPDATE accounts_user SET {name} = {picked} WHERE email LIKE 'learner-%%' AND id %% 5 <> {purpose}")


def _enrolments() -> None:
    at = f"now() - interval '1 day' * ({DAYS} * {CHANCE.format(row='id', purpose=4)} / 10000.0)"
    gone = f"CASE WHEN id %% 9 = 0 THEN {at} + interval '40 days' END"
    _run(f"UPDATE modules_enrolment SET enrolled_at = {at}, withdrawn_at = {gone}")
    _run(
        "UPDATE modules_attempt a SET started_at = e.enrolled_at, began_at = CASE WHEN e.id %% 7 > 0 THEN e.enrolled_at"
        " + interval '1 day' * (e.id %% 20) END, completed_at = CASE WHEN e.id %% 7 > 2 AND e.id %% 9 > 0 THEN"
        " e.enrolled_at + interval '1 day' * (20 + e.id %% 100) END FROM modules_enrolment e WHERE e.id = a.enrolment_id"
    )
    _run("UPDATE modules_attempt SET completed_at = NULL WHERE completed_at > now()")
    _run("UPDATE modules_enrolment SET withdrawn_at = NULL WHERE withdrawn_at > now()")


def _lessons() -> None:
    taken = Enrolment.objects.order_by("-pk").select_related("course").first().course
    lessons = ", ".join(
        f"({number}, {page.pk}, '{page.translation_key}'::uuid)"
        for number, page in enumerate(LessonPage.objects.descendant_of(taken).order_by("path"))
    )
    modules = ", ".join(
        f"({number * 8}, '{page.translation_key}'::uuid)"
        for number, page in enumerate(ModulePage.objects.child_of(taken).order_by("path"), 1)
    )
    at = "least(a.started_at + interval '11 hours' * {} * (1 + a.id %% 3), now())"
    _run("TRUNCATE modules_lessoncompletion, modules_modulecompletion RESTART IDENTITY")
    kept = _without_indexes("modules_lessoncompletion")
    _run(
        "INSERT INTO modules_lessoncompletion (attempt_id, lesson_id, lesson_key, completed_at) SELECT a.id, l.page, l.key,"
        f" {at.format('l.number')} FROM modules_attempt a CROSS JOIN (VALUES {lessons}) AS l (number, page, key) ORDER BY 4"
    )
    for statement in kept:
        _run(statement.replace("%", "%%"))
    _run(
        "INSERT INTO modules_modulecompletion (attempt_id, module_key, completed_at) SELECT a.id, m.key,"
        f" {at.format('m.number')} FROM modules_attempt a CROSS JOIN (VALUES {modules}) AS m (number, key)"
    )


def _without_indexes(table: str) -> list[str]:
    """Drops constraints and indexes of `table`; gives the statements that bring them back."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s::regclass"
            " AND contype IN ('f', 'u', 'p') ORDER BY contype DESC",
            [table],
        )
        constraints = cursor.fetchall()
        for name, _definition in constraints:
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        cursor.execute("SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s", [table])
        indexes = cursor.fetchall()
        for name, _definition in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
    again = [f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}' for name, definition in constraints]
    return again + [definition for _name, definition in indexes]


def _run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, [])


if __name__ == "__main__":
    print(json.dumps(renewed() if "--renew" in sys.argv else main()))
