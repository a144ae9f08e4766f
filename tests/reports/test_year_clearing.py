"""Last year's rows in a new one: which come along, under what name, and how those without numbers go again."""

import pytest
from django.core.exceptions import ValidationError

from lms.reports.loading import load_figures
from lms.reports.models import CapacityRow, ClosedYear, Offering, OtherFigure, ScoreRow, StayRow, WebFigure
from lms.reports.year import close_year, year_flags, year_tables
from lms.reports.year_clearing import clear_rows, fingerprint_of_rows, rows_without_numbers
from lms.reports.year_copying import copy_rows
from lms.reports.year_labels import as_in, has_ended, moved

ADDRESS = "/rapporter/ar/2025/rader-uten-tall/"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Barn og unge registrert 31.12.2024", "Barn og unge registrert 31.12.2025"),
        ("Registrerte som søkte i 2024", "Registrerte som søkte i 2025"),
        ("Søkte i 2024, pr. 31.12.2024", "Søkte i 2025, pr. 31.12.2025"),
        # Another day, another year, a number that is no year, and a period say what they said.
        *(
            (text, text)
            for text in ("Samling 12.12.2024", "Søkte i 2023", "Søkte i 20245", "Annen støtte: verksted 2021")
        ),
        *((text, text) for text in ("Prosjektet 21.09.2021–31.12.2024", "Kurs i 2024–25", "Av dem er døde")),
    ],
)
def test_a_name_that_takes_stock_of_last_year_says_the_new_one(before, after):
    assert moved(before, 2025) == after


@pytest.mark.parametrize(
    ("text", "ended"),
    [
        ("Prosjektet i Stavanger, 21.09.2021–31.12.2024", True),
        ("Annen støtte: videreutdanning 2021–22", True),
        ("Prosjektet 2021 - 2024", True),
        ("Prosjektet 2021–2025", False),
        ("Prosjektet 01.03.2024–28.02.2026", False),
        ("Registrert 2024-12-31", False),
        ("Samling 12.12.2024", False),
    ],
)
def test_a_period_that_is_over(text, ended):
    assert has_ended(text, 2025) is ended


def test_a_name_of_two_years_ago_moves_year_by_year():
    assert as_in("Registrert 31.12.2023", 2023, 2025) == "Registrert 31.12.2025"


def test_what_is_over_stays_behind_and_the_rest_takes_stock_of_the_new_year(db):
    load_figures(2024)
    copy_rows(2025)

    assert list(OtherFigure.objects.filter(year=2025).order_by("pk").values_list("section", "what")) == [
        ("Registrerte barn og unge", "Barn og unge registrert 31.12.2025"),
        ("Registrerte barn og unge", "Av dem er døde"),
        ("Registrerte barn og unge", "Livstruende og livsbegrensende sykdommer hos dem"),
        ("Registrerte barn og unge", "Av sykdommene er sjeldne"),
        ("Registrerte barn og unge", "Registrerte som søkte i 2025"),
        ("Registrerte barn og unge", "Saker med innvandrerbakgrunn"),
    ]
    # A question keeps its words, and so its years.
    assert ScoreRow.objects.filter(year=2025).count() == ScoreRow.objects.filter(year=2024).count()


def test_the_same_count_of_two_years_stands_on_one_line(db):
    for year, count in ((2024, 105), (2025, 110)):
        row = {"section": "Registrerte", "what": f"Registrert 31.12.{year}", "unit": "personer"}
        OtherFigure.objects.create(year=year, count=count, **row)

    table = next(table for table in year_tables(2025) if table.title == "Registrerte")
    assert table.columns[2:] == ["2024", "2025"]
    assert table.rows == [["Registrert 31.12.2025", "personer", 105, 110]]


def test_each_remark_names_its_table_and_a_year_in_a_name_is_to_be_looked_over(db):
    load_figures(2024)
    copy_rows(2025)

    lacking = [flag for flag in year_flags(2025) if "tallene mangler" in flag]
    assert len(lacking) == len(set(lacking)) == 26
    for flag in (
        "Kapasitet og søknader, Familieopphold: tallene mangler.",
        "Deltakere på opphold og samlinger, Familieopphold: tallene mangler.",
        "Tilbud, Webinarer: tallene mangler.",
        "Nettet, nettstedet (besøkende): tallene mangler.",
        "Tilbakemeldinger, Foreldre på familieopphold: tallene mangler.",
        "Registrerte barn og unge, Av dem er døde: tallene mangler.",
        "Registrerte barn og unge, Registrerte som søkte i 2025: tallene mangler. "
        "Det står et år i navnet. Se om det stemmer.",
    ):
        assert flag in lacking
    OtherFigure.objects.filter(year=2025).update(count=1)
    assert not [flag for flag in year_flags(2025) if "et år i navnet" in flag]


def test_rows_without_numbers_are_listed_and_then_removed(admin, signed_in):
    load_figures(2024)
    copy_rows(2025)
    Offering.objects.filter(year=2025, kind="webinar").update(digital=7)
    browser = signed_in(admin)

    page = browser.get(ADDRESS)
    words = page.content.decode()
    assert "<li>Deltakere på opphold og samlinger, Familieopphold</li>" in words
    assert "Webinarer" not in words
    names = len(page.context["names"])
    assert f"Fjern {names} rader</button>" in words
    assert Offering.objects.filter(year=2025).count() == 7

    answer = browser.post(ADDRESS, {"seen": page.context["seen"]}, follow=True)

    assert answer.redirect_chain == [("/rapporter/ar/2025/registrer/", 302)]
    assert f"{names} rader er fjernet." in answer.content.decode()
    left = [
        row
        for model in (CapacityRow, StayRow, WebFigure, OtherFigure, ScoreRow)
        for row in model.objects.filter(year=2025)
    ]
    assert left == []
    assert list(Offering.objects.filter(year=2025).values_list("kind", flat=True)) == ["webinar"]
    assert Offering.objects.filter(year=2024).count() == 7
    assert ADDRESS not in answer.content.decode()
    assert "Det er ingen rader uten tall." in browser.get(ADDRESS).content.decode()


def test_a_row_in_which_anything_is_written_stays(db):
    Offering.objects.create(year=2025, kind="webinar", detail="Utsatt til 2026")
    Offering.objects.create(year=2025, kind="talk", people=0)
    CapacityRow.objects.create(year=2025, title="Opphold", rounds=3, capacity=6, withdrawn=1)
    StayRow.objects.create(year=2025, title="Opphold", who="families")
    StayRow.objects.create(year=2025, title="Opphold", who="parents", count=2)
    WebFigure.objects.create(year=2025, what="visitors", place="nettstedet", count=0)
    OtherFigure.objects.create(year=2025, section="Andre", what="Saker", detail="talt senere")
    # No mean to be had, for somebody else asked; and a question beside one that was answered.
    ScoreRow.objects.create(year=2025, survey="Webinar", item="Faglig innhold", invited=60)
    ScoreRow.objects.create(year=2025, survey="Foreldre", item="a", mean="6.5", answered=12)
    gone = ScoreRow.objects.create(year=2025, survey="Foreldre", item="b")

    assert rows_without_numbers(2025) == [gone]


def test_rows_that_changed_meanwhile_are_not_removed(admin, signed_in):
    row = Offering.objects.create(year=2025, kind="webinar")
    browser = signed_in(admin)
    seen = browser.get(ADDRESS).context["seen"]
    Offering.objects.create(year=2025, kind="talk")

    answer = browser.post(ADDRESS, {"seen": seen}, follow=True)

    assert "Radene har endret seg siden du åpnet siden." in answer.content.decode()
    assert "<li>Tilbud, Webinarer</li>" in answer.content.decode()
    assert Offering.objects.filter(pk=row.pk).exists()
    browser.post(ADDRESS, {})
    assert Offering.objects.count() == 2


def test_a_closed_year_loses_no_row(admin, signed_in):
    Offering.objects.create(year=2024, kind="webinar")
    close_year(2024, admin)

    with pytest.raises(ValidationError, match="Året 2024 er lukket"):
        clear_rows(2024, fingerprint_of_rows(rows_without_numbers(2024)))
    address = ADDRESS.replace("2025", "2024")
    assert signed_in(admin).post(address, {"seen": "x"}).url == "/rapporter/ar/2024/"
    assert Offering.objects.count() == ClosedYear.objects.count() == 1


def test_who_may_not_register_finds_no_such_page(editor, learner, signed_in):
    for person in (editor, learner):
        assert signed_in(person).get(ADDRESS).status_code == 404
        assert signed_in(person).post(ADDRESS, {"seen": ""}).status_code == 404
