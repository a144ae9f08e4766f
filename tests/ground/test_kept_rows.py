"""A test that really commits leaves the next one what migrations made."""

import pytest
from django.contrib.contenttypes.models import ContentType
from wagtail.models import Locale, Page, Site


@pytest.mark.django_db(transaction=True)
def test_what_migrations_made_is_there_after_real_transactions(course):
    """Runs with `course` committed; the two below must not see it."""
    assert Page.objects.filter(pk=course.page.pk).exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", [1, 2])
def test_root_page_locale_and_types_are_there_again(time):
    assert Page.objects.filter(slug="lite-kurs").count() == 0
    assert [locale.language_code for locale in Locale.objects.all()] == ["nb"]
    assert Page.objects.filter(depth=1).count() == Site.objects.count() == 1
    assert ContentType.objects.filter(app_label="modules", model="coursepage").count() == 1
    Page.objects.filter(depth=2).delete()
