"""Puts a course that was read from files into the tree of pages: all of it or nothing (R012).

Pages are found by their keys, so texts change, lessons move and come back without touching what learners
have done. Nothing is deleted: what the files no longer have is unpublished.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.blocks.stream_block import StreamBlockValidationError
from wagtail.models import Locale, Page

from modules.coursefiles import keys
from modules.coursefiles.mistakes import CourseRefused, Mistakes, sentences_in
from modules.coursefiles.reading import CourseFile, LessonFile, ModuleFile
from modules.coursefiles.shelving import Shelf
from modules.coursefiles.streams import FileIds, Stream, same_stream, stream_of
from modules.freshness import renew_content
from modules.models import CourseIndexPage, CoursePage, GlossaryTerm, LessonPage, ModulePage

COURSES_SLUG = "kurs"


@dataclass
class Outcome:
    """What an import did: paths of files, and titles of pages that were taken down."""

    created: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    drafts: list[str] = field(default_factory=list)
    unpublished: list[str] = field(default_factory=list)


@dataclass
class _Work:
    course: CourseFile
    locale: Locale
    mistakes: Mistakes
    outcome: Outcome = field(default_factory=Outcome)
    root: CoursePage | None = None
    files: FileIds = field(default_factory=dict)


def store_course(course: CourseFile) -> Outcome:
    """Makes the published pages say what `course` says, which has been checked. Says what it did.

    Raises ValidationError when there is no page to put courses under, and CourseRefused with file and line when
    a page refuses its content; nothing is stored then.
    """
    index = _index_page(course.language)
    work = _Work(course, index.locale, Mistakes())
    shelf = Shelf(course.slug, course.language, [])
    try:
        with transaction.atomic():
            shelf = _shelf_of(work)
            _store_pages(work, index, shelf)
            if work.mistakes.found:
                raise CourseRefused(work.mistakes.found)
            if shelf.replaced:
                renew_content()
    except BaseException:
        shelf.forget_written()
        raise
    return work.outcome


def _index_page(language: str) -> CourseIndexPage:
    index = CourseIndexPage.objects.filter(locale__language_code=language, slug=COURSES_SLUG).first()
    if not index:
        message = _("Det finnes ingen kursoversikt med adressen «kurs» på språket %(language)s. Lag den i CMS først.")
        raise ValidationError(message % {"language": language})
    return index


def _shelf_of(work: _Work) -> Shelf:
    """The pictures of the course, known by its address when it is there already."""
    page = CoursePage.objects.filter(translation_key=work.course.key, locale=work.locale).first()
    lessons = LessonPage.objects.descendant_of(page) if page else LessonPage.objects.none()
    if page:
        work.course.slug = page.slug
    streams = [_stream(lesson) for lesson in lessons]
    return Shelf(work.course.slug, work.course.language, streams)


def _store_pages(work: _Work, index: CourseIndexPage, shelf: Shelf) -> None:
    course = work.course
    work.files = shelf.put_all(course)
    work.root = _put(work, index, CoursePage, course.key, "course.toml", _course_writer(work))
    if not work.root:
        return
    modules = [_store_module(work, module) for module in course.modules]
    _put_in_order(work.root, [module for module in modules if module])
    _take_down_the_rest(work)


def _store_module(work: _Work, module: ModuleFile) -> Page | None:
    page = _put(work, _fresh(work.root), ModulePage, module.key, module.path, _module_writer(module))
    if page:
        writers = [(lesson, _lesson_writer(work, lesson)) for lesson in module.lessons]
        lessons = [_put(work, _fresh(page), LessonPage, lesson.key, lesson.path, write) for lesson, write in writers]
        _put_in_order(page, [lesson for lesson in lessons if lesson])
    return page


# --- What each page says ------------------------------------------------------------------------
# A writer sets the fields of a page and says whether any of them is another than before.
Writer = Callable[[Page], bool]


def _set(page: Page, **values: Any) -> bool:
    changed = [name for name, value in values.items() if getattr(page, name) != value]
    for name in changed:
        setattr(page, name, values[name])
    return bool(changed)


def _course_writer(work: _Work) -> Writer:
    course = work.course

    def write(page: Page) -> bool:
        changed = _set(
            page,
            title=course.title,
            slug=course.slug,
            summary=course.summary,
            audience=course.audience,
            level=course.level,
            version_label=course.version,
            order=course.order,
            is_pilot=course.is_pilot,
            gives_certificate=course.gives_certificate,
        )
        return _set_glossary(page, course) or changed

    return write


def _set_glossary(page: Page, course: CourseFile) -> bool:
    before = {entry.term: entry for entry in page.glossary.all()}
    wanted = [(entry.term, entry.meaning) for entry in course.glossary]
    if wanted == [(entry.term, entry.meaning) for entry in before.values()]:
        return False
    terms = []
    for place, (term, meaning) in enumerate(wanted):
        entry = before.get(term) or GlossaryTerm(term=term)
        entry.meaning, entry.sort_order = meaning, place
        terms.append(entry)
    page.glossary = terms
    return True


def _module_writer(module: ModuleFile) -> Writer:
    return lambda page: _set(
        page,
        title=module.title,
        slug=module.slug,
        summary=module.summary,
        nominal_minutes=module.minutes,
        ref=keys.kept_ref(module.ref),
    )


def _lesson_writer(work: _Work, lesson: LessonFile) -> Writer:
    def write(page: Page) -> bool:
        ref = keys.kept_ref(lesson.ref)
        changed = _set(page, title=lesson.title, slug=lesson.slug, summary=lesson.summary, ref=ref)
        before = _stream(page)
        stream = stream_of(lesson.pieces, lesson.key, work.files, before)
        if same_stream(before, stream):
            return changed
        block = page.body.stream_block
        block.clean(block.to_python(stream))
        page.body = block.to_python(stream)
        return True

    return write


def _stream(lesson: Page) -> Stream:
    return list(lesson.body.raw_data)


# --- Pages ------------------------------------------------------------------------------------
def _put(work: _Work, parent: Page, model: type[Page], key: UUID, path: str, write: Writer) -> Page | None:
    """The page with this key, under `parent`, saying what `write` sets; None when it refused."""
    try:
        page = _existing(work, model, key)
        if page is None:
            return _create(work, parent, model, key, path, write)
        return _update(work, parent, page, path, write)
    except StreamBlockValidationError as error:
        _complain_of_blocks(work, path, error)
    except ValidationError as error:
        for sentence in sentences_in(error):
            work.mistakes.add(path, 1, sentence)
    return None


def _existing(work: _Work, model: type[Page], key: UUID) -> Page | None:
    found = Page.objects.filter(translation_key=key, locale=work.locale).first()
    if found is None:
        return None
    page = found.specific
    elsewhere = work.root is not None and not found.is_descendant_of(_fresh(work.root))
    if not isinstance(page, model) or elsewhere:
        raise ValidationError(_("Id-en hører til en side utenfor kurset («%(title)s»).") % {"title": page.title})
    if page.alias_of_id:
        raise ValidationError(_("Siden «%(title)s» er et alias. Gjør den til en egen side først.") % {"title": page})
    return page


def _create(work: _Work, parent: Page, model: type[Page], key: UUID, path: str, write: Writer) -> Page:
    page = model(translation_key=key, locale=work.locale, live=False)
    write(page)
    _free_slug(parent, page)
    parent.add_child(instance=page)
    page.save_revision().publish()
    work.outcome.created.append(path)
    return _fresh(page)


def _update(work: _Work, parent: Page, page: Page, path: str, write: Writer) -> Page:
    moved = not isinstance(page, CoursePage) and not page.is_child_of(parent)
    if moved:
        page.move(parent, pos="last-child")
        page = _fresh(page)
        work.outcome.moved.append(path)
    drafted = page.live and page.has_unpublished_changes
    changed = write(page)
    _free_slug(page.get_parent(), page)
    if changed or not page.live:
        page.save_revision().publish()
        work.outcome.changed.append(path)
        work.outcome.drafts += [path] if drafted else []
    elif not moved:
        work.outcome.unchanged.append(path)
    return _fresh(page)


def _free_slug(parent: Page, page: Page) -> None:
    """Lets another page under `parent` give up the address; its own comes when it is its turn, or it is down."""
    for other in parent.get_children().filter(slug=page.slug).exclude(pk=page.pk).specific():
        if isinstance(other, (ModulePage, LessonPage)):
            other.slug = f"{other.slug}-{str(other.translation_key)[:8]}"
            other.save()


def _put_in_order(parent: Page, pages: list[Page]) -> None:
    """Moves the fewest pages that bring `pages` to the front of `parent` in this order."""
    now = list(_fresh(parent).get_children().order_by("path").values_list("pk", flat=True))
    for place, page in enumerate(pages):
        if now[place] == page.pk:
            continue
        _fresh(page).move(Page.objects.get(pk=now[place]), pos="left")
        now.remove(page.pk)
        now.insert(place, page.pk)


def _take_down_the_rest(work: _Work) -> None:
    named = {lesson.key for lesson in work.course.lessons} | {module.key for module in work.course.modules}
    for page in _fresh(work.root).get_descendants().live().exclude(translation_key__in=named).specific():
        page.unpublish()
        work.outcome.unpublished.append(page.title)


def _complain_of_blocks(work: _Work, path: str, error: StreamBlockValidationError) -> None:
    lesson = next(lesson for lesson in work.course.lessons if lesson.path == path)
    for index, inner in (error.block_errors or {}).items():
        for sentence in sentences_in(inner):
            work.mistakes.add(path, lesson.pieces[index].line, sentence)
    for sentence in error.non_block_errors or []:
        work.mistakes.add(path, 1, str(sentence))


def _fresh(page: Page) -> Page:
    """The page as it is in the tree now; moves leave old places in memory."""
    return type(page).objects.get(pk=page.pk)
