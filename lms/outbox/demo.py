"""The demo's mailbox: what was written lately, as its reader would see it."""

import email
import re
from email import policy
from typing import Any

from lms.outbox.models import OutgoingMail

LINK = re.compile(r"https?://[^\s<>\"]+")
CODE = re.compile(r"^\s*([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\s*$", re.MULTILINE)


def demo_mails(limit: int = 50) -> list[dict[str, Any]]:
    """The newest mails: to, subject, body, created_at, links, and the code when there is one."""
    return [_shown(mail) for mail in OutgoingMail.objects.exclude(message="")[:limit]]


def _shown(mail: OutgoingMail) -> dict[str, Any]:
    message = email.message_from_bytes(mail.message.encode(), policy=policy.default)
    part = message.get_body(("plain", "html"))
    body = part.get_content() if part else ""
    code = CODE.search(body)
    return {
        "to": mail.to,
        "subject": mail.subject,
        "body": body,
        "created_at": mail.created_at,
        "links": LINK.findall(body),
        "code": code[1] if code else "",
    }
