"""Behind each figure there are as many rows as it says; who may see them, how many at a time, and what they never say."""

import csv
import io
import zipfile
from xml.etree import ElementTree

import pytest
from django.utils.formats import date_format
from openpyxl import load_workbook

from certificates.models import Certificate
from lms.reports import list_files, list_views
from lms.reports.definitions import CERTIFICATES, GROUPS, MEETINGS, NEWS, STATES
from lms.reports.models import ReportReading
from mentoring.models import Membership
from tests.groups_ground import small_group
from tests.live.office import opened
from tests.plain_course import plain_course
from tests.reports.facts import came, enrolled, group_at, handed_in, held, keep, moment

NAMED = {"status": STATES, "nytt": NEWS, "grupper": GROUPS, "moter": MEETINGS, "kursbevis": CERTIFICATES}
FIGURES = [f"{group}/{figure[0]}" for group, figures in NAMED.items() for figure in figures]
QUERY = "fra=2025-01-01&til=2025-03-18"
FORMULA = "=HYPERLINK(1)"


@pytest.fixture
def facts(course, mentor, learner, other_learner):
    """A little of everything, inside the period and around it; somebody's name is a formula."""
    other = plain_course(1)
    for number, (page, at, began, completed, left) in enumerate(
        (
            (course.page, "2024-12-01T10:00", None, None, None),
            (course.page, "2024-12-01T10:00", "2025-02-01T10:00", None, None),
            (course.page, "2025-01-02T10:00", "2025-01-03T10:00", "2025-02-01T10:00", None),
            (other, "2025-01-02T10:00", "2025-01-03T10:00", None, "2025-02-01T10:00"),
            (course.page, "2025-03-19T00:00", None, None, None),
        )
    ):
        enrolled(page, f"p{number}@example.org", at, began=began, completed=completed, left=left, sector="respite")
    enrolled(other, "p2@example.org", "2025-02-02T10:00")
    enrolled(other, "formula@example.org", "2025-02-02T10:00", name=FORMULA)
    for number, dates in enumerate(
        ({}, {"started": "2025-02-01T10:00"}, {"started": "2024-12-02T10:00", "completed": "2025-02-01T10:00"})
    ):
        group = small_group(course.page, mentor, name=f"Gruppe {number}", started=bool(dates))
        group_at(group, "2024-12-01T10:00", **dates)
    group_at(small_group(course.page, None, name="Avlyst", started=False), "2024-12-01", cancelled="2025-02-01T10:00")
    group = small_group(course.page, mentor, learner, other_learner, name="Fjellro")
    group_at(group, "2025-01-02", started="2025-01-03T10:00")
    first, second = Membership.objects.filter(group=group).order_by("pk")
    for number, form, marks in ((1, "physical", ("there", "absent")), (2, "both", ("digital", "there"))):
        meeting = held(group, number, "2025-02-10T12:00", form)
        for membership, status in zip((first, second), marks, strict=True):
            came(meeting, membership, status, mentor)
    handed_in(first, "2025-02-11T12:00")
    for person, of_group in ((learner, None), (other_learner, group)):
        made = Certificate.objects.create(
            learner=person, course_key=course.page.translation_key, group=of_group, holder_name=person.name,
            course_title="Lite kurs", course_version="1", minutes=90, completed_on="2025-02-12",
            issued_on="2025-02-12", issuer="Senteret",
        )  # fmt: skip
        Certificate.objects.filter(pk=made.pk).update(issued_at=moment("2025-02-12T12:00"))


@pytest.mark.parametrize("kept", [False, True])
@pytest.mark.parametrize("query", [QUERY, f"{QUERY}&sektor=respite"])
def test_there_are_as_many_rows_as_the_figure_says(facts, admin, signed_in, settings, kept, query):
    if kept:
        keep(settings)
    browser = signed_in(admin)
    report = browser.get(f"/rapporter/?{query}").context["report"]

    told = {f"{group.key}/{figure.key}": figure.value for group in report.groups for figure in group.figures}
    on_pages = {name: len(browser.get(f"/rapporter/rader/{name}/?{query}").context["cells"]) for name in FIGURES}
    in_files = {name: len(_csv(browser.get(f"/rapporter/rader/{name}/rader.csv?{query}"))) for name in FIGURES}

    assert list(told) == FIGURES
    assert on_pages == told
    assert in_files == told
    assert [name for name, count in told.items() if not count and "sektor" not in query] == []


def test_rows_say_who_and_when_and_never_what_somebody_wrote(facts, admin, signed_in):
    browser = signed_in(admin)
    enrolments = _csv(browser.get(f"/rapporter/rader/status/completed/rader.csv?{QUERY}"))
    notes = browser.get(f"/rapporter/rader/moter/notes/?{QUERY}")

    assert enrolments == [["p2", "Lite kurs", "Avlastning", "", "", "2025-01-02", "2025-01-03", "2025-02-01", ""]]
    assert [[*row[:2], date_format(row[2], "d.m.Y")] for row in notes.context["cells"]] == [
        ["Ingrid Solheim", "Fjellro", "11.02.2025"]
    ]
    assert "Hemmelig" not in notes.content.decode()


def test_each_look_is_noted_with_what_was_seen(facts, admin, signed_in):
    signed_in(admin).get(f"/rapporter/rader/status/enrolled/?{QUERY}&sektor=respite")
    signed_in(admin).get(f"/rapporter/rader/status/enrolled/rader.xlsx?{QUERY}")

    seen = list(ReportReading.objects.order_by("pk").values_list("person", "form", "view"))
    assert seen == [
        (admin.pk, "page", f"rader=status/enrolled&{QUERY}&sektor=respite"),
        (admin.pk, "xlsx", f"rader=status/enrolled&{QUERY}"),
    ]


@pytest.mark.parametrize("file", ["", "rader.csv", "rader.xlsx"])
def test_rows_refuse_everybody_else_and_what_is_not_there(
    facts, file, admin, learner, mentor, editor, signed_in, client
):
    for person in (learner, mentor, editor):
        assert signed_in(person).get(f"/rapporter/rader/status/enrolled/{file}").status_code == 404
    assert client.get(f"/rapporter/rader/status/enrolled/{file}").status_code == 302
    for name in ("status/finnes-ikke", "finnes-ikke/enrolled", "grupper/enrolled"):
        assert signed_in(admin).get(f"/rapporter/rader/{name}/{file}").status_code == 404
    assert not ReportReading.objects.exists()


def test_a_hundred_rows_at_a_time_and_each_once(course, admin, signed_in, monkeypatch):
    monkeypatch.setattr(list_views, "ROWS_ON_A_PAGE", 3)
    for number in range(7):
        enrolled(course.page, f"p{number}@example.org", "2025-02-02T10:00")
    browser, query, seen, sizes = signed_in(admin), QUERY, [], []

    while query:
        page = browser.get(f"/rapporter/rader/status/people/?{query}")
        seen += [row[0] for row in page.context["cells"]]
        sizes.append(len(page.context["cells"]))
        query = page.context["following"]

    assert seen == [f"p{number}" for number in range(7)]
    assert sizes == [3, 3, 1]


@pytest.mark.parametrize("after", ["-1", "x", "9" * 40, "٣", ""])
def test_a_place_that_cannot_be_read_is_the_first_page(course, admin, signed_in, after):
    enrolled(course.page, "a@example.org", "2025-02-02T10:00")

    page = signed_in(admin).get("/rapporter/rader/status/enrolled/", {"til": "2025-03-18", "etter": after})

    assert len(page.context["cells"]) == 1


def test_many_rows_are_sent_while_they_are_read(course, admin, signed_in, monkeypatch):
    monkeypatch.setattr("lms.reports.lists.PIECE", 2)
    monkeypatch.setattr(list_files, "PIECE", 2)
    for number in range(5):
        enrolled(course.page, f"p{number}@example.org", "2025-02-02T10:00")
    answer = signed_in(admin).get(f"/rapporter/rader/status/enrolled/rader.csv?{QUERY}")

    pieces = list(answer.streaming_content)

    assert answer["Content-Disposition"] == ('attachment; filename="refleks-status-pameldte-2025-01-01-2025-03-18.csv"')
    assert [piece.count(b"\r\n") for piece in pieces] == [8, 2, 2, 1]
    assert pieces[0].startswith(b"\xef\xbb\xbf")


def test_too_many_rows_for_excel_are_offered_as_csv(course, admin, signed_in, monkeypatch):
    monkeypatch.setattr(list_views, "MOST_IN_EXCEL", 2)
    for number in range(3):
        enrolled(course.page, f"p{number}@example.org", "2025-02-02T10:00")

    page = signed_in(admin).get(f"/rapporter/rader/status/enrolled/rader.xlsx?{QUERY}").content.decode()

    assert "Excel-filer lages med inntil 2 rader. Last ned som CSV i stedet" in page
    assert "rader.xlsx" not in page


def test_excel_has_the_rows_of_csv_as_two_other_programs_read_them(facts, admin, signed_in, tmp_path):
    browser = signed_in(admin)
    rows = _csv(browser.get(f"/rapporter/rader/status/enrolled/rader.csv?{QUERY}"))
    path = tmp_path / "rader.xlsx"
    path.write_bytes(b"".join(browser.get(f"/rapporter/rader/status/enrolled/rader.xlsx?{QUERY}").streaming_content))

    sheet = load_workbook(path)["Rader"]
    read = [[_as_text(cell.value) for cell in row] for row in sheet.iter_rows(min_row=9)]

    assert read == rows
    assert [row[0] for row in rows if "HYPERLINK" in row[0]] == [f"'{FORMULA}"]
    assert not [cell for row in sheet for cell in row if cell.data_type == "f"]
    assert sheet.cell(9, 6).is_date
    assert _formulas(path) == 0
    # Semicolons, quotes where needed, UTF-8, from the first row, cells as they are formatted.
    if opened(path, "csv:Text - txt - csv (StarCalc):59,34,76,1"):
        office_rows = list(csv.reader(io.StringIO((tmp_path / "rader.csv").read_text("utf-8-sig")), delimiter=";"))
        assert office_rows[8:] == rows


def _csv(answer) -> list[list[str]]:
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))[8:]


def _as_text(value) -> str:
    return "" if value is None else value if isinstance(value, str) else value.date().isoformat()


def _formulas(path) -> int:
    """Cells with a formula, by reading the file itself."""
    with zipfile.ZipFile(path) as file:
        sheets = [name for name in file.namelist() if name.startswith("xl/worksheets/sheet")]
        trees = [ElementTree.fromstring(file.read(name)) for name in sheets]
    return sum(1 for tree in trees for element in tree.iter() if element.tag.endswith("}f"))
