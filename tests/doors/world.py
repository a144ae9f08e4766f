"""Everybody and everything that the matrix asks about: what is one person's, another's, nobody's yet."""

from dataclasses import dataclass, field
from datetime import time, timedelta
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from certificates.issuing import issue_certificate, revoke_certificate
from certificates.models import Certificate
from lms.accounts.erasure import erase_person
from lms.outbox.models import OutgoingMail
from lms.workplaces.inviting import invite_all
from lms.workplaces.leading import confirm, end_leadership, give_leadership
from lms.workplaces.models import Workplace
from lms.workplaces.requiring import Deadline, require_course
from lms.workplaces.sharing import share
from lms.workplaces.stopping import stop_path
from media.models import File
from mentoring import glass, notes
from mentoring.applications import apply, put_on_waiting_list
from mentoring.attendance import make_up, record
from mentoring.feeds import open_feed
from mentoring.invitations import invite, new_link
from mentoring.letters import send_letter
from mentoring.models import LearningGroup, Membership
from mentoring.polls import link_for, open_poll
from mentoring.rosters import read_text
from mentoring.scheduling import Slot, change
from mentoring.stopping import reminders_path
from modules.enrolment import current_attempt, enrol
from modules.freshness import renew_content
from modules.models import CoursePage, LessonPage, ModulePage, NotebookEntry, PilotFeedback, PilotTester
from modules.outline import course_outline
from modules.progress import settle
from tests import people
from tests.groups_ground import small_group, small_package
from tests.mentoring.meeting_ground import set_time, today
from tests.small_course import COURSE_KEY, PROMPT, RIGHT, SINGLE, SmallCourse, course_index, make_small_course

ROLES = (
    *("anonymous", "owner", "suspended", "groupmate", "other", "tester", "mentor", "other mentor"),
    *("editor", "admin", "superuser"),
)
# A word for each thing that somebody must not see. They stand in no other text.
WORDS = {
    "notebook": "Notatkanari Blåmeis",
    "owner's name": "Olaug Eierkanari",
    "owner's address": "owner-canary@example.org",
    "group": "Gruppekanari Blåmeis",
    "other group": "Nabokanari Blåmeis",
    "planned group": "Nykanari Blåmeis",
    "invited address": "invited-canary@example.org",
    "letter": "Gruppebrevkanari Blåmeis",
    "make-up": "Telefonkanari Blåmeis",
    "pilot course": "Pilotkanari Blåmeis",
    "draft course": "Kladdkanari Blåmeis",
    "draft lesson": "Utkastkanari Blåmeis",
    "draft words of a published lesson": "Endringskanari Blåmeis",
    "pilot feedback": "Meldingskanari Blåmeis",
    "mail subject": "Emnekanari Blåmeis",
    "mail words": "Brevkanari Blåmeis",
    "revocation": "Grunnkanari Blåmeis",
    "application": "Ønskekanari Blåmeis",
    "answer to an application": "Svarkanari Blåmeis",
    "note": "Refleksjonskanari Blåmeis",
    "draft of a note": "Notatutkastkanari Blåmeis",
    "comment on a note": "Kommentarkanari Blåmeis",
    "place": "Stedkanari Blåmeis",
    "link": "lenkekanari-blaameis",
    "workplace": "Arbeidskanari Blåmeis",
    "workplace's address": "arbeidspost-canary@example.org",
    "other workplace": "Arbeidsnabo Blåmeis",
    "employee": "Ansattkanari Blåmeis",
    "employee's address": "ansatt-canary@example.org",
    "silent employee": "taus-canary@example.org",
    "erased person": "Evald Borte",
}
LETTER = UUID("00000000-0000-4000-8000-0000000000bb")


@dataclass
class World:
    """The people by role, and the ids that addresses in `objects.tsv` name."""

    course: SmallCourse
    people: dict[str, Any]
    ids: dict[str, int | str] = field(default_factory=dict)

    def client(self, role: str) -> Client:
        """A client in which the person is signed in by password; the suspended one was, before they were shut out."""
        client = Client(raise_request_exception=False)
        if role == "anonymous":
            return client
        person = self.people["owner" if role == "suspended" else role]
        client.post(reverse("account_login"), {"login": person.email, "password": people.PASSWORD})
        client.post(reverse("account_reauthenticate"), {"password": people.PASSWORD})
        assert client.session["_auth_user_id"] == str(person.pk)
        return client


def make_world() -> World:
    """The small course with people in it, two groups, three certificates, a pilot, drafts, files, mails."""
    world = World(make_small_course(), _people())
    _learning(world)
    _groups(world)
    _joining(world)
    _applications(world)
    _workplaces(world)
    _certificates(world)
    _unfinished_content(world)
    _files(world)
    _mails(world)
    renew_content()
    return world


def add_passkey(world: World) -> None:
    """The owner's passkey; made after sign-in, which it would ask for."""
    key = Authenticator.objects.create(
        user=world.people["owner"], type=Authenticator.Type.WEBAUTHN, data={"name": "Nøkkel", "credential": {}}
    )
    world.ids["passkey"] = key.pk


def _people() -> dict[str, Any]:
    make = people.make_person
    known = {
        "owner": make(WORDS["owner's address"], WORDS["owner's name"], sector="kindergarten"),
        "groupmate": make("mate@example.org", "Mats Makker"),
        "other": make("other@example.org", "Jonas Åsbø"),
        "tester": make("tester@example.org", "Tiril Test"),
        "mentor": make("mentor@example.org", "Marit Fjellanger", role="Mentor"),
        "other mentor": make("mentor2@example.org", "Nora Nabo", role="Mentor"),
        "editor": people.make_editor(),
        "admin": people.make_admin(),
        "superuser": make("super@example.org", "Sigrun Tveit", is_staff=True, is_superuser=True),
    }
    known["erased"] = make("borte@example.org", WORDS["erased person"])
    EmailAddress.objects.create(user=known["owner"], email="owner2@example.org", verified=True)
    return known


def _learning(world: World) -> None:
    outline = course_outline(COURSE_KEY, "nb")
    for role in ("owner", "other", "erased"):
        person = world.people[role]
        enrol(person, outline)
        attempt = current_attempt(person, COURSE_KEY)
        for lesson in world.course.lessons:
            attempt.lessons.create(lesson=lesson, lesson_key=lesson.translation_key)
        for lesson in outline.lessons:
            for check in lesson.checks:
                attempt.answers.create(check_id=check.id, lesson_key=lesson.key, answer=[], is_right=False)
        settle(attempt, outline)
    NotebookEntry.objects.create(
        learner=world.people["owner"],
        course_key=COURSE_KEY,
        lesson_key=world.course.lessons[2].translation_key,
        prompt_id=PROMPT,
        question="Hva tenkte du på først?",
        text=f"Jeg skrev {WORDS['notebook']}.",
    )


def _groups(world: World) -> None:
    own = small_group(world.course.page, world.people["mentor"], name=WORDS["group"])
    for role in ("owner", "groupmate"):
        world.ids[f"{role}_membership"] = Membership.objects.create(group=own, member=world.people[role]).pk
    other = small_group(world.course.page, world.people["other mentor"], name=WORDS["other group"])
    stranger = Membership.objects.create(group=other, member=world.people["other"])
    _notes(world, own)
    world.ids |= {"group": own.pk, "other_group": other.pk, "other_membership": stranger.pk}
    _meeting(world, own)
    _planning(world, own)


def _joining(world: World) -> None:
    """A group that has not met: the groupmate is in it, the tester is its contact, somebody is asked to come."""
    mentor, contact = world.people["mentor"], world.people["tester"]
    group = small_group(world.course.page, mentor, name=WORDS["planned group"], contact=contact, started=False)
    place = Membership.objects.create(group=group, member=world.people["groupmate"])
    asked = invite(group, WORDS["invited address"], by=mentor)
    world.ids |= {"planned_group": group.pk, "place": place.pk, "asked": asked.pk}
    world.ids |= {"invitation": asked.token, "link": new_link(group, mentor)}


def _notes(world: World, group: LearningGroup) -> None:
    """The owner's note came back once and is handed in again; the groupmate has a draft; the glass is asked for."""
    mentor = world.people["mentor"]
    owner, groupmate = (group.memberships.get(member=world.people[role]) for role in ("owner", "groupmate"))
    note = notes.hand_in(notes.note_for(owner), f"Jeg tenkte {WORDS['note']}.", 0, confirmed=True)
    note = notes.send_back(note, mentor, f"Mer om {WORDS['comment on a note']}.")
    note = notes.hand_in(note, note.text, note.version, confirmed=True)
    draft = notes.save(notes.note_for(groupmate), f"Jeg vet {WORDS['draft of a note']}.", 0)
    asked = glass.ask(owner, world.people["admin"], "Bekymring for et barns sikkerhet.")
    world.ids |= {"note": note.pk, "draft_note": draft.pk, "note_version": note.version, "glass": asked.pk}


def _meeting(world: World, group: LearningGroup) -> None:
    """The first meeting was yesterday: the owner came, the groupmate made it up, and the mentor wrote to the group."""
    meeting, mentor = group.meetings.get(number=1), world.people["mentor"]
    set_time(meeting, today() - timedelta(days=1))
    owner, groupmate = (group.memberships.get(member=world.people[role]) for role in ("owner", "groupmate"))
    record(meeting, owner, "there", mentor)
    record(meeting, groupmate, "absent", mentor)
    make_up(meeting, groupmate, f"Vi ringtes, sa {WORDS['make-up']}.", mentor)
    send_letter(group, mentor, "Til torsdag", f"Vi ses. {WORDS['letter']}", LETTER)
    world.ids |= {"stop": reminders_path(owner).split("/")[-2], "letter_token": str(LETTER)}


def _planning(world: World, group: LearningGroup) -> None:
    """The second meeting is in three weeks, and the group is asked whether another time is better."""
    meeting, mentor, owner = group.meetings.get(number=2), world.people["mentor"], world.people["owner"]
    slots = [Slot(today() + timedelta(days=day), time(14)) for day in (21, 22)]
    how = {"form": "both", "place": WORDS["place"], "link": f"https://video.example.org/{WORDS['link']}"}
    change(meeting, mentor, slot=slots[0], **how)
    poll = open_poll(meeting, slots, mentor)
    option = poll.options.last()
    world.ids |= {"option": option.pk, "feed": open_feed(owner, "n" * 32, "")}
    world.ids["poll_link"] = link_for(group.memberships.get(member=owner), option, "yes").split("/")[-2]


def _applications(world: World) -> None:
    package = small_package(world.course.page)
    package.is_open = True
    package.save()
    told = {"workplace": "Fjellro", "kind": "institution", "municipality": None, "expected_size": 8, "phone": ""}
    application, _new = apply(world.people["other"], package, told | {"wishes": WORDS["application"]})
    put_on_waiting_list(application, world.people["superuser"], WORDS["answer to an application"])
    world.ids |= {"package": package.pk, "application": application.pk}


def _workplaces(world: World) -> None:
    """The tester leads a workplace that the owner shares with; the other leads another. The groupmate led it once,
    the other mentor has not been confirmed, and one employee has not answered."""
    people, admin = world.people, world.people["superuser"]
    place = Workplace.objects.create(name=WORDS["workplace"], contact_email=WORDS["workplace's address"])
    other = Workplace.objects.create(name=WORDS["other workplace"], contact_email="annen-post@example.org")
    for workplace, role in ((place, "tester"), (place, "groupmate"), (other, "other")):
        confirm(give_leadership(workplace, people[role], workplace.contact_email, by=admin))
        require_course(workplace, COURSE_KEY, Deadline(30), people[role])
    end_leadership(place.leaderships.get(person=people["groupmate"]), admin)
    waiting = give_leadership(place, people["other mentor"], place.contact_email, by=admin)
    address, silent_address = WORDS["employee's address"], WORDS["silent employee"]
    invite_all(read_text(f"{address}, {WORDS['employee']}\n{silent_address}"), place, people["tester"])
    employee, silent = (place.employees.get(email=email) for email in (address, silent_address))
    share(employee, people["owner"])
    invite_all(read_text("fremmed@example.org"), other, people["other"])
    world.ids |= {"workplace": place.pk, "other_workplace": other.pk, "required": place.required_courses.get().pk}
    world.ids |= {"employee": employee.pk, "other_employee": other.employees.get().pk, "silent": silent.pk}
    world.ids |= {"answer": silent.token, "answered": employee.token, "confirm": waiting.token}
    world.ids |= {"workplace_stop": stop_path(employee).split("/")[-2], "leadership": waiting.pk}


def _certificates(world: World) -> None:
    issued: dict[str, Certificate] = {}
    for role, name in (("owner", "valid"), ("other", "revoked"), ("erased", "erased")):
        person = world.people[role]
        issued[name] = issue_certificate(current_attempt(person, COURSE_KEY), name=person.name)
    revoke_certificate(issued["revoked"], by=world.people["superuser"], reason=WORDS["revocation"])
    erase_person(world.people["erased"], keep_certificates=False)
    world.ids |= {"check": str(SINGLE), "right": str(RIGHT), "prompt": str(PROMPT), "course_key": str(COURSE_KEY)}
    world.ids |= {name: certificate.code for name, certificate in issued.items()}
    world.ids["certificate"] = issued["valid"].pk
    world.ids |= {"owner": world.people["owner"].pk, "erased_person": world.people["erased"].pk}


def _unfinished_content(world: World) -> None:
    pilot = _below(course_index(), CoursePage(title=WORDS["pilot course"], slug="pilot", summary="x", is_pilot=True))
    PilotTester.objects.create(course=pilot, email="Tester@example.org")
    module = _below(pilot, ModulePage(title="Pilotmodul", slug="modul-a", summary="x"))
    in_pilot = _below(module, LessonPage(title="Pilotleksjon", slug="leksjon-a"))
    PilotFeedback.objects.create(lesson=in_pilot, author=world.people["tester"], text=WORDS["pilot feedback"])
    drafted = _below(
        course_index(), CoursePage(title=WORDS["draft course"], slug="kladd", summary="x", live=False), live=False
    )
    draft = _below(
        world.course.modules[0], LessonPage(title=WORDS["draft lesson"], slug="utkast", live=False), live=False
    )
    published = world.course.lessons[0]
    published.title = WORDS["draft words of a published lesson"]
    revision = published.save_revision()
    world.ids |= {
        **{"course": world.course.page.pk, "lesson": published.pk, "revision": revision.pk, "pilot": pilot.pk},
        **{"pilot_lesson": in_pilot.pk, "draft": draft.pk, "draft_revision": draft.latest_revision_id},
        **{"draft_course": drafted.pk, "feedback": PilotFeedback.objects.get().pk},
    }


def _below(parent: Page, page: Page, *, live: bool = True) -> Page:
    type(parent).objects.get(pk=parent.pk).add_child(instance=page)
    revision = page.save_revision()
    if live:
        revision.publish()
    return page


def _files(world: World) -> None:
    for name, page in (("public", world.course.lessons[0].pk), ("pilot", world.ids["pilot_lesson"])):
        file = _file(name)
        lesson = LessonPage.objects.get(pk=page)
        block = {"type": "download", "value": {"title": "Ark", "file": file.pk}}
        lesson.body = LessonPage.body.field.stream_block.to_python([*lesson.body.get_prep_value(), block])
        lesson.save()
        world.ids[f"{name}_file"] = f"{file.pk}/{file.filename}"
    draft = LessonPage.objects.get(pk=world.ids["draft"])
    file = _file("draft")
    draft.body = LessonPage.body.field.stream_block.to_python(
        [{"type": "download", "value": {"title": "Ark", "file": file.pk}}]
    )
    draft.save()
    world.ids["draft_file"] = f"{file.pk}/{file.filename}"
    file = _file("unused")
    world.ids["unused_file"] = f"{file.pk}/{file.filename}"
    world.ids["file_path"] = file.file.name


def _file(name: str) -> File:
    return File.objects.create(title=name, file=ContentFile(b"%PDF-1.7\n", name=f"{name}.pdf"))


def _mails(world: World) -> None:
    mail = OutgoingMail.objects.create(
        to="other@example.org", subject=WORDS["mail subject"], message=WORDS["mail words"], due_at="2026-01-01T00:00Z"
    )
    world.ids["mail"] = mail.pk
