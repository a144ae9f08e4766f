"""Language versions of a course share one progress: keys are stable, places are not (C16)."""

import pytest
from wagtail.models import Locale, Page

from lms.home.models import HomePage
from modules.freshness import renew_content
from modules.models import Attempt, CourseIndexPage, Enrolment, LessonCompletion
from modules.outline import course_outline, course_outlines
from tests.small_course import COURSE_KEY, RIGHT, SINGLE

ENGLISH = "/en/kurs/lite-kurs/modul-1/leksjon-1/"


@pytest.fixture
def english(course):
    """The whole tree in English, published."""
    locale = Locale.objects.get_or_create(language_code="en")[0]
    pages = [HomePage.objects.get(), CourseIndexPage.objects.get(), course.page, *course.modules, *course.lessons]
    for page in pages:
        copy = page.copy_for_translation(locale)
        copy.title = f"English {page.title}"
        copy.slug = copy.slug if isinstance(page, HomePage) else page.slug
        copy.save_revision().publish()
    renew_content()
    return course_outline(COURSE_KEY, "en")


def test_a_translated_course_keeps_its_keys(english):
    norwegian = course_outline(COURSE_KEY, "nb")

    assert english.title == "English Lite kurs"
    assert english.lessons[0].url.endswith(ENGLISH)
    assert [lesson.key for lesson in english.lessons] == [lesson.key for lesson in norwegian.lessons]
    assert [outline.title for outline in course_outlines("nb")] == ["Lite kurs"]


def test_what_is_done_in_one_language_is_done_in_the_other(learner_client, english):
    learner_client.post("/en/kurs/lite-kurs/pamelding/")
    learner_client.post(f"{ENGLISH}svar/{SINGLE}/", {"answer": str(RIGHT)})
    finished = learner_client.post(f"{ENGLISH}ferdig/")
    assert finished.url.endswith("/en/kurs/lite-kurs/modul-1/leksjon-2/")

    again = learner_client.post("/kurs/lite-kurs/pamelding/")

    assert again.url == "/kurs/lite-kurs/modul-1/leksjon-2/"
    assert (Enrolment.objects.count(), Attempt.objects.count(), LessonCompletion.objects.count()) == (1, 1, 1)


def test_the_page_says_its_language(client, english):
    assert '<html lang="en">' in client.get("/en/kurs/lite-kurs/").content.decode()
    assert '<html lang="nb">' in client.get("/kurs/lite-kurs/").content.decode()


@pytest.mark.parametrize("language", ["en", "nn", "se"])
def test_words_in_bokmal_are_called_bokmal_whatever_the_address(client, course, language):
    """Nothing is translated yet: the page is there, and a screen reader reads it as what it is."""
    for address in (f"/{language}/konto/login/", f"/{language}/kursbevis/", f"/{language}/"):
        page = client.get(address, follow=True)

        assert (page.status_code, '<html lang="nb">' in page.content.decode()) == (200, True), address


def test_a_language_without_pages_is_not_there(client, course):
    assert Page.objects.filter(locale__language_code="nn").count() == 0
    assert client.get("/nn/kurs/lite-kurs/").status_code == 404
