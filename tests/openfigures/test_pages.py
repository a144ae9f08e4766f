"""What anybody sees at /tall/, that page and files say the same, and that nothing but the release is read."""

import csv
import datetime
import io
import re

import pytest
from django.core.cache import caches
from django.utils import timezone
from openpyxl import load_workbook

from lms.openfigures import facts
from lms.openfigures.models import Release
from lms.openfigures.protection import Rule
from lms.openfigures.releases import numbers_of
from tests.openfigures.families import family

OCTOBER, SEPTEMBER = datetime.date(2026, 10, 31), datetime.date(2026, 9, 30)


def make_release(day, people, municipalities_from=10**9):
    """A release of invented people in the real counties, stored as the job stores it."""
    counted = facts.facts_of(day)
    (cells,) = family(people, 1, seed=1, every=list(counted.cells))
    counted.cells.update(cells)
    for county, towns in counted.towns.items():
        first = next(iter(towns))
        towns[first] = tuple(
            sum(counts[state] for label, counts in cells.items() if label[0] == county) for state in (0, 1)
        )
    counted.events.update(groups=23, meetings=61, attendances=411, participants=142)
    numbers = numbers_of(counted, Rule(b"key", 5), municipalities_from)
    return Release.objects.create(as_of=day, made_at=timezone.now(), smallest=5, numbers=numbers)


@pytest.fixture
def release(course):
    make_release(SEPTEMBER, 3000)
    return make_release(OCTOBER, 4808)


def test_before_the_first_release_the_page_says_when_it_comes(client, course):
    page = client.get("/tall/")

    assert page.status_code == 200
    assert "De første lages når en måned er over" in page.content.decode()


def test_anybody_sees_the_newest_release(client, release):
    page = client.get("/tall/").content.decode()

    assert "Pr. 31.10.2026." in page
    assert "Neste tall kommer 1. desember 2026." in page
    assert '<span class="number-value">4\xa0805</span>' in page
    assert page.count("<tbody>") == 4
    assert 'href="/tall/2026-09/"' in page


def test_a_hidden_number_is_a_word_with_its_reason(client, release):
    page = client.get("/tall/").content.decode()

    hidden = '<span class="hidden-number">skjult<span class="ds-sr-only"> av hensyn til personvern</span></span>'
    assert page.count("skjult<") == page.count(hidden) > 10
    numbers = [int(number.replace("\xa0", "")) for number in re.findall(r'<td class="told">([\d\xa0]+)</td>', page)]
    assert len(numbers) > 300
    assert {number % 5 for number in numbers} == {0}
    assert min(numbers) == 5


def test_an_earlier_month_has_its_own_address(client, release):
    page = client.get("/tall/2026-09/").content.decode()

    assert "Pr. 30.09.2026." in page
    assert "Se de nyeste tallene" in page


@pytest.mark.parametrize(
    "month", ["2026-08", "2026-13", "2026-9", "tall", "2026-10-31", "٢٠٢٦-١٠", "0000-01", "9999-12"]
)
def test_a_month_without_release_is_not_there(client, release, month):
    for file in ("", "tall.csv", "tall.xlsx", "tall.json"):
        assert client.get(f"/tall/{month}/{file}").status_code == 404


def test_a_choice_picks_cells_of_the_release(client, release):
    stored = {(place, sector): pair for place, sector, *pair in release.numbers["people"]}
    for query, label, tables in (
        ("fylke=46", ("46", "*"), ["sektor"]),
        ("sektor=kindergarten", ("*", "kindergarten"), ["fylke"]),
        ("fylke=46&sektor=kindergarten", ("46", "kindergarten"), []),
        ("fylke=ikke-oppgitt", ("", "*"), ["sektor"]),
        ("fylke=xx&sektor=1", ("*", "*"), ["fylke", "sektor"]),
    ):
        answer = client.get(f"/tall/?{query}")

        row = answer.context["all"]
        assert [row.enrolled or 0, row.completed or 0] == stored[label]
        assert [table.key for table in answer.context["tables"]] == tables


def test_only_the_release_is_read(client, release, django_assert_num_queries):
    caches["content"].clear()
    client.get("/tall/")
    with django_assert_num_queries(4) as asked:
        client.get("/tall/?fylke=46")

    tables = {name for query in asked for name in re.findall(r'FROM "(\w+)"', query["sql"])}
    assert tables == {"openfigures_release"}


def test_page_csv_excel_and_json_say_the_same(client, release):
    text = client.get("/tall/2026-10/tall.csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    sheet = load_workbook(io.BytesIO(client.get("/tall/2026-10/tall.xlsx").content))["Åpne tall"]
    lines = client.get("/tall/2026-10/tall.json").json()["tall"]

    head, *cells = list(sheet.values)
    assert list(rows[0]) == list(head) == list(lines[0])
    assert len(rows) == len(cells) == len(lines) == 17 * 13 * 2 + 4
    for row, cell, line in zip(rows, cells, lines, strict=True):
        assert cell[0].date() == OCTOBER
        assert row["dato"] == line["dato"] == "2026-10-31"
        assert row["verdi"] == ("" if line["verdi"] is None else str(line["verdi"]))
        assert line["verdi"] == cell[7]
        assert line["merknad"] == ("skjult av hensyn til personvern" if line["verdi"] is None else "")
        assert (
            [row[name] for name in list(row)[1:7]] == [value or "" for value in cell[1:7]] == list(line.values())[1:7]
        )
    stored = sorted(value for *_, enrolled, done in release.numbers["people"] for value in (enrolled, done))
    assert sorted(line["verdi"] or 0 for line in lines[:-4]) == stored


def test_files_open_right_and_may_be_kept(client, release):
    answer = client.get("/tall/2026-10/tall.csv")

    assert answer.content.startswith(b"\xef\xbb\xbfdato;fylkesnummer;")
    assert answer["Content-Disposition"] == 'attachment; filename="refleks-tall-2026-10-31.csv"'
    assert answer["Cache-Control"] == "public, max-age=86400"
    assert not answer.cookies


def test_municipalities_are_shown_in_their_county(client, course):
    release = make_release(OCTOBER, 30_000, municipalities_from=20_000)

    page = client.get("/tall/?fylke=11")

    assert [table.key for table in page.context["tables"]] == ["sektor", "kommune"]
    assert len(page.context["tables"][1].rows) == 23
    assert len(client.get("/tall/2026-10/tall.json").json()["tall"]) == (17 * 13 + 357) * 2 + 4
    assert len(release.numbers["municipalities"]) == 357


def test_the_page_is_found_from_every_page(client, course):
    assert '<a href="/tall/">' in client.get("/kurs/").content.decode()


def test_where_all_is_hidden_the_page_says_why_and_shows_no_tables(client, course):
    make_release(OCTOBER, 2)

    page = client.get("/tall/").content.decode()

    assert "Det er for få ennå til at tallene kan deles opp" in page
    assert "<table" not in page
    assert client.get("/tall/?fylke=46").status_code == 200
