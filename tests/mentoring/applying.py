"""What the tests of applications have in common."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from lms.accounts.models import Municipality
from lms.outbox.models import OutgoingMail
from mentoring.applications import apply
from mentoring.models import ApplicationEvent, LearningGroup, Round
from tests import people
from tests.groups_ground import small_package

FACTS = {"workplace": "Solbakken barnehage", "kind": "institution", "expected_size": 8, "phone": "", "wishes": ""}


def facts(**changed):
    """What a workplace tells, with `changed`."""
    return FACTS | {"municipality": Municipality.objects.get(pk="1103")} | changed


def many_applications(package, of, count):
    """`count` workplaces apply in this round, each with a contact person of its own."""
    made = []
    for number in range(count):
        contact = people.make_person(f"kontakt{of.pk}-{number}@example.org", f"Kari {number}")
        made.append(apply(contact, package, facts(workplace=f"Sted {number}"), of)[0])
    return made


def story(application):
    """The statuses and reasons that happened, in order."""
    return list(ApplicationEvent.objects.filter(application=application).values_list("status", "reason"))


def mails_to(person):
    """The keys of the mails, in order, without the person's id."""
    sent = OutgoingMail.objects.filter(to=person.email, key__contains="application").order_by("pk")
    return [mail.key.split(":", 1)[1] for mail in sent]


def refused(act, *args, **fields):
    with pytest.raises(ValidationError) as refusal:
        act(*args, **fields)
    return refusal.value.messages


def end(group):
    LearningGroup.objects.filter(pk=group.pk).update(status="completed", completed_at=timezone.now())


@pytest.fixture
def queued_mail(settings):
    """Mail becomes rows of the outbox, as in the product."""
    settings.EMAIL_BACKEND = "lms.outbox.backend.OutboxBackend"


@pytest.fixture
def package(course):
    package = small_package(course.page)
    package.is_open = True
    package.save()
    return package


@pytest.fixture
def autumn(package):
    return Round.objects.create(package=package, name="høsten 2026", places=2)


@pytest.fixture
def spring(package):
    return Round.objects.create(package=package, name="våren 2027", places=1, opens_on=datetime.date(2026, 1, 1))


@pytest.fixture
def application(package, learner):
    """The learner's, in no round."""
    return apply(learner, package, facts())[0]
