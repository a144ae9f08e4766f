"""The course by plain form posts, as a browser without JavaScript sends them."""

import re

import pytest
from django.urls import reverse

from modules.models import Attempt, CheckAnswer, Enrolment, LessonCompletion, NotebookEntry, PilotFeedback
from tests.small_course import COURSE_KEY, PROMPT, RIGHT, SINGLE

LESSON = "/kurs/lite-kurs/modul-1/leksjon-1/"
THIRD = "/kurs/lite-kurs/modul-2/leksjon-3/"


def test_a_visitor_sees_the_course_but_not_its_lessons(client, course):
    assert client.get("/kurs/").status_code == 200
    assert client.get("/kurs/lite-kurs/").status_code == 200
    closed = client.get(LESSON)
    assert closed.status_code == 403
    assert f"{reverse('account_signup')}?next=%2Fkurs%2Flite-kurs%2Fmodul-1%2Fleksjon-1%2F" in closed.content.decode()


def test_enrolling_leads_to_the_first_lesson(learner_client, course):
    answer = learner_client.post("/kurs/lite-kurs/pamelding/")

    assert (answer.status_code, answer.url) == (302, LESSON)
    assert Enrolment.objects.count() == 1


def test_enrolling_needs_a_sign_in_and_comes_back(client, course):
    answer = client.post("/kurs/lite-kurs/pamelding/")

    assert answer.url == f"{reverse('account_login')}?next=/kurs/lite-kurs/pamelding/"
    assert Enrolment.objects.count() == 0


def test_a_lesson_is_answered_finished_and_leads_on(learner_client, attempt):
    answered = learner_client.post(f"{LESSON}svar/{SINGLE}/", {"answer": str(RIGHT)})
    assert answered.url == f"{LESSON}#sjekk-{SINGLE}"

    finished = learner_client.post(f"{LESSON}ferdig/")

    assert (finished.status_code, finished.url) == (302, "/kurs/lite-kurs/modul-1/leksjon-2/")
    assert LessonCompletion.objects.count() == 1


def test_finishing_twice_is_one_completion(learner_client, attempt):
    learner_client.post(f"{LESSON}svar/{SINGLE}/", {"answer": str(RIGHT)})

    assert [learner_client.post(f"{LESSON}ferdig/").status_code for _click in range(2)] == [302, 302]
    assert LessonCompletion.objects.count() == 1


def test_finishing_refuses_when_a_check_is_not_answered_and_points_to_it(learner_client, attempt):
    refused = learner_client.post(f"{LESSON}ferdig/")

    assert refused.url == f"{LESSON}?mangler=1#ferdig"
    assert f'href="#sjekk-{SINGLE}"' in learner_client.get(refused.url).content.decode()
    assert LessonCompletion.objects.count() == 0


def test_answering_refuses_when_nothing_is_chosen_and_says_so_at_the_check(learner_client, attempt):
    refused = learner_client.post(f"{LESSON}svar/{SINGLE}/", {})

    assert refused.status_code == 422
    assert "Velg et svar først." in refused.content.decode()
    assert CheckAnswer.objects.count() == 0


def test_what_htmx_reads_stands_in_attributes_that_html_allows(learner_client, attempt):
    page = learner_client.get(LESSON).content.decode()

    form = re.search(rf'<form class="check" id="sjekk-{SINGLE}"[^>]*>', page).group()
    assert f'data-hx-target="#sjekk-{SINGLE}" data-hx-swap="outerHTML"' in form
    assert re.findall(r"\shx-\w+", page) == []


def test_htmx_gets_the_check_alone(learner_client, attempt):
    answer = learner_client.post(f"{LESSON}svar/{SINGLE}/", {"answer": str(RIGHT)}, headers={"HX-Request": "true"})

    html = answer.content.decode()
    assert f'id="sjekk-{SINGLE}"' in html
    assert "<html" not in html


def test_a_note_is_saved_by_a_plain_post(learner_client, attempt, finish):
    finish(2)

    answer = learner_client.post(f"{THIRD}notat/{PROMPT}/", {"text": "Min tanke.", "version": "0"})

    assert answer.url == f"{THIRD}#notat-{PROMPT}"
    assert NotebookEntry.objects.get().text == "Min tanke."
    assert "Min tanke." in learner_client.get("/notatbok/").content.decode()


def test_a_note_saved_in_another_tab_is_shown_beside_ones_own(learner_client, attempt, finish):
    finish(2)
    learner_client.post(f"{THIRD}notat/{PROMPT}/", {"text": "Fra den andre fanen.", "version": "0"})

    conflict = learner_client.post(f"{THIRD}notat/{PROMPT}/", {"text": "Fra denne fanen.", "version": "0"})

    html = conflict.content.decode()
    assert conflict.status_code == 409
    assert "Fra den andre fanen." in html
    assert "Fra denne fanen." in html
    assert NotebookEntry.objects.get().text == "Fra den andre fanen."


def autosave(client, text, version):
    return client.post(
        f"{THIRD}notat/{PROMPT}/", {"text": text, "version": version}, headers={"Accept": "application/json"}
    )


def test_autosave_answers_with_version_and_time(learner_client, attempt, finish):
    finish(2)

    answer = autosave(learner_client, "En tanke.", 0)

    assert (answer.status_code, answer.json()["version"]) == (200, 1)
    assert answer.json()["saved"].startswith("kl. ")


def test_autosave_without_a_session_says_where_to_sign_in(client, attempt):
    answer = autosave(client, "En tanke.", 0)

    assert (answer.status_code, answer.json()) == (401, {"login": f"{reverse('account_login')}?next={THIRD}"})


def test_a_closed_lesson_takes_nothing(learner_client, attempt):
    for address in ("ferdig/", f"notat/{PROMPT}/"):
        assert learner_client.post(f"{THIRD}{address}", {"text": "Smugler.", "version": "0"}).status_code == 403
    assert (LessonCompletion.objects.count(), NotebookEntry.objects.count()) == (0, 0)


def test_a_check_of_another_lesson_does_not_exist_here(learner_client, attempt):
    assert learner_client.post(f"{LESSON}svar/{PROMPT}/", {"answer": str(RIGHT)}).status_code == 404
    assert learner_client.post(f"{LESSON}notat/{PROMPT}/", {"text": "Hei"}).status_code == 404


def test_one_learner_never_sees_what_another_wrote(learner_client, signed_in, other_learner, attempt, finish):
    finish(2)
    learner_client.post(f"{THIRD}notat/{PROMPT}/", {"text": "Hemmelig.", "version": "0"})

    assert "Hemmelig." not in signed_in(other_learner).get("/notatbok/").content.decode()


def test_leaving_and_coming_back_loses_nothing(learner_client, attempt, finish):
    finish(1)
    learner_client.post("/kurs/lite-kurs/avmelding/")
    assert learner_client.get(LESSON).status_code == 403

    back = learner_client.post("/kurs/lite-kurs/pamelding/")

    assert back.url == "/kurs/lite-kurs/modul-1/leksjon-2/"


def test_starting_again_leads_to_the_first_lesson(learner_client, attempt, finish):
    finish(4)

    assert learner_client.post("/kurs/lite-kurs/pa-nytt/").url == LESSON
    assert Attempt.objects.count() == 2


def test_the_last_lesson_leads_to_the_certificate(learner_client, attempt, finish):
    finish(3)

    answer = learner_client.post("/kurs/lite-kurs/modul-2/leksjon-4/ferdig/")

    assert answer.url == reverse("claim_certificate", args=[COURSE_KEY])


@pytest.mark.parametrize(
    "address",
    ["pamelding/", "avmelding/", "pa-nytt/", "modul-1/leksjon-1/ferdig/", f"modul-1/leksjon-1/svar/{SINGLE}/"],
)
def test_a_get_changes_nothing_and_leads_to_the_page(learner_client, course, address):
    answer = learner_client.get(f"/kurs/lite-kurs/{address}")

    assert answer.url == ("/kurs/lite-kurs/" if address.count("/") == 1 else LESSON)
    assert Enrolment.objects.count() == 0


def test_an_editor_reads_a_lesson_without_being_in_the_course(editor, signed_in, course):
    answer = signed_in(editor).get(THIRD)

    assert answer.status_code == 200
    assert "Forhåndsvisning: ingenting blir lagret." in answer.content.decode()


def test_a_module_address_leads_to_its_place_on_the_course_page(client, course):
    assert client.get("/kurs/lite-kurs/modul-2/").url == "/kurs/lite-kurs/#modul-2"


def test_a_tester_says_what_they_think_of_a_pilot(learner_client, learner, course, attempt):
    course.page.is_pilot = True
    course.page.testers.create(email=learner.email)
    course.page.save_revision().publish()

    assert "Hva tenker du om leksjonen?" in learner_client.get(LESSON).content.decode()
    learner_client.post(f"{LESSON}pilot/", {"text": "Den var klar og fin."})

    assert PilotFeedback.objects.get().text == "Den var klar og fin."


def test_feedback_refuses_when_the_course_is_no_pilot(learner_client, attempt):
    assert learner_client.post(f"{LESSON}pilot/", {"text": "Hei"}).status_code == 404
