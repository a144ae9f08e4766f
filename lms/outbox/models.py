"""Every mail is a row first: written with the fact that causes it, sent by whoever comes along (R3, B14)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OutgoingMail(models.Model):
    """A mail on its way. `key` is (person, kind, occasion): a second row with the same key cannot exist.

    The body is dropped once the mail is sent (outside the demo), the row itself after MAIL_LOG_DAYS days.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("venter")
        SENDING = "sending", _("sendes")
        SENT = "sent", _("sendt")
        FAILED = "failed", _("ga opp")

    key = models.CharField(max_length=200, unique=True, null=True, blank=True)
    to = models.EmailField(_("til"))
    subject = models.CharField(_("emne"), max_length=255)
    message = models.TextField(blank=True)
    state = models.CharField(_("tilstand"), max_length=10, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(_("forsøk"), default=0)
    error = models.CharField(_("feil"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("skrevet"), auto_now_add=True, db_index=True)
    due_at = models.DateTimeField(_("sendes"), db_index=True)
    sent_at = models.DateTimeField(_("sendt"), null=True, blank=True)

    class Meta:
        verbose_name = _("e-post")
        verbose_name_plural = _("e-post")
        ordering = ["-created_at"]
