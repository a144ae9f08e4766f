"""Lists of people to invite, from a file or a text field: what each line says, what is wrong with it, and sending.

Nothing is stored. Wrong lines never hold up the right ones, and the same list sent again does no harm.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mentoring.invitations import address_of, check_decides, invite, members_with
from mentoring.models import LearningGroup

MOST_LINES, MOST_BYTES, MOST_SIGNS = 500, 200_000, 1000
COLUMNS = {
    "email": {"epost", "epostadresse", "email", "mail", "emailaddress", "adresse"},
    "name": {"navn", "name", "fulltnavn", "deltaker", "fornavn", "etternavn"},
    "position": {"stilling", "stillingsprosent", "stillingiprosent", "prosent"},
}
# Not every sign that Unicode calls the end of a line: those are no ends in a spreadsheet.
NEW_LINE = re.compile(r"\r\n|\r|\n")
PERCENT = re.compile(r"^(\d{1,3})(?:[.,]0+)?\s*%?$")
# Nothing in it is tried twice: a line of nothing but spaces must cost no more than another.
NAMED = re.compile(r"\"?([^\"<>]*+)\"?\s*+<([^<>]++)>")


@dataclass
class RosterLine:
    """A line of a list. `problem` says in a sentence why nobody is invited by it; "" when somebody is."""

    number: int
    email: str
    name: str = ""
    position: int | None = None
    problem: str = ""

    @property
    def as_text(self) -> str:
        """The line as `read_text` reads it back."""
        return ";".join([self.email, self.name.replace(";", " ").replace('"', ""), str(self.position or "")])


@dataclass
class Roster:
    """What a list says, line by line, and what to warn of."""

    lines: list[RosterLine] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def right(self) -> list[RosterLine]:
        """The lines by which somebody is invited."""
        return [line for line in self.lines if not line.problem]

    @property
    def wrong(self) -> list[RosterLine]:
        return [line for line in self.lines if line.problem]

    @property
    def as_text(self) -> str:
        """The right lines, for the form that sends them."""
        return "\n".join(line.as_text for line in self.right)


def read_file(content: bytes) -> Roster:
    """A CSV file: comma, semicolon or tab; with or without header, columns in any order; UTF-8 or Windows-1252.

    Raises ValidationError when it is too big, has too many lines, or is no text.
    """
    if len(content) > MOST_BYTES:
        raise ValidationError(_("Filen er for stor. En liste kan være på høyst 200 kB."))
    if content.startswith(b"PK\x03\x04"):
        raise ValidationError(_("Dette er et regneark. Lagre det som CSV, og last opp den filen."))
    text, warnings = _decoded(content)
    return Roster(list(_lines(text)), warnings)


def read_text(text: str) -> Roster:
    """Addresses as people paste them: one or more a line, as "Kari Ås <kari@example.org>" or with name beside.

    Raises ValidationError when there are too many.
    """
    if len(text.encode()) > MOST_BYTES:
        raise ValidationError(_("Teksten er for lang."))
    parted = [part for line in NEW_LINE.split(text) for part in _people_on(line)]
    return Roster(list(_lines("\n".join(parted))))


def _people_on(line: str) -> list[str]:
    """The parts of a line that names several, as mail programs write them."""
    if line.count("@") < 2:
        return [line]
    between = re.compile(next((sign for sign in ";," if sign in line), r"\s"))
    parts, quotes = [""], line.count('"')
    for place, piece in enumerate(line.split('"')):
        # What stands before an odd number of quotation marks stands between two of them.
        cut = [piece] if (quotes - place) % 2 else between.split(piece)
        parts[-1] += ('"' if place else "") + cut[0]
        parts += cut[1:]
    return parts


def _decoded(content: bytes) -> tuple[str, list[str]]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace"), []
    try:
        text, warnings = content.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
        warnings = [_("Filen er ikke lagret som UTF-8. Se etter at æ, ø og å er blitt riktige i navnene.")]
    if "\x00" in text:
        raise ValidationError(_("Filen er ikke en tekstfil. Lagre listen som CSV, og last opp den filen."))
    return text, warnings


def _lines(text: str) -> Iterator[RosterLine]:
    rows = [(number, line) for number, line in enumerate(NEW_LINE.split(text), 1) if line.strip()]
    if rows and rows[0][1].strip().lower().startswith("sep="):
        rows = rows[1:]
    separator = _separator(rows[0][1]) if rows else ";"
    header = _header(_cells(rows[0][1][:MOST_SIGNS], separator)) if rows else {}
    if header:
        rows = rows[1:]
    if len(rows) > MOST_LINES:
        raise ValidationError(_("Listen har %(count)s linjer. Den kan ha høyst 500.") % {"count": len(rows)})
    for number, line in rows:
        # Each line alone: a quotation mark that nobody closed spoils one line and not the rest.
        yield _line(number, line, header, separator)


def _separator(line: str) -> str:
    outside = re.sub(r'"[^"]*"', "", line)
    return max(";\t,", key=outside.count)


def _cells(line: str, separator: str) -> list[str]:
    cells = next(csv.reader([line], delimiter=separator, skipinitialspace=True), [])
    return [" ".join(_printable(cell).split()) for cell in cells]


def _printable(text: str) -> str:
    return "".join(sign for sign in text if sign.isprintable() or sign == "\t")


def _header(cells: list[str]) -> dict[int, str]:
    """Which column is what, when these are the names of columns."""
    if any("@" in cell for cell in cells):
        return {}
    words = [re.sub(r"[^a-zæøå]", "", cell.lower()) for cell in cells]
    named = {place: what for place, word in enumerate(words) for what, names in COLUMNS.items() if word in names}
    return named if "email" in named.values() else {}


def _line(number: int, line: str, header: dict[int, str], separator: str) -> RosterLine:
    if len(line) > MOST_SIGNS:
        return RosterLine(number, line.strip()[:80], problem=_("Linjen er for lang."))
    if found := NAMED.fullmatch(line.strip()):
        name, email = (" ".join(_printable(part).split()) for part in found.groups())
        return RosterLine(number, email, name[:120])
    cells = _cells(line, separator if separator in line else _separator(line))
    kinds = header or _guessed(cells)
    parts: dict[str, list[str]] = {"email": [], "name": [], "position": []}
    for place, cell in enumerate(cells):
        if cell and place in kinds:
            parts[kinds[place]].append(cell)
    read = RosterLine(number, " ".join(parts["email"]), " ".join(parts["name"])[:120])
    if not read.email:
        read.email, read.name = " ".join(filter(None, cells))[:80], ""
        read.problem = _("Linjen har ingen e-postadresse.")
    elif said := "".join(parts["position"]):
        percent = PERCENT.match(said)
        read.position = int(percent[1]) if percent else 0
    return read


def _guessed(cells: list[str]) -> dict[int, str]:
    kinds = {}
    for place, cell in enumerate(cells):
        kinds[place] = "email" if "@" in cell else "position" if PERCENT.match(cell) else "name"
    return kinds


def check(roster: Roster, group: LearningGroup) -> Roster:
    """Says at each line what keeps it from being sent to `group`: not an address, twice in the list, there already.

    A few queries, however many lines.
    """
    seen: dict[str, int] = {}
    for line in roster.lines:
        line.problem = line.problem or _wrong_by_itself(line, group, seen)
    addresses = [line.email for line in roster.right]
    members, invited = members_with(group, addresses), _invited(group, addresses)
    mentors = {group.mentor.email.lower()} if group.mentor else set()
    for line in roster.right:
        if line.email in members:
            line.problem = _("%(name)s er allerede med.") % {"name": members[line.email].member.name}
        elif line.email in mentors:
            line.problem = _("Dette er mentoren for gruppen.")
        else:
            line.problem = invited.get(line.email, "")
    return roster


def _wrong_by_itself(line: RosterLine, group: LearningGroup, seen: dict[str, int]) -> str:
    try:
        line.email = address_of(line.email)
    except ValidationError as refusal:
        return refusal.messages[0]
    if line.email in seen:
        return _("Adressen står også på linje %(number)s.") % {"number": seen[line.email]}
    seen[line.email] = line.number
    if group.package.expected_position is None:
        line.position = None
    elif line.position is not None and not 1 <= line.position <= 100:
        return _("Stillingen må være et helt tall fra 1 til 100.")
    return ""


def _invited(group: LearningGroup, addresses: Iterable[str]) -> dict[str, str]:
    words = {}
    for invitation in group.invitations.filter(email__in=list(addresses)):
        if invitation.accepted_at:
            words[invitation.email] = _("Invitasjonen er tatt imot før. Inviter på nytt under «Tidligere deltakere».")
        elif invitation.withdrawn_at:
            words[invitation.email] = _("Invitasjonen er trukket tilbake. Du kan sende den på nytt fra deltakersiden.")
        else:
            words[invitation.email] = _("Er allerede invitert.")
    return words


def send(roster: Roster, group: LearningGroup, by: Any) -> int:
    """Invites everybody on the right lines, all or nobody. Returns how many were invited.

    Raises ValidationError when `by` does not decide who is in the group.
    """
    check_decides(group, by)
    with transaction.atomic():
        for line in check(roster, group).right:
            invite(group, line.email, line.name, by=by, position_percent=line.position)
    return len(roster.right)


def sent_words(count: int) -> str:
    """How many of a list were invited, as a sentence for who sent it."""
    if not count:
        return _("Ingen nye ble invitert. Alle på listen er invitert fra før.")
    return ngettext("%(count)s invitasjon er sendt.", "%(count)s invitasjoner er sendt.", count) % {"count": count}
