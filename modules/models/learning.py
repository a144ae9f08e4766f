"""What a learner has done. Facts with dates, hung on stable keys; nothing here is ever recounted or lowered.

Keys are the `translation_key` of pages, so language versions share one progress; check and prompt ids are the
ids of blocks. The foreign keys to pages are there to PROTECT pages that have learners.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from modules.encryption import EncryptedTextField
from modules.models.pages import CoursePage, LessonPage


class Enrolment(models.Model):
    """A learner's place in a course: one per learner and course, in whatever language (R014)."""

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="enrolments")
    course = models.ForeignKey(CoursePage, models.PROTECT, related_name="enrolments", verbose_name=_("kurs"))
    course_key = models.UUIDField(editable=False)
    enrolled_at = models.DateTimeField(_("påmeldt"), auto_now_add=True, db_index=True)
    withdrawn_at = models.DateTimeField(_("meldt av"), null=True, blank=True)

    class Meta:
        verbose_name = _("påmelding")
        verbose_name_plural = _("påmeldinger")
        constraints = [
            models.UniqueConstraint(fields=["learner", "course_key"], name="learner_enrolled_once_per_course")
        ]


class Attempt(models.Model):
    """One time through a course. A second one starts only when the learner asks for it.

    `started_at` is the enrolment's moment or that of asking anew, `began_at` that of the first finished lesson.
    """

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="attempts")
    number = models.PositiveSmallIntegerField(default=1)
    started_at = models.DateTimeField(auto_now_add=True)
    began_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True, db_index=True)
    completed_version = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enrolment", "number"], name="attempt_numbered_once")]


class LessonCompletion(models.Model):
    """The learner finished a lesson; `revision` is the published version it was read in (R012)."""

    attempt = models.ForeignKey(Attempt, models.CASCADE, related_name="lessons")
    lesson = models.ForeignKey(LessonPage, models.PROTECT, related_name="+")
    lesson_key = models.UUIDField()
    revision = models.PositiveBigIntegerField(null=True)
    completed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["attempt", "lesson_key"], name="lesson_completed_once")]


class ModuleCompletion(models.Model):
    """The learner finished a module. It stays finished whatever is published later (R011, R012)."""

    attempt = models.ForeignKey(Attempt, models.CASCADE, related_name="modules")
    module_key = models.UUIDField()
    completed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["attempt", "module_key"], name="module_completed_once")]


class CheckAnswer(models.Model):
    """The latest answer to a knowledge check. How many tries it took is counted for nobody's grade."""

    attempt = models.ForeignKey(Attempt, models.CASCADE, related_name="answers")
    lesson_key = models.UUIDField()
    check_id = models.UUIDField()
    answer = models.JSONField()
    is_right = models.BooleanField()
    tries = models.PositiveIntegerField(default=1)
    answered_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["attempt", "check_id"], name="check_answered_once")]


class NotebookEntry(models.Model):
    """What a learner wrote to a prompt. Read by its author and nobody else; encrypted at rest (R129, P4, P5).

    `version` counts the saves, so that two tabs never overwrite each other unseen.
    """

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notebook")
    course_key = models.UUIDField()
    lesson_key = models.UUIDField()
    prompt_id = models.UUIDField()
    question = models.TextField()
    text = EncryptedTextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["learner", "prompt_id"], name="prompt_answered_once")]


class PilotFeedback(models.Model):
    """What a tester says of a lesson in a pilot course (R013)."""

    lesson = models.ForeignKey(LessonPage, models.CASCADE, related_name="feedback", verbose_name=_("leksjon"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("tester")
    )
    text = models.TextField(_("tilbakemelding"), max_length=4000)
    created_at = models.DateTimeField(_("skrevet"), auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("tilbakemelding fra pilot")
        verbose_name_plural = _("tilbakemeldinger fra pilot")
