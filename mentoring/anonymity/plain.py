"""A text as it reads, letter by letter: full-width figures are figures, and what is not seen is not there (P3)."""

import unicodedata
from dataclasses import dataclass

# Not seen, but between letters: zero width spaces and joiners, soft hyphens, marks of direction.
UNSEEN = "Cf"


@dataclass(frozen=True)
class Plain:
    """The text as it reads, and for each of its letters the place in the text that was typed."""

    text: str
    places: list[int] | None

    def start(self, place: int) -> int:
        """Where the letter at `place` was typed."""
        return place if self.places is None else self.places[place]

    def end(self, place: int) -> int:
        """Where the text up to `place` ends as typed."""
        return place if self.places is None else self.places[place - 1] + 1


def plain_of(typed: str) -> Plain:
    """The text as it reads. Letters that stand for several, such as "㎝", are left as they are."""
    if typed.isascii():
        return Plain(typed, None)
    letters = [(place, unicodedata.normalize("NFKC", sign)) for place, sign in enumerate(typed)]
    seen = [
        (place, plain if len(plain) == 1 and not plain.isspace() else typed[place])
        for place, plain in letters
        if unicodedata.category(typed[place]) != UNSEEN
    ]
    return Plain("".join(sign for _place, sign in seen), [place for place, _sign in seen])
