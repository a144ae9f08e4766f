"""How well the check before handing in does on 200 invented notes, and single cases (P3)."""

import logging
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from mentoring.anonymity import Kind, findings

CORPUS = Path(__file__).with_name("notes_corpus") / "notes.txt"
MARK = re.compile(r"\[\[(\w+)\|([^\]]+)\]\]")


@dataclass(frozen=True)
class Truth:
    """What a note names, and where; `found` is what the check says of its text."""

    text: str
    named: list[tuple[str, int, int]]
    found: list

    def hit(self, start: int, end: int) -> bool:
        return any(finding.start < end and start < finding.end for finding in self.found)


def truth_of(marked: str) -> Truth:
    text, named, at = "", [], 0
    for match in MARK.finditer(marked):
        text += marked[at : match.start()]
        named.append((match[1], len(text), len(text) + len(match[2])))
        text, at = text + match[2], match.end()
    text += marked[at:]
    return Truth(text, named, findings(text))


@pytest.fixture(scope="module")
def corpus() -> list[Truth]:
    return [truth_of(note) for note in CORPUS.read_text().strip().split("\n---\n")]


def recall(corpus: list[Truth], kind: str) -> float:
    named = [note.hit(start, end) for note in corpus for what, start, end in note.named if what == kind]
    return sum(named) / len(named)


def test_there_are_two_hundred_notes_and_half_of_them_name_nobody(corpus):
    assert len(corpus) == 200
    assert sum(not note.named for note in corpus) == 100


def test_numbers_addresses_and_dates_are_found(corpus):
    assert recall(corpus, "number") >= 0.99


def test_full_names_are_found(corpus):
    assert recall(corpus, "name") >= 0.80


def test_false_alarms_are_few(corpus):
    """Both as the share of notes that name nobody and get a mark, and as the share of marks that mark nobody."""
    clean = [note for note in corpus if not note.named]
    marks = [(note, finding) for note in corpus for finding in note.found]
    wrong = [
        (note, finding)
        for note, finding in marks
        if not any(start < finding.end and finding.start < end for _kind, start, end in note.named)
    ]

    assert sum(bool(note.found) for note in clean) / len(clean) <= 0.05
    assert len(wrong) / len(marks) <= 0.05


def test_nothing_that_was_found_is_logged(caplog):
    with caplog.at_level(logging.DEBUG):
        findings("Emma Hansen, 912 34 567.")

    assert caplog.text == ""
    assert "Emma" not in repr(findings("Emma Hansen"))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Vi møtte Emma Hansen i dag.", ["Emma Hansen"]),
        ("Emma Hansen kom.", ["Emma Hansen"]),
        ("vi snakket med emma hansen", ["emma hansen"]),
        ("Vi møtte EMMA SOLBERG.", ["EMMA SOLBERG"]),
        ("Kari M. Nordmann ringte.", ["Kari M. Nordmann"]),
        ("Mohammed van der Berg ringte.", ["Mohammed van der Berg"]),
        ("Emmas mamma og Jonas’ bror.", ["Emmas", "Jonas’"]),
        ("Vi hilste på fru Dalgård.", ["Dalgård"]),
        ("Jeg satt hos lille Bitte.", ["Bitte"]),
        ("Gutten heter Yonatan.", ["Yonatan"]),
        ("Zaynas mamma gråt, og så gråt Zaynas mamma igjen.", ["Zaynas", "Zaynas"]),
        ("Hans mor kom. Jeg snakket med Hans.", ["Hans"]),
        ("Liv er viktig. Dag for dag. Per i dag.", []),
        ("Vi var på Haukeland i Bergen.", []),
        ("I Tromsø kommune. På Solbakken barnehage. Ved Ahus.", []),
        ("Modul 3 handler om Barnekoordinatoren.", []),
        ("Vi så Frost på Netflix.", []),
        ("NAV, BUP og PPT kom.", []),
    ],
)
def test_names(text, names):
    found = findings(text)

    assert [finding.kind for finding in found] == [Kind.NAME] * len(names)
    assert [text[finding.start : finding.end] for finding in found] == names


@pytest.mark.parametrize(
    "text",
    [
        *("a-" * 20_000, "+4" * 20_000, "a.b-c+d" * 5_700, "Aaas mamma " * 3_600, "1 " * 20_000),
        *("De, " * 10_000, "Al. " * 10_000, "Den.\n" * 8_000, "a@b.no " * 5_700, "Åse Ås " * 5_700),
    ],
)
def test_a_note_of_the_greatest_length_is_looked_through_whole(text):
    """Each of these once took most of a minute."""
    found = findings(f"{text}. Ring 912 34 567.")

    assert found[-1].kind == Kind.PHONE
