"""Hostile words in what people of a group write to each other: pages and mails keep their shape (S23, S24)."""

import email
from datetime import time, timedelta
from email import policy
from uuid import uuid4

import pytest
from django.core.cache import caches
from django.db import connection
from django.utils import timezone

from lms.outbox.models import OutgoingMail
from mentoring import calendar, digest, glass, letters, notes, polls, reminders
from mentoring.attendance import make_up, record
from mentoring.bringing import bring
from mentoring.invitations import invite
from mentoring.models import (
    GlassBreak,
    GroupLetter,
    LearningGroup,
    MakeUp,
    Meeting,
    Membership,
    Note,
    NoteComment,
    NoteReading,
    Package,
)
from mentoring.scheduling import Slot
from modules.models import NotebookEntry
from tests.doors.payloads import PAYLOADS
from tests.doors.test_hostile_words import PLAIN, shape
from tests.groups_ground import small_group
from tests.mentoring.meeting_ground import set_time, today, write_in_notebook
from tests.people import make_person

# Each kind of trick is there several times: one in five says the same here.
SOME = PAYLOADS[::5] + PAYLOADS[-1:]


def shapes_differ(change, pages) -> list[str]:
    change(PLAIN)
    plain = [shape(page) for page in pages()]
    bad = []
    for payload in SOME:
        change(payload[:120])
        if [shape(page) for page in pages()] != plain:
            bad.append(payload)
    return bad


def forget_readings() -> None:
    """Takes away who has read, for the next reading to be the first; PostgreSQL refuses that to whoever just asks."""
    if connection.vendor != "postgresql":
        NoteReading.objects.all().delete()
        return
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        NoteReading.objects.all().delete()
        cursor.execute("SET LOCAL session_replication_role = origin")


@pytest.fixture
def group(course, mentor, learner, other_learner):
    group = small_group(course.page, mentor, learner, other_learner, name=PLAIN)
    set_time(group.meetings.get(number=1), today(), time(23, 30))
    set_time(group.meetings.get(number=2), today() + timedelta(days=7), form="both", link="https://example.org/rom")
    return group


def test_the_words_of_a_meeting(group, mentor, learner, signed_in):
    meeting, place = group.meetings.get(number=1), group.memberships.get(member=learner)
    record(meeting, group.memberships.exclude(pk=place.pk).get(), "there", mentor)
    record(meeting, place, "absent", mentor)
    make_up(meeting, place, "Vi snakket sammen på telefon etterpå.", mentor)
    bring(place, group.meetings.get(number=2), [write_in_notebook(learner, PLAIN).pk], [])
    bring(place, meeting, [write_in_notebook(learner, PLAIN).pk], [])
    days = [today() + timedelta(days=ahead) for ahead in (8, 9)]
    polls.open_poll(group.meetings.get(number=2), [Slot(day, time(14)) for day in days], mentor)
    leads, takes = signed_in(mentor), signed_in(learner)

    def change(words):
        # What ends a line or is an address means something in these fields, and changes the page as it should.
        words = " ".join(words.replace("https:", "").split())
        told = dict.fromkeys(("title", "place", "topics", "prompts", "before", "guide", "material"), words)
        Meeting.objects.update(**told, agenda=f"10 {words}")
        MakeUp.objects.update(reason=words)
        LearningGroup.objects.update(name=words, workplace=words)
        Package.objects.update(name=words, summary=words)
        NotebookEntry.objects.update(text=words, question=words)
        type(learner).objects.update(name=words)

    def pages():
        base = f"/grupper/{group.pk}/"
        for path in ("", "moter/1/", "moter/2/", "moter/2/avstemning/"):
            yield leads.get(base + path).content.decode()
            yield takes.get(base + path).content.decode()
        for path in ("moter/2/endre/", "moter/2/avlys/", "moter/1/skjerm/?vis=2", "planlegg/", "logg/", "brev/"):
            yield leads.get(base + path).content.decode()
        yield leads.get(f"{base}moter/1/ta-igjen/{place.pk}/").content.decode()
        yield takes.get(f"{base}moter/2/ta-med/").content.decode()
        yield leads.get("/grupper/").content.decode()
        yield takes.get("/grupper/").content.decode()

    assert shapes_differ(change, pages) == []


def test_the_words_of_a_note(group, mentor, learner, admin, signed_in):
    second = make_person("admin2@example.org", "Berit Lie", role="Administrator", is_staff=True)
    place = group.memberships.get(member=learner)
    note = notes.hand_in(notes.note_for(place), PLAIN, 0, confirmed=True)
    NoteComment.objects.create(note=note, by=mentor, text=PLAIN)
    asked = glass.ask(place, admin, "Noen kan være i fare akkurat nå.")
    glass.approve(asked, second)
    leads, takes, breaks = signed_in(mentor), signed_in(learner), signed_in(admin)

    def change(words):
        Note.objects.update(text=words)
        NoteComment.objects.update(text=words)
        GlassBreak.objects.update(reason=words)
        forget_readings()
        type(learner).objects.filter(pk__in=[learner.pk, mentor.pk]).update(name=words)

    def pages():
        yield leads.get(f"/grupper/{group.pk}/notater/").content.decode()
        yield leads.get(f"/grupper/{group.pk}/notater/{note.pk}/").content.decode()
        yield takes.get(f"/grupper/{group.pk}/notat/").content.decode()
        for path in ("", f"{asked.pk}/", f"{asked.pk}/les/{note.pk}/"):
            yield breaks.get(f"/cms/innsyn/{path}").content.decode()

    assert shapes_differ(change, pages) == []


def test_the_mails_of_a_group(group, mentor, learner, settings):
    settings.EMAIL_BACKEND = "lms.outbox.backend.OutboxBackend"
    meeting, now = group.meetings.get(number=2), timezone.now()

    def change(words):
        Meeting.objects.update(title=words, place=words, before=words, sequence=meeting.sequence)
        LearningGroup.objects.update(name=words, workplace=words)
        Package.objects.update(name=words)
        type(learner).objects.filter(pk__in=[learner.pk, mentor.pk]).update(name=words)
        for model in (OutgoingMail, GroupLetter):
            model.objects.all().delete()
        Membership.objects.get(group=group, member=learner).notices.all().delete()
        group.invitations.all().delete()
        caches["default"].clear()

    def pages():
        fresh = Meeting.objects.select_related("group__mentor", "group__package").get(pk=meeting.pk)
        calendar.announce(fresh)
        polls.close(
            polls.open_poll(fresh, [Slot(today() + timedelta(days=ahead), time(14)) for ahead in (8, 9)], mentor)
        )
        invite(fresh.group, "ny@example.org", fresh.group.mentor.name, by=fresh.group.mentor)
        letters.send_letter(fresh.group, fresh.group.mentor, "Hei", fresh.title, uuid4())
        reminders.remind(fresh.pk, fresh.starts_at - timedelta(hours=20))
        digest.send_digest(mentor.pk, now)
        fresh.polls.all().delete()
        for row in OutgoingMail.objects.exclude(to="other@example.org").order_by("pk"):
            message = email.message_from_bytes(row.message.encode(), policy=policy.default)
            html = message.get_body(("html",))
            assert html, row.subject
            yield html.get_content()

    assert len(list(pages())) >= 6
    assert shapes_differ(change, pages) == []
