"""The top of the page: kept for visitors, made anew for whoever is signed in."""

import re

import pytest


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
