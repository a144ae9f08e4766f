"""A published course of as many modules as a test wants, one short lesson in each."""

from uuid import uuid4

from modules.freshness import renew_content
from modules.models import CoursePage, LessonPage, ModulePage
from tests.small_course import course_index


def plain_course(modules: int) -> CoursePage:
    """The course page; its lessons are text only, so that opening one is taking it."""
    course = _publish(
        course_index(),
        CoursePage(title="Kurs for pakker", slug=f"kurs-{uuid4().hex[:6]}", summary="Prøv.", audience="Alle."),
    )
    for number in range(1, modules + 1):
        module = _publish(
            course, ModulePage(title=f"Modul {number}", slug=f"modul-{number}", summary="Om.", nominal_minutes=60)
        )
        lesson = LessonPage(title=f"Leksjon {number}", slug="leksjon", summary="Om.")
        lesson.body = LessonPage.body.field.stream_block.to_python([{"type": "text", "value": "<p>Barnet først.</p>"}])
        _publish(module, lesson)
    renew_content()
    return course


def _publish(parent, page):
    type(parent).objects.get(pk=parent.pk).add_child(instance=page)
    page.save_revision().publish()
    page.refresh_from_db()
    return page
