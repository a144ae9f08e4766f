"""What is kept of a visitor's page, and the gaps in it."""

import pytest
from django.core.cache import caches
from django.template import engines
from django.utils import translation

from modules.kept_pages import visitors_page

PAGES = {
    "frame.html": "<title>{% block title %}Refleks{% endblock %}</title>{% block content %}{% endblock %}{{ person }}",
    "page.html": (
        '{% extends "frame.html" %}{% load i18n kept %}{% block title %}{% gap %}{{ place }}{% endgap %}{% endblock %}'
        '{% block content %}{% translate "Yes" %} {{ title }}{{ person }} ({% if named %}'
        "{% gap %}{{ person }}{% endgap %}{% endif %}) {% gap %}{{ place }}, {{ title }}{% endgap %}{% endblock %}"
    ),
}


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch, db):
    engine = engines["django"].engine
    loaders = [("django.template.loaders.locmem.Loader", PAGES)]
    monkeypatch.setattr(engine, "template_loaders", engine.get_template_loaders(loaders))
    caches["content"].clear()
    yield
    caches["content"].clear()


@pytest.fixture
def shown(rf):
    def show(person, place="Oslo", **words):
        request = rf.get("/", HTTP_X_PERSON=person)
        request.resolver_match = None
        words = {"title": "<b>", "named": True} | words
        return visitors_page(request, "page.html", words, {"person": person, "place": place})

    return show


def test_gaps_are_filled_anew_and_nothing_else_of_the_page_is_seen(shown):
    pages = [shown("<Kari>"), shown("Ola", place="Bergen")]

    assert pages == [
        "<title>Oslo</title>Ja &lt;b&gt; (&lt;Kari&gt;) Oslo, &lt;b&gt;",
        "<title>Bergen</title>Ja &lt;b&gt; (Ola) Bergen, &lt;b&gt;",
    ]


def test_other_words_are_another_page(shown):
    pages = [shown("Kari"), shown("Ola", title="i"), shown("Ola", named=False)]

    assert [page.partition("</title>")[2] for page in pages] == [
        "Ja &lt;b&gt; (Kari) Oslo, &lt;b&gt;",
        "Ja i (Ola) Oslo, i",
        "Ja &lt;b&gt; () Oslo, &lt;b&gt;",
    ]


def test_each_language_has_its_own(shown):
    shown("Kari")

    with translation.override("en"):
        assert shown("Kari") == "<title>Oslo</title>Yes &lt;b&gt; (Kari) Oslo, &lt;b&gt;"


def test_what_is_kept_holds_nothing_of_the_gaps(shown):
    shown("Kari")

    pages = [value for value in caches["content"]._cache.values() if "Ja" in str(value)]
    assert [value for value in pages if "Kari" in str(value) or "Oslo" in str(value)] == []
    assert len(pages) == 1
