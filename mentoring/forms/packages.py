"""What administrators write about packages, rounds and who may lead."""

import re
from itertools import takewhile
from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.widgets import AdminDateInput

from mentoring.forms.people import PersonByEmailField
from mentoring.models import Package, Step
from mentoring.packages import refusals_of_change
from mentoring.ready import Template, create_from_template, templates
from modules.models import CoursePage

# A plan over years has fewer.
MOST_STEPS = 100


def courses() -> Any:
    """The published courses, in their main language: a package is for all of a course's languages."""
    return CoursePage.objects.live().filter(locale__language_code="nb").order_by("title")


class CourseField(forms.ModelChoiceField):
    """An online course, by its number; none where that may be."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs = {"empty_label": _("Ikke nettkurs"), "widget": forms.Select(attrs={"class": "w-w-full"})} | kwargs
        super().__init__(queryset=CoursePage.objects.none(), **kwargs)

    def label_from_instance(self, course: CoursePage) -> str:
        return course.title

    def to_python(self, value: Any) -> CoursePage | None:
        try:
            return super().to_python(value)
        except OverflowError:  # SQLite cannot look for any number
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice") from None


class PackageForm(WagtailAdminModelForm):
    """A package with its steps: saved when it is a whole plan, shown in the preview while it is not yet."""

    course = CourseField(label=_("Nettkurs"), required=False)
    example_start = forms.DateField(
        label=_("Vis eksempel fra"),
        help_text=_("Første møte i forhåndsvisningen. Lagres ikke."),
        required=False,
        widget=AdminDateInput,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["course"].queryset = courses()
        if self.is_bound:
            _expect_what_was_sent(self.formsets["steps"])

    def _post_clean(self) -> None:
        super()._post_clean()
        self.instance.example_start = self.cleaned_data.get("example_start")
        formset = self.formsets["steps"]
        if self.is_deferred_validation or self.errors or not formset.is_valid():
            return
        for refusal in refusals_of_change(self.instance, steps_of(formset)):
            self.add_error(None, refusal)


def _expect_what_was_sent(formset: Any) -> None:
    """Refuses more steps than came whole with the form, before any of them is made."""

    def came(number: int) -> bool:
        step, told = formset.add_prefix(number), formset.data
        return f"{step}-ORDER" in told and re.fullmatch("[0-9]{0,18}", told.get(f"{step}-id", "?")) is not None

    formset.absolute_max = len(list(takewhile(came, range(MOST_STEPS))))
    formset.error_messages["too_many_forms"] = _("Alle stegene kom ikke fram. Åpne pakken på nytt.")


def steps_of(formset: Any) -> list[Step]:
    """The steps as the form has them now, in order, none of them saved."""
    kept = [form for form in formset.forms if form not in formset.deleted_forms and form.instance.kind]
    kept.sort(key=lambda form: form.cleaned_data.get("ORDER") or 0)
    return [form.instance for form in kept]


class FromTemplateForm(forms.Form):
    """Which ready package to begin from."""

    key = forms.ChoiceField(label=_("Mal"), widget=forms.RadioSelect)
    course = CourseField(
        label=_("Nettkurs"),
        help_text=_("Den første malen trenger et kurs med fem moduler. Fire emner kan bruke et med fire."),
        required=False,
    )
    shape = forms.ChoiceField(
        label=_("Moduler før hvert møte"),
        help_text=_("Gjelder malen med fem moduler og tre møter."),
        required=False,
    )
    name = forms.CharField(
        label=_("Navn"), help_text=_("Står feltet tomt, får pakken navnet i malen."), max_length=110, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ready = templates()
        self.fields["key"].choices = [(template.key, _described(template)) for template in ready]
        self.fields["key"].initial = ready[0].key
        shapes = [shape for template in ready for shape in template.shapes]
        self.fields["shape"].choices = [(shape, shape.replace("-", "–")) for shape in shapes]
        self.fields["course"].queryset = courses()
        self.fields["course"].initial = courses().first()

    def save(self) -> Package:
        """The new package. Raises ValidationError when course and template do not fit."""
        facts = self.cleaned_data
        return create_from_template(facts["key"], facts["course"], shape=facts["shape"], name=facts["name"])


def _described(template: Template) -> str:
    return format_html(
        '<span><strong>{}</strong><br><span class="help">{}</span></span>', template.label, template.about
    )


class RoundForm(WagtailAdminModelForm):
    """A round, which closes after it has opened."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        opens, closes = cleaned.get("opens_on"), cleaned.get("closes_on")
        if opens and closes and closes < opens:
            raise ValidationError({"closes_on": _("Søknadsfristen er før runden åpner.")})
        return cleaned


class QualificationForm(WagtailAdminModelForm):
    """An entry of the mentor register, the person named by address."""

    person = PersonByEmailField(label=_("Mentorens e-postadresse"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = confirmed_people()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        trained, until = cleaned.get("trained_on"), cleaned.get("valid_until")
        if trained and until and until < trained:
            raise ValidationError({"valid_until": _("Godkjenningen slutter før opplæringen er fullført.")})
        return cleaned


def confirmed_people() -> Any:
    """People with an account in use and a confirmed address."""
    return get_user_model().objects.filter(is_active=True, emailaddress__verified=True).distinct()
