"""What is done, what is open, what comes next; and what finishing takes (R003, R010-R012).

A lesson is finished when its knowledge checks are answered and the learner says so. A module is finished when
all its lessons are, the course when all its modules are. Finishing is stored when it happens and never undone.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from modules.models import Attempt, CheckAnswer, CoursePage, LessonCompletion, ModuleCompletion
from modules.outline import CourseOutline, LessonOutline, ModuleOutline, course_outline

# Every page and every post of a learner asks this; in SQL it costs a tenth of what preparing the same queries does.
DONE = """
    SELECT 'lesson', lesson_key FROM modules_lessoncompletion WHERE attempt_id = %s
    UNION ALL
    SELECT 'module', module_key FROM modules_modulecompletion WHERE attempt_id = %s
"""


@dataclass(frozen=True)
class Standing:
    """What has been done in one attempt, as the keys of lessons and modules."""

    lessons: frozenset[UUID] = frozenset()
    modules: frozenset[UUID] = frozenset()

    def has_done(self, module: ModuleOutline) -> bool:
        """A module once finished stays so; one whose lessons are all done counts even before it is stored (R012)."""
        return module.key in self.modules or (
            bool(module.lessons) and all(lesson.key in self.lessons for lesson in module.lessons)
        )

    def done_count(self, module: ModuleOutline) -> int:
        return sum(lesson.key in self.lessons for lesson in module.lessons)

    def percent(self, module: ModuleOutline) -> int:
        """0 to 100, whole; 100 only when the module is finished."""
        if self.has_done(module):
            return 100
        return 100 * self.done_count(module) // len(module.lessons) if module.lessons else 0


def standing_of(attempt: Attempt | None) -> Standing:
    """The standing of one attempt; nothing done when there is none. One query."""
    if attempt is None:
        return Standing()
    with connection.cursor() as cursor:
        cursor.execute(DONE, [attempt.pk, attempt.pk])
        rows = cursor.fetchall()
    # SQLite keeps a UUID as text.
    keys = [(kind, key if isinstance(key, UUID) else UUID(key)) for kind, key in rows]
    lessons = frozenset(key for kind, key in keys if kind == "lesson")
    return Standing(lessons, frozenset(key for kind, key in keys if kind == "module"))


def standings_of(attempts: Iterable[Attempt]) -> dict[int, Standing]:
    """The standings of several attempts by their id. Two queries, however many there are."""
    attempts = list(attempts)
    lessons: dict[int, set[UUID]] = defaultdict(set)
    modules: dict[int, set[UUID]] = defaultdict(set)
    for owner, key in LessonCompletion.objects.filter(attempt__in=attempts).values_list("attempt", "lesson_key"):
        lessons[owner].add(key)
    for owner, key in ModuleCompletion.objects.filter(attempt__in=attempts).values_list("attempt", "module_key"):
        modules[owner].add(key)
    return {
        attempt.pk: Standing(frozenset(lessons[attempt.pk]), frozenset(modules[attempt.pk])) for attempt in attempts
    }


@dataclass(frozen=True)
class Closed:
    """Why something is not open yet, in words, and the lesson to go on with on the way there."""

    reason: str
    opener: LessonOutline


def why_closed(
    course: CourseOutline, standing: Standing, module: ModuleOutline, lesson: LessonOutline | None = None
) -> Closed | None:
    """None when the module (or lesson in it) is open; else why not. What is done stays open (R003)."""
    if course.order == CoursePage.Order.FREE or module.key in standing.modules:
        return None
    if lesson and lesson.key in standing.lessons:
        return None
    if unfinished := [m for m in course.modules[: module.number - 1] if m.lessons and not standing.has_done(m)]:
        opener = next(other for other in unfinished[0].lessons if other.key not in standing.lessons)
        return Closed(_("Åpner når modul %(number)s er ferdig.") % {"number": unfinished[-1].number}, opener)
    if lesson is None or course.order != CoursePage.Order.LESSONS:
        return None
    if undone := [other for other in module.lessons[: lesson.number - 1] if other.key not in standing.lessons]:
        sentence = _("Åpner når leksjon %(number)s i denne modulen er ferdig.")
        return Closed(sentence % {"number": undone[-1].number}, undone[0])
    return None


def next_lesson(course: CourseOutline, standing: Standing) -> LessonOutline | None:
    """Where to go on: the first lesson not done in the first module not done. None when the course is done."""
    for module in course.modules:
        if standing.has_done(module):
            continue
        for lesson in module.lessons:
            if lesson.key not in standing.lessons:
                return lesson
    return None


def missing_modules(attempt: Attempt, locale_code: str = "nb", standing: Standing | None = None) -> list[ModuleOutline]:
    """The modules that are not finished in this attempt; empty when the course is done (R011).

    A course that was completed stays so whatever is published later (R012). `standing` when it is known already
    saves a query.
    """
    if attempt.completed_at:
        return []
    course = course_outline(attempt.enrolment.course_key, locale_code)
    if course is None:
        return []
    standing = standing or standing_of(attempt)
    return [module for module in course.modules if not standing.has_done(module)]


def missing_checks(attempt: Attempt, lesson: LessonOutline) -> list:
    """The knowledge checks of the lesson that are not answered yet. At most one query."""
    if not lesson.checks:
        return []
    answered = set(
        CheckAnswer.objects.filter(attempt=attempt, lesson_key=lesson.key).values_list("check_id", flat=True)
    )
    return [check for check in lesson.checks if check.id not in answered]


@dataclass(frozen=True)
class Finished:
    """What finishing a lesson also finished, for the words that follow."""

    module: bool = field(default=False)
    course: bool = field(default=False)


def complete_lesson(
    attempt: Attempt,
    course: CourseOutline,
    module: ModuleOutline,
    lesson: LessonOutline,
    standing: Standing | None = None,
) -> Finished:
    """Stores that the lesson is finished, once, and what follows from it (R010, R011).

    Returns which of module and course were finished by this very call. Raises ValidationError when the lesson is
    closed or has unanswered checks. The same post twice, or in two tabs, has one effect. `standing` when it is known
    already saves a query; what follows is always judged by what is stored after this lesson.
    """
    standing = standing or standing_of(attempt)
    if lesson.key in standing.lessons:
        return settle(attempt, course)
    if closed := why_closed(course, standing, module, lesson):
        raise ValidationError(closed.reason, code="closed")
    if missing := missing_checks(attempt, lesson):
        message = ngettext("Svar på kunnskapssjekken først.", "Svar på kunnskapssjekkene først.", len(missing))
        raise ValidationError(message, code="checks")
    with transaction.atomic():
        # Whoever comes second finds the row there, and adds none.
        LessonCompletion.objects.bulk_create(
            [LessonCompletion(attempt=attempt, lesson_id=lesson.pk, lesson_key=lesson.key, revision=lesson.revision)],
            ignore_conflicts=True,
        )
        if not standing.lessons:
            Attempt.objects.filter(pk=attempt.pk, began_at=None).update(began_at=timezone.now())
        return settle(attempt, course)


def settle(attempt: Attempt, course: CourseOutline) -> Finished:
    """Stores the modules, and the course, that are finished by what is done. Safe to call at any time."""
    standing = standing_of(attempt)
    done = [module for module in course.modules if standing.has_done(module)]
    fresh = [module for module in done if module.key not in standing.modules]
    ModuleCompletion.objects.bulk_create(
        [ModuleCompletion(attempt=attempt, module_key=module.key) for module in fresh], ignore_conflicts=True
    )
    completed = 0
    if course.modules and len(done) == len(course.modules):
        # The condition makes it happen once, whoever comes first.
        completed = Attempt.objects.filter(pk=attempt.pk, completed_at=None).update(
            completed_at=timezone.now(), completed_version=course.version
        )
    return Finished(module=bool(fresh), course=bool(completed))
