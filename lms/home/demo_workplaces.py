"""The demo's workplace: a kindergarten that asks new employees to take the course. Everybody is invented.

Straight into the database, not by the rules that send mail.
"""

import datetime

from django.db import transaction
from django.utils import timezone

from lms.accounts.models import Municipality, User
from lms.workplaces.models import Consent, Employee, Leadership, RequiredCourse, Workplace, WorkplaceEvent
from lms.workplaces.sharing import WORDING
from modules.models import CoursePage

NAME = "Solbakken barnehage"
# Account or None, name and address as the leader wrote them, whether they share, days since they came.
EMPLOYEES = [
    ("amina.yusuf", "Amina Yusuf", True, 12),
    ("berit.holmen", "Berit Holmen", True, 40),
    ("jonas.vikoren", "Jonas Vikøren", True, 25),
    ("member", "Sindre Moldskred", True, 27),
    ("ragnhild.tveito", "Ragnhild Tveito", True, 40),
    ("olav.sorbo", "Olav Sørbø", False, 12),
    (None, "Thea Brekke", None, 3),
]


@transaction.atomic
def make_workplace(people: dict[str, User]) -> None:
    """A workplace with a leader and its list; `people` are those there are, by the first part of the address. Once."""
    course = CoursePage.objects.first()
    if Workplace.objects.exists() or course is None or "leader" not in people:
        return
    workplace = Workplace.objects.create(
        name=NAME,
        # Its digits agree; no such organisation is meant.
        organisation_number="123456785",
        municipality=Municipality.objects.filter(pk="1103").first(),
        sector=User.Sector.KINDERGARTEN,
        contact_email="post@solbakken.example.org",
    )
    leader, long_ago = people["leader"], timezone.now() - datetime.timedelta(days=45)
    Leadership.objects.create(
        workplace=workplace,
        person=leader,
        given_by=people["admin"],
        confirm_email=workplace.contact_email,
        asked_at=long_ago,
        confirmed_at=long_ago,
    )
    required = RequiredCourse.objects.create(
        workplace=workplace, course=course, course_key=course.translation_key, deadline_days=30, set_by=leader
    )
    RequiredCourse.objects.filter(pk=required.pk).update(set_at=long_ago)
    Kind = WorkplaceEvent.Kind
    for kind, by in ((Kind.LEADER_GIVEN, people["admin"]), (Kind.LEADER_CONFIRMED, None), (Kind.COURSE_SET, leader)):
        WorkplaceEvent.objects.create(workplace=workplace, kind=kind, by=by)
    for account, name, shares, days in EMPLOYEES:
        _add(workplace, leader, people.get(account or ""), name, shares, days)


def _add(workplace: Workplace, leader: User, person: User | None, name: str, shares: bool | None, days: int) -> None:
    came = timezone.now() - datetime.timedelta(days=days)
    address = f"{name.split(maxsplit=1)[0].lower()}@solbakken.example.org".translate(str.maketrans("æøå", "aoa"))
    employee = Employee.objects.create(
        workplace=workplace,
        email=address,
        name=name,
        added_by=leader,
        added_at=came,
        invited_at=came,
        person=person,
        declined_at=came if person and not shares else None,
    )
    if person and shares:
        Consent.objects.create(employee=employee, person=person, wording=WORDING, given_at=came)
