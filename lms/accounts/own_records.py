"""Which rows are a person's own, section by section, and the words that make them readable (P9)."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page
from wagtail.users.models import UserProfile

from certificates.models import Certificate, CertificateEvent, CertificateFile
from lms.accounts.erasure import confirmed_addresses_of
from lms.accounts.group_records import group_sections
from lms.accounts.models import User
from lms.accounts.sections import Section
from lms.accounts.workplace_records import workplace_sections
from lms.outbox.models import OutgoingMail
from modules.checks import Check, check_content
from modules.models import (
    Attempt,
    CheckAnswer,
    Enrolment,
    LessonCompletion,
    LessonPage,
    ModuleCompletion,
    NotebookEntry,
    PilotFeedback,
    PilotTester,
)


def sections_of(user: User) -> list[Section]:
    """Everything that is exported about `user`, in reading order. Nobody else's rows."""
    # An address that somebody only says is theirs shows nothing of what was sent to it.
    addresses = confirmed_addresses_of(user)
    return [
        *_person(user, addresses),
        *_learning(user, addresses),
        *group_sections(user, addresses),
        *workplace_sections(user, addresses),
        *_certificates(user),
        *_staff(user),
    ]


def _person(user: User, addresses: list[str]) -> list[Section]:
    mail = OutgoingMail.objects.annotate(lower=Lower("to")).filter(lower__in=addresses)
    return [
        Section("profile", _("Om deg"), User.objects.filter(pk=user.pk).select_related("municipality")),
        Section("email_addresses", _("E-postadresser"), EmailAddress.objects.filter(user=user)),
        Section("second_factors", _("Passnøkler og to-trinns innlogging"), Authenticator.objects.filter(user=user)),
        Section("sign_ins", _("Innlogginger"), UserSession.objects.filter(user=user)),
        Section("mail", _("E-post til deg"), mail),
    ]


def _learning(user: User, addresses: list[str]) -> list[Section]:
    own = {"attempt__enrolment__learner": user}
    lessons = LessonCompletion.objects.filter(**own).select_related("lesson", "attempt__enrolment__course")
    modules = ModuleCompletion.objects.filter(**own).select_related("attempt__enrolment__course")
    answers = CheckAnswer.objects.filter(**own).order_by("answered_at")
    notes = NotebookEntry.objects.filter(learner=user).order_by("updated_at")
    module_titles, note_titles = _titles(modules, "module_key"), _titles(notes, "lesson_key")
    answer_titles, checks = _titles(answers, "lesson_key"), _checks(answers)
    return [
        Section("enrolments", _("Påmeldinger"), Enrolment.objects.filter(learner=user).select_related("course")),
        Section(
            "attempts",
            _("Gjennomføringer"),
            Attempt.objects.filter(enrolment__learner=user).select_related("enrolment__course"),
        ),
        Section("lessons", _("Fullførte leksjoner"), lessons, {"course": _course}),
        Section(
            "modules",
            _("Fullførte moduler"),
            modules,
            {"course": _course, "module": lambda row: module_titles.get(row.module_key, "")},
        ),
        Section(
            "answers",
            _("Svar på kunnskapssjekker"),
            answers,
            {
                "lesson": lambda row: answer_titles.get(row.lesson_key, ""),
                "question": lambda row: checks[row.pk].question if row.pk in checks else "",
                "answer_in_words": lambda row: _chosen(checks[row.pk]) if row.pk in checks else "",
            },
        ),
        Section("notebook", _("Notatboken"), notes, {"lesson": lambda row: note_titles.get(row.lesson_key, "")}),
        Section("feedback", _("Tilbakemeldinger"), PilotFeedback.objects.filter(author=user).select_related("lesson")),
        Section(
            "invitations",
            _("Invitasjoner til å prøve et kurs"),
            PilotTester.objects.annotate(lower=Lower("email")).filter(lower__in=addresses).select_related("course"),
        ),
    ]


def _certificates(user: User) -> list[Section]:
    own = {"certificate__learner": user}
    return [
        Section("certificates", _("Kursbevis"), Certificate.objects.filter(learner=user)),
        Section("certificate_files", _("Kursbevis som filer"), files_of(user), {"certificate": _code}),
        Section(
            "certificate_events",
            _("Hva som har skjedd med kursbevisene"),
            CertificateEvent.objects.filter(**own).select_related("certificate"),
        ),
    ]


def files_of(user: User) -> models.QuerySet[CertificateFile]:
    """The PDFs of the person's certificates."""
    return CertificateFile.objects.filter(certificate__learner=user).select_related("certificate")


def _staff(user: User) -> list[Section]:
    return [Section("editor", _("Ønsker for redaksjonen"), UserProfile.objects.filter(user=user))]


def _course(row: LessonCompletion | ModuleCompletion) -> str:
    return row.attempt.enrolment.course.title


def _code(row: CertificateFile) -> str:
    return row.certificate.shown_code


def _titles(rows: Iterable[Any], key: str) -> dict[UUID, str]:
    """Titles of the pages that rows point at by their stable key; the main language wins."""
    keys = {getattr(row, key) for row in rows}
    pages = Page.objects.filter(translation_key__in=keys).order_by("-locale__language_code")
    titles = dict(pages.values_list("translation_key", "title"))
    return titles | dict(pages.filter(locale__language_code="nb").values_list("translation_key", "title"))


def _checks(answers: Iterable[CheckAnswer]) -> dict[int, Check]:
    """The checks behind answers, as far as they are still in their lessons."""
    lessons = LessonPage.objects.filter(translation_key__in={answer.lesson_key for answer in answers})
    blocks = {block.id: block for lesson in lessons for block in lesson.body if block.block_type in {"choice", "sort"}}
    there = (answer for answer in answers if str(answer.check_id) in blocks)
    return {answer.pk: Check(check_content(blocks[str(answer.check_id)]), answer) for answer in there}


def _chosen(check: Check) -> str:
    chosen = [option.text for option in check.options if option.chosen]
    return "; ".join(chosen or [f"{item.text}: {item.chosen}" for item in check.statements if item.chosen])
