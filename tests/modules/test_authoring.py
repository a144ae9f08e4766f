import datetime
import time

import pytest
from django.core.exceptions import ValidationError

from modules.authoring import give_new_ids, warnings_for, what_publishing_means, why_not_deletable
from modules.blocks import LONGEST_PROSE
from modules.models import GlossaryTerm, LessonPage
from modules.richtext import clean_html, render_richtext, using_glossary


def stream(*blocks):
    return LessonPage.body.field.stream_block.to_python(list(blocks))


def ids_of(lesson):
    return [str(block.id) for block in lesson.body]


def test_a_page_that_nobody_has_been_in_may_be_deleted(course):
    assert why_not_deletable(course.lessons[0]) == ""


def test_pages_with_learners_may_not_be_deleted_at_any_level(course, attempt, finish):
    finish(1)

    for page in (course.page, course.modules[0], course.lessons[0]):
        assert why_not_deletable(page) == (
            f"«{page.title}» har deltakere og kan ikke slettes. "
            "Avpubliser siden i stedet, så beholder de det de har gjort."
        )
    assert why_not_deletable(course.lessons[1]) == ""


def test_the_editor_is_led_back_when_deleting_a_page_with_learners(course, attempt, finish, editor, signed_in):
    finish(1)

    answer = signed_in(editor).post(f"/cms/pages/{course.lessons[0].pk}/delete/")

    assert answer.status_code == 302
    assert LessonPage.objects.filter(pk=course.lessons[0].pk).exists()


def test_the_author_is_told_of_laws_that_want_a_new_look(course):
    lesson = course.lessons[0]
    law = {"act": "Helseloven", "section": "§ 1", "text": "<p>Hva den sier.</p>", "url": ""}
    today = datetime.date.today()
    old = today - datetime.timedelta(days=366)
    lesson.body = stream(
        {"type": "law", "value": law | {"checked_on": today.isoformat()}},
        {"type": "law", "value": law | {"section": "§ 2", "checked_on": old.isoformat()}},
        {"type": "law", "value": law | {"section": "§ 3", "checked_on": None}},
    )

    assert warnings_for(lesson) == [
        "Helseloven § 2 er ikke kontrollert mot lovteksten det siste året.",
        "Helseloven § 3 er ikke kontrollert mot lovteksten det siste året.",
    ]


def test_the_author_is_told_of_words_that_are_not_in_the_glossary(course):
    GlossaryTerm.objects.create(course=course.page, term="lindring", meaning="Å dempe plager.")
    lesson = course.lessons[0]
    lesson.body = stream({"type": "text", "value": "<p>[[lindring]] og [[ukjent]]</p>"})

    assert warnings_for(lesson) == ["«ukjent» er markert, men står ikke i ordlisten til kurset."]


def test_publishing_says_that_nothing_is_undone(course, attempt, finish):
    assert what_publishing_means(course.lessons[0]) == ""
    finish(1)
    assert what_publishing_means(course.lessons[0]) == (
        "1 deltaker har fullført leksjonen. Det står ved lag, og den nye teksten vises når siden åpnes."
    )


def test_a_copied_lesson_has_checks_of_its_own(course):
    lesson = course.lessons[2]
    copy = lesson.copy(update_attrs={"slug": "kopi", "title": "Kopi"})
    assert ids_of(copy) == ids_of(lesson)

    give_new_ids(copy)

    copy = LessonPage.objects.get(pk=copy.pk)
    assert set(ids_of(copy)).isdisjoint(ids_of(lesson))
    assert [block.value["question"] for block in copy.body] == [block.value["question"] for block in lesson.body]


def refuse(body):
    with pytest.raises(ValidationError) as refusal:
        LessonPage.body.field.stream_block.clean(body)
    return refusal.value


def test_headings_may_not_skip_a_level():
    refuse(stream({"type": "text", "value": "<h3>For dypt</h3>"}))


def test_headings_in_order_are_taken():
    body = stream({"type": "text", "value": "<h2>En</h2><h3>To</h3>"}, {"type": "text", "value": "<h3>Tre</h3>"})

    assert LessonPage.body.field.stream_block.clean(body) is not None


@pytest.mark.parametrize(
    "words",
    ["her", "Les mer", "klikk her.", "les mer her", "Les mer »", "«her»", "klikk her!", "Les meir", "read more", "here"]
    + ["→", "denne lenken", "https://example.org/a", "www.example.org", "", " ", "her\xa0", "her&nbsp;", "<b>h</b>er"]
    + ["&raquo;", "…"],
)
def test_a_link_must_say_where_it_leads(words):
    refuse(stream({"type": "text", "value": f'<p><a href="https://example.org/">{words}</a></p>'}))


@pytest.mark.parametrize(
    "words", ["Les mer om sorg", "116 117", "post@example.org", "example.org", "Her bor vi", "NOU 2017: 16"]
)
def test_a_link_that_says_where_it_leads_is_taken(words):
    body = stream({"type": "text", "value": f'<p><a href="https://example.org/">{words}</a></p>'})

    assert LessonPage.body.field.stream_block.clean(body) is not None


def test_a_text_that_is_too_long_is_refused_and_one_as_long_as_may_be_is_taken():
    body = stream({"type": "text", "value": f"<p>{'a' * (LONGEST_PROSE - 7)}</p>"})
    assert LessonPage.body.field.stream_block.clean(body) is not None

    refusal = refuse(stream({"type": "text", "value": f"<p>{'a' * (LONGEST_PROSE - 6)}</p>"}))
    assert "Teksten er for lang." in str(refusal.block_errors[0])


@pytest.mark.parametrize("hostile", ["<ul><li>", "<p><b>", "<a><p>"])
def test_hostile_nesting_is_cleaned_in_a_moment(hostile):
    begun = time.process_time()

    clean_html((hostile * 5000)[: LONGEST_PROSE + 1])
    clean_html((hostile * 5000)[:LONGEST_PROSE])

    assert time.process_time() - begun < 10


def test_a_long_text_is_whole_and_as_clean_as_a_short_one():
    html = clean_html(
        "<p>" + "a" * LONGEST_PROSE + "<script>x()</script><a href='javascript:x()' onclick='x()'>b</a></p>"
    )

    assert html == f"<p>{'a' * LONGEST_PROSE}<a>b</a></p>"


def option(text, is_right):
    return {"type": "item", "value": {"text": text, "is_right": is_right, "feedback": "Fordi."}}


@pytest.mark.parametrize(("several", "right"), [(False, 0), (False, 2), (True, 0)])
def test_a_check_must_have_the_right_number_of_right_answers(several, right):
    options = [option(f"Svar {number}", number < right) for number in range(3)]
    value = {"ref": "", "question": "Hva?", "several": several, "options": options}

    refuse(stream({"type": "choice", "value": value}))


def test_a_picture_must_have_an_alternative_or_be_decorative(course):
    refuse(stream({"type": "picture", "value": {"image": {"image": None, "alt_text": "", "decorative": False}}}))


def test_glossary_words_are_explained_and_the_rest_is_cleaned():
    with using_glossary({"lindring": "Å dempe plager."}):
        html = render_richtext("<p>[[Lindringen|lindring]] <img src=x onerror=alert(1)><script>x</script></p>")

    assert html == (
        '<p><button type="button" class="word" popovertarget="ord-1">Lindringen</button>'
        '<span popover id="ord-1" class="meaning"><b>lindring</b> Å dempe plager.</span> x</p>'
    )


def test_a_word_that_is_not_in_the_glossary_is_plain_text():
    with using_glossary({}):
        assert render_richtext("<p>[[ord]]</p>") == "<p>ord</p>"


@pytest.mark.parametrize(("kind", "shown"), [("page", "Fjerde leksjon"), ("lesson", "Barnet først.")])
def test_an_editor_sees_the_page_as_learners_will(course, editor, signed_in, kind, shown):
    page = course.page if kind == "page" else course.lessons[0]
    client = signed_in(editor)

    answer = client.get(f"/cms/pages/{page.pk}/view_draft/")

    assert answer.status_code == 200
    assert shown in answer.content.decode()
    assert "Forhåndsvisning: ingenting blir lagret." in answer.content.decode()
