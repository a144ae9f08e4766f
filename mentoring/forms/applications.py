"""What a workplace writes when it asks for a group, and what administrators write when they answer."""

import re
import unicodedata
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.module_loading import import_string
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from mentoring.applications import FACTS, LARGEST, SMALLEST
from mentoring.models import Application, GroupKind, Package, Round
from mentoring.register import who_may_lead
from mentoring.rounds import free_places

PHONE = re.compile(r"\+?[\d ()-]+")
CONTROL = {"Cc", "Cf"}
KEPT = "\n\u200c\u200d"


def one_line(text: str) -> str:
    """The text on one line, without signs that cannot be seen."""
    return " ".join(_seen(text.replace("\n", " ")).split())


def _seen(text: str) -> str:
    return "".join(sign for sign in text if sign in KEPT or sign.isspace() or unicodedata.category(sign) not in CONTROL)


class ApplicationForm(forms.Form):
    """The application on one page. Nothing about children is asked for (R120)."""

    workplace = forms.CharField(
        label=_("Arbeidssted"),
        help_text=_("Navnet på barnehagen, avdelingen, tjenesten eller laget. Gruppen får dette navnet."),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
        error_messages={"required": _("Skriv hvor dere arbeider.")},
    )
    kind = forms.ChoiceField(
        label=_("Hvem skal være med?"),
        choices=[(value, capfirst(label)) for value, label in GroupKind.choices if value != GroupKind.RELATIVES],
        widget=forms.RadioSelect,
        error_messages={"required": _("Velg det som passer best.")},
    )
    expected_size = forms.IntegerField(
        label=_("Hvor mange er dere omtrent?"),
        min_value=SMALLEST,
        max_value=LARGEST,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "required": _("Skriv et tall. Det er nok med omtrent."),
            "invalid": _("Skriv et helt tall."),
            "min_value": _("En gruppe er minst to personer. Er du alene, kan du ta nettkurset på egen hånd."),
            "max_value": _("Det er flere enn en gruppe kan være. Ta kontakt med senteret."),
        },
    )
    phone = forms.CharField(
        label=_("Telefon"),
        help_text=_("Hvis senteret eller mentoren kan ringe deg."),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    wishes = forms.CharField(
        label=_("Ønsker"),
        help_text=_(
            "Tema, tider eller annet som er viktig for dere. Ikke skriv om barn eller familier, "
            "og ikke noe om helsen til noen."
        ),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    field_order = ("round", "workplace", "kind", "municipality", "expected_size", "phone", "wishes")

    def __init__(self, *args: Any, package: Package, rounds: list[Round], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["municipality"] = municipality_field(self.initial.get("municipality"))
        self.fields["expected_size"].help_text = gettext(
            "Det er plass til %(places)s i en gruppe. Er dere flere, skriv det likevel."
        ) % {"places": package.max_members}
        if len(rounds) > 1:
            self.fields["round"] = forms.ModelChoiceField(
                Round.objects.filter(pk__in=[one.pk for one in rounds]),
                label=_("Når vil dere begynne?"),
                empty_label=None,
                initial=rounds[0],
                widget=forms.RadioSelect,
            )
            self.fields["round"].label_from_instance = lambda one: one.name
        if package.is_for_relatives:
            self._ask_relatives()
        self.order_fields(self.field_order)

    def _ask_relatives(self) -> None:
        """Parents come as they are: not from a workplace, and there is one kind of group for them (R024)."""
        name = self.fields["workplace"]
        name.label, name.help_text = gettext("Hva skal gruppen hete?"), gettext("For eksempel «Foreldre i Fjellro».")
        name.error_messages["required"] = gettext("Skriv hva gruppen skal hete.")
        del name.widget.attrs["autocomplete"]
        self.fields["municipality"].help_text = gettext("Der de fleste av dere bor.")
        self.fields["expected_size"].error_messages["min_value"] = gettext("En gruppe er minst to personer.")
        del self.fields["kind"]

    def clean_workplace(self) -> str:
        name = one_line(self.cleaned_data["workplace"])
        if not any(sign.isalnum() for sign in name):
            raise ValidationError(gettext("Skriv navnet med bokstaver."))
        return name

    def clean_phone(self) -> str:
        phone = one_line(self.cleaned_data["phone"])
        digits = sum(sign.isdecimal() for sign in phone)
        if phone and (not PHONE.fullmatch(phone) or not 3 <= digits <= 15):
            raise ValidationError(gettext("Skriv telefonnummeret med tall, for eksempel 55 55 01 23."))
        return phone

    def clean_wishes(self) -> str:
        return _seen(self.cleaned_data["wishes"].replace("\r\n", "\n")).strip()

    @property
    def facts(self) -> dict[str, Any]:
        """What the application says, when the form is valid."""
        said = {"kind": GroupKind.RELATIVES} | self.cleaned_data
        return {name: said[name] for name in FACTS}


def municipality_field(own: Any = None) -> forms.ModelChoiceField:
    """The municipalities of today by county, and `own` though it has ended since."""
    # The list and its order belong to accounts, which stand above; settings name the field.
    field = import_string(settings.MUNICIPALITY_FIELD)
    places = Application._meta.get_field("municipality").remote_field.model.objects
    return field(
        label=_("Kommune"),
        queryset=places.filter(Q(pk__in=places.holding()) | Q(pk=getattr(own, "pk", own))),
        empty_label=_("Velg kommune"),
        help_text=_("Der arbeidsstedet ligger."),
        error_messages={"required": _("Velg kommunen.")},
    )


class WithdrawForm(forms.Form):
    """Why a workplace takes its application back (R072)."""

    reason = forms.CharField(
        label=_("Hvorfor trekker dere søknaden?"),
        help_text=_("En setning er nok, for eksempel «vi får det ikke til i vår». Ikke skriv om helse."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Skriv kort hvorfor. Det hjelper senteret å lage bedre tilbud.")},
    )


class AnswerForm(forms.Form):
    """A reason that the contact person reads."""

    reason = forms.CharField(
        label=_("Begrunnelse"),
        help_text=_(
            "Kontaktpersonen får dette på e-post, slik det står. Ikke skriv om helse eller andre private ting."
        ),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, application: Application, needs_reason: bool = True, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.application = application
        if not needs_reason:
            self.fields["reason"].required = False
            self.fields["reason"].label = _("Begrunnelse (frivillig)")


class WideChoiceField(forms.ModelChoiceField):
    """A list that keeps within its column, however long its lines are."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, widget=forms.Select(attrs={"class": "w-w-full"}), **kwargs)


class RoundField(WideChoiceField):
    """A round with what is left of its places."""

    def label_from_instance(self, obj: Round) -> str:
        left = free_places(obj)
        return _("%(round)s (%(left)s av %(places)s plasser ledige)") % {
            "round": obj.name,
            "left": max(0, left),
            "places": obj.places,
        }


class MentorField(WideChoiceField):
    """A mentor by name, with what they lead already. A list lets itself be searched by typing, however long."""

    def label_from_instance(self, obj: Any) -> str:
        words = ngettext("leder %(count)s gruppe nå", "leder %(count)s grupper nå", obj.leads)
        return f"{obj.name} ({obj.email}), {words % {'count': obj.leads}}"


class OfferForm(AnswerForm):
    """What the group is called, in which round, who leads it when that is known, and a greeting."""

    name = forms.CharField(label=_("Navn på gruppen"), max_length=120)
    round = RoundField(Round.objects.none(), label=_("Runde"), required=False, empty_label=_("Ingen runde"))
    mentor = MentorField(
        None,
        to_field_name="email",
        label=_("Mentor (frivillig)"),
        required=False,
        empty_label=_("Ikke bestemt ennå"),
        help_text=_(
            "De som kan lede denne pakken nå. Mangler noen, legg dem inn i mentorregisteret først. "
            "Gruppen kan ikke starte uten mentor."
        ),
        error_messages={"invalid_choice": _("Denne personen kan ikke lede pakken nå. Velg en fra listen.")},
    )
    field_order = ("name", "round", "mentor", "reason")

    def __init__(self, *args: Any, application: Application, **kwargs: Any):
        kwargs["initial"] = {"name": application.workplace, "round": application.round} | kwargs.get("initial", {})
        super().__init__(*args, application=application, needs_reason=False, **kwargs)
        rounds = application.package.rounds.all()
        self.fields["round"].queryset = rounds
        if not rounds:
            del self.fields["round"]
        self.fields["mentor"].queryset = who_may_lead(application.package)
        self.fields["reason"].label = _("Hilsen til kontaktpersonen (frivillig)")

    def clean_name(self) -> str:
        return one_line(self.cleaned_data["name"])


class TransferForm(AnswerForm):
    """To which round an offer is moved."""

    to = RoundField(Round.objects.none(), label=_("Flytt til"))
    field_order = ("to", "reason")

    def __init__(self, *args: Any, application: Application, **kwargs: Any):
        super().__init__(*args, application=application, needs_reason=False, **kwargs)
        self.fields["to"].queryset = application.package.rounds.exclude(pk=application.round_id)
