"""The list of municipalities: what holds, what has ended, and newer lists."""

import datetime
from pathlib import Path

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

import lms.accounts
from lms.accounts.models import Municipality, User
from lms.accounts.municipalities import read_municipalities
from lms.accounts.profile import ProfileForm

LIST = Path(lms.accounts.__file__).with_name("municipalities-2024.csv")

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
    call_command("load_municipalities", newer_list, "--valid-from", "2028-01-01", "--force", verbosity=0)

    assert Municipality.objects.count() == 358
    assert set(Municipality.objects.filter(valid_to=None).values_list("number", flat=True)) == {"0301", "1199"}
    assert Municipality.objects.get(number="1103").valid_to == datetime.date(2027, 12, 31)
    assert Municipality.objects.get(number="0301").valid_from == datetime.date(2024, 1, 1)
    assert Municipality.objects.get(number="1199").valid_from == datetime.date(2028, 1, 1)


def test_loading_twice_changes_nothing_more(db, newer_list):
    for _time in range(2):
        call_command("load_municipalities", newer_list, "--valid-from", "2028-01-01", "--force", verbosity=0)

    assert Municipality.objects.get(number="1103").valid_to == datetime.date(2027, 12, 31)
    assert Municipality.objects.count() == 358


def test_a_list_may_be_loaded_before_it_holds(db, newer_list):
    """Until the day comes people choose among today's; from that day among the new ones."""
    call_command("load_municipalities", newer_list, "--valid-from", "2028-01-01", "--force", verbosity=0)

    before = Municipality.objects.holding(datetime.date(2027, 12, 31))
    after = Municipality.objects.holding(datetime.date(2028, 1, 1))

    assert (before.count(), before.filter(pk="1199").exists(), before.filter(pk="1103").exists()) == (357, False, True)
    assert set(after.values_list("number", flat=True)) == {"0301", "1199"}
    with time_machine.travel("2027-12-31T12:00Z"):
        assert ProfileForm(instance=User()).fields["municipality"].queryset.count() == 357
    with time_machine.travel("2027-12-31T23:30Z"):  # the new year has begun in Norway
        assert ProfileForm(instance=User()).fields["municipality"].queryset.count() == 2


def test_what_was_written_under_an_old_number_stays_there(db, newer_list, learner):
    learner.municipality_id = "1103"
    learner.save()

    call_command("load_municipalities", newer_list, "--valid-from", "2026-01-01", "--force", verbosity=0)

    learner.refresh_from_db()
    assert (learner.municipality_id, learner.municipality.name) == ("1103", "Stavanger")
    own = ProfileForm(instance=learner).fields["municipality"].queryset
    assert set(own.values_list("number", flat=True)) == {"0301", "1199", "1103"}


def test_the_command_refuses_when_a_newer_list_is_there(db, newer_list):
    call_command("load_municipalities", newer_list, "--valid-from", "2028-01-01", "--force", verbosity=0)

    with pytest.raises(CommandError, match="En liste som gjelder fra 01.01.2028 er lest inn."):
        call_command("load_municipalities", newer_list, "--valid-from", "2027-01-01", verbosity=0)

    assert Municipality.objects.get(number="1103").valid_to == datetime.date(2027, 12, 31)


def test_the_list_that_is_shipped_is_the_one_of_the_source(db):
    rows = read_municipalities(LIST)

    assert len(rows) == 357
    assert sorted(row["number"] for row in rows) == sorted(Municipality.objects.values_list("number", flat=True))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a;b\n1;2\n", "Filen må ha kolonnene number; name; county_number; county_name."),
        (HEAD, "Filen har ingen kommuner."),
        (f"{HEAD}301;Oslo;03;Oslo\n", "Kommunenummeret «301» kan ikke stemme."),
        (f"{HEAD}1103;Stavanger;03;Oslo\n", "Kommunenummeret «1103» kan ikke stemme."),
        (f"{HEAD}1103;;11;Rogaland\n", "Kommune 1103 mangler navn eller fylke."),
        (f"{HEAD}²²²²;Oslo;²²;Oslo\n", "Kommunenummeret «²²²²» kan ikke stemme."),
        (f"{HEAD}1103\n", "Kommunenummeret «1103» kan ikke stemme."),
        (f"{HEAD}1103;{'S' * 61};11;Rogaland\n", "Navnet på kommune 1103 eller fylket kan ikke stemme."),
        (f"{HEAD}1103;Stavanger;11;Roga\0land\n", "Navnet på kommune 1103 eller fylket kan ikke stemme."),
        (
            f"{HEAD}0301;Oslo;03;Oslo;5\n",
            "Filen må ha kolonnene number; name; county_number; county_name.",
        ),
        (f"{HEAD}0301;{'O' * 140_000};03;Oslo\n", "Filen kan ikke leses: field larger than field limit (131072)"),
        ("", "Filen må ha kolonnene number; name; county_number; county_name."),
        (f"{HEAD}0301;Oslo;03;Oslo\n0301;Oslo;03;Oslo\n", "Et kommunenummer står to ganger i filen."),
    ],
)
def test_reading_refuses_a_list_that_cannot_be_right(tmp_path, text, sentence):
    path = tmp_path / "list.csv"
    path.write_text(text)

    with pytest.raises(ValidationError) as refusal:
        read_municipalities(path)

    assert refusal.value.messages == [sentence]


def test_the_command_refuses_a_list_that_ends_more_than_a_fifth(db, newer_list):
    with pytest.raises(
        CommandError, match=r"Listen avslutter 356 av 357 kommuner\. Stemmer det, kjør igjen med --force"
    ):
        call_command("load_municipalities", newer_list, "--valid-from", "2028-01-01", verbosity=0)

    assert Municipality.objects.filter(valid_to=None).count() == 357


def test_a_list_that_ends_a_fifth_is_loaded(db, tmp_path):
    lines = LIST.read_text().splitlines(keepends=True)
    shorter = tmp_path / "list.csv"
    shorter.write_text("".join(lines[:-71]))

    call_command("load_municipalities", shorter, "--valid-from", "2028-01-01", verbosity=0)

    assert Municipality.objects.filter(valid_to=None).count() == 357 - 71


def test_the_command_refuses_a_wrong_list_and_changes_nothing(db, tmp_path):
    with pytest.raises(CommandError):
        call_command("load_municipalities", tmp_path / "missing.csv", "--valid-from", "2028-01-01")

    assert Municipality.objects.filter(valid_to=None).count() == 357
