"""What administrators write about groups. Everything goes through the rules of `mentoring.groups`."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from mentoring.calendar_format import one_line
from mentoring.forms.packages import confirmed_people
from mentoring.forms.people import PersonByEmailField
from mentoring.groups import check_new, create_group, set_contact
from mentoring.models import LearningGroup, Package

FACTS = ("name", "kind", "workplace", "municipality", "max_members")


class GroupForm(WagtailAdminModelForm):
    """A group that is there: its package stays, its mentor is changed by handing over."""

    contact = PersonByEmailField(
        label=_("Kontaktpersonens e-postadresse"),
        help_text=_("Den som inviterer deltakerne."),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["contact"].queryset = confirmed_people()
        self.former_contact = self.instance.contact_id

    def clean_name(self) -> str:
        """The name on one line: it stands in subjects of mails (S21)."""
        if name := one_line(self.cleaned_data["name"]):
            return name
        raise ValidationError(gettext("Gi gruppen et navn."))

    def clean_max_members(self) -> int | None:
        places = self.cleaned_data["max_members"]
        present = self.instance.memberships.filter(left_at=None).count() if self.instance.pk else 0
        if places == 0:
            raise ValidationError(gettext("En gruppe har minst én plass."))
        if places is not None and places < present:
            raise ValidationError(gettext("Gruppen har %(present)s deltakere nå.") % {"present": present})
        return places

    def save(self, commit: bool = True) -> LearningGroup:
        self.instance.contact_id = self.former_contact
        group = super().save(commit=False)
        if commit:
            # Nothing else of the row: who leads the group may have changed since it was read.
            group.save(update_fields=FACTS)
            set_contact(group, self.cleaned_data["contact"], by=self.for_user)
        return group


class NewGroupForm(GroupForm):
    """A group made by an administrator."""

    mentor = PersonByEmailField(
        label=_("Mentorens e-postadresse"),
        help_text=_("Kan stå tomt til mentoren er bestemt. Gruppen starter ikke uten."),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mentor"].queryset = confirmed_people()
        self.fields["package"].queryset = Package.objects.order_by("name__in_order")

    def _post_clean(self) -> None:
        super()._post_clean()
        if not self.errors:
            try:
                check_new(self.instance)
            except ValidationError as refusal:
                self.add_error(None, refusal)

    def save(self, commit: bool = True) -> LearningGroup:
        facts = {name: self.cleaned_data[name] for name in (*FACTS, "package", "mentor", "contact")}
        self.instance = create_group(by=self.for_user, **facts)
        return self.instance


class HandOverForm(forms.Form):
    """Who leads the group from now on."""

    mentor = PersonByEmailField(label=_("Den nye mentorens e-postadresse"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mentor"].queryset = confirmed_people()
