"""Sentences with a number in them: one is one, and more are more."""

import datetime

import pytest
from django.utils import timezone

from lms.openfigures.tables import Row, _summary
from lms.reports.models import CapacityRow, Offering, StayRow
from lms.reports.selection import Selection
from lms.reports.shapes import Figure, FigureGroup, Report
from lms.reports.templatetags.numbers import in_short
from lms.reports.year import year_report
from lms.reports.year_checks import capacity_flags, round_flags
from lms.reports.year_document import document_of
from mentoring.rounds import Figures

PLACES = [
    ("nytt", "newly_enrolled"),
    ("nytt", "newly_completed"),
    ("moter", "meetings"),
    ("moter", "attendances"),
    ("moter", "notes"),
    ("kursbevis", "of_courses"),
    ("kursbevis", "of_packages"),
]


def report_with(count):
    groups = [FigureGroup(group, "", [Figure(key, "", count, "")]) for group, key in PLACES]
    found = {}
    for group in groups:
        found.setdefault(group.key, []).extend(group.figures)
    whole = [FigureGroup(key, "", figures) for key, figures in found.items()]
    day = datetime.date(2026, 1, 1)
    return Report(Selection(day, day), timezone.now(), whole, [])


@pytest.mark.parametrize(
    ("count", "sentence"),
    [
        (
            1,
            "I perioden kom det 1 ny påmelding, og 1 fullførte. Det er holdt 1 møte med 1 oppmøte, levert 1 notat og "
            "utstedt 2 kursbevis.",
        ),
        (
            1200,
            "I perioden kom det 1\xa0200 nye påmeldinger, og 1\xa0200 fullførte. Det er holdt 1\xa0200 møter med "
            "1\xa0200 oppmøter, levert 1\xa0200 notater og utstedt 2\xa0400 kursbevis.",
        ),
    ],
)
def test_the_first_sentence_of_the_numbers(count, sentence):
    assert in_short(report_with(count)) == sentence


@pytest.mark.parametrize(
    ("count", "sentences"),
    [
        (
            1,
            [
                "1 tilbud til tjenesteytere, med 1 deltakelse",
                "1 lokalt tilbud til barn og familie, med 1 deltakelse",
                "1 familie og 1 person på opphold og samlinger",
            ],
        ),
        (
            2,
            [
                "2 tilbud til tjenesteytere, med 2 deltakelser",
                "2 lokale tilbud til barn og familie, med 2 deltakelser",
                "2 familier og 2 personer på opphold og samlinger",
            ],
        ),
    ],
)
def test_the_main_numbers_of_a_year(db, count, sentences):
    for kind in ("webinar", "local_family"):
        Offering.objects.create(year=2025, kind=kind, digital=count, participants=count)
    for who in ("families", "parents"):
        StayRow.objects.create(year=2025, title="Opphold", who=who, count=count)

    assert document_of(year_report(2025)).summary == sentences


def test_one_place_and_more_places():
    one = CapacityRow(title="Opphold", rounds=1, capacity=1, offered=2)
    two = CapacityRow(title="Opphold", rounds=1, capacity=2, offered=3)

    assert capacity_flags(one) == ["Opphold: 2 fikk plass, men det var 1 plass. Den kan være gitt på nytt."]
    assert capacity_flags(two) == ["Opphold: 3 fikk plass, men det var 2 plasser. Noen kan være gitt på nytt."]


@pytest.mark.parametrize(
    ("count", "end"), [(1, "1 har plassen og er ikke ferdig."), (2, "2 har plassen og er ikke ferdige.")]
)
def test_one_and_more_who_are_not_done(count, end):
    told = Figures(
        **{
            **dict.fromkeys("other refused completed transferred withdrawn withdrew_early waiting".split(), 0),
            "applied": count,
            "offered": count,
            "undecided": 0,
            "open": count,
            "capacity": 0,
        }
    )

    assert round_flags("Høsten", told)[0].endswith(end)


@pytest.mark.parametrize(("lines", "end"), [(1, "på 1 linje."), (2, "på 2 linjer.")])
def test_one_line_and_more_lines_of_the_open_figures(lines, end):
    assert _summary([Row("Oslo", 20, 10) for _line in range(lines)]).endswith(end)
