"""Asking for a way to somebody's notes in an emergency."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mentoring.glass import SHORTEST_REASON
from mentoring.models import LearningGroup, Membership


class AskForm(forms.Form):
    """Which member's notes, and why. The author gets to read the reason."""

    group = forms.ModelChoiceField(label=_("Gruppe"), queryset=LearningGroup.objects.order_by("name__in_order"))
    email = forms.EmailField(label=_("E-postadressen til den som har skrevet"))
    reason = forms.CharField(
        label=_("Begrunnelse"),
        min_length=SHORTEST_REASON,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Minst 15 tegn. Forfatteren får lese den. Skriv ikke navn på barn eller familier."),
    )

    def clean(self) -> dict[str, Any]:
        """Finds the member by group and address."""
        said = super().clean() or {}
        if "group" in said and "email" in said:
            found = Membership.objects.filter(group=said["group"], member__email__iexact=said["email"])
            said["membership"] = found.select_related("member", "group").first()
            if said["membership"] is None:
                raise ValidationError(_("Ingen med den adressen er eller har vært med i gruppen."))
        return said
