"""A group that people come to and go from, with its contact person."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from tests.groups_ground import small_group
from tests.people import make_person


@pytest.fixture
def contact(db):
    return make_person("kontakt@example.org", "Karin Kontakt")


@pytest.fixture
def group(course, mentor, contact):
    return small_group(course.page, mentor, started=False, contact=contact, workplace="Solbakken")


def hold_the_first_meeting(group):
    group.meetings.filter(number=1).update(status="held", held_at=timezone.now())


def kinds(group) -> list[str]:
    return list(group.events.exclude(kind="created").values_list("kind", flat=True))


def refused(work, *given, **named) -> str:
    with pytest.raises(ValidationError) as refusal:
        work(*given, **named)
    return refusal.value.messages[0]
