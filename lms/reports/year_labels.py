"""What the year in the name of a row says, when the row is taken along to the next year.

«31.12.2024» and «i 2024» take stock of a year and move with it. A period that is over belongs to something that is
over. Any other year is left as it is, for somebody to look at.
"""

import re

PERIOD = re.compile(r"\b(\d{4})\s?[–-]\s?(?:\d{1,2}\.\d{1,2}\.)?(\d{4}|\d{2})\b")
YEAR = re.compile(r"\b20\d\d\b")


def has_ended(text: str, year: int) -> bool:
    """Whether `text` names a period that ended before `year`: «21.09.2021–31.12.2024», «2021–22»."""
    return any(end < year for end in _ends(text))


def moved(text: str, year: int) -> str:
    """The name of last year's row as it is in `year`; what is in a period, or says another year, stays."""
    if _ends(text):
        return text
    return re.sub(rf"\b(31\.12\.|i ){year - 1}\b", rf"\g<1>{year}", text)


def as_in(text: str, since: int, year: int) -> str:
    """The name a row of the year `since` has in `year`, so that the years stand beside each other."""
    for each in range(since + 1, year + 1):
        text = moved(text, each)
    return text


def says_a_year(text: str) -> bool:
    """Whether a year stands in `text`, which somebody has to look at in a new one."""
    return bool(YEAR.search(text))


def _ends(text: str) -> list[int]:
    ends = []
    for start, end in PERIOD.findall(text):
        last = int(start[: 4 - len(end)] + end)
        # 2024-12-31 is a day and no period.
        ends += [last] if last >= int(start) else []
    return ends
