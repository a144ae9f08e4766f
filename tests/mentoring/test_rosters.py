"""Lists of people to invite: what each line says, and what is wrong with it."""

import pytest
from django.core import mail
from django.core.exceptions import ValidationError

from mentoring import invitations
from mentoring.models import Invitation, Membership
from mentoring.rosters import Roster, check, read_file, read_text, send
from tests.groups_ground import small_group


@pytest.fixture
def group(course, mentor):
    return small_group(course.page, mentor, started=False)


@pytest.fixture
def counted(group):
    """The package counts by position."""
    group.package.expected_position = 50
    group.package.save()
    return group


def said(roster: Roster) -> list[tuple]:
    return [(line.email, line.name, line.position) for line in roster.lines]


KARI = ("kari@example.org", "Kari Ås", 80)


@pytest.mark.parametrize(
    "text",
    [
        "e-post,navn,stilling\nkari@example.org,Kari Ås,80",
        "e-post;navn;stilling\r\nkari@example.org;Kari Ås;80 %\r\n",
        "E-post\tNavn\tStilling\nkari@example.org\tKari Ås\t80",
        "Navn;Stillingsprosent;E-postadresse\nKari Ås;80,0;kari@example.org",
        "stilling;fornavn;etternavn;epost\n80;Kari;Ås;kari@example.org",
        "sep=;\nE-post;Navn;Stilling\nkari@example.org;Kari Ås;80",
        '"kari@example.org","Kari Ås","80"',
        "Kari Ås;80;kari@example.org",
        "\n\n  kari@example.org ; Kari   Ås ; 80%\n\n",
    ],
)
def test_a_line_is_read_whatever_the_order_and_the_separator(text):
    assert said(read_file(text.encode())) == [KARI]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_the_letters_are_right_without_a_warning(encoding):
    roster = read_file("kari@example.org;Kari Ås;80".encode(encoding))

    assert (said(roster), roster.warnings) == ([KARI], [])


@pytest.mark.parametrize("text", ["a" * 140_000, " " * 100_000 + "a", "\t" * 100_000 + "a", "a" + " " * 100_000 + "b>"])
def test_a_line_without_end_is_wrong_and_spoils_no_other(text):
    """The first was a fault of ours, and the others once took hours."""
    roster = read_text(f"{text}\nkari@example.org")

    assert [line.problem for line in roster.wrong] == ["Linjen er for lang."]
    assert [line.email for line in roster.right] == ["kari@example.org"]


def test_signs_that_no_database_keeps_are_left_out_of_a_name():
    assert said(read_text("Kari\x00 Ås <kari@example.org>")) == [("kari@example.org", "Kari Ås", None)]


def test_windows_1252_is_read_with_a_warning():
    roster = read_file("kari@example.org;Kari Ås;80".encode("cp1252"))

    assert said(roster) == [KARI]
    assert roster.warnings == [
        "Filen er ikke lagret som UTF-8. Se etter at æ, ø og å er blitt riktige i navnene.",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Kari Ås <kari@example.org>; Ola Berg <ola@example.org>",
        '"Ås, Kari" <kari@example.org>, Ola Berg <ola@example.org>',
        "Ås, Kari <kari@example.org>; Berg, Ola <ola@example.org>",
        "kari@example.org ola@example.org",
        "kari@example.org, ola@example.org",
        "kari@example.org\nola@example.org",
    ],
)
def test_pasted_addresses_are_parted(text):
    assert [line.email for line in read_text(text).lines] == ["kari@example.org", "ola@example.org"]


def test_a_quotation_mark_that_nobody_closed_spoils_no_other_line(group):
    roster = check(read_file(b'"kari@example.org;Kari\nola@example.org;Ola\n'), group)

    assert [(line.number, line.email) for line in roster.right] == [(2, "ola@example.org")]


def test_each_wrong_line_says_why_and_the_right_ones_stand(counted, learner, mentor):
    Membership.objects.create(group=counted, member=learner)
    invitations.invite(counted, "invitert@example.org", by=mentor)
    withdrawn = invitations.invite(counted, "trukket@example.org", by=mentor)
    invitations.withdraw(withdrawn, mentor)
    text = (
        "e-post;navn;stilling\nLEARNER@example.org;Ingrid;80\ninvitert@example.org;;\ntrukket@example.org;;\n"
        "ny@example.org;Ny;100\nNY@example.org;Ny igjen;100\nikke en adresse;Noen;50\n;Uten;50\n"
        "stor@example.org;Stor;120\nord@example.org;Ord;halv\nmentor@example.org;Marit;100\nblå@example.org;;"
    )

    roster = check(read_file(text.encode()), counted)

    assert [(line.number, line.email, line.problem) for line in roster.wrong] == [
        (2, "learner@example.org", "Ingrid Solheim er allerede med."),
        (3, "invitert@example.org", "Er allerede invitert."),
        (4, "trukket@example.org", "Invitasjonen er trukket tilbake. Du kan sende den på nytt fra deltakersiden."),
        (6, "ny@example.org", "Adressen står også på linje 5."),
        (7, "ikke en adresse", "«ikke en adresse» er ikke en e-postadresse."),
        (8, "Uten 50", "Linjen har ingen e-postadresse."),
        (9, "stor@example.org", "Stillingen må være et helt tall fra 1 til 100."),
        (10, "ord@example.org", "Stillingen må være et helt tall fra 1 til 100."),
        (11, "mentor@example.org", "Dette er mentoren for gruppen."),
        (12, "blå@example.org", "«blå@example.org» er ikke en e-postadresse."),
    ]
    assert [(line.email, line.position) for line in roster.right] == [("ny@example.org", 100)]


def test_the_position_is_not_asked_about_where_nobody_counts_it(group):
    roster = check(read_file(b"kari@example.org;Kari;200"), group)

    assert [(line.email, line.position) for line in roster.right] == [("kari@example.org", None)]


def test_checking_asks_as_often_for_one_line_as_for_many(group, django_assert_max_num_queries):
    many = "\n".join(f"person{number}@example.org;Person {number}" for number in range(500))

    with django_assert_max_num_queries(6):
        assert len(check(read_file(many.encode()), group).right) == 500


def test_the_form_sends_what_was_shown(counted):
    roster = check(read_file('kari@example.org;"Ås; Kari";80\nfeil\nola@example.org'.encode()), counted)

    again = check(read_text(roster.as_text), counted)

    assert said(again) == [("kari@example.org", "Ås Kari", 80), ("ola@example.org", "", None)]


def test_sending_invites_the_right_lines_and_again_does_no_harm(counted, mentor):
    text = b"kari@example.org;Kari;80\nfeil\nola@example.org;Ola;40"

    first, again = (send(read_file(text), counted, mentor) for _time in range(2))

    assert (first, again) == (2, 0)
    assert list(Invitation.objects.values_list("email", "position_percent")) == [
        ("kari@example.org", 80),
        ("ola@example.org", 40),
    ]
    assert [message.to for message in mail.outbox] == [["kari@example.org"], ["ola@example.org"]]


def test_sending_refuses_whoever_does_not_decide(group, learner):
    with pytest.raises(ValidationError):
        send(read_file(b"kari@example.org"), group, learner)

    assert Invitation.objects.count() == 0


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"a@example.org\n" * 501, "Listen har 501 linjer. Den kan ha høyst 500."),
        (b"x" * 200_001, "Filen er for stor. En liste kan være på høyst 200 kB."),
        (b"PK\x03\x04xlsx", "Dette er et regneark. Lagre det som CSV, og last opp den filen."),
        (b"a\x00b", "Filen er ikke en tekstfil. Lagre listen som CSV, og last opp den filen."),
    ],
)
def test_a_file_that_is_no_list_is_refused(content, sentence):
    with pytest.raises(ValidationError) as refusal:
        read_file(content)

    assert refusal.value.messages == [sentence]


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", b"e-post;navn\n"])
def test_an_empty_list_has_no_lines(content):
    assert read_file(content).lines == []
