"""The demo's workplace: there once, with somebody in each state that a leader can meet."""

from lms.accounts.demo import demo_people
from lms.home.demo_workplaces import make_workplace
from lms.workplaces.access import led_workplaces
from lms.workplaces.following import employees_of, figures_of, standings_of
from lms.workplaces.models import Consent, Employee, Workplace
from lms.workplaces.organisation_numbers import clean_organisation_number
from lms.workplaces.requiring import required_courses
from tests.people import make_person


def test_the_demo_has_one_workplace_with_a_leader_and_its_list(course):
    people = {person.email.split("@")[0]: person for person in demo_people()}
    # The small course has too few modules for the demo's groups; two of their people are enough here.
    people |= {"berit.holmen": make_person("berit@example.org", "Berit Holmen"), "olav.sorbo": people["mentor"]}

    for _time in range(2):
        make_workplace(people)

    workplace = Workplace.objects.get()
    assert [led.name for led in led_workplaces(people["leader"])] == ["Solbakken barnehage"]
    assert clean_organisation_number(workplace.organisation_number) == "123456785"
    figures = figures_of(standings_of(list(employees_of(workplace)), required_courses(workplace)))
    assert (figures.not_answered, figures.not_shared, figures.not_begun, figures.overdue) == (4, 1, 2, 1)
    assert Employee.objects.count() == 7
    assert Consent.objects.filter(person=people["member"]).count() == 1


def test_without_a_course_there_is_no_workplace(db):
    make_workplace({person.email.split("@")[0]: person for person in demo_people()})

    assert Workplace.objects.count() == 0
