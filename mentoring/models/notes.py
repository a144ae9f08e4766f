"""Reflection notes: read by their author and the group's mentor, by nobody else (R028, R031, P4-P6)."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from mentoring.models.groups import Membership
from mentoring.models.meetings import Meeting
from modules.encryption import EncryptedTextField

REPORTED_FOR = timedelta(hours=72)


class Note(models.Model):
    """A member's reflection note. `meeting` is None for the final one. `version` counts saves (D17).

    The mentor may read it while it is handed in or received; a draft, also one that was withdrawn or returned, is
    its author's alone.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("utkast")
        HANDED_IN = "handed_in", _("levert")
        RETURNED = "returned", _("sendt tilbake")
        RECEIVED = "received", _("mottatt")

    # Open to its author's pen, and to the mentor's eyes.
    OPEN = (Status.DRAFT, Status.RETURNED)
    READABLE = (Status.HANDED_IN, Status.RECEIVED)

    membership = models.ForeignKey(Membership, models.CASCADE, related_name="notes")
    meeting = models.ForeignKey(Meeting, models.CASCADE, null=True, blank=True, related_name="notes")
    text = EncryptedTextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    created_at = models.DateTimeField(auto_now_add=True)
    saved_at = models.DateTimeField(auto_now_add=True)
    handed_in_at = models.DateTimeField(null=True, blank=True)
    returned_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    # When somebody was to be known again in it, and the version that this was said of (P12).
    reported_at = models.DateTimeField(null=True, blank=True)
    reported_version = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["membership", "meeting"], name="note_once_per_meeting"),
            models.UniqueConstraint(
                fields=["membership"], condition=models.Q(meeting__isnull=True), name="final_note_once_per_member"
            ),
        ]

    @property
    def purged_at(self) -> datetime | None:
        """When the words go that were reported; None when nothing was, or when they are others by now."""
        is_same = self.reported_at is not None and self.version == self.reported_version
        return self.reported_at + REPORTED_FOR if is_same else None


class NoteComment(models.Model):
    """What the mentor said when sending a note back, or on receiving it. Never a grade. As secret as the note."""

    note = models.ForeignKey(Note, models.CASCADE, related_name="comments")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    text = EncryptedTextField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["at", "pk"]


class GlassBreak(models.Model):
    """A way to one member's notes in an emergency (P4): a reason, a second person's word, an hour; the author hears."""

    membership = models.ForeignKey(Membership, models.CASCADE, related_name="glass_breaks")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.TextField(_("begrunnelse"), max_length=1000)
    asked_at = models.DateTimeField(auto_now_add=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-asked_at"]
        permissions = [("break_glass", "Can ask for and approve access to notes in an emergency")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(approved_by__isnull=True) | ~models.Q(approved_by=models.F("asked_by")),
                name="glass_is_broken_by_two",
            )
        ]


class NoteReading(models.Model):
    """That somebody other than the author read a note: written before a byte leaves, never changed (P6).

    `note_id_read` is a bare number, for the row outlives the note. `digest` chains each row to the one before.
    """

    note_id_read = models.PositiveBigIntegerField(db_index=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    glass_break = models.ForeignKey(GlassBreak, models.SET_NULL, null=True, related_name="readings")
    at = models.DateTimeField()
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["pk"]
