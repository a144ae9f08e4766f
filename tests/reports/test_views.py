"""Who sees the numbers, that page and files agree, and that each look is noted."""

import csv
import datetime
import io

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from lms.accounts.models import Municipality
from lms.reports.exports import file_name
from lms.reports.models import ClosedYear, ReportReading
from lms.reports.selection import Selection
from lms.reports.templatetags.numbers import grouped
from mentoring.spreadsheet import sheet_title
from modules.enrolment import enrol
from modules.freshness import renew_content
from modules.models import CoursePage
from modules.outline import course_outline
from tests.live.office import opened
from tests.reports.facts import enrolled, keep
from tests.small_course import COURSE_KEY


@pytest.fixture
def numbers(course, learner, other_learner):
    for person in (learner, other_learner):
        enrol(person, course_outline(COURSE_KEY, "nb"))


def test_an_administrator_sees_the_numbers_and_that_is_noted(numbers, admin, signed_in):
    page = signed_in(admin).get("/rapporter/?sektor=kindergarten")

    assert page.status_code == 200
    assert page["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    reading = ReportReading.objects.get()
    assert (reading.person, reading.form) == (admin, "page")
    assert "sektor=kindergarten" in reading.view


@pytest.mark.parametrize("path", ["/rapporter/", "/rapporter/tall.csv", "/rapporter/tall.xlsx"])
def test_the_numbers_refuse_everybody_else(numbers, path, learner, mentor, editor, signed_in, client):
    for person in (learner, mentor, editor):
        assert signed_in(person).get(path).status_code == 404
    assert client.get(path).status_code == 302
    assert not ReportReading.objects.exists()


@pytest.mark.parametrize("kept", [False, True])
@pytest.mark.parametrize(
    "query", ["", "?fra=2020-01-01&til=2020-12-31", "?sektor=kindergarten", f"?kurs={COURSE_KEY}", "?fylke=03&niva=2"]
)
def test_page_csv_and_excel_say_the_same(numbers, admin, signed_in, settings, tmp_path, query, kept):
    # The title of a course is a formula, as somebody could write it.
    CoursePage.objects.update(title="=1+1", level="1-2")
    renew_content()
    if kept:
        keep(settings)
    browser = signed_in(admin)

    page = browser.get(f"/rapporter/{query}").context["report"]
    text = browser.get(f"/rapporter/tall.csv{query}").content.decode("utf-8-sig")
    path = tmp_path / "tall.xlsx"
    path.write_bytes(browser.get(f"/rapporter/tall.xlsx{query}").content)

    in_csv = list(csv.reader(io.StringIO(text), delimiter=";"))
    figures = [
        [figure.title, str(figure.value), str(figure.before)] for group in page.groups for figure in group.figures
    ]
    assert [row[:3] for row in in_csv if len(row) == 4 and row[1].isdigit() and row in in_csv[:60]] == figures
    assert _tables_in(in_csv, page) == _told(page)
    # LibreOffice takes seconds to start: once is enough.
    others = _by_office(path, tmp_path) if not query and not kept else []
    for sheets in (_by_openpyxl(path), *others):
        assert [row[:3] for row in sheets["Tall"] if row[1].isdigit()] == figures
        named = [sheets[sheet_title(number, table.title)] for number, table in enumerate(page.tables, start=1)]
        assert {table.key: rows for table, rows in zip(page.tables, named, strict=True)} == _told(page)
    assert not [cell for sheet in load_workbook(path) for row in sheet for cell in row if cell.data_type == "f"]


def _told(report) -> dict[str, list[list[str]]]:
    """Each table as its cells, heads and sums included, as files write them."""
    return {
        table.key: [
            ["'=1+1" if value == "=1+1" else str(value) for value in row]
            for row in [table.columns, *table.rows, *([table.total] if table.total else [])]
        ]
        for table in report.tables
    }


def _tables_in(rows, report) -> dict[str, list[list[str]]]:
    """The tables of a CSV file: each begins with its title and what it counts, and ends with an empty line."""
    parts: list[list[list[str]]] = [[]]
    for row in rows:
        if row:
            parts[-1].append(row)
        else:
            parts.append([])
    return {table.key: part[2:] for table, part in zip(report.tables, parts[-len(report.tables) :], strict=True)}


def _by_openpyxl(path) -> dict[str, list[list[str]]]:
    return {sheet.title: _trimmed(sheet.values) for sheet in load_workbook(path)}


def _by_office(path, folder) -> list[dict[str, list[list[str]]]]:
    """The sheets as LibreOffice reads them; nothing where it is not on the machine."""
    # Semicolons, quotes, UTF-8, from the first row; -1 writes a file for each sheet.
    if not opened(path, "csv:Text - txt - csv (StarCalc):59,34,76,1,,0,false,true,false,false,false,-1"):
        return []
    files = {file.stem.removeprefix("tall-"): file for file in folder.glob("tall-*.csv")}
    return [
        {
            name: _trimmed(csv.reader(io.StringIO(file.read_text("utf-8-sig")), delimiter=";"))
            for name, file in files.items()
        }
    ]


def _trimmed(rows) -> list[list[str]]:
    """Cells as text; a sheet is as wide as its widest row, and empty rows say nothing."""
    texts = [["" if cell is None else str(cell) for cell in row] for row in rows]
    return [row for row in texts if any(row)]


def test_file_and_head_say_period_and_filter_in_words(numbers, admin, signed_in):
    query = "fra=2026-01-01&til=2026-11-22&sektor=kindergarten&fylke=03"
    answer = signed_in(admin).get(f"/rapporter/tall.csv?{query}")

    name = "refleks-tall-2026-01-01-2026-11-22-sektor-barnehage-fylke-oslo.csv"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert rows[2] == ["Utvalg", "Sektor: Barnehage; Fylke: Oslo"]
    assert rows[3] == ["Adresse", f"/rapporter/?{query}"]


def test_a_file_of_everybody_says_so(numbers, admin, signed_in):
    browser = signed_in(admin)
    whole = browser.get("/rapporter/tall.xlsx?fra=2026-01-01&til=2026-11-22")
    rows = browser.get("/rapporter/rader/nytt/newly_enrolled/rader.csv?fra=2026-01-01&til=2026-11-22&sektor=respite")

    assert load_workbook(io.BytesIO(whole.content))["Tall"]["B3"].value == "alle"
    assert 'filename="refleks-tall-2026-01-01-2026-11-22.xlsx"' in whole["Content-Disposition"]
    name = "refleks-nytt-nye-pameldinger-2026-01-01-2026-11-22-sektor-avlastning.csv"
    assert rows["Content-Disposition"] == f'attachment; filename="{name}"'
    assert b"Utvalg;Sektor: Avlastning\r\n" in b"".join(rows.streaming_content)


def test_the_name_of_a_file_ends_however_much_is_chosen(db):
    day = datetime.date(2026, 1, 1)
    name = file_name(Selection(day, day), "csv", [f"Kurs: {'Et langt navn ' * 20}"] * 8)

    assert len(name) == 199
    assert name.startswith("refleks-tall-2026-01-01-2026-01-01-kurs-et-langt-navn")


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Tid fra påmelding til fullført", "7 Tid fra påmelding"),
        ("Familier og personer på opphold og samlinger", "7 Familier og personer"),
        ("Besøkende, sidevisninger og avspillinger", "7 Besøkende, sidevisninger"),
        ("Prosjektet i Stavanger, 21.09.2021–31.12.2024", "7 Prosjektet i Stavanger"),
        ("Ukedag og time", "7 Ukedag og time"),
        ("a/b [c]: 'd'", "7 ab c d"),
        ("Donaudampfschifffahrtsgesellschaft", "7 Donaudampfschifffahrtsgesells"),
        ("???", "7"),
    ],
)
def test_the_name_of_a_sheet_fits_and_ends_with_a_whole_word(title, name):
    assert sheet_title(7, title) == name
    assert len(name) <= 31


def test_a_wrong_period_is_said_at_its_field(admin, signed_in, course):
    page = signed_in(admin).get("/rapporter/?fra=2026-05-01&til=2026-04-01").content.decode()

    assert "Perioden må begynne før den slutter." in page


UNREADABLE = [
    "fra=9999-12-31",
    "til=0001-12-31",
    "til=0001-01-01",
    "fra=99999-99-99",
    "kommune=xx&kurs=0&pakke=abc",
    "fra=2025-13-01&til=2025-12-31",
    "fra=2025-12-31&til=2025-01-01",
    "fra=0001-01-01&til=9999-12-31",
]


@pytest.mark.parametrize("query", UNREADABLE)
def test_a_selection_that_cannot_be_read_is_this_year(admin, signed_in, course, query):
    answer = signed_in(admin).get(f"/rapporter/?{query}")

    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert ReportReading.objects.get().view.startswith(f"fra={timezone.localdate().year}-01-01")


@pytest.mark.parametrize(
    "file", ["tall.csv", "tall.xlsx", *(f"rader/status/people/rader.{e}" for e in ("csv", "xlsx"))]
)
@pytest.mark.parametrize("query", UNREADABLE)
def test_there_is_no_file_of_a_selection_that_cannot_be_read(admin, signed_in, course, file, query):
    answer = signed_in(admin).get(f"/rapporter/{file}?{query}")

    assert (answer.status_code, answer.url) == (302, f"/rapporter/?{query}")
    assert not ReportReading.objects.exists()


def test_a_year_before_there_were_numbers_is_not_closed(admin, signed_in):
    assert signed_in(admin).post("/rapporter/ar/0/lukk/").status_code == 404
    assert not ClosedYear.objects.exists()


def test_the_number_of_queries_stays_the_same(numbers, admin, signed_in, django_assert_max_num_queries, editor):
    browser = signed_in(admin)
    browser.get("/rapporter/")
    with django_assert_max_num_queries(60) as few:
        browser.get("/rapporter/")
    enrol(editor, course_outline(COURSE_KEY, "nb"))
    with django_assert_max_num_queries(60) as more:
        browser.get("/rapporter/")

    assert len(few) == len(more)


def test_numbers_are_written_in_groups_of_three():
    assert [grouped(value) for value in (7, 4808, 10604, "2024")] == ["7", "4\xa0808", "10\xa0604", "2024"]


def test_a_long_table_is_begun_on_the_page_and_stands_whole_on_its_own(course, admin, signed_in):
    for number, place in enumerate(Municipality.objects.order_by("number")[:15]):
        enrolled(course.page, f"p{number}@example.org", "2025-02-01T10:00", municipality=place)
    browser, query = signed_in(admin), "?fra=2025-01-01&til=2025-12-31"

    begun = browser.get(f"/rapporter/{query}").content.decode()
    whole = browser.get(f"/rapporter/tabell/kommune/{query}")

    link = '<a href="/rapporter/?fra=2025-01-01&amp;til=2025-12-31&amp;kommune='
    assert "Vis alle 15 radene" in begun
    assert (begun.count(link), whole.content.decode().count(link)) == (12, 15)
    assert ReportReading.objects.first().view == "tabell=kommune&fra=2025-01-01&til=2025-12-31"
    assert browser.get("/rapporter/tabell/finnes-ikke/").status_code == 404


def test_charts_say_in_words_what_they_show(course, admin, signed_in):
    for number in range(3):
        enrolled(course.page, f"p{number}@example.org", "2025-02-01T10:00")

    page = signed_in(admin).get("/rapporter/?fra=2025-01-01&til=2025-03-18").content.decode()

    assert "Nye påmeldinger: 3 til sammen, flest: februar 2025 (3). Fullførte: ingen." in page
    assert "I perioden kom det 3 nye påmeldinger, og 0 fullførte." in page


def test_what_was_chosen_is_said_in_words(admin, signed_in, course):
    page = signed_in(admin).get("/rapporter/?sektor=kindergarten&fylke=03&niva=1").content.decode()

    for words in ("Sektor: Barnehage", "Fylke: Oslo", "Kompetansenivå: 1, generelt"):
        assert f'<span class="chip">{words}</span>' in page
