import datetime
import io
from threading import Barrier, Thread

import page
import pikepdf
import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import connection
from django.http import Http404
from django.utils import timezone
from django.utils.formats import date_format

from certificates.issuing import (
    erase_certificates,
    issue_certificate,
    issue_package_certificate,
    issue_package_if_waiting,
    replace_certificate,
    revoke_certificate,
    waiting_memberships,
)
from certificates.members import member_for
from certificates.models import Certificate
from certificates.rendering import render_certificate
from certificates.tasks import find_waiting_certificates, issue_waiting_package_certificate
from mentoring.models import Attendance, LearningGroup, Meeting, Membership, Note, Package
from modules.models import Attempt
from tests.certificates.reading_aloud import structure_of
from tests.group_progress import hold, make_up, take_modules, write_note
from tests.groups_ground import small_group

FIRST = "Modul 1, «Første modul», er ikke ferdig."
SECOND = "Modul 2, «Andre modul», er ikke ferdig."
NO_DATE = [
    "Møte 1, «Første møte», har ikke fått noe tidspunkt ennå.",
    "Møte 2, «Andre møte», har ikke fått noe tidspunkt ennå.",
]
NO_NOTE = "Refleksjonsnotatet er ikke levert."


def test_issue_freezes_the_course_the_meetings_and_the_package(finished, group):
    first, second = group.meetings.filter(number__in=[1, 2]).order_by("number")
    first.attendances.update(status="digital")
    second.attendances.update(status="absent")
    make_up(finished, 2)

    certificate = issue_package_certificate(finished, name=" Ingrid  Solheim ")
    Meeting.objects.update(title="Et annet navn", minutes=15)
    Package.objects.update(name="En annen pakke")
    certificate.refresh_from_db()

    day = (timezone.localdate() - datetime.timedelta(days=10)).isoformat()
    assert (certificate.holder_name, certificate.package_name, certificate.course_title) == (
        "Ingrid Solheim",
        "Liten pakke",
        "Lite kurs",
    )
    assert certificate.meetings == [
        {"title": "Første møte", "date": day, "minutes": 90, "how": "digital"},
        {"title": "Andre møte", "date": day, "minutes": 90, "how": "made_up"},
    ]
    assert (certificate.minutes, certificate.hours_text) == (90 + 180, "4 timer 30 minutter")
    assert (certificate.completed_on, certificate.course_version) == (timezone.localdate(), "2026.1")
    assert group.name not in str(certificate.__dict__)


def test_meetings_that_were_missed_are_neither_listed_nor_counted(member):
    Package.objects.update(required_meetings=1)
    take_modules(member.member)
    hold(member.group, 1, "absent")
    hold(member.group, 2)
    write_note(member)
    member = Membership.objects.select_related("member", "group__package__course").get()

    certificate = issue_package_certificate(member, name="Ingrid Solheim")

    assert ([meeting["title"] for meeting in certificate.meetings], certificate.minutes) == (["Andre møte"], 180)


def test_a_package_without_a_course_has_a_certificate_of_its_meetings(mentor, learner, client):
    group = small_group(None, mentor, learner)
    hold(group, 1)
    hold(group, 2)
    member = Membership.objects.select_related("member", "group__package__course").get()
    write_note(member)

    certificate = issue_package_certificate(member, name="Ingrid Solheim")

    assert (certificate.course_key, certificate.course_title, certificate.modules) == (None, "Liten pakke", [])
    assert (certificate.minutes, certificate.course_version) == (180, "")
    page = client.get(certificate.url).content.decode()
    assert ("2 møter i gruppe" in page, "Kursversjon" in page, "Modul" in page) == (True, False, False)


def test_the_course_and_the_package_have_a_certificate_each(finished):
    of_package = issue_package_certificate(finished, name="Ingrid Solheim")
    of_course = issue_certificate(Attempt.objects.get(), name="Ingrid Solheim")

    assert of_package != of_course
    assert issue_certificate(Attempt.objects.get(), name="Ingrid Solheim") == of_course
    assert issue_package_certificate(finished, name="Ingrid Solheim") == of_package


def test_issue_mails_the_package_once(finished):
    for _time in range(2):
        certificate = issue_package_certificate(finished, name="Ingrid Solheim")

    [message] = mail.outbox
    assert ("«Liten pakke»" in message.body, certificate.check_url in message.body) == (True, True)


@pytest.mark.django_db(transaction=True)
def test_issue_gives_one_certificate_under_8_parallel_claims(finished):
    codes, barrier = [], Barrier(8)

    def claim():
        try:
            member = Membership.objects.select_related("member", "group__package__course").get(pk=finished.pk)
            barrier.wait()
            codes.append(issue_package_certificate(member, name="Ingrid Solheim").code)
        finally:
            connection.close()

    threads = [Thread(target=claim) for _number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert codes == [Certificate.objects.get().code] * 8
    assert len(mail.outbox) == 1


def test_administrator_issues_with_a_recorded_reason(member, admin):
    certificate = issue_package_certificate(
        member, name="Ingrid Solheim", by=admin, exception_reason="Gikk pakken på papir."
    )

    assert (certificate.exception_reason, certificate.meetings) == ("Gikk pakken på papir.", [])
    assert list(certificate.events.values_list("kind", "by", "reason")) == [
        ("issued", admin.pk, "Gikk pakken på papir.")
    ]


@pytest.mark.parametrize(("by_admin", "reason"), [(True, "  "), (False, "Fordi.")], ids=["no-reason", "nobody"])
def test_issue_refuses_when_an_exception_has_no_reason_or_nobody_stands_for_it(member, admin, by_admin, reason):
    with pytest.raises(ValidationError) as refusal:
        issue_package_certificate(
            member, name="Ingrid Solheim", by=admin if by_admin else None, exception_reason=reason
        )
    assert refusal.value.messages == [FIRST, SECOND, *NO_DATE, NO_NOTE]


def test_issue_refuses_when_revoked(finished, admin):
    revoke_certificate(issue_package_certificate(finished, name="Ingrid Solheim"), by=admin, reason="Feil person.")

    with pytest.raises(ValidationError) as refusal:
        issue_package_certificate(finished, name="Ingrid Solheim")
    assert refusal.value.messages == ["Kursbeviset ditt er trukket tilbake. Ta kontakt med senteret."]


def test_replacing_keeps_everything_but_the_name(finished, learner):
    certificate = issue_package_certificate(finished, name="Ingrid Solheim")

    successor = replace_certificate(certificate, name="Ingrid Moen", by=learner, reason="Nytt navn.")

    kept = ("group_id", "package_name", "meetings", "minutes", "course_key", "completed_on")
    assert [getattr(successor, name) for name in kept] == [getattr(certificate, name) for name in kept]
    assert issue_package_certificate(finished, name="Ingrid Solheim") == successor


def test_erasure_takes_the_name_and_the_file(finished, learner):
    certificate = issue_package_certificate(finished, name="Ingrid Solheim")

    assert erase_certificates(learner) == 1
    certificate.refresh_from_db()
    assert (certificate.status, certificate.holder_name) == ("erased", "")


def test_check_page_and_json_list_modules_and_meetings_and_not_the_group(finished, client, group):
    certificate = issue_package_certificate(finished, name="Ingrid Solheim")

    page, facts = client.get(certificate.url).content.decode(), client.get(certificate.json_url).json()

    words = ["Liten pakke", "Lite kurs og 2 møter i gruppe", "Første modul", "Første møte", "til stede", "4 timer 30"]
    assert [word for word in words if word not in page] == []
    assert (facts["package"], facts["meetings"], facts["hours"]) == ("Liten pakke", certificate.meetings, 4.5)
    assert [group.name in text for text in (page, str(facts))] == [False, False]


def test_the_pdf_passes_pdf_ua_and_reads_in_order(finished, tmp_path):
    certificate = issue_package_certificate(finished, name="Ingrid Solheim")
    path = tmp_path / "kursbevis.pdf"
    path.write_bytes(bytes(certificate.file.content))

    assert "Result: no failures" in str(page.validate_pdf(str(path), profile="ua1"))
    pdf = pikepdf.open(path)
    assert len(pdf.pages) == 1
    with pdf.open_metadata() as facts:
        assert (facts["pdfuaid:part"], facts["pdfaid:part"], facts["pdfaid:conformance"]) == ("1", "2", "A")
    day = date_format(finished.group.meetings.get(number=1).day, "j. F Y")
    today = date_format(timezone.localdate(), "j. F Y")
    spoken = [element.spoken for element in structure_of(pdf).walk() if element.kind in {"H1", "H2", "P"}]
    assert spoken[3 : spoken.index(f"Utstedt {today}")] == [
        "Ingrid Solheim",
        "har fullført",
        "Liten pakke",
        "Lite kurs og 2 møter i gruppe",
        f"Omfang 4 timer 30 minutter. Fullført {today}.",
        "Innhold",
        *("Modul", "Tema", "Tid"),
        *("1", "Første modul", "30 min"),
        *("2", "Andre modul", "60 min"),
        "Møter",
        *("Møte", "Dato", "Deltakelse", "Tid"),
        *("Første møte", day, "til stede", "90 min"),
        *("Andre møte", day, "til stede", "90 min"),
    ]


@pytest.mark.parametrize(("modules", "meetings"), [(5, 3), (0, 11), (5, 5)])
def test_a_package_keeps_to_one_page_also_with_a_long_name(finished, modules, meetings):
    certificate = issue_package_certificate(finished, name="Ingrid Solheim")
    certificate.holder_name = "Jan Erik Torbjørn Olav Kristian Håkon Magnus Sverre Haakon Christoffersen av Fjell"
    certificate.modules = [{"title": "Å forstå og ivareta nære pårørende", "minutes": 60}] * modules
    certificate.meetings = [certificate.meetings[0] | {"title": "Refleksjonsmøte", "how": "digital"}] * meetings

    assert len(pikepdf.open(io.BytesIO(render_certificate(certificate))).pages) == 1


CLAIM = "/kursbevis/ny/gruppe/{}/"


def test_claim_shows_what_is_missing_and_issues_nothing(learner_client, member):
    for response in (
        learner_client.get(CLAIM.format(member.group_id)),
        learner_client.post(CLAIM.format(member.group_id), {"name": "Ingrid"}),
    ):
        assert [missing.sentence for missing in response.context["unmet"]] == [FIRST, SECOND, *NO_DATE, NO_NOTE]
    assert Certificate.objects.count() == 0


def test_claim_confirms_the_name_and_issues_at_once(learner_client, finished):
    assert learner_client.get(CLAIM.format(finished.group_id)).context["form"].initial == {"name": "Ingrid Solheim"}
    assert Certificate.objects.count() == 0

    response = learner_client.post(CLAIM.format(finished.group_id), {"name": "Ingrid  Moen"})

    certificate = Certificate.objects.get()
    assert (response["Location"], certificate.holder_name) == (certificate.url, "Ingrid Moen")
    assert learner_client.get(CLAIM.format(finished.group_id))["Location"] == certificate.url


def test_claim_refuses_when_the_name_cannot_be_printed(learner_client, finished):
    response = learner_client.post(CLAIM.format(finished.group_id), {"name": "Ingrid 李"})

    assert response.context["form"].errors == {
        "name": ["Vi kan ikke trykke dette tegnet i navnet: «李». Skriv navnet på en annen måte."]
    }


def test_claim_is_not_found_when_one_is_not_a_member(finished, mentor, other_learner, admin, signed_in):
    for person in (mentor, other_learner, admin):
        assert signed_in(person).get(CLAIM.format(finished.group_id)).status_code == 404
    Membership.objects.update(left_at=timezone.now())
    assert signed_in(finished.member).get(CLAIM.format(finished.group_id)).status_code == 404
    with pytest.raises(Http404):
        member_for(finished.member, finished.group_id)


def ago(days):
    return timezone.now() - datetime.timedelta(days=days)


@pytest.fixture
def waiting(finished, settings):
    """All done longer ago than the days of grace."""
    settings.CERTIFICATE_GRACE_DAYS = 7
    Attendance.objects.update(at=ago(8))
    Note.objects.update(handed_in_at=ago(8))
    Attempt.objects.update(completed_at=ago(8))
    return finished


def test_the_hourly_work_issues_what_nobody_claimed_once(waiting):
    work = find_waiting_certificates()
    for _time in range(2):
        issue_waiting_package_certificate(waiting.pk)

    assert ("certificates.tasks.issue_waiting_package_certificate", [waiting.pk]) in work
    [certificate] = Certificate.objects.filter(group__isnull=False)
    assert (certificate.holder_name, issue_package_if_waiting(waiting.pk, timezone.now())) == ("Ingrid Solheim", None)


@pytest.mark.parametrize(
    "change",
    [
        lambda member: Attendance.objects.update(at=ago(6)),
        lambda member: Note.objects.update(handed_in_at=ago(6)),
        lambda member: Attempt.objects.update(completed_at=ago(6)),
        lambda member: Note.objects.update(status="returned"),
        lambda member: Membership.objects.update(left_at=ago(1)),
        lambda member: LearningGroup.objects.update(status="cancelled"),
        lambda member: type(member.member).objects.filter(pk=member.member_id).update(is_active=False),
        lambda member: type(member.member).objects.filter(pk=member.member_id).update(name="李"),
        lambda member: issue_package_certificate(member, name="Ingrid"),
    ],
    ids="attendance note course returned left cancelled inactive name issued".split(),
)
def test_nobody_waits_who_is_not_done_long_ago_or_has_it(waiting, change):
    assert waiting_memberships(timezone.now()) == [waiting]

    change(waiting)

    assert waiting_memberships(timezone.now()) == []
