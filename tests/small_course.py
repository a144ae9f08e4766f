"""A course small enough to know by heart: two modules of two lessons, a check of each kind, one prompt."""

from dataclasses import dataclass
from uuid import UUID

from django.core.cache import caches
from django.db import connection
from wagtail.models import Page, Site

from lms.home.models import HomePage
from modules.freshness import renew_content
from modules.models import CourseIndexPage, CoursePage, LessonPage, ModulePage
from tests.kept_rows import AddedRows

PAGES_AFTER_MIGRATIONS = 2  # Wagtail's root and its page of welcome

SINGLE = UUID("00000000-0000-4000-8000-000000000001")
MULTIPLE = UUID("00000000-0000-4000-8000-000000000002")
SORT = UUID("00000000-0000-4000-8000-000000000003")
PROMPT = UUID("00000000-0000-4000-8000-000000000004")
RIGHT = UUID("00000000-0000-4000-8000-000000000011")
WRONG = UUID("00000000-0000-4000-8000-000000000012")
FIRST_OF_SEVERAL = UUID("00000000-0000-4000-8000-000000000021")
SECOND_OF_SEVERAL = UUID("00000000-0000-4000-8000-000000000022")
NOT_OF_SEVERAL = UUID("00000000-0000-4000-8000-000000000023")
FIRST_STATEMENT = UUID("00000000-0000-4000-8000-000000000031")
SECOND_STATEMENT = UUID("00000000-0000-4000-8000-000000000032")
COURSE_KEY = UUID("00000000-0000-4000-8000-000000000100")


@dataclass(frozen=True)
class SmallCourse:
    """The pages, in order. `lessons` are the four lessons, two of each module."""

    page: CoursePage
    modules: tuple[ModulePage, ModulePage]
    lessons: tuple[LessonPage, LessonPage, LessonPage, LessonPage]


_made_once = AddedRows()


def the_small_course() -> SmallCourse:
    """The course as `make_small_course` makes it. Made once a session; later its rows are put in as they were.

    The test must be in a transaction and have no pages of its own yet; otherwise the course is really made.
    """
    if not connection.in_atomic_block or Page.objects.count() != PAGES_AFTER_MIGRATIONS:
        return make_small_course()
    if not _made_once.noted:
        _made_once.note(connection, make_small_course)
    else:
        _made_once.put_in(connection)
        caches["default"].clear()
    lessons = LessonPage.objects.order_by("path")
    return SmallCourse(CoursePage.objects.get(), tuple(ModulePage.objects.order_by("path")), tuple(lessons))


def make_small_course(**fields) -> SmallCourse:
    """The course, published below `/kurs/`; `fields` change the course page (`order=…`, `is_pilot=True`)."""
    page = CoursePage(
        **{
            "title": "Lite kurs",
            "slug": "lite-kurs",
            "summary": "Et lite kurs.",
            "audience": "For den som prøver.",
            "version_label": "2026.1",
            "translation_key": COURSE_KEY,
        }
        | fields
    )
    _publish(course_index(), page)
    first = _publish(page, _module(1, "Første modul", 30))
    second = _publish(page, _module(2, "Andre modul", 60))
    lessons = (
        _publish(first, _lesson(1, "Første leksjon", [_text("Barnet først."), _single()])),
        _publish(first, _lesson(2, "Andre leksjon", [_several()])),
        _publish(second, _lesson(3, "Tredje leksjon", [_sort(), _prompt()])),
        _publish(second, _lesson(4, "Fjerde leksjon", [_text("Ta det med deg.")])),
    )
    renew_content()
    return SmallCourse(page, (first, second), lessons)


def course_index() -> CourseIndexPage:
    """The page that lists courses, with the front page above it; made when they are not there."""
    home = HomePage.objects.first() or _publish(
        Page.objects.get(depth=1), HomePage(title="Refleks", slug="forside", headline="Refleks", lead="Lær sammen.")
    )
    site = Site.objects.filter(is_default_site=True).first() or Site(hostname="127.0.0.1", is_default_site=True)
    if site.root_page_id != home.pk:
        site.root_page = home
        site.save()
    return CourseIndexPage.objects.first() or _publish(home, CourseIndexPage(title="Kurs", slug="kurs"))


def _publish(parent, page):
    type(parent).objects.get(pk=parent.pk).add_child(instance=page)
    page.save_revision().publish()
    page.refresh_from_db()
    return page


def _module(number: int, title: str, minutes: int) -> ModulePage:
    key = UUID(f"00000000-0000-4000-8000-0000000002{number:02}")
    return ModulePage(
        title=title, slug=f"modul-{number}", summary=f"{title}.", nominal_minutes=minutes, translation_key=key
    )


def _lesson(number: int, title: str, body: list[dict]) -> LessonPage:
    key = UUID(f"00000000-0000-4000-8000-0000000003{number:02}")
    page = LessonPage(title=title, slug=f"leksjon-{number}", summary=f"{title}.", translation_key=key)
    page.body = LessonPage.body.field.stream_block.to_python(body)
    return page


def _text(words: str) -> dict:
    return {"type": "text", "value": f"<p>{words}</p>"}


def _single() -> dict:
    options = [_option(RIGHT, "Når diagnosen er stilt.", True), _option(WRONG, "Når behandlingen stopper.", False)]
    value = {"question": "Når begynner barnepalliasjon?", "several": False, "options": options}
    return {"type": "choice", "id": str(SINGLE), "value": value}


def _several() -> dict:
    options = [
        _option(FIRST_OF_SEVERAL, "Foreldre", True),
        _option(SECOND_OF_SEVERAL, "Søsken", True),
        _option(NOT_OF_SEVERAL, "Ingen", False),
    ]
    value = {"question": "Hvem er nære pårørende?", "several": True, "options": options}
    return {"type": "choice", "id": str(MULTIPLE), "value": value}


def _sort() -> dict:
    statements = [
        _item(FIRST_STATEMENT, {"text": "Døden er mulig.", "group": "Livstruende", "feedback": "Livstruende."}),
        _item(SECOND_STATEMENT, {"text": "Tidlig død er ventet.", "group": "Livsbegrensende", "feedback": "Ja."}),
    ]
    groups = [
        _item("00000000-0000-4000-8000-000000000041", "Livstruende"),
        _item("00000000-0000-4000-8000-000000000042", "Livsbegrensende"),
    ]
    value = {"question": "Hva beskriver setningene?", "groups": groups, "statements": statements}
    return {"type": "sort", "id": str(SORT), "value": value}


def _prompt() -> dict:
    return {"type": "prompt", "id": str(PROMPT), "value": {"question": "Hva tenkte du på først?"}}


def _option(key: UUID, text: str, is_right: bool) -> dict:
    return _item(key, {"text": text, "is_right": is_right, "feedback": f"Om «{text}»"})


def _item(key: UUID | str, value) -> dict:
    return {"type": "item", "id": str(key), "value": value}
