"""The list of lessons, as it stands beside a lesson and on the course page."""

from collections.abc import Iterable
from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.translation import get_language

from modules.pathway import LessonStone

register = template.Library()
LISTS = 2000


@register.simple_tag
def lesson_list(lessons: Iterable[LessonStone]) -> str:
    """The lessons with their states. Made once for the same words: who is where is all there is to it, no name."""
    return _made(tuple(lessons), get_language())


@lru_cache(LISTS)
def _made(lessons: tuple[LessonStone, ...], _language: str | None) -> str:
    return render_to_string("modules/_lessons.html", {"lessons": lessons})
