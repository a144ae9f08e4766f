"""The staircase: what it promises of a number, of two, and of many."""

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.openfigures.protection import ALL, Rule, protected
from tests.openfigures.families import family, labels

STEP = 5
RULE = Rule(b"a secret that is always the same", STEP)
MORE = 2 * STEP - 2


@given(count=st.integers(0, 10_000), name=st.text(max_size=9), smallest=st.integers(3, 12))
def test_a_number_is_a_step_at_most_so_much_below_its_count(count, name, smallest):
    number = Rule(b"secret", smallest).number(name, count)

    assert number % smallest == 0
    assert 0 <= count - number <= 2 * smallest - 2


def test_a_number_is_hidden_below_its_first_step():
    start = RULE.start("here")

    assert [RULE.number("here", count) for count in (0, start, start + 4, start + 5)] == [0, 0, 0, 5]


def test_starts_differ_and_are_always_the_same():
    starts = [RULE.start(f"number {index}") for index in range(1000)]

    assert {starts.count(start) > 150 for start in range(STEP)} == {True}
    assert starts == [RULE.start(f"number {index}") for index in range(1000)]
    assert starts != [Rule(b"another", STEP).start(f"number {index}") for index in range(1000)]


def test_where_all_have_completed_that_is_not_told():
    cells = dict.fromkeys(labels(counties=4, sectors=4), (12, 12))

    shown = protected(cells, {}, RULE)

    # The same numbers fit places where up to eight have not.
    assert {label: pair for label, pair in shown.items() if pair[1] > pair[0]} == {}
    assert {pair[0] - pair[1] for label, pair in shown.items() if ALL not in label} <= {0, 5}


@pytest.mark.parametrize("people", [100, 4808, 30_000])
def test_every_number_says_its_count_within_the_same_bounds(people):
    for cells in family(people, 3, seed=people):
        shown = protected(cells, {}, RULE)
        for label, numbers in shown.items():
            counts = _count(cells, label)
            assert [0 <= count - number <= MORE for count, number in zip(counts, numbers, strict=True)] == [True, True]


def test_totals_are_never_less_than_their_parts():
    for cells in family(3000, 2, seed=2):
        shown = protected(cells, {}, RULE)
        for state in (0, 1):
            by_county = sum(pair[state] for (place, sector), pair in shown.items() if sector == ALL != place)
            by_sector = sum(pair[state] for (place, sector), pair in shown.items() if place == ALL != sector)
            in_cells = sum(pair[state] for label, pair in shown.items() if ALL not in label)
            assert shown[ALL, ALL][state] >= max(by_county, by_sector)
            assert min(by_county, by_sector) >= in_cells


def test_no_number_moves_by_less_than_a_step_between_releases():
    releases = [protected(cells, {}, RULE) for cells in family(3000, 12, seed=4)]

    moves = {
        abs(now[label][state] - before[label][state])
        for before, now in pairwise(releases)
        for label in now
        for state in (0, 1)
    }

    assert moves & set(range(1, STEP)) == set()
    assert len(moves) > 10


def test_two_thousand_pairs_of_filters_tell_nobody_apart():
    """A in B: what is published of both, in cells and in totals, leaves room for a step or more between them (P15)."""
    dice = random.Random(15)
    (cells,) = family(4808, 1, seed=15)
    shown = protected(cells, {}, RULE)
    small = 0
    for _ in range(2000):
        places, works = (sorted({label[axis] for label in cells}) for axis in (0, 1))
        large = [(place, work) for place in _some(dice, places) for work in _some(dice, works)]
        left_out = dice.sample(large, dice.randint(1, min(3, len(large))))
        difference = sum(cells[label][0] for label in left_out)
        published = sum(shown[label][0] for label in left_out)
        small += 0 < difference < STEP
        assert published % STEP == 0
        # As far as the cells go, and as far as the totals of B go when the cells of A are taken from them.
        for whole in _wholes(places, works, large):
            rest = shown[whole][0] - sum(shown[label][0] for label in large if label not in left_out)
            assert rest % STEP == 0
            highest, lowest = rest + MORE, rest - MORE * (len(large) - len(left_out))
            assert highest - max(lowest, 0) >= STEP
    assert small > 300


def test_the_only_municipality_of_a_county_is_told_as_the_county():
    cells = {("03", ""): (31, 12), ("11", ""): (40, 10), ("", ""): (9, 2)}
    towns = {"03": {"0301": (31, 12)}, "11": {"1101": (22, 4), "1103": (18, 6)}}

    shown = protected(cells, towns, RULE)

    assert shown["0301", ALL] == shown["03", ALL]
    assert shown["11", ALL][0] >= shown["1101", ALL][0] + shown["1103", ALL][0]


def _count(cells, label):
    return [
        sum(
            counts[state]
            for (place, sector), counts in cells.items()
            if label[0] in (ALL, place) and label[1] in (ALL, sector)
        )
        for state in (0, 1)
    ]


def _some(dice, names):
    return dice.choice([names, [dice.choice(names)], dice.sample(names, dice.randint(1, len(names)))])


def _wholes(places, works, large):
    """The published totals that are exactly the cells of `large`."""
    chosen_places, chosen_works = ({label[axis] for label in large} for axis in (0, 1))
    if chosen_works == set(works) and len(chosen_places) == 1:
        yield next(iter(chosen_places)), ALL
    if chosen_places == set(places) and len(chosen_works) == 1:
        yield ALL, next(iter(chosen_works))
    if chosen_places == set(places) and chosen_works == set(works):
        yield ALL, ALL
