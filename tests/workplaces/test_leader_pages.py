"""The leader's pages, from the first course to the list: what each says, twice pressed, and for whom."""

import csv
import io
import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from lms.workplaces import leading, requiring
from lms.workplaces.models import Consent, Employee, Leadership, RequiredCourse
from modules.freshness import renew_content
from tests import people
from tests.small_course import COURSE_KEY, _publish
from tests.workplaces.ground import a_leader, a_workplace, begin, invite, page, sharing_employee


def said(client) -> str:
    """What the next page says about what was done."""
    return client.get("/arbeidsplass/deling/").content.decode()


def test_an_empty_workplace_says_what_to_do_first(leader, admin, led):
    workplace = a_workplace()
    a_leader(workplace, leader, admin)

    assert "Sett et kurs på listen" in page(led, "workplace", workplace.pk)
    assert led.get(reverse("invite_employees", args=[workplace.pk])).url == reverse(
        "require_course", args=[workplace.pk]
    )


def test_a_leader_of_one_is_led_there_and_of_several_chooses(place, leader, admin, led):
    assert led.get("/arbeidsplass/").url == reverse("workplace", args=[place.pk])

    a_leader(a_workplace("Bjørkelia"), leader, admin)

    content = page(led, "workplaces")
    assert content.index("Bjørkelia") < content.index("Solbakken barnehage")


def test_who_waits_for_the_workplace_is_told_so_and_nothing_else_of_it(course, leader, admin, led):
    place = a_workplace(contact_email="post@solbakken.example.org")
    a_leader(place, leader, admin, confirmed=False)

    waiting = page(led, "workplaces")

    assert "Vi venter på at Solbakken barnehage bekrefter at du leder arbeidsplassen." in waiting
    assert ("post@solbakken" in waiting, reverse("workplace", args=[place.pk]) in waiting) == (False, False)
    assert led.get(reverse("workplace", args=[place.pk])).status_code == 404


def test_who_leads_one_workplace_and_waits_for_another_sees_both(place, leader, admin, led):
    a_leader(a_workplace("Fjellro avlastning"), leader, admin, confirmed=False)

    both = page(led, "workplaces")

    assert reverse("workplace", args=[place.pk]) in both
    assert "Vi venter på at Fjellro avlastning bekrefter" in both


def test_who_waited_in_vain_is_told_whom_to_ask(course, leader, admin, led):
    waiting = a_leader(a_workplace(), leader, admin, confirmed=False)
    Leadership.objects.update(asked_at=timezone.now() - timedelta(days=31))

    assert "Arbeidsplassen svarte ikke innen 30 dager." in page(led, "workplaces")

    leading.refuse(waiting)
    assert led.get(reverse("workplaces")).url == reverse("my_workplaces")


def test_another_course_is_offered_only_while_there_is_one(place, led, course):
    link = f'href="{reverse("require_course", args=[place.pk])}"'
    assert link not in page(led, "workplace", place.pk)

    second = type(course.page)(title="Kurs to", slug="kurs-to", summary="To.")
    _publish(course.page.get_parent().specific, second)
    renew_content()
    assert link in page(led, "workplace", place.pk)


def test_a_full_list_offers_no_further_course(place, led, course, monkeypatch):
    monkeypatch.setattr(requiring, "MOST_COURSES", 1)
    _publish(course.page.get_parent().specific, type(course.page)(title="Kurs to", slug="kurs-to", summary="To."))
    renew_content()

    assert f'href="{reverse("require_course", args=[place.pk])}"' not in page(led, "workplace", place.pk)
    assert "Listen er full" in page(led, "require_course", place.pk)


def test_one_who_leads_nothing_is_led_to_their_own_sharing(learner_client):
    assert learner_client.get("/arbeidsplass/").url == "/arbeidsplass/deling/"
    assert "Ingen arbeidsplass ser noe om kursene dine." in said(learner_client)


def test_a_course_is_set_with_its_deadline_and_the_same_form_twice_sets_one(leader, admin, course, led):
    workplace = a_workplace()
    a_leader(workplace, leader, admin)
    address = reverse("require_course", args=[workplace.pk])
    form = {"course": str(COURSE_KEY), "days": "45", "on": ""}

    for _time in range(2):
        assert led.post(address, form).url == reverse("workplace", args=[workplace.pk])

    assert list(RequiredCourse.objects.values_list("deadline_days", flat=True)) == [45]
    assert "Frist: 45 dager etter at den ansatte kom på listen." in page(led, "workplace", workplace.pk)


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"course": str(COURSE_KEY)}, "Skriv enten antall dager eller en dato."),
        ({"course": str(COURSE_KEY), "days": "5", "on": "2999-01-01"}, "Skriv enten antall dager eller en dato."),
        ({"course": str(COURSE_KEY), "days": "mange"}, "Skriv et helt tall."),
        ({"course": str(COURSE_KEY), "days": "9" * 40}, "Skriv et antall dager fra 1 til 730."),
        ({"course": str(COURSE_KEY), "on": "i morgen"}, "Skriv en dato, for eksempel 31.12.2026."),
        ({"course": str(COURSE_KEY), "on": "0001-01-01"}, "Fristen må være etter i dag."),
        ({"days": "5"}, "Velg et kurs."),
    ],
)
def test_a_course_is_refused_with_a_sentence(leader, admin, course, led, form, sentence):
    workplace = a_workplace()
    a_leader(workplace, leader, admin)

    answer = led.post(reverse("require_course", args=[workplace.pk]), form)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert RequiredCourse.objects.count() == 0


def test_a_deadline_is_changed_and_a_course_taken_off(place, required, led):
    on = timezone.localdate() + timedelta(days=40)
    led.post(reverse("requirement", args=[place.pk, required.pk]), {"days": "", "on": on.isoformat()})
    required.refresh_from_db()
    assert (required.deadline_days, required.deadline_on) == (None, on)

    for _time in range(2):
        answer = led.post(reverse("end_requirement", args=[place.pk, required.pk]))
        assert answer.url == reverse("workplace", args=[place.pk])
    assert "Sett et kurs på listen" in page(led, "workplace", place.pk)
    assert led.get(reverse("requirement", args=[place.pk, required.pk])).status_code == 404


def test_a_list_is_looked_over_and_sent_once(place, led):
    looked = led.post(reverse("invite_employees", args=[place.pk]), {"text": "Kari <kari@example.org>\nikke noe"})
    assert "1 ansatt blir invitert" in looked.content.decode()
    assert "Linjen har ingen e-postadresse." in looked.content.decode()
    assert Employee.objects.count() == 0

    for _time in range(2):
        led.post(reverse("send_employee_invitations", args=[place.pk]), {"text": "kari@example.org;Kari;"})

    assert list(Employee.objects.values_list("email", "name")) == [("kari@example.org", "Kari")]


def test_the_page_shows_four_words_and_never_more(place, leader, led, learner, other_learner, course):
    sharing_employee(place, leader, learner)
    sharing_employee(place, leader, other_learner)
    begin(learner, course, 4)
    begin(other_learner, course, 2)
    invite(place, leader, "taus@example.org")

    content = page(led, "workplace", place.pk)

    assert "i gang" in content and "har ikke svart" in content and "fullført" in content
    for never in ("Første leksjon", "Første modul", "leksjon-1", "prosent", "kursbevis-"):
        assert never not in content.split("<main")[1].split("</main>")[0]


def test_a_name_that_is_markup_is_text(place, leader, led):
    invite(place, leader, "kari@example.org;<script>alert(1)</script>")

    assert "<script>alert" not in page(led, "workplace", place.pk)


def test_the_page_asks_as_often_for_many_as_for_few(place, leader, led, course, django_assert_num_queries):
    address = reverse("workplace", args=[place.pk])
    sharing_employee(place, leader, people.make_person("en@example.org", "En"))
    led.get(address)
    with django_assert_num_queries(8):
        led.get(address)
    for number in range(8):
        sharing_employee(place, leader, people.make_person(f"a{number}@example.org", f"A {number}"))
    with django_assert_num_queries(8):
        led.get(address)


def test_a_long_list_has_pages(place, leader, led):
    invite(place, leader, "\n".join(f"a{number:03}@example.org" for number in range(101)))

    assert "a100@example.org" not in page(led, "workplace", place.pk)
    assert "a100@example.org" in led.get(reverse("workplace", args=[place.pk]) + "?side=2").content.decode()
    assert led.get(reverse("workplace", args=[place.pk]) + "?side=x&kurs=²").status_code == 200


def test_a_reminder_is_looked_over_before_it_is_sent(place, required, employee, led):
    mail.outbox.clear()
    address = reverse("remind_employees", args=[place.pk, required.pk])

    assert "1 ansatt får en påminnelse" in led.get(address).content.decode()
    assert mail.outbox == []
    for _time in range(2):
        led.post(address)

    assert len(mail.outbox) == 1
    assert "Det er mindre enn en uke siden forrige gang." in led.get(address).content.decode()


def test_an_employee_is_asked_about_before_they_are_taken_off(place, employee, led):
    address = reverse("remove_employee", args=[place.pk, employee.pk])

    assert "Ta Ingrid Solheim av listen" in led.get(address).content.decode()
    for _time in range(2):
        assert led.post(address).url == reverse("workplace", args=[place.pk])
    assert "Ingrid Solheim" not in page(led, "workplace", place.pk).split("</main>")[0].split('id="ansatte"')[1]


def test_asking_again_says_what_happened(place, leader, led):
    employee = invite(place, leader)
    address = reverse("resend_employee_invitation", args=[place.pk, employee.pk])
    mail.outbox.clear()

    led.post(address)
    assert "er spurt den siste uken" in page(led, "workplace", place.pk)
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        led.force_login(leader)
        led.post(address)
        assert len(mail.outbox) == 1


def test_the_files_say_what_the_page_says_and_neutralise_formulas(place, leader, led, learner, course):
    sharing_employee(place, leader, learner)
    begin(learner, course, 4)
    invite(place, leader, "ond@example.org;=1+1")

    sheet = led.get(reverse("employee_list_csv", args=[place.pk]))
    book = led.get(reverse("employee_list_xlsx", args=[place.pk]))

    rows = list(csv.reader(io.StringIO(sheet.content.decode("utf-8-sig")), delimiter=";"))
    today, deadline = timezone.localdate(), timezone.localdate() + timedelta(days=30)
    assert rows == [
        ["Navn", "E-post", "Kurs", "Status", "Fullført", "Frist", "Frist gått ut"],
        ["'=1+1", "ond@example.org", "Lite kurs", "har ikke svart", "", str(deadline), ""],
        ["Ingrid Solheim", "learner@example.org", "Lite kurs", "fullført", str(today), str(deadline), ""],
    ]
    cells = [[cell.value for cell in row] for row in load_workbook(io.BytesIO(book.content)).active.rows]
    assert [[str(getattr(value, "date", lambda v=value: v)() or "") for value in row] for row in cells] == rows
    assert f"ansatte-solbakken-barnehage-{today}.csv" in sheet["Content-Disposition"]
    assert list(place.events.filter(kind="export").values_list("detail", "by")) == [
        ("xlsx", leader.pk),
        ("csv", leader.pk),
    ]


def test_looking_at_the_head_of_a_file_is_no_export(place, led):
    assert led.head(reverse("employee_list_csv", args=[place.pk])).status_code == 200
    assert not place.events.filter(kind="export").exists()


ADDRESSES = [
    "workplace",
    "require_course",
    "invite_employees",
    "send_employee_invitations",
    "employee_list_csv",
    "employee_list_xlsx",
]


@pytest.mark.parametrize("who", ["former", "unconfirmed", "other", "employee", "admin", "superuser", "mentor"])
def test_everybody_else_finds_nothing(who, place, required, leader, admin, learner, mentor, signed_in):
    employee = sharing_employee(place, leader, learner)
    person = {"employee": learner, "admin": admin, "mentor": mentor, "former": leader}.get(who)
    if who == "former":
        leading.end_leadership(place.leaderships.get(), admin)
    elif who == "unconfirmed":
        person = people.make_person("ny.leder@example.org", "Ny Leder")
        a_leader(place, person, admin, confirmed=False)
    elif who == "other":
        person = people.make_person("nabo@example.org", "Nabo")
        a_leader(a_workplace("Bjørkelia"), person, admin)
    elif who == "superuser":
        person = people.make_person("super@example.org", "Super", is_staff=True, is_superuser=True)
    client = signed_in(person)
    addresses = [reverse(name, args=[place.pk]) for name in ADDRESSES]
    addresses += [
        reverse(name, args=[place.pk, required.pk]) for name in ("requirement", "end_requirement", "remind_employees")
    ]
    addresses += [
        reverse(name, args=[place.pk, employee.pk]) for name in ("remove_employee", "resend_employee_invitation")
    ]

    answers = {(client.get(address).status_code, client.post(address).status_code) for address in addresses}

    assert answers <= {(404, 404), (404, 405)}
    assert Consent.objects.filter(withdrawn_at=None).count() == 1


def test_a_leader_reaches_nothing_of_another_workplace_by_its_ids(place, required, employee, leader, admin, led):
    other_leader = people.make_person("nabo@example.org", "Nabo")
    other = a_workplace("Bjørkelia")
    a_leader(other, other_leader, admin)
    a_leader(other, leader, admin)

    for name, pk in (("requirement", required.pk), ("end_requirement", required.pk), ("remind_employees", required.pk)):
        assert led.post(reverse(name, args=[other.pk, pk])).status_code == 404
    for name in ("remove_employee", "resend_employee_invitation"):
        assert led.post(reverse(name, args=[other.pk, employee.pk])).status_code == 404
    required.refresh_from_db()
    assert required.ended_at is None


def test_visitors_are_led_to_sign_in(place, client):
    for name in ADDRESSES:
        assert client.get(reverse(name, args=[place.pk])).url.startswith("/konto/login/")


def test_a_text_and_a_file_that_are_too_long_together_are_refused_before_anything_is_looked_over(place, led):
    text, file = ("\n".join(f"{kind}{number}@example.org" for number in range(300)) for kind in "tf")

    answer = led.post(
        reverse("invite_employees", args=[place.pk]), {"text": text, "file": SimpleUploadedFile("l.csv", file.encode())}
    )

    assert answer.status_code == 422
    assert "Listen har 600 linjer. Den kan ha høyst 500." in answer.content.decode()


def test_the_list_is_a_table_by_its_roles_and_no_table_elements_contradict_them(place, leader, led, learner):
    sharing_employee(place, leader, learner)

    content = page(led, "workplace", place.pk).split("<main")[1].split("</main>")[0]

    assert re.findall(r"</?(?:table|thead|tbody|tr|th|td)\b", content) == []
    assert re.findall(r'role="(\w+)"', content.split('id="ansatte"')[1]) == [
        *("table", "rowgroup", "row", *["columnheader"] * 4),
        *("rowgroup", "row", "rowheader", *["cell"] * 3),
    ]
