"""Names in Norwegian order and found however they are typed, the same in Python and in both databases (I28)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from lms.accounts.models import User
from lms.norwegian import folded, in_norwegian_order
from lms.workplaces.models import Workplace
from tests.groups_ground import small_group
from tests.people import make_person

LETTERS = "abzæøåÆØÅaAáčđŋšŧžÁČĐŊŠŦŽäöüéÉßþœı ijÿĳ-'"
ORDER = ["Alta", "Čállá", "Unjárga", "Zara", "Ærfugl", "ørland", "Øyer", "Åmot", "aanes", "Åse", "AASEN", "Åst"]


def people(*names: str) -> None:
    User.objects.bulk_create(User(email=f"{number}@example.org", name=name) for number, name in enumerate(names))


def test_names_stand_in_norwegian_order():
    assert sorted(reversed(ORDER), key=in_norwegian_order) == ORDER


def test_the_database_has_the_same_order(db):
    people(*reversed(ORDER))

    assert list(User.objects.order_by("name__in_order").values_list("name", flat=True)) == ORDER


@pytest.mark.parametrize("typed", ["Bodø", "BODØ", "bodo", "bodø", "Bodo"])
def test_a_name_is_found_however_it_is_typed(db, typed):
    people("Ny i Bodø", "Ny i Bodil")

    assert [person.name for person in User.objects.filter(name__folded__icontains=typed)] == ["Ny i Bodø"]


@pytest.mark.parametrize("typed", ["%", "_", "\\", "'"])
def test_signs_of_the_database_are_signs(db, typed):
    people("Alt annet", f"Med {typed} i")

    assert [person.name for person in User.objects.filter(name__folded__icontains=typed)] == [f"Med {typed} i"]


class TestBothDatabases(TestCase):
    @settings(max_examples=60, deadline=None)
    @given(name=st.text(alphabet=LETTERS, max_size=12))
    def test_python_and_the_database_agree(self, name):
        User.objects.filter(email="anna@example.org").delete()
        people_row = User.objects.create(email="anna@example.org", name=name)
        row = User.objects.filter(pk=people_row.pk).values_list("name__in_order", "name__folded").get()

        assert row == (in_norwegian_order(name), folded(name))


@pytest.mark.parametrize("typed", ["Bodø", "BODØ", "bodo"])
def test_lists_in_the_cms_find_however_it_is_typed(course, signed_in, typed):
    mentor = make_person("mentor@example.org", "Åse Bodøværing", role="Mentor")
    small_group(course.page, mentor, name="Bodø sykehus")
    Workplace.objects.create(name="Bodø barnehage", organisation_number="974760673")
    office = signed_in(make_person("drift@example.org", "Kari Lie", is_superuser=True, is_staff=True))

    for address, name in [
        ("users/", "Åse Bodøværing"),
        ("snippets/mentoring/learninggroup/", "Bodø sykehus"),
        ("snippets/workplaces/workplace/", "Bodø barnehage"),
    ]:
        assert name in office.get(f"/cms/{address}", {"q": typed}).content.decode(), address
        assert name not in office.get(f"/cms/{address}", {"q": "Bodil"}).content.decode(), address


def test_members_stand_in_norwegian_order(course, mentor, signed_in):
    people = [make_person(f"p{number}@example.org", name) for number, name in enumerate(reversed(ORDER))]
    group = small_group(course.page, mentor, *people)
    page = signed_in(mentor).get(f"/grupper/{group.pk}/deltakere/").content.decode()

    assert sorted(ORDER, key=page.index) == ORDER
