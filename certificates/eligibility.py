"""What "complete" means, as a list of what is missing: the same on my page, when claiming and every hour (R044)."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from certificates.models import Certificate
from certificates.rendering import tidy_name, unprintable_characters
from modules.models import Attempt
from modules.outline import CourseOutline, ModuleOutline, course_outline
from modules.progress import Standing, missing_modules, standing_of


@dataclass(frozen=True)
class Requirement:
    """Something that is missing: a sentence for the person, and where to put it right if there is such a place.

    An administrator can waive a requirement with a recorded reason when `can_be_waived` (R044).
    """

    code: str
    sentence: str
    url: str | None = None
    can_be_waived: bool = False


@dataclass(frozen=True)
class Case:
    """An attempt with what the requirements look at: how far it is, and the certificate that stands for it."""

    attempt: Attempt
    standing: Standing
    certificate: Certificate | None


def case_of(attempt: Attempt) -> Case:
    """The case of one attempt. Three queries."""
    return Case(attempt, standing_of(attempt), certificate_of(attempt))


def unmet_requirements(attempt: Attempt, *, name: str | None = None, case: Case | None = None) -> list[Requirement]:
    """What `attempt` still lacks for a certificate; empty when one can be issued.

    `name` is the name to print, the account's when None. `case` when it is known already saves its queries.
    """
    name = attempt.enrolment.learner.name if name is None else name
    case = case or case_of(attempt)
    return [missing for requirement in REQUIREMENTS for missing in requirement(case)] + unmet_by_name(name)


def course_of(attempt: Attempt) -> CourseOutline | None:
    """The course in the language it was enrolled in, or None when it is not published."""
    return course_outline(attempt.enrolment.course_key, _language(attempt))


def certificate_of(attempt: Attempt) -> Certificate | None:
    """The certificate that stands for `attempt`: valid, revoked or erased, never a replaced one. One query.

    The certificate of a package that held the course is another one.
    """
    return Certificate.objects.filter(
        learner_id=attempt.enrolment.learner_id,
        course_key=attempt.enrolment.course_key,
        attempt_number=attempt.number,
        group=None,
        replaced_at=None,
    ).first()


def unmet_by_name(name: str) -> list[Requirement]:
    """What is wrong with a name that is to be printed, at most one thing."""
    name = tidy_name(name)
    if not any(sign.isalpha() for sign in name):
        return [Requirement("name", _("Kursbeviset mangler et navn. Skriv navnet ditt slik det skal trykkes."))]
    if len(name) > Certificate.holder_name.field.max_length:
        return [Requirement("name", _("Navnet er for langt. Det er plass til 120 tegn."))]
    if signs := unprintable_characters(name):
        sentence = ngettext(
            "Vi kan ikke trykke dette tegnet i navnet: %(signs)s. Skriv navnet på en annen måte.",
            "Vi kan ikke trykke disse tegnene i navnet: %(signs)s. Skriv navnet på en annen måte.",
            len(signs),
        )
        return [Requirement("name", sentence % {"signs": ", ".join(map(_shown, signs))})]
    return []


def _unmet_by_course(case: Case) -> list[Requirement]:
    course = course_of(case.attempt)
    if course is None:
        return [Requirement("course", _("Kurset er ikke åpent nå. Fremgangen din er lagret."))]
    if not course.gives_certificate:
        return [Requirement("course", _("Dette kurset gir ikke kursbevis."))]
    return []


def _unmet_by_modules(case: Case) -> list[Requirement]:
    return [missing_module(module) for module in missing_modules(case.attempt, _language(case.attempt), case.standing)]


def _unmet_by_revocation(case: Case) -> list[Requirement]:
    return unmet_by_revocation(case.certificate)


def unmet_by_revocation(certificate: Certificate | None) -> list[Requirement]:
    """Who has had a certificate taken back gets no new one by themselves (R043)."""
    if certificate and certificate.revoked_at:
        return [Requirement("revoked", _("Kursbeviset ditt er trukket tilbake. Ta kontakt med senteret."))]
    return []


def missing_module(module: ModuleOutline) -> Requirement:
    """That a module is not finished, and where it begins."""
    sentence = _("Modul %(number)s, «%(title)s», er ikke ferdig.") % {"number": module.number, "title": module.title}
    url = module.lessons[0].url if module.lessons else None
    return Requirement("module", sentence, url, can_be_waived=True)


def _language(attempt: Attempt) -> str:
    return attempt.enrolment.course.locale.language_code


def _shown(signs: str) -> str:
    """An invisible character by its number, any other as itself."""
    return f"«{signs}»" if signs.isprintable() else " ".join(f"U+{ord(sign):04X}" for sign in signs)


# What a package asks for besides is in `members`.
REQUIREMENTS: list[Callable[[Case], list[Requirement]]] = [
    _unmet_by_course,
    _unmet_by_modules,
    _unmet_by_revocation,
]
