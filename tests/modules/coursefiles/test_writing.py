"""Pages become the files they came from; pages made in the CMS keep their ids through files."""

import tomllib
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from media.models import Picture
from modules.coursefiles.checking import check_course
from modules.coursefiles.mistakes import Mistakes
from modules.coursefiles.reading import read_course
from modules.coursefiles.storing import store_course
from modules.coursefiles.writing import toml_text, write_course
from modules.models import CoursePage, LessonPage
from tests.modules.coursefiles.conftest import EVERY_BLOCK, SAMPLE, TEXT
from tests.small_course import course_index


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def store(folder: Path):
    mistakes = Mistakes()
    course = read_course(folder, mistakes)
    check_course(course, mistakes)
    assert mistakes.found == []
    return store_course(course)


@pytest.mark.parametrize("folder", [EVERY_BLOCK, SAMPLE], ids=["every block", "sample course"])
def test_export_gives_the_same_files(db, files_folder, tmp_path, folder):
    course_index()
    store(folder)
    written = write_course(CoursePage.objects.get(slug=folder.name), tmp_path / "out")
    assert contents(tmp_path / "out") == contents(folder)
    assert len(written) == len(contents(folder))


def test_course_made_in_the_cms_keeps_its_ids(course, files_folder, tmp_path):
    write_course(course.page, tmp_path / "lite-kurs")
    before = [(page.pk, page.translation_key, list(page.body.raw_data)) for page in course.lessons]
    store(tmp_path / "lite-kurs")
    after = [LessonPage.objects.get(pk=page.pk) for page in course.lessons]
    kept = {"choice", "sort", "prompt"}
    assert [(page.pk, page.translation_key) for page in after] == [(pk, key) for pk, key, _body in before]
    for page, (_pk, _key, body) in zip(after, before, strict=True):
        assert [block["id"] for block in page.body.raw_data if block["type"] in kept] == [
            block["id"] for block in body if block["type"] in kept
        ]
    assert [item["id"] for item in after[0].body.raw_data[1]["value"]["options"]] == [
        item["id"] for item in before[0][2][1]["value"]["options"]
    ]
    write_course(CoursePage.objects.get(pk=course.page.pk), tmp_path / "again")
    assert contents(tmp_path / "again") == contents(tmp_path / "lite-kurs")


def test_copied_lesson_gets_ids_of_its_own(import_files, tmp_path):
    import_files()
    page = LessonPage.objects.get(ref="m1-tekst")
    copy = page.copy(update_attrs={"slug": "kopi", "translation_key": uuid4()}, keep_live=True)
    write_course(CoursePage.objects.get(slug="every-block"), tmp_path / "out")
    heads = [(tmp_path / "out" / path).read_text().split("\n")[1] for path in (TEXT, "01-forste-modul/03-kopi.md")]
    assert heads == ["id: m1-tekst", f"id: {copy.translation_key}"]


def test_picture_from_the_library_is_not_doubled(import_files, files_folder, tmp_path):
    import_files()
    Picture.objects.filter(title="every-block/linje.svg").update(title="Foto fra biblioteket")
    write_course(CoursePage.objects.get(slug="every-block"), tmp_path / "out" / "every-block")
    store(tmp_path / "out" / "every-block")
    assert sorted(Picture.objects.values_list("title", flat=True)) == ["Foto fra biblioteket", "every-block/prikk.svg"]


def test_unpublished_lesson_is_not_written(import_files, tmp_path):
    import_files()
    LessonPage.objects.get(ref="m1-tekst").unpublish()
    write_course(CoursePage.objects.get(slug="every-block"), tmp_path / "out")
    assert sorted(path.name for path in (tmp_path / "out" / "01-forste-modul").iterdir()) == [
        "01-kilder.md",
        "module.toml",
    ]


def test_export_refuses_when_the_folder_is_not_empty(import_files, tmp_path):
    import_files()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("Behold meg")
    with pytest.raises(ValidationError, match="er ikke tom"):
        write_course(CoursePage.objects.get(slug="every-block"), tmp_path / "out")


def test_export_refuses_when_a_picture_is_gone(import_files, tmp_path):
    import_files()
    Picture.objects.filter(title="every-block/linje.svg").delete()
    with pytest.raises(ValidationError, match="som ikke finnes lenger"):
        write_course(CoursePage.objects.get(slug="every-block"), tmp_path / "out")
    assert not (tmp_path / "out").exists()


text = st.text(st.characters(blacklist_categories=("Cs",)), max_size=20)


@settings(deadline=None)
@given(
    st.dictionaries(st.sampled_from(["id", "title", "minutes"]), st.one_of(text, st.integers(0, 999), st.booleans()))
)
def test_toml_is_read_as_it_was_written(values):
    assert tomllib.loads(toml_text(values, [values], "glossary")) == values | {"glossary": [values]}
