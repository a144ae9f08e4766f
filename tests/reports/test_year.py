"""The report of a year: the figures of 2024 yield the tables of 2024, and what does not add up is said (R108)."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from lms.reports.loading import load_figures
from lms.reports.models import CapacityRow, ClosedYear, Offering, ScoreRow
from lms.reports.year import close_year, correct_year, year_flags, year_report, year_tables
from lms.reports.year_checks import capacity_flags, response_rate


@pytest.fixture
def figures(db):
    load_figures(2024)


def table(key, year=2024):
    return next(table for table in year_tables(year) if table.key == key)


def scores(title):
    return next(table for table in year_tables(2024) if table.title == title)


def test_the_offerings_to_services_are_fifty_with_4808_attendances(figures):
    found = table("systemrettede")

    assert [row[:7] for row in found.rows] == [
        ["Nettverkssamlinger", 1, 0, 1, 0, 0, 13],
        ["Webinarer", 5, 0, 5, 0, 0, 605],
        ["Fagdager", 1, 0, 0, 0, 1, 178],
        ["Lokale systemrettede tilbud", 15, 9, 2, 4, 0, 455],
        ["Undervisning ved utdanningssteder", 9, 9, 0, 0, 0, 149],
        ["Innlegg på konferanser, kurs og fagdager", 19, 19, 0, 0, 0, 3408],
    ]
    assert found.total[:7] == ["Sum", 50, 37, 8, 4, 1, 4808]


def test_capacity_and_its_use_come_out_and_the_unknown_is_blank(figures):
    assert [row for row in table("kapasitet").rows] == [
        ["Familieopphold", 3, 6, 25, 21, 3, 1, 14, 3, 4, "78\xa0%"],
        ["Helgesamling for etterlatte", 1, 12, 8, "", "", "", 8, "", "", "67\xa0%"],
    ]


def test_people_on_stays_are_127_and_22_and_families_are_no_people(figures):
    found = table("opphold")

    assert [(row[0], row[1], row[-1]) for row in found.rows] == [
        ("Familieopphold", 14, 127),
        ("Helgesamling for etterlatte", 8, 22),
    ]
    assert (found.total[1], found.total[-1]) == (22, 149)


def test_local_offerings_are_25_by_three_modes(figures):
    assert [row[:7] for row in table("lokale").rows] == [["Lokale tilbud til barn og familie", 25, 9, 13, 3, 0, 228]]


def test_visitors_views_and_films_stand_apart_and_have_no_sum(figures):
    found = table("nett")

    assert {(row[0], row[2]) for row in found.rows} == {
        ("besøkende", 10604),
        ("sidevisninger", 23595),
        ("sidevisninger", 283),
        ("avspillinger", 410),
        ("avspillinger", 250),
    }
    assert found.total == []


def test_scores_stand_beside_two_years_before_and_a_missing_year_is_blank(figures):
    parents = scores("Foreldre på familieopphold")

    assert parents.columns == ["Spørsmål", "2022", "2023", "2024"]
    assert parents.rows[0] == ["Informasjonen på forhånd", "7,0", "5,8", "6,5"]
    assert parents.rows[4] == ["Tilbudet til foreldre, støttepersoner og besteforeldre", "", "", "6,6"]
    assert parents.definition == "Skala fra 1 til 7. 12 av 23 svarte, 52\xa0%."
    assert scores("Foreldre på helgesamling").definition == "Skala fra 1 til 7. 7 av 14 svarte, 50\xa0%."
    assert scores("Støttepersoner på familieopphold").definition == "Skala fra 1 til 7. 10 av 63 svarte, 16\xa0%."


def test_events_each_have_their_own_number_of_answers(figures):
    assert [(row[1], row[-1]) for row in scores("Faglig innhold på arrangementer").rows] == [
        (29, "6,0"),
        (10, "5,6"),
        (14, "5,9"),
        (14, "5,4"),
    ]


def test_the_known_gaps_are_flagged(figures):
    flags = year_flags(2024)

    assert flags[:5] == [
        "Familieopphold: 21 fikk plass, men det var 18 plasser. Noen kan være gitt på nytt.",
        "Foreldre på familieopphold: kilden oppgir N = 13 i tabellen, men 12 svarte.",
        "Støttepersoner på familieopphold: kilden oppgir N = 0 i tabellen, men 10 svarte.",
        "Støttepersoner på familieopphold: 16\xa0% svarte. Resultatet må brukes med forsiktighet.",
        "Fagdag: ernæring: 8\xa0% svarte. Resultatet må brukes med forsiktighet.",
    ]
    assert len(flags) == 11


def test_loading_again_changes_nothing(figures):
    before = [table.rows for table in year_tables(2024)]
    load_figures(2024)

    assert [table.rows for table in year_tables(2024)] == before


def test_loading_refuses_an_unknown_year_and_a_broken_file(db, tmp_path):
    with pytest.raises(CommandError, match="Det finnes ingen tall for 1999"):
        call_command("load_report_figures", "1999")
    broken = tmp_path / "figures.toml"
    broken.write_text("[[offering]\n")
    with pytest.raises(CommandError, match="Filen kan ikke leses"):
        call_command("load_report_figures", "2023", file=broken)


@pytest.mark.parametrize(
    ("answered", "invited", "rate"), [(12, 23, 52), (10, 63, 16), (7, 14, 50), (1, 8, 13), (0, 5, 0)]
)
def test_response_rates_are_whole_and_rounded_half_up(answered, invited, rate):
    assert response_rate(answered, invited) == rate


def test_exactly_twenty_percent_asks_for_no_caution(db):
    ScoreRow.objects.create(year=2025, survey="En", item="a", mean="6.0", answered=20, invited=100)
    ScoreRow.objects.create(year=2025, survey="To", item="a", mean="6.0", answered=199, invited=1000)

    assert year_flags(2025) == ["To: 20\xa0% svarte. Resultatet må brukes med forsiktighet."]


def test_sums_of_applications_that_do_not_add_up_are_said():
    row = CapacityRow(title="Kurs", rounds=1, capacity=30, applied=25, offered=20, other_offer=3, refused=1)
    row.completed, row.transferred, row.withdrawn = 14, 3, 4

    assert capacity_flags(row) == [
        "Kurs: 25 søkte, men 24 fikk svar (plass, annet tilbud eller avslag).",
        "Kurs: 20 fikk plass, men 21 har gjennomført, flyttet eller trukket seg.",
    ]


def test_a_mean_of_fewer_than_five_answers_is_not_shown(db):
    ScoreRow.objects.create(year=2025, survey="En", item="a", mean="6.0", answered=4, invited=9)

    assert [row[-1] for row in year_tables(2025)[0].rows] == [""]


def test_means_on_two_scales_are_not_set_side_by_side(db):
    ScoreRow.objects.create(year=2024, survey="En", item="a", mean="4.0", scale=5)
    ScoreRow.objects.create(year=2025, survey="En", item="a", mean="6.0", scale=7)

    assert year_tables(2025) == []


def test_a_closed_year_stays_as_it_was_and_corrections_stand_beside(figures, admin):
    closed = close_year(2024, admin)
    Offering.objects.filter(year=2024, kind="webinar").update(participants=9999)
    correct_year(closed, "Webinarene hadde 604 deltakelser.", admin)

    report = year_report(2024)

    assert next(each for each in report.tables if each.key == "systemrettede").total[6] == 4808
    assert [(note.text, note.by) for note in report.corrections] == [("Webinarene hadde 604 deltakelser.", admin)]


def test_closing_refuses_twice_and_while_the_year_goes_on(figures, admin):
    close_year(2024, admin)
    with pytest.raises(ValidationError, match="allerede lukket"):
        close_year(2024, admin)
    with pytest.raises(ValidationError, match="når det er over"):
        close_year(datetime.date.today().year, admin)
    with pytest.raises(ValidationError, match="er lukket"):
        load_figures(2024)
    with pytest.raises(ValidationError, match="Skriv hva som er feil"):
        correct_year(ClosedYear.objects.get(), "  ", admin)


def test_the_pages_of_a_year_answer_and_close_it(figures, admin, signed_in):
    browser = signed_in(admin)

    assert "Årsrapport 2024" in browser.get("/rapporter/ar/2024/").content.decode()
    assert "3408" in browser.get("/rapporter/ar/2024/rapport.csv").content.decode("utf-8-sig")
    assert browser.get("/rapporter/ar/2024/rapport.xlsx").content.startswith(b"PK")
    assert browser.get("/rapporter/ar/1999/").status_code == 404
    browser.post("/rapporter/ar/2024/lukk/")
    browser.post("/rapporter/ar/2024/rett/", {"text": "En rettelse."})
    assert "En rettelse." in browser.get("/rapporter/ar/2024/").content.decode()


def test_the_pages_of_a_year_refuse_others(figures, mentor, editor, signed_in):
    for person in (mentor, editor):
        browser = signed_in(person)
        for path in ("ar/", "ar/2024/", "ar/2024/rapport.csv", "ar/2024/lukk/"):
            assert browser.get(f"/rapporter/{path}").status_code == 404
        assert browser.post("/rapporter/ar/2024/lukk/").status_code == 404
    assert not ClosedYear.objects.exists()
