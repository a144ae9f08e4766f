"""A workplace with a confirmed leader, the small course on its list, and employees who answered this or that."""

from datetime import datetime, time, timedelta

from django.urls import reverse
from django.utils import timezone

from lms.workplaces import inviting, sharing
from lms.workplaces.leading import confirm, give_leadership
from lms.workplaces.models import Employee, Leadership, RequiredCourse, Workplace
from lms.workplaces.requiring import Deadline, require_course
from mentoring.rosters import read_text
from modules.enrolment import current_attempt, enrol
from modules.models import Attempt
from modules.outline import course_outline
from modules.progress import settle
from tests.small_course import COURSE_KEY


def a_workplace(name="Solbakken barnehage", **fields) -> Workplace:
    return Workplace.objects.create(**{"name": name, "contact_email": "post@solbakken.example.org"} | fields)


def a_leader(workplace, person, admin, *, confirmed=True) -> Leadership:
    leadership = give_leadership(workplace, person, workplace.contact_email, by=admin)
    if confirmed:
        confirm(leadership)
    return leadership


def ask_for_course(workplace, by, days=30, on=None) -> RequiredCourse:
    return require_course(workplace, COURSE_KEY, Deadline(None if on else days, on), by)


def invite(workplace, by, text="kari@example.org, Kari Ås") -> Employee:
    """The employee of the last line."""
    inviting.invite_all(read_text(text), workplace, by)
    return Employee.objects.filter(workplace=workplace).latest("pk")


def sharing_employee(workplace, by, person) -> Employee:
    """`person` is invited by their own address and shares."""
    employee = invite(workplace, by, f"{person.email}, {person.name}")
    sharing.share(employee, person)
    employee.refresh_from_db()
    return employee


def begin(person, course, lessons=1) -> Attempt:
    """Enrols and finishes so many of the four lessons."""
    outline = course_outline(COURSE_KEY, "nb")
    enrol(person, outline)
    attempt = current_attempt(person, COURSE_KEY)
    for lesson in course.lessons[:lessons]:
        attempt.lessons.create(lesson=lesson, lesson_key=lesson.translation_key)
    if lessons:
        Attempt.objects.filter(pk=attempt.pk).update(began_at=timezone.now())
    for item in outline.lessons[:lessons]:
        for check in item.checks:
            attempt.answers.create(check_id=check.id, lesson_key=item.key, answer=[], is_right=False)
    attempt.refresh_from_db()
    settle(attempt, outline)
    return current_attempt(person, COURSE_KEY)


def added_days_ago(employee, days) -> None:
    """Sets back when the employee came to the list, and when the course did: at noon, whatever clocks did since."""
    then = timezone.make_aware(datetime.combine(timezone.localdate() - timedelta(days=days), time(12)))
    Employee.objects.filter(pk=employee.pk).update(added_at=then, invited_at=then)
    RequiredCourse.objects.filter(workplace=employee.workplace).update(set_at=then)


def page(client, name, *args) -> str:
    """The page of this name, which must be there."""
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200
    return answer.content.decode()
