import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from wagtail.models import Page, Site

from lms.home.founding import make_site
from lms.home.models import HomePage, InfoPage
from modules.models import CourseIndexPage


def test_a_new_site_has_its_first_pages_and_nothing_of_wagtails_own(db):
    site = make_site("kurs.example.org", 443)

    assert (site.root_url, Site.objects.count()) == ("https://kurs.example.org", 1)
    assert [page.slug for page in Page.objects.filter(depth=2)] == ["refleks"]
    assert CourseIndexPage.objects.get().url == "/kurs/"
    assert sorted(InfoPage.objects.live().values_list("slug", flat=True)) == ["hjelp", "personvern", "tilgjengelighet"]


def test_the_command_takes_the_address_from_the_settings(db, settings):
    settings.SITE_URL = "https://kurs.example.org"
    call_command("make_site", verbosity=0)
    assert Site.objects.get().root_url == "https://kurs.example.org"


def test_a_site_is_refused_when_there_is_one(db, settings):
    make_site("kurs.example.org", 443)
    with pytest.raises(ValidationError) as refusal:
        make_site("kurs.example.org", 443)
    with pytest.raises(CommandError):
        call_command("make_site")
    assert refusal.value.messages == ["Nettstedet er laget fra før."]
    assert HomePage.objects.count() == 1
