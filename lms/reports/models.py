"""What the yearly report needs and the product cannot count itself; and who has looked at exact numbers.

Numbers of courses, packages, groups and meetings are never stored here: they are counted from facts, until a year is
closed and what it said then is kept.
"""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class ReportReading(models.Model):
    """That somebody saw or fetched exact numbers, and of what (P7, P13). `view` is the filter in the address."""

    class Form(models.TextChoices):
        PAGE = "page", _("siden")
        CSV = "csv", _("CSV-fil")
        XLSX = "xlsx", _("Excel-fil")
        DOCX = "docx", _("Word-fil")
        PDF = "pdf", _("PDF-fil")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("hvem"))
    form = models.CharField(_("hva"), max_length=5, choices=Form.choices)
    view = models.CharField(_("utvalg"), max_length=500, blank=True)
    at = models.DateTimeField(_("når"), auto_now_add=True)

    class Meta:
        verbose_name = _("lesing av tall")
        verbose_name_plural = _("lesing av tall")
        ordering = ["-at", "-pk"]
        permissions = [("view_exact_numbers", "Can see exact numbers")]


FIRST, LAST = 2000, 2100
YEARS = [MinValueValidator(FIRST), MaxValueValidator(LAST)]
# More than this of anything in a year is a slip of the hand, and sums of it still fit where they are kept.
MOST, MOST_OTHER = 10**7, 10**12
COUNT = [MaxValueValidator(MOST)]


class YearRow(models.Model):
    """A row of a year that somebody registers by hand, until the year is closed (R105)."""

    year = models.PositiveSmallIntegerField(_("år"), validators=YEARS)

    class Meta:
        abstract = True

    def clean(self):
        """Refuses a row of a closed year, and to move a row out of one."""
        super().clean()
        if self.year is None or not FIRST <= self.year <= LAST:
            return  # the field says so itself, and a database cannot look for any number
        before = type(self).objects.filter(pk=self.pk).values_list("year", flat=True) if self.pk else ()
        for year in ClosedYear.objects.filter(year__in={self.year, *before}):
            raise ValidationError(_("Året %(year)s er lukket. Skriv en rettelse i stedet.") % {"year": year.year})


class Offering(YearRow):
    """Offerings of one kind in a year: how many by mode, and how many took part (R100, R102, R103).

    `participants` are attendances, `people` different persons; the three `attended_` say how the attendances were,
    for a hybrid day has some of each (R060). None means that nobody knows.
    """

    class Kind(models.TextChoices):
        NETWORK = "network", _("Nettverkssamlinger")
        WEBINAR = "webinar", _("Webinarer")
        PROFESSIONAL_DAY = "professional_day", _("Fagdager")
        LOCAL_SYSTEMS = "local_systems", _("Lokale systemrettede tilbud")
        TEACHING = "teaching", _("Undervisning ved utdanningssteder")
        TALK = "talk", _("Innlegg på konferanser, kurs og fagdager")
        LOCAL_FAMILY = "local_family", _("Lokale tilbud til barn og familie")
        OTHER = "other", _("Andre tilbud")

    kind = models.CharField(_("type"), max_length=20, choices=Kind.choices)
    title = models.CharField(_("navn"), max_length=120, blank=True)
    physical = models.PositiveIntegerField(_("fysisk"), null=True, blank=True, validators=COUNT)
    digital = models.PositiveIntegerField(_("digitalt"), null=True, blank=True, validators=COUNT)
    phone = models.PositiveIntegerField(_("telefon"), null=True, blank=True, validators=COUNT)
    hybrid = models.PositiveIntegerField(_("begge deler"), null=True, blank=True, validators=COUNT)
    participants = models.PositiveIntegerField(_("deltakelser"), null=True, blank=True, validators=COUNT)
    attended_there = models.PositiveIntegerField(_("deltakelser på stedet"), null=True, blank=True, validators=COUNT)
    attended_digitally = models.PositiveIntegerField(_("deltakelser på nett"), null=True, blank=True, validators=COUNT)
    attended_by_phone = models.PositiveIntegerField(
        _("deltakelser på telefon"), null=True, blank=True, validators=COUNT
    )
    people = models.PositiveIntegerField(_("ulike personer"), null=True, blank=True, validators=COUNT)
    detail = models.CharField(_("merknad"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("tilbud")
        verbose_name_plural = _("tilbud")
        ordering = ["-year", "pk"]

    def __str__(self):
        return f"{self.title or self.get_kind_display()}, {self.year}"

    def clean(self):
        """Refuses more people than attendances, and attendances that are not the sum of their forms (R101)."""
        super().clean()
        if None not in (self.participants, self.people) and self.people > self.participants:
            raise ValidationError({"people": _("Ulike personer kan ikke være flere enn deltakelsene.")})
        told = sum(number or 0 for number in self.attended)
        if told > MOST:
            raise ValidationError({"participants": _("Deltakelsene er for mange til sammen. Se over tallene.")})
        if self.participants is None and any(number is not None for number in self.attended):
            self.participants = told
        whole = None not in self.attended
        if self.participants is not None and (told > self.participants or (whole and told != self.participants)):
            text = _("Deltakelser er %(told)s til sammen på stedet, på nett og på telefon, men her står %(number)s.")
            raise ValidationError({"participants": text % {"told": told, "number": self.participants}})

    @property
    def modes(self) -> list[int | None]:
        """How many offerings in each form."""
        return [self.physical, self.digital, self.phone, self.hybrid]

    @property
    def attended(self) -> list[int | None]:
        """Attendances on the spot, on the net, by phone, as far as they were told."""
        return [self.attended_there, self.attended_digitally, self.attended_by_phone]

    @property
    def number(self) -> int | None:
        """How many offerings: the sum of the modes, never a number of its own (R101); None before one is told."""
        known = [mode for mode in self.modes if mode is not None]
        return sum(known) if known else None

    @property
    def is_for_services(self) -> bool:
        """Whether it is not tied to one child or family."""
        return self.kind != self.Kind.LOCAL_FAMILY


class CapacityRow(YearRow):
    """Applications to something with places, over the rounds of a year (R070-R074). None means that nobody knows."""

    title = models.CharField(_("tilbud"), max_length=120)
    unit = models.CharField(_("telles i"), max_length=40, default=_("familier"))
    rounds = models.PositiveSmallIntegerField(_("runder"))
    capacity = models.PositiveSmallIntegerField(_("plasser i hver runde"))
    applied = models.PositiveIntegerField(_("søkte"), null=True, blank=True, validators=COUNT)
    offered = models.PositiveIntegerField(_("fikk plass"), null=True, blank=True, validators=COUNT)
    other_offer = models.PositiveIntegerField(_("fikk annet tilbud"), null=True, blank=True, validators=COUNT)
    refused = models.PositiveIntegerField(_("fikk avslag"), null=True, blank=True, validators=COUNT)
    completed = models.PositiveIntegerField(_("gjennomførte"), null=True, blank=True, validators=COUNT)
    transferred = models.PositiveIntegerField(_("flyttet til senere"), null=True, blank=True, validators=COUNT)
    withdrawn = models.PositiveIntegerField(_("trakk seg"), null=True, blank=True, validators=COUNT)
    detail = models.CharField(_("merknad"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("kapasitet og søknader")
        verbose_name_plural = _("kapasitet og søknader")
        ordering = ["-year", "pk"]
        constraints = [models.UniqueConstraint(fields=["year", "title"], name="capacity_told_once_a_year")]

    def __str__(self):
        return f"{self.title}, {self.year}"

    @property
    def places(self) -> int:
        """Places in all rounds."""
        return self.rounds * self.capacity


class StayRow(YearRow):
    """How many of one kind took part in stays of a year. Families are counted apart: they are no persons."""

    class Who(models.TextChoices):
        FAMILIES = "families", _("familier")
        CHILDREN = "children", _("barn med diagnose")
        PARENTS = "parents", _("foreldre")
        SIBLINGS = "siblings", _("søsken")
        GRANDPARENTS = "grandparents", _("besteforeldre")
        OTHER_RELATIVES = "other_relatives", _("andre pårørende")
        PROVIDERS = "providers", _("tjenesteytere")

    title = models.CharField(_("tilbud"), max_length=120)
    who = models.CharField(_("hvem"), max_length=20, choices=Who.choices)
    count = models.PositiveIntegerField(_("antall"), null=True, blank=True, validators=COUNT)

    class Meta:
        verbose_name = _("deltakere på opphold")
        verbose_name_plural = _("deltakere på opphold")
        ordering = ["-year", "pk"]
        constraints = [models.UniqueConstraint(fields=["year", "title", "who"], name="stay_counted_once")]

    def __str__(self):
        return f"{self.title}, {self.get_who_display()}, {self.year}"


class WebFigure(YearRow):
    """A number of the web. Visitors, page views and views of films are never one figure (R064)."""

    class What(models.TextChoices):
        VISITORS = "visitors", _("besøkende")
        PAGE_VIEWS = "page_views", _("sidevisninger")
        VIDEO_VIEWS = "video_views", _("avspillinger")

    what = models.CharField(_("hva som telles"), max_length=12, choices=What.choices)
    place = models.CharField(_("hvor"), max_length=120)
    count = models.PositiveIntegerField(_("antall"), null=True, blank=True, validators=COUNT)
    source = models.CharField(_("kilde"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("tall fra nettet")
        verbose_name_plural = _("tall fra nettet")
        ordering = ["-year", "pk"]

    def __str__(self):
        return f"{self.place}, {self.get_what_display()}, {self.year}"


class ScoreRow(YearRow):
    """The mean of one question in a year, with who was asked and who answered (R085-R089, R094).

    `answered` is also the N of the table; `stated_n` is what a source printed, kept to show where it differs (R108).
    """

    survey = models.CharField(_("undersøkelse"), max_length=160)
    item = models.CharField(_("spørsmål"), max_length=160)
    mean = models.DecimalField(_("gjennomsnitt"), max_digits=3, decimal_places=1, null=True, blank=True)
    scale = models.PositiveSmallIntegerField(_("skala, 1 til"), default=7)
    answered = models.PositiveIntegerField(_("svarte"), null=True, blank=True, validators=COUNT)
    invited = models.PositiveIntegerField(_("spurte"), null=True, blank=True, validators=COUNT)
    stated_n = models.PositiveIntegerField(_("N i kilden"), null=True, blank=True, validators=COUNT)

    class Meta:
        verbose_name = _("skår")
        verbose_name_plural = _("skår")
        ordering = ["survey", "pk"]
        constraints = [models.UniqueConstraint(fields=["year", "survey", "item"], name="item_scored_once_a_year")]

    def __str__(self):
        return f"{self.survey}: {self.item}, {self.year}"

    def clean(self):
        """Refuses a mean that is not on its scale, and more answers than people who were asked (R083, R087)."""
        super().clean()
        if self.mean is not None and self.scale and not 1 <= self.mean <= self.scale:
            text = _("Gjennomsnittet må være mellom 1 og %(scale)s.") % {"scale": self.scale}
            raise ValidationError({"mean": text})
        if None not in (self.answered, self.invited) and self.answered > self.invited:
            raise ValidationError({"answered": _("Flere kan ikke ha svart enn de som ble spurt.")})


class OtherFigure(YearRow):
    """A number that has its place under a heading of its own, for instance of those who are registered."""

    section = models.CharField(_("overskrift"), max_length=120)
    what = models.CharField(_("hva som telles"), max_length=160)
    count = models.PositiveBigIntegerField(
        _("antall"), null=True, blank=True, validators=[MaxValueValidator(MOST_OTHER)]
    )
    unit = models.CharField(_("enhet"), max_length=40, blank=True)
    detail = models.CharField(_("merknad"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("annet tall")
        verbose_name_plural = _("andre tall")
        ordering = ["-year", "pk"]
        constraints = [models.UniqueConstraint(fields=["year", "section", "what"], name="other_figure_told_once")]

    def __str__(self):
        return f"{self.section}: {self.what}, {self.year}"


class KnownGap(YearRow):
    """Where the sources of a year disagree, in words: shown, and not silently put right (R108)."""

    text = models.CharField(_("avvik"), max_length=300)

    class Meta:
        verbose_name = _("kjent avvik i kildene")
        verbose_name_plural = _("kjente avvik i kildene")
        ordering = ["-year", "pk"]
        constraints = [models.UniqueConstraint(fields=["year", "text"], name="gap_told_once")]

    def __str__(self):
        return self.text


class ClosedYear(models.Model):
    """The report of a year as it was when the year was closed. Later corrections are notes beside it."""

    year = models.PositiveSmallIntegerField(_("år"), unique=True, validators=YEARS)
    closed_at = models.DateTimeField(_("lukket"), auto_now_add=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    tables = models.JSONField()
    flags = models.JSONField(default=list)

    class Meta:
        verbose_name = _("lukket år")
        verbose_name_plural = _("lukkede år")
        ordering = ["-year"]

    def __str__(self):
        return str(self.year)


class Correction(models.Model):
    """A signed and dated note beside a frozen report: what was wrong, and what is right."""

    closed = models.ForeignKey(ClosedYear, models.PROTECT, related_name="corrections")
    text = models.TextField(_("rettelse"), max_length=1000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    # Of the form it was written in, so that the same form sent twice is one correction.
    token = models.UUIDField(null=True, unique=True, editable=False)

    class Meta:
        ordering = ["at", "pk"]
