"""How people are put into groups in /cms/."""

from django import forms
from django.utils.translation import gettext_lazy as _


class PersonByEmailField(forms.ModelChoiceField):
    """A person by their confirmed address: names are not unique, and a list of everybody is nobody's business."""

    widget = forms.EmailInput
    default_error_messages = {"invalid_choice": _("Vi finner ingen med denne adressen. Personen må ha en konto først.")}

    def __init__(self, **kwargs):
        super().__init__(queryset=None, to_field_name="email", **kwargs)

    def prepare_value(self, value):
        """The address of the person a row has already."""
        if isinstance(value, int):
            return self.queryset.filter(pk=value).values_list("email", flat=True).first() or ""
        return super().prepare_value(value)

    def to_python(self, value):
        return super().to_python(value.strip().lower() if isinstance(value, str) else value)
