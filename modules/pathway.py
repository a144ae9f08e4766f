"""The path as a person sees it: stones with a word for their state, and what comes next."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from modules.access import LessonPlace, Place
from modules.models import CoursePage, NotebookEntry
from modules.outline import CourseOutline, LessonOutline, ModuleOutline, course_outline, outline_of
from modules.progress import Standing, next_lesson, why_closed


@dataclass(frozen=True)
class LessonStone:
    """A lesson on the path. `state` is done, current, open or closed; `word` says it."""

    number: int
    title: str
    url: str
    minutes: int
    state: str
    word: str


@dataclass(frozen=True)
class ModuleStone:
    """A module on the path. `state` is done, active, open or closed; `word` says it."""

    number: int
    title: str
    summary: str
    minutes: int
    estimate: int
    url: str
    state: str
    word: str
    done_count: int
    total: int
    percent: int
    lessons: tuple[LessonStone, ...]


def path_of(course: CourseOutline, standing: Standing, *, enrolled: bool = True) -> list[ModuleStone]:
    """The modules of a course with their states. For one who is not enrolled they have no state to tell."""
    return [_module_stone(course, standing, module, enrolled) for module in course.modules]


def _module_stone(course: CourseOutline, standing: Standing, module: ModuleOutline, enrolled: bool) -> ModuleStone:
    state, word = _module_state(course, standing, module) if enrolled else ("open", "")
    return ModuleStone(
        number=module.number,
        title=module.title,
        summary=module.summary,
        minutes=module.minutes,
        estimate=module.estimate,
        url=module.url,
        state=state,
        word=word,
        done_count=standing.done_count(module),
        total=len(module.lessons),
        percent=standing.percent(module),
        lessons=tuple(lesson_stone(course, standing, module, lesson, enrolled=enrolled) for lesson in module.lessons),
    )


def _module_state(course: CourseOutline, standing: Standing, module: ModuleOutline) -> tuple[str, str]:
    if standing.has_done(module):
        return "done", _("ferdig")
    if closed := why_closed(course, standing, module):
        return "closed", closed.reason[0].lower() + closed.reason[1:].rstrip(".")
    if standing.done_count(module):
        return "active", _("i gang")
    return "open", _("åpen")


def lesson_stone(
    course: CourseOutline,
    standing: Standing,
    module: ModuleOutline,
    lesson: LessonOutline,
    *,
    current: bool = False,
    enrolled: bool = True,
) -> LessonStone:
    """A lesson with its state in words; `current` marks the one that is shown."""
    state, word = "open", ""
    if enrolled:
        state, word = _lesson_state(course, standing, module, lesson)
    if current:
        state, word = "current", _("du er her, ferdig") if state == "done" else _("du er her")
    return LessonStone(lesson.number, lesson.title, lesson.url, lesson.minutes, state, word)


def _lesson_state(course, standing, module, lesson) -> tuple[str, str]:
    if lesson.key in standing.lessons:
        return "done", _("ferdig")
    if why_closed(course, standing, module, lesson):
        return "closed", _("ikke åpen ennå")
    return "open", _("åpen")


def course_context(place: Place, user: Any) -> dict[str, Any]:
    """What the course page shows to `user`."""
    course, enrolled = place.course, place.attempt is not None
    following = next_lesson(course, place.standing) if enrolled else None
    completed = bool(place.attempt and place.attempt.completed_at)
    return {
        "course": course,
        "path": path_of(course, place.standing, enrolled=enrolled),
        "enrolment": place.attempt.enrolment if place.attempt else None,
        "signed_in": user.is_authenticated,
        "enrol_url": reverse("enrol", args=[course.slug]),
        "next": following,
        "completed": completed,
        "withdraw_url": reverse("withdraw", args=[course.slug]),
        "start_again_url": reverse("start_again", args=[course.slug]) if completed else None,
        "certificate_url": reverse("claim_certificate", args=[course.key]) if course.gives_certificate else None,
    }


def preview_of_course(page: CoursePage) -> dict[str, Any]:
    """The context of a course page in a preview: its words as drafted, the modules and lessons that are published."""
    course = outline_of(page)
    return {"preview": True, "course": course, "path": path_of(course, Standing(), enrolled=False)}


def lesson_context(place: LessonPlace) -> dict[str, Any]:
    """What the lesson page shows beside the lesson itself."""
    course, module, lesson = place.course, place.module, place.lesson
    previous, following = course.beside(lesson)
    return {
        "course": course,
        "module": module,
        "lesson": lesson,
        "module_lessons": [
            lesson_stone(course, place.standing, module, other, current=other.key == lesson.key)
            for other in module.lessons
        ],
        "done": lesson.key in place.standing.lessons,
        "previous": previous,
        "next": following,
        "percent": place.standing.percent(module),
        "complete_url": lesson_action(place, "complete_lesson"),
        "preview": False,
    }


def lesson_action(place: LessonPlace, name: str) -> str:
    """The address of something one does to a lesson."""
    return reverse(name, args=[place.course.slug, place.module.slug, place.lesson.slug])


def closed_context(place: LessonPlace, request: HttpRequest) -> dict[str, Any]:
    """What the page says of a lesson that is not open: why, and what opens it."""
    back = urlencode({"next": place.lesson.url})
    signed_in = request.user.is_authenticated
    return {
        "course": place.course,
        "heading": _("«%(title)s» er ikke åpen ennå") % {"title": place.lesson.title},
        "reason": place.closed,
        "opens_label": place.opener.title if place.opener else "",
        "opens_url": place.opener.url if place.opener else None,
        "enrol_url": reverse("enrol", args=[place.course.slug]) if signed_in and place.attempt is None else None,
        "login_url": None if signed_in else f"{reverse('account_login')}?{back}",
        "signup_url": None if signed_in else f"{reverse('account_signup')}?{back}",
    }


def notebook_groups(entries: Iterable[NotebookEntry], locale_code: str) -> list[dict[str, Any]]:
    """The notebook by course and lesson, in the order of the course; notes to lessons that are gone come last."""
    by_lesson: dict[Any, list[NotebookEntry]] = {}
    for entry in entries:
        by_lesson.setdefault((entry.course_key, entry.lesson_key), []).append(entry)
    groups = []
    for course_key in dict.fromkeys(key for key, _lesson in by_lesson):
        course = course_outline(course_key, locale_code)
        known = course.lessons if course else ()
        rows = [_notebook_lesson(lesson, by_lesson.pop((course_key, lesson.key), [])) for lesson in known]
        for key in [key for key in by_lesson if key[0] == course_key]:
            rows.append(_notebook_lesson(None, by_lesson.pop(key)))
        title = course.title if course else _("Tidligere kurs")
        groups.append({"course_title": title, "lessons": [row for row in rows if row]})
    return groups


def _notebook_lesson(lesson: LessonOutline | None, entries: list[NotebookEntry]) -> dict[str, Any] | None:
    if not entries:
        return None
    for entry in entries:
        entry.edit_url = f"{lesson.url}#notat-{entry.prompt_id}" if lesson else ""
    title = lesson.title if lesson else _("En leksjon som ikke er i kurset lenger")
    return {"title": title, "url": lesson.url if lesson else "", "entries": entries}
