"""Who leads a workplace: given by an administrator, confirmed by the workplace itself, ended at any time."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from lms.workplaces.mailing import address_of_page, send_mail
from lms.workplaces.models import Leadership, Workplace, WorkplaceEvent

Kind: Any = WorkplaceEvent.Kind
ANSWER_WITHIN = timedelta(days=30)


def addresses_of(person: Any) -> set[str]:
    """Every address of a person in lower case, those only claimed too."""
    claimed = person.emailaddress_set.values_list("email", flat=True)
    return {person.email.lower(), *(email.lower() for email in claimed)}


def give_leadership(workplace: Workplace, person: Any, confirm_email: str, by: Any) -> Leadership:
    """Makes `person` the leader of `workplace` once the workplace has confirmed it, and asks it by mail.

    Twice makes one. Raises ValidationError when the address is one of the person's own or the account is shut.
    """
    confirm_email = confirm_email.strip().lower()
    if not person.is_active:
        raise ValidationError(_("Denne kontoen er stengt."))
    if confirm_email in addresses_of(person):
        raise ValidationError(_("Dette er lederens egen adresse. Spør en annen på arbeidsplassen."))
    now = timezone.now()
    try:
        with transaction.atomic():
            found = Leadership.objects.create(
                workplace=workplace, person=person, given_by=by, confirm_email=confirm_email, asked_at=now
            )
            WorkplaceEvent.objects.create(workplace=workplace, kind=Kind.LEADER_GIVEN, by=by)
            _ask(found)
    except IntegrityError:
        found = Leadership.objects.get(workplace=workplace, person=person, ended_at=None)
    return found


def ask_again(leadership: Leadership) -> bool:
    """Asks the workplace once more, at most once a day; False when today's mail is sent.

    Raises ValidationError when it is answered or ended.
    """
    if leadership.confirmed_at or leadership.ended_at:
        raise ValidationError(_("Arbeidsplassen har svart."))
    if timezone.localdate(leadership.asked_at) == timezone.localdate():
        return False
    before, leadership.asked_at = leadership.asked_at, timezone.now()
    with transaction.atomic():
        waiting = Leadership.objects.filter(pk=leadership.pk, asked_at=before, confirmed_at=None, ended_at=None)
        if not waiting.update(asked_at=leadership.asked_at):
            return False
        _ask(leadership)
    return True


def question_of(token: str) -> Leadership | None:
    """What the workplace was asked under this secret; None when there is no such, it is ended or too old."""
    found = Leadership.objects.filter(token=token, ended_at=None).select_related("workplace", "person", "given_by")
    leadership = found.first()
    return None if leadership and has_lapsed(leadership) else leadership


def has_lapsed(leadership: Leadership) -> bool:
    """Whether the workplace let the time pass without an answer; it may be asked again."""
    return leadership.confirmed_at is None and leadership.asked_at < timezone.now() - ANSWER_WITHIN


def confirm(leadership: Leadership, by: Any = None) -> None:
    """The workplace says that the person leads it. Harmless twice.

    Raises ValidationError when the leader themselves (`by`) answers for the workplace.
    """
    if by is not None and by.pk == leadership.person_id:
        raise ValidationError(_("Du kan ikke bekrefte deg selv. Be en annen på arbeidsplassen om det."))
    with transaction.atomic():
        waiting = Leadership.objects.filter(pk=leadership.pk, confirmed_at=None, ended_at=None)
        if waiting.update(confirmed_at=timezone.now()):
            WorkplaceEvent.objects.create(workplace=leadership.workplace, kind=Kind.LEADER_CONFIRMED)
            _tell_confirmed(leadership)
    leadership.refresh_from_db(fields=["confirmed_at"])


def refuse(leadership: Leadership) -> None:
    """The workplace says that the person does not lead it, at once or later. Takes effect at once; harmless twice."""
    now = timezone.now()
    with transaction.atomic():
        standing = Leadership.objects.filter(pk=leadership.pk, ended_at=None)
        if standing.update(refused_at=now, ended_at=now):
            WorkplaceEvent.objects.create(workplace=leadership.workplace, kind=Kind.LEADER_REFUSED)
            _tell_refused(leadership)


def end_leadership(leadership: Leadership, by: Any) -> None:
    """Takes the role away. Takes effect with the leader's next request; harmless twice."""
    with transaction.atomic():
        standing = Leadership.objects.filter(pk=leadership.pk, ended_at=None)
        if standing.update(ended_at=timezone.now(), ended_by=by):
            WorkplaceEvent.objects.create(workplace=leadership.workplace, kind=Kind.LEADER_ENDED, by=by)


def _ask(leadership: Leadership) -> None:
    words = {"leader": leadership.person.name, "workplace": leadership.workplace.name}
    with translation.override(settings.LANGUAGE_CODE):
        send_mail(
            leadership.confirm_email,
            _("Leder %(leader)s arbeidsplassen?") % words,
            [
                _("%(leader)s er registrert som leder for %(workplace)s i Refleks.") % words,
                _(
                    "En leder kan be ansatte ta kurs, og ser om de har begynt og fullført, men bare hos dem som selv "
                    "sier ja til det. Før dere bekrefter, ser lederen ingenting."
                ),
                _("Svar innen 30 dager. Svarer dere ikke, skjer det ingenting."),
            ],
            (_("Se og svar"), address_of_page("confirm_leader", leadership.token)),
            key=f"leader:{leadership.pk}:asked:{timezone.localdate(leadership.asked_at)}",
        )


def _tell_confirmed(leadership: Leadership) -> None:
    person = leadership.person
    if not person.is_active:
        return
    words = {"workplace": leadership.workplace.name}
    with translation.override(settings.LANGUAGE_CODE):
        send_mail(
            person.email,
            _("Du kan nå be ansatte ta kurs"),
            [
                _("%(workplace)s har bekreftet at du leder arbeidsplassen.") % words,
                _("Sett kurset og fristen først. Inviter så de ansatte med en liste."),
            ],
            (_("Gå til arbeidsplassen"), address_of_page("workplace", leadership.workplace_id)),
            key=f"{person.public_id}:leader-confirmed:{leadership.pk}",
            name=person.name,
        )


def _tell_refused(leadership: Leadership) -> None:
    giver = leadership.given_by
    if not giver.is_active:
        return
    words = {"workplace": leadership.workplace.name, "leader": leadership.person.name}
    with translation.override(settings.LANGUAGE_CODE):
        send_mail(
            giver.email,
            _("En arbeidsplass sa nei til en leder"),
            [_("%(workplace)s sier at %(leader)s ikke leder arbeidsplassen. Rollen er avsluttet.") % words],
            (_("Åpne redaksjonen"), settings.SITE_URL + "/cms/"),
            key=f"{giver.public_id}:leader-refused:{leadership.pk}",
            name=giver.name,
        )
