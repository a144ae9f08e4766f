"""What one fills in to invite people, to join, and to take somebody's place."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mentoring import invitations, rosters
from mentoring.models import Package


class RosterForm(forms.Form):
    """People to invite: pasted, as a file, or both. One of the two it must be, so neither is called optional."""

    text = forms.CharField(
        label=_("Skriv inn e-postadresser"),
        help_text=_("Én person på hver linje. Du kan skrive navnet bak adressen, med komma mellom."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off", "spellcheck": "false"}),
    )
    file = forms.FileField(
        label=_("Eller velg en fil med en liste"),
        help_text=_("En CSV-fil fra for eksempel Excel, med kolonnene e-post og navn. Høyst 500 linjer."),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv,text/plain"}),
    )

    def __init__(self, *args: Any, package: Package | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.one_of_several = True
        if package and package.expected_position is not None:
            self.fields["text"].help_text = _(
                "Én person på hver linje. Du kan skrive navn og stillingsprosent bak adressen, med komma mellom."
            )
            self.fields["file"].help_text = _(
                "En CSV-fil fra for eksempel Excel, med kolonnene e-post, navn og stilling. Høyst 500 linjer."
            )

    def clean(self) -> dict[str, Any]:
        """Reads both into `roster`; a field that cannot be read says why."""
        given = super().clean() or {}
        roster = rosters.Roster()
        for name, read in (("text", self._text), ("file", self._file)):
            try:
                part = read(given.get(name))
            except ValidationError as refusal:
                self.add_error(name, refusal)
            else:
                roster.lines += part.lines
                roster.warnings += part.warnings
        if len(roster.lines) > rosters.MOST_LINES:
            words = _("Listen har %(count)s linjer. Den kan ha høyst 500.") % {"count": len(roster.lines)}
            self.add_error("file", words)
        if not roster.lines and not self.errors:
            self.add_error("text", _("Skriv minst én e-postadresse, eller velg en fil."))
        return given | {"roster": roster}

    def _text(self, text: str | None) -> rosters.Roster:
        return rosters.read_text(text or "")

    def _file(self, file: Any) -> rosters.Roster:
        if not file:
            return rosters.Roster()
        # One byte more than is allowed is enough to know that it is too much.
        return rosters.read_file(file.read(rosters.MOST_BYTES + 1))


class PositionForm(forms.Form):
    """What some packages ask about those who join (R053); nothing in the others."""

    position_percent = forms.IntegerField(
        label=_("Stillingen din i prosent"),
        help_text=_("Samlingene ventes fra de større stillingene. De andre er like velkomne."),
        min_value=1,
        max_value=100,
        error_messages={
            "required": _("Skriv stillingen som et tall fra 1 til 100."),
            "invalid": _("Skriv stillingen som et tall fra 1 til 100."),
            "min_value": _("Skriv stillingen som et tall fra 1 til 100."),
            "max_value": _("Skriv stillingen som et tall fra 1 til 100."),
        },
    )

    def __init__(self, *args: Any, asks: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if not asks:
            del self.fields["position_percent"]


class ReplaceForm(forms.Form):
    """Who takes a member's place."""

    email = forms.CharField(
        label=_("E-postadressen til den nye"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Skriv e-postadressen.")},
    )
    name = forms.CharField(label=_("Navn"), max_length=120, required=False)

    def clean_email(self) -> str:
        """The address in lower case."""
        return invitations.address_of(self.cleaned_data["email"])


class ConfirmForm(forms.Form):
    """The promise of confidentiality (R122)."""

    confirm = forms.BooleanField(
        label=_("Jeg har lest dette, og jeg lover det"),
        error_messages={"required": _("Kryss av når du har lest teksten.")},
    )
