"""A course as files with every block once, in a folder of its own, and ways to change and import it."""

import shutil
from pathlib import Path

import pytest
from django.conf import settings

from modules.coursefiles.checking import check_course
from modules.coursefiles.mistakes import Mistakes
from modules.coursefiles.reading import read_course
from modules.coursefiles.storing import store_course
from tests.small_course import course_index

EVERY_BLOCK = Path(__file__).parent / "every-block"
SAMPLE = Path(settings.BASE_DIR) / "courses" / "grunnleggende-barnepalliasjon"
TEXT = "01-forste-modul/01-tekst.md"
SOURCES = "01-forste-modul/02-kilder.md"
CHECKS = "02-andre-modul/01-sjekker.md"
END = "02-andre-modul/02-slutt.md"


@pytest.fixture
def folder(tmp_path) -> Path:
    """A copy of the course with every block."""
    return Path(shutil.copytree(EVERY_BLOCK, tmp_path / "every-block"))


@pytest.fixture
def replace(folder):
    """A function that changes a text in a file of the course; the old text must be there."""

    def replace_in(path: str, old: str, new: str) -> None:
        text = (folder / path).read_text()
        assert old in text
        (folder / path).write_text(text.replace(old, new, 1))

    return replace_in


@pytest.fixture
def mistakes_in(folder):
    """A function that gives all mistakes of the course as `file:line: sentence`, without touching a database."""

    def check() -> list[str]:
        mistakes = Mistakes()
        course = read_course(folder, mistakes)
        if course:
            check_course(course, mistakes)
        return [str(mistake) for mistake in sorted(set(mistakes.found))]

    return check


@pytest.fixture
def files_folder(settings, tmp_path):
    """Uploads of a test in a folder of its own."""
    settings.MEDIA_ROOT = tmp_path / "files"
    return settings.MEDIA_ROOT


@pytest.fixture
def import_files(db, folder, files_folder):
    """A function that imports the course as its files are now and says what that did."""
    course_index()

    def store():
        mistakes = Mistakes()
        course = read_course(folder, mistakes)
        check_course(course, mistakes)
        assert mistakes.found == []
        return store_course(course)

    return store
