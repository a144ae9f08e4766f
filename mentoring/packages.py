"""The plan of a package: which work belongs before which meeting, and what is wrong with it (R020, R021)."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from mentoring.models import LearningGroup, Meeting, Package, Step
from modules.outline import CourseOutline, ModuleOutline, course_outline

# Five modules over three meetings: one or two before each, every module once and in order (R021).
FIVE_OVER_THREE = {(2, 2, 1), (2, 1, 2), (1, 2, 2)}


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


def problems_of(steps: Iterable[Step], module_count: int | None) -> list[str]:
    """What keeps `steps` from being a plan, as sentences; `module_count` is the course's, None without a course."""
    steps = list(steps)
    problems = []
    blocks = blocks_of(steps)
    meetings = sum(step.kind == Step.Kind.MEETING for step in steps)
    if not meetings:
        problems.append(_("En pakke har minst ett møte."))
    if module_count is None and any(blocks):
        problems.append(_("Pakken har ikke noe nettkurs. Velg et kurs, eller bruk «arbeid på egen hånd»."))
    if module_count is not None:
        problems += _wrong_blocks(blocks, module_count, meetings)
    if steps and steps[-1].kind in {Step.Kind.MODULES, Step.Kind.WORK}:
        problems.append(_("Etter modulene eller arbeidet må det komme et møte."))
    return problems


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


def _wrong_blocks(blocks: tuple[int, ...], module_count: int, meetings: int) -> list[str]:
    if module_count == 5 and meetings == 3 and blocks not in FIVE_OVER_THREE:
        return [_("Fem moduler over tre møter går bare som 2–2–1, 2–1–2 eller 1–2–2.")]
    if sum(blocks) != module_count:
        return [
            _("Kurset har %(there)s moduler, men planen har %(planned)s. Hver modul skal med én gang.")
            % {"there": module_count, "planned": sum(blocks)}
        ]
    return []


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
        guide=step.guide,
        before="\n".join(planned_meeting.work),
        module_keys=[str(module.key) for module in planned_meeting.modules],
    )
