"""Groups that take a course together with a mentor. Meetings, notes and packages come with their own issue."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.models import Orderable

from mentoring.forms import MembershipForm
from modules.models import CoursePage


class LearningGroup(ClusterableModel):
    """People who take one course together, and the mentor who follows them (R023, R024)."""

    class Kind(models.TextChoices):
        INSTITUTION = "institution", _("ansatte på ett sted")
        CROSS_SECTOR = "cross_sector", _("på tvers av tjenester")
        PROFESSION = "profession", _("én yrkesgruppe")

    name = models.CharField(_("navn"), max_length=120)
    kind = models.CharField(_("hva slags gruppe"), max_length=20, choices=Kind.choices, default=Kind.INSTITUTION)
    course = models.ForeignKey(CoursePage, models.PROTECT, related_name="groups", verbose_name=_("kurs"))
    mentor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="led_groups",
        verbose_name=_("mentor"),
        limit_choices_to={"groups__name": "Mentor", "is_active": True},
    )
    created_at = models.DateTimeField(_("opprettet"), auto_now_add=True)

    panels = [
        FieldPanel("name"),
        FieldPanel("kind"),
        FieldPanel("course"),
        FieldPanel("mentor"),
        InlinePanel("memberships", label=_("deltaker"), heading=_("Deltakere")),
    ]

    class Meta:
        verbose_name = _("gruppe")
        verbose_name_plural = _("grupper")
        ordering = ["name"]

    def __str__(self):
        return self.name


class Membership(Orderable):
    """A person's place in a group. Leaving is a date; the history stays."""

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

    panels = [FieldPanel("member"), FieldPanel("left_at")]
    base_form_class = MembershipForm

    class Meta(Orderable.Meta):
        verbose_name = _("deltaker")
        constraints = [models.UniqueConstraint(fields=["group", "member"], name="member_once_per_group")]

    def clean(self):
        """A mentor is not a member of the group they lead."""
        super().clean()
        if self.group_id and self.member_id == self.group.mentor_id:
            raise ValidationError({"member": _("Mentoren kan ikke være deltaker i sin egen gruppe.")})
