"""Groups, the people in them, and how they came there."""

import secrets
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable

from mentoring.models.packages import GroupKind, Package, Round
from modules.models import CoursePage


def new_token() -> str:
    """A secret for an address: 192 bits (S13)."""
    return secrets.token_urlsafe(24)


class LearningGroup(ClusterableModel):
    """People who go through a package together, and the mentor who leads them (R020, R023, R024, R034).

    `link_token` is the secret of the address by which members join; None while the link is closed.
    `max_members` None means what the package says (R036).
    """

    Kind = GroupKind

    class Status(models.TextChoices):
        PLANNED = "planned", _("planlagt")
        STARTED = "started", _("i gang")
        COMPLETED = "completed", _("fullført")
        CANCELLED = "cancelled", _("avlyst")

    name = models.CharField(_("navn"), max_length=120)
    kind = models.CharField(_("hva slags gruppe"), max_length=20, choices=GroupKind.choices, default="institution")
    package = models.ForeignKey(Package, models.PROTECT, related_name="groups", verbose_name=_("pakke"))
    mentor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="led_groups",
        verbose_name=_("mentor"),
        limit_choices_to={"is_active": True},
    )
    contact = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="contact_groups",
        verbose_name=_("kontaktperson"),
    )
    workplace = models.CharField(_("arbeidssted"), max_length=120, blank=True)
    municipality = models.ForeignKey(
        "accounts.Municipality", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("kommune")
    )
    max_members = models.PositiveSmallIntegerField(_("plasser"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.PLANNED)
    created_at = models.DateTimeField(_("opprettet"), auto_now_add=True)
    started_at = models.DateTimeField(_("startet"), null=True, blank=True, db_index=True)
    completed_at = models.DateTimeField(_("fullført"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("avlyst"), null=True, blank=True)
    link_token = models.CharField(max_length=64, null=True, blank=True, unique=True, editable=False)

    class Meta:
        verbose_name = _("gruppe")
        verbose_name_plural = _("grupper")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(status="started") | models.Q(mentor__isnull=False, started_at__isnull=False),
                name="started_group_has_a_mentor",
            )
        ]

    def __str__(self):
        return self.name

    @property
    def course(self) -> CoursePage | None:
        """The online course of the package, if it has one."""
        return self.package.course

    @property
    def size_limit(self) -> int:
        """How many members there is room for."""
        return self.max_members or self.package.max_members


class Membership(Orderable):
    """A person's place in a group. Leaving is a date; the history stays.

    `confirmed_at` is when the member agreed to confidentiality (R122); `position_percent` is asked for only where
    the package counts by it (R053); `reminders_stopped_at` ends reminders of this group.
    """

    class LeftWhy(models.TextChoices):
        OWN_WISH = "own_wish", _("sluttet selv")
        REPLACED = "replaced", _("erstattet av en annen")
        REMOVED = "removed", _("tatt ut av mentoren")
        ERASED = "erased", _("slettet kontoen")

    group = ParentalKey(LearningGroup, on_delete=models.CASCADE, related_name="memberships")
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="group_memberships",
        verbose_name=_("deltaker"),
        limit_choices_to={"is_active": True},
    )
    joined_at = models.DateTimeField(_("ble med"), auto_now_add=True)
    left_at = models.DateTimeField(_("sluttet"), null=True, blank=True)
    left_why = models.CharField(_("hvorfor"), max_length=10, choices=LeftWhy.choices, blank=True)
    replaced_by = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("erstattet av")
    )
    confirmed_at = models.DateTimeField(_("bekreftet taushet"), null=True, blank=True)
    position_percent = models.PositiveSmallIntegerField(_("stillingsprosent"), null=True, blank=True)
    reminders_stopped_at = models.DateTimeField(_("vil ikke ha påminnelser"), null=True, blank=True)

    class Meta(Orderable.Meta):
        verbose_name = _("deltaker")
        constraints = [models.UniqueConstraint(fields=["group", "member"], name="member_once_per_group")]

    def clean(self):
        """A mentor is not a member of the group they lead."""
        super().clean()
        if self.group_id and self.member_id and self.member_id == self.group.mentor_id:
            raise ValidationError({"member": _("Mentoren kan ikke være deltaker i sin egen gruppe.")})

    @classmethod
    def led_by(cls, mentor: Any) -> models.QuerySet["Membership"]:
        """Those who are in a group that `mentor` leads now.

        Conditional updates take it as `membership__in`: then PostgreSQL looks at the row's own conditions once more
        after it has waited for another change of that row, as it does not for a condition that reaches over a join.
        """
        return cls.objects.filter(group__mentor=mentor, left_at=None)


class Invitation(models.Model):
    """A personal invitation to a group, also for somebody without an account. `token` is the secret of its address.

    `invited_at` is when the mail last went. Whoever has the token may accept, whatever address they sign in with:
    people have several. `accepted_by` is the account that did.
    """

    group = models.ForeignKey(LearningGroup, models.CASCADE, related_name="invitations")
    email = models.EmailField(_("e-postadresse"))
    name = models.CharField(_("navn"), max_length=120, blank=True)
    position_percent = models.PositiveSmallIntegerField(_("stillingsprosent"), null=True, blank=True)
    token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(_("invitert"), auto_now_add=True)
    withdrawn_at = models.DateTimeField(_("trukket tilbake"), null=True, blank=True)
    accepted_at = models.DateTimeField(_("tatt imot"), null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    replaces = models.ForeignKey(Membership, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["email"]
        constraints = [
            models.UniqueConstraint(models.functions.Lower("email"), "group", name="address_invited_once_per_group")
        ]


class Application(models.Model):
    """A workplace asks for a group (R070). Every change of status is an `ApplicationEvent`; nothing is lost."""

    class Status(models.TextChoices):
        APPLIED = "applied", _("søkt")
        WAITING = "waiting", _("på venteliste")
        OFFERED = "offered", _("fått plass")
        OTHER_OFFER = "other_offer", _("fått et annet tilbud")
        REFUSED = "refused", _("avslag")
        COMPLETED = "completed", _("gjennomført")
        TRANSFERRED = "transferred", _("flyttet til senere")
        WITHDRAWN = "withdrawn", _("trukket")

    package = models.ForeignKey(Package, models.PROTECT, related_name="applications", verbose_name=_("pakke"))
    round = models.ForeignKey(
        Round, models.PROTECT, null=True, blank=True, related_name="applications", verbose_name=_("runde")
    )
    contact = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="applications", verbose_name=_("kontaktperson")
    )
    phone = models.CharField(_("telefon"), max_length=30, blank=True)
    workplace = models.CharField(_("arbeidssted"), max_length=120)
    kind = models.CharField(_("hva slags gruppe"), max_length=20, choices=GroupKind.choices)
    municipality = models.ForeignKey(
        "accounts.Municipality", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("kommune")
    )
    expected_size = models.PositiveSmallIntegerField(_("hvor mange dere er"))
    wishes = models.TextField(_("ønsker"), blank=True, max_length=2000)
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.APPLIED)
    group = models.OneToOneField(
        LearningGroup, models.PROTECT, null=True, blank=True, related_name="application", verbose_name=_("gruppe")
    )
    created_at = models.DateTimeField(_("sendt"), auto_now_add=True, db_index=True)

    class Meta:
        verbose_name = _("søknad om gruppe")
        verbose_name_plural = _("søknader om grupper")
        ordering = ["-created_at"]
        permissions = [("decide_application", "Can decide on applications")]
        constraints = [
            models.UniqueConstraint(
                models.functions.Lower("workplace"),
                "contact",
                "package",
                condition=models.Q(status__in=["applied", "waiting"]),
                name="workplace_applies_once_at_a_time",
            )
        ]

    def __str__(self):
        return f"{self.workplace} – {self.package}"

    @property
    def is_open(self) -> bool:
        """Whether something can still come of it."""
        return self.status in {self.Status.APPLIED, self.Status.WAITING, self.Status.OFFERED}


class ApplicationEvent(models.Model):
    """What happened to an application, by whom and why. Refusal and withdrawal have a reason (R072)."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="events")
    status = models.CharField(max_length=12, choices=Application.Status.choices)
    reason = models.TextField(_("begrunnelse"), blank=True, max_length=2000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(status__in=["refused", "withdrawn"]) | ~models.Q(reason=""),
                name="refusal_and_withdrawal_have_a_reason",
            )
        ]


class GroupEvent(models.Model):
    """The log of a group: who did what to whom, when. Never what anybody wrote (P7)."""

    class Kind(models.TextChoices):
        CREATED = "created", _("gruppen ble opprettet")
        STARTED = "started", _("gruppen startet")
        COMPLETED = "completed", _("gruppen ble fullført")
        CANCELLED = "cancelled", _("gruppen ble avlyst")
        MENTOR = "mentor", _("gruppen fikk ny mentor")
        CONTACT = "contact", _("gruppen fikk ny kontaktperson")
        JOINED = "joined", _("ble med")
        LEFT = "left", _("sluttet")
        REPLACED = "replaced", _("ble erstattet")
        LINK = "link", _("lenken ble endret")
        MEETING = "meeting", _("et møte ble endret")
        ATTENDANCE = "attendance", _("oppmøte ble rettet")
        MAKE_UP = "make_up", _("et møte ble tatt igjen")
        EXPORT = "export", _("listen ble hentet ut")
        SENSITIVE = "sensitive", _("sensitivt innhold ble meldt")

    group = models.ForeignKey(LearningGroup, models.CASCADE, related_name="events")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    about = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    detail = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["at", "pk"]


class GroupLetter(models.Model):
    """A mail that the mentor wrote to the group. `token` is the form's: the same form sent twice is one letter."""

    group = models.ForeignKey(LearningGroup, models.CASCADE, related_name="letters")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    subject = models.CharField(_("emne"), max_length=120)
    text = models.TextField(_("tekst"), max_length=5000)
    token = models.UUIDField(null=True, unique=True, editable=False)
    sent_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-sent_at"]


class Notice(models.Model):
    """That a member was told something: once per person, kind and occasion (B14, D25). The mentor sees this log."""

    class Kind(models.TextChoices):
        INVITED = "invited", _("møteinnkalling")
        CHANGED = "changed", _("møtet er endret")
        CANCELLED = "cancelled", _("møtet er avlyst")
        WEEK_BEFORE = "week_before", _("påminnelse en uke før")
        DAY_BEFORE = "day_before", _("påminnelse dagen før")
        MODULES = "modules", _("påminnelse om moduler")
        POLL = "poll", _("spørsmål om tidspunkt")
        LETTER = "letter", _("brev fra mentoren")
        NOTE = "note", _("om notatet")
        CONFIRM = "confirm", _("påminnelse om taushet")

    membership = models.ForeignKey(Membership, models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    occasion = models.CharField(max_length=60)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["membership", "kind", "occasion"], name="member_told_once_per_occasion")
        ]


class DigestStop(models.Model):
    """A mentor who does not want the weekly mail."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="digest_stop")
    at = models.DateTimeField(auto_now_add=True)
