"""A small package and groups that take it: two modules, two meetings, one note."""

from django.utils import timezone

from mentoring.groups import create_group
from mentoring.models import LearningGroup, Membership, Package, Step


def small_package(course, **settings) -> Package:
    """Module 1, a meeting, module 2, a meeting, a note; `course` is the page, or None for work on one's own."""
    package, new = Package.objects.get_or_create(name="Liten pakke", defaults={"course": course} | settings)
    if new:
        work = (
            {"kind": Step.Kind.MODULES, "module_count": 1}
            if course
            else {"kind": Step.Kind.WORK, "text": "Les heftet."}
        )
        meeting = {
            "kind": Step.Kind.MEETING,
            "minutes": 90,
            "agenda": "10 Velkommen\n80 Samtale",
            "topics": "Rollen min",
            "prompts": "Hva gikk bra?\nHva kan vi gjøre annerledes?",
            "guide": "La alle slippe til.",
        }
        steps = [work, meeting | {"title": "Første møte"}, work, meeting | {"title": "Andre møte"}]
        if package.notes == Package.Notes.FINAL:
            steps.append({"kind": Step.Kind.NOTE, "prompts": "Hva tar du med deg?"})
        for place, step in enumerate(steps):
            Step.objects.create(package=package, sort_order=place, **step)
    return package


def small_group(course, mentor, *members, name="Solbakken barnehage", started=True, **fields) -> LearningGroup:
    """A group with these members, started unless said otherwise; its two meetings have no time yet."""
    group = create_group(name=name, package=small_package(course), **fields)
    # Whoever a test wants, in the register or not.
    group.mentor = mentor
    if started:
        group.status, group.started_at = LearningGroup.Status.STARTED, timezone.now()
    group.save()
    for member in members:
        Membership.objects.create(group=group, member=member)
    return group
