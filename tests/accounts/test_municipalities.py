"""The list of municipalities: what holds, what has ended, and newer lists."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from lms.accounts.models import Municipality
from lms.accounts.municipalities import in_norwegian_order, read_municipalities

HEAD = "number;name;county_number;county_name\n"


@pytest.fixture
def newer_list(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(f"# Kilde: oppdiktet\n{HEAD}0301;Oslo;03;Oslo\n1199;Nybygda;11;Rogaland\n")
    return path


def test_the_municipalities_of_2024_are_there(db):
    there = Municipality.objects.filter(valid_to=None)

    assert there.count() == 357
    assert there.values("county_number").distinct().count() == 15
    assert there.get(number="0301").valid_from == datetime.date(2024, 1, 1)


def test_a_newer_list_ends_what_is_gone_and_deletes_nothing(db, newer_list):
    call_command("load_municipalities", newer_list, "--valid-from", "2028-01-01", verbosity=0)

    assert Municipality.objects.count() == 358
    assert set(Municipality.objects.filter(valid_to=None).values_list("number", flat=True)) == {"0301", "1199"}
    assert Municipality.objects.get(number="1103").valid_to == datetime.date(2027, 12, 31)
    assert Municipality.objects.get(number="0301").valid_from == datetime.date(2024, 1, 1)
    assert Municipality.objects.get(number="1199").valid_from == datetime.date(2028, 1, 1)


def test_loading_twice_changes_nothing_more(db, newer_list):
    for _time in range(2):
        call_command("load_municipalities", newer_list, "--valid-from", "2028-01-01", verbosity=0)

    assert Municipality.objects.get(number="1103").valid_to == datetime.date(2027, 12, 31)
    assert Municipality.objects.count() == 358


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a;b\n1;2\n", "Filen må ha kolonnene number; name; county_number; county_name."),
        (HEAD, "Filen har ingen kommuner."),
        (f"{HEAD}301;Oslo;03;Oslo\n", "Kommunenummeret «301» kan ikke stemme."),
        (f"{HEAD}1103;Stavanger;03;Oslo\n", "Kommunenummeret «1103» kan ikke stemme."),
        (f"{HEAD}1103;;11;Rogaland\n", "Kommune 1103 mangler navn eller fylke."),
        (f"{HEAD}0301;Oslo;03;Oslo\n0301;Oslo;03;Oslo\n", "Et kommunenummer står to ganger i filen."),
    ],
)
def test_reading_refuses_a_list_that_cannot_be_right(tmp_path, text, sentence):
    path = tmp_path / "list.csv"
    path.write_text(text)

    with pytest.raises(ValidationError) as refusal:
        read_municipalities(path)

    assert refusal.value.messages == [sentence]


def test_the_command_refuses_a_wrong_list_and_changes_nothing(db, tmp_path):
    with pytest.raises(CommandError):
        call_command("load_municipalities", tmp_path / "missing.csv", "--valid-from", "2028-01-01")

    assert Municipality.objects.filter(valid_to=None).count() == 357


def test_names_stand_in_norwegian_order():
    names = ["Åmot", "Ørland", "Ærfugl", "Alta", "Øyer", "Unjárga", "Ås"]

    assert sorted(names, key=in_norwegian_order) == ["Alta", "Unjárga", "Ærfugl", "Ørland", "Øyer", "Åmot", "Ås"]
