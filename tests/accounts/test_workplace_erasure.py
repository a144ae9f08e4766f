"""Erasing somebody who shared with a workplace and led another (R121, P10), and what they take along (P9)."""

import json

from django.db.models import Q

from lms.accounts.erasure import erase_person
from lms.accounts.exports import export_data
from lms.accounts.own_records import sections_of
from lms.workplaces.access import led_workplaces
from lms.workplaces.models import (
    Consent,
    Employee,
    Leadership,
    RequiredCourse,
    Workplace,
    WorkplaceEvent,
    WorkplaceNotice,
)


def test_what_the_person_shared_goes_with_their_row_of_the_list(deep_in):
    erase_person(deep_in, keep_certificates=True)

    assert (Consent.objects.count(), WorkplaceNotice.objects.count()) == (0, 0)
    assert list(Employee.objects.values_list("name", flat=True)) == ["Kanarifugl"]


def test_an_erased_leader_leads_nothing_and_the_workplace_stands(deep_in):
    before = [model.objects.count() for model in (Workplace, Leadership, RequiredCourse, WorkplaceEvent)]

    erase_person(deep_in, keep_certificates=True)

    deep_in.refresh_from_db()
    assert list(led_workplaces(deep_in)) == []
    assert [model.objects.count() for model in (Workplace, Leadership, RequiredCourse, WorkplaceEvent)] == before


def test_addresses_that_answered_for_a_workplace_go_too(deep_in):
    erase_person(deep_in, keep_certificates=True)

    left = Leadership.objects.filter(Q(confirm_email__icontains="ingrid"))
    assert not left.exists()
    assert not Workplace.objects.filter(contact_email__icontains="ingrid").exists()


def test_a_leader_takes_nothing_of_the_employees_along(deep_in):
    everything = json.dumps(export_data(deep_in, sections_of(deep_in)), default=str, ensure_ascii=False)

    assert "anarifugl" not in everything
    assert "sjef@example.org" not in everything
    assert "Bjørkelia avlastning" in everything


def test_the_export_says_with_whom_one_shared(deep_in):
    data = export_data(deep_in, sections_of(deep_in))

    assert [(row["workplace"], row["wording"], row["withdrawn_at"]) for row in data["consents"]] == [
        ("Solbakken barnehage", "2026-11", None)
    ]
    assert data["workplace_notices"][0]["course"] == "Lite kurs"
    assert data["workplace_lists"][0]["name"] == "Ingrid S."
