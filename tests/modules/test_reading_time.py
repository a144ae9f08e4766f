"""Minutes come from what is in a lesson: 180 words each, and time for tasks and pictures."""

import pytest

from modules.models import LessonPage
from modules.reading_time import minutes_in, minutes_of, words_in, words_of


def text(words: int) -> dict:
    return {"type": "text", "value": f"<p>{'ord ' * words}</p>", "id": "1"}


@pytest.mark.parametrize(("words", "minutes"), [(0, 0), (1, 1), (180, 1), (181, 2)])
def test_minutes_are_rounded_up(words, minutes):
    assert minutes_in([text(words)]) == minutes


def test_tasks_and_pictures_take_their_time():
    tasks = [{"type": kind, "value": {}} for kind in ("choice", "sort", "prompt", "picture", "fact")]
    assert minutes_in([text(180), *tasks]) == 1 + 1 + 1 + 3 + 1


def test_words_are_what_the_eye_reads():
    question = {
        "ref": "en-id",
        "question": "Når begynner det?",
        "options": [{"type": "item", "value": {"text": "Med en gang", "feedback": "Ja, nettopp da"}, "id": "2"}],
    }
    assert words_in([{"type": "choice", "value": question}]) == 6
    assert words_in([{"type": "text", "value": "<p>[[tolken|tolk]] og <b>du</b> – sammen</p>"}]) == 4
    picture = {"image": {"image": 1, "decorative": False, "alt_text": "En lang tekst"}, "caption": "Hele livet"}
    assert words_in([{"type": "picture", "value": picture}]) == 2
    table = {"columns": [{"type": "text", "heading": "Hvem"}], "rows": [{"values": ["Fastlege"]}], "caption": "Hjelp"}
    assert words_in([{"type": "table", "value": table}]) == 3


def test_body_of_a_page_is_measured(db):
    page = LessonPage(title="Leksjon")
    page.body = page.body.stream_block.to_python([text(200)])
    assert (words_of(page.body), minutes_of(page.body)) == (200, 2)
