"""Every mail and every job is a row first; who claims it does it (R3-R5, B14)."""

from django.conf import settings
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

    def __str__(self):
        return self.subject


class Job(models.Model):
    """Background work that is due, under way, done or given up. `key` is (work, whom, occasion): never two of them.

    `payload` holds ids and nothing else. While the job runs, `due_at` is when its runner must have died.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("venter")
        RUNNING = "running", _("pågår")
        DONE = "done", _("gjort")
        FAILED = "failed", _("gitt opp")

    key = models.CharField(_("anledning"), max_length=200, unique=True)
    task = models.CharField(max_length=100)
    payload = models.JSONField(default=list)
    state = models.CharField(_("tilstand"), max_length=10, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(_("forsøk"), default=0)
    error = models.CharField(_("feil"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("skrevet"), auto_now_add=True, db_index=True)
    due_at = models.DateTimeField(_("gjøres"))
    started_at = models.DateTimeField(_("begynt"), null=True, blank=True)
    done_at = models.DateTimeField(_("ferdig"), null=True, blank=True)

    class Meta:
        verbose_name = _("bakgrunnsjobb")
        verbose_name_plural = _("bakgrunnsjobber")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["state", "due_at"], name="job_by_state_and_time")]

    @property
    def title(self) -> str:
        """What is done, in words."""
        return str(settings.WORK[self.task].title) if self.task in settings.WORK else self.task
