"""What people type about certificates: a code to check, a name to print."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from certificates.eligibility import unmet_by_name
from certificates.issuing import tidy_code
from certificates.rendering import tidy_name


class CodeForm(forms.Form):
    """A code as somebody reads it off a certificate. Whether it exists is the next page's answer."""

    code = forms.CharField(
        label=_("Kode"),
        help_text=_("Koden står nederst på kursbeviset. Store og små bokstaver og bindestreker er uten betydning."),
        max_length=200,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "size": 34}
        ),
    )

    def clean_code(self):
        if code := tidy_code(self.cleaned_data["code"]):
            return code
        raise ValidationError(gettext("Skriv koden som står på kursbeviset."))


class NameField(forms.CharField):
    """A name that can be printed."""

    def __init__(self, **kwargs):
        kwargs.setdefault("label", _("Navn på kursbeviset"))
        super().__init__(max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}), **kwargs)

    def clean(self, value):
        name = tidy_name(super().clean(value))
        for missing in unmet_by_name(name):
            raise ValidationError(missing.sentence)
        return name


class ClaimForm(forms.Form):
    """The learner confirms the name that is printed."""

    name = NameField(
        help_text=_("Slik blir navnet trykt. Når kursbeviset er utstedt, kan navnet bare endres ved å bytte kursbevis.")
    )
