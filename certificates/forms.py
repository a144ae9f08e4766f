"""What people type about certificates: a code to check, a name to print."""

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from certificates.codes import tidy_code
from certificates.eligibility import certificate_of, unmet_by_name
from certificates.members import package_certificate_of
from certificates.rendering import tidy_name
from mentoring.forms.packages import CourseField
from mentoring.models import LearningGroup, Membership
from modules.enrolment import current_attempt
from modules.models import CoursePage


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
        for missing in unmet_by_name(name) if name else []:
            raise ValidationError(missing.sentence)
        return name


class ClaimForm(forms.Form):
    """The learner confirms the name that is printed."""

    name = NameField(
        help_text=_("Når kursbeviset er laget, kan navnet bare endres ved at du får et nytt kursbevis med ny kode.")
    )


class ReasonForm(forms.Form):
    """Why an administrator does something to a certificate. Kept with it, so it must not say more than needed."""

    reason = forms.CharField(
        label=_("Grunn"),
        help_text=_("Lagres i loggen til kursbeviset. Ikke skriv noe om helse eller andre private forhold."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ReplaceForm(ReasonForm):
    name = NameField()
    field_order = ("name", "reason")


class ExceptionForm(ReasonForm):
    """Who gets a certificate in which course, though something is missing (R044)."""

    email = forms.EmailField(label=_("Deltakerens e-postadresse"))
    course = CourseField(label=_("Kurs"), empty_label="---------", widget=forms.Select)
    name = NameField(required=False, help_text=_("Står feltet tomt, brukes navnet på kontoen."))
    field_order = ("email", "course", "name", "reason")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["course"].queryset = CoursePage.objects.live().filter(gives_certificate=True).order_by("title")

    def clean(self):
        """Adds `attempt`, the learner's latest in the course."""
        cleaned = super().clean()
        if not ("email" in cleaned and "course" in cleaned):
            return cleaned
        learner = get_user_model().objects.filter(email=cleaned["email"].lower(), is_active=True).first()
        cleaned["attempt"] = learner and current_attempt(learner, cleaned["course"].translation_key)
        if not cleaned["attempt"]:
            self.add_error("email", gettext("Ingen med denne adressen er påmeldt kurset."))
        elif certificate_of(cleaned["attempt"]):
            self.add_error("email", gettext("Deltakeren har allerede et kursbevis. Finn det i listen."))
        return cleaned


class PackageExceptionForm(ReasonForm):
    """Who gets the certificate of a package with which group, though something is missing (R044)."""

    email = forms.EmailField(label=_("Deltakerens e-postadresse"))
    group = forms.ModelChoiceField(LearningGroup.objects.none(), label=_("Gruppe"))
    name = NameField(required=False, help_text=_("Står feltet tomt, brukes navnet på kontoen."))
    field_order = ("email", "group", "name", "reason")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        open_groups = LearningGroup.objects.exclude(status=LearningGroup.Status.CANCELLED)
        self.fields["group"].queryset = open_groups.filter(package__gives_certificate=True).order_by("name__in_order")

    def clean(self):
        """Adds `membership`, also of one who has left."""
        cleaned = super().clean()
        if not ("email" in cleaned and "group" in cleaned):
            return cleaned
        members = Membership.objects.select_related("member", "group__package__course")
        cleaned["membership"] = members.filter(
            group=cleaned["group"], member__email=cleaned["email"].lower(), member__is_active=True
        ).first()
        if not cleaned["membership"]:
            self.add_error("email", gettext("Ingen med denne adressen er eller har vært med i gruppen."))
        elif package_certificate_of(cleaned["membership"]):
            self.add_error("email", gettext("Deltakeren har allerede et kursbevis. Finn det i listen."))
        return cleaned
