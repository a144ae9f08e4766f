"""When and how meetings are held, as mentors fill it in."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from mentoring.models import Meeting, Package
from mentoring.scheduling import LONGEST, SHORTEST, Slot, refusal_of
from mentoring.walltime import TWICE, problem_of

FIRST_OR_SECOND = [("0", _("Første gang, før klokken stilles tilbake")), ("1", _("Andre gang, etterpå"))]

# In a plan: every meeting keeps its own way of meeting.
EACH = "each"
YEAR = _("Se etter om årstallet er riktig.")
# Rules say what is too far away; beyond these years dates cannot be counted with.
DAYS = [MinValueValidator(date(1950, 1, 1), YEAR), MaxValueValidator(date(2150, 12, 31), YEAR)]
HOW_LONG = _("Et møte varer fra et kvarter (15) til tolv timer (720).")


def day_field(**more: Any) -> forms.DateField:
    """A date as the browser lets one choose it."""
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(
        widget=widget,
        input_formats=["%Y-%m-%d", "%d.%m.%Y"],
        validators=DAYS,
        error_messages={"required": _("Velg en dato."), "invalid": _("Skriv datoen som 03.03.2026.")},
        **more,
    )


def clock_field(**more: Any) -> forms.TimeField:
    """A time of the day, hours and minutes."""
    widget = forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    return forms.TimeField(
        widget=widget,
        input_formats=["%H:%M", "%H.%M", "%H:%M:%S"],
        error_messages={"required": _("Velg et klokkeslett."), "invalid": _("Skriv klokkeslettet som 14.00.")},
        **more,
    )


class SlotForm(forms.Form):
    """A wall time. Where the clock shows it twice, it asks which one is meant (D14)."""

    day = day_field(label=_("Dato"))
    clock = clock_field(label=_("Klokkeslett"))
    # What speaks against the day, once somebody looks it over.
    remark = ""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        day, clock = self._given("day"), self._given("clock")
        if day and clock and problem_of(day, clock) == TWICE:
            self.fields["fold"] = forms.ChoiceField(
                label=_("Klokken stilles tilbake den natten. Hvilken gang mener du?"),
                choices=FIRST_OR_SECOND,
                widget=forms.RadioSelect,
                error_messages={"required": _("Dette klokkeslettet kommer to ganger. Velg hvilken du mener.")},
            )

    def _given(self, name: str) -> Any:
        if not self.is_bound:
            return self.initial.get(name)
        try:
            return self.fields[name].to_python(self.data.get(self.add_prefix(name)))
        except ValidationError:
            return None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        day, clock = cleaned.get("day"), cleaned.get("clock")
        if day and clock and (sentence := refusal_of(day, clock, 0)):
            self.add_error("clock", sentence)
        return cleaned

    @property
    def slot(self) -> Slot:
        """The time, when the form is valid."""
        fold = self.cleaned_data.get("fold")
        return Slot(self.cleaned_data["day"], self.cleaned_data["clock"], int(fold) if fold else 0)

    @property
    def shown_day(self) -> date | None:
        """The date as it stands in the form now."""
        return self._given("day")

    def differs_from(self, meeting: Meeting) -> bool:
        """Whether it says another time than the meeting has."""
        return (self._given("day"), self._given("clock")) != (meeting.day, meeting.clock)


class HowForm(forms.Form):
    """How meetings are held. Place or link may come later; nobody is invited before (R022)."""

    form = forms.ChoiceField(
        label=_("Hvordan møtes dere?"),
        choices=[(value, capfirst(label)) for value, label in Meeting.Form.choices],
        widget=forms.RadioSelect,
        error_messages={"required": _("Velg hvordan dere møtes.")},
    )
    place = forms.CharField(
        label=_("Sted"),
        help_text=_("Rom og adresse. Står i kalenderen, så skriv ikke noe om barn eller diagnoser."),
        max_length=200,
        required=False,
    )
    link = forms.URLField(
        label=_("Lenke til møtet"),
        help_text=_("Står bare på møtesiden, der de i gruppen er logget inn."),
        max_length=500,
        required=False,
        assume_scheme="https",
        error_messages={"invalid": _("Lenken skal begynne med https://")},
    )

    @property
    def how(self) -> dict[str, str]:
        """What it says, when valid; what does not belong to the chosen way is left out."""
        chosen = self.cleaned_data["form"]
        place = self.cleaned_data["place"] if chosen != Meeting.Form.DIGITAL else ""
        link = self.cleaned_data["link"] if chosen != Meeting.Form.PHYSICAL else ""
        return {"form": chosen, "place": place, "link": link}


class SeriesForm(HowForm):
    """A whole series: the first date, how often, at what time, and how."""

    first = day_field(label=_("Første dato"))
    clock = clock_field(label=_("Klokkeslett"))
    rhythm = forms.ChoiceField(
        label=_("Hvor ofte?"),
        choices=Package.Rhythm.choices,
        help_text=_("«Hver måned» er samme ukedag, for eksempel andre tirsdag i måneden."),
    )
    field_order = ("first", "clock", "rhythm", "form", "place", "link")


class PlanForm(HowForm):
    """How all meetings of a plan are held; each time is a `SlotForm` beside it.

    Where meetings are held in different ways already, they may stay so.
    """

    def __init__(self, *args: Any, differ: bool = False, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if differ:
            field = self.fields["form"]
            field.choices = [(EACH, _("Som det står på hvert møte")), *field.choices]

    @property
    def how(self) -> dict[str, str]:
        """As in every form of this kind; nothing when each meeting keeps what it has."""
        return {} if self.cleaned_data["form"] == EACH else super().how


class MeetingForm(HowForm):
    """Everything of one meeting but its time (R033)."""

    minutes = forms.IntegerField(
        label=_("Lengde i minutter"),
        min_value=SHORTEST,
        max_value=LONGEST,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages=dict.fromkeys(["required", "invalid", "min_value", "max_value"], HOW_LONG),
    )
    title = forms.CharField(label=_("Tittel"), max_length=120, error_messages={"required": _("Gi møtet en tittel.")})
    agenda = forms.CharField(
        label=_("Program"),
        help_text=_("Én linje for hver del, minuttene først: «30 Innledning»."),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    topics = forms.CharField(
        label=_("Temaer"), max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    prompts = forms.CharField(
        label=_("Spørsmål til samtalen"),
        help_text=_("Ett spørsmål på hver linje."),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    before = forms.CharField(
        label=_("Før møtet"),
        help_text=_("Det deltakerne gjør før møtet, utenom modulene. Står i e-posten."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    material = forms.CharField(
        label=_("Materiell"),
        help_text=_("En tittel og en lenke på hver linje. Alle i gruppen ser det, før og etter møtet."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    field_order = ("form", "place", "link", "minutes", "title", "topics", "prompts", "agenda", "before", "material")

    WORDS = ("minutes", "title", "agenda", "topics", "prompts", "before", "material")

    @property
    def changed(self) -> dict[str, Any]:
        """All fields, when the form is valid."""
        return self.how | {name: self.cleaned_data[name] for name in self.WORDS}
