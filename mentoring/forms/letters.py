"""What a mentor writes to the group."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mentoring.models import GroupLetter


class LetterForm(forms.Form):
    """A letter. `token` is made with the empty form and follows it, so that it is sent once."""

    subject = forms.CharField(
        label=_("Emne"), max_length=120, error_messages={"required": _("Skriv hva brevet gjelder.")}
    )
    text = forms.CharField(
        label=_("Brev"),
        max_length=GroupLetter._meta.get_field("text").max_length,
        help_text=_(
            "Alle i gruppen får det samme brevet. Skriv ikke navn eller annet som kan vise hvilket barn, "
            "hvilken familie eller hvilken kollega det gjelder."
        ),
        widget=forms.Textarea(attrs={"rows": 10}),
        error_messages={"required": _("Skriv noe i brevet.")},
    )
    answer_to_mentor = forms.BooleanField(
        label=_("De kan svare meg på e-post"),
        help_text=_("Da ser de e-postadressen din. Ellers går svar til senteret."),
        required=False,
    )
    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("token", uuid.uuid4())
