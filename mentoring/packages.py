"""The plan of a package: which work belongs before which meeting, and what is wrong with it (R020, R021)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from mentoring.lines import agenda_of
from mentoring.models import LearningGroup, Meeting, Package, Step
from mentoring.models.packages import LONGEST, SHORTEST
from modules.models import CoursePage
from modules.outline import CourseOutline, ModuleOutline, course_outline

# Five modules over three meetings: one or two before each, every module once and in order (R021).
FIVE_OVER_THREE = {(2, 2, 1), (2, 1, 2), (1, 2, 2)}
# Words by which a part of an agenda is known as talk.
TALK = re.compile(r"refle|samtale|erfaring|drøft|runde|deling|del(er)? |bli kjent|sammen|enige|avtale", re.IGNORECASE)


@dataclass
class PlannedMeeting:
    """A meeting of a plan with what the members do before it."""

    step: Step
    number: int
    modules: list[ModuleOutline] = field(default_factory=list)
    work: list[str] = field(default_factory=list)


def plan_of(package: Package, locale_code: str = "nb") -> list[PlannedMeeting]:
    """The meetings of `package` in order, each with the modules and other work that come before it."""
    course = course_outline(package.course.translation_key, locale_code) if package.course else None
    return planned(package.steps.all(), course)


def planned(steps: Iterable[Step], course: CourseOutline | None) -> list[PlannedMeeting]:
    """The same from steps that need not be saved yet."""
    coming = list(course.modules) if course else []
    modules: list[ModuleOutline] = []
    work: list[str] = []
    plan: list[PlannedMeeting] = []
    for step in steps:
        if step.kind == Step.Kind.MODULES:
            count = step.module_count or 0
            modules, coming = modules + coming[:count], coming[count:]
        elif step.kind == Step.Kind.WORK:
            work.append(step.text or step.title)
        elif step.kind == Step.Kind.MEETING:
            plan.append(PlannedMeeting(step, len(plan) + 1, modules, work))
            modules, work = [], []
    return plan


def certificate_without(group: LearningGroup) -> str:
    """What it means for the certificate that a meeting of the group is cancelled, in a sentence; "" when nothing.

    It is true whoever reads it (R020, R030).
    """
    package, count = group.package, group.meetings.count()
    required = package.asks_for(count)
    if not package.gives_certificate or not required or group.status == LearningGroup.Status.CANCELLED:
        return ""
    if required < count:
        words = {"required": required, "count": count}
        return _("Til kursbeviset kreves det fortsatt %(required)s av %(count)s møter.") % words
    if group.status == LearningGroup.Status.COMPLETED:
        return _("Møtet kreves fortsatt til kursbeviset. Avtal med mentoren hva som kan gjøres i stedet.")
    if not package.make_ups:
        return _("Møtet kreves fortsatt til kursbeviset, og må holdes på et nytt tidspunkt.")
    return _("Møtet kreves fortsatt til kursbeviset: det må holdes senere, eller tas igjen etter avtale med mentoren.")


def check_package(package: Package, locale_code: str = "nb") -> None:
    """Raises ValidationError with a sentence for each thing that keeps `package` from being used."""
    if problems := problems_of(package, list(package.steps.all()), module_count_of(package.course, locale_code)):
        raise ValidationError(problems)


def module_count_of(course: CoursePage | None, locale_code: str = "nb") -> int | None:
    """How many modules the course has for learners now; None without a course, 0 when it is not published."""
    if course is None:
        return None
    outline = course_outline(course.translation_key, locale_code)
    return outline.module_count if outline else 0


def problems_of(package: Package, steps: list[Step], module_count: int | None) -> list[str]:
    """What keeps `steps` from being a plan for `package`, as sentences (R020, R021).

    Nothing has to be saved yet. `module_count` is the course's, None without a course.
    """
    return [
        *_problems_of_steps(steps),
        *_problems_of_order(steps),
        *_problems_of_modules(steps, module_count),
        *_problems_of_note(package, steps),
        *_problems_of_numbers(package, steps, module_count),
    ]


def meetings_in(steps: Iterable[Step]) -> list[Step]:
    """The meetings among `steps`."""
    return [step for step in steps if step.kind == Step.Kind.MEETING]


def _problems_of_steps(steps: list[Step]) -> list[str]:
    problems = []
    for place, step in enumerate(steps, start=1):
        if step.kind == Step.Kind.MODULES and not step.module_count:
            problems.append(_("Steg %(place)s: skriv hvor mange moduler.") % {"place": place})
        elif step.kind == Step.Kind.WORK and not step.text.strip():
            problems.append(_("Steg %(place)s: skriv hva deltakerne gjør på egen hånd.") % {"place": place})
        elif step.kind == Step.Kind.MEETING:
            problems += _problems_of_meeting(step, place)
    return problems


def _problems_of_meeting(step: Step, place: int) -> list[str]:
    if not step.minutes or not SHORTEST <= step.minutes <= LONGEST:
        return [
            _("Steg %(place)s: et møte varer fra %(least)s til %(most)s minutter.")
            % {"place": place, "least": SHORTEST, "most": LONGEST}
        ]
    planned = sum(item.minutes or 0 for item in agenda_of(step.agenda))
    if planned > step.minutes:
        return [
            _("Steg %(place)s: programmet er på %(planned)s minutter, men møtet varer %(minutes)s.")
            % {"place": place, "planned": planned, "minutes": step.minutes}
        ]
    return []


def _problems_of_order(steps: list[Step]) -> list[str]:
    if not meetings_in(steps):
        return [_("En pakke har minst ett møte.")]
    last_meeting = max(place for place, step in enumerate(steps) if step.kind == Step.Kind.MEETING)
    if any(step.kind in {Step.Kind.MODULES, Step.Kind.WORK} for step in steps[last_meeting:]):
        return [_("Etter modulene eller arbeidet på egen hånd må det komme et møte.")]
    return []


def _problems_of_modules(steps: list[Step], module_count: int | None) -> list[str]:
    blocks = blocks_of(steps)
    if module_count is None:
        return (
            [_("Pakken har ikke noe nettkurs. Velg et kurs, eller bruk «arbeid på egen hånd».")] if any(blocks) else []
        )
    if module_count == 0:
        return [_("Nettkurset er ikke publisert ennå. Publiser det først.")]
    if module_count == 5 and len(meetings_in(steps)) == 3 and blocks not in FIVE_OVER_THREE:
        return [_("Fem moduler over tre møter går bare som 2–2–1, 2–1–2 eller 1–2–2.")]
    if sum(blocks) != module_count:
        return [
            _("Kurset har %(there)s moduler, men planen har %(planned)s. Hver modul skal med én gang.")
            % {"there": module_count, "planned": sum(blocks)}
        ]
    return []


def _problems_of_note(package: Package, steps: list[Step]) -> list[str]:
    places = [place for place, step in enumerate(steps) if step.kind == Step.Kind.NOTE]
    if package.notes == Package.Notes.NONE:
        return [_("Planen har et steg for notat, men pakken har ikke notat.")] if places else []
    if package.notes == Package.Notes.PER_MEETING:
        has_met = places and any(step.kind == Step.Kind.MEETING for step in steps[: places[0]])
        return [_("Spørsmålene til et notat står etter møtet de hører til.")] if places and not has_met else []
    if places != [len(steps) - 1]:
        return [_("Pakken har notat til slutt: da er notatet ett steg, og det siste.")]
    return []


def _problems_of_numbers(package: Package, steps: list[Step], module_count: int | None) -> list[str]:
    meetings, problems = len(meetings_in(steps)), []
    required = meetings if package.required_meetings is None else package.required_meetings
    if required > meetings:
        problems.append(
            _("Pakken krever %(required)s møter, men planen har %(meetings)s.")
            % {"required": required, "meetings": meetings}
        )
    if (package.few_signed_up or 0) > (package.max_members or 0):
        problems.append(
            _("Grensen for få påmeldte er %(few)s, men gruppen har bare %(places)s plasser.")
            % {"few": package.few_signed_up, "places": package.max_members}
        )
    asks_something = required or module_count or package.notes != Package.Notes.NONE
    if package.gives_certificate and not asks_something:
        problems.append(_("Et kursbevis må kreve noe: moduler, møter eller et notat."))
    return problems


def hints_of(steps: Iterable[Step]) -> list[str]:
    """What an author may want to think of; nothing of it stands in the way (R037)."""
    hints = []
    for number, step in enumerate(meetings_in(steps), start=1):
        parts = agenda_of(step.agenda)
        told = sum(part.minutes or 0 for part in parts)
        talk = sum(part.minutes or 0 for part in parts if TALK.search(part.text))
        if told and talk * 2 <= told:
            hints.append(
                _(
                    "Møte %(number)s: %(talk)s av %(told)s minutter er samtale og refleksjon. "
                    "Gi dem gjerne mer enn halvparten."
                )
                % {"number": number, "talk": talk, "told": told}
            )
    return hints


# What a running group goes by: the numbers of the plan and the rules. Texts are the group's own copies.
RULES = """
    course_id needs_training mentor_from required_meetings make_ups notes gives_certificate expected_position
    confidentiality
""".split()


def is_followed(package: Package) -> bool:
    """Whether planned or started groups go by `package` now."""
    return package.pk is not None and package.groups.filter(status__in=["planned", "started"]).exists()


def refusals_of_change(package: Package, steps: list[Step]) -> list[str]:
    """Why `package`, changed but not saved, may not become so, as sentences.

    While groups follow it, its plan and rules stand, and what was wrong before (a course that has got a module
    since) does not keep its words from being changed.
    """
    problems = problems_of(package, steps, module_count_of(package.course))
    if not is_followed(package):
        return problems
    if refusal := refusal_of_change(package, steps):
        return [refusal]
    before = Package.objects.get(pk=package.pk)
    known = problems_of(before, list(before.steps.all()), module_count_of(before.course))
    return [problem for problem in problems if problem not in known]


def refusal_of_change(package: Package, steps: Iterable[Step]) -> str:
    """Whether plan or rules differ from those that groups follow now, as a sentence; "" when they do not."""
    if not is_followed(package):
        return ""
    before = Package.objects.get(pk=package.pk)
    same_rules = all(getattr(before, name) == getattr(package, name) for name in RULES)
    if same_rules and _shape(before.steps.all()) == _shape(steps):
        return ""
    return _(
        "Grupper følger denne pakken nå, så planen og reglene må stå. Lag en kopi og endre den. "
        "Tekster, temaer og spørsmål kan du endre her."
    )


def _shape(steps: Iterable[Step]) -> list[tuple[Any, ...]]:
    return [(step.kind, step.module_count or 0, step.minutes or 0) for step in steps]


def blocks_of(steps: Iterable[Step]) -> tuple[int, ...]:
    """How many modules come before each meeting, for instance (2, 2, 1)."""
    blocks, open_block = [], 0
    for step in steps:
        if step.kind == Step.Kind.MODULES:
            open_block += step.module_count or 0
        elif step.kind == Step.Kind.MEETING:
            blocks.append(open_block)
            open_block = 0
    return (*blocks, open_block) if open_block else tuple(blocks)


def make_meetings(group: LearningGroup, locale_code: str = "nb") -> list[Meeting]:
    """Copies the plan of the group's package into meetings of its own, without times yet (R033)."""
    meetings = [_meeting(group, planned_meeting) for planned_meeting in plan_of(group.package, locale_code)]
    return Meeting.objects.bulk_create(meetings)


def _meeting(group: LearningGroup, planned_meeting: PlannedMeeting) -> Meeting:
    step = planned_meeting.step
    return Meeting(
        group=group,
        number=planned_meeting.number,
        title=step.title or _("Møte %(number)s") % {"number": planned_meeting.number},
        minutes=step.minutes,
        agenda=step.agenda,
        topics=step.topics,
        prompts=step.prompts,
        material=step.material,
        guide=step.guide,
        before="\n".join(planned_meeting.work),
        module_keys=[str(module.key) for module in planned_meeting.modules],
    )
