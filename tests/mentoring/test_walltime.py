from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from mentoring.walltime import problem_of, utc_of, wall_of, zone_words

SPRING = [date(2026, 3, 29), date(2027, 3, 28), date(2028, 3, 26)]
AUTUMN = [date(2026, 10, 25), date(2027, 10, 31), date(2028, 10, 29)]


@pytest.mark.parametrize("day", SPRING)
def test_the_hour_that_is_jumped_over_is_missing(day):
    said = {clock: problem_of(day, clock) for clock in (time(1, 59), time(2), time(2, 30), time(2, 59), time(3))}

    assert list(said.values()) == ["", "missing", "missing", "missing", ""]


@pytest.mark.parametrize("day", AUTUMN)
def test_the_hour_that_comes_again_is_there_twice(day):
    said = {clock: problem_of(day, clock) for clock in (time(1, 59), time(2), time(2, 30), time(2, 59), time(3))}

    assert list(said.values()) == ["", "twice", "twice", "twice", ""]


def test_the_moment_follows_the_offset_of_the_day():
    assert utc_of(date(2026, 10, 24), time(14)) == datetime(2026, 10, 24, 12, tzinfo=UTC)
    assert utc_of(date(2026, 10, 25), time(14)) == datetime(2026, 10, 25, 13, tzinfo=UTC)
    assert utc_of(date(2027, 3, 27), time(14)) == datetime(2027, 3, 27, 13, tzinfo=UTC)
    assert utc_of(date(2027, 3, 28), time(14)) == datetime(2027, 3, 28, 12, tzinfo=UTC)


def test_the_second_of_two_is_an_hour_after_the_first():
    first, second = (utc_of(date(2026, 10, 25), time(2, 30), fold) for fold in (0, 1))

    assert (first, second - first) == (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), timedelta(hours=1))


def test_the_second_is_the_first_where_there_is_one():
    assert utc_of(date(2026, 6, 1), time(14), 1) == utc_of(date(2026, 6, 1), time(14), 0)


def test_a_missing_time_is_read_with_the_old_offset():
    assert wall_of(utc_of(date(2026, 3, 29), time(2, 30))).time() == time(3, 30)


def test_every_existing_wall_time_of_three_years_comes_back():
    start = datetime(2026, 1, 1)
    for half_hours in range(0, 3 * 365 * 48, 7):
        wall = start + timedelta(minutes=30 * half_hours)
        if problem_of(wall.date(), wall.time()) == "":
            assert wall_of(utc_of(wall.date(), wall.time())).replace(tzinfo=None) == wall


def test_the_zone_is_said_with_its_offset():
    assert zone_words(datetime(2026, 7, 1, tzinfo=UTC)) == "norsk tid, UTC+2"
    assert zone_words(datetime(2026, 1, 1, tzinfo=UTC)) == "norsk tid, UTC+1"
    assert zone_words(datetime(2026, 1, 1, tzinfo=UTC), "Asia/Kolkata") == "Asia/Kolkata, UTC+5:30"
    assert zone_words(datetime(2026, 1, 1, tzinfo=UTC), "America/St_Johns") == "America/St_Johns, UTC-3:30"


def test_other_zones_have_their_own_changes():
    assert problem_of(date(2026, 3, 8), time(2, 30), "America/New_York") == "missing"
    assert wall_of(datetime(2026, 7, 1, 12, tzinfo=UTC), "UTC").tzinfo == ZoneInfo("UTC")
