"""Ready packages, kept as data in this folder: what an administrator begins from (R020, R053-R057)."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from mentoring.models import Package, Step
from mentoring.packages import check_package, module_count_of
from modules.models import CoursePage

FOLDER = Path(__file__).parent
KEYS = ("training_package", "four_topics", "parents", "competence_wheel")
Kind = Step.Kind


@dataclass(frozen=True)
class Template:
    """A ready package. `course` is "required", "optional" or "never"; `shapes` are blocks of modules."""

    key: str
    label: str
    about: str
    course: str
    shapes: tuple[str, ...]
    facts: dict[str, Any]


@cache
def template_of(key: str) -> Template:
    """The template with this key. Raises ValidationError when there is none."""
    if key not in KEYS:
        raise ValidationError(_("Denne malen finnes ikke."))
    facts = tomllib.loads((FOLDER / f"{key}.toml").read_text(encoding="utf-8"))
    return Template(key, facts["label"], facts["about"], facts["course"], tuple(facts.get("shapes", ())), facts)


def templates() -> list[Template]:
    """All templates, in the order they are offered."""
    return [template_of(key) for key in KEYS]


def create_from_template(
    key: str, course: CoursePage | None = None, *, shape: str = "", name: str = "", locale_code: str = "nb"
) -> Package:
    """A new package from the template `key`, with `course` where the template takes one.

    `shape` is one of the template's ("2-2-1"), the first when not said; `name` the template's own, numbered when
    taken. Raises ValidationError when course and template do not fit (R021).
    """
    template = template_of(key)
    course = _fitting_course(template, course)
    with transaction.atomic():
        package = Package(course=course, **_tidy(template.facts["package"]))
        package.name = free_name(name.strip() or package.name)
        package.full_clean()
        package.save()
        for place, facts in enumerate(_steps(template, course, shape)):
            Step.objects.create(package=package, sort_order=place, **_tidy(facts))
        check_package(package, locale_code)
    return package


def free_name(name: str) -> str:
    """`name`, or with the first number that no package has yet."""
    number, free = 1, name
    while Package.objects.filter(name=free).exists():
        number += 1
        free = f"{name} ({number})"
    return free


def _fitting_course(template: Template, course: CoursePage | None) -> CoursePage | None:
    if template.course == "never":
        return None
    if template.course == "required" and course is None:
        raise ValidationError(_("Velg et nettkurs. Denne malen bygger på et."))
    wanted = len(template.facts.get("modules", [])) or len(template.facts.get("rounds", []))
    if course and (there := module_count_of(course)) != wanted:
        told = _("Malen er for et kurs med %(wanted)s moduler. «%(course)s» har %(there)s.") % {
            "wanted": wanted,
            "course": course.title,
            "there": there,
        }
        or_none = " " + _("Velg et annet, eller «Ikke nettkurs».") if template.course == "optional" else ""
        raise ValidationError(told + or_none)
    return course


def _steps(template: Template, course: CoursePage | None, shape: str) -> list[dict[str, Any]]:
    facts = template.facts
    if "modules" in facts:
        return _by_modules(template, shape or template.shapes[0])
    if "rounds" in facts:
        return [step for work in facts["rounds"] for step in _round(work, course)]
    everywhere = facts.get("every_meeting", {})
    return [{"kind": Kind.MEETING} | everywhere | meeting for meeting in facts["meetings"]]


def _by_modules(template: Template, shape: str) -> list[dict[str, Any]]:
    if shape not in template.shapes:
        raise ValidationError(_("Fem moduler over tre møter går bare som 2–2–1, 2–1–2 eller 1–2–2."))
    steps: list[dict[str, Any]] = []
    modules = list(template.facts["modules"])
    for count, meeting in zip(map(int, shape.split("-")), template.facts["meetings"], strict=True):
        read, modules = modules[:count], modules[count:]
        texts = {name: "\n".join(module[name].strip() for module in read) for name in ("topics", "prompts")}
        guide = "\n\n".join([meeting["guide"].strip(), *(module["guide"].strip() for module in read)])
        steps += [
            {"kind": Kind.MODULES, "module_count": count},
            {"kind": Kind.MEETING} | meeting | texts | {"guide": guide},
        ]
    return [*steps, {"kind": Kind.NOTE} | template.facts["note"]]


def _round(facts: dict[str, Any], course: CoursePage | None) -> list[dict[str, Any]]:
    meeting = {name: value for name, value in facts.items() if name != "work"}
    work = {"kind": Kind.MODULES, "module_count": 1} if course else {"kind": Kind.WORK, "text": facts["work"]}
    return [work, {"kind": Kind.MEETING} | meeting]


def _tidy(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: value.strip() if isinstance(value, str) else value for name, value in facts.items()}
