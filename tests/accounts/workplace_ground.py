"""A person on the list of one workplace, who shared with it, was reminded, and leads another."""

from datetime import UTC, datetime

from lms.workplaces.models import (
    Consent,
    Employee,
    Leadership,
    RequiredCourse,
    Workplace,
    WorkplaceEvent,
    WorkplaceNotice,
)

AT = datetime(2026, 3, 3, 13, tzinfo=UTC)


def be_at_a_workplace(person, other, course) -> Employee:
    """`other` leads the workplace that `person` shares with; `person` leads one whose list has a stranger."""
    workplace = Workplace.objects.create(name="Solbakken barnehage", contact_email="post@solbakken.example.org")
    employee = _on_list(workplace, other, course, email="ingrid.jobb@example.org", name="Ingrid S.", person=person)
    Consent.objects.create(employee=employee, person=person, wording="2026-11", given_at=AT)
    WorkplaceNotice.objects.create(
        employee=employee, required=workplace.required_courses.get(), kind="week_before", occasion="2026-04-01"
    )
    # The person answers for this workplace too, and for whoever leads it.
    led = Workplace.objects.create(name="Bjørkelia avlastning", contact_email="ingrid@privat.example")
    _lead(led, person, other, confirm_email="sjef@example.org")
    _lead(led, other, person, confirm_email="Ingrid@privat.example")
    _on_list(led, person, course, email="kanarifugl@example.org", name="Kanarifugl")
    return employee


def _lead(workplace, person, given_by, confirm_email) -> Leadership:
    return Leadership.objects.create(
        workplace=workplace,
        person=person,
        given_by=given_by,
        confirm_email=confirm_email,
        asked_at=AT,
        confirmed_at=AT,
    )


def _on_list(workplace, leader, course, **fields) -> Employee:
    RequiredCourse.objects.create(
        workplace=workplace,
        course=course.page,
        course_key=course.page.translation_key,
        deadline_days=30,
        set_by=leader,
    )
    WorkplaceEvent.objects.create(workplace=workplace, kind="export", by=leader, detail="csv")
    return Employee.objects.create(workplace=workplace, added_by=leader, added_at=AT, invited_at=AT, **fields)
