"""The people of the demo, and that they stay there."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse

from lms.accounts.demo import PEOPLE, demo_people
from lms.accounts.models import User
from lms.start import DEMO_PEOPLE


def test_six_people_can_sign_in(db, settings, client):
    people = demo_people()

    assert [(person.email, [group.name for group in person.groups.all()], person.is_staff) for person in people] == [
        ("learner@example.org", [], False),
        ("mentor@example.org", ["Mentor"], False),
        ("member@example.org", [], False),
        ("leader@example.org", [], False),
        ("editor@example.org", ["Redaktør"], True),
        ("admin@example.org", ["Administrator"], True),
    ]
    for person in people:
        browser = type(client)()
        browser.post(reverse("account_login"), {"login": person.email, "password": settings.DEMO_PASSWORD})
        assert browser.session["_auth_user_id"] == str(person.pk)


def test_the_greeting_names_everybody_who_can_sign_in():
    assert [f"{name}@example.org" for name in DEMO_PEOPLE] == [address for address, *_rest in PEOPLE]


def test_a_second_time_makes_nobody_and_changes_nobody(db):
    demo_people()
    User.objects.filter(email="learner@example.org").update(name="Nytt navn")

    assert demo_people() == []
    assert User.objects.count() == 6
    assert User.objects.get(email="learner@example.org").name == "Nytt navn"


def test_demo_people_refuses_when_it_is_not_the_demo(db, settings):
    settings.DEMO = False

    with pytest.raises(ImproperlyConfigured):
        demo_people()

    assert User.objects.count() == 0
