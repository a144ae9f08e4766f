"""Who sees the numbers, that page and files agree, and that each look is noted."""

import csv
import io

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from lms.reports.exports import sheet_name
from lms.reports.models import ClosedYear, ReportReading
from lms.reports.templatetags.numbers import grouped
from modules.enrolment import enrol
from modules.outline import course_outline
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


def test_page_csv_and_excel_say_the_same(numbers, admin, signed_in):
    browser = signed_in(admin)

    page = browser.get("/rapporter/").context["report"]
    text = browser.get("/rapporter/tall.csv").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    sheets = load_workbook(io.BytesIO(browser.get("/rapporter/tall.xlsx").content))

    figures = {figure.title: str(figure.value) for group in page.groups for figure in group.figures}
    in_csv = {row[0]: row[1] for row in rows if len(row) == 4 and row[1].isdigit()}
    in_excel = {row[0].value: str(row[1].value) for row in sheets["Tall"] if isinstance(row[1].value, int)}
    assert figures == in_csv == in_excel
    assert figures["Påmeldte"] == "2"
    for number, table in enumerate(page.tables, start=1):
        in_sheet = [
            [cell if cell is not None else "" for cell in row] for row in sheets[sheet_name(number, table)].values
        ]
        assert in_sheet[1 : len(table.rows) + 1] == table.rows


def test_the_file_name_says_period_and_filter(numbers, admin, signed_in):
    answer = signed_in(admin).get("/rapporter/tall.csv?fra=2026-01-01&til=2026-11-22&fylke=03")

    assert answer["Content-Disposition"] == 'attachment; filename="refleks-tall-2026-01-01-2026-11-22-fylke-03.csv"'
    assert answer.content.startswith(b"\xef\xbb\xbf")


def test_a_wrong_period_is_said_at_its_field(admin, signed_in, course):
    page = signed_in(admin).get("/rapporter/?fra=2026-05-01&til=2026-04-01").content.decode()

    assert "Perioden må begynne før den slutter." in page


@pytest.mark.parametrize("file", ["", "tall.csv", "tall.xlsx"])
@pytest.mark.parametrize(
    "query", ["fra=9999-12-31", "til=0001-12-31", "til=0001-01-01", "fra=99999-99-99", "kommune=xx&kurs=0&pakke=abc"]
)
def test_a_selection_that_cannot_be_read_is_this_year(admin, signed_in, course, file, query):
    answer = signed_in(admin).get(f"/rapporter/{file}?{query}")

    assert answer.status_code == 200
    assert ReportReading.objects.get().view.startswith(f"fra={timezone.localdate().year}-01-01")


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
