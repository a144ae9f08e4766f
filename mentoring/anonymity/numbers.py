"""National identity numbers, phone numbers, e-mail addresses and exact dates in a text (P3, I25).

Nothing is worked out from a number but whether it is one: neither sex nor century.
"""

import datetime
import re
from collections.abc import Iterator

from mentoring.anonymity.finding import Finding, Kind

GAP = r"[ .\-/–:\u00a0\u202f]{0,3}"
# Between figures whose check digits fit, whatever somebody puts there; a new line, too.
ANY_GAP = r"[\s.,;:_/()\[\]|·\-–—]{0,3}"
ELEVEN = re.compile(rf"(?=(?<!\d)(\d(?:{ANY_GAP}\d){{10}})(?!\d))")
FIRST_WEIGHTS = (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)
SECOND_WEIGHTS = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]++ ?(?:@|[(\[] ?(?:at|krøllalfa) ?[)\]]) ?"
    r"[\w-]+(?:(?:\.| ?[(\[] ?(?:punktum|dot) ?[)\]] ?)[\w-]+)+",
    re.IGNORECASE,
)

S = r"[ .\-\u00a0\u202f]"
PHONE = re.compile(
    rf"(?<![\d+])(?<!\d[.,])(?:(?:\+|00){S}?47{S}?|\(\+?47\){S}?)?"
    rf"(?:[2-9]\d{S}\d\d{S}\d\d{S}\d\d|[489]\d\d{S}\d\d{S}\d\d\d|[49]\d\d\d{S}\d{{4}}|[2-9]\d{{7}}"
    rf"|[49]\d\d{S}\d\d\d{S}\d\d|[49]\d{S}\d\d\d{S}\d\d\d)(?!\d|[.,]\d|{S}?(?:kr\b|kroner|mill))"
)
ABROAD = re.compile(rf"(?<![\d+])(?:\+|00{S}?[1-9]){S}?(?:\d{S}?\(?\)?){{6,13}}\d(?!\d)")

LONG = "januar februar mars april mai juni juli august september oktober november desember".split()
MONTHS = {name: number for number, name in enumerate(LONG, start=1)}
MONTHS |= {name[:3]: number for name, number in MONTHS.items()} | {"sept": 9}
# Letters of the names alone: ignoring case, "ſ" would be an "s".
MONTH = f"(?a:{'|'.join(sorted(MONTHS, key=len, reverse=True))})"
FULL_DATES = [
    re.compile(r"(?<![\d.])(?P<d>\d{1,2})\s?[./-]\s?(?P<m>\d{1,2})\s?[./-]\s?(?P<y>(?:19|20)?\d\d)(?![\d]|[.,]\d)"),
    re.compile(r"(?<![\d.])(?P<y>(?:19|20)\d\d)[./-](?P<m>\d{1,2})[./-](?P<d>\d{1,2})(?!\d)"),
    re.compile(r"(?<!\d)(?P<d>\d\d)(?P<m>\d\d)(?P<y>(?:19|20)\d\d)(?!\d)"),
    re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<m>\d\d)(?P<d>\d\d)(?!\d)"),
    re.compile(rf"(?<![\d.])(?P<d>\d{{1,2}})\.?\s(?P<month>{MONTH})\.?\s(?P<y>(?:19|20)?\d\d)(?!\d)", re.IGNORECASE),
]
DAYS_WITHOUT_A_YEAR = re.compile(
    rf"(?<![\d.])(?P<d>\d{{1,2}})(?:(?:\.\s?|\s)(?P<month>{MONTH})\b|[./](?P<m>\d{{1,2}})\b\.?)(?!\d)", re.IGNORECASE
)
SIX = re.compile(r"(?<!\d)(?P<d>\d\d)(?P<m>\d\d)(?P<y>\d\d)(?!\d)")
BIRTH = re.compile(
    r"\b(?:født|fødte|fødsels\w*|bursdag\w*|f\.|fyller|fylte|termin\w*|døde?|gravlagt)(?!\w)[^.!?\n]{0,25}$", re.I
)
MEETINGS = re.compile(
    r"\b(?:\w*møte\w*|kurs\w*|samling\w*|levert|notat\w*|modul\w*|frist\w*|versjon|lov)\b[^.!?\n]{0,20}$", re.I
)


def national_numbers(text: str) -> Iterator[Finding]:
    """Eleven digits with a day, a month and check digits that fit, or that nearly fit."""
    for match in ELEVEN.finditer(text):
        digits = [int(sign) for sign in match[1] if sign.isdigit()]
        if is_national_number(digits):
            yield Finding(match.start(1), match.end(1), Kind.NATIONAL)
        elif _begins_with_a_day(digits) and re.fullmatch(rf"\d{{6}}{GAP}\d{{5}}", match[1]):
            yield Finding(match.start(1), match.end(1), Kind.LIKE_NATIONAL)


def is_national_number(digits: list[int]) -> bool:
    """Whether eleven digits are a national, D-, help or synthetic number, by the rules until and from 2032."""
    shared_help_number = digits[0] in {8, 9}
    if not shared_help_number and not _begins_with_a_day(digits):
        return False
    first = sum(weight * digit for weight, digit in zip(FIRST_WEIGHTS, digits, strict=False)) % 11
    second = sum(weight * digit for weight, digit in zip(SECOND_WEIGHTS, digits, strict=True)) % 11
    # From 2032 the first check digit may leave 0, 1, 2 or 3.
    return second == 0 and first <= 3


def _begins_with_a_day(digits: list[int]) -> bool:
    day = digits[0] * 10 + digits[1]
    month = digits[2] * 10 + digits[3]
    day -= 40 if day > 40 else 0
    month -= 80 if month > 80 else 40 if month > 40 else 0
    return 1 <= month <= 12 and 1 <= day <= DAYS[month - 1]


def addresses(text: str) -> Iterator[Finding]:
    """E-mail addresses, also those with (at)."""
    for match in EMAIL.finditer(text):
        yield Finding(match.start(), match.end(), Kind.EMAIL)


def phones(text: str) -> Iterator[Finding]:
    """Norwegian numbers of eight digits as people group them, and numbers with a country code."""
    for match in PHONE.finditer(text):
        if not re.match(r"(?:19|20)\d\d(?:\d{4}$)", match[0]):
            yield Finding(match.start(), match.end(), Kind.PHONE)
    for match in ABROAD.finditer(text):
        yield Finding(match.start(), match.end(), Kind.PHONE)


def dates(text: str, today: datetime.date) -> Iterator[Finding]:
    """Days of the last hundred years, said in full, unless a meeting or the like is on them; and birthdays."""
    for pattern in FULL_DATES:
        for match in pattern.finditer(text):
            born = bool(BIRTH.search(text[max(0, match.start() - 80) : match.start()]))
            if _is_past(match, today) and (
                born or not MEETINGS.search(text[max(0, match.start() - 80) : match.start()])
            ):
                yield Finding(match.start(), match.end(), Kind.DATE)
    for match in (*DAYS_WITHOUT_A_YEAR.finditer(text), *SIX.finditer(text)):
        if BIRTH.search(text[max(0, match.start() - 80) : match.start()]) and _day(match, 2000):
            yield Finding(match.start(), match.end(), Kind.DATE)


def _is_past(match: re.Match[str], today: datetime.date) -> bool:
    year = int(match["y"])
    years = [year] if year > 99 else [1900 + year, 2000 + year]
    days = [day for year in years if (day := _day(match, year))]
    return any(today.year - 100 <= day.year and day <= today for day in days)


def _day(match: re.Match[str], year: int) -> datetime.date | None:
    named = match.groupdict().get("month")
    month = MONTHS[named.lower()] if named else int(match["m"])
    try:
        return datetime.date(year, month, int(match["d"]))
    except ValueError:
        return None
