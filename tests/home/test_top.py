"""The top of the page: kept for visitors, made anew for whoever is signed in."""

import re

import pytest
from django.utils import timezone

from mentoring.models import Application
from tests.groups_ground import small_group, small_package


def top_of(response):
    """What links the top has, and which of them is the page one is on."""
    top = re.search(r'<header class="top">.*</header>', response.content.decode(), re.DOTALL).group()
    links = re.findall(r"<a [^>]*>([^<]+)</a>", top)
    return links, re.findall(r'aria-current="page">([^<]+)</a>', top)


@pytest.mark.parametrize("_again", [1, 2])
def test_visitors_see_where_they_are_and_how_to_come_in(client, course, _again):
    seen = {
        path: top_of(client.get(path)) for path in ("/kursbevis/", "/kurs/?plain", "/konto/login/", "/finnes-ikke/")
    }

    links = ["Kurs", "Logg inn", "Bli med"]
    assert seen == {
        "/kursbevis/": (links, []),
        "/kurs/?plain": (links, ["Kurs"]),
        "/konto/login/": (links, ["Logg inn"]),
        "/finnes-ikke/": (links, []),
    }


def test_who_is_signed_in_has_a_top_of_their_own(client, learner_client, course):
    assert top_of(client.get("/kursbevis/")) == (["Kurs", "Logg inn", "Bli med"], [])

    assert top_of(learner_client.get("/kursbevis/")) == (["Kurs", "Min side", "Min konto"], [])
    assert top_of(learner_client.get("/min-side/")) == (["Kurs", "Min side", "Min konto"], ["Min side"])


def test_who_has_a_group_finds_the_way_to_it_on_every_page(learner_client, signed_in, course, learner, mentor):
    group = small_group(course.page, mentor, learner)
    links = ["Kurs", "Min side", "Grupper", "Min konto"]

    assert top_of(learner_client.get("/min-side/"))[0] == links
    assert top_of(learner_client.get("/kursbevis/"))[0] == links
    assert top_of(learner_client.get("/grupper/")) == (links, ["Grupper"])
    assert top_of(signed_in(mentor).get(f"/grupper/{group.pk}/"))[0] == links

    group.memberships.update(left_at=timezone.now())
    learner_client.get("/grupper/")
    assert top_of(learner_client.get("/kursbevis/"))[0] == ["Kurs", "Min side", "Min konto"]


def test_my_page_of_one_who_signed_a_workplace_up_leads_to_the_application(learner_client, course, learner):
    package = small_package(course.page)
    sent = Application.objects.create(
        package=package, contact=learner, workplace="Fjordgløtt barnehage", kind="institution", expected_size=8
    )

    page = learner_client.get("/min-side/").content.decode()

    assert f'<a href="/grupper/soknader/{sent.pk}/">Fjordgløtt barnehage</a>' in page
