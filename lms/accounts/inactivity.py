"""Accounts that nobody has used for 24 months: two notices by mail, then erasure (P8).

The first notice comes 30 days before, the second 7 days before. When they come late, the time after them is the same,
so nobody is erased without both. Signing in ends it, and it begins anew from there.
"""

from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from certificates.models import Certificate
from lms.accounts.erasure import erase_person
from lms.accounts.models import InactivityNotice, User
from lms.accounts.retention import TWO_YEARS, log
from lms.outbox.backend import KEY_HEADER
from mentoring.models import LearningGroup, Membership

FIRST_BEFORE, SECOND_BEFORE = timedelta(days=30), timedelta(days=7)
PORTION = 500


def inactive_since(moment: datetime) -> QuerySet[User]:
    """Those who have not been signed in since `moment`, and whom nobody waits for: no staff, nobody in a group."""
    running = [LearningGroup.Status.PLANNED, LearningGroup.Status.STARTED]
    person = OuterRef("pk")
    return User.objects.filter(
        Q(last_login__lt=moment) | Q(last_login=None, date_joined__lt=moment),
        ~Exists(UserSession.objects.filter(user=person)),
        ~Exists(LearningGroup.objects.filter(mentor=person, status__in=running)),
        ~Exists(Membership.objects.filter(member=person, left_at=None, group__status__in=running)),
        is_active=True,
        is_staff=False,
        is_superuser=False,
        erased_at=None,
    )


def give_notice(now: datetime) -> int:
    """Writes the mails that are due at `now`, each once, and forgets notices of those who came back. How many mails."""
    there = inactive_since(now - TWO_YEARS + FIRST_BEFORE)
    InactivityNotice.objects.exclude(person__in=there.values("pk")).delete()
    given = 0
    for person in there.filter(inactivity_notice=None).order_by("pk")[:PORTION]:
        with transaction.atomic():
            notice, created = InactivityNotice.objects.get_or_create(person=person, defaults={"first_at": now})
            if created:
                _tell(person, "first", now + FIRST_BEFORE)
                given += 1
    again = InactivityNotice.objects.filter(second_at=None, first_at__lte=now - (FIRST_BEFORE - SECOND_BEFORE))
    for notice in again.select_related("person").order_by("pk")[:PORTION]:
        with transaction.atomic():
            if InactivityNotice.objects.filter(pk=notice.pk, second_at=None).update(second_at=now):
                _tell(notice.person, "second", now + SECOND_BEFORE)
                given += 1
    log.info("told %s people that their account is not in use", given)
    return given


def due_for_erasure(now: datetime) -> QuerySet[User]:
    """Those who have had both notices and did not come back."""
    return inactive_since(now - TWO_YEARS).filter(inactivity_notice__second_at__lte=now - SECOND_BEFORE)


def erase_inactive(pk: int, now: datetime) -> bool:
    """Erases the person when they are still due; certificates go on being checked. Whether they were erased."""
    with transaction.atomic():
        # Locked first: whoever signs in at this moment keeps the account.
        person = User.objects.select_for_update().filter(pk=pk).first()
        if person is None or not due_for_erasure(now).filter(pk=pk).exists():
            return False
        try:
            erase_person(person, keep_certificates=True)
        except ValidationError:
            return False
    log.info("erased 1 account that was not in use")
    return True


def _tell(person: User, which: str, day: datetime) -> None:
    with translation.override(settings.LANGUAGE_CODE):
        context = {
            "day": date_format(timezone.localtime(day), "j. F Y"),
            "url": settings.SITE_URL + reverse("account_login"),
            "has_certificates": Certificate.objects.filter(learner=person, erased_at=None).exists(),
        }
        since = person.last_login or person.date_joined
        headers = {KEY_HEADER: f"inactive:{person.pk}:{which}:{since:%Y-%m-%d}"}
        text = render_to_string("accounts/mail/inactive.txt", context)
        subject = _("Vil du beholde kontoen din i Refleks?")
        EmailMessage(subject, text, to=[person.email], headers=headers).send()
