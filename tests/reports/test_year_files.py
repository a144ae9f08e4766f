"""The year as Word, PDF, Excel and CSV, read by others' readers: each table is the page's, to the last digit."""

import csv
import datetime
import io
import re
import zipfile

import html5lib
import page
import pikepdf
import pytest
from docx import Document
from openpyxl import load_workbook

from lms.reports.loading import load_figures
from lms.reports.models import KnownGap, Offering, OtherFigure, ReportReading
from lms.reports.year import close_year, correct_year, year_report
from lms.reports.year_document import document_of
from lms.reports.year_docx import docx_of
from lms.reports.year_files import year_csv_of, year_xlsx_of
from lms.reports.year_pdf import pdf_of
from tests.certificates.reading_aloud import structure_of
from tests.live.office import opened

HTML = "{http://www.w3.org/1999/xhtml}"
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture
def figures(db):
    load_figures(2024)
    # Words that a spreadsheet, a typesetter or a markup could take for something else.
    Offering.objects.create(year=2024, kind="other", title='=1+1 <b>& #panic("x") 漢', digital=1, participants=1234567)


@pytest.fixture
def told(figures, admin):
    """The page's tables as a browser reads them: title, then rows of cells."""
    return tables_of_document()


def tables_of_document():
    document = document_of(year_report(2024))
    return {
        f"Tabell {number}. {table.title}": [
            table.columns,
            *table.shown_rows,
            *([table.shown_total] if table.total else []),
        ]
        for _heading, own in document.sections
        for number, table in own
    }


@pytest.fixture
def fetched(admin, signed_in):
    browser = signed_in(admin)
    return lambda ending: browser.get(f"/rapporter/ar/2024/rapport.{ending}")


def words_of(element) -> str:
    return " ".join("".join(element.itertext()).replace("\xa0", "\0").split()).replace("\0", "\xa0")


def tables_in(html: bytes) -> list[list[list[str]]]:
    cells = {f"{HTML}th", f"{HTML}td"}
    return [
        [[words_of(cell) for cell in row if cell.tag in cells] for row in table.iter(f"{HTML}tr")]
        for table in html5lib.parse(html).iter(f"{HTML}table")
    ]


def test_the_page_shows_the_tables(told, admin, signed_in):
    content = signed_in(admin).get("/rapporter/ar/2024/").content
    titles = [words_of(each) for each in html5lib.parse(content).iter(f"{HTML}h3")]
    tables = tables_in(content)

    assert dict(zip(titles, tables, strict=True)) == told


def test_word_has_the_tables_of_the_page(told, fetched):
    word = Document(io.BytesIO(fetched("docx").content))
    captions = [paragraph.text for paragraph in word.paragraphs if paragraph.style.name == "Caption"]
    tables = [[[cell.text for cell in row.cells] for row in table.rows] for table in word.tables]

    found = dict(zip(captions, tables, strict=True))
    assert list(found) == list(told)
    for title, rows in told.items():
        assert found[title] == [[cell.replace("\n", " ") for cell in row] for row in rows]


def test_word_has_headings_header_rows_a_language_and_page_numbers(figures, fetched):
    content = fetched("docx").content
    word = Document(io.BytesIO(content))

    assert [paragraph.text for paragraph in word.paragraphs if paragraph.style.name == "Title"] == ["Årsrapport 2024"]
    headings = [paragraph.text for paragraph in word.paragraphs if paragraph.style.name == "Heading 1"]
    assert headings == [
        *("Hovedtall", "Kapasitet og søknader", "Deltakere på opphold og samlinger"),
        *("Lokale tilbud til barn og familie", "Tilbud til tjenesteytere", "Nettet", "Tilbakemeldinger", "Andre tall"),
        "Merknader til tallene",
    ]
    for table in word.tables:
        marks = [row._tr.findall(f"{WORD}trPr/{WORD}tblHeader") for row in table.rows]
        assert [len(mark) for mark in marks] == [1] + [0] * (len(marks) - 1)
        assert table._tbl.tblPr.find(f"{WORD}tblCaption").get(f"{WORD}val")
        widths = [cell.width.mm for cell in table.rows[0].cells]
        assert sum(widths) == pytest.approx(170, abs=0.5)
    facts = word.core_properties
    assert (facts.title, facts.author, facts.language) == ("Årsrapport 2024", "Senter for barnepalliasjon", "nb-NO")
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        styles, footer = parts.read("word/styles.xml").decode(), parts.read("word/footer1.xml").decode()
        settings = parts.read("word/settings.xml").decode()
    assert re.findall(r'w:name="compatibilityMode"[^>]* w:val="(\d+)"', settings) == ["15"]
    assert re.findall(r'<w:lang w:val="([^"]+)"', styles) == ["nb-NO"]
    assert re.findall(r"<w:instrText[^>]*> (\w+) ", footer) == ["PAGE", "NUMPAGES"]


def test_word_is_opened_by_another_program(told, fetched, tmp_path):
    path = tmp_path / "rapport.docx"
    path.write_bytes(fetched("docx").content)
    # Where LibreOffice is on the machine it says what it read; the reader above is there always.
    if opened(path, "html"):
        assert tables_in((tmp_path / "rapport.html").read_bytes()) == list(told.values())


def test_pdf_is_tagged_and_has_the_tables_of_the_page(told, fetched, tmp_path):
    path = tmp_path / "rapport.pdf"
    path.write_bytes(fetched("pdf").content)

    assert "Result: no failures" in str(page.validate_pdf(str(path), profile="ua1"))
    pdf = pikepdf.open(path)
    assert str(pdf.Root.Lang) == "nb"
    with pdf.open_metadata() as facts:
        assert facts["dc:title"] == "Årsrapport 2024"
        assert (facts["pdfuaid:part"], facts["pdfaid:part"], facts["pdfaid:conformance"]) == ("1", "2", "A")
    elements = list(structure_of(pdf).walk())
    assert [each.spoken for each in elements if each.kind == "H1"] == ["Årsrapport 2024"]
    titles = [each.spoken for each in elements if each.kind == "H3"]
    tables = [rows_of(each) for each in elements if each.kind == "Table"]
    expected = {title: [[cell.replace("漢", "?") for cell in row] for row in rows] for title, rows in told.items()}
    assert dict(zip(titles, tables, strict=True)) == expected


def rows_of(table):
    rows = [each for each in table.walk() if each.kind == "TR"]
    return [[cell.spoken.replace("\u200b", "") for cell in row.children] for row in rows]


def test_excel_has_real_numbers_and_no_formula(told, fetched):
    book = load_workbook(io.BytesIO(fetched("xlsx").content))
    first, *sheets = book.worksheets

    assert first["A1"].value == "Årsrapport 2024"
    assert [sheet["A1"].value for sheet in sheets] == list(told)
    for sheet, rows in zip(sheets, told.values(), strict=True):
        cells = list(sheet.iter_rows(min_row=3, max_row=2 + len(rows)))
        assert [[said(cell) for cell in row] for row in cells] == rows
        assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    means = next(sheet for sheet in sheets if "Foreldre på familieopphold" in sheet["A1"].value)
    assert (means["D4"].value, means["D4"].number_format) == (6.5, "0.0")


def said(cell) -> str:
    """A cell as its format shows it in a Norwegian Excel."""
    if cell.value is None:
        return ""
    if cell.number_format == "0.0":
        return f"{cell.value:.1f}".replace(".", ",")
    if cell.number_format == '0" %"':
        return f"{cell.value}\xa0%"
    if isinstance(cell.value, int):
        return f"{cell.value:,}".replace(",", "\xa0")
    return cell.value.removeprefix("'")


def test_csv_opens_right_and_has_the_same_tables(told, fetched):
    text = fetched("csv").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))

    for title, table in told.items():
        at = rows.index([title]) + 1
        found = [[cell.removeprefix("'") for cell in row] for row in rows[at : at + len(table)]]
        assert found == [[cell.replace("\xa0%", " %").replace("\xa0", "") for cell in row] for row in table]
    assert "'=1+1" in text


def test_each_file_says_its_year_its_date_and_that_it_is_preliminary(figures, fetched, admin):
    today = f"{datetime.date.today():%Y-%m-%d}"
    for ending in ("docx", "pdf", "xlsx", "csv"):
        name = f"refleks-arsrapport-2024-forelopig-pr-{today}.{ending}"
        assert fetched(ending)["Content-Disposition"] == f'attachment; filename="{name}"'
    close_year(2024, admin)
    assert fetched("pdf")["Content-Disposition"] == f'attachment; filename="refleks-arsrapport-2024-pr-{today}.pdf"'


def test_every_form_of_a_closed_year_has_the_frozen_figures_and_the_corrections(figures, admin):
    closed = close_year(2024, admin)
    before = tables_of_document()
    Offering.objects.filter(year=2024).update(participants=1)
    correct_year(closed, "Webinarene hadde 604 deltakelser.\nIkke 605.", admin)
    document = document_of(year_report(2024))

    assert tables_of_document() == before
    assert pdf_of(document) == pdf_of(document_of(year_report(2024)))
    word = Document(io.BytesIO(docx_of(document)))
    spoken = [paragraph.text for paragraph in word.paragraphs]
    [(text, signed)] = document.corrections
    assert signed.startswith("Aud Nærland, ")
    assert spoken[spoken.index("Rettelser") + 2 :][:2] == [text, signed]
    assert "foreløpig" not in "".join(spoken).lower()
    sheet = load_workbook(io.BytesIO(year_xlsx_of(document))).worksheets[0]
    assert [cell.value for cell in list(sheet.rows)[-1]] == [text, signed]
    assert year_csv_of(document).decode("utf-8-sig").rstrip().endswith(f'"{text}";{signed}')
    pdf = structure_of(pikepdf.open(io.BytesIO(pdf_of(document))))
    lines = [each.spoken for each in pdf.walk() if each.kind == "P"]
    assert lines[-2:] == [text.replace("\n", ""), signed] or lines[-2:] == [text, signed]


def test_each_reading_is_noted_with_its_form(figures, fetched, admin):
    for ending in ("docx", "pdf", "xlsx", "csv"):
        fetched(ending)

    readings = ReportReading.objects.order_by("pk").values_list("person", "form", "view")
    assert list(readings) == [(admin.pk, ending, "ar=2024") for ending in ("docx", "pdf", "xlsx", "csv")]


def test_signs_that_no_file_can_hold_stop_nothing(db):
    KnownGap.objects.create(
        year=2024, text="En \x08lyd \u202e og \ud83d\ude00 smil".encode("utf-16", "surrogatepass").decode("utf-16")
    )
    document = document_of(year_report(2024))

    assert Document(io.BytesIO(docx_of(document))).paragraphs[-1].text == "En lyd  og 😀 smil"
    assert pdf_of(document).startswith(b"%PDF")
    assert year_csv_of(document)
    assert year_xlsx_of(document)


@pytest.mark.parametrize("role", ["learner", "mentor", "editor"])
def test_the_files_and_sheets_refuse_others(figures, role, request, signed_in):
    browser = signed_in(request.getfixturevalue(role))
    for ending in ("docx", "pdf", "xlsx", "csv"):
        assert browser.get(f"/rapporter/ar/2024/rapport.{ending}").status_code == 404
    for path in (
        "ar/",
        "ar/2024/",
        "ar/registrer/",
        "ar/2024/registrer/",
        "ar/2024/registrer/tilbud/",
        "ar/2024/lukk/",
    ):
        assert browser.get(f"/rapporter/{path}").status_code == 404
    for path in ("lukk/", "rett/", "fjorarets-rader/", "registrer/tilbud/"):
        assert browser.post(f"/rapporter/ar/2024/{path}").status_code == 404
    assert not ReportReading.objects.exists()


def test_visitors_are_asked_to_sign_in(figures, client):
    for path in ("rapport.docx", "rapport.pdf", "registrer/", "registrer/tilbud/"):
        assert client.get(f"/rapporter/ar/2024/{path}").url.startswith("/konto/login/")


def test_signs_that_xml_cannot_hold_stop_no_file_where_they_are_in_a_title(db):
    OtherFigure.objects.create(year=2025, section="Lege\x0bmidler\x1b", what="Kurs", count=3)
    document = document_of(year_report(2025))

    assert load_workbook(io.BytesIO(year_xlsx_of(document))).sheetnames[-1].endswith("Legemidler")
    assert [len(make(document)) > 0 for make in (docx_of, pdf_of, year_csv_of)] == [True, True, True]
