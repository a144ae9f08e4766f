"""Meetings of a group: when and where, who came, and what was brought."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from mentoring.models.groups import LearningGroup, Membership
from modules.models import NotebookEntry


class Form(models.TextChoices):
    """How a meeting is held (R022)."""

    PHYSICAL = "physical", _("vi møtes")
    DIGITAL = "digital", _("på nett")
    BOTH = "both", _("begge deler")


class Meeting(models.Model):
    """One planned meeting of a group. Its plan is the group's own copy of the package's step (R033).

    The wall time is the truth: `day`, `clock`, `fold` in `zone`; `starts_at` is UTC worked out from it (R9, D15).
    `day` None means that no time is set yet. `uid` never changes; `sequence` rises with each change that was told.
    `module_keys` are the modules to take before it, as strings; `before` says other work.
    """

    Form = Form
    # How many people the last change was mailed to; never stored.
    told_count = 0

    class Status(models.TextChoices):
        PLANNED = "planned", _("planlagt")
        HELD = "held", _("holdt")
        CANCELLED = "cancelled", _("avlyst")

    group = models.ForeignKey(LearningGroup, models.CASCADE, related_name="meetings")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(_("tittel"), max_length=120)
    minutes = models.PositiveSmallIntegerField(_("lengde i minutter"))
    day = models.DateField(_("dato"), null=True, blank=True)
    clock = models.TimeField(_("klokkeslett"), null=True, blank=True)
    fold = models.PositiveSmallIntegerField(default=0)
    zone = models.CharField(max_length=40, default="Europe/Oslo")
    starts_at = models.DateTimeField(null=True, blank=True, db_index=True)
    form = models.CharField(_("hvordan"), max_length=10, choices=Form.choices, default=Form.PHYSICAL)
    place = models.CharField(_("sted"), max_length=200, blank=True)
    link = models.URLField(_("lenke"), max_length=500, blank=True)
    agenda = models.TextField(_("program"), blank=True)
    topics = models.TextField(_("temaer"), blank=True)
    prompts = models.TextField(_("spørsmål til samtalen"), blank=True)
    material = models.TextField(_("materiell"), blank=True)
    guide = models.TextField(_("veiledning til mentoren"), blank=True)
    before = models.TextField(_("før møtet"), blank=True)
    module_keys = models.JSONField(default=list, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.PLANNED)
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    changed_at = models.DateTimeField(auto_now=True)
    held_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("møte")
        verbose_name_plural = _("møter")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["group", "number"], name="meeting_numbered_once_per_group"),
            models.CheckConstraint(
                condition=models.Q(day__isnull=True, clock__isnull=True, starts_at__isnull=True)
                | models.Q(day__isnull=False, clock__isnull=False, starts_at__isnull=False),
                name="meeting_time_is_whole_or_not_there",
            ),
            models.CheckConstraint(condition=models.Q(minutes__gte=15, minutes__lte=720), name="meeting_has_a_length"),
        ]

    def __str__(self):
        return f"{self.number}. {self.title}"

    @property
    def ends_at(self):
        """When it is over, in UTC; None while no time is set."""
        return self.starts_at + timedelta(minutes=self.minutes) if self.starts_at else None

    @property
    def lacks(self) -> str:
        """What it needs before anybody is invited, for instance "mangler sted"; "" when nothing (R022)."""
        if self.day is None:
            return _("mangler dato")
        if self.form != Form.DIGITAL and not self.place:
            return _("mangler sted og lenke") if self.form == Form.BOTH and not self.link else _("mangler sted")
        if self.form != Form.PHYSICAL and not self.link:
            return _("mangler lenke")
        return ""


class MeetingReply(models.Model):
    """Whether a member says they come."""

    class Answer(models.TextChoices):
        YES = "yes", _("kommer")
        NO = "no", _("kommer ikke")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="replies")
    membership = models.ForeignKey(Membership, models.CASCADE, related_name="replies")
    answer = models.CharField(max_length=5, choices=Answer.choices)
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "membership"], name="member_replies_once_per_meeting")
        ]


class Attendance(models.Model):
    """How a member was there, as the mentor marked it (R027). Later corrections are in the log of the group."""

    class Status(models.TextChoices):
        THERE = "there", _("til stede")
        DIGITAL = "digital", _("til stede på nett")
        EXCUSED = "excused", _("meldt fravær")
        ABSENT = "absent", _("ikke til stede")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="attendances")
    membership = models.ForeignKey(Membership, models.CASCADE, related_name="attendances")
    status = models.CharField(max_length=10, choices=Status.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "membership"], name="attendance_marked_once")]


class MakeUp(models.Model):
    """What a member did instead of a meeting they missed, in the mentor's words (R030)."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="make_ups")
    membership = models.ForeignKey(Membership, models.CASCADE, related_name="make_ups")
    reason = models.TextField(_("hva som ble gjort i stedet"), max_length=1000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "membership"], name="meeting_made_up_once"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="make_up_has_a_reason"),
        ]


class Poll(models.Model):
    """Two to six proposals for when a meeting is held; the mentor decides."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="polls")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting"], condition=models.Q(closed_at__isnull=True), name="one_open_poll_per_meeting"
            )
        ]


class PollOption(models.Model):
    """A proposed wall time."""

    poll = models.ForeignKey(Poll, models.CASCADE, related_name="options")
    day = models.DateField()
    clock = models.TimeField()
    fold = models.PositiveSmallIntegerField(default=0)
    chosen = models.BooleanField(default=False)

    class Meta:
        ordering = ["day", "clock", "fold"]
        constraints = [models.UniqueConstraint(fields=["poll", "day", "clock", "fold"], name="time_proposed_once")]


class PollAnswer(models.Model):
    """What suits a member."""

    class Answer(models.TextChoices):
        YES = "yes", _("passer")
        MAYBE = "maybe", _("om nødvendig")
        NO = "no", _("passer ikke")

    option = models.ForeignKey(PollOption, models.CASCADE, related_name="answers")
    membership = models.ForeignKey(Membership, models.CASCADE, related_name="poll_answers")
    answer = models.CharField(max_length=5, choices=Answer.choices)
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["option", "membership"], name="member_answers_option_once")]


class BroughtPrompt(models.Model):
    """A text from a member's notebook that they chose to bring to a meeting; without their name unless they add it."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="brought")
    membership = models.ForeignKey(Membership, models.CASCADE, related_name="brought")
    entry = models.ForeignKey(NotebookEntry, models.CASCADE, related_name="+")
    with_name = models.BooleanField(default=False)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "entry"], name="entry_brought_once_per_meeting")]


class CalendarFeed(models.Model):
    """A person's private calendar address. The secret is shown once; what is stored is its SHA-256 (S13)."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_feed")
    secret_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now=True)
