"""Packages are data: a course, if any, and an ordered plan of work, meetings and a note (R020, R021)."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable, PreviewableMixin

from modules.models import CoursePage

CONFIDENTIALITY = _(
    "Det som blir fortalt i gruppen, blir i gruppen. Jeg sier ikke navn eller annet som kan vise hvilket barn, "
    "hvilken familie eller hvilken kollega jeg snakker om, og jeg forteller ikke videre hva andre har sagt."
)


SHORTEST, LONGEST = 15, 720  # minutes of a meeting; the constraint says the same


class GroupKind(models.TextChoices):
    """Who takes part together (R024)."""

    INSTITUTION = "institution", _("ansatte på ett sted")
    CROSS_SECTOR = "cross_sector", _("på tvers av tjenester")
    PROFESSION = "profession", _("én yrkesgruppe")
    RELATIVES = "relatives", _("foreldre og pårørende")


class Package(PreviewableMixin, ClusterableModel):
    """A shape of training for groups. Numbers that nobody has laid down are settings here (domain 7.9).

    `required_meetings` None means all of them (R030); `expected_position` is a percentage: staff in smaller
    positions are invited and not counted (R053).
    """

    class Audience(models.TextChoices):
        STAFF = "staff", _("ansatte")
        RELATIVES = "relatives", _("foreldre og pårørende")

    class MentorFrom(models.TextChoices):
        CENTRE = "centre", _("fra senteret")
        WORKPLACE = "workplace", _("fra arbeidsplassen selv")

    class Rhythm(models.TextChoices):
        WEEK = "1w", _("hver uke")
        TWO_WEEKS = "2w", _("annenhver uke")
        THREE_WEEKS = "3w", _("hver tredje uke")
        FOUR_WEEKS = "4w", _("hver fjerde uke")
        MONTH = "1m", _("hver måned")

    class Notes(models.TextChoices):
        FINAL = "final", _("ett til slutt")
        PER_MEETING = "per_meeting", _("ett etter hvert møte")
        NONE = "none", _("ingen")

    name = models.CharField(_("navn"), max_length=120, unique=True)
    summary = models.TextField(_("kort om pakken"), blank=True, help_text=_("Det de som søker, leser først."))
    audience = models.CharField(
        _("for hvem"),
        max_length=10,
        choices=Audience.choices,
        default=Audience.STAFF,
        help_text=_("Søknaden spør ansatte etter arbeidssted og hva slags gruppe. Foreldre blir ikke spurt om det."),
    )
    is_open = models.BooleanField(_("tar imot søknader"), default=False)
    course = models.ForeignKey(
        CoursePage, models.PROTECT, null=True, blank=True, related_name="packages", verbose_name=_("nettkurs")
    )
    mentor_from = models.CharField(
        _("mentoren kommer"), max_length=10, choices=MentorFrom.choices, default=MentorFrom.CENTRE
    )
    needs_training = models.BooleanField(_("mentoren må ha fullført mentoropplæring"), default=False)
    rhythm = models.CharField(_("møtene er"), max_length=2, choices=Rhythm.choices, default=Rhythm.FOUR_WEEKS)
    usual_start = models.TimeField(_("vanlig klokkeslett"), null=True, blank=True)
    max_members = models.PositiveSmallIntegerField(
        _("plasser i en gruppe"), default=12, validators=[MinValueValidator(1), MaxValueValidator(500)]
    )
    few_signed_up = models.PositiveSmallIntegerField(_("si fra når færre er påmeldt enn"), null=True, blank=True)
    few_present = models.PositiveSmallIntegerField(_("si fra når færre møter enn"), null=True, blank=True)
    expected_position = models.PositiveSmallIntegerField(
        _("ventes fra stillingsprosent"), null=True, blank=True, validators=[MaxValueValidator(100)]
    )
    required_meetings = models.PositiveSmallIntegerField(
        _("møter som kreves"), null=True, blank=True, help_text=_("Tomt betyr alle.")
    )
    make_ups = models.PositiveSmallIntegerField(_("møter som kan tas igjen"), default=1)
    notes = models.CharField(_("refleksjonsnotat"), max_length=12, choices=Notes.choices, default=Notes.FINAL)
    gives_certificate = models.BooleanField(_("gir kursbevis"), default=True)
    confidentiality = models.TextField(_("taushetsavtale"), default=CONFIDENTIALITY)
    created_at = models.DateTimeField(_("opprettet"), auto_now_add=True)

    class Meta:
        verbose_name = _("opplæringspakke")
        verbose_name_plural = _("opplæringspakker")
        ordering = ["name"]

    def __str__(self):
        return self.name

    def asks_for(self, planned: int) -> int:
        """How many meetings the certificate asks for, of the `planned` ones of a group, cancelled or not.

        None asks for all of them, and never for none; 0 is a package whose meetings each stand alone (R057).
        """
        return (planned or 1) if self.required_meetings is None else self.required_meetings

    @property
    def is_for_relatives(self) -> bool:
        """Whether parents and other relatives take part, and not colleagues."""
        return self.audience == self.Audience.RELATIVES

    def serve_preview(self, request, mode_name):
        """What the author sees beside the form: the package as a line of dates, with what is wrong."""
        from mentoring.timeline import preview_of  # noqa: PLC0415

        return TemplateResponse(request, "mentoring/cms/timeline.html", preview_of(self))


class Step(Orderable):
    """One step of a package, in order.

    MODULES: the next `module_count` modules of the course. WORK: work without an online course, said in `text`.
    MEETING: `minutes` long. NOTE: the final note. `agenda`, `topics` and `prompts` have one item a line; a line of
    the agenda begins with its minutes ("30 Innledning"). `guide` is for mentors only.
    """

    class Kind(models.TextChoices):
        MODULES = "modules", _("moduler i nettkurset")
        WORK = "work", _("arbeid på egen hånd")
        MEETING = "meeting", _("møte")
        NOTE = "note", _("refleksjonsnotat")

    package = ParentalKey(Package, on_delete=models.CASCADE, related_name="steps")
    kind = models.CharField(_("steg"), max_length=10, choices=Kind.choices)
    title = models.CharField(_("tittel"), max_length=120, blank=True)
    module_count = models.PositiveSmallIntegerField(_("antall moduler"), null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(_("lengde i minutter"), null=True, blank=True)
    text = models.TextField(_("hva deltakerne gjør"), blank=True)
    agenda = models.TextField(_("program"), blank=True, help_text=_("Én linje for hver del, minuttene først."))
    topics = models.TextField(_("temaer"), blank=True, help_text=_("Ett tema på hver linje."))
    prompts = models.TextField(_("spørsmål til samtalen"), blank=True, help_text=_("Ett spørsmål på hver linje."))
    material = models.TextField(_("materiell"), blank=True, help_text=_("En tittel og en lenke på hver linje."))
    guide = models.TextField(_("veiledning til mentoren"), blank=True, help_text=_("Bare mentoren ser dette."))

    class Meta(Orderable.Meta):
        verbose_name = _("steg")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(kind="modules") | models.Q(module_count__gte=1), name="modules_step_has_a_count"
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="meeting") | models.Q(minutes__gte=SHORTEST, minutes__lte=LONGEST),
                name="meeting_step_has_a_length",
            ),
        ]

    def __str__(self):
        return self.title or self.get_kind_display()

    def clean(self):
        """Says beside the field what each kind of step needs."""
        super().clean()
        if self.kind == self.Kind.MODULES and not self.module_count:
            raise ValidationError({"module_count": _("Skriv hvor mange moduler.")})
        if self.kind == self.Kind.MEETING and not (self.minutes and SHORTEST <= self.minutes <= LONGEST):
            words = {"least": SHORTEST, "most": LONGEST}
            raise ValidationError({"minutes": _("Et møte varer fra %(least)s til %(most)s minutter.") % words})
        if self.kind == self.Kind.WORK and not self.text.strip():
            raise ValidationError({"text": _("Skriv hva deltakerne gjør på egen hånd.")})


class Round(models.Model):
    """A round of applications to a package: how many groups there is room for (R073, R074)."""

    package = models.ForeignKey(Package, models.PROTECT, related_name="rounds", verbose_name=_("pakke"))
    name = models.CharField(_("runde"), max_length=60, help_text=_("For eksempel «våren 2027»."))
    places = models.PositiveSmallIntegerField(_("plass til så mange grupper"))
    opens_on = models.DateField(_("åpner"), null=True, blank=True)
    closes_on = models.DateField(_("søknadsfrist"), null=True, blank=True)

    class Meta:
        verbose_name = _("søknadsrunde")
        verbose_name_plural = _("søknadsrunder")
        ordering = ["-opens_on", "-pk"]
        constraints = [models.UniqueConstraint(fields=["package", "name"], name="round_named_once_per_package")]

    def __str__(self):
        return f"{self.package} – {self.name}"


class MentorQualification(models.Model):
    """Who may lead which package: training completed, valid until. Dates are local and inclusive (R054)."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="qualifications", verbose_name=_("mentor")
    )
    package = models.ForeignKey(Package, models.PROTECT, related_name="qualifications", verbose_name=_("pakke"))
    trained_on = models.DateField(_("fullførte mentoropplæring"), null=True, blank=True)
    valid_until = models.DateField(_("gjelder til og med"), null=True, blank=True)

    class Meta:
        verbose_name = _("mentorgodkjenning")
        verbose_name_plural = _("mentorregister")
        ordering = ["package", "person"]
        constraints = [models.UniqueConstraint(fields=["person", "package"], name="mentor_qualified_once_per_package")]

    def __str__(self):
        return f"{self.person} – {self.package}"
