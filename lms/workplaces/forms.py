"""What administrators write about workplaces, and what leaders write about courses and deadlines."""

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from lms.workplaces.leading import addresses_of, give_leadership
from lms.workplaces.models import Leadership, RequiredCourse, Workplace
from lms.workplaces.organisation_numbers import clean_organisation_number
from lms.workplaces.requiring import Deadline, check_deadline, courses_left
from mentoring.forms.packages import confirmed_people
from mentoring.forms.people import PersonByEmailField


class WorkplaceForm(WagtailAdminModelForm):
    """A workplace as an administrator writes it."""

    organisation_number = forms.CharField(
        label=_("Organisasjonsnummer"),
        help_text=Workplace._meta.get_field("organisation_number").help_text,
        required=False,
        # Nine digits and the spaces people put between them.
        max_length=20,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = Workplace._meta.get_field("municipality").remote_field.model.objects
        own = self.instance.municipality_id
        self.fields["municipality"] = import_string(settings.MUNICIPALITY_FIELD)(
            label=_("Kommune"),
            queryset=places.filter(Q(pk__in=places.holding()) | Q(pk=own)),
            empty_label=_("Velg kommune"),
            required=False,
        )
        self.fields["sector"] = forms.ChoiceField(
            label=_("Sektor"),
            choices=[("", _("Velg sektor")), *get_user_model().Sector.choices],
            required=False,
        )

    def clean_name(self) -> str:
        """The name on one line: it stands in the subjects of mails."""
        return " ".join(self.cleaned_data["name"].split())

    def clean_organisation_number(self) -> str:
        return clean_organisation_number(self.cleaned_data["organisation_number"])


class LeadershipForm(WagtailAdminModelForm):
    """A new leader. The workplace is asked at the address that stands here."""

    workplace = forms.ModelChoiceField(label=_("Arbeidsplass"), queryset=None)
    person = PersonByEmailField(
        label=_("Lederens e-postadresse"), help_text=_("Lederen må ha en konto i Refleks først.")
    )
    confirm_email = forms.EmailField(
        label=_("Hvem skal bekrefte"),
        help_text=_(
            "Står den tom, spør vi på arbeidsplassens egen adresse. Lederen ser ingenting før noen har sagt ja."
        ),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["workplace"].queryset = Workplace.objects.all()
        self.fields["person"].queryset = confirmed_people()

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        workplace, person = given.get("workplace"), given.get("person")
        if workplace and not given.get("confirm_email"):
            given["confirm_email"] = workplace.contact_email
        if workplace and person and (given.get("confirm_email") or "").lower() in addresses_of(person):
            self.add_error("confirm_email", _("Dette er lederens egen adresse. Spør en annen på arbeidsplassen."))
        if workplace and person and Leadership.objects.filter(workplace=workplace, person=person, ended_at=None):
            self.add_error("person", _("Denne personen er allerede registrert som leder der."))
        return given

    def _post_clean(self) -> None:
        """Nothing: the row is made by the rules."""

    def save(self, commit: bool = True) -> Leadership:
        given = self.cleaned_data
        self.instance = give_leadership(given["workplace"], given["person"], given["confirm_email"], by=self.for_user)
        return self.instance


class DeadlineForm(forms.Form):
    """When a course must be done: so many days after somebody came, or a date."""

    days = forms.IntegerField(
        label=_("Antall dager"),
        help_text=_("Regnes fra den ansatte kom på listen."),
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "min": 1, "max": 730}),
        error_messages={"invalid": _("Skriv et helt tall.")},
    )
    on = forms.DateField(
        label=_("Eller en dato"),
        help_text=_("Gjelder alle som er på listen før den dagen."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Skriv en dato, for eksempel 31.12.2026.")},
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors:
            check_deadline(self.deadline(), timezone.localdate())
        return given

    def deadline(self) -> Deadline:
        """What was written."""
        return Deadline(self.cleaned_data.get("days"), self.cleaned_data.get("on"))


class RequiredCourseForm(DeadlineForm):
    """A course for the list, with its deadline."""

    course = forms.ChoiceField(label=_("Kurs"), error_messages={"required": _("Velg et kurs.")})
    field_order = ["course", "days", "on"]

    def __init__(self, *args: Any, there: list[RequiredCourse], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        left = [(str(course.key), course.title) for course in courses_left(there)]
        self.has_courses = bool(left)
        self.fields["course"].choices = left if len(left) == 1 else [("", _("Velg kurs")), *left]

    def clean_course(self) -> UUID:
        try:
            return UUID(self.cleaned_data["course"])
        except ValueError:
            raise ValidationError(_("Velg et kurs.")) from None
