"""A workplace asks for a group, and administrators answer. Every change is an event; nothing is lost (R070-R073).

Whoever holds two rows locks them in this order: application, round, group.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mentoring import application_mail, groups, rounds
from mentoring.models import Application, ApplicationEvent, LearningGroup, Package, Round

Status: Any = Application.Status
UNDECIDED = (Status.APPLIED, Status.WAITING)
NEXT: dict[str, set[str]] = {
    Status.APPLIED: {Status.WAITING, Status.OFFERED, Status.OTHER_OFFER, Status.REFUSED, Status.WITHDRAWN},
    Status.WAITING: {Status.OFFERED, Status.OTHER_OFFER, Status.REFUSED, Status.WITHDRAWN},
    Status.OFFERED: {Status.COMPLETED, Status.TRANSFERRED, Status.WITHDRAWN},
}
# What the workplace tells, and may change until there is an answer.
FACTS = ("workplace", "kind", "municipality", "expected_size", "phone", "wishes")
SMALLEST, LARGEST = 2, 500
MOST_AT_ONCE, MOST_A_DAY = 10, 20


def apply(
    contact: Any, package: Package, facts: Mapping[str, Any], of: Round | None = None
) -> tuple[Application, bool]:
    """Sends `contact`'s application with `facts` (see `FACTS`), and whether it is new.

    The same person and workplace have one undecided application to a package: a second post, at once or later,
    gives the first one back (D16). `of` chooses among several open rounds. Raises ValidationError when the package
    takes no applications now, the size cannot be right, or the person has ten applications without an answer or
    twenty of the last day.
    """
    _refuse_nonsense(facts)
    if there := _undecided(contact, package, facts["workplace"]):
        return there, False
    chosen = _open_round(package, of)
    if contact.applications.filter(status__in=UNDECIDED).count() >= MOST_AT_ONCE:
        raise ValidationError(_("Du har allerede ti søknader som venter på svar. Vent til noen av dem er avgjort."))
    if contact.applications.filter(created_at__gt=timezone.now() - timedelta(days=1)).count() >= MOST_A_DAY:
        raise ValidationError(_("Du har sendt tjue søknader det siste døgnet. Vent til i morgen med den neste."))
    try:
        with transaction.atomic():
            values = {name: facts[name] for name in FACTS}
            application = Application.objects.create(contact=contact, package=package, round=chosen, **values)
            _record(application, Status.APPLIED, contact)
            application_mail.tell_contact(application)
            application_mail.tell_deciders(application)
    except IntegrityError:
        # Somebody pressed twice: the database let one through.
        if there := _undecided(contact, package, facts["workplace"]):
            return there, False
        raise
    return application, True


def change(application: Application, by: Any, facts: Mapping[str, Any]) -> Application:
    """Puts right what the workplace told, until there is an answer; the waiting list is none. The history says what.

    Raises ValidationError when there is an answer, or another application of the same workplace.
    """
    _refuse_nonsense(facts)
    with transaction.atomic():
        row = _locked(application)
        if row.status not in UNDECIDED:
            raise ValidationError(_("Søknaden er behandlet og kan ikke endres. Ta kontakt med senteret."))
        changed = [name for name in FACTS if getattr(row, name) != facts[name]]
        if not changed:
            return row
        other = _undecided(row.contact, row.package, facts["workplace"])
        if other and other.pk != row.pk:
            raise ValidationError(_("Dere har allerede en annen søknad med dette navnet."))
        for name in changed:
            setattr(row, name, facts[name])
        row.save(update_fields=changed)
        labels = ", ".join(str(Application._meta.get_field(name).verbose_name) for name in changed)
        row.events.create(status=row.status, by=by, reason=_("Endret: %(what)s.") % {"what": labels})
    return row


def offer(
    application: Application,
    by: Any,
    *,
    mentor: Any = None,
    name: str = "",
    of: Round | None = None,
    reason: str = "",
) -> Application:
    """Gives the workplace a place: a planned group with its contact person, and a mail that says what to do next.

    `of` is the round whose place it takes, else the application's own. Raises ValidationError when the round is
    full (R073), the mentor may not lead the package, or the application is decided.
    """
    with transaction.atomic():
        row = _locked(application, Status.OFFERED)
        chosen = of or row.round
        if not row.contact.is_active:
            raise ValidationError(_("Kontaktpersonen har slettet kontoen sin. Søknaden kan bare avslås eller trekkes."))
        _take_place(chosen, row.package)
        group = groups.create_group(
            by=by,
            name=name or row.workplace,
            kind=row.kind,
            package=row.package,
            mentor=mentor,
            contact=row.contact,
            workplace="" if row.package.is_for_relatives else row.workplace,
            municipality=row.municipality,
        )
        return _move(row, Status.OFFERED, by, reason, group=group, round=chosen)


def put_on_waiting_list(application: Application, by: Any, reason: str = "") -> Application:
    """Keeps the application until there is a place. Raises ValidationError when it is decided."""
    with transaction.atomic():
        return _move(_locked(application, Status.WAITING), Status.WAITING, by, reason)


def other_offer(application: Application, by: Any, reason: str) -> Application:
    """Answers with something else than this package, said in `reason`. Raises ValidationError when it is decided."""
    with transaction.atomic():
        return _move(_locked(application, Status.OTHER_OFFER), Status.OTHER_OFFER, by, _said(reason))


def refuse(application: Application, by: Any, reason: str) -> Application:
    """Refuses, with a reason that the contact person reads (R072). Raises ValidationError without one."""
    with transaction.atomic():
        return _move(_locked(application, Status.REFUSED), Status.REFUSED, by, _said(reason))


def withdraw(application: Application, by: Any, reason: str) -> Application:
    """Takes the application back, with a reason (R072); a group that has not begun is called off.

    Raises ValidationError without a reason, or when the group has begun.
    """
    with transaction.atomic():
        row = _locked(application, Status.WITHDRAWN)
        reason = _said(reason)
        group = _locked_group(row)
        if group and group.status == LearningGroup.Status.PLANNED:
            groups.cancel_group(group, by)
        elif group and group.status != LearningGroup.Status.CANCELLED:
            raise ValidationError(_("Gruppen er i gang, så søknaden kan ikke trekkes. Ta kontakt med senteret."))
        return _move(row, Status.WITHDRAWN, by, reason)


def transfer(application: Application, by: Any, to: Round, reason: str = "") -> Application:
    """Moves an offer to a later round, and its planned group with it. Returns the application in that round.

    Where `to` is full, the workplace waits there and the group is called off. Raises ValidationError when the group
    has begun, or `to` is the same round or another package's.
    """
    with transaction.atomic():
        row = _locked(application, Status.TRANSFERRED)
        if to.package_id != row.package_id or to.pk == row.round_id:
            raise ValidationError(_("Velg en annen runde av den samme pakken."))
        to = Round.objects.select_for_update().get(pk=to.pk)
        group = _locked_group(row)
        if group and group.status != LearningGroup.Status.PLANNED:
            raise ValidationError(_("Bare en gruppe som ikke har startet, kan flyttes."))
        where = _("Flyttet til %(round)s.") % {"round": to.name}
        _move(row, Status.TRANSFERRED, by, f"{where} {reason}".strip(), tell=False, group=None)
        later = Application(package=row.package, round=to, contact=row.contact)
        for name in FACTS:
            setattr(later, name, getattr(row, name))
        later.save()
        later.events.create(status=Status.APPLIED, by=by, reason=_("Flyttet hit fra en tidligere runde."))
        if rounds.free_places(to) > 0:
            return _move(later, Status.OFFERED, by, where, group=group)
        if group:
            groups.cancel_group(group, by)
        return _move(later, Status.WAITING, by, where)


def complete_group(group: LearningGroup, by: Any) -> None:
    """Completes a group, and with it the application it came from. Raises ValidationError as `groups` does."""
    with transaction.atomic():
        offered = list(Application.objects.select_for_update().filter(group=group, status=Status.OFFERED))
        groups.complete_group(group, by)
        for application in offered:
            settle(application)


def settle(application: Application) -> bool:
    """Completes an offer whose group is completed, and returns whether it did. May run twice without harm."""
    with transaction.atomic():
        row = _locked(application)
        group = row.group
        if row.status != Status.OFFERED or not group or group.status != LearningGroup.Status.COMPLETED:
            return False
        _move(row, Status.COMPLETED, None)
    return True


def settle_all() -> int:
    """Completes every offer whose group is completed; returns how many."""
    done = Application.objects.filter(status=Status.OFFERED, group__status=LearningGroup.Status.COMPLETED)
    return sum(settle(application) for application in done)


def _refuse_nonsense(facts: Mapping[str, Any]) -> None:
    if not SMALLEST <= facts["expected_size"] <= LARGEST:
        raise ValidationError(_("En gruppe er fra to til fem hundre personer."))


def _undecided(contact: Any, package: Package, workplace: str) -> Application | None:
    waiting = Application.objects.filter(contact=contact, package=package, status__in=UNDECIDED)
    return waiting.filter(workplace__iexact=workplace).first()


def _open_round(package: Package, wanted: Round | None) -> Round | None:
    """The round an application goes into; None for a package without rounds, which takes applications always."""
    going = rounds.open_rounds(package)
    if not package.is_open or (not going and package.rounds.exists()):
        raise ValidationError(_("Pakken tar ikke imot søknader akkurat nå."))
    if wanted and wanted not in going:
        raise ValidationError(_("Runden tar ikke imot søknader akkurat nå. Velg en annen."))
    return wanted or (going[0] if going else None)


def _take_place(of: Round | None, package: Package) -> None:
    if of is None:
        return
    # The row lock: two administrators who give the last place at once come one after the other (R073).
    of = Round.objects.select_for_update().get(pk=of.pk)
    if of.package_id != package.pk:
        raise ValidationError(_("Runden hører til en annen pakke."))
    if rounds.free_places(of) < 1:
        raise ValidationError(
            _("Alle %(places)s plassene i runden %(round)s er gitt bort. Sett søknaden på venteliste.")
            % {"places": of.places, "round": of.name}
        )


def _said(reason: str) -> str:
    if not reason.strip():
        raise ValidationError(_("Skriv en begrunnelse."))
    return reason.strip()


def _locked(application: Application, then: str = "") -> Application:
    """The row, locked. Raises ValidationError when it cannot become `then` from what it is (R070)."""
    row = Application.objects.select_for_update().get(pk=application.pk)
    if then == row.status:
        raise ValidationError(_("Søknaden er allerede «%(status)s».") % {"status": row.get_status_display()})
    if then and then not in NEXT.get(row.status, set()):
        raise ValidationError(
            _("Søknaden er «%(now)s» og kan ikke bli «%(then)s».")
            % {"now": row.get_status_display(), "then": Status(then).label}
        )
    return row


def _locked_group(row: Application) -> LearningGroup | None:
    # So that it does not begin while it is called off or moved.
    return LearningGroup.objects.select_for_update().filter(pk=row.group_id).first() if row.group_id else None


def _move(
    row: Application, status: str, by: Any, reason: str = "", *, tell: bool = True, **changes: Any
) -> Application:
    """Writes the change and what happened, and tells the contact person, in the caller's transaction."""
    row.status = status
    for name, value in changes.items():
        setattr(row, name, value)
    row.save(update_fields=["status", *changes])
    _record(row, status, by, reason)
    if tell:
        application_mail.tell_contact(row, reason)
    return row


def _record(application: Application, status: str, by: Any, reason: str = "") -> None:
    ApplicationEvent.objects.create(application=application, status=status, by=by, reason=reason)
