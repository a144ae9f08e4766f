"""Probable names of persons in a Norwegian text (P3): a guess by capitals, lists and neighbouring words.

Norwegian writes common nouns small, so a capital inside a sentence is a name of something; lists and neighbours say
of what. A wrong guess costs the author one click, a missed one is caught by nobody: pairs of capitals are marked
unless something says that they are a place or an institution.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path

from mentoring.anonymity.finding import Finding, Kind

HERE = Path(__file__).parent
WORD = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*['’]?")
STARTS_SENTENCE = re.compile(r"(?:^|[\s(][«“\"]|[.!?…:]['\"»”)]*\s+|\n\s*)(?:[-–—•*#>|=]+\s+|\d+[.)]\s+)*[*_'\"«“(]*$")
# What follows an abbreviation does not begin a sentence.
ABBREVIATION = re.compile(r"\b(?:dr|prof|bl\.?a|f\.?eks|ca|kl|nr|tlf|mr|mrs|st|jf|d|m\.?m|[A-ZÆØÅ])\.\s+$", re.I)
PARTICLES = {"van", "von", "de", "der", "den", "la", "al", "el", "bin", "abu"}
BETWEEN = re.compile(rf"\s(?:(?:[A-ZÆØÅ]\.?|{'|'.join(PARTICLES)})\s){{0,2}}")
TITLES = set(
    "fru frue herr frøken dr doktor lille vesle veslejenta gamle unge stakkars kjære tante onkel mormor morfar farmor "
    "farfar bestemor bestefar oldemor søster bror fetter kusine niese nevø gutten jenta barnet babyen tvillingene "
    "pasienten eleven brukeren kollegaen naboen venninnen vennen moren faren mora søsteren broren datteren sønnen "
    "enken enkemannen heter het hette kalles kaller kalt døpt navnet mamma pappa".split()
)
HONORIFICS = {"fru", "frue", "herr", "frøken"}
FAMILY = set(
    "mamma pappa mor far foreldre bror søster søsken lillebror lillesøster storebror storesøster besteforeldre "
    "bestemor bestefar mormor farmor morfar farfar familie tante onkel rom seng diagnose sykdom død begravelse minne "
    "bursdag kiste lege kontaktperson hånd smil historie ønske ønsker foresatte datter sønn kone mann ektefelle "
    "samboer tvilling klasse plan bamse stemme".split()
)
PERSON_VERBS = set(
    "sa sier spurte spør fortalte forteller gråt gråter smilte smiler lo ler døde dør sovnet lekte leker ønsket "
    "ønsker likte liker elsket elsker trengte trenger ville vil orket orker turte hadde klarte satt våknet savnet "
    "savner tegnet ropte hvisket svarte kjente følte føler husket mistet fylte er har fikk får".split()
)
PLACES_AFTER = re.compile(
    r"\s(?:\w*barnehage\w*|\w*skole\w*|\w*sykehus\w*|\w*kommune\w*|\w*avdeling\w*|\w*bolig\w*|helsestasjon\w*|"
    r"sykehjem\w*|legevakt\w*|bydel\w*|fylke\w*|\w*senter\w*|\w*sentrum|menighet\w*|kirke\w*|\w*vei(?:en)?|\w*gate\w*|"
    r"gård\w*|hospice|bibliotek\w*|kulturhus|universitet\w*|høgskole\w*|høyskole\w*|avlastning\w*|helseforetak|HF|"
    r"syndrom\w*|sykdom\w*|Hospital|sjukehus\w*|sjukeheim\w*|barnehagar|kapell\w*|park\w*|stiftelse\w*|forening\w*|"
    r"AS|legekontor|legesenter|sokn|forlag)\b"
)
INSTITUTION = re.compile(
    r"(?:loven|lova|avdelingen|senteret|senter|sykehuset|sykehus|sjukehus|kommunen|kommune|skolen|skole|barnehagen|"
    r"barnehage|direktoratet|tjenesten|teamet|planen|kurset|foreningen|forbundet|huset|heimen|hjemmet|klinikken|"
    r"poliklinikken|stasjonen|instituttet|universitetet|etaten|tilsynet|ombudet|rådet|fondet|gruppen|vernet|"
    r"palliasjon|dagen|veien|gata|gaten|bakken|haugen|fjorden|øya|dalen|vika|ingen|heten|sjonen)s?$"
)
PREPOSITIONS_OF_PLACES = set("i på fra ved til".split())


@cache
def words_of(name: str) -> tuple[frozenset[str], frozenset[str]]:
    """The words of a list, and those of its lines that begin with |, in small letters."""
    lines = [line for line in (HERE / f"{name}.txt").read_text().splitlines() if not line.startswith("#")]
    plain = {word.lower() for line in lines if not line.startswith("|") for word in line.split()}
    doubtful = {word.lower() for line in lines if line.startswith("|") for word in line[1:].split()}
    return frozenset(plain), frozenset(doubtful - plain)


@dataclass(frozen=True)
class Word:
    """A word with what its place in the text says about it."""

    text: str
    start: int
    end: int
    begins: bool

    @property
    def capital(self) -> bool:
        """Written like a name: one large letter first, or large throughout and longer than an abbreviation."""
        return self.text[0].isupper() and (len(self.text) > 1) and (not self.text.isupper() or len(self.text) > 4)

    @property
    def stems(self) -> list[str]:
        """The word in small letters, and without the s of the genitive."""
        word = self.text.lower().rstrip("'’")
        return [word, word[:-1]] if word.endswith("s") and len(word) > 3 else [word]

    def among(self, words: frozenset[str] | set[str]) -> bool:
        """Whether the word, or each part of a double name, is one of `words`."""
        return any(stem in words or all(part in words for part in stem.split("-")) for stem in self.stems)


def names(text: str) -> Iterator[Finding]:
    """Probable names, a full name as one finding."""
    words = [
        Word(match[0], match.start(), match.end(), _begins(text, match.start()))
        for match in WORD.finditer(text)
        if match[0] not in PARTICLES and len(match[0]) > 1
    ]
    place = 0
    while place < len(words):
        run = _run(text, words, place)
        if found := _in_run(text, words, place, run):
            yield found
        place += max(1, len(run))


def _begins(text: str, start: int) -> bool:
    before = text[max(0, start - 40) : start]
    if start > 40:
        before = "\0" + before
    return bool(STARTS_SENTENCE.search(before)) and not ABBREVIATION.search(before)


def _run(text: str, words: list[Word], place: int) -> list[Word]:
    """The words from `place` on that could be one name: capitals side by side."""
    run: list[Word] = []
    for word in islice(words, place, None):
        joined = not run or BETWEEN.fullmatch(text, run[-1].end, word.start)
        if not joined or not (word.capital or _both_known(run, word)):
            break
        run.append(word)
        if _genitive(word):
            break
    return run or _small_pair(text, words, place)


def _both_known(run: list[Word], word: Word) -> bool:
    return bool(run) and _is_first(run[-1], sure=True) and _is_last(word) and not _is_small(word)


def _small_pair(text: str, words: list[Word], place: int) -> list[Word]:
    """A first and a last name without capitals, as people type in a hurry."""
    pair = words[place : place + 2]
    if len(pair) == 2 and text[pair[0].end : pair[1].start] == " ":
        first, last = pair
        if _is_first(first, sure=True) and _is_last(last) and not _is_small(first) and len(last.text) > 3:
            return pair
    return []


def _in_run(text: str, words: list[Word], place: int, run: list[Word]) -> Finding | None:
    before = words[place - 1] if place and run and _close(text, words[place - 1], run[0]) else None
    run = _without_opening(run, words, place)
    if not run:
        return None
    finding = Finding(run[0].start, run[-1].end, Kind.NAME)
    if run[0].text[0].islower() or (before and before.text.lower() in HONORIFICS):
        return finding
    known = [word for word in run if _is_first(word, sure=True) or (_is_first(word) and not word.begins)]
    if not known and _is_place(text, run):
        return None
    if known and len(run) == 1 and PLACES_AFTER.match(text, run[-1].end):
        return None
    if known or (len(run) > 1 and _looks_like_a_person(run)) or _neighbours_say_so(text, words, run):
        return finding
    return None


def _without_opening(run: list[Word], words: list[Word], place: int) -> list[Word]:
    """The run without words that are large only because they open the sentence, and without titles."""
    while run and (
        run[0].text.lower() in TITLES or (run[0].begins and _is_small(run[0]) and not _is_opening_name(run))
    ):
        run = run[1:]
    if len(run) > 1 and run[0].begins and not _is_first(run[0]) and not _is_last(run[1]) and _is_first(run[1]):
        run = run[1:]
    if len(run) == 1 and run[0].begins and not (_is_first(run[0], sure=True) or _genitive(run[0])):
        return []
    return run


def _is_opening_name(run: list[Word]) -> bool:
    return len(run) > 1 and _is_first(run[0]) and _is_last(run[1])


def _looks_like_a_person(run: list[Word]) -> bool:
    if any(_is_last(word) for word in run[1:]):
        return True
    return not any(_is_no_person(word) for word in run)


def _neighbours_say_so(text: str, words: list[Word], run: list[Word]) -> bool:
    """A single capital: somebody when a title stands before it, or a person's doings or family after it."""
    if any(_is_no_person(word) for word in run):
        return False
    place = bisect_left(words, run[0].start, key=lambda word: word.start)
    before = words[place - 1].text.lower() if place and _close(text, words[place - 1], run[0]) else ""
    after = words[place + len(run)] if place + len(run) < len(words) else None
    following = after.text.lower() if after and _close(text, run[-1], after) else ""
    if _genitive(run[-1]) and following in FAMILY:
        return not run[0].begins or not _is_small(run[0])
    if run[0].begins or before in PREPOSITIONS_OF_PLACES:
        return False
    return before in TITLES or before == "hos" or _is_last(run[-1]) or following in PERSON_VERBS


def _close(text: str, one: Word, other: Word) -> bool:
    return text[one.end : other.start].strip(" \u00a0«»\"'") == ""


def _is_place(text: str, run: list[Word]) -> bool:
    return bool(PLACES_AFTER.match(text, run[-1].end)) or all(_is_no_person(word) for word in run)


def _is_first(word: Word, *, sure: bool = False) -> bool:
    plain, doubtful = words_of("first_names")
    return word.among(plain) or (not sure and word.among(doubtful))


def _is_last(word: Word) -> bool:
    return word.among(words_of("last_names")[0])


def _is_small(word: Word) -> bool:
    return word.text.lower() in words_of("small_words")[0]


def _is_no_person(word: Word) -> bool:
    if word.among(words_of("not_people")[0]) or word.among(words_of("municipalities")[0]):
        return True
    return bool(INSTITUTION.search(word.text)) and not _is_last(word)


def _genitive(word: Word) -> bool:
    return word.text.endswith(("s", "'", "’"))
