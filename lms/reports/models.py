"""Who has looked at exact numbers. The numbers themselves are never stored: they are counted from facts."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ReportReading(models.Model):
    """That somebody saw or fetched exact numbers, and of what (P7, P13). `view` is the filter in the address."""

    class Form(models.TextChoices):
        PAGE = "page", _("siden")
        CSV = "csv", _("CSV-fil")
        XLSX = "xlsx", _("Excel-fil")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("hvem"))
    form = models.CharField(_("hva"), max_length=5, choices=Form.choices)
    view = models.CharField(_("utvalg"), max_length=500, blank=True)
    at = models.DateTimeField(_("når"), auto_now_add=True)

    class Meta:
        verbose_name = _("lesing av tall")
        verbose_name_plural = _("lesing av tall")
        ordering = ["-at", "-pk"]
        permissions = [("view_exact_numbers", "Can see exact numbers")]
