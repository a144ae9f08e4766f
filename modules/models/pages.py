"""Course, module and lesson pages. Their `translation_key` is the stable id that progress hangs on."""

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page
from wagtail.search import index

from modules.blocks import LessonBody

# Who may see a course is decided in `modules.access`; Wagtail's own passwords on pages would promise what nobody keeps.
NO_PRIVACY: list[str] = []


class CourseIndexPage(Page):
    """All courses: `/kurs/`."""

    introduction = models.TextField(_("innledning"), blank=True)

    max_count_per_parent = 1
    private_page_options = NO_PRIVACY
    subpage_types = ["modules.CoursePage"]
    admin_default_ordering = "ord"
    template = "modules/course_index.html"
    content_panels = [*Page.content_panels, FieldPanel("introduction")]

    class Meta:
        verbose_name = _("kursoversikt")


class CoursePage(Page):
    """An online course: modules in order, each with lessons (R001, R003).

    `order` says what must be done before the next thing opens. A pilot is shown to its testers and to
    editors only (R013). `version_label` is printed on certificates.
    """

    class Order(models.TextChoices):
        LESSONS = "lessons", _("Leksjoner og moduler i rekkefølge")
        MODULES = "modules", _("Moduler i rekkefølge, fri rekkefølge i hver modul")
        FREE = "free", _("Fri rekkefølge")

    class Level(models.TextChoices):
        # Of the three levels of the international standard: a course may aim at the first two (domain 2.2).
        GENERAL = "1", _("Generelt nivå")
        GENERAL_AND_GENERALISED = "1-2", _("Generelt og generalisert nivå")
        GENERALISED = "2", _("Generalisert nivå")
        SPECIALISED = "3", _("Spesialisert nivå")

    summary = models.TextField(_("kort om kurset"), max_length=400)
    audience = models.TextField(_("hvem det er for"), max_length=400, blank=True)
    level = models.CharField(_("kompetansenivå"), max_length=3, choices=Level.choices, blank=True)
    version_label = models.CharField(_("versjon"), max_length=20, default="1")
    order = models.CharField(_("rekkefølge"), max_length=10, choices=Order.choices, default=Order.LESSONS)
    is_pilot = models.BooleanField(
        _("pilot"), default=False, help_text=_("Bare inviterte testere og redaktører ser kurset.")
    )
    gives_certificate = models.BooleanField(_("gir kursbevis"), default=True)

    private_page_options = NO_PRIVACY
    parent_page_types = ["modules.CourseIndexPage"]
    subpage_types = ["modules.ModulePage"]
    admin_default_ordering = "ord"
    template = "modules/course.html"
    content_panels = [
        *Page.content_panels,
        FieldPanel("summary"),
        FieldPanel("audience"),
        FieldPanel("level"),
        MultiFieldPanel(
            [FieldPanel("order"), FieldPanel("version_label"), FieldPanel("gives_certificate")], _("Regler")
        ),
        MultiFieldPanel([FieldPanel("is_pilot"), InlinePanel("testers", label=_("tester"))], _("Pilot")),
        InlinePanel("glossary", label=_("ord"), heading=_("Ordliste")),
    ]
    search_fields = [*Page.search_fields, index.SearchField("summary")]

    class Meta:
        verbose_name = _("kurs")
        verbose_name_plural = _("kurs")

    def get_context(self, request, *args, **kwargs):
        """What a preview shows: the course as a visitor sees it."""
        from modules.pathway import preview_of_course  # noqa: PLC0415 - only previews go this way

        return super().get_context(request, *args, **kwargs) | preview_of_course(self)


class PilotTester(Orderable):
    """Somebody who is invited to try a course before it is launched (R013)."""

    course = ParentalKey(CoursePage, on_delete=models.CASCADE, related_name="testers")
    email = models.EmailField(_("e-postadresse"))

    panels = [FieldPanel("email")]

    class Meta(Orderable.Meta):
        constraints = [models.UniqueConstraint("course", Lower("email"), name="tester_invited_once")]

    def __str__(self):
        return self.email


class GlossaryTerm(Orderable):
    """A word that lessons of the course explain on tap (R123)."""

    course = ParentalKey(CoursePage, on_delete=models.CASCADE, related_name="glossary")
    term = models.CharField(_("ord"), max_length=60)
    meaning = models.TextField(_("betydning"), max_length=400)

    panels = [FieldPanel("term"), FieldPanel("meaning")]

    class Meta(Orderable.Meta):
        constraints = [models.UniqueConstraint(fields=["course", "term"], name="term_explained_once")]

    def __str__(self):
        return self.term


class ModulePage(Page):
    """A learning module with a nominal time in minutes (R002)."""

    summary = models.TextField(_("kort om modulen"), max_length=400)
    nominal_minutes = models.PositiveSmallIntegerField(_("minutter"), default=60)
    ref = models.CharField(_("id i fil"), max_length=60, blank=True, editable=False)

    private_page_options = NO_PRIVACY
    parent_page_types = ["modules.CoursePage"]
    subpage_types = ["modules.LessonPage"]
    admin_default_ordering = "ord"
    template = "modules/module.html"
    content_panels = [*Page.content_panels, FieldPanel("summary"), FieldPanel("nominal_minutes")]

    class Meta:
        verbose_name = _("modul")
        verbose_name_plural = _("moduler")


class LessonPage(Page):
    """A lesson: text, pictures, checks and prompts (R004). Video comes with its own issue."""

    summary = models.TextField(_("kort om leksjonen"), max_length=300, blank=True)
    body = StreamField(LessonBody(), verbose_name=_("innhold"), blank=True)
    ref = models.CharField(_("id i fil"), max_length=60, blank=True, editable=False)

    private_page_options = NO_PRIVACY
    parent_page_types = ["modules.ModulePage"]
    subpage_types = []
    template = "modules/lesson.html"
    content_panels = [*Page.content_panels, FieldPanel("summary"), FieldPanel("body")]
    search_fields = [*Page.search_fields, index.SearchField("summary")]

    class Meta:
        verbose_name = _("leksjon")
        verbose_name_plural = _("leksjoner")

    def get_context(self, request, *args, **kwargs):
        """What a preview shows: the lesson without anybody's progress or notebook."""
        from modules.lessons import preview_of  # noqa: PLC0415 - rules import models, only previews go the other way

        return super().get_context(request, *args, **kwargs) | preview_of(self)


class ContentVersion(models.Model):
    """One row that counts up whenever something is published, moved or taken down: the key of cached content."""

    number = models.PositiveBigIntegerField(default=1)
