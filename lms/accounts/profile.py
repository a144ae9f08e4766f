"""What a person tells about themselves: asked at sign-up, changed in "Min konto" (R009, A10)."""

import unicodedata
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from certificates.rendering import tidy_name
from lms.accounts.models import Municipality, User
from lms.norwegian import in_norwegian_order

LONGEST = 120
JOINERS = "\u200c\u200d"
FIELDS = ("name", "sector", "profession", "municipality", "workplace")


def clean_name(text: str) -> str:
    """A person's name on one line, without signs that cannot be seen (S21, S23).

    Raises ValidationError when no letter is left, or when it is longer than the database has room for.
    """
    name = _one_line(text)
    if not any(sign.isalpha() for sign in name):
        raise ValidationError(gettext("Skriv navnet ditt med bokstaver."))
    return name


def _one_line(text: str) -> str:
    # Joiners belong to the spelling of some languages; all other unseen signs only disguise.
    seen = [sign for sign in text if sign.isspace() or sign in JOINERS or unicodedata.category(sign)[0] != "C"]
    line = tidy_name("".join(seen))
    if len(line) > LONGEST:
        raise ValidationError(gettext("Det er plass til 120 tegn."))
    return line


class MunicipalitiesByCounty(forms.models.ModelChoiceIterator):
    """The municipalities below their counties, both in Norwegian order."""

    def __iter__(self) -> Iterator[Any]:
        yield "", self.field.empty_label
        places = sorted(
            self.queryset, key=lambda place: (in_norwegian_order(place.county_name), in_norwegian_order(place.name))
        )
        for county, group in groupby(places, key=lambda place: place.county_name):
            yield county, [self.choice(place) for place in group]


class MunicipalityField(forms.ModelChoiceField):
    iterator = MunicipalitiesByCounty


class ProfileFields(forms.Form):
    """Name and sector; profession, municipality and workplace for those who want to (P2).

    What sign-up asks beside the address, and the fields of `ProfileForm`.
    """

    name = forms.CharField(
        label=_("Navn"),
        help_text=_("Skriv navnet slik det skal stå på kursbeviset."),
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Skriv navnet ditt.")},
    )
    sector = forms.ChoiceField(
        label=_("Sektor"),
        help_text=_("Der du arbeider, studerer eller hører til. Brukes bare til tall uten navn."),
        choices=[("", _("Velg sektor")), *User.Sector.choices],
        error_messages={"required": _("Velg den sektoren som passer best.")},
    )
    profession = forms.ChoiceField(
        label=_("Yrke"), choices=[("", _("Velg yrke")), *User.Profession.choices], required=False
    )
    municipality = MunicipalityField(
        label=_("Kommune"), queryset=Municipality.objects.none(), empty_label=_("Velg kommune"), required=False
    )
    workplace = forms.CharField(
        label=_("Arbeidssted"),
        max_length=LONGEST,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["municipality"].queryset = Municipality.objects.holding()

    def clean_name(self) -> str:
        return clean_name(self.cleaned_data["name"])

    def clean_workplace(self) -> str:
        return _one_line(self.cleaned_data["workplace"])

    def signup(self, request: HttpRequest, user: User) -> None:
        """Called by the sign-up with the new user."""
        for field in FIELDS:
            setattr(user, field, self.cleaned_data[field])
        user.save(update_fields=FIELDS)


class ProfileForm(ProfileFields, forms.ModelForm):
    """The same, changed later. A municipality that has ended since stays until another is chosen."""

    class Meta:
        model = User
        fields = FIELDS

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        own = Q(pk__in=Municipality.objects.holding()) | Q(pk=self.instance.municipality_id)
        self.fields["municipality"].queryset = Municipality.objects.filter(own)


class EraseForm(forms.Form):
    """The last question before everything about a person is deleted."""

    keep_certificates = forms.BooleanField(
        label=_("Behold kursbevisene mine"),
        help_text=_(
            "Da kan de fortsatt kontrolleres, og navnet ditt står på dem. Uten krysset sletter vi også kursbevisene."
        ),
        required=False,
        initial=True,
    )
    confirm = forms.BooleanField(
        label=_("Jeg vil slette kontoen min"),
        error_messages={"required": _("Kryss av for at du vil slette kontoen din.")},
    )

    def __init__(self, *args, has_certificates: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not has_certificates:
            del self.fields["keep_certificates"]
