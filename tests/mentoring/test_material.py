"""What there is to read or use for a meeting: typed as lines, shown as links to all in the group."""

import datetime

import pytest
from django.urls import reverse

from mentoring.lines import Material, materials_of
from tests.groups_ground import small_group

LINES = "Ark til samtalen: https://eksempel.no/ark.pdf\nhttps://eksempel.no/film\nBoken på bordet"


@pytest.mark.parametrize(
    ("line", "material"),
    [
        ("Ark til samtalen https://eksempel.no/ark.pdf", Material("Ark til samtalen", "https://eksempel.no/ark.pdf")),
        ("Ark: https://eksempel.no/ark.", Material("Ark", "https://eksempel.no/ark")),
        ("(https://eksempel.no/film)", Material("eksempel.no/film", "https://eksempel.no/film")),
        ("Boken på bordet", Material("Boken på bordet")),
        ("Et triks javascript:alert(1)", Material("Et triks javascript:alert(1)")),
    ],
)
def test_a_line_is_a_title_and_an_address(line, material):
    assert materials_of(line) == [material]


def test_the_mentor_writes_material_and_the_members_find_it(course, mentor, learner, signed_in):
    group = small_group(course.page, mentor, learner)
    meeting = group.meetings.get(number=1)
    day = datetime.date.today() + datetime.timedelta(days=14)
    form = {"form": "physical", "place": "Rom 1", "minutes": "90", "title": meeting.title, "material": LINES}
    slot = {"day": day.isoformat(), "clock": "14:00", "seen": day.isoformat()}

    answer = signed_in(mentor).post(reverse("meeting_edit", args=[group.pk, 1]), form | slot)
    assert answer.status_code == 302
    page = signed_in(learner).get(reverse("meeting", args=[group.pk, 1])).content.decode()

    assert '<a href="https://eksempel.no/ark.pdf" rel="noopener noreferrer">Ark til samtalen</a>' in page
    assert "Boken på bordet" in page


def test_a_step_of_the_package_lends_its_material_to_new_groups(course, mentor):
    first = small_group(course.page, mentor)
    first.package.steps.filter(title="Første møte").update(material=LINES)

    second = small_group(course.page, mentor, name="Fjordgløtt")

    assert [meeting.material for meeting in second.meetings.all()] == [LINES, ""]
    assert first.meetings.get(number=1).material == ""
