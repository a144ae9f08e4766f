"""The report of a year: the figures of 2024 yield the tables of 2024, and what does not add up is said (R108)."""

import datetime
from decimal import Decimal
from uuid import uuid4

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


SURVEY = '[[survey]]\ntitle = "F"\nitems = [["a", "", "", MEAN]]'
EVENT = '[[event]]\ntitle = "F"\nanswered = 1\nmean = '


@pytest.mark.parametrize(
    "text",
    [
        "stays = [1]",
        "[stays]\nx = 1",
        "gaps = [1]",
        "a = " + "[" * 3000,
        '[[offering]]\nkind = "webinar"\npk = "x"',
        '[[offering]]\nkind = "webinar"\nid = 1',
        '[[offering]]\nkind = "webinar"\nphysical = inf',
        '[[offering]]\nkind = "webinar"\nphysical = 1.5',
        '[[offering]]\nkind = "webinar"\nphysical = true',
        '[[offering]]\nkind = "webinar"\ndetail = "\\u0000"',
        '[[offering]]\nkind = "webinar"\ntitle = ["a"]',
        '[[offering]]\nkind = "webinar"\nphysical = ' + "9" * 5000,
        *(SURVEY.replace("MEAN", mean) for mean in ("[0, [1], 0]", "[]", "false", "{}", "nan", '"sNaN"', '"x"')),
        *(EVENT + mean for mean in ("'NaN'", "'sNaN'", "inf", "[0, [1], 0]")),
    ],
)
def test_loading_refuses_what_no_row_can_say(figures, tmp_path, text):
    file = tmp_path / "figures.toml"
    file.write_text(text)
    before = [table.rows for table in year_tables(2024)]

    with pytest.raises(CommandError, match="Filen kan ikke leses: "):
        call_command("load_report_figures", "2024", file=file)

    assert [table.rows for table in year_tables(2024)] == before


def test_loading_refuses_a_folder_and_a_year_that_is_none(db, tmp_path):
    with pytest.raises(CommandError, match="Filen kan ikke leses"):
        call_command("load_report_figures", "2024", file=tmp_path)
    file = tmp_path / "figures.toml"
    file.write_text('[[offering]]\nkind = "webinar"\n')
    for year in ("-1", "1999", "2101", str(10**30)):
        with pytest.raises(CommandError, match=f"Det finnes ingen tall for {year}"):
            call_command("load_report_figures", "--file", str(file), "--", year)


@pytest.mark.parametrize("mean", ["6", "6.5", "'6.5'"])
def test_a_mean_may_be_written_as_a_number(db, tmp_path, mean):
    file = tmp_path / "figures.toml"
    file.write_text(SURVEY.replace("MEAN", mean))

    call_command("load_report_figures", "2024", file=file, verbosity=0)

    assert ScoreRow.objects.get().mean == Decimal(mean.strip("'"))


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


def score(**facts):
    return ScoreRow.objects.create(**{"year": 2025, "survey": "En", "item": "a", "mean": "6.0", "scale": 7} | facts)


def test_a_survey_that_fewer_than_five_answered_is_left_out_and_said(db):
    score(answered=4, invited=9)

    assert year_tables(2025) == []
    assert year_flags(2025) == ["En: færre enn 5 svarte, så gjennomsnittet er utelatt."]


def test_an_event_that_few_answered_shows_no_mean_beside_others(db):
    score(answered=4, invited=9)
    score(item="b", answered=5, invited=9)

    [table] = year_tables(2025)

    assert table.shown_rows == [["a", "4", "9", "44\xa0%", ""], ["b", "5", "9", "56\xa0%", "6,0"]]
    assert table.notes == ["Der færre enn 5 svarte, vises ikke gjennomsnittet."]


def test_means_on_two_scales_are_not_set_side_by_side(db):
    score(year=2024, mean="4.0", scale=5)
    score()

    [table] = year_tables(2025)

    assert table.shown_rows == [["a", "", "", "6,0"]]
    assert year_flags(2025) == ["En: «a» hadde en annen skala i 2024, og de tallene vises ikke."]


def test_a_question_that_is_new_or_no_longer_asked_is_said(db):
    score(year=2024)
    score(year=2024, item="gammelt")
    score()
    score(item="nytt")

    assert year_flags(2025) == [
        "En: «nytt» har ikke tall for 2024.",
        "En: «gammelt» ble stilt før, men ikke i 2025.",
    ]


def test_a_survey_that_somebody_else_did_says_that_there_are_no_numbers(db):
    score(mean=None)

    assert year_tables(2025)[0].notes == ["Tall er ikke tilgjengelige."]
    assert year_flags(2025) == ["Tilbakemeldinger, En: tallene mangler."]


def test_means_have_one_decimal_and_a_comma_also_after_they_were_kept(db, admin):
    score(mean="6.0", answered=20, invited=21)
    close_year(2025, admin)

    assert year_report(2025).tables[0].shown_rows == [["a", "", "", "6,0"]]
    assert year_report(2025).tables[0].definition == (
        "Gjennomsnitt på en skala fra 1 til 7. N = 20: 20 av 21 svarte, 95\xa0%."
    )


def test_a_closed_year_stays_as_it_was_and_corrections_stand_beside(figures, admin):
    closed = close_year(2024, admin)
    Offering.objects.filter(year=2024, kind="webinar").update(participants=9999)
    correct_year(closed, "Webinarene hadde 604 deltakelser.", admin)

    report = year_report(2024)

    assert next(each for each in report.tables if each.key == "systemrettede").total[6] == 4808
    assert [(note.text, note.by) for note in report.corrections] == [("Webinarene hadde 604 deltakelser.", admin)]


def test_rows_of_a_closed_year_are_refused(figures, admin):
    close_year(2024, admin)

    with pytest.raises(ValidationError, match="Året 2024 er lukket"):
        Offering(year=2024, kind="webinar", digital=1).full_clean()
    row = Offering.objects.filter(year=2024).first()
    row.year = 2025
    with pytest.raises(ValidationError, match="Året 2024 er lukket"):
        row.full_clean()


def test_the_figures_of_a_closed_year_before_are_left_alone_when_a_year_is_loaded(figures, admin):
    close_year(2023, admin)
    ScoreRow.objects.filter(year=2023).update(mean="1.0")
    load_figures(2024)

    assert set(ScoreRow.objects.filter(year=2023).values_list("mean", flat=True)) == {Decimal("1.0")}


def test_closing_refuses_figures_that_changed_since_they_were_seen(figures, admin):
    seen = year_report(2024).fingerprint
    Offering.objects.filter(year=2024, kind="webinar").update(participants=9999)

    with pytest.raises(ValidationError, match="endret seg siden du åpnet siden"):
        close_year(2024, admin, seen)
    assert close_year(2024, admin, year_report(2024).fingerprint).year == 2024


def test_a_form_sent_twice_is_one_correction(figures, admin):
    closed, token = close_year(2024, admin), uuid4()

    assert correct_year(closed, "En.", admin, token) == correct_year(closed, "En.", admin, token)
    assert closed.corrections.count() == 1


def test_attendances_are_the_sum_of_their_forms_and_refused_otherwise(db):
    day = Offering(year=2025, kind="professional_day", hybrid=1, attended_there=120, attended_digitally=58)
    day.full_clean()
    assert day.participants == 178
    day.attended_by_phone = 1
    with pytest.raises(ValidationError, match="179 til sammen"):
        day.full_clean()
    with pytest.raises(ValidationError, match="kan ikke være flere enn deltakelsene"):
        Offering(year=2025, kind="webinar", digital=1, participants=5, people=6).full_clean()


def test_closing_refuses_twice_and_while_the_year_goes_on(figures, admin):
    close_year(2024, admin)
    with pytest.raises(ValidationError, match="allerede lukket av Aud Nærland"):
        close_year(2024, admin)
    with pytest.raises(ValidationError, match="når det er over"):
        close_year(datetime.date.today().year, admin)
    with pytest.raises(ValidationError, match="er lukket"):
        load_figures(2024)
    with pytest.raises(ValidationError, match="Skriv hva som er feil"):
        correct_year(ClosedYear.objects.get(), "  ", admin)


def test_the_page_of_a_year_is_closed_once_and_corrected_once(figures, admin, signed_in):
    browser = signed_in(admin)

    page = browser.get("/rapporter/ar/2024/")
    assert "Foreløpig. Pr. " in page.content.decode()
    browser.post("/rapporter/ar/2024/lukk/", {"seen": page.context["report"].fingerprint})
    again = browser.post("/rapporter/ar/2024/lukk/", follow=True).content.decode()
    assert "Året er allerede lukket av" in again
    told = {"text": "En rettelse.", "token": browser.get("/rapporter/ar/2024/").context["token"]}
    for _time in range(2):
        browser.post("/rapporter/ar/2024/rett/", told)
    page = browser.get("/rapporter/ar/2024/").content.decode()
    assert page.count("En rettelse.") == 1
    assert "Foreløpig" not in page
    assert browser.get("/rapporter/ar/1999/").status_code == 404


def test_a_year_that_is_not_closed_cannot_be_corrected(figures, admin, signed_in):
    assert signed_in(admin).post("/rapporter/ar/2024/rett/", {"text": "En rettelse."}).status_code == 404
