"""The log of a group: who was told what, about which meeting. And rows that are valid HTML however they are laid out."""

import re
from datetime import date, datetime, time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mentoring.models import Notice
from mentoring.polls import open_poll
from mentoring.reminders import remind
from mentoring.scheduling import Slot, plan_series
from tests.groups_ground import small_group
from tests.mentoring.meeting_ground import OSLO
from tests.mentoring.planning.ground import HOW

pytestmark = pytest.mark.usefixtures("outbox")


@pytest.fixture
def group(course, mentor, learner):
    group = small_group(course.page, mentor, learner)
    plan_series(group, {1: Slot(date(2026, 3, 10), time(14)), 2: Slot(date(2026, 4, 7), time(14))}, mentor, **HOW)
    return group


def rows_of(client, group) -> list[str]:
    page = client.get(f"/grupper/{group.pk}/logg/").content.decode()
    told = page.split('id="varslet"')[1].split('id="hendt"')[0]
    rows = re.findall(r"<li>(.*?)</li>", told, re.DOTALL)
    return [" | ".join(part.strip() for part in re.findall(r"<p[^>]*>(.*?)</p>", row)) for row in rows]


def test_the_log_says_which_meeting_each_mail_was_about(group, mentor, mentor_client, clock):
    poll = open_poll(group.meetings.get(number=2), [Slot(date(2026, 4, day), time(14)) for day in (8, 9)], mentor)
    clock.move_to(datetime(2026, 3, 9, 12, tzinfo=OSLO))
    remind(group.meetings.get(number=1).pk, datetime(2026, 3, 9, 12, tzinfo=OSLO))
    member = group.memberships.get()
    Notice.objects.create(membership=member, kind="letter", occasion=str(poll.pk))

    assert rows_of(mentor_client, group) == [
        "9. mars 2026 kl. 12.00 | Brev fra mentoren | Til Ingrid Solheim",
        "9. mars 2026 kl. 12.00 | Påminnelse dagen før, møte 1 | Til Ingrid Solheim",
        "2. mars 2026 kl. 10.00 | Spørsmål om tidspunkt, møte 2 | Til Ingrid Solheim",
        "2. mars 2026 kl. 10.00 | Møteinnkalling, møte 2 | Til Ingrid Solheim",
        "2. mars 2026 kl. 10.00 | Møteinnkalling, møte 1 | Til Ingrid Solheim",
    ]


def test_the_log_asks_as_often_for_many_lines_as_for_few(group, mentor_client):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            mentor_client.get(f"/grupper/{group.pk}/logg/")
        return len(queries)

    cost()
    few = cost()
    for number in range(20):
        uid = group.meetings.get(number=1).uid.hex
        Notice.objects.create(membership=group.memberships.get(), kind="changed", occasion=f"{uid}:{number + 1}")
    assert cost() == few


def test_rows_that_become_cards_are_tables_by_role_and_no_element_has_a_role_it_may_not_have(group, mentor_client):
    page = mentor_client.get(f"/grupper/{group.pk}/").content.decode()

    roles = re.findall(r'<(\w+)[^>]* role="(table|rowgroup|row|columnheader|rowheader|cell)"', page)
    assert {tag for tag, _role in roles} == {"div"}
    heads, cells = ([role for _tag, role in roles].count(one) for one in ("columnheader", "cell"))
    assert (heads, cells, [role for _tag, role in roles].count("row")) == (6, 5, 2)


def test_a_form_of_attendance_holds_a_named_group_and_is_none_itself(group, mentor_client, clock):
    clock.move_to(datetime(2026, 3, 10, 15, tzinfo=OSLO))
    member = group.memberships.get()
    page = mentor_client.get(f"/grupper/{group.pk}/moter/1/").content.decode()

    assert not re.search(r"<form[^>]* role=", page)
    assert f'role="group" aria-labelledby="navn-{member.pk}"' in page
