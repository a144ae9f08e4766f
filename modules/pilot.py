"""Trying a course before it is launched: testers say what they think of a lesson (R013)."""

from django import forms
from django.contrib.auth.models import AbstractBaseUser
from django.utils.translation import gettext_lazy as _

from modules.models import PilotFeedback
from modules.outline import LessonOutline


class FeedbackForm(forms.Form):
    """A tester's words on a lesson."""

    text = forms.CharField(
        label=_("Hva tenker du om leksjonen?"),
        help_text=_("De som lager kurset, ser navnet ditt og det du skriver."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Skriv noe først.")},
    )


def give_feedback(tester: AbstractBaseUser, lesson: LessonOutline, text: str) -> PilotFeedback:
    """Stores what `tester` says of the lesson. The lesson must be one that `modules.access` gave."""
    return PilotFeedback.objects.create(lesson_id=lesson.pk, author=tester, text=text)
