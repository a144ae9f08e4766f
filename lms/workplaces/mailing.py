"""The mails of workplaces: a few sentences, one button, and where it can be stopped how. Once each (B14)."""

from collections.abc import Iterable

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from lms.workplaces.stopping import headers_of


def address_of_page(name: str, *args: object) -> str:
    """The whole address of a page, in the main language."""
    with translation.override(settings.LANGUAGE_CODE):
        return settings.SITE_URL + reverse(name, args=args)


def send_mail(
    to: str,
    subject: str,
    sentences: Iterable[str],
    button: tuple[str, str],
    *,
    key: str,
    name: str = "",
    stop_path: str = "",
) -> None:
    """Writes a mail to `to`, whom it greets by `name`. `button` is its words and a whole address; `key` makes it one.

    With `stop_path` it says how reminders are stopped, and a mail program can do it by its own button (RFC 8058).
    """
    # The name of a workplace may have come with lines in it; a subject is one line.
    subject = " ".join(subject.split())
    context = {
        "subject": subject,
        "name": name,
        "sentences": list(sentences),
        "button": button[0],
        "url": button[1],
        "stop_url": settings.SITE_URL + stop_path if stop_path else "",
    }
    mail = EmailMultiAlternatives(
        subject,
        render_to_string("workplaces/mail/message.txt", context),
        to=[to],
        headers={"X-Refleks-Key": key, **(headers_of(stop_path) if stop_path else {})},
    )
    mail.attach_alternative(render_to_string("workplaces/mail/message.html", context), "text/html")
    mail.send()
