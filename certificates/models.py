"""Course certificates: words and file are frozen at issue and outlive pages, names and templates (R041, B9)."""

import secrets

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import translation
from django.utils.dateparse import parse_date
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

from mentoring.models import Attendance, LearningGroup

# Crockford's base 32: no I, L, O or U to misread. 28 characters carry 140 bits (S19).
CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 28

HOW_WORDS = {
    Attendance.Status.THERE: Attendance.Status.THERE.label,
    Attendance.Status.DIGITAL: Attendance.Status.DIGITAL.label,
    "made_up": _("tatt igjen"),
}


def new_code() -> str:
    """A random certificate code, without the hyphens it is shown with."""
    return "".join(secrets.choice(CODE_ALPHABET) for _place in range(CODE_LENGTH))


@register_setting(icon="medal")
class CertificateSettings(BaseSiteSetting):
    """Who issues and who signs. Changes never touch what is issued."""

    issuer = models.CharField(_("utsteder"), max_length=120, default="Senter for barnepalliasjon")
    signatory_name = models.CharField(_("hvem som signerer"), max_length=120, blank=True)
    signatory_title = models.CharField(_("tittel"), max_length=120, blank=True)

    panels = [
        MultiFieldPanel(
            [
                FieldPanel("issuer"),
                FieldPanel("signatory_name"),
                FieldPanel("signatory_title"),
            ],
            heading=_("Kursbevis"),
        )
    ]

    class Meta:
        verbose_name = _("utsteder av kursbevis")


class Certificate(models.Model):
    """Proof that a person finished a course (R040-R044).

    Everything printed is copied here at issue. `modules` is a list of {"title", "minutes"}; `minutes` is the
    whole course and the meetings. With a `group` it is the certificate of a package (R029): then `meetings` is a
    list of {"title", "date", "minutes", "how"}, how being one of Attendance.Status or "made_up". A certificate is
    never changed: it is revoked with a reason, or replaced by another. What is replaced or erased has lost its name
    and its file, so that no page can show them (P11).
    """

    class Status(models.TextChoices):
        VALID = "valid", _("Gyldig")
        REVOKED = "revoked", _("Trukket tilbake")
        REPLACED = "replaced", _("Erstattet")
        ERASED = "erased", _("Slettet av eieren")

    code = models.CharField(_("kode"), max_length=CODE_LENGTH, unique=True, default=new_code, editable=False)
    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="certificates",
        verbose_name=_("deltaker"),
    )
    course_key = models.UUIDField(null=True, editable=False)
    group = models.ForeignKey(
        LearningGroup, models.PROTECT, null=True, related_name="certificates", verbose_name=_("gruppe"), editable=False
    )
    attempt_number = models.PositiveSmallIntegerField(default=1)
    holder_name = models.CharField(_("navn"), max_length=120, blank=True)
    course_title = models.CharField(_("kurs"), max_length=255)
    course_version = models.CharField(_("versjon"), max_length=20)
    language = models.CharField(_("språk"), max_length=10, default="nb")
    minutes = models.PositiveIntegerField(_("minutter"))
    modules = models.JSONField(_("moduler"), default=list)
    package_name = models.CharField(_("pakke"), max_length=120, blank=True)
    meetings = models.JSONField(_("møter"), default=list)
    completed_on = models.DateField(_("fullført"))
    issued_on = models.DateField(_("utstedt"))
    issued_at = models.DateTimeField(auto_now_add=True, db_index=True)
    issuer = models.CharField(_("utsteder"), max_length=120)
    signatory_name = models.CharField(_("signert av"), max_length=120, blank=True)
    signatory_title = models.CharField(_("tittel"), max_length=120, blank=True)
    exception_reason = models.TextField(_("grunn for unntak"), blank=True)
    revoked_at = models.DateTimeField(_("trukket tilbake"), null=True, blank=True)
    revoked_reason = models.TextField(_("grunn"), blank=True)
    replaced_at = models.DateTimeField(_("erstattet"), null=True, blank=True)
    replaced_by = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replaces",
        verbose_name=_("erstattet av"),
    )
    erased_at = models.DateTimeField(_("slettet"), null=True, blank=True)

    class Meta:
        verbose_name = _("kursbevis")
        verbose_name_plural = _("kursbevis")
        ordering = ["-issued_at"]
        permissions = [
            ("revoke_certificate", "Can revoke and replace certificates"),
            ("issue_certificate", "Can issue certificates with a recorded reason"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "course_key", "attempt_number"],
                condition=models.Q(replaced_at__isnull=True, group__isnull=True),
                name="certificate_issued_once_per_attempt",
            ),
            models.UniqueConstraint(
                fields=["learner", "group"],
                condition=models.Q(replaced_at__isnull=True, group__isnull=False),
                name="certificate_issued_once_per_group",
            ),
            models.CheckConstraint(
                condition=models.Q(course_key__isnull=False) | models.Q(group__isnull=False),
                name="certificate_is_of_a_course_or_a_group",
            ),
            models.CheckConstraint(
                condition=models.Q(revoked_at__isnull=True) | ~models.Q(revoked_reason=""),
                name="revoked_certificate_has_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(holder_name="", replaced_at__isnull=False)
                | models.Q(holder_name="", erased_at__isnull=False)
                | (~models.Q(holder_name="") & models.Q(replaced_at__isnull=True, erased_at__isnull=True)),
                name="certificate_named_while_it_stands",
            ),
        ]

    def __str__(self):
        return f"{self.title} – {self.holder_name or self.get_status_display()}"

    @property
    def title(self) -> str:
        """What it is a certificate of: the package, or else the course."""
        return self.package_name or self.course_title

    @property
    def parts_text(self) -> str:
        """What a package was made of, in one line; empty for a course on its own, whose title says it."""
        if not self.group_id:
            return ""
        count = len(self.meetings)
        meetings = ngettext("%(count)d møte i gruppe", "%(count)d møter i gruppe", count) % {"count": count}
        if not self.modules:
            return meetings
        return gettext("%(course)s og %(meetings)s") % {"course": self.course_title, "meetings": meetings}

    @property
    def meeting_rows(self) -> list[dict]:
        """The meetings as they are shown: title, date (or None), minutes, and how the person took part, in words."""
        return [
            meeting | {"date": parse_date(meeting["date"]), "how": str(HOW_WORDS.get(meeting["how"], meeting["how"]))}
            for meeting in self.meetings
        ]

    @property
    def status(self) -> str:
        """One of `Status`."""
        if self.erased_at:
            return self.Status.ERASED
        if self.replaced_at:
            return self.Status.REPLACED
        return self.Status.REVOKED if self.revoked_at else self.Status.VALID

    def get_status_display(self) -> str:
        return self.Status(self.status).label

    @property
    def shown_code(self) -> str:
        """The code in groups of four, easier to read aloud."""
        return "-".join(self.code[place : place + 4] for place in range(0, CODE_LENGTH, 4))

    @property
    def hours_text(self) -> str:
        """How long the course takes, in words: "5 timer", "1 time 30 minutter"."""
        hours, minutes = divmod(self.minutes, 60)
        in_hours = ngettext("%(number)d time", "%(number)d timer", hours) % {"number": hours}
        in_minutes = ngettext("%(number)d minutt", "%(number)d minutter", minutes) % {"number": minutes}
        return " ".join([in_hours] * bool(hours) + [in_minutes] * bool(minutes or not hours))

    @property
    def url(self) -> str:
        """The public check page."""
        return reverse("certificate", args=[self.code])

    @property
    def pdf_url(self) -> str:
        return reverse("certificate_pdf", args=[self.code])

    @property
    def json_url(self) -> str:
        return reverse("certificate_json", args=[self.code])

    @property
    def check_url(self) -> str:
        """The whole address of the check page, the same in every language: what is printed and mailed."""
        with translation.override(settings.LANGUAGE_CODE):
            return settings.SITE_URL + self.url


class CertificateFile(models.Model):
    """The PDF as it was issued, and its SHA-256. In the database, so that it is whole or not there at all."""

    certificate = models.OneToOneField(Certificate, models.CASCADE, related_name="file", primary_key=True)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)


class CertificateEvent(models.Model):
    """Who issued, revoked or replaced a certificate, when and why (P7)."""

    class Kind(models.TextChoices):
        ISSUED = "issued", _("utstedt")
        REVOKED = "revoked", _("trukket tilbake")
        REPLACED = "replaced", _("erstattet")
        ERASED = "erased", _("slettet av eieren")

    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reason = models.TextField(blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["at", "pk"]
