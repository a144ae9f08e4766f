"""National identity numbers are known by day, month and check digits alone (I25)."""

import datetime
import random

import pytest

from mentoring.anonymity import Kind, findings
from mentoring.anonymity.numbers import FIRST_WEIGHTS, SECOND_WEIGHTS, is_national_number

# Months from 81 are those of invented people in the registry of test persons (P25).
CLASSES = {"ordinary": (0, 80), "D-number": (40, 80), "help number": (0, 40), "from 2032": (0, 80)}


def made_up(rng: random.Random, day_more: int, month_more: int, remainders=(0,)) -> list[int]:
    """Eleven digits of nobody with check digits that fit."""
    while True:
        day = datetime.date(1926, 1, 1) + datetime.timedelta(rng.randrange(36_500))
        text = f"{day.day + day_more:02}{day.month + month_more:02}{day.year % 100:02}{rng.randrange(1000):03}"
        digits = [int(sign) for sign in text]
        rest = sum(weight * digit for weight, digit in zip(FIRST_WEIGHTS, digits, strict=False))
        first = (rng.choice(remainders) - rest) % 11
        second = -sum(weight * digit for weight, digit in zip(SECOND_WEIGHTS, [*digits, first], strict=False)) % 11
        if first < 10 and second < 10:
            return [*digits, first, second]


@pytest.mark.parametrize("kind", CLASSES)
def test_a_thousand_numbers_of_each_class_are_known(kind):
    rng = random.Random(2032)
    remainders = (0, 1, 2, 3) if kind == "from 2032" else (0,)

    numbers = [made_up(rng, *CLASSES[kind], remainders) for _number in range(1000)]

    assert [number for number in numbers if not is_national_number(number)] == []


def test_eleven_digits_by_chance_are_seldom_taken_for_one():
    rng = random.Random(7)
    taken = sum(is_national_number([rng.randrange(10) for _place in range(11)]) for _number in range(10_000))

    assert taken < 200


@pytest.mark.parametrize(
    "written",
    [
        *("{}{}", "{} {}", "{}.{}", "{}-{}", "{}\u00a0{}", "{} - {}"),
        *("{}\n{}", "{}\t{}", "{}, {}", "{}_{}", "{} — {}", "{} ({}", "{}\u200b{}", "{}\u00ad{}"),
    ],
)
def test_a_number_is_found_however_it_is_written(written):
    number = "".join(map(str, made_up(random.Random(1), 0, 80)))
    text = f"Hun het noe, og nummeret var {written.format(number[:6], number[6:])}, sto det."

    (found,) = findings(text)

    assert (found.kind, found.must_go) == (Kind.NATIONAL, True)
    assert "".join(sign for sign in text[found.start : found.end] if sign.isdigit()) == number


def test_a_number_spread_over_its_digits_is_found():
    number = " ".join(map(str, made_up(random.Random(3), 40, 80)))

    assert [found.kind for found in findings(f"Nummer: {number}.")] == [Kind.NATIONAL]


def test_a_mistyped_number_is_pointed_at_but_can_be_waved_through():
    number = made_up(random.Random(5), 0, 80)
    number[10] = (number[10] + 1) % 10
    text = "".join(map(str, number))

    assert [(found.kind, found.must_go) for found in findings(f"Nr. {text[:6]} {text[6:]}")] == [
        (Kind.LIKE_NATIONAL, False)
    ]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Ring 912 34 567.", [Kind.PHONE]),
        ("Ring 91234567", [Kind.PHONE]),
        ("Ring 22 33 44 55 i dag", [Kind.PHONE]),
        ("Ring +47 912 34 567", [Kind.PHONE]),
        ("Ring 0047 91 23 45 67.", [Kind.PHONE]),
        ("Ring +46 70-123 45 67.", [Kind.PHONE]),
        ("Ring 48 123 456 eller 481 234 56", [Kind.PHONE] * 2),
        ("mob.48123456", [Kind.PHONE]),
        ("Ring ９１２ ３４ ５６７.", [Kind.PHONE]),
        ("Ring 912\u200b34\u200b567.", [Kind.PHONE]),
        ("Det kostet 48 123 456 kroner.", []),
        ("Ring 116 111 eller 113.", []),
        ("Det kostet 12 345 678 kroner.", []),
        ("I 2024 2025 og 2026 var vi 12 stykker på rom 2043.", []),
        ("Rundskriv 2019/1234, side 20-25.", []),
        ("Skriv til ola.nordmann@example.no.", [Kind.EMAIL]),
        ("Skriv til ola (at) example.no", [Kind.EMAIL]),
        ("Skriv til ola[at]example[dot]no", [Kind.EMAIL]),
        ("Skriv til ola＠example.no", [Kind.EMAIL]),
        ("Vi var 10 @ møtet.", []),
    ],
)
def test_phones_and_addresses(text, kinds):
    assert [found.kind for found in findings(text)] == kinds


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Født 12.03.2015.", 1),
        ("Gutten (f. 12.3.15) var hjemme.", 1),
        ("Den 12. mars 2015 ble alt annerledes.", 1),
        ("Hun har bursdag 3. mai.", 1),
        ("Hun er født 3 mars.", 1),
        ("Hun er født 030319.", 1),
        ("Rom 030319 var ledig.", 0),
        ("Vi var 3 mars og 4 april.", 0),
        ("2015-03-12", 1),
        ("12032015", 1),
        ("Møtet 12.03.2026 var fint.", 0),
        ("Vi møtes 3. mai.", 0),
        ("I mars 2024 begynte jeg.", 0),
        ("Fristen er 12.03.2031.", 0),
        ("Kl. 14.00, side 3.2.1, versjon 1.2.3.", 0),
        ("12.03.1899", 0),
        ("31.02.2015", 0),
    ],
)
def test_days_of_the_last_hundred_years_are_dates(text, count):
    assert len(findings(text, today=datetime.date(2026, 11, 22))) == count


def test_a_place_is_given_where_it_was_typed():
    text = "\u200bHei\u200b, ring ９１\u200b２３４５\u200d６７ i dag."
    (found,) = findings(text)

    assert text[found.start : found.end] == "９１\u200b２３４５\u200d６７"
