"""How long rows about people are kept, by the clock: what `personal-data.toml` promises of sessions, logs and accounts.

Rows go in small portions, so that nobody who writes waits long, and a run that dies is taken up by the next. Running
twice, or two runs at once, changes nothing. Each run says in the log how many rows went, and of which table (P7, P8).
"""

import logging
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef, ProtectedError, QuerySet

from lms.accounts.models import User

log = logging.getLogger("refleks.retention")
PORTION = 500
# Two years and a day: months are of unlike length, and nothing goes before it is 24 months old.
TWO_YEARS = timedelta(days=731)
UNCONFIRMED_KEPT = timedelta(days=30)
# A sign-in that is just under way may have its two rows written one after the other.
SIGN_IN_TAKES = timedelta(hours=1)
# Model, the field that says how old a row is, and how old it may become. Some stand above this app.
KEPT_FOR = [
    ("sessions.Session", "expire_date", timedelta(0)),
    ("wagtailadmin.EditingSession", "last_seen_at", timedelta(days=1)),
    ("wagtailcore.ModelLogEntry", "timestamp", TWO_YEARS),
    ("mentoring.GlassBreak", "asked_at", TWO_YEARS),
    ("reports.ReportReading", "at", TWO_YEARS),
]


def forget_expired(now: datetime) -> dict[str, int]:
    """Deletes what has been kept long enough at `now`; model label to the number of rows."""
    gone = {label: _delete(_older(label, field, now - kept)) for label, field, kept in KEPT_FOR}
    gone["usersessions.UserSession"] = _delete(ended_sign_ins(now))
    gone["accounts.User"] = _delete_people(never_confirmed(now))
    for label, count in gone.items():
        log.info("forgot %s rows of %s", count, label)
    return gone


def ended_sign_ins(now: datetime) -> QuerySet[UserSession]:
    """Where and with which browser somebody was signed in whose session is gone."""
    there = Session.objects.filter(session_key=OuterRef("session_key"))
    return UserSession.objects.filter(~Exists(there), created_at__lt=now - SIGN_IN_TAKES)


def never_confirmed(now: datetime) -> QuerySet[User]:
    """Accounts that somebody made for an address and never showed to be theirs, 30 days ago: nobody was ever in."""
    addresses = EmailAddress.objects.filter(user=OuterRef("pk"))
    return User.objects.filter(
        Exists(addresses),
        ~Exists(addresses.filter(verified=True)),
        last_login=None,
        is_staff=False,
        is_superuser=False,
        erased_at=None,
        date_joined__lt=now - UNCONFIRMED_KEPT,
    )


def _older(label: str, field: str, moment: datetime) -> QuerySet:
    return apps.get_model(label)._default_manager.filter(**{f"{field}__lt": moment})


def _delete(rows: QuerySet) -> int:
    gone = 0
    while portion := list(rows.order_by("pk").values_list("pk", flat=True)[:PORTION]):
        # The condition once more: a row may have been renewed since it was looked at.
        count = rows.filter(pk__in=portion).delete()[1].get(rows.model._meta.label, 0)
        gone += count
        if not count:
            break
    return gone


def _delete_people(people: QuerySet[User]) -> int:
    gone = 0
    for pk in list(people.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            # Locked alone: the address may be confirmed in this moment.
            person = User.objects.select_for_update().filter(pk=pk).first()
            if person is None or not people.filter(pk=pk).exists():
                continue
            try:
                gone += bool(person.delete()[0])
            except ProtectedError:
                # Somebody counts on the account after all.
                log.warning("an account that was never confirmed is in use")
    return gone
