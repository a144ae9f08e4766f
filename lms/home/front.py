"""What the front page says: the course, and the path through it."""

from typing import Any

from django.utils.translation import get_language

from modules.access import courses_for
from modules.pathway import path_of
from modules.progress import Standing


def front_context(request: Any) -> dict[str, Any]:
    """The course that the front page leads to and its path; nothing of the person who looks."""
    courses = courses_for(_Nobody(), get_language())
    course = courses[0] if courses else None
    return {
        "course": course,
        "courses": courses,
        "path": path_of(course, Standing(), enrolled=False) if course else [],
    }


class _Nobody:
    """The front page is the same for all, so it asks as nobody."""

    is_authenticated = False
