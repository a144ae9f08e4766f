"""What is kept of a page, and the gaps in it."""

import pytest
from django.core.cache import caches
from django.template import engines
from django.utils import translation

PAGE = (
    '{% load i18n kept %}{% kept page words %}{% translate "Yes" %} {{ title }}{{ person }} ({% if named %}'
    "{% gap %}{{ person }}{% endgap %}{% endif %}) {% gap %}{{ place }}{% endgap %}{% endkept %}"
)


@pytest.fixture(autouse=True)
def nothing_kept():
    caches["content"].clear()
    yield
    caches["content"].clear()


def shown(person, place="Oslo", **words):
    template = engines["django"].from_string(PAGE)
    return template.render({"person": person, "place": place, "words": {"title": "<b>", "named": True} | words})


def test_gaps_are_filled_anew_and_nothing_else_of_the_page_is_seen():
    pages = [shown("<Kari>"), shown("Ola", place="Bergen")]

    assert pages == ["Ja &lt;b&gt; (&lt;Kari&gt;) Oslo", "Ja &lt;b&gt; (Ola) Bergen"]


def test_other_words_are_another_page():
    pages = [shown("Kari"), shown("Ola", title="i"), shown("Ola", named=False)]

    assert pages == ["Ja &lt;b&gt; (Kari) Oslo", "Ja i (Ola) Oslo", "Ja &lt;b&gt; () Oslo"]


def test_each_language_has_its_own():
    shown("Kari")

    with translation.override("en"):
        assert shown("Kari") == "Yes &lt;b&gt; (Kari) Oslo"


def test_what_is_kept_holds_nothing_of_the_gaps():
    shown("Kari")

    assert [value for value in caches["content"]._cache.values() if "Kari" in str(value)] == []
    assert len(caches["content"]._cache) == 1
