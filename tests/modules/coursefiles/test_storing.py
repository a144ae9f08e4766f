"""Files become pages that learners can trust: nothing is lost when texts change, lessons move or go."""

import shutil
from uuid import UUID, uuid5

import pytest
from django.core.exceptions import ValidationError
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Revision

from media.models import File, Picture
from modules.coursefiles import keys, storing
from modules.coursefiles.mistakes import CourseRefused
from modules.enrolment import current_attempt, enrol
from modules.models import (
    CheckAnswer,
    CourseIndexPage,
    CoursePage,
    LessonCompletion,
    LessonPage,
    ModulePage,
    NotebookEntry,
)
from modules.outline import course_outline
from tests.modules.coursefiles.conftest import CHECKS, END, SOURCES, TEXT

COURSE = UUID("11111111-2222-4333-8444-555555555555")
SECOND_MODULE = UUID("99999999-2222-4333-8444-555555555555")
LAST_LESSON = UUID("88888888-2222-4333-8444-555555555555")
PROMPT = UUID("77777777-2222-4333-8444-555555555555")
CHECKS_LESSON = uuid5(COURSE, "lesson:m2-sjekker")
FILES = ["course.toml", "01-forste-modul/module.toml", TEXT, SOURCES, "02-andre-modul/module.toml", CHECKS, END]


def lesson(key=CHECKS_LESSON) -> LessonPage:
    return LessonPage.objects.get(translation_key=key)


def tree() -> list[tuple[str, bool]]:
    course = CoursePage.objects.get(translation_key=COURSE)
    pages = course.get_descendants(inclusive=True).order_by("path")
    return [(page.url_path.removeprefix("/forside/kurs/"), page.live) for page in pages]


def blocks(page: LessonPage) -> dict[str, str]:
    """The ids of checks and prompts by their question."""
    return {block["value"]["question"]: block["id"] for block in page.body.raw_data}


def test_import_makes_the_pages(import_files):
    outcome = import_files()
    assert outcome.created == FILES
    assert [path for path, _live in tree()] == [
        "every-block/",
        "every-block/forste-modul/",
        "every-block/forste-modul/tekst/",
        "every-block/forste-modul/kilder/",
        "every-block/andre-modul/",
        "every-block/andre-modul/sjekker/",
        "every-block/andre-modul/slutt/",
    ]
    assert {live for _path, live in tree()} == {True}
    course = CoursePage.objects.get(translation_key=COURSE)
    assert (course.order, course.version_label, course.is_pilot, course.gives_certificate) == (
        "modules",
        "2026.1",
        True,
        False,
    )
    assert [(entry.term, entry.meaning) for entry in course.glossary.all()] == [
        ("tolk", "En person som oversetter."),
        ("avlastning", "Hvile for foreldrene."),
    ]
    module = ModulePage.objects.get(translation_key=SECOND_MODULE)
    assert (module.ref, module.nominal_minutes) == ("", 60)
    assert (lesson().ref, lesson(LAST_LESSON).ref) == ("m2-sjekker", "")


def test_ids_come_from_what_files_call_things(import_files):
    import_files()
    page = lesson()
    assert blocks(page) == {
        "Når begynner det?": str(uuid5(CHECKS_LESSON, "ett-svar")),
        "Hva hører med?": str(uuid5(CHECKS_LESSON, "flere-svar")),
        "Hvilken gruppe?": str(uuid5(CHECKS_LESSON, "sorter")),
        "Hva tar du med deg?": str(PROMPT),
    }
    check = page.body.raw_data[0]
    assert check["value"]["ref"] == "ett-svar"
    assert [item["id"] for item in check["value"]["options"]] == [
        str(keys.answer_key(UUID(check["id"]), text))
        for text in ("Når behandlingen stopper.", "Når diagnosen er stilt.")
    ]
    assert page.body.raw_data[3]["value"]["ref"] == ""


def test_second_import_changes_nothing(import_files):
    import_files()
    revisions, pictures = Revision.objects.count(), Picture.objects.count()
    outcome = import_files()
    assert (outcome.unchanged, outcome.created, outcome.changed, outcome.moved) == (FILES, [], [], [])
    assert (Revision.objects.count(), Picture.objects.count(), File.objects.count()) == (revisions, pictures, 1)


def test_what_the_editor_saves_without_a_change_is_no_change(import_files):
    import_files()
    page = lesson(LAST_LESSON)
    block = page.body.stream_block
    data = list(page.body.raw_data)
    data[0] = data[0] | {"value": data[0]["value"].replace("<p>", '<p data-block-key="k1">')}
    page.body = block.clean(block.to_python(data))
    page.save_revision().publish()
    assert import_files().unchanged == FILES


def test_text_change_makes_one_new_version_and_keeps_ids(import_files, replace):
    import_files()
    before = blocks(lesson())
    replace(CHECKS, "> Ja.\n> Nettopp da.", "> Ja, nettopp.")
    outcome = import_files()
    assert (outcome.changed, len(outcome.unchanged)) == ([CHECKS], 6)
    assert blocks(lesson()) == before
    assert Revision.objects.filter(object_id=str(lesson().pk)).count() == 2


def test_other_order_of_answers_keeps_their_ids(import_files, replace):
    import_files()
    before = {item["value"]["text"]: item["id"] for item in lesson().body.raw_data[1]["value"]["options"]}
    replace(CHECKS, "- [x] Lek.\n> Ja.\n- [x] Hvile.\n> Ja.\n", "- [x] Hvile.\n> Ja.\n- [x] Lek.\n> Ja.\n")
    import_files()
    after = [(item["value"]["text"], item["id"]) for item in lesson().body.raw_data[1]["value"]["options"]]
    assert after == [(text, before[text]) for text in ("Hvile.", "Lek.", "Karakterer.")]


def test_answers_made_in_the_cms_keep_their_ids(import_files, replace):
    import_files()
    page = lesson()
    data = list(page.body.raw_data)
    data[0]["value"]["options"][1]["id"] = "aaaaaaaa-0000-4000-8000-000000000000"
    page.body = page.body.stream_block.to_python(data)
    page.save_revision().publish()
    replace(CHECKS, "Når begynner det?", "Når begynner støtten?")
    import_files()
    assert lesson().body.raw_data[0]["value"]["options"][1]["id"] == "aaaaaaaa-0000-4000-8000-000000000000"


def test_moved_lesson_keeps_what_learners_have_done(import_files, folder, learner):
    import_files()
    outline = course_outline(COURSE, "nb")
    enrol(learner, outline)
    attempt = current_attempt(learner, COURSE)
    page = lesson()
    check = UUID(blocks(page)["Når begynner det?"])
    done = LessonCompletion.objects.create(attempt=attempt, lesson=page, lesson_key=page.translation_key, revision=1)
    CheckAnswer.objects.create(
        attempt=attempt, lesson_key=page.translation_key, check_id=check, answer=[], is_right=True
    )
    NotebookEntry.objects.create(
        learner=learner, course_key=COURSE, lesson_key=page.translation_key, prompt_id=PROMPT, question="?", text="Mitt"
    )
    (folder / CHECKS).rename(folder / "01-forste-modul" / "00-proven.md")
    outcome = import_files()
    assert outcome.moved == ["01-forste-modul/00-proven.md"]
    assert [path for path, live in tree() if live] == [
        "every-block/",
        "every-block/forste-modul/",
        "every-block/forste-modul/proven/",
        "every-block/forste-modul/tekst/",
        "every-block/forste-modul/kilder/",
        "every-block/andre-modul/",
        "every-block/andre-modul/slutt/",
    ]
    moved = course_outline(COURSE, "nb").modules[0].lessons[0]
    assert (moved.pk, moved.key) == (page.pk, page.translation_key)
    assert [task.id for task in moved.checks][0] == check
    assert moved.prompts == (PROMPT,)
    assert LessonCompletion.objects.get(lesson_key=moved.key) == done
    assert NotebookEntry.objects.get(prompt_id=moved.prompts[0]).text == "Mitt"
    assert Redirect.objects.get(old_path="/kurs/every-block/andre-modul/sjekker").redirect_page_id == page.pk


def test_lessons_and_modules_change_places(import_files, folder):
    import_files()
    (folder / "01-forste-modul").rename(folder / "03-forste-modul")
    (folder / "03-forste-modul" / "01-tekst.md").rename(folder / "03-forste-modul" / "09-tekst.md")
    outcome = import_files()
    assert [path for path, _live in tree()] == [
        "every-block/",
        "every-block/andre-modul/",
        "every-block/andre-modul/sjekker/",
        "every-block/andre-modul/slutt/",
        "every-block/forste-modul/",
        "every-block/forste-modul/kilder/",
        "every-block/forste-modul/tekst/",
    ]
    assert outcome.changed == []


def test_two_lessons_swap_addresses(import_files, folder):
    import_files()
    module = folder / "02-andre-modul"
    keys_before = [lesson().pk, lesson(LAST_LESSON).pk]
    (module / "01-sjekker.md").rename(module / "03-slutt.md")
    (module / "02-slutt.md").rename(module / "01-sjekker.md")
    import_files()
    assert [lesson().slug, lesson(LAST_LESSON).slug] == ["slutt", "sjekker"]
    assert [lesson().pk, lesson(LAST_LESSON).pk] == keys_before
    assert [path for path, _live in tree()][-2:] == [
        "every-block/andre-modul/sjekker/",
        "every-block/andre-modul/slutt/",
    ]


def test_removed_lesson_is_taken_down_and_comes_back(import_files, folder):
    import_files()
    page = lesson(LAST_LESSON)
    text = (folder / END).read_text()
    (folder / END).unlink()
    assert import_files().unpublished == ["Slutt"]
    assert lesson(LAST_LESSON).live is False
    assert import_files().unpublished == []
    (folder / END).write_text(text)
    assert import_files().changed == [END]
    assert (lesson(LAST_LESSON).live, lesson(LAST_LESSON).pk) == (True, page.pk)


def test_new_lesson_takes_the_address_of_a_removed_one(import_files, replace):
    import_files()
    replace(END, "id: 88888888-2222-4333-8444-555555555555", "id: m2-ny-slutt")
    outcome = import_files()
    assert (outcome.created, outcome.unpublished) == ([END], ["Slutt"])
    assert lesson(LAST_LESSON).slug == "slutt-88888888"
    assert lesson(uuid5(COURSE, "lesson:m2-ny-slutt")).slug == "slutt"


def test_removed_module_is_taken_down_with_its_lessons(import_files, folder):
    import_files()
    shutil.rmtree(folder / "02-andre-modul")
    assert import_files().unpublished == ["Andre modul", "Kunnskapssjekker", "Slutt"]


def test_changed_picture_is_replaced_and_the_rest_left(import_files, folder):
    import_files()
    before = {picture.title: (picture.pk, picture.file_hash) for picture in Picture.objects.all()}
    drawing = (folder / "pictures" / "linje.svg").read_text()
    (folder / "pictures" / "linje.svg").write_text(drawing.replace("1E5B57", "D9773F"))
    assert import_files().unchanged == FILES
    after = {picture.title: (picture.pk, picture.file_hash) for picture in Picture.objects.all()}
    assert before.keys() == after.keys() == {"every-block/linje.svg", "every-block/prikk.svg"}
    assert after["every-block/prikk.svg"] == before["every-block/prikk.svg"]
    assert after["every-block/linje.svg"][0] == before["every-block/linje.svg"][0]
    assert (
        Picture.objects.get(title="every-block/linje.svg").file.read()
        == (folder / "pictures" / "linje.svg").read_bytes()
    )


def test_glossary_follows_the_file(import_files, replace):
    import_files()
    replace("course.toml", 'meaning = "En person som oversetter."', 'meaning = "Den som oversetter."')
    replace("course.toml", "[[glossary]]", '[[glossary]]\nterm = "sorg"\nmeaning = "Det vi kjenner."\n\n[[glossary]]')
    assert import_files().changed == ["course.toml"]
    course = CoursePage.objects.get(translation_key=COURSE)
    assert [(entry.term, entry.meaning) for entry in course.glossary.all()] == [
        ("sorg", "Det vi kjenner."),
        ("tolk", "Den som oversetter."),
        ("avlastning", "Hvile for foreldrene."),
    ]


def test_draft_in_the_cms_is_told_of_when_it_is_put_aside(import_files, replace):
    import_files()
    page = lesson(LAST_LESSON)
    page.title = "Kladd"
    page.save_revision()
    assert import_files().drafts == []
    assert lesson(LAST_LESSON).get_latest_revision_as_object().title == "Kladd"
    replace(END, "Takk for", "Mange takk for")
    assert import_files().drafts == [END]


def test_html_in_a_file_is_text_in_the_page(import_files, replace):
    replace(END, "Takk for", "<script>alert(1)</script> Takk for")
    import_files()
    assert lesson(LAST_LESSON).body.raw_data[0]["value"] == (
        "<p>&lt;script&gt;alert(1)&lt;/script&gt; Takk for at du ble med.</p>"
    )


def test_import_refuses_when_there_is_no_page_for_courses(import_files):
    CourseIndexPage.objects.all().delete()
    with pytest.raises(ValidationError) as refusal:
        import_files()
    assert refusal.value.messages == [
        "Det finnes ingen kursoversikt med adressen «kurs» på språket nb. Lag den i CMS først."
    ]


def test_import_refuses_when_an_id_belongs_to_another_course(import_files, course, replace):
    other = course.lessons[0]
    replace(END, "id: 88888888-2222-4333-8444-555555555555", f"id: {other.translation_key}")
    with pytest.raises(CourseRefused) as refusal:
        import_files()
    assert refusal.value.messages == [f"{END}:1: Id-en hører til en side utenfor kurset («Første leksjon»)."]


def test_refused_import_leaves_nothing(import_files, course, replace, files_folder):
    replace(END, "id: 88888888-2222-4333-8444-555555555555", f"id: {course.lessons[0].translation_key}")
    pages = Page.objects.count()
    with pytest.raises(CourseRefused):
        import_files()
    assert (Page.objects.count(), Picture.objects.count()) == (pages, 0)
    assert [path for path in files_folder.rglob("*") if path.is_file()] == []


def test_block_that_refuses_is_named_by_its_line(import_files, monkeypatch):
    def without_alternative(*args):
        stream = stream_of(*args)
        for block in stream:
            if block["type"] == "picture" and not block["value"]["image"]["decorative"]:
                block["value"]["image"]["alt_text"] = ""
        return stream

    stream_of = storing.stream_of
    monkeypatch.setattr(storing, "stream_of", without_alternative)
    with pytest.raises(CourseRefused) as refusal:
        import_files()
    assert [message.split(" ")[0] for message in refusal.value.messages] == [f"{SOURCES}:15:"]
