"""A group of two on a morning in March; time stands still."""

from datetime import date, time

import pytest
import time_machine

from mentoring.scheduling import Slot, plan_series
from tests.groups_ground import small_group
from tests.mentoring.planning.ground import HOW, NOW


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def group(course, mentor, learner, other_learner):
    return small_group(course.page, mentor, learner, other_learner)


@pytest.fixture
def planned(group, mentor):
    plan_series(group, {1: Slot(date(2026, 3, 10), time(14)), 2: Slot(date(2026, 4, 7), time(14))}, mentor, **HOW)
    return group


@pytest.fixture
def mentor_client(mentor, signed_in):
    return signed_in(mentor)
