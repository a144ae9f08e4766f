"""The figures of 2024, loaded, print the tables that the sources have, number for number (R108).

Written by hand from the sources. "" is what they leave blank or do not say.
"""

import pytest
from django.core.management import call_command

from lms.reports.year import year_flags, year_report, year_tables
from lms.reports.year_document import document_of


@pytest.fixture
def tables(db):
    call_command("load_report_figures", verbosity=0)
    return {table.key: table for table in year_tables(2024)}


@pytest.fixture
def surveys(tables):
    return {table.title: table for table in tables.values()}


def test_capacity_and_applications(tables):
    found = tables["kapasitet"]

    assert [name.lower() for name in found.columns] == [
        *("tilbud", "runder", "plasser i hver runde", "søkte", "fikk plass", "fikk annet tilbud", "fikk avslag"),
        *("gjennomførte", "flyttet til senere", "trakk seg", "utnyttet"),
    ]
    assert found.shown_rows == [
        ["Familieopphold", "3", "6", "25", "21", "3", "1", "14", "3", "4", "78\xa0%"],
        ["Helgesamling for etterlatte", "1", "12", "8", "", "", "", "8", "", "", "67\xa0%"],
    ]
    assert "Avslag: utenfor målgruppen." in found.notes[0]


def test_people_on_stays_with_families_apart(tables):
    found = tables["opphold"]

    assert found.columns == [
        *("Tilbud", "Familier", "Barn med diagnose", "Foreldre", "Søsken", "Besteforeldre", "Andre pårørende"),
        *("Tjenesteytere", "Personer i alt"),
    ]
    assert found.shown_rows == [
        ["Familieopphold", "14", "14", "25", "21", "3", "1", "63", "127"],
        ["Helgesamling for etterlatte", "8", "", "14", "8", "", "", "", "22"],
    ]
    assert found.shown_total == ["Sum", "22", "14", "39", "29", "3", "1", "63", "149"]


def test_local_offerings(tables):
    found = tables["lokale"]

    assert found.shown_rows == [["Lokale tilbud til barn og familie", "25", "9", "13", "3", "0", "228", ""]]
    assert found.notes[0].endswith("16 ordinære og 9 CSNAT-I (62 av deltakelsene)")


def test_offerings_to_services(tables):
    found = tables["systemrettede"]

    assert found.columns == [
        *("Type", "Antall", "Fysisk", "Digitalt", "Telefon", "Begge deler", "Deltakelser", "Ulike personer")
    ]
    assert found.shown_rows == [
        ["Nettverkssamlinger", "1", "0", "1", "0", "0", "13", ""],
        ["Webinarer", "5", "0", "5", "0", "0", "605", ""],
        ["Fagdager", "1", "0", "0", "0", "1", "178", ""],
        ["Lokale systemrettede tilbud", "15", "9", "2", "4", "0", "455", ""],
        ["Undervisning ved utdanningssteder", "9", "9", "0", "0", "0", "149", ""],
        ["Innlegg på konferanser, kurs og fagdager", "19", "19", "0", "0", "0", "3\xa0408", ""],
    ]
    assert found.shown_total == ["Sum", "50", "37", "8", "4", "1", "4\xa0808", ""]
    assert found.notes == [
        "Undervisning ved utdanningssteder: studenter",
        "Innlegg på konferanser, kurs og fagdager: 13 nasjonale, 6 internasjonale; kilden sier ikke om noen var "
        "digitale",
        "Tall for 2022 og 2023 er ikke registrert.",
    ]


def test_attendances_by_form_where_the_source_says_it(tables):
    found = tables["systemrettede-form"]

    assert found.columns == ["Type", "På stedet", "På nett", "På telefon", "Ikke fordelt", "Deltakelser"]
    assert found.shown_rows == [
        ["Nettverkssamlinger", "", "13", "", "", "13"],
        ["Webinarer", "", "605", "", "", "605"],
        ["Fagdager", "", "", "", "178", "178"],
        ["Lokale systemrettede tilbud", "", "", "", "455", "455"],
        ["Undervisning ved utdanningssteder", "149", "", "", "", "149"],
        ["Innlegg på konferanser, kurs og fagdager", "3\xa0408", "", "", "", "3\xa0408"],
    ]
    assert found.shown_total == ["Sum", "3\xa0557", "618", "", "633", "4\xa0808"]


def test_web_figures_have_no_sum(tables):
    found = tables["nett"]

    assert found.columns == ["Hva som telles", "Hvor", "Kilde", "2022", "2023", "2024"]
    assert found.shown_rows == [
        ["Besøkende", "nettstedet", "", "", "", "10\xa0604"],
        ["Sidevisninger", "nettstedet", "", "", "", "23\xa0595"],
        ["Sidevisninger", "landingssiden for tilbud", "", "", "", "283"],
        ["Avspillinger", "landingssiden for opptak", "Vimeo", "", "", "410"],
        ["Avspillinger", "opptak om lek, aktivitet og deltakelse", "Vimeo", "", "", "250"],
    ]
    assert found.total == []


@pytest.mark.parametrize(
    ("title", "answers", "means"),
    [
        (
            "Foreldre på familieopphold",
            "N = 12: 12 av 23 svarte, 52\xa0%.",
            [
                *("7,0 5,8 6,5", "7,0 6,9 6,8", "6,9 6,7 7,0", "7,0 6,9 6,9"),
                *("- - 6,6", "6,9 6,1 6,8", "6,9 6,6 6,7", "7,0 6,2 6,8"),
            ],
        ),
        (
            "Støttepersoner på familieopphold",
            "N = 10: 10 av 63 svarte, 16\xa0%.",
            [
                *("6,2 6,3 5,9", "7,0 6,9 6,9", "6,3 6,6 6,8", "6,6 6,3 6,4"),
                *("5,7 6,0 5,7", "6,8 6,6 5,8", "6,2 6,3 6,3"),
            ],
        ),
        (
            "Foreldre på helgesamling",
            "N = 7: 7 av 14 svarte, 50\xa0%.",
            ["6,8 6,2 6,1", "6,3 6,3 6,3", "6,8 6,6 6,7", "6,8 6,0 6,6"],
        ),
    ],
)
def test_means_with_the_two_years_before(surveys, title, answers, means):
    found = surveys[title]

    assert found.columns == ["Spørsmål", "2022", "2023", "2024"]
    assert [" ".join(cell or "-" for cell in row[1:]) for row in found.shown_rows] == means
    assert found.definition == f"Gjennomsnitt på en skala fra 1 til 7. {answers}"


def test_professional_content_of_events(surveys):
    found = surveys["Faglig innhold på arrangementer"]

    assert found.columns == ["Arrangement", "N", "Spurte", "Svarprosent", "2024"]
    assert [row[1:] for row in found.shown_rows] == [
        ["29", "", "", "6,0"],
        ["10", "", "", "5,6"],
        ["14", "", "", "5,9"],
        ["14", "178", "8\xa0%", "5,4"],
    ]


def test_the_registered_and_the_project(surveys):
    registered = [row[-1] for row in surveys["Registrerte barn og unge"].shown_rows]
    project = [row[-1] for row in surveys["Prosjektet i Stavanger, 21.09.2021–31.12.2024"].shown_rows]

    assert registered == ["105", "32", "42", "38", "22", "3"]
    assert project[:19] == [
        *("1", "12", "91", "152", "3", "18", "56", "14", "5", "15"),
        *("7", "8", "31", "34", "58", "19", "60", "5", "150\xa0000"),
    ]
    assert project[19:] == [
        *("1\xa0960\xa0539", "44\xa0420", "25\xa0000", "28\xa0880", "39\xa0820", "25\xa0000", "5\xa0000", "128\xa0304")
    ]


def test_who_followed_the_children_is_the_municipal_palliative_team(surveys):
    project = surveys["Prosjektet i Stavanger, 21.09.2021–31.12.2024"]

    assert project.rows[0] == ["Barn fulgt av kommunalt palliativt team ved start", "barn", 1]
    assert project.notes[0] == (
        "Flyttet fra barnepalliasjon til palliasjon for voksne: kommunalt palliativt team følger dem etter 18 år ved "
        "behov"
    )
    assert project.rows[2] == ["Dokumenterte besøk og møter", "besøk og møter", 91]


def test_few_answers_are_said_beside_the_table(surveys):
    caution = "svarte. Resultatet må brukes med forsiktighet."

    assert surveys["Støttepersoner på familieopphold"].notes == [f"16\xa0% {caution}"]
    assert surveys["Faglig innhold på arrangementer"].notes == [f"Fagdag: ernæring: 8\xa0% {caution}"]
    assert surveys["Foreldre på familieopphold"].notes == []


def test_what_does_not_add_up_is_flagged_and_not_put_right(tables):
    """The numbers say which of the known inconsistencies it is; 12 to 16 are not about this report's numbers."""
    assert year_flags(2024) == [
        # 7
        "Familieopphold: 21 fikk plass, men det var 18 plasser. Noen kan være gitt på nytt.",
        # 1, 2
        "Foreldre på familieopphold: kilden oppgir N = 13 i tabellen, men 12 svarte.",
        "Støttepersoner på familieopphold: kilden oppgir N = 0 i tabellen, men 10 svarte.",
        "Støttepersoner på familieopphold: 16\xa0% svarte. Resultatet må brukes med forsiktighet.",
        # 10
        "Fagdag: ernæring: 8\xa0% svarte. Resultatet må brukes med forsiktighet.",
        # 9
        "Foreldre på familieopphold: «Tilbudet til foreldre, støttepersoner og besteforeldre» har ikke tall for 2022 og"
        " 2023.",
        # 4, 5, 6, 1, 8, 10, 10, 3, 11
        "14 familier gjennomførte familieopphold, men et annet sted står det at 11 av «de 12 familiene» hadde med lokale"
        " tjenesteytere.",
        "22 registrerte barn søkte, men bare til familieoppholdene kom det søknader fra 25 familier.",
        "Ett avsnitt har 19 undervisningsoppdrag med studenter og konferanser; tabellen har 9 og 19, til sammen 28.",
        "25 foreldre deltok på familieopphold, men 23 ble spurt.",
        "Samme dag kalles fagkurs ett sted og fagdag et annet.",
        "To av de fem webinarene hadde ingen egen undersøkelse: oppdragsgiveren spurte selv.",
        "Webinarene har 53 svar til sammen og 605 deltakelser, og det står ikke hvor mange som ble spurt.",
        "I kilden har to ulike tabeller nummer 3, og teksten til helgesamlingen viser til parenteser som ikke er der.",
        "Kilden kaller landingssiden for opptak mest besøkt, men gir tallet 410 som avspillinger i Vimeo. Besøkende, "
        "sidevisninger og avspillinger er blandet.",
    ]


def test_the_main_numbers_are_the_sums_and_no_two_tables_have_one_number(tables):
    document = document_of(year_report(2024))

    assert document.summary == [
        "50 tilbud til tjenesteytere, med 4\xa0808 deltakelser",
        "25 lokale tilbud til barn og familie, med 228 deltakelser",
        "22 familier og 149 personer på opphold og samlinger",
    ]
    titles = [table.title for table in tables.values()]
    assert titles[2:4] == [
        "Antall og deltakelser, lokale tilbud til barn og familie",
        "Antall og deltakelser, tilbud til tjenesteytere",
    ]
    assert len(set(titles)) == len(titles)
    numbers = [number for _heading, own in document.sections for number, _table in own]
    assert numbers == list(range(1, len(tables) + 1))
