import pytest

from tests import people
from tests.workplaces import ground


@pytest.fixture
def leader(db):
    return people.make_person("leder@example.org", "Eli Sandvik", sector="kindergarten")


@pytest.fixture
def place(course, leader, admin):
    """Solbakken, led by `leader`, with the small course on its list: thirty days."""
    workplace = ground.a_workplace()
    ground.a_leader(workplace, leader, admin)
    ground.ask_for_course(workplace, leader)
    return workplace


@pytest.fixture
def required(place):
    return place.required_courses.get()


@pytest.fixture
def employee(place, leader, learner):
    """The learner shares with Solbakken."""
    return ground.sharing_employee(place, leader, learner)


@pytest.fixture
def led(leader, signed_in):
    """The leader's client."""
    return signed_in(leader)
