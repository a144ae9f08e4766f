"""The shape of a published course: its modules and lessons in order. Kept until something is published."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.core.cache import caches

from modules.freshness import content_version
from modules.models import CoursePage, LessonPage, ModulePage
from modules.reading_time import minutes_of

CHECK_BLOCKS = {"choice", "sort"}


@dataclass(frozen=True)
class CheckOutline:
    id: UUID
    question: str


@dataclass(frozen=True)
class LessonOutline:
    """A lesson as others need to know it. `minutes` is the estimate for its text and tasks."""

    pk: int
    key: UUID
    title: str
    summary: str
    slug: str
    url: str
    number: int
    minutes: int
    module_number: int
    revision: int | None
    checks: tuple[CheckOutline, ...] = ()
    prompts: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class ModuleOutline:
    """A module. `minutes` is its nominal time, `estimate` what its text and tasks take today."""

    pk: int
    key: UUID
    title: str
    summary: str
    slug: str
    url: str
    number: int
    minutes: int
    lessons: tuple[LessonOutline, ...] = ()

    @property
    def estimate(self) -> int:
        return sum(lesson.minutes for lesson in self.lessons)


@dataclass(frozen=True)
class CourseOutline:
    """A published course in one language."""

    pk: int
    key: UUID
    title: str
    summary: str
    audience: str
    slug: str
    url: str
    locale: str
    version: str
    order: str
    is_pilot: bool
    gives_certificate: bool
    modules: tuple[ModuleOutline, ...] = ()
    glossary: dict[str, str] = field(default_factory=dict, hash=False)

    @property
    def minutes(self) -> int:
        return sum(module.minutes for module in self.modules)

    @property
    def module_count(self) -> int:
        return len(self.modules)

    @property
    def lessons(self) -> tuple[LessonOutline, ...]:
        return tuple(lesson for module in self.modules for lesson in module.lessons)

    def lesson_at(self, module_slug: str, lesson_slug: str) -> tuple[ModuleOutline, LessonOutline] | None:
        """The module and lesson at this place, or None."""
        for module in self.modules:
            for lesson in module.lessons:
                if (module.slug, lesson.slug) == (module_slug, lesson_slug):
                    return module, lesson
        return None

    def beside(self, lesson: LessonOutline) -> tuple[LessonOutline | None, LessonOutline | None]:
        """The lessons before and after `lesson`, across modules."""
        lessons = self.lessons
        place = next(index for index, other in enumerate(lessons) if other.key == lesson.key)
        return (lessons[place - 1] if place else None), (lessons[place + 1] if place + 1 < len(lessons) else None)


def course_outlines(locale_code: str, version: int | None = None) -> tuple[CourseOutline, ...]:
    """All published courses in a language, pilots too. One query when kept already, a handful when not.

    `version` is the content version when the caller knows it already, which saves that query.
    """
    version = content_version() if version is None else version
    key = f"outlines:{version}:{locale_code}"
    outlines = caches["content"].get(key)
    if outlines is None:
        outlines = tuple(outline_of(course) for course in _live(CoursePage.objects, locale_code))
        caches["content"].set(key, outlines)
    return outlines


def course_outline(course_key: UUID, locale_code: str, version: int | None = None) -> CourseOutline | None:
    """The course with this stable key in a language, or in the main one when it is not translated."""
    for code in dict.fromkeys((locale_code, "nb")):
        for outline in course_outlines(code, version):
            if outline.key == course_key:
                return outline
    return None


def _live(pages: Any, locale_code: str) -> Any:
    return pages.live().filter(locale__language_code=locale_code).select_related("locale").order_by("path")


def outline_of(course: CoursePage) -> CourseOutline:
    """The shape of `course` with its published modules and lessons; its own words as they are on the page given."""
    code = course.locale.language_code
    lessons = list(_live(LessonPage.objects, code).descendant_of(course))
    modules = []
    for module in _live(ModulePage.objects, code).child_of(course):
        modules.append(_module_outline(module, len(modules) + 1, [p for p in lessons if p.is_child_of(module)]))
    return CourseOutline(
        pk=course.pk,
        key=course.translation_key,
        title=course.title,
        summary=course.summary,
        audience=course.audience,
        slug=course.slug,
        url=course.url,
        locale=code,
        version=course.version_label,
        order=course.order,
        is_pilot=course.is_pilot,
        gives_certificate=course.gives_certificate,
        modules=tuple(modules),
        glossary={term.term.lower(): term.meaning for term in course.glossary.all()},
    )


def _module_outline(module: ModulePage, number: int, lessons: list[LessonPage]) -> ModuleOutline:
    return ModuleOutline(
        pk=module.pk,
        key=module.translation_key,
        title=module.title,
        summary=module.summary,
        slug=module.slug,
        url=module.url,
        number=number,
        minutes=module.nominal_minutes,
        lessons=tuple(_lesson_outline(lesson, place, number) for place, lesson in enumerate(lessons, 1)),
    )


def _lesson_outline(lesson: LessonPage, number: int, module_number: int) -> LessonOutline:
    return LessonOutline(
        pk=lesson.pk,
        key=lesson.translation_key,
        title=lesson.title,
        summary=lesson.summary,
        slug=lesson.slug,
        url=lesson.url,
        number=number,
        minutes=minutes_of(lesson.body),
        module_number=module_number,
        revision=lesson.live_revision_id,
        checks=tuple(
            CheckOutline(UUID(str(block.id)), block.value["question"])
            for block in lesson.body
            if block.block_type in CHECK_BLOCKS
        ),
        prompts=tuple(UUID(str(block.id)) for block in lesson.body if block.block_type == "prompt"),
    )
