"""Whatever somebody writes, the check before handing in answers (P3): figures that are no date, odd letters, anything."""

import datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mentoring.anonymity import Finding, Kind, findings

TODAY = datetime.date(2026, 11, 23)
PIECES = [
    *("1", "9", "13", "25", "99", "00", "1988", "2050", "0", "47", "912 34 567", "010180", "٣", "²", "½"),
    *(".", "-", "/", " ", ":", ",", "\u00a0", "\n", "+", "(", ")", "@", "[at]", "punktum"),
    *("mai", "des.", "SEPT", "juni", "junı", "auguſt", "oKtober", "İ", "ﬁ", "ß", "\u0301", "\0", "\ud800", "👩‍👧"),
    *("Emma", "født ", "møte ", "fru ", "Hansen", "van", "i", "på", "Bø", "EMMA", "ad", "no"),
]
written = st.one_of(st.lists(st.sampled_from(PIECES), max_size=14).map("".join), st.text(max_size=60))


@settings(max_examples=600)
@given(text=written)
@example(text="25.13.1988")
@example(text="12/25/1988")
@example(text="99991988 og 19889999")
@example(text="1. junı 1988, 1. auguſt 1988")
def test_each_text_is_answered_with_places_in_it(text):
    found = findings(text, TODAY)

    assert all(isinstance(one, Finding) and 0 <= one.start < one.end <= len(text) for one in found)
    assert all(before.end <= after.start for before, after in zip(found, found[1:], strict=False))


@pytest.mark.parametrize("month", range(13, 100))
def test_a_month_beyond_the_twelfth_is_no_date(month):
    """Figures of a device, a room or an order are not taken for a birthday."""
    assert [one.kind for one in findings(f"Det sto 25.{month:02}.1988 på lappen.", TODAY)] == []


@pytest.mark.parametrize(("name", "last"), [("feb", 28), ("mai", 31), ("juni", 30), ("SEPT", 30), ("Okt", 31)])
def test_a_month_by_its_name_has_the_days_of_that_month(name, last):
    for day, said in ((last, [Kind.DATE]), (last + 1, [])):
        assert [one.kind for one in findings(f"Det var {day}. {name} 2025.", TODAY)] == said
