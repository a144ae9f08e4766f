"""Names in Norwegian order, and found however they are typed (I28).

As two transforms of text fields: `order_by("name__in_order")` puts Æ, Ø and Å last, Aa with Å and other accents at
their plain letters; `filter(name__folded__contains="bodo")` finds "Bodø" and "BODØ". SQLite gets the functions from
here, PostgreSQL works them out with its own, so that no collation has to be installed.
"""

import unicodedata
from typing import Any

from django.db.backends.signals import connection_created
from django.db.models import CharField, TextField, Transform

# As libraries of ICU order them: aa is an å, ä an æ, ö an ø.
LAST = {"æ": "{", "ä": "{", "ø": "|", "ö": "|", "å": "}"}
# Letters of one sign that no decomposition leads to plain ones; Sámi, Icelandic and Polish neighbours among them.
PLAIN = {"ø": "o", "đ": "d", "ð": "d", "ŋ": "n", "ŧ": "t", "ł": "l", "ħ": "h", "ı": "i"}
PAIRS = {"æ": "ae", "œ": "oe", "ß": "ss", "þ": "th"}


def _plain(sign: str) -> str:
    return PLAIN.get(sign) or unicodedata.normalize("NFD", sign)[0]


# Every letter with an accent up to Latin Extended-A, small and large.
_LETTERS = [sign for sign in map(chr, range(0xC0, 0x180)) if sign.isalpha() and len(sign.lower()) == 1]
FOLDED = {sign: _plain(sign.lower()) for sign in _LETTERS if sign.lower() not in PAIRS}
ORDERED = {sign: LAST.get(sign.lower()) or FOLDED.get(sign, sign.lower()) for sign in _LETTERS}
_FOLDED, _ORDERED = str.maketrans(FOLDED), str.maketrans(ORDERED)


def in_norwegian_order(name: str) -> str:
    """A sort key for `name`: Æ, Ø and Å after Z, Aa with Å, Sámi letters at their Latin ones."""
    return _composed(name).translate(_ORDERED).lower().replace("aa", "}")


def folded(text: str) -> str:
    """`text` in small letters without accents: what is sought and what is there, made alike."""
    plain = _composed(text).translate(_FOLDED).lower()
    for letter, pair in PAIRS.items():
        plain = plain.replace(letter, pair)
    return plain


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


class _OfText(Transform):
    """A transform that SQLite asks Python for, and PostgreSQL does by replacing letters."""

    output_field = TextField()
    letters: dict[str, str]
    pairs: dict[str, str]
    collation = ""

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, tuple]:
        sql, params = compiler.compile(self.lhs)
        params = (*params, "".join(self.letters), "".join(self.letters.values()))
        sql = f"lower(translate(normalize(({sql})::text), %s, %s))"
        for pair in self.pairs.items():
            sql, params = f"replace({sql}, %s, %s)", (*params, *pair)
        return f"{sql}{self.collation}", params


class InOrder(_OfText):
    """The sort key of `in_norwegian_order`."""

    lookup_name, function = "in_order", "in_norwegian_order"
    letters, pairs, collation = ORDERED, {"aa": "}"}, ' COLLATE "C"'


class Folded(_OfText):
    """What `folded` gives, of both what is there and what is sought."""

    lookup_name, function, bilateral = "folded", "folded", True
    letters = FOLDED | {letter.upper(): letter for letter in PAIRS if len(letter.upper()) == 1}
    pairs = PAIRS


def _teach(connection: Any, **_signal: Any) -> None:
    if connection.vendor == "sqlite":
        for function in (in_norwegian_order, folded):
            connection.connection.create_function(function.__name__, 1, _of_text(function), deterministic=True)


def _of_text(function: Any) -> Any:
    return lambda value: None if value is None else function(str(value))


def register() -> None:
    """Makes both known to all text fields, and to each SQLite connection that is opened."""
    for field in (CharField, TextField):
        for transform in (InOrder, Folded):
            field.register_lookup(transform)
    connection_created.connect(_teach, dispatch_uid="norwegian_words")
