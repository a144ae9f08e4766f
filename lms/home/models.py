"""The front page, pages of information, and the centre that runs the site."""

import re

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.fields import RichTextField
from wagtail.models import Page

from lms.home.colour import contrast


class HomePage(Page):
    """The front page: in ten seconds what this is, for whom, how long, and that it is free."""

    headline = models.CharField(_("overskrift"), max_length=120)
    lead = models.TextField(_("ingress"), max_length=400)
    body = RichTextField(_("mer om tilbudet"), blank=True, features=["h2", "h3", "bold", "italic", "link", "ul", "ol"])

    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["modules.CourseIndexPage", "home.InfoPage"]
    max_count_per_parent = 1
    template = "home/home.html"
    content_panels = [*Page.content_panels, FieldPanel("headline"), FieldPanel("lead"), FieldPanel("body")]

    class Meta:
        verbose_name = _("forside")

    def get_context(self, request, *args, **kwargs):
        """Adds the course that the front page leads to, with its path of modules."""
        from lms.home.front import front_context  # noqa: PLC0415 - the page asks its rules, not the other way

        return super().get_context(request, *args, **kwargs) | front_context(request)


class InfoPage(Page):
    """A page of information: about us, privacy, accessibility, help."""

    body = RichTextField(_("tekst"), features=["h2", "h3", "bold", "italic", "link", "ul", "ol"])

    parent_page_types = ["home.HomePage"]
    subpage_types = []
    template = "home/info.html"
    content_panels = [*Page.content_panels, FieldPanel("body")]

    class Meta:
        verbose_name = _("informasjonsside")
        verbose_name_plural = _("informasjonssider")


@register_setting(icon="home")
class Centre(BaseSiteSetting):
    """The centre that runs the site: name, logo, contact and its own accent colour within safe contrast."""

    name = models.CharField(_("navn på senteret"), max_length=120, default="Senter for barnepalliasjon")
    logo = models.ForeignKey(
        "media.Picture", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("logo")
    )
    accent = models.CharField(
        _("farge på knapper og lenker"),
        max_length=7,
        default="#1E5B57",
        help_text=_("Heksadesimal, for eksempel #1E5B57. Må være mørk nok til å leses på lys bunn."),
    )
    contact_email = models.EmailField(_("e-postadresse for spørsmål"), blank=True)
    contact_phone = models.CharField(_("telefon"), max_length=30, blank=True)
    address = models.TextField(_("adresse"), max_length=300, blank=True)

    panels = [
        MultiFieldPanel([FieldPanel("name"), FieldPanel("logo"), FieldPanel("accent")], heading=_("Senteret")),
        MultiFieldPanel(
            [FieldPanel("contact_email"), FieldPanel("contact_phone"), FieldPanel("address")], heading=_("Kontakt")
        ),
    ]

    class Meta:
        verbose_name = _("senteret")

    def clean(self):
        """Refuses a colour that cannot be read on the paper colour (4.5:1, WCAG 1.4.3)."""
        super().clean()
        if not re.fullmatch(r"#[0-9A-Fa-f]{6}", self.accent):
            raise ValidationError({"accent": _("Skriv fargen som # og seks tegn, for eksempel #1E5B57.")})
        if contrast(self.accent, "#FBF8F3") < 4.5:
            raise ValidationError({"accent": _("Fargen er for lys til å leses. Velg en mørkere.")})
