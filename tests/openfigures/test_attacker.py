"""The attacker of P14 against everything that is published; and without the second half of the rule, where it wins."""

import random

import pytest

from lms.openfigures.protection import ALL, Label, Pair, Published, Rule, protected
from tests.openfigures.attacker import Attacker, attack
from tests.openfigures.families import family, labels

STEP = 5
KEY = b"a secret that is always the same"


@pytest.mark.parametrize(
    ("people", "months", "places", "likeness"),
    [(100, 1, (16, 12), 3), (4808, 2, (16, 12), 3), (30_000, 3, (16, 12), 3), (400, 3, (8, 6), 0.9)],
)
def test_an_attacker_narrows_down_no_hidden_cell(people, months, places, likeness):
    """The sizes of P17; the last is a small and very uneven one. `make bench` asks more."""
    rule = Rule(KEY, STEP)
    months_in_turn = family(people, months, seed=people, every=labels(*places), likeness=likeness)
    releases = [protected(cells, {}, rule) for cells in months_in_turn]

    hidden, narrowed = attack(releases, STEP)

    assert hidden > 50
    assert narrowed == {}


def test_an_attacker_narrows_down_no_municipality():
    places, rule = labels(counties=6, sectors=5), Rule(KEY, STEP)
    cells = list(family(900, 2, seed=3, every=places))
    towns = [_towns(month) for month in cells]
    releases = [protected(month, of, rule) for month, of in zip(cells, towns, strict=True)]

    hidden, narrowed = attack(releases, STEP, towns={county: list(of) for county, of in towns[0].items()})

    assert hidden > 50
    assert narrowed == {}


def test_the_attacker_finds_cells_when_only_small_ones_are_hidden():
    places = labels(counties=8, sectors=6)
    releases = [_only_small_hidden(cells) for cells in family(600, 1, seed=7, every=places)]

    _hidden, narrowed = attack(releases, STEP, starts=1, hidden_below=STEP)

    assert sum(width < 1 for width in narrowed.values()) > 5


def test_the_attacker_finds_cells_when_totals_are_exact():
    rule, places = Rule(KEY, STEP), labels(counties=6, sectors=5)
    (cells,) = family(40, 1, seed=5, every=places)
    attacker = Attacker([protected(cells, {}, rule)], STEP, starts=STEP)
    for county in {county for county, _ in places}:
        attacker.learn(0, (county, ALL), 0, sum(counts[0] for label, counts in cells.items() if label[0] == county))

    narrowed = attacker.narrowed(attacker.hidden(), STEP)

    assert narrowed != {}


def test_an_attacker_who_was_told_all_of_norway_narrows_down_no_hidden_cell():
    rule = Rule(KEY, STEP)
    (cells,) = family(1000, 1, seed=21, every=labels(counties=10, sectors=6))
    attacker = Attacker([protected(cells, {}, rule)], STEP, starts=STEP)
    for state in (0, 1):
        attacker.learn(0, (ALL, ALL), state, sum(counts[state] for counts in cells.values()))

    assert attacker.narrowed(attacker.hidden(), STEP) == {}


def test_what_was_counted_always_fits_what_is_published():
    """The attacker's facts are true: otherwise a wide range would prove nothing."""
    rule = Rule(KEY, STEP)
    months = list(family(4808, 3, seed=11))
    releases = [protected(cells, {}, rule) for cells in months]
    attacker = Attacker(releases, STEP, starts=STEP)
    world = {}
    for month, cells in enumerate(months):
        for label, counts in cells.items():
            world |= {attacker.columns[month, label, state]: counts[state] for state in (0, 1)}
    for label in releases[0]:
        for state, name in enumerate(("enrolled", "completed")):
            world[attacker.columns["start", label, state]] = rule.start("/".join([*label, name]))

    broken = [
        limit for line, limit in attacker.rows if sum(world[column] * value for column, value in line.items()) > limit
    ]

    assert broken == []


def _only_small_hidden(cells: dict[Label, Pair]) -> Published:
    """What a table would be if cells under five were hidden and all else, totals too, were told."""
    counts: dict[Label, list[int]] = {}
    for (county, sector), pair in cells.items():
        for label in ((county, sector), (county, ALL), (ALL, sector), (ALL, ALL)):
            for state in (0, 1):
                counts.setdefault(label, [0, 0])[state] += pair[state]
    return {label: (_told(enrolled), _told(completed)) for label, (enrolled, completed) in counts.items()}


def _told(count: int) -> int:
    return count if count >= STEP else 0


def _towns(cells: dict[Label, Pair]) -> dict[str, dict[str, Pair]]:
    """The people of each county in one to six municipalities; who told none lives nowhere."""
    towns: dict[str, dict[str, Pair]] = {}
    for (county, _sector), counts in cells.items():
        if not county:
            continue
        dice = random.Random(county)
        names = [f"{county}{number:02}" for number in range(1, dice.randint(1, 6) + 1)]
        of = towns.setdefault(county, dict.fromkeys(names, (0, 0)))
        for town, pair in zip(names, _spread(counts, len(names)), strict=True):
            of[town] = (of[town][0] + pair[0], of[town][1] + pair[1])
    return towns


def _spread(counts: Pair, parts: int) -> list[Pair]:
    return [
        ((counts[0] + part) // parts, min((counts[1] + part) // parts, (counts[0] + part) // parts))
        for part in range(parts)
    ]
