"""Last ned mine data: all of it, in the shape the schema says, and nobody else's (P9)."""

import io
import json
import zipfile

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse

from lms.accounts.exports import export_data, export_person, export_schema
from lms.accounts.own_records import sections_of
from lms.accounts.personal_data import annotations, exported_fields
from lms.outbox.models import OutgoingMail
from mentoring.models import Attendance, Invitation, LearningGroup, MeetingReply, Membership
from modules.models import NotebookEntry, PilotFeedback, PilotTester
from tests.accounts.conftest import do_something_of_everything
from tests.accounts.group_ground import be_in_a_group, lead_and_apply
from tests.accounts.json_schema import faults
from tests.accounts.workplace_ground import be_at_a_workplace
from tests.groups_ground import small_group

SECTIONS = """
    profile email_addresses second_factors sign_ins mail enrolments attempts lessons modules answers
    notebook feedback invitations groups group_invitations group_notices group_events calendar_feed
    meeting_replies poll_answers attendance make_ups brought notes note_comments note_readings
    glass_breaks applications application_events qualifications led_groups contact_groups letters
    digest_stop workplace_lists consents workplace_notices leaderships certificates certificate_files certificate_events editor
""".split()


@pytest.fixture
def full(learner, mentor, certificate, course):
    """A learner with something in every section."""
    learner.municipality_id, learner.profession, learner.workplace = "1103", "nurse", "Solsikken"
    learner.save()
    PilotTester.objects.create(course=course.page, email="LEARNER@example.org")
    PilotFeedback.objects.create(lesson=course.lessons[0], author=learner, text="Bra leksjon")
    be_in_a_group(learner, mentor, course, NotebookEntry.objects.get(learner=learner))
    lead_and_apply(learner, course, mentor)
    be_at_a_workplace(learner, mentor, course)
    OutgoingMail.objects.create(to="Learner@example.org", subject="Hei", message="kode ABC", due_at=learner.date_joined)
    return learner


def opened(user) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(export_person(user)))


def test_the_export_has_everything_of_a_person(full, certificate):
    data = json.loads(opened(full).read("data.json"))

    counts = {key: len(rows) for key, rows in data.items() if isinstance(rows, list)}
    assert [key for key, count in counts.items() if not count] == ["second_factors", "sign_ins", "editor"]
    assert {key: count for key, count in counts.items() if count > 1} == {"lessons": 4, "modules": 2}
    assert list(counts) == SECTIONS
    profile = data["profile"][0]
    assert (profile["name"], profile["municipality"], profile["sector"]) == (
        "Ingrid Solheim",
        "Stavanger",
        "kindergarten",
    )
    assert data["notebook"][0] | {"updated_at": ""} == {
        "lesson_key": "00000000-0000-4000-8000-000000000303",
        "lesson": "Tredje leksjon",
        "question": "Hva tenkte du på først?",
        "text": "Noe hemmelig",
        "updated_at": "",
    }
    assert data["answers"][0]["answer_in_words"] == "Når diagnosen er stilt."
    assert data["enrolments"][0]["course"] == "Lite kurs"
    assert {row["module"] for row in data["modules"]} == {"Første modul", "Andre modul"}


def test_what_a_person_did_in_groups_is_said_in_words(full):
    data = json.loads(opened(full).read("data.json"))

    assert {(row["group"], row["meeting"], row["status"]) for row in data["attendance"]} == {
        ("Gruppe 1", "1. Første møte", "there")
    }
    answer = data["poll_answers"][0]
    assert (answer["meeting"], answer["proposed"], answer["answer"]) == (
        "2. Andre møte",
        "7. april 2026 kl. 14.00",
        "maybe",
    )
    assert data["notes"][0]["text"] == "Notat hemmelig"
    assert data["note_comments"][0]["text"] == "Svar hemmelig"
    assert data["note_readings"][0]["reader"] == "Marit Fjellanger"
    assert data["brought"][0]["question"] == "Hva tenkte du på først?"
    assert data["applications"][0]["package"] == "Liten pakke"
    page = opened(full).read("readable.html").decode()
    assert "<dt>Oppmøte</dt><dd>til stede</dd>" in page
    assert "<dt>Svar</dt><dd>om nødvendig</dd>" in page
    assert "<dt>Hva slags gruppe</dt><dd>ansatte på ett sted</dd>" in page


def test_a_mentor_takes_nothing_of_the_members_along(full, mentor):
    everything = "".join(opened(mentor).read(name).decode() for name in ("data.json", "readable.html"))

    assert [word for word in ("hemmelig", "Ingrid Solheim var", "learner@") if word in everything] == []


def test_an_address_that_is_only_said_to_be_ones_own_shows_nothing(full, other_learner, mentor):
    EmailAddress.objects.create(user=other_learner, email="gjest@example.org", verified=False)
    group = LearningGroup.objects.get(name="Gruppe 1")
    Invitation.objects.create(group=group, email="gjest@example.org", invited_by=mentor)
    OutgoingMail.objects.create(to="gjest@example.org", subject="Kanarifugl", due_at=full.date_joined)
    PilotTester.objects.create(course=full.enrolments.get().course, email="gjest@example.org")

    data = json.loads(opened(other_learner).read("data.json"))

    assert (data["mail"], data["invitations"], data["group_invitations"]) == ([], [], [])


def test_the_export_has_exactly_the_fields_that_the_table_says(full):
    sections = sections_of(full)
    data = export_data(full, sections)

    for section in sections:
        for row in data[section.key]:
            assert set(row) - set(section.words) | set(row) & set(exported_fields(section.model._meta.label)) == set(
                exported_fields(section.model._meta.label)
            )
    labels = {label for label in annotations() if exported_fields(label)}
    assert {section.model._meta.label for section in sections} == labels


def test_the_export_keeps_to_its_schema(full):
    archive = opened(full)

    assert faults(json.loads(archive.read("data.json")), json.loads(archive.read("schema.json"))) == []


def test_the_schema_refuses_what_it_does_not_know(full):
    sections = sections_of(full)
    data, schema = export_data(full, sections), export_schema(sections)
    del data["profile"][0]["name"]
    data["profile"][0]["shoe_size"] = 42
    data["enrolments"][0]["course"] = None

    assert faults(data, schema) == [
        "/profile/0: name is missing",
        "/profile/0: shoe_size is not known",
        "/enrolments/0/course: not a string",
    ]


def test_the_certificate_is_in_the_export_as_it_was_issued(full, certificate):
    archive = opened(full)

    assert archive.namelist() == ["data.json", "schema.json", "readable.html", f"kursbevis-{certificate.code}.pdf"]
    assert archive.read(f"kursbevis-{certificate.code}.pdf") == bytes(certificate.file.content)


def test_the_page_can_be_read_and_runs_nothing(full):
    NotebookEntry.objects.update(text="<script>alert(1)</script> og\nen linje til")

    page = opened(full).read("readable.html").decode()

    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; og<br>en linje til" in page
    assert "http" not in page.replace("http-equiv", "").split("<main>")[0]
    assert "<dt>Navn</dt><dd>Ingrid Solheim</dd>" in page
    assert "<dt>Sektor</dt><dd>Barnehage</dd>" in page
    assert "<dt>Svaret ditt</dt><dd>Når diagnosen er stilt.</dd>" in page


def test_nobody_elses_data_is_in_the_export(full, other_learner, course):
    do_something_of_everything(other_learner, course, word="kanarifugl")
    OutgoingMail.objects.create(to="other@example.org", subject="Kanarifugl", due_at=full.date_joined)
    PilotTester.objects.create(course=course.page, email="other@example.org")

    everything = "".join(opened(full).read(name).decode() for name in ("data.json", "readable.html"))

    assert [word for word in ("kanarifugl", "Kanarifugl", "other@example.org", "Jonas") if word in everything] == []


def test_a_new_person_can_take_an_almost_empty_export(learner):
    data = json.loads(opened(learner).read("data.json"))

    assert [key for key, rows in data.items() if isinstance(rows, list) and rows] == ["profile", "email_addresses"]


def test_a_person_with_more_is_exported_with_as_many_queries(full, mentor, course, django_assert_num_queries):
    with django_assert_num_queries(53) as few:
        export_person(full)
    for number in range(3):
        NotebookEntry.objects.create(
            learner=full,
            course_key=course.page.translation_key,
            lesson_key=course.lessons[number].translation_key,
            prompt_id=f"00000000-0000-4000-8000-00000000090{number}",
            question="Hva?",
            text="Noe",
        )
        group = small_group(course.page, mentor, name=f"Gruppe {number + 10}")
        membership = Membership.objects.create(group=group, member=full)
        meeting = group.meetings.first()
        Attendance.objects.create(meeting=meeting, membership=membership, status="there", by=mentor)
        MeetingReply.objects.create(meeting=meeting, membership=membership, answer="yes")

    with django_assert_num_queries(len(few)):
        export_person(full)


def test_one_button_gives_the_file(learner, learner_client):
    answer = learner_client.post(reverse("export_data"))

    assert (answer.status_code, answer["Content-Type"]) == (200, "application/zip")
    assert answer["Content-Disposition"].startswith('attachment; filename="refleks-mine-data-')
    assert "no-store" in answer["Cache-Control"]
    assert zipfile.ZipFile(io.BytesIO(answer.content)).testzip() is None


def test_the_file_refuses_to_come_when_it_is_only_looked_for(learner_client):
    assert learner_client.get(reverse("export_data")).status_code == 405
