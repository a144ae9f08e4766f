"""Choosing a county and a sector. What cannot be read chooses nothing."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.openfigures.tables import Figures

# In an address, those who told none.
UNTOLD = "ikke-oppgitt"


class ChoiceOfCells(forms.Form):
    """Cells of the published table, by county and sector."""

    fylke = forms.ChoiceField(label=gettext_lazy("Fylke"), required=False)
    sektor = forms.ChoiceField(label=gettext_lazy("Sektor"), required=False)

    def __init__(self, data: Any, figures: Figures):
        super().__init__(data)
        for name, offered in (("fylke", figures.counties), ("sektor", figures.sectors)):
            choices = [(key or UNTOLD, label) for key, label in offered.items()]
            self.fields[name].choices = [("", _("alle")), *choices]
            self.fields[name].widget.attrs["class"] = "ds-input"

    def chosen(self) -> tuple[str | None, str | None]:
        """County and sector as the release names them; None for all."""
        self.is_valid()
        county, sector = (self.cleaned_data.get(name) for name in ("fylke", "sektor"))
        return _named(county), _named(sector)


def _named(value: str | None) -> str | None:
    return "" if value == UNTOLD else value or None
