"""The pages of notes: who gets what, what comes back, and that a reading is written before it happens (P4, P6, S24)."""

import datetime

import pytest
from django.test import Client
from django.utils import timezone

from mentoring import notes, reading_log
from mentoring.models import Membership, Note, NoteReading, Package
from tests.groups_ground import small_group

TEXT = "Jeg spurte faren hva som var viktigst i dag.\nDet endret resten av samtalen."
JSON = {"Accept": "application/json"}


@pytest.fixture(autouse=True)
def quiet_outbox(settings, monkeypatch):
    settings.EMAIL_BACKEND = "lms.outbox.backend.OutboxBackend"
    monkeypatch.setattr("lms.outbox.backend._hint", lambda: None)


@pytest.fixture
def group(course, mentor, learner):
    return small_group(course.page, mentor, learner)


@pytest.fixture
def membership(group):
    return group.memberships.get()


@pytest.fixture
def url(group):
    return f"/grupper/{group.pk}/notat/"


@pytest.fixture
def handed_in(membership):
    return notes.hand_in(notes.note_for(membership), TEXT, 0, confirmed=True)


@pytest.fixture
def mentor_client(mentor, signed_in):
    return signed_in(mentor)


def test_the_editor_says_the_rule_who_reads_and_the_questions(learner_client, url, mentor):
    page = learner_client.get(url).content.decode()

    assert "Skriv så ingen kan kjennes igjen." in page
    assert f"Bare du og mentoren din, {mentor.name}, kan lese notatet." in page
    assert "Hva tar du med deg?" in page
    assert Note.objects.count() == 0


def test_saving_without_script_leads_back_with_the_time(learner_client, url):
    answer = learner_client.post(url, {"text": TEXT, "version": "0"}, follow=True)

    assert answer.redirect_chain == [(url, 302)]
    assert "Notatet er lagret kl. " in answer.content.decode()
    assert Note.objects.get().text == TEXT


def test_saving_on_leads_to_the_review(learner_client, url):
    answer = learner_client.post(url, {"text": TEXT, "version": "0", "on": "1"})

    assert answer.url == f"{url}lever/"


def test_the_autosave_is_answered_with_version_and_time(learner_client, url):
    answer = learner_client.post(url, {"text": TEXT, "version": "0"}, headers=JSON).json()

    assert answer["version"] == 1
    assert answer["saved"].startswith("kl. ")


def test_the_autosave_is_led_to_sign_in_when_the_session_is_over(url, group):
    answer = Client().post(url, {"text": TEXT, "version": "0"}, headers=JSON)

    assert (answer.status_code, answer.json()) == (401, {"login": f"/konto/login/?next={url}"})


def test_two_tabs_both_keep_their_text(learner_client, url):
    learner_client.post(url, {"text": "Fra den ene.", "version": "0"})

    plain = learner_client.post(url, {"text": "Fra den andre.", "version": "0"})
    autosaved = learner_client.post(url, {"text": "Fra den andre.", "version": "0"}, headers=JSON)

    assert (plain.status_code, autosaved.status_code) == (409, 409)
    assert "Fra den ene." in plain.content.decode()
    assert "Fra den andre." in plain.content.decode()
    assert (autosaved.json()["version"], autosaved.json()["other_text"]) == (1, "Fra den ene.")


def test_a_mentor_who_receives_while_the_author_types_loses_no_word(learner_client, url, handed_in, mentor):
    notes.mark_received(handed_in, mentor)

    answer = learner_client.post(url, {"text": "Det jeg skrev nå.", "version": "1"})

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Mentoren har mottatt notatet. Det kan ikke endres lenger." in page
    assert "Det jeg skrev nå." in page
    assert "viktigst i dag" in page
    assert Note.objects.get().text == TEXT


def test_a_text_that_is_too_long_comes_back_whole(learner_client, url):
    answer = learner_client.post(url, {"text": "å" * 40_001, "version": "0"})

    assert answer.status_code == 422
    assert "å" * 40_001 in answer.content.decode()


def test_the_review_marks_what_was_found_and_lets_the_author_say_it_is_nobody(learner_client, url, membership):
    notes.save(notes.note_for(membership), "Vi møtte Emma Hansen. <b>Ring 912 34 567.</b>", 0)
    page = learner_client.get(f"{url}lever/").content.decode()

    assert '<mark class="found">Emma Hansen<span class="found-word"> kan være et navn</span></mark>' in page
    assert '<mark class="found">912 34 567<span class="found-word"> telefonnummer</span></mark>' in page
    assert "&lt;b&gt;" in page
    assert "Lever notatet" not in page
    assert f'href="{url}#tegn-9-20"' in page

    tokens = page.split('name="not_a_person" value="')[1:]
    for part in tokens:
        answer = learner_client.post(f"{url}lever/", {"not_a_person": part.split('"')[0]})
        assert answer.url == f"{url}lever/#funn"
    assert "Lever notatet" in learner_client.get(f"{url}lever/").content.decode()


def test_what_was_waved_through_is_nowhere_in_clear(learner_client, url, membership):
    notes.save(notes.note_for(membership), "Vi møtte Emma Hansen.", 0)
    page = learner_client.get(f"{url}lever/").content.decode()
    learner_client.post(f"{url}lever/", {"not_a_person": page.split('name="not_a_person" value="')[1].split('"')[0]})

    assert "Emma" not in str(dict(learner_client.session))


def test_handing_in_refuses_when_a_number_is_waved_through(learner_client, url, membership):
    notes.save(notes.note_for(membership), "Skriv til mor@example.org.", 0)
    page = learner_client.get(f"{url}lever/").content.decode()

    answer = learner_client.post(f"{url}lever/", {"version": "1"})

    assert "not_a_person" not in page
    assert "Dette må bort før du kan levere." in page
    assert answer.status_code == 422
    assert Note.objects.get().status == Note.Status.DRAFT


def test_handing_in_withdrawing_and_handing_in_again(learner_client, url, membership):
    notes.save(notes.note_for(membership), TEXT, 0)

    learner_client.post(f"{url}lever/", {"version": "1"})
    handed_in = learner_client.get(url).content.decode()
    learner_client.post(f"{url}trekk/")
    withdrawn = Note.objects.get()
    learner_client.post(f"{url}lever/", {"version": str(withdrawn.version)})

    assert "Trekk tilbake og skriv videre" in handed_in
    assert "<textarea" not in handed_in
    assert withdrawn.status == Note.Status.DRAFT
    assert Note.objects.get().status == Note.Status.HANDED_IN


def test_taking_back_what_was_never_written_is_refused_in_words(learner_client, url):
    answer = learner_client.post(f"{url}trekk/", follow=True)

    assert (answer.status_code, "Du har ikke skrevet dette notatet ennå." in answer.content.decode()) == (200, True)


def test_handing_in_twice_does_no_harm(learner_client, url, membership):
    notes.save(notes.note_for(membership), TEXT, 0)
    learner_client.post(f"{url}lever/", {"version": "1"})

    assert learner_client.post(f"{url}lever/", {"version": "1"}).url == url


def test_handing_in_refuses_when_another_tab_saved_after_the_review(learner_client, url, membership):
    note = notes.save(notes.note_for(membership), TEXT, 0)
    notes.save(note, "Vi møtte Emma Hansen.", 1)

    answer = learner_client.post(f"{url}lever/", {"version": "1"})

    assert (answer.status_code, Note.objects.get().status) == (422, Note.Status.DRAFT)


def test_an_empty_note_is_led_back(learner_client, url):
    answer = learner_client.get(f"{url}lever/", follow=True)

    assert answer.redirect_chain == [(url, 302)]
    assert "Notatet er tomt. Skriv noe før du leverer." in answer.content.decode()


def test_the_mentor_reads_and_the_author_sees_it(learner_client, mentor_client, url, group, handed_in, mentor):
    before = learner_client.get(url).content.decode()
    page = mentor_client.get(f"/grupper/{group.pk}/notater/{handed_in.pk}/").content.decode()
    after = learner_client.get(url).content.decode()

    assert "<p>Jeg spurte faren hva som var viktigst i dag.<br>Det endret resten av samtalen.</p>" in page
    assert "Ingen andre enn du har lest notatet." in before
    assert f"<b>{mentor.name}</b>" in after
    assert NoteReading.objects.get().reader == mentor


def test_the_row_is_there_before_the_text_leaves(mentor_client, group, handed_in, monkeypatch):
    monkeypatch.setattr("mentoring.views.notes.render", lambda *args, **kwargs: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        mentor_client.get(f"/grupper/{group.pk}/notater/{handed_in.pk}/")
    assert NoteReading.objects.count() == 1


def test_nothing_leaves_when_the_row_cannot_be_written(mentor_client, group, handed_in, monkeypatch):
    monkeypatch.setattr(reading_log, "record_reading", lambda *args: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        mentor_client.get(f"/grupper/{group.pk}/notater/{handed_in.pk}/")


def test_what_an_author_writes_is_never_markup(mentor_client, group, membership):
    text = "<script>alert(1)</script><img src=x onerror=alert(1)> &lt;b&gt; javascript:alert(1)"
    note = notes.hand_in(notes.note_for(membership), text, 0, confirmed=True)

    page = mentor_client.get(f"/grupper/{group.pk}/notater/{note.pk}/").content.decode()

    article = page.split("<article")[1].split(">", 1)[1].split("</article>")[0]
    assert article == (
        "<p>&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt; &amp;lt;b&amp;gt; "
        "javascript:alert(1)</p>"
    )


def test_the_mentor_receives(mentor_client, group, handed_in):
    url = f"/grupper/{group.pk}/notater/{handed_in.pk}/"
    answer = mentor_client.post(f"{url}mottatt/", {"version": str(handed_in.version), "comment": "Takk."})

    assert answer.url == f"/grupper/{group.pk}/notater/"
    assert Note.objects.get().status == Note.Status.RECEIVED
    assert mentor_client.get(url).status_code == 200


def test_the_mentor_sends_back_and_reads_no_further(mentor_client, learner_client, url, group, handed_in):
    note_url = f"/grupper/{group.pk}/notater/{handed_in.pk}/"
    mentor_client.post(f"{note_url}tilbake/", {"version": str(handed_in.version), "comment": "Hva gjorde du selv?"})

    assert mentor_client.get(note_url).status_code == 404
    page = learner_client.get(url).content.decode()
    assert "Hva gjorde du selv?" in page
    assert "<textarea" in page


def test_what_was_sent_back_stays_on_the_list_with_its_day(mentor_client, group, membership, handed_in):
    notes.send_back(handed_in, group.mentor, "Hva gjorde du selv?")
    Note.objects.update(returned_at=datetime.datetime(2026, 3, 3, 12, tzinfo=datetime.UTC))
    address = f"/grupper/{group.pk}/notater/"

    page = mentor_client.get(address).content.decode()

    assert "Ingen har levert ennå." not in page
    assert '<h2 id="tilbake">Sendt tilbake</h2>' in page
    assert ("sendt tilbake tirsdag 3. mars 2026" in page, membership.member.name in page) == (True, True)
    assert (f"/notater/{handed_in.pk}/" in page, "viktigst" in page, "Hva gjorde du selv?" in page) == (False,) * 3

    membership.left_at = timezone.now()
    membership.save()
    assert membership.member.name not in mentor_client.get(address).content.decode()


def test_sending_back_refuses_when_it_says_nothing(mentor_client, group, handed_in):
    url = f"/grupper/{group.pk}/notater/{handed_in.pk}/tilbake/"
    answer = mentor_client.post(url, {"version": str(handed_in.version), "comment": ""})

    assert answer.status_code == 422
    assert "Skriv hva du vil at forfatteren skal se på." in answer.content.decode()
    assert NoteReading.objects.count() == 1


def test_receiving_what_is_taken_back_in_the_same_moment_is_answered_in_words(
    mentor_client, group, handed_in, monkeypatch
):
    really = notes.mark_received

    def meanwhile(note, by, **said):
        notes.withdraw(handed_in)
        return really(note, by, **said)

    monkeypatch.setattr(notes, "mark_received", meanwhile)
    url = f"/grupper/{group.pk}/notater/{handed_in.pk}/mottatt/"
    answer = mentor_client.post(url, {"version": str(handed_in.version)}, follow=True)

    assert "Notatet er trukket tilbake eller endret siden du åpnet det." in answer.content.decode()
    assert not NoteReading.objects.exists()


def test_receiving_what_was_taken_back_shows_nothing_of_it(mentor_client, group, handed_in):
    notes.withdraw(handed_in)
    url = f"/grupper/{group.pk}/notater/{handed_in.pk}/mottatt/"

    answer = mentor_client.post(url, {"version": str(handed_in.version)}, follow=True)

    assert "Notatet er trukket tilbake eller endret siden du åpnet det." in answer.content.decode()
    assert "viktigst" not in answer.content.decode()
    assert NoteReading.objects.count() == 0


@pytest.mark.parametrize("person", ["other_learner", "editor", "admin", "learner"])
def test_a_handed_in_note_is_nobody_elses(person, request, signed_in, group, handed_in):
    client = signed_in(request.getfixturevalue(person))
    for address in (f"notater/{handed_in.pk}/", "notater/"):
        assert client.get(f"/grupper/{group.pk}/{address}").status_code == 404
    for act in ("mottatt", "tilbake"):
        assert client.post(f"/grupper/{group.pk}/notater/{handed_in.pk}/{act}/", {"comment": "x"}).status_code == 404
    assert NoteReading.objects.count() == 0


def test_a_draft_is_nobodys_but_its_authors(mentor_client, group, membership):
    note = notes.save(notes.note_for(membership), TEXT, 0)

    assert mentor_client.get(f"/grupper/{group.pk}/notater/{note.pk}/").status_code == 404
    assert mentor_client.get(f"/grupper/{group.pk}/notat/").status_code == 404
    assert "Ingen har levert ennå." in mentor_client.get(f"/grupper/{group.pk}/notater/").content.decode()


def test_a_note_is_not_found_through_another_group(mentor_client, course, mentor, group, handed_in):
    other = small_group(course.page, mentor, name="Nabogruppen")

    assert mentor_client.get(f"/grupper/{other.pk}/notater/{handed_in.pk}/").status_code == 404


def test_the_mentor_reads_no_more_of_a_member_who_left(mentor_client, learner_client, url, group, handed_in):
    Membership.objects.update(left_at=timezone.now())

    assert mentor_client.get(f"/grupper/{group.pk}/notater/{handed_in.pk}/").status_code == 404
    assert learner_client.get(url).status_code == 404


def test_a_new_mentor_reads_and_the_old_one_does_not(mentor_client, signed_in, admin, group, handed_in):
    group.mentor = admin
    group.save()
    url = f"/grupper/{group.pk}/notater/{handed_in.pk}/"

    assert mentor_client.get(url).status_code == 404
    assert signed_in(admin).get(url).status_code == 200


def test_notes_after_each_meeting_have_a_list(learner_client, url, group):
    Package.objects.update(notes=Package.Notes.PER_MEETING)

    page = learner_client.get(url).content.decode()
    saved = learner_client.post(f"{url}2/", {"text": TEXT, "version": "0"})

    assert f'href="{url}1/"' in page
    assert saved.url == f"{url}2/"
    assert Note.objects.get().meeting.number == 2
    assert learner_client.get(f"{url}3/").status_code == 404


def test_a_package_without_notes_has_no_page_for_them(learner_client, url):
    Package.objects.update(notes=Package.Notes.NONE)

    assert learner_client.get(url).status_code == 404
    assert learner_client.get(f"{url}1/").status_code == 404
