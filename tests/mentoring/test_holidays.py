from datetime import date

import pytest
from dateutil.easter import easter

from mentoring.holidays import easter_sunday, holidays_of, remark_on


def test_easter_is_where_others_find_it():
    years = range(1900, 2200)

    assert [easter_sunday(year) for year in years] == [easter(year) for year in years]


def test_the_holidays_of_2026_are_these():
    assert sorted(holidays_of(2026).items()) == [
        (date(2026, 1, 1), "første nyttårsdag"),
        (date(2026, 4, 2), "skjærtorsdag"),
        (date(2026, 4, 3), "langfredag"),
        (date(2026, 4, 5), "første påskedag"),
        (date(2026, 4, 6), "andre påskedag"),
        (date(2026, 5, 1), "1. mai"),
        (date(2026, 5, 14), "Kristi himmelfartsdag"),
        (date(2026, 5, 17), "17. mai"),
        (date(2026, 5, 24), "første pinsedag"),
        (date(2026, 5, 25), "andre pinsedag"),
        (date(2026, 12, 25), "første juledag"),
        (date(2026, 12, 26), "andre juledag"),
    ]


def test_two_on_one_day_are_said_as_one():
    # 17 May 2027 is also Whit Monday.
    assert holidays_of(2027)[date(2027, 5, 17)] == "17. mai"


@pytest.mark.parametrize(
    ("day", "remark"),
    [
        (date(2026, 3, 3), ""),
        (date(2027, 5, 17), "17. mai, offentlig fridag"),
        (date(2026, 12, 24), "julaften, halv dag"),
        (date(2026, 12, 31), "nyttårsaften, halv dag"),
        (date(2026, 12, 22), "juleferie i skolen"),
        (date(2027, 1, 2), "juleferie i skolen"),
        (date(2026, 3, 30), "påskeferie i skolen"),
        (date(2026, 7, 14), "sommerferie i skolen"),
        (date(2026, 2, 18), "vinterferie i skolen mange steder"),
        (date(2026, 2, 25), "vinterferie i skolen mange steder"),
        (date(2026, 9, 30), "høstferie i skolen mange steder"),
        (date(2026, 10, 7), "høstferie i skolen mange steder"),
        (date(2026, 10, 14), ""),
        (date(2026, 3, 7), "helg"),
        (date(2026, 3, 8), "helg"),
    ],
)
def test_a_remark_says_what_speaks_against_a_day(day, remark):
    assert remark_on(day) == remark
