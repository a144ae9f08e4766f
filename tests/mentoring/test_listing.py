"""The list of a group as a file: typed, harmless, and in the log (S20, P7)."""

import csv
import io

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from mentoring import joining
from mentoring.listing import file_name
from mentoring.models import LearningGroup, Membership
from mentoring.spreadsheet import csv_file, harmless, xlsx_file
from tests.mentoring.joining_ground import contact, group

__all__ = ["contact", "group"]


@pytest.fixture
def full(group, learner, mentor):
    """A group with a member."""
    return joining.join(group, learner, by=mentor)


# --- The list as a file -----------------------------------------------------------------------------------------------


def test_the_list_has_people_and_how_far_they_are_and_is_in_the_log(full, group, mentor, signed_in):
    Membership.objects.update(confirmed_at=timezone.now())
    answer = signed_in(mentor).get(f"/grupper/{group.pk}/liste.csv")

    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    today = timezone.localdate().isoformat()
    assert rows == [
        [
            *("Navn", "E-post", "Ble med", "Bekreftet taushet", "Moduler ferdig", "Moduler i alt"),
            *("Møter", "Møter i alt", "Notat levert"),
        ],
        ["Ingrid Solheim", "learner@example.org", today, today, "0", "2", "0", "2", "nei"],
    ]
    assert answer["Content-Disposition"] == f'attachment; filename="gruppeliste-solbakken-barnehage-{today}.csv"'
    assert "no-store" in answer["Cache-Control"]
    assert group.events.filter(kind="export", by=mentor, detail="csv").count() == 1


def test_the_workbook_has_typed_cells_and_no_formulas(full, group, mentor, learner, signed_in):
    learner.name = "=HYPERLINK(1)"
    learner.save()

    answer = signed_in(mentor).get(f"/grupper/{group.pk}/liste.xlsx")

    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert [cell.data_type for row in sheet for cell in row if cell.data_type == "f"] == []
    assert (sheet["A2"].value, sheet["C2"].is_date, sheet["E2"].data_type) == ("'=HYPERLINK(1)", True, "n")


def test_a_file_holds_signs_that_are_none():
    sheet = load_workbook(io.BytesIO(xlsx_file([["a\ufffeb\uffffc\x0b\ud800"]], "Ark"))).active

    assert sheet["A1"].value == "abc"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "  =", "\x00=", "﹣"])
def test_no_cell_is_taken_for_a_formula(start):
    word = f"{start}1+1"

    assert harmless(word)[0] == "'"
    rows = csv_file([[word, 7]]).decode("utf-8-sig")
    assert rows.lstrip('"').startswith("'")
    sheet = load_workbook(io.BytesIO(xlsx_file([[word, 7]], "Ark"))).active
    assert (sheet["A1"].data_type, sheet["B1"].value) == ("s", 7)


@pytest.mark.parametrize("value", ["Kari Ås", "a=b", "", 7, None])
def test_a_harmless_cell_stays_as_it_is(value):
    assert harmless(value) == value


def test_the_name_of_the_file_is_plain_whatever_the_group_is_called():
    today = timezone.localdate().isoformat()
    names = [file_name(LearningGroup(name=name), "csv") for name in ('Ære "være"\r\nX: y/../', "日本")]

    assert names == [f"gruppeliste-aere-vaere-x-y-{today}.csv", f"gruppeliste-{today}.csv"]


def test_a_head_request_takes_nothing_out(full, group, mentor, signed_in):
    signed_in(mentor).head(f"/grupper/{group.pk}/liste.csv")

    assert group.events.filter(kind="export").count() == 0
