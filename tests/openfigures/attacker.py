"""Somebody who knows all that was ever published and how it is made, and asks a linear program what is left to guess.

The attacker knows: every number of every release; how high the steps are and that the secret start of a number is the
same every month; that cells add up to counties, sectors and Norway, and municipalities to counties; that nobody
completes who is not enrolled; and that nobody is taken out again. What a linear program finds is at least as tight
as what a person could work out from these facts by hand.
"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix, hstack, identity, vstack

from lms.openfigures.protection import ALL, Label, Published

# Which count: month, label, state. The third state is the difference: enrolled and not completed.
Count = tuple[int, Label, int]
ENROLLED, COMPLETED, UNFINISHED = 0, 1, 2
NEARLY = 1e-6


class Attacker:
    """A linear program over the counts of all cells in all releases, and the starts of all numbers.

    `step` is how high the stairs are, `starts` at how many places they may begin; 1 and 1 say that what is shown is
    exact, and what is hidden is known to be under `hidden_below`.
    """

    def __init__(
        self,
        releases: Sequence[Published],
        step: int,
        starts: int,
        hidden_below: int = 1,
        towns: Mapping[str, Sequence[str]] | None = None,
    ):
        self.releases, self.step, self.starts, self.hidden_below = releases, step, starts, hidden_below
        self.cells = [label for label in releases[0] if ALL not in label]
        self.towns = towns or {}
        self.town_labels = [(town, ALL) for names in self.towns.values() for town in names]
        self.columns: dict[tuple, int] = {}
        self.rows: list[tuple[dict[int, float], float]] = []
        self.seen: dict[Count, tuple[float, float]] = {}
        self.programs = 0
        for month, published in enumerate(releases):
            for label in [*self.cells, *self.town_labels]:
                self._always_true(month, label)
            for county, names in self.towns.items():
                self._same(month, (county, ALL), [(town, ALL) for town in names])
            for label in published:
                for state in (ENROLLED, COMPLETED):
                    self._shown(month, label, state)
        self._build()

    def solve(self, wanted: Mapping[Count, float]) -> None:
        """Looks for the world that fits and where the weighted sum of counts is least, and remembers its counts."""
        cost = np.zeros(len(self.columns))
        for count, weight in wanted.items():
            for column, sign in self._weights(count).items():
                cost[column] += weight * sign
        self._search(cost, self.matrix, self.limits, self.bounds)

    def _search(self, cost, matrix, limits, bounds) -> None:
        self.programs += 1
        found = linprog(cost, A_ub=matrix, b_ub=limits, bounds=bounds, method="highs")
        assert found.success, found.message
        for month in range(len(self.releases)):
            for label in [*self.cells, *self.town_labels]:
                enrolled, completed = (found.x[self.columns[month, label, state]] for state in (ENROLLED, COMPLETED))
                for state, value in enumerate((enrolled, completed, enrolled - completed)):
                    low, high = self.seen.get((month, label, state), (np.inf, -np.inf))
                    self.seen[month, label, state] = min(low, value), max(high, value)

    def _weights(self, count: Count) -> dict[int, int]:
        month, label, state = count
        if state == UNFINISHED:
            return {self.columns[month, label, ENROLLED]: 1, self.columns[month, label, COMPLETED]: -1}
        return {self.columns[month, label, state]: 1}

    def learn(self, month: int, label: Label, state: int, count: int) -> None:
        """Somebody told the attacker an exact count."""
        self.rows += [(self._counted(month, label, state, weight), weight * count) for weight in (1, -1)]
        self._build()

    def width(self, count: Count) -> float:
        """How wide the range of a count is, as far as worlds have been seen."""
        low, high = self.seen.get(count, (np.inf, -np.inf))
        return high - low

    def narrowed(self, counts: Iterable[Count], wide: int) -> dict[Count, float]:
        """The counts whose range is less than `wide`, and how wide it is. The others were seen to be wide enough.

        One world in which hidden counts are low, then worlds in which as many as can be are `wide` above that; what
        no such world shows is asked for alone.
        """
        left = list(counts)
        self.solve(dict.fromkeys(left, 1))
        before = len(left) + 1
        while left and len(left) < before:
            before = len(left)
            self.lift(left, wide)
            left = [count for count in left if self.width(count) < wide - NEARLY]
        for count in left:
            for sign in (1, -1):
                if self.width(count) < wide - NEARLY:
                    self.solve({count: sign})
        return {count: self.width(count) for count in left if self.width(count) < wide - NEARLY}

    def lift(self, counts: Sequence[Count], wide: int) -> None:
        """Looks for a world in which these counts, together, come as near as can be to `wide` above their least."""
        lines = [self._weights(count) for count in counts]
        at = np.repeat(np.arange(len(lines)), [len(line) for line in lines])
        columns = np.concatenate([list(line) for line in lines])
        values = -np.concatenate([list(line.values()) for line in lines])
        shape = (len(lines), len(self.columns))
        upper = hstack([self.matrix, csr_matrix((len(self.rows), len(lines)))])
        lower = hstack([csr_matrix((values, (at, columns)), shape=shape), identity(len(lines))])
        cost = np.concatenate([np.zeros(len(self.columns)), -np.ones(len(lines))])
        bounds = self.bounds + [(None, self.seen[count][0] + wide) for count in counts]
        self._search(cost, vstack([upper, lower]), np.concatenate([self.limits, np.zeros(len(lines))]), bounds)

    def hidden(self) -> list[Count]:
        """Every cell and municipality that is hidden, and every one where all seem to have completed."""
        found = []
        for month, published in enumerate(self.releases):
            for label in [*self.cells, *self.town_labels]:
                enrolled, completed = published[label]
                values = (enrolled, completed, enrolled - completed)
                found += [(month, label, state) for state, value in enumerate(values) if not value]
        return found

    def _column(self, *name) -> int:
        return self.columns.setdefault(name, len(self.columns))

    def _always_true(self, month: int, label: Label) -> None:
        """Who completes is enrolled, and both only grow."""
        enrolled, completed = (self._column(month, label, state) for state in (ENROLLED, COMPLETED))
        self.rows.append(({completed: 1, enrolled: -1}, 0))
        for state in (ENROLLED, COMPLETED) if month else ():
            before, now = self.columns[month - 1, label, state], self.columns[month, label, state]
            self.rows.append(({before: 1, now: -1}, 0))

    def _same(self, month: int, whole: Label, parts: Sequence[Label]) -> None:
        for state in (ENROLLED, COMPLETED):
            one = self._counted(month, whole, state, 1) | {self.columns[month, part, state]: -1 for part in parts}
            self.rows += [(one, 0), ({column: -value for column, value in one.items()}, 0)]

    def _counted(self, month: int, label: Label, state: int, weight: float) -> dict[int, float]:
        is_single = ALL not in label or label in self.town_labels
        cells = [label] if is_single else [cell for cell in self.cells if _is_in(cell, label)]
        return {self.columns[month, cell, state]: weight for cell in cells}

    def _shown(self, month: int, label: Label, state: int) -> None:
        """What a number says: start <= count - number < start + step, with exceptions that the attacker knows too."""
        number, enrolled = self.releases[month][label][state], self.releases[month][label][ENROLLED]
        count, less = (self._counted(month, label, state, weight) for weight in (1, -1))
        if self.starts == 1:
            top = number if number else self.hidden_below - 1
            self.rows += [(count, top), (less, -number)]
            return
        start = self._column("start", label, state)
        if state == COMPLETED and number == enrolled:
            # It may have been held down to those enrolled.
            self.rows.append((count, number + self.step + self.starts - 2))
        else:
            self.rows.append((count | {start: -1}, number + self.step - 1))
        self.rows.append((less, -number))
        if number and not self._may_be_lifted(month, label, state):
            self.rows.append((less | {start: 1}, -number))

    def _may_be_lifted(self, month: int, label: Label, state: int) -> bool:
        """Whether a total is what its parts come to: then it says nothing of where its own steps begin."""
        if ALL not in label:
            return False
        published = self.releases[month]
        sums = [0, 0, sum(published[town, ALL][state] for town in self.towns.get(label[0], ()) if label[1] == ALL)]
        for axis in (0, 1):
            parts = (cell for cell in published if _is_part(cell, label, axis) and cell not in self.town_labels)
            sums[axis] = sum(published[part][state] for part in parts)
        # The only municipality of a county is told as the county.
        return published[label][state] <= max(sums) or [label[0]] in [list(names) for names in self.towns.values()]

    def _build(self) -> None:
        entries = [(row, column, value) for row, (line, _) in enumerate(self.rows) for column, value in line.items()]
        at, columns, values = (np.array(part) for part in zip(*entries, strict=True))
        self.matrix = csr_matrix((values, (at, columns)), shape=(len(self.rows), len(self.columns)))
        self.limits = np.array([limit for _, limit in self.rows], dtype=float)
        self.bounds = [(0, self.starts - 1 if name[0] == "start" else None) for name in self.columns]


def attack(releases: Sequence[Published], step: int, **knows) -> tuple[int, dict[Count, float]]:
    """How many counts are hidden, and those that the attacker narrows down to less than `step`."""
    attacker = Attacker(releases, step, **({"starts": step} | knows))
    hidden = attacker.hidden()
    return len(hidden), attacker.narrowed(hidden, step)


def _is_in(cell: Label, label: Label) -> bool:
    return all(name in (ALL, own) for name, own in zip(label, cell, strict=True))


def _is_part(cell: Label, label: Label, axis: int) -> bool:
    return label[axis] == ALL and cell[axis] != ALL and cell[1 - axis] == label[1 - axis]
