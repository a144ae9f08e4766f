"""Rows of a year written sheet by sheet: many at once, refusals at their row."""

from decimal import Decimal

import pytest

from lms.reports.loading import load_figures
from lms.reports.models import CapacityRow, KnownGap, Offering, ScoreRow, StayRow
from lms.reports.year import close_year
from lms.reports.year_copying import copy_rows
from lms.reports.year_sheets import FIELDS, MOST_ROWS, NEW_ROWS, SHEETS


@pytest.fixture
def browser(admin, signed_in):
    return signed_in(admin)


def sent(browser, slug, *rows, year=2025, follow=False, there=None):
    """Posts a sheet as a browser does: what stood in its fields, and `rows` over the first of them."""
    page = browser.get(f"/rapporter/ar/{year}/registrer/{slug}/")
    forms = page.context["sheet"]
    data = {"seen": page.context["seen"]} | {
        f"rad-{name}": forms.management_form[name].value() for name in ("TOTAL_FORMS", "INITIAL_FORMS")
    }
    for number, form in enumerate(forms):
        told = {
            field.name: "" if field.value() is None or field.value() is False else str(field.value()) for field in form
        }
        told |= rows[number] if number < len(rows) else {}
        data |= {f"rad-{number}-{name}": value for name, value in told.items()}
    if there is not None:
        there.append(data)
    return browser.post(f"/rapporter/ar/{year}/registrer/{slug}/", data, follow=follow)


@pytest.mark.parametrize("slug", SHEETS)
def test_a_sheet_that_is_saved_as_it_stands_changes_nothing(browser, slug):
    load_figures(2024)
    before = [list(model.objects.order_by("pk").values()) for model, _title, _words in SHEETS.values()]

    assert sent(browser, slug, year=2024).status_code == 302

    def without_ids(tables):
        return [[{name: value for name, value in row.items() if name != "id"} for row in table] for table in tables]

    after = [list(model.objects.order_by("pk").values()) for model, _title, _words in SHEETS.values()]
    assert without_ids(after) == without_ids(before)


def test_offerings_are_written_many_at_once(browser):
    answer = sent(
        browser,
        "tilbud",
        {"kind": "webinar", "digital": "5", "participants": "605", "people": "400"},
        {"kind": "professional_day", "hybrid": "1", "attended_there": "120", "attended_digitally": "58"},
        follow=True,
    )

    assert "Arket er lagret." in answer.content.decode()
    assert list(Offering.objects.order_by("pk").values_list("year", "kind", "participants")) == [
        (2025, "webinar", 605),
        (2025, "professional_day", 178),
    ]


def test_the_same_sheet_sent_twice_makes_no_second_row(browser):
    posted = []
    sent(browser, "tilbud", {"kind": "webinar", "digital": "5"}, there=posted)
    browser.post("/rapporter/ar/2025/registrer/tilbud/", posted[0])
    sent(browser, "kapasitet", {"title": "Opphold", "unit": "familier", "rounds": "3", "capacity": "6"}, there=posted)
    twice = browser.post("/rapporter/ar/2025/registrer/kapasitet/", posted[1])

    assert Offering.objects.count() == CapacityRow.objects.count() == 1
    assert twice.status_code == 422


def test_what_is_wrong_is_said_at_its_row_and_nothing_is_saved(browser):
    answer = sent(
        browser,
        "tilbud",
        {"kind": "webinar", "digital": "5"},
        {"kind": "webinar", "digital": "1", "participants": "5", "people": "6"},
        {"kind": "network", "digital": "-1"},
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Ny rad 2, ulike personer: Ulike personer kan ikke være flere enn deltakelsene." in page
    assert "<legend>Ny rad 2</legend>" in page
    assert 'href="#id_rad-2-digital"' in page
    assert not Offering.objects.exists()


@pytest.mark.parametrize(
    "counts",
    [
        {"attended_there": "2147483647", "attended_digitally": "1"},
        {"attended_there": "10000000", "attended_digitally": "1"},
        {"attended_there": "9" * 30},
        {"people": "10000001"},
    ],
)
def test_numbers_that_are_too_large_are_refused_at_their_row(browser, counts):
    answer = sent(browser, "tilbud", {"kind": "webinar"} | counts)

    assert answer.status_code == 422
    assert answer.context["sheet"].errors[0]
    assert not Offering.objects.exists()


def test_the_largest_numbers_can_be_kept(browser):
    counts = {"digital": "10000000", "participants": "10000000", "people": "10000000"}
    assert sent(browser, "tilbud", {"kind": "webinar"} | counts).status_code == 302
    money = {"section": "Penger", "what": "Tilskudd", "count": str(10**12)}
    assert sent(browser, "andre", money).status_code == 302
    assert sent(browser, "andre", {}, money | {"what": "Mer", "count": str(10**12 + 1)}).status_code == 422


@pytest.mark.parametrize("year", ["99999999999999999999", "0", "-1"])
@pytest.mark.parametrize(
    "kind", ["offering", "capacityrow", "stayrow", "webfigure", "scorerow", "otherfigure", "knowngap"]
)
def test_a_year_that_is_none_is_refused_in_the_editorial_pages(browser, kind, year):
    answer = browser.post(f"/cms/snippets/reports/{kind}/add/", {"year": year})

    assert answer.status_code == 200
    assert "year" in answer.context["form"].errors


@pytest.mark.parametrize(
    ("slug", "wrong"), [("kapasitet", {"title": "", "applied": "-1"}), ("opphold", {"parents": "-1"})]
)
def test_what_is_wrong_in_a_row_that_is_there_is_said_with_its_name(browser, slug, wrong):
    CapacityRow.objects.create(year=2025, title="Familieopphold", rounds=3, capacity=6)
    StayRow.objects.create(year=2025, title="Familieopphold", who="parents", count=2)

    page = sent(browser, slug, wrong).content.decode()

    assert "Familieopphold, søkte: " in page or "Familieopphold, foreldre: " in page
    assert "<legend>Familieopphold</legend>" in page
    assert "Ny rad 1" in page


def test_a_choice_not_made_yet_says_choose(browser):
    page = browser.get("/rapporter/ar/2025/registrer/tilbud/").content.decode()

    assert page.count(">Velg</option>") == NEW_ROWS
    assert "---------" not in page


def test_two_rows_with_one_name_are_refused(browser):
    facts = {"unit": "familier", "rounds": "1", "capacity": "6"}
    answer = sent(browser, "kapasitet", {"title": "Opphold"} | facts, {"title": "Opphold"} | facts)

    assert answer.status_code == 422
    assert not CapacityRow.objects.exists()


def test_the_checks_of_applications_stand_on_the_sheet_after_saving(browser):
    page = sent(
        browser,
        "kapasitet",
        {"title": "Opphold", "unit": "familier", "rounds": "3", "capacity": "6", "applied": "25", "offered": "21"}
        | {"other_offer": "2", "refused": "1"},
        follow=True,
    ).content.decode()

    assert "Opphold: 25 søkte, men 24 fikk svar (plass, annet tilbud eller avslag)." in page
    assert "Opphold: 21 fikk plass, men det var 18 plasser." in page
    assert "Opphold: 25 søkte, men 24" in browser.get("/rapporter/ar/2025/registrer/").content.decode()


def test_stays_are_written_a_row_each_and_may_be_renamed_and_deleted(browser):
    sent(
        browser, "opphold", {"title": "Opphold", "families": "14", "parents": "25"}, {"title": "Helg", "families": "8"}
    )
    sent(browser, "opphold", {"title": "Familieopphold", "siblings": "21"}, {"DELETE": "on"})

    assert list(StayRow.objects.order_by("pk").values_list("year", "title", "who", "count")) == [
        (2025, "Familieopphold", "families", 14),
        (2025, "Familieopphold", "parents", 25),
        (2025, "Familieopphold", "siblings", 21),
    ]


def test_two_stays_with_one_name_are_refused(browser):
    answer = sent(browser, "opphold", {"title": "Helg", "families": "8"}, {"title": "Helg", "families": "9"})

    assert "To rader har samme navn." in answer.content.decode()
    assert not StayRow.objects.exists()


def test_who_answered_is_written_once_for_a_survey(browser):
    row = {"survey": "Foreldre", "scale": "7"}
    sent(
        browser,
        "tilbakemeldinger",
        row | {"item": "a", "mean": "6,5", "answered": "12", "invited": "23"},
        row | {"item": "b", "mean": "7,0"},
    )

    assert list(ScoreRow.objects.order_by("pk").values_list("item", "mean", "answered", "invited")) == [
        ("a", Decimal("6.5"), 12, 23),
        ("b", Decimal("7.0"), 12, 23),
    ]


def test_who_answered_goes_to_rows_that_were_taken_along(browser):
    load_figures(2024)
    copy_rows(2025)

    sent(browser, "tilbakemeldinger", {"mean": "6,5", "answered": "12", "invited": "23"})

    rows = ScoreRow.objects.filter(year=2025, survey="Foreldre på familieopphold").order_by("pk")
    assert set(rows.values_list("answered", "invited")) == {(12, 23)}
    assert [row.mean for row in rows] == [Decimal("6.5"), *[None] * 7]


def test_a_mean_outside_its_scale_is_refused(browser):
    answer = sent(browser, "tilbakemeldinger", {"survey": "F", "item": "a", "mean": "7,1", "scale": "7"})

    assert "mellom 1 og 7" in answer.content.decode()
    assert not ScoreRow.objects.exists()


def test_a_closed_year_leads_to_its_report(browser, admin):
    load_figures(2024)
    posted = []
    sent(browser, "merknader", year=2024, there=posted)
    close_year(2024, admin)

    for path in ("registrer/", "registrer/tilbud/", "fjorarets-rader/"):
        assert browser.get(f"/rapporter/ar/2024/{path}").url == "/rapporter/ar/2024/"
    answer = browser.post("/rapporter/ar/2024/registrer/merknader/", posted[0] | {"rad-0-text": "Endret"}, follow=True)
    assert "Året 2024 er lukket. Skriv en rettelse i stedet." in answer.content.decode()
    assert not KnownGap.objects.filter(text="Endret").exists()


def test_a_sheet_that_is_none_and_a_year_to_come_are_not_there(browser):
    for path in ("2025/registrer/finnes-ikke/", "1999/registrer/", "2199/registrer/tilbud/"):
        assert browser.get(f"/rapporter/ar/{path}").status_code == 404


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"rad-TOTAL_FORMS": "-1", "rad-INITIAL_FORMS": "x"},
        {"rad-TOTAL_FORMS": "9999999"},
        {"rad-TOTAL_FORMS": "9" * 20, "rad-INITIAL_FORMS": "0"},
        {"rad-TOTAL_FORMS": "300", "rad-INITIAL_FORMS": "0"},
        {"rad-TOTAL_FORMS": "+1", "rad-INITIAL_FORMS": "0", "rad-0-title": "x"},
    ],
)
@pytest.mark.parametrize("slug", ["tilbud", "opphold"])
def test_a_form_that_is_not_ours_is_answered_in_words(browser, slug, data):
    answer = browser.post(f"/rapporter/ar/2025/registrer/{slug}/", data)

    assert answer.status_code == 422
    assert not answer.context["sheet"].forms
    assert "Ingenting er lagret" in answer.content.decode()


def test_the_way_from_the_editorial_pages_leads_to_last_year_until_it_is_closed(browser, admin):
    first = browser.get("/rapporter/ar/registrer/").url
    year = int(first.split("/")[3])
    assert browser.get(first).status_code == 200
    close_year(year, admin)
    assert browser.get("/rapporter/ar/registrer/").url == f"/rapporter/ar/{year + 1}/registrer/"
    assert "/rapporter/ar/registrer/" in browser.get("/cms/").content.decode()


def test_rows_of_a_closed_year_are_not_deleted_in_the_editorial_pages(browser, admin):
    row = Offering.objects.create(year=2024, kind="webinar", digital=5)
    close_year(2024, admin)

    browser.post(f"/cms/snippets/reports/offering/delete/{row.pk}/")
    assert Offering.objects.filter(pk=row.pk).exists()


def test_a_stay_without_its_name_is_refused_at_its_row(browser):
    StayRow.objects.create(year=2025, title="Familieopphold", who=StayRow.Who.FAMILIES, count=6)

    answer = sent(browser, "opphold", {"title": ""})

    assert answer.status_code == 422
    assert list(StayRow.objects.values_list("title", "count")) == [("Familieopphold", 6)]


def test_a_sheet_takes_as_many_rows_as_it_may_have(browser):
    told = {"rad-TOTAL_FORMS": str(MOST_ROWS), "rad-INITIAL_FORMS": "0"}
    for number in range(MOST_ROWS):
        told |= {f"rad-{number}-{name}": "" for name in ("id", *FIELDS[Offering])}
        told |= {f"rad-{number}-kind": "webinar", f"rad-{number}-title": f"Webinar {number}"}

    assert browser.post("/rapporter/ar/2025/registrer/tilbud/", told).status_code == 302
    assert Offering.objects.filter(year=2025).count() == MOST_ROWS


def test_a_row_that_another_administrator_deleted_is_said(browser):
    row = Offering.objects.create(year=2025, kind="webinar", title="Felles", digital=1)
    posted = []
    sent(browser, "tilbud", there=posted)
    row.delete()

    answer = browser.post("/rapporter/ar/2025/registrer/tilbud/", posted[0] | {"rad-0-digital": "2"})

    assert answer.status_code == 422
    assert "En rad er slettet av noen andre i mellomtiden. Åpne arket på nytt." in answer.content.decode()
    assert not Offering.objects.exists()


@pytest.mark.parametrize("slug", ["tilbud", "opphold"])
def test_what_another_administrator_wrote_meanwhile_is_not_written_over(browser, slug):
    model, name = (Offering, "digital") if slug == "tilbud" else (StayRow, "count")
    for title, count in (("Første", 6), ("Andre", 3)):
        kind = {"kind": "webinar"} if slug == "tilbud" else {"who": StayRow.Who.FAMILIES}
        model.objects.create(year=2025, title=title, **kind, **{name: count})
    posted = []
    assert sent(browser, slug, there=posted).status_code == 302
    posted[0]["seen"] = browser.get(f"/rapporter/ar/2025/registrer/{slug}/").context["seen"]
    model.objects.filter(title="Første").update(**{name: 7})
    field = "rad-1-digital" if slug == "tilbud" else f"rad-1-{StayRow.Who.FAMILIES}"

    answer = browser.post(f"/rapporter/ar/2025/registrer/{slug}/", posted[0] | {field: "4"})

    assert answer.status_code == 422
    assert "Noen andre har skrevet i arket i mellomtiden." in answer.content.decode()
    assert sorted(model.objects.values_list("title", name)) == [("Andre", 3), ("Første", 7)]


@pytest.mark.parametrize("slug", ["tilbud", "opphold"])
def test_the_same_form_sent_twice_is_still_saved_once(browser, slug):
    model = Offering if slug == "tilbud" else StayRow
    told = {"kind": "webinar", "digital": "1"} if slug == "tilbud" else {StayRow.Who.FAMILIES: "1"}
    assert sent(browser, slug, told | {"title": "Gammel"}).status_code == 302
    posted = []
    assert sent(browser, slug, told | {"title": "Omdøpt"}, told | {"title": "Ny"}, there=posted).status_code == 302

    assert browser.post(f"/rapporter/ar/2025/registrer/{slug}/", posted[0]).status_code == 302
    assert sorted(model.objects.values_list("title", flat=True)) == ["Ny", "Omdøpt"]
