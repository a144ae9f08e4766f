"""What there is to ask the product for: addresses, a check and a prompt of the course, taken from the course itself."""

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from modules.checks import SORT, CheckContent
from modules.freshness import content_version
from modules.lessons import check_in, kept_parts
from modules.outline import CourseOutline, LessonOutline

READERS_HAVE_DONE = 12


def facts_of(course: CourseOutline) -> dict[str, Any]:
    """Addresses and form data for `course`, as plain values."""
    lesson = _lesson_with_everything(course)
    check = check_in(lesson, lesson.checks[0].id, content_version())
    return {
        "course_url": course.url,
        "lesson_url": lesson.url,
        "lesson_bytes": sum(len(part.html.encode()) for part in kept_parts(lesson, content_version())),
        "lesson_urls": [lesson.url for lesson in course.lessons],
        "check_url": f"{lesson.url}svar/{lesson.checks[0].id}/",
        "answer": urlencode(_answer(check)),
        "prompt_url": f"{lesson.url}notat/{lesson.prompts[0]}/",
        "claim_url": reverse("claim_certificate", args=[course.key]),
        "login_url": reverse("account_login"),
    }


def _lesson_with_everything(course: CourseOutline) -> LessonOutline:
    """A lesson with a check and a prompt that the readers have open, and have no note in yet."""
    return next(lesson for lesson in course.lessons[6:READERS_HAVE_DONE] if lesson.checks and lesson.prompts)


def _answer(check: CheckContent) -> dict[str, str]:
    if check.kind == SORT:
        return {f"answer-{item.id}": check.groups[0] for item in check.items}
    return {"answer": check.items[0].id}
