"""The list of a group as a file for its mentor: who is in it and how far they are, never what anybody wrote (P7)."""

from collections.abc import Iterator
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from mentoring.following import members_of
from mentoring.models import GroupEvent, LearningGroup, Membership
from mentoring.onward import cases_of
from mentoring.spreadsheet import dated_name, rows_file


def list_file(group: LearningGroup, kind: str, by: Any) -> bytes:
    """The file, "csv" or "xlsx". Writes first that `by` took it out (P7)."""
    GroupEvent.objects.create(group=group, kind=GroupEvent.Kind.EXPORT, by=by, detail=kind)
    return rows_file(list(rows_of(group)), kind, _("Deltakere"))


def file_name(group: LearningGroup, kind: str) -> str:
    """For instance gruppeliste-solbakken-barnehage-2026-11-22.csv."""
    return dated_name("gruppeliste", group.name, kind)


def rows_of(group: LearningGroup) -> Iterator[list[Any]]:
    """The head and a row for each present member. The number of queries does not grow with them."""
    counts_position = group.package.expected_position is not None
    head = [_("Navn"), _("E-post"), *([_("Stilling i prosent")] if counts_position else [])]
    yield [
        *head,
        _("Ble med"),
        _("Bekreftet taushet"),
        _("Moduler ferdig"),
        _("Moduler i alt"),
        _("Møter"),
        _("Møter i alt"),
        _("Notat levert"),
    ]
    members = members_of([group])
    cases = cases_of(members)
    for membership in members:
        person = [membership.member.name, membership.member.email]
        position = [membership.position_percent] if counts_position else []
        yield [*person, *position, *_standing(membership, cases[membership.pk])]


def _standing(membership: Membership, case: Any) -> list[Any]:
    confirmed = membership.confirmed_at
    return [
        timezone.localdate(membership.joined_at),
        timezone.localdate(confirmed) if confirmed else _("nei"),
        sum(stone.state == "done" for stone in case.path),
        len(case.path),
        case.meetings.counted,
        len(case.meetings.every),
        _note_word(case.notes),
    ]


def _note_word(notes: Any) -> str:
    if not notes.required:
        return ""
    return _("nei") if notes.missing else _("ja")
