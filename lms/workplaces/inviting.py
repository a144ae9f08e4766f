"""Asking employees by list: what is wrong with each line, the mail with the secret address, and asking again."""

import hashlib
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from lms.workplaces.mailing import address_of_page, send_mail
from lms.workplaces.models import Employee, Workplace, WorkplaceEvent, new_token
from mentoring.invitations import A_NAME, address_of
from mentoring.rosters import Roster, RosterLine

Kind: Any = WorkplaceEvent.Kind
MOST_EMPLOYEES = 5000
# Mails to people who may have nothing to do with Refleks: no leader sends more of them in a day and a night.
MOST_A_DAY = 1000
AGAIN_AFTER = timedelta(days=7)
KEPT_AFTER_REMOVAL = timedelta(days=90)
KEPT_UNANSWERED = timedelta(days=365)


def check(roster: Roster, workplace: Workplace) -> Roster:
    """Says at each line what keeps somebody from being asked by it. Two queries, however many lines.

    Whether an address has an account here is asked by nobody: a leader cannot find that out (S11).
    """
    seen: dict[str, int] = {}
    for line in roster.lines:
        line.position = None
        line.problem = line.problem or _wrong_by_itself(line, seen)
    there = workplace.employees.filter(email__in=[line.email for line in roster.right])
    known = {employee.email: employee for employee in there}
    for line in roster.right:
        line.problem = _why_not_again(known.get(line.email))
    return roster


def _wrong_by_itself(line: RosterLine, seen: dict[str, int]) -> str:
    try:
        line.email = address_of(line.email)
    except ValidationError as refusal:
        return refusal.messages[0]
    if line.email in seen:
        return _("Adressen står også på linje %(number)s.") % {"number": seen[line.email]}
    seen[line.email] = line.number
    return ""


def _why_not_again(employee: Employee | None) -> str:
    if employee is None:
        return ""
    if employee.declined_at:
        return _("Har svart at de ikke vil dele. Da spør vi ikke en gang til.")
    return "" if employee.removed_at else _("Står på listen fra før.")


def invite_all(roster: Roster, workplace: Workplace, by: Any) -> int:
    """Puts everybody on the right lines on the list and mails them, all or nobody. Returns how many.

    Raises ValidationError when the list would become too long, too many are asked in a day, or no course is asked for.
    """
    if not workplace.required_courses.filter(ended_at=None).exists():
        raise ValidationError(_("Sett et kurs på listen først, så de ansatte vet hva de blir spurt om."))
    with transaction.atomic():
        # The row lock makes two presses one list.
        Workplace.objects.select_for_update().get(pk=workplace.pk)
        right = check(roster, workplace).right
        if workplace.employees.count() + len(right) > MOST_EMPLOYEES:
            raise ValidationError(_("Listen kan ha høyst 5000 ansatte."))
        asked = workplace.employees.filter(invited_at__gt=timezone.now() - timedelta(days=1)).count()
        if asked + len(right) > MOST_A_DAY:
            raise ValidationError(_("Dere kan invitere høyst 1000 på ett døgn. Inviter resten i morgen."))
        for line in right:
            _invite(workplace, line, by)
        if right:
            WorkplaceEvent.objects.create(workplace=workplace, kind=Kind.INVITED, by=by, detail=str(len(right)))
    return len(right)


def _invite(workplace: Workplace, line: RosterLine, by: Any) -> None:
    now, name = timezone.now(), " ".join(line.name.split())[:120]
    employee = workplace.employees.filter(email=line.email).first()
    if employee is None:
        employee = Employee(workplace=workplace, email=line.email, invited_at=now)
        is_due = True
    else:
        # Somebody who was taken off comes back. What the last mail said still holds for some days.
        is_due = employee.invited_at < now - AGAIN_AFTER
        employee.token = new_token() if is_due else employee.token
        employee.invited_at = now if is_due else employee.invited_at
        employee.removed_at = employee.reminders_stopped_at = None
        employee.person = None
    employee.name, employee.added_by, employee.added_at = name or employee.name, by, now
    employee.save()
    if is_due:
        mail_invitation(employee, by)


def send_again(employee: Employee, by: Any) -> bool:
    """Mails somebody who has not answered once more, at most once a week; False before that.

    Raises ValidationError when they have answered or are off the list.
    """
    with transaction.atomic():
        locked = Employee.objects.select_for_update().select_related("workplace").get(pk=employee.pk)
        if locked.removed_at or locked.person_id or locked.declined_at:
            raise ValidationError(_("Invitasjonen er besvart."))
        if locked.invited_at > timezone.now() - AGAIN_AFTER:
            return False
        locked.invited_at = timezone.now()
        locked.save(update_fields=["invited_at"])
        mail_invitation(locked, by)
    return True


def question_behind(token: str) -> Employee | None:
    """The row of a list with this secret that no account has answered for; None when there is no such."""
    return Employee.objects.filter(token=token, person=None, removed_at=None).first()


def mail_invitation(employee: Employee, by: Any) -> None:
    """The mail: who asks, that one decides oneself, and nothing about which course it is."""
    workplace = employee.workplace
    words = {"leader": by.name, "workplace": workplace.name}
    token = hashlib.sha256(employee.token.encode()).hexdigest()[:8]
    with translation.override(settings.LANGUAGE_CODE):
        send_mail(
            employee.email,
            _("%(workplace)s ber deg ta et kurs") % words,
            [
                _("%(leader)s ved %(workplace)s ber deg ta et kurs i Refleks. Kurset er gratis.") % words,
                _(
                    "Du bestemmer selv om arbeidsplassen skal få se om du har begynt og fullført. "
                    "Det du skriver og svarer, ser de aldri."
                ),
                _(
                    "Har du ikke konto fra før, lager du en på veien. Du kan bruke den e-postadressen du vil. "
                    "Lenken er din: ikke send den videre."
                ),
            ],
            (_("Se hva det er, og svar"), address_of_page("answer_workplace", employee.token)),
            key=f"workplace-invitation:{employee.pk}:{timezone.localdate(employee.invited_at)}:{token}",
            name=employee.name if A_NAME.fullmatch(employee.name) else "",
        )


def forget_old(now: datetime) -> int:
    """Deletes rows 90 days after they were taken off a list, and a year after nobody answered. Returns how many."""
    removed = Q(removed_at__lt=now - KEPT_AFTER_REMOVAL)
    unanswered = Q(person=None, invited_at__lt=now - KEPT_UNANSWERED)
    old = Employee.objects.filter(removed | unanswered)
    count = old.count()
    old.delete()
    return count
