"""How a count becomes a number that everybody may see (P13-P16). docs/published-numbers.md has the argument.

Every number, totals too, goes down a staircase of its own: steps are `smallest` people high, and where the first step
begins (0 to `smallest` - 1 people further up) is secret and stays the same for good. So

* every number is 0 (hidden) or a multiple of `smallest`, and so is every sum and every difference of numbers, over
  cells, filters, states and months: none is ever 1 to 4;
* the count behind a number is the number itself or up to 2 * `smallest` - 2 more, whatever else is published;
* a count that moves by less than a step mostly leaves its number alone.

No earlier release is looked at: the same facts always give the same numbers.
"""

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

ALL = "*"
# A place and a sector; `ALL` is every one of them, an empty word those who told none.
Label = tuple[str, str]
# People enrolled, and those of them who have completed.
Pair = tuple[int, int]
Published = Mapping[Label, Pair]
NOBODY: Pair = (0, 0)


@dataclass(frozen=True)
class Rule:
    """The staircase: the secret that says where each number's steps begin, and the height of a step in people."""

    key: bytes
    smallest: int

    def start(self, name: str) -> int:
        """How far up the steps of the number called `name` begin: 0 to `smallest` - 1, the same every time."""
        return int.from_bytes(hmac.digest(self.key, name.encode(), "sha256"), "big") % self.smallest

    def number(self, name: str, count: int) -> int:
        """The number to publish for `count`; 0 means hidden."""
        return max(0, (count - self.start(name)) // self.smallest * self.smallest)

    def pair(self, label: Label, counts: Pair, parts: Pair = NOBODY) -> Pair:
        """Both numbers of a cell or a total: never less than its parts show, completed never more than enrolled."""
        name = "/".join(label)
        enrolled = max(self.number(f"{name}/enrolled", counts[0]), parts[0])
        completed = max(self.number(f"{name}/completed", counts[1]), parts[1])
        return enrolled, min(completed, enrolled)


def protected(cells: Mapping[Label, Pair], towns: Mapping[str, Mapping[str, Pair]], rule: Rule) -> dict[Label, Pair]:
    """The numbers to publish, by label.

    `cells` has a count for every county and sector, also where nobody is. `towns` has the counts of all
    municipalities of each county; it is empty where municipalities are not published (P17).
    """
    shown = {label: rule.pair(label, counts) for label, counts in cells.items()}
    for county in dict.fromkeys(county for county, _ in cells):
        lines = {label: counts for label, counts in cells.items() if label[0] == county}
        of_towns = towns.get(county, {})
        numbers = {town: rule.pair((town, ALL), counts) for town, counts in of_towns.items()}
        parts = _largest(_sum(shown[label] for label in lines), _sum(numbers.values() if len(numbers) > 1 else []))
        whole = shown[county, ALL] = rule.pair((county, ALL), _sum(lines.values()), parts)
        # The only municipality of a county is the county: told by two staircases it would be told twice.
        shown |= {(town, ALL): number if len(numbers) > 1 else whole for town, number in numbers.items()}
    for sector in dict.fromkeys(sector for _, sector in cells):
        labels = [label for label in cells if label[1] == sector]
        counts = _sum(cells[label] for label in labels)
        shown[ALL, sector] = rule.pair((ALL, sector), counts, _sum(shown[label] for label in labels))
    counties = _sum(shown[county, ALL] for county in dict.fromkeys(county for county, _ in cells))
    sectors = _sum(shown[ALL, sector] for sector in dict.fromkeys(sector for _, sector in cells))
    shown[ALL, ALL] = rule.pair((ALL, ALL), _sum(cells.values()), _largest(counties, sectors))
    return shown


def _sum(pairs: Iterable[Pair]) -> Pair:
    enrolled = completed = 0
    for pair in pairs:
        enrolled, completed = enrolled + pair[0], completed + pair[1]
    return enrolled, completed


def _largest(one: Pair, other: Pair) -> Pair:
    return max(one[0], other[0]), max(one[1], other[1])
