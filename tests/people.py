"""The five people of the tests. Invented; roles are the groups that the migration of `lms.accounts` makes."""

from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

PASSWORD = "stille-lys-over-fjorden"
LEARNER = ("learner@example.org", "Ingrid Solheim")
OTHER_LEARNER = ("other@example.org", "Jonas Åsbø")
MENTOR = ("mentor@example.org", "Marit Fjellanger")
EDITOR = ("editor@example.org", "Eivind Kråkås")
ADMIN = ("admin@example.org", "Aud Nærland")


def make_learner():
    return make_person(*LEARNER, sector="kindergarten")


def make_other_learner():
    return make_person(*OTHER_LEARNER, sector="school_sfo")


def make_mentor():
    return make_person(*MENTOR, sector="specialist_health", role="Mentor")


def make_editor():
    return make_person(*EDITOR, sector="specialist_health", role="Redaktør", is_staff=True)


def make_admin():
    return make_person(*ADMIN, sector="specialist_health", role="Administrator", is_staff=True)


def make_person(email: str, name: str, role: str = "", **fields):
    """A user with a confirmed address, and with the role when one is named."""
    person = get_user_model().objects.create_user(email, PASSWORD, name=name, **fields)
    EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    if role:
        person.groups.add(Group.objects.get(name=role))
    return person
