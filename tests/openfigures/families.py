"""Invented installations: people by county and sector, month after month, as uneven as people are."""

import random
from collections.abc import Iterator

from lms.openfigures.protection import Label, Pair

SECTORS = 11


def labels(counties: int = 16, sectors: int = SECTORS + 1) -> list[Label]:
    """Every county and sector; the last of each are those who told none."""
    places = [*(f"{number:02}" for number in range(1, counties)), ""]
    return [(place, sector) for place in places for sector in [*(f"s{number}" for number in range(1, sectors)), ""]]


def family(
    people: int, months: int, seed: int, every: list[Label] | None = None, likeness: float = 0.9
) -> Iterator[dict[Label, Pair]]:
    """The counts at the end of each of `months`: `people` at the end of the last, some fewer each month before.

    With a `likeness` of 3 counties and sectors are about as unlike as those of Norway; less is harder to protect.
    Counties and sectors are of very different size (some hold nobody), and somebody who enrolled completes with a
    chance that differs from cell to cell, so that there are cells where all have and cells where none has.
    """
    dice = random.Random(seed)
    every = every or labels()
    places = {place: dice.paretovariate(likeness) for place, _ in every}
    sectors = {sector: dice.paretovariate(likeness) for _, sector in every}
    weights = [places[place] * sectors[sector] for place, sector in every]
    chances = {label: dice.choice([0, 0.2, 0.4, 0.6, 1]) for label in every}
    enrolled, completed = dict.fromkeys(every, 0), dict.fromkeys(every, 0)
    waiting: list[Label] = []
    for month in range(months):
        come = people * (month + 1) // months - people * month // months
        for label in dice.choices(every, weights, k=come):
            enrolled[label] += 1
            if dice.random() < chances[label]:
                waiting.append(label)
        dice.shuffle(waiting)
        half = len(waiting) // 2 if month + 1 < months else 0
        for label in waiting[half:]:
            completed[label] += 1
        del waiting[half:]
        yield {label: (enrolled[label], completed[label]) for label in every}
