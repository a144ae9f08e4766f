"""Sheets on which the rows of a year are written, one for each kind: many rows at once, checked together."""

import hashlib
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.reports.models import CapacityRow, KnownGap, Offering, OtherFigure, ScoreRow, StayRow, WebFigure

NEW_ROWS = 3
MOST_ROWS = 300
# Two rows of these may be called the same; one that is in every field as one that is there was sent twice.
NOT_UNIQUE = (Offering, WebFigure)
ANSWERS = ("answered", "invited", "stated_n")


class RowForm(forms.ModelForm):
    """One row. Its year is the sheet's, and is checked with it."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        # What the row is called as it is kept, whatever is written in it now; "" for a new one.
        self.name = str(self.instance).rpartition(",")[0] or str(self.instance) if self.instance.pk else ""
        for field in self.fields.values():
            if isinstance(field, forms.TypedChoiceField) and field.choices[0][0] == "":
                field.choices = [("", _("Velg")), *field.choices[1:]]

    def _get_validation_exclusions(self):
        # The year stands in no field, but what is told once a year has to be looked for.
        return super()._get_validation_exclusions() - {"year"}


class RowSheet(forms.BaseModelFormSet):
    """The rows of one kind and year, with some empty ones to fill in."""

    year: int

    def _construct_form(self, i, **kwargs):
        form = super()._construct_form(i, **kwargs)
        form.instance.year = self.year
        return form

    def add_fields(self, form, index):
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("Slett raden")
        gone = _("En rad er slettet av noen andre i mellomtiden. Åpne arket på nytt.")
        form.fields[self.model._meta.pk.name].error_messages["invalid_choice"] = gone

    def save(self, commit=True):
        """The rows; who answered a survey is told on one of its rows."""
        saved = super().save(commit)
        if self.model is ScoreRow:
            _share_answers(self.year)
        return saved

    def save_new(self, form, commit=True):
        told = {name: getattr(form.instance, name) for name in form._meta.fields}
        same = self.model.objects.filter(year=self.year, **told).first() if self.model in NOT_UNIQUE else None
        return same or super().save_new(form, commit)


class StayForm(forms.Form):
    """How many of each kind took part in one stay; empty is nobody, or not known."""

    title = forms.CharField(label=gettext_lazy("Tilbud"), max_length=120)
    before = forms.CharField(required=False, widget=forms.HiddenInput)
    DELETE = forms.BooleanField(label=gettext_lazy("Slett raden"), required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        last = self.fields.pop("DELETE")
        for who, label in StayRow.Who.choices:
            words = str(label).capitalize()
            self.fields[who] = forms.IntegerField(label=words, min_value=0, max_value=10**6, required=False)
        self.fields["DELETE"] = last

    @property
    def name(self) -> str:
        """What the row is called; "" for a new one."""
        return self.initial.get("title", "")


class StaySheet(forms.BaseFormSet):
    """The stays of a year, a row for each."""

    year: int

    def clean(self):
        """No two stays with one name."""
        names = [form.cleaned_data["title"] for form in self._told()]
        if len(set(names)) < len(names):
            raise ValidationError(_("To rader har samme navn. Gi dem hvert sitt."))

    def save(self) -> None:
        """Writes the counts of each stay in place of those there."""
        for form in (form for form in self.forms if form.cleaned_data):
            told = form.cleaned_data
            names = {told["title"], told["before"]} if form in self._told() else {told["before"]}
            StayRow.objects.filter(year=self.year, title__in=names - {""}).delete()
        for form in self._told():
            told = form.cleaned_data
            counts = {who: told[who] for who in StayRow.Who.values}
            # A stay of which nothing is known yet keeps its name in one row.
            known = {who: count for who, count in counts.items() if count is not None} or {StayRow.Who.FAMILIES: None}
            StayRow.objects.bulk_create(
                StayRow(year=self.year, title=told["title"], who=who, count=count) for who, count in known.items()
            )

    def _told(self) -> list[Any]:
        # A row without its name is refused by itself.
        return [form for form in self.forms if form.cleaned_data.get("title") and not form.cleaned_data.get("DELETE")]


FIELDS: dict[type[models.Model], list[str]] = {
    Offering: ["kind", "title", "physical", "digital", "phone", "hybrid", "participants", "attended_there"]
    + ["attended_digitally", "attended_by_phone", "people", "detail"],
    CapacityRow: ["title", "unit", "rounds", "capacity", "applied", "offered", "other_offer", "refused", "completed"]
    + ["transferred", "withdrawn", "detail"],
    WebFigure: ["what", "place", "count", "source"],
    ScoreRow: ["survey", "item", "mean", "scale", "answered", "invited", "stated_n"],
    OtherFigure: ["section", "what", "count", "unit", "detail"],
    KnownGap: ["text"],
}
# By the last part of the address: the rows, the title, and what to know.
SHEETS: dict[str, tuple[type[models.Model], Any, Any]] = {
    "kapasitet": (
        CapacityRow,
        gettext_lazy("Kapasitet og søknader"),
        gettext_lazy("Egne søknadsrunder telles av systemet og skal ikke stå her."),
    ),
    "opphold": (
        StayRow,
        gettext_lazy("Deltakere på opphold og samlinger"),
        gettext_lazy("La feltet stå tomt når ingen kom, eller når dere ikke vet det. Summene regnes ut."),
    ),
    "tilbud": (
        Offering,
        gettext_lazy("Tilbud"),
        gettext_lazy(
            "Skriv hvor mange tilbud det var i hver form. Deltakelser er oppmøter: den som kom to ganger, teller to "
            "ganger. Nettkurs og opplæringspakker telles av systemet."
        ),
    ),
    "nett": (
        WebFigure,
        gettext_lazy("Nettet"),
        gettext_lazy("Besøkende, sidevisninger og avspillinger er tre ulike ting, og får hver sin rad."),
    ),
    "tilbakemeldinger": (
        ScoreRow,
        gettext_lazy("Tilbakemeldinger"),
        gettext_lazy(
            "Én rad for hvert spørsmål. Skriv hvor mange som svarte og ble spurt på den første raden, så gjelder det "
            "hele undersøkelsen. Finnes det ikke tall, lar du gjennomsnittet stå tomt."
        ),
    ),
    "andre": (OtherFigure, gettext_lazy("Andre tall"), gettext_lazy("Rader med samme overskrift kommer i én tabell.")),
    "merknader": (
        KnownGap,
        gettext_lazy("Merknader"),
        gettext_lazy("Skriv det leseren må vite om tallene, for eksempel der to kilder ikke sier det samme."),
    ),
}


def sheet_of(slug: str, year: int, data: Any = None) -> Any:
    """The sheet of `year` under `slug` (a key of SHEETS), filled with `data` when something was sent."""
    data = None if data is None else _as_told(data)
    model = SHEETS[slug][0]
    if model is StayRow:
        return _stay_sheet(year, data)
    made = forms.modelformset_factory(
        model,
        form=RowForm,
        formset=RowSheet,
        fields=FIELDS[model],
        localized_fields=["mean"],
        widgets={"mean": forms.TextInput({"inputmode": "decimal"})},
        extra=NEW_ROWS,
        can_delete=True,
        absolute_max=MOST_ROWS,
        max_num=MOST_ROWS,
    )
    made.year = year
    return made(data, queryset=model.objects.filter(year=year).order_by("pk"), prefix="rad")


def _as_told(data: Any) -> Any:
    """What was sent; nothing, when it says that it has more rows than a sheet may have, or than came with it."""
    told = data.get("rad-TOTAL_FORMS", "")
    is_number = told.isascii() and told.isdecimal() and len(told) < 6
    return data if is_number and int(told) <= min(MOST_ROWS, len(data)) else {}


def _stay_sheet(year: int, data: Any) -> StaySheet:
    stays: dict[str, dict[str, Any]] = {}
    for row in StayRow.objects.filter(year=year).order_by("pk"):
        stays.setdefault(row.title, {"title": row.title, "before": row.title})[row.who] = row.count
    made = forms.formset_factory(StayForm, formset=StaySheet, extra=NEW_ROWS, absolute_max=MOST_ROWS, max_num=MOST_ROWS)
    made.year = year
    return made(data, initial=list(stays.values()), prefix="rad")


def named_rows(sheet: Any) -> list[tuple[str, Any]]:
    """The rows of a sheet with what each is called; new ones by their number: «Ny rad 2»."""
    named, new = [], 0
    for form in sheet:
        new += not form.name
        named.append((form.name or _("Ny rad %(number)s") % {"number": new}, form))
    return named


def fingerprint_of(slug: str, year: int) -> str:
    """Says whether the rows of a sheet are what somebody looked at."""
    rows = SHEETS[slug][0]._default_manager.filter(year=year).order_by("pk").values_list()
    return hashlib.sha256(repr(list(rows)).encode()).hexdigest()[:16]


def save_sheet(sheet: Any, *, is_as_seen: bool = True) -> bool:
    """Saves a sheet that is right, all of it or nothing, and returns whether it was.

    Where the rows are not as they were seen, nothing is written over what somebody else wrote. The same form sent twice
    changes no row that is there, and goes on.
    """
    if not sheet.is_valid():
        return False
    if not is_as_seen and any(set(form.changed_data) - {"before"} for form in sheet.initial_forms):
        sheet._non_form_errors = sheet.error_class(
            [_("Noen andre har skrevet i arket i mellomtiden. Åpne arket på nytt, og skriv endringene dine igjen.")]
        )
        return False
    try:
        with transaction.atomic():
            sheet.save()
    except IntegrityError:
        sheet._non_form_errors = sheet.error_class(
            [_("To rader heter det samme, eller noen andre skrev her samtidig. Åpne arket på nytt.")]
        )
        return False
    return True


def _share_answers(year: int) -> None:
    """Where one row of a survey alone says who answered, it says so for all of them."""
    surveys: dict[str, list[ScoreRow]] = {}
    for row in ScoreRow.objects.filter(year=year):
        surveys.setdefault(row.survey, []).append(row)
    for survey, own in surveys.items():
        told = [row for row in own if any(getattr(row, name) is not None for name in ANSWERS)]
        if len(told) == 1 < len(own):
            answers = {name: getattr(told[0], name) for name in ANSWERS}
            ScoreRow.objects.filter(year=year, survey=survey).update(**answers)
