"""The same numbers by a slow count in plain Python over random sets, counted live and from kept rows."""

import datetime
import random
from collections import Counter

import pytest
from django.db.models import F

from lms.accounts.models import Municipality
from lms.reports.enrolments import by_municipality, by_profession, by_sector_and_county, enrolment_figures, per_day
from lms.reports.lessons import lessons_by_hour, steps_done
from lms.reports.selection import Selection
from lms.tallies import renewing
from modules.models import Attempt, Enrolment, LessonCompletion
from tests.plain_course import plain_course
from tests.reports.facts import OSLO, enrolled, keep, lesson_done, moment

SECTORS, PROFESSIONS = ("kindergarten", "respite", "school_sfo", ""), ("nurse", "physician", "")
# Midnights, the turn of months and years, and the hours around the changes of the clock.
EDGES = (
    "2024-12-31T23:59:59 2025-01-01T00:00 2025-01-31T23:59 2025-02-01T00:00 2025-03-01T00:00 2025-03-30T00:30 "
    "2025-03-30T01:59 2025-03-30T03:00 2024-10-27T02:30 2024-10-27T03:00 2025-03-18T23:59 2025-03-19T00:00"
).split()
WHOM = (
    {},
    {"sector": "kindergarten"},
    {"profession": "nurse"},
    {"county": "03"},
    {"municipality": "4601"},
    {"sector": "respite", "county": "03"},
    {"profession": "nurse", "municipality": "0301"},
)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("kept", [False, True])
def test_figures_are_those_of_a_slow_count(course, settings, seed, kept):
    chance = random.Random(seed)
    pages = (course.page, plain_course(1))
    _make(chance, pages, course.lessons)
    if kept:
        keep(settings)
    facts = _facts()

    for whom in WHOM:
        for page in (None, *pages):
            chosen = _period(chance, course=page and page.translation_key, **whom)
            ours = [fact for fact in facts if _is_chosen(fact, chosen)]
            assert enrolment_figures(chosen) == _slow_figures(ours, chosen)
            assert _by(by_sector_and_county(chosen), "sector", "county_number") == _slow_split(ours, chosen, 2, 4)
            assert _by(by_profession(chosen), "profession") == _slow_split(ours, chosen, 3)
            assert _by(by_municipality(chosen), "place") == _slow_split(ours, chosen, 5)
            assert tuple(Counter(days) for days in per_day(chosen)) == _slow_days(ours, chosen)
            if not (kept and len(chosen.told) > 1):
                assert (steps_done(chosen), lessons_by_hour(chosen)) == _slow_lessons(ours, chosen)


def _make(chance, pages, lessons) -> None:
    places = {number: Municipality.objects.get(number=number) for number in ("0301", "4601", "1103")}
    for number in range(25):
        person = {
            "sector": chance.choice(SECTORS),
            "profession": chance.choice(PROFESSIONS),
            "municipality": places.get(chance.choice([*places, ""])),
        }
        for page in pages if chance.random() < 0.3 else (chance.choice(pages),):
            dates = sorted(_moment(chance) for _time in range(4))
            at, began, completed, left = (
                date if chance.random() < 0.7 or not place else None for place, date in enumerate(dates)
            )
            if began is None:
                completed = None
            attempt = enrolled(
                page, f"p{number}@example.org", at, began=began, completed=completed, left=left, **person
            )
            for lesson in lessons[: chance.randrange(4)] if began and page == pages[0] else ():
                lesson_done(attempt, lesson, max(_moment(chance), at))
            if completed and chance.random() < 0.4:
                again = attempt.enrolment.attempts.create(number=2)
                lesson_done(again, lessons[0], max(_moment(chance), at))
            if chance.random() < 0.1:
                learner = attempt.enrolment.learner
                learner.name, learner.profession, learner.municipality = "", "", None
                learner.is_active, learner.erased_at = False, moment("2025-06-01T12:00")
                learner.save()


def _moment(chance) -> datetime.datetime:
    if chance.random() < 0.4:
        return moment(chance.choice(EDGES))
    return moment("2024-10-01T00:00") + datetime.timedelta(minutes=chance.randrange(240 * 24 * 60))


def _period(chance, **whom) -> Selection:
    days = [datetime.date(2024, 10, 1) + datetime.timedelta(days=chance.randrange(250)) for _end in range(2)]
    starts = [min(days), datetime.date(2025, 1, 1)]
    ends = [max(days), datetime.date(2025, 3, 18), datetime.date(2025, 3, 30)]
    start = chance.choice(starts)
    return Selection(start, max(start, chance.choice(ends)), **whom)


# attempt, course, sector, profession, county, place, person, enrolled, began, completed, left
def _facts() -> list[tuple]:
    names = ("enrolment__learner__" + name for name in ("sector", "profession", "municipality__county_number"))
    rows = Attempt.objects.filter(number=1).values_list(
        "pk", "enrolment__course_key", *names, "enrolment__learner__municipality", "enrolment__learner",
        "enrolment__enrolled_at", "began_at", "completed_at", "enrolment__withdrawn_at",
    )  # fmt: skip
    return [
        tuple("" if value is None and place in (4, 5) else value for place, value in enumerate(row)) for row in rows
    ]


def _is_chosen(fact, chosen) -> bool:
    wanted = {1: chosen.course, 2: chosen.sector, 3: chosen.profession, 4: chosen.county, 5: chosen.municipality}
    return all(fact[place] == value for place, value in wanted.items() if value)


def _states(fact, at) -> set[str]:
    enrolled_at, began, completed, left = fact[7:]
    if enrolled_at >= at:
        return set()
    on, done, gone = (when is not None and when < at for when in (began, completed, left))
    state = "completed" if done else "stopped" if gone else "under_way" if on else "not_begun"
    told = {"begun": on, "left": gone, "done": done, "started": on or done}
    return {"enrolled", state} | {name for name, is_so in told.items() if is_so}


def _slow_figures(facts, chosen) -> dict[str, int]:
    now = [(fact, _states(fact, chosen.until)) for fact in facts]
    counts = {name: sum(name in states for _fact, states in now) for name in
              ("enrolled", "started", "completed", "stopped", "under_way", "not_begun")}  # fmt: skip
    counts["people"] = len({fact[6] for fact, states in now if states})
    for name, state in (("enrolled", "enrolled"), ("started", "begun"), ("completed", "done"), ("stopped", "left")):
        counts[f"newly_{name}"] = sum(
            state in states and state not in _states(fact, chosen.since) for fact, states in now
        )
    return counts


def _slow_split(facts, chosen, *places) -> dict[tuple, tuple]:
    found: dict[tuple, list] = {}
    for fact in facts:
        if states := _states(fact, chosen.until):
            found.setdefault(tuple(fact[place] for place in places), []).append((fact, states))
    return {
        key: (
            len(rows),
            len({fact[6] for fact, _states in rows}),
            sum("completed" in states for _fact, states in rows),
            sum("stopped" in states for _fact, states in rows),
        )
        for key, rows in found.items()
    }


def _by(rows, *names) -> dict[tuple, tuple]:
    told = ("enrolled", "people", "completed", "stopped")
    return {tuple(row[name] for name in names): tuple(row[name] for name in told) for row in rows if row["enrolled"]}


def _slow_days(facts, chosen) -> tuple[Counter, Counter]:
    new, done = Counter(), Counter()
    for fact in facts:
        for days, when in ((new, fact[7]), (done, fact[9])):
            if when and chosen.since <= when < chosen.until and fact[7] < chosen.until:
                days[when.astimezone(OSLO).date()] += 1
    return new, done


def _slow_lessons(facts, chosen) -> tuple[dict, dict]:
    steps, hours = Counter(), Counter()
    attempts = {fact[0]: fact for fact in facts}
    enrolments = set(Enrolment.objects.filter(attempts__in=attempts).values_list("pk", flat=True))
    rows = LessonCompletion.objects.annotate(enrolment=F("attempt__enrolment"))
    for attempt, key, at, enrolment in rows.values_list("attempt", "lesson_key", "completed_at", "enrolment"):
        if attempt in attempts and at < chosen.until and attempts[attempt][7] < chosen.until:
            steps[str(key)] += 1
        if enrolment in enrolments and chosen.since <= at < chosen.until:
            local = at.astimezone(OSLO)
            hours[local.isoweekday(), local.hour] += 1
    return dict(steps), dict(hours)


def test_kept_rows_follow_the_facts_and_go_when_there_are_few(course, settings):
    attempt = enrolled(course.page, "a@example.org", "2025-01-10T10:00", sector="respite")
    chosen = Selection(datetime.date(2025, 1, 1), datetime.date(2025, 3, 18), sector="respite")
    keep(settings)
    attempt.completed_at = moment("2025-02-01T10:00")
    attempt.save()
    enrolled(course.page, "b@example.org", "2025-01-11T10:00", sector="respite")
    before = enrolment_figures(chosen)

    keep(settings)
    after = enrolment_figures(chosen)
    settings.COUNT_LIVE_UP_TO = 2
    kept = renewing.renew_enrolments(moment("2025-04-01T10:00"))

    assert (before["enrolled"], before["completed"]) == (1, 0)
    assert (after["enrolled"], after["completed"]) == (2, 1)
    assert (kept, renewing.renew_lessons(moment("2025-04-01T10:00"))) == (0, 0)
    assert enrolment_figures(chosen) == after
