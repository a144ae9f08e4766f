"""The filter over the numbers. What it says stands in the address, so that a view can be shared."""

import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth import get_user_model
from django.forms.utils import flatatt
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.accounts.models import Municipality
from lms.norwegian import in_norwegian_order
from lms.reports.selection import Selection
from mentoring.models import GroupKind, Package
from modules.models import CoursePage

FIRST_YEAR = 2000
LEVELS = [
    ("1", gettext_lazy("1, generelt")),
    ("2", gettext_lazy("2, generalisert")),
    ("3", gettext_lazy("3, spesialisert")),
]


class ShortSelect(forms.Select):
    """A list to choose from, written here: through templates 400 options cost a tenth of the page."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        """The same as the template of Django would write."""
        chosen = "" if value is None else str(value)
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            ((key, mark_safe(" selected") if str(key) == chosen else "", words) for key, words in self.choices),
        )
        # As lms/templates/django/forms/widgets/ would: without the class it is 19 px high.
        told = flatatt(self.build_attrs(self.attrs, {"class": "ds-input", **(attrs or {}), "name": name}))
        return format_html("<select{}>{}</select>", told, options)


class SelectionForm(forms.Form):
    """A period and whom. Empty dates mean this year until today."""

    fra = forms.DateField(label=gettext_lazy("Fra og med"), required=False, widget=forms.DateInput({"type": "date"}))
    til = forms.DateField(label=gettext_lazy("Til og med"), required=False, widget=forms.DateInput({"type": "date"}))
    kurs = forms.ChoiceField(label=gettext_lazy("Kurs"), required=False, widget=ShortSelect)
    niva = forms.ChoiceField(label=gettext_lazy("Kompetansenivå"), required=False, widget=ShortSelect)
    pakke = forms.TypedChoiceField(label=gettext_lazy("Pakke"), required=False, coerce=int, empty_value=None)
    gruppetype = forms.ChoiceField(label=gettext_lazy("Hva slags gruppe"), required=False, widget=ShortSelect)
    sektor = forms.ChoiceField(label=gettext_lazy("Sektor"), required=False, widget=ShortSelect)
    yrke = forms.ChoiceField(label=gettext_lazy("Yrke"), required=False, widget=ShortSelect)
    fylke = forms.ChoiceField(label=gettext_lazy("Fylke"), required=False, widget=ShortSelect)
    kommune = forms.ChoiceField(label=gettext_lazy("Kommune"), required=False, widget=ShortSelect)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        person = get_user_model()
        municipalities = sorted(Municipality.objects.all(), key=lambda place: in_norwegian_order(place.name))
        counties = {place.county_number: place.county_name for place in municipalities if place.valid_to is None}
        self._offer("kurs", courses())
        self._offer("niva", LEVELS)
        self._offer("pakke", list(Package.objects.values_list("pk", "name")))
        self._offer("gruppetype", GroupKind.choices)
        self._offer("sektor", person.Sector.choices)
        self._offer("yrke", person.Profession.choices)
        self._offer("fylke", sorted(counties.items(), key=lambda county: in_norwegian_order(county[1])))
        self._offer("kommune", [(place.number, f"{place.name} ({place.number})") for place in municipalities])

    def _offer(self, name: str, choices: list) -> None:
        self.fields[name].choices = [("", _("alle")), *choices]

    def words(self) -> list[str]:
        """What was chosen beside the period, for instance "Sektor: Barnehage"."""
        if not self.is_valid():
            return []
        said = []
        for name, field in self.fields.items():
            if isinstance(field, forms.ChoiceField) and self.cleaned_data[name]:
                choices = {str(key): words for key, words in field.choices}
                said.append(f"{field.label}: {choices[str(self.cleaned_data[name])]}")
        return said

    def clean(self) -> dict[str, Any]:
        """The period must have a beginning before its end, and lie where there can be numbers."""
        data = super().clean()
        start, end = data.get("fra"), data.get("til")
        if start and end and start > end:
            self.add_error("fra", _("Perioden må begynne før den slutter."))
        for name, day in (("fra", start), ("til", end)):
            if day and day.year < FIRST_YEAR:
                self.add_error(name, _("Velg en dato fra og med år 2000."))
            if day and day.year > timezone.localdate().year + 1:
                self.add_error(name, _("Velg en dato som ikke ligger så langt fram."))
        return data

    def selection(self) -> Selection:
        """What was chosen; where it cannot be read, this year until today."""
        data = self.cleaned_data if self.is_valid() else {}
        today = timezone.localdate()
        end = data.get("til") or max(today, data.get("fra") or today)
        return Selection(
            start=data.get("fra") or datetime.date(end.year, 1, 1),
            end=end,
            course=UUID(data["kurs"]) if data.get("kurs") else None,
            level=data.get("niva", ""),
            package=data.get("pakke"),
            kind=data.get("gruppetype", ""),
            sector=data.get("sektor", ""),
            profession=data.get("yrke", ""),
            county=data.get("fylke", ""),
            municipality=data.get("kommune", ""),
        )


def courses() -> list[tuple[str, str]]:
    """The stable key and the title of each course, in its first language."""
    rows = CoursePage.objects.order_by("-locale__language_code").values_list("translation_key", "title", "pk")
    return sorted({str(key): title for key, title, _pk in rows}.items(), key=lambda course: course[1])
