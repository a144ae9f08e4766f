"""Takes waiting mails, sends each once, and tries again later when that fails (R4, R5, B14)."""

import email
import logging
import random
import smtplib
from datetime import timedelta
from email import policy
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db import models
from django.utils import timezone

from lms.outbox.models import OutgoingMail

log = logging.getLogger("refleks.outbox")
MAX_TRIES = 8
STUCK_AFTER = timedelta(minutes=15)
# Mails with such a key leave no row behind: the goodbye to somebody whose address is not to be kept (P10).
FORGET = "forget:"


def send_waiting(limit: int = 200) -> int:
    """Sends what is due, oldest first, and returns how many went. Two at the same time do no harm."""
    free_stuck()
    sent = 0
    waiting = OutgoingMail.objects.filter(state=OutgoingMail.State.WAITING, due_at__lte=timezone.now())
    for pk in list(waiting.order_by("due_at").values_list("pk", flat=True)[:limit]):
        sent += _send_one(pk)
    return sent


def free_stuck() -> int:
    """Gives mails back that a sender took and died with."""
    stuck = OutgoingMail.objects.filter(state=OutgoingMail.State.SENDING, due_at__lte=timezone.now() - STUCK_AFTER)
    return stuck.update(state=OutgoingMail.State.WAITING)


def retry_failed(pks: list[int]) -> int:
    """Lets failed mails try again; returns how many."""
    failed = OutgoingMail.objects.filter(pk__in=pks, state=OutgoingMail.State.FAILED)
    return failed.update(state=OutgoingMail.State.WAITING, tries=0, due_at=timezone.now(), error="")


def forget_old() -> int:
    """Deletes rows older than MAIL_LOG_DAYS days (P8); returns how many."""
    before = timezone.now() - timedelta(days=settings.MAIL_LOG_DAYS)
    count, _by_model = OutgoingMail.objects.filter(
        created_at__lt=before, state__in=[OutgoingMail.State.SENT, OutgoingMail.State.FAILED]
    ).delete()
    return count


def _send_one(pk: int) -> bool:
    # The conditional update is the claim: whoever changes the row has it, and only they send.
    claimed = OutgoingMail.objects.filter(pk=pk, state=OutgoingMail.State.WAITING).update(
        state=OutgoingMail.State.SENDING, due_at=timezone.now(), tries=models.F("tries") + 1
    )
    if not claimed:
        return False
    mail = OutgoingMail.objects.get(pk=pk)
    try:
        _deliver(mail)
    except (OSError, smtplib.SMTPException) as error:
        _put_back(mail, error)
        return False
    if (mail.key or "").startswith(FORGET):
        mail.delete()
        return True
    kept = mail.message if settings.DEMO else ""
    OutgoingMail.objects.filter(pk=pk).update(
        state=OutgoingMail.State.SENT, sent_at=timezone.now(), message=kept, error=""
    )
    return True


def _put_back(mail: OutgoingMail, error: Exception) -> None:
    permanent = isinstance(error, smtplib.SMTPRecipientsRefused) or mail.tries >= MAX_TRIES
    wait = timedelta(seconds=30 * 2**mail.tries * random.uniform(0.7, 1.3))  # noqa: S311 - jitter, no secret
    log.warning("mail %s failed (%s), try %s", mail.pk, type(error).__name__, mail.tries)
    if permanent and (mail.key or "").startswith(FORGET):
        mail.delete()
        return
    OutgoingMail.objects.filter(pk=mail.pk).update(
        state=OutgoingMail.State.FAILED if permanent else OutgoingMail.State.WAITING,
        due_at=timezone.now() + wait,
        error=type(error).__name__,
    )


def _deliver(mail: OutgoingMail) -> None:
    if settings.SMTP_URL:
        _deliver_by_smtp(mail)
    else:
        folder = Path(settings.OUTBOX_DELIVERY["file_path"])
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{mail.pk:08d}.eml").write_text(mail.message)


def _deliver_by_smtp(mail: OutgoingMail) -> None:
    """`smtp://user:password@host:port`, or `smtps://` for TLS from the start; STARTTLS where it is offered."""
    server = urlsplit(settings.SMTP_URL)
    kind = smtplib.SMTP_SSL if server.scheme == "smtps" else smtplib.SMTP
    message = email.message_from_bytes(mail.message.encode(), policy=policy.SMTP)
    with kind(server.hostname or "localhost", server.port or 0, timeout=20) as smtp:
        smtp.ehlo()
        if server.scheme == "smtp" and smtp.has_extn("starttls"):
            smtp.starttls()
        if server.username:
            smtp.login(unquote(server.username), unquote(server.password or ""))
        smtp.send_message(message)
