"""The mail backend that writes rows; what sends them is in `delivery`."""

import threading
from concurrent.futures import ThreadPoolExecutor
from email.utils import make_msgid, parseaddr

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone
from django.utils.encoding import punycode

from lms.outbox.models import OutgoingMail
from lms.outbox.tasks import send_waiting_mail

KEY_HEADER = "X-Refleks-Key"
# A request never waits for the broker: one thread knocks, and two knocks in line are enough for any number of mails.
_knocking = ThreadPoolExecutor(max_workers=1, thread_name_prefix="hint")
_room = threading.Semaphore(2)


class OutboxBackend(BaseEmailBackend):
    """Puts each mail in the outbox, in the same transaction as the fact that causes it (R3).

    A mail whose `X-Refleks-Key` is there already is not written again: once per person, kind and occasion (B14).
    """

    def send_messages(self, email_messages: list[EmailMessage]) -> int:
        rows = [row for message in email_messages for row in _rows(message)]
        OutgoingMail.objects.bulk_create(rows, ignore_conflicts=True)
        if rows:
            transaction.on_commit(_hint, robust=True)
        return len(email_messages)


def _rows(message: EmailMessage) -> list[OutgoingMail]:
    key = message.extra_headers.pop(KEY_HEADER, None)
    rows = []
    for number, recipient in enumerate(message.recipients()):
        alone = message
        alone.to, alone.cc, alone.bcc = [recipient], [], []
        # Django would name this machine, which tells of the inside and looks like junk mail.
        domain = parseaddr(message.from_email)[1].rpartition("@")[2]
        alone.extra_headers.setdefault("Content-Language", settings.LANGUAGE_CODE)
        alone.extra_headers["Message-ID"] = make_msgid(domain=punycode(domain))
        rows.append(
            OutgoingMail(
                key=f"{key}:{number}" if key and number else key,
                to=recipient,
                subject=message.subject[:255],
                message=alone.message().as_string(),
                due_at=timezone.now(),
            )
        )
    return rows


def _hint() -> None:
    # Only a hint: the periodic sweep finds the row when the broker is down.
    if _room.acquire(blocking=False):
        _knocking.submit(_knock)


def _knock() -> None:
    _room.release()
    send_waiting_mail.apply_async(retry=False, ignore_result=True, expires=60)
