"""Organisation numbers against an own slow oracle, and real ones of public bodies (I24)."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from lms.workplaces.organisation_numbers import clean_organisation_number, shown

NINE = "Et organisasjonsnummer har ni sifre."
DISAGREE = "Sifrene i organisasjonsnummeret stemmer ikke med hverandre. Se etter om et siffer er feil."


def slow_oracle(number: str) -> bool:
    """The rule as the register writes it: the weighted sum of all nine, the last by one, divides by eleven."""
    total = sum(int(number[place]) * weight for place, weight in enumerate([3, 2, 7, 6, 5, 4, 3, 2, 1]))
    return total % 11 == 0


def is_taken(number: str) -> bool:
    try:
        return clean_organisation_number(number) == number
    except ValidationError:
        return False


@given(st.text("0123456789", min_size=9, max_size=9))
def test_a_number_is_taken_when_its_digits_agree(number):
    assert is_taken(number) == slow_oracle(number)


@given(st.text("0123456789", min_size=8, max_size=8))
def test_of_ten_last_digits_one_is_right_or_none_when_the_remainder_is_one(first):
    remainder = sum(int(digit) * weight for digit, weight in zip(first, (3, 2, 7, 6, 5, 4, 3, 2), strict=True)) % 11

    right = [last for last in "0123456789" if is_taken(first + last)]

    assert len(right) == (0 if remainder == 1 else 1)


@given(st.text("0123456789", min_size=9, max_size=9).filter(slow_oracle), st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(number, place, by):
    wrong = number[:place] + str((int(number[place]) + by) % 10) + number[place + 1 :]

    assert not is_taken(wrong)


@pytest.mark.parametrize("number", ["974760673", "971032081", "123456785"])
def test_real_numbers_and_those_that_begin_otherwise_are_taken(number):
    assert clean_organisation_number(number) == number


@pytest.mark.parametrize("text", ["974 760 673", " 974760673\n", "974\u00a0760\u00a0673", "974\u2009760 673"])
def test_spaces_are_left_out(text):
    assert clean_organisation_number(text) == "974760673"


def test_nothing_is_nothing():
    assert clean_organisation_number("  ") == ""


@pytest.mark.parametrize("text", ["97476067", "9747606730", "97476067a", "٩٧٤٧٦٠٦٧٣", "97476067²", "-74760673", "x"])
def test_a_number_is_refused_when_it_has_not_nine_digits(text):
    with pytest.raises(ValidationError) as refusal:
        clean_organisation_number(text)

    assert refusal.value.messages == [NINE]


@pytest.mark.parametrize("text", ["974760674", "100000000", "974760637"])
def test_a_number_is_refused_when_its_digits_disagree(text):
    with pytest.raises(ValidationError) as refusal:
        clean_organisation_number(text)

    assert refusal.value.messages == [DISAGREE]


def test_a_number_is_shown_in_three_groups():
    assert shown("974760673") == "974\u00a0760\u00a0673"
    assert shown("") == ""
