"""Takes waiting mails, sends each once, and tries again later when that fails (R4, R5, B14)."""

import email
import logging
import random
import smtplib
import time
from datetime import timedelta
from email import policy
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db import models
from django.utils import timezone

from lms.outbox.models import OutgoingMail

log = logging.getLogger("refleks.outbox")
# A server that is away or says "later" is waited for this long, as mail servers do among themselves.
PATIENCE = timedelta(days=2)
LONGEST_WAIT = 1800
# A mail that cannot be sent at all, or that kills who sends it, is given up after so many tries.
MAX_TRIES = 3
SWEEP_SECONDS = 120
# One word of the server may take 20 s. Just before a mail is handed over its claim is renewed, and from then on no
# more than four words are waited for: a claim older than this belongs to nobody.
SMTP_SECONDS = 20
STUCK_AFTER = timedelta(seconds=100)
# Mails with such a key leave no row behind: the goodbye to somebody whose address is not to be kept (P10).
FORGET = "forget:"


class ServerAway(Exception):
    """The mail server does not answer: no use in trying the next mail now."""


class LostClaim(Exception):
    """Somebody else took the mail meanwhile."""


def send_waiting(limit: int = 200) -> int:
    """Sends what is due, oldest first, and returns how many went. Two at the same time do no harm."""
    free_stuck()
    sent, started = 0, time.monotonic()
    waiting = OutgoingMail.objects.filter(state=OutgoingMail.State.WAITING, due_at__lte=timezone.now())
    for pk in list(waiting.order_by("due_at").values_list("pk", flat=True)[:limit]):
        if time.monotonic() - started > SWEEP_SECONDS:
            break
        try:
            sent += _send_one(pk)
        except ServerAway:
            break
    return sent


def free_stuck() -> int:
    """Gives mails back that a sender took and died with; returns how many."""
    stuck = OutgoingMail.objects.filter(state=OutgoingMail.State.SENDING, due_at__lte=timezone.now() - STUCK_AFTER)
    given_up = stuck.filter(tries__gte=MAX_TRIES).update(state=OutgoingMail.State.FAILED, error="died")
    if given_up:
        log.error("%s mails given up: who sent them died each time", given_up)
    return given_up + stuck.update(state=OutgoingMail.State.WAITING)


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
    except LostClaim:
        return False
    except Exception as error:
        # One mail's trouble stops no other.
        _put_back(mail, error)
        if _is_away(error):
            raise ServerAway from error
        return False
    if (mail.key or "").startswith(FORGET):
        mail.delete()
        return True
    kept = mail.message if settings.DEMO else ""
    _ours(mail).update(state=OutgoingMail.State.SENT, sent_at=timezone.now(), message=kept, error="")
    return True


def _put_back(mail: OutgoingMail, error: Exception) -> None:
    given_up = _is_final(error, mail)
    seconds = min(30 * 2**mail.tries, LONGEST_WAIT) * random.uniform(0.7, 1.3)  # noqa: S311 - jitter, no secret
    level = logging.ERROR if given_up else logging.WARNING
    log.log(level, "mail %s failed (%s), try %s", mail.pk, _named(error), mail.tries)
    if given_up and (mail.key or "").startswith(FORGET):
        mail.delete()
        return
    _ours(mail).update(
        state=OutgoingMail.State.FAILED if given_up else OutgoingMail.State.WAITING,
        due_at=timezone.now() + timedelta(seconds=seconds),
        error=_named(error),
    )


def _ours(mail: OutgoingMail) -> models.QuerySet[OutgoingMail]:
    """The row while the claim holds: one who was too slow changes nothing."""
    return OutgoingMail.objects.filter(pk=mail.pk, state=OutgoingMail.State.SENDING, tries=mail.tries)


def _is_away(error: Exception) -> bool:
    """Whether it is the server that fails, not this mail."""
    if isinstance(error, smtplib.SMTPResponseException):
        at_the_door = (smtplib.SMTPConnectError, smtplib.SMTPHeloError, smtplib.SMTPAuthenticationError)
        return error.smtp_code == 421 or isinstance(error, at_the_door)
    if isinstance(error, smtplib.SMTPException):
        return isinstance(error, smtplib.SMTPServerDisconnected)
    return isinstance(error, OSError)


def _is_final(error: Exception, mail: OutgoingMail) -> bool:
    """Whether to give up: the server has said no for good (5xx), or enough has been tried."""
    if codes := _codes(error):
        return all(code >= 500 for code in codes) or _is_old(mail)
    if isinstance(error, smtplib.SMTPNotSupportedError) or not isinstance(error, OSError):
        return mail.tries >= MAX_TRIES
    return _is_old(mail)


def _is_old(mail: OutgoingMail) -> bool:
    return mail.created_at < timezone.now() - PATIENCE


def _codes(error: Exception) -> list[int]:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return [code for code, _words in error.recipients.values()]
    return [error.smtp_code] if isinstance(error, smtplib.SMTPDataError) else []


def _named(error: Exception) -> str:
    return " ".join([type(error).__name__, *map(str, _codes(error))])


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
    with kind(server.hostname or "localhost", server.port or 0, timeout=SMTP_SECONDS) as smtp:
        smtp.ehlo()
        if server.scheme == "smtp" and smtp.has_extn("starttls"):
            smtp.starttls()
        if server.username:
            smtp.login(unquote(server.username), unquote(server.password or ""))
        if not _ours(mail).update(due_at=timezone.now()):
            raise LostClaim
        smtp.send_message(message)
