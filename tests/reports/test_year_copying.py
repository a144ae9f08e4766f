"""Last year's rows as a start for this year's: names without numbers, and what is said of them."""

import pytest
from django.core.exceptions import ValidationError

from lms.reports.loading import load_figures
from lms.reports.models import CapacityRow, KnownGap, Offering, OtherFigure, ScoreRow, StayRow, WebFigure
from lms.reports.year import close_year, year_flags, year_tables
from lms.reports.year_copying import copy_rows


@pytest.fixture
def browser(admin, signed_in):
    return signed_in(admin)


def test_last_years_rows_come_along_without_numbers(db):
    load_figures(2024)

    count = copy_rows(2025)

    assert count == len(
        [
            row
            for model in (Offering, CapacityRow, StayRow, WebFigure, ScoreRow, OtherFigure)
            for row in model.objects.filter(year=2024)
            if not isinstance(row, OtherFigure) or row.section == "Registrerte barn og unge"
        ]
    )
    webinars = Offering.objects.get(year=2025, kind="webinar")
    assert (webinars.number, webinars.participants, webinars.detail) == (None, None, "")
    stay = CapacityRow.objects.get(year=2025, title="Familieopphold")
    assert (stay.rounds, stay.capacity, stay.unit, stay.applied) == (3, 6, "familier", None)
    assert not ScoreRow.objects.filter(year=2025).exclude(mean=None).exists()
    assert not KnownGap.objects.filter(year=2025).exists()


def test_rows_that_have_no_numbers_yet_are_blank_and_said(db):
    Offering.objects.create(year=2024, kind="webinar", digital=5, participants=605)
    copy_rows(2025)

    tables = {table.key: table for table in year_tables(2025)}
    assert tables["systemrettede"].rows == [["Webinarer", "", "", "", "", "", "", ""]]
    assert tables["systemrettede-ar"].rows == [["Webinarer", "", 5, "", "", 605, ""]]
    assert year_flags(2025) == ["Tilbud, Webinarer: tallene mangler."]


def test_copying_again_takes_nothing_and_leaves_what_is_written(db):
    load_figures(2024)
    copy_rows(2025)
    Offering.objects.filter(year=2025, kind="webinar").update(digital=7)

    assert copy_rows(2025) == 0
    assert Offering.objects.get(year=2025, kind="webinar").digital == 7


def test_copying_refuses_when_there_is_nothing_or_the_year_is_closed(db, admin):
    with pytest.raises(ValidationError, match="ingen rader fra 2024"):
        copy_rows(2025)
    load_figures(2024)
    close_year(2025, admin)
    with pytest.raises(ValidationError, match="Året 2025 er lukket"):
        copy_rows(2025)


def test_the_button_says_what_it_did(browser):
    Offering.objects.create(year=2024, kind="webinar", digital=5)

    once = browser.post("/rapporter/ar/2025/fjorarets-rader/", follow=True).content.decode()
    again = browser.post("/rapporter/ar/2025/fjorarets-rader/", follow=True).content.decode()

    assert "1 rad er tatt med fra 2024. Fyll inn tallene." in once
    assert "Alle radene fra 2024 er her allerede." in again
    assert browser.get("/rapporter/ar/2025/fjorarets-rader/").status_code == 405
