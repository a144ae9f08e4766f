"""The people one can sign in as in the demo. All of them are invented."""

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

from lms.accounts.models import Municipality, User
from lms.accounts.roles import ADMINISTRATOR, EDITOR, MENTOR, follow_groups

# address, name, sector, profession, municipality, role
PEOPLE = [
    ("learner@example.org", "Maja Solvang", "kindergarten", "assistant", "1103", None),
    ("mentor@example.org", "Henrik Aasland", "specialist_health", "nurse", "4601", MENTOR),
    ("member@example.org", "Sindre Moldskred", "health_and_care", "care_worker", "1103", None),
    ("leader@example.org", "Eli Sandvik", "kindergarten", "leader", "1103", None),
    ("editor@example.org", "Ingvild Rognli", "education_research", "special_needs_teacher", "0301", EDITOR),
    ("admin@example.org", "Tone Bergersen", "specialist_health", "leader", "0301", ADMINISTRATOR),
]


def demo_people() -> list[User]:
    """Makes the people who are missing, with `settings.DEMO_PASSWORD`; whoever is there is left alone.

    Returns the new ones. Raises ImproperlyConfigured outside the demo: a known password must never reach production.
    """
    if not settings.DEMO:
        raise ImproperlyConfigured("Demo people are made only when DEMO=1.")
    missing = [person for person in PEOPLE if not EmailAddress.objects.filter(email=person[0]).exists()]
    return [_make(*person) for person in missing]


@transaction.atomic
def _make(email: str, name: str, sector: str, profession: str, municipality: str, role: str | None) -> User:
    user = User.objects.create_user(
        email,
        settings.DEMO_PASSWORD,
        name=name,
        sector=sector,
        profession=profession,
        municipality=Municipality.objects.get(pk=municipality),
    )
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    if role:
        user.groups.add(Group.objects.get(name=role))
        follow_groups(user)
    return user
