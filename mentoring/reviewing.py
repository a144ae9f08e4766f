"""The look before handing in: what the check found, place by place, and what the author said is no person (P3).

What is remembered of a word is a keyed digest, in the author's own session: the word itself is kept nowhere.
"""

from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from mentoring.anonymity import Finding, Kind, findings
from mentoring.models import Note

WORDS = {
    Kind.NATIONAL: _("fødselsnummer"),
    Kind.LIKE_NATIONAL: _("ligner et fødselsnummer"),
    Kind.PHONE: _("telefonnummer"),
    Kind.EMAIL: _("e-postadresse"),
    Kind.DATE: _("dato"),
    Kind.NAME: _("kan være et navn"),
}
KEPT = 400


@dataclass(frozen=True)
class Piece:
    """A stretch of the text; `kind` says in a word what it may be, "" for what is nothing."""

    text: str
    kind: Any = ""
    number: int = 0


@dataclass
class Place:
    """What was found, once for each word, however often it stands there. `start` and `end` are of the first time."""

    number: int
    text: str
    kind: Any
    start: int
    end: int
    must_go: bool
    token: str
    times: int = 1


@dataclass(frozen=True)
class Review:
    """The text in pieces, and what is left to look at. `waved` counts what the author said is no person."""

    pieces: list[Piece]
    left: list[Place]
    waved: int

    @property
    def must_go(self) -> bool:
        """Whether something has to go before the note can be handed in."""
        return any(place.must_go for place in self.left)


def review_of(note: Note, session: MutableMapping[str, Any]) -> Review:
    """The note's stored text with what is found in it, without what was waved through in this session."""
    waved = set(session.get(_key(note), []))
    found = findings(note.text)
    open_ = [finding for finding in found if finding.must_go or _token(note, _word(note, finding)) not in waved]
    places: dict[str, Place] = {}
    for finding in open_:
        word = _word(note, finding)
        if word.lower() in places:
            places[word.lower()].times += 1
        else:
            places[word.lower()] = _place(note, finding, word, len(places) + 1)
    pieces = _pieces(note.text, open_, {finding: places[_word(note, finding).lower()] for finding in open_})
    return Review(pieces, list(places.values()), len(found) - len(open_))


def wave_through(note: Note, token: str, session: MutableMapping[str, Any]) -> None:
    """Remembers that the author said of a word that it is no person."""
    kept = [*session.get(_key(note), []), token[:40]]
    session[_key(note)] = list(dict.fromkeys(kept))[-KEPT:]


def _place(note: Note, finding: Finding, word: str, number: int) -> Place:
    return Place(number, word, WORDS[finding.kind], finding.start, finding.end, finding.must_go, _token(note, word))


def _pieces(text: str, found: list[Finding], places: dict[Finding, Place]) -> list[Piece]:
    pieces, at = [], 0
    for finding in found:
        place = places[finding]
        pieces += [Piece(text[at : finding.start]), Piece(text[finding.start : finding.end], place.kind, place.number)]
        at = finding.end
    return [piece for piece in [*pieces, Piece(text[at:])] if piece.text]


def _word(note: Note, finding: Finding) -> str:
    return note.text[finding.start : finding.end]


def _token(note: Note, word: str) -> str:
    return salted_hmac("mentoring.reviewing", f"{note.pk}:{word.lower()}", algorithm="sha256").hexdigest()[:40]


def _key(note: Note) -> str:
    return f"no_people_{note.pk}"
