import dataclasses
import datetime

from django.utils import timezone

from mentoring.applications import offer, other_offer, put_on_waiting_list, refuse, settle_all, transfer, withdraw
from mentoring.models import LearningGroup, Round
from mentoring.rounds import (
    Figures,
    coming_round,
    figures_by_round,
    figures_of,
    free_places,
    next_in_line,
    open_rounds,
    waiting_list,
)
from tests.mentoring.applying import *  # noqa: F403
from tests.mentoring.applying import many_applications

NONE = Figures(**{field.name: 0 for field in dataclasses.fields(Figures)})


def made(package, name, **fields):
    return Round.objects.create(package=package, name=name, **({"places": 6} | fields))


def run_a_round(of, later, admin, *, other=0, refused=0, completed=0, transferred=0, withdrawn=0):
    """A round of which these many come of it; a place that is given back is offered anew."""
    coming = many_applications(of.package, of, other + refused + completed + transferred + withdrawn)

    def answer(count, act):
        for _number in range(count):
            act(coming.pop())

    def leave(one):
        offer(one, admin)
        withdraw(one, one.contact, "Sykdom.")

    def move(one):
        offer(one, admin)
        transfer(one, admin, later)

    answer(other, lambda one: other_offer(one, admin, "Vi kommer til dere."))
    answer(refused, lambda one: refuse(one, admin, "Utenfor målgruppen."))
    answer(withdrawn, leave)
    answer(transferred, move)
    answer(completed, lambda one: offer(one, admin))
    LearningGroup.objects.filter(pk__in=of.applications.values("group"), status="planned").update(
        status="completed", completed_at=timezone.now()
    )
    settle_all()


def test_the_family_stays_of_2024_add_up(package, admin):
    """domain.md 3.1: 18 places, 25 applied, 21 offers; 14 completed, 3 moved to later, 4 withdrew."""
    weeks = [made(package, f"uke {number}") for number in (11, 24, 37)]
    later = made(package, "2025")
    run_a_round(weeks[0], later, admin, completed=5, withdrawn=2, refused=1)
    run_a_round(weeks[1], later, admin, completed=5, transferred=1, withdrawn=1, other=2)
    run_a_round(weeks[2], later, admin, completed=4, transferred=2, withdrawn=1, other=1)

    figures = figures_of(*weeks)

    assert figures == dataclasses.replace(
        NONE, applied=25, offered=21, other=3, refused=1, completed=14, transferred=3, withdrawn=4, capacity=18
    )
    assert figures.applied == figures.offered + figures.other + figures.refused
    assert figures.offered == figures.completed + figures.transferred + figures.withdrawn
    assert (figures.gap, figures.use, figures.offered_again) == (0, 78, 3)
    assert (figures_of(later).applied, figures_of(later).open) == (3, 3)


def test_a_round_under_way_names_what_is_not_decided_apart(package, autumn, admin):
    offered, waits, early, _undecided = many_applications(package, autumn, 4)
    offer(offered, admin)
    put_on_waiting_list(waits, admin)
    withdraw(early, early.contact, "Vi ombestemte oss.")

    figures = figures_of(autumn)

    assert figures == dataclasses.replace(
        NONE, applied=4, offered=1, open=1, waiting=1, undecided=1, withdrew_early=1, capacity=2
    )
    assert (figures.gap, figures.use) == (3, 0)


def test_a_round_without_places_has_no_use(package):
    assert figures_of(made(package, "tom", places=0)).use is None


def test_figures_of_one_and_three_rounds_are_one_query(package, autumn, spring, admin, django_assert_num_queries):
    many_applications(package, autumn, 2)
    with django_assert_num_queries(1):
        assert figures_by_round([autumn])[autumn.pk].applied == 2
    third = made(package, "høsten 2027")
    with django_assert_num_queries(1):
        figures = figures_by_round([autumn, spring, third])
    assert [figures[one.pk].applied for one in (autumn, spring, third)] == [2, 0, 0]


def test_rounds_are_open_from_their_first_to_their_last_day(package):
    today = timezone.localdate()
    day = datetime.timedelta(days=1)
    always = made(package, "alltid")
    ends = made(package, "slutter i dag", opens_on=today - day, closes_on=today)
    begins = made(package, "begynner i dag", opens_on=today, closes_on=today + day)
    made(package, "over", closes_on=today - day)
    coming = made(package, "kommer", opens_on=today + day)

    assert open_rounds(package) == [ends, begins, always]
    assert coming_round(package) == coming


def test_the_waiting_list_goes_by_when_they_applied(package, autumn, admin):
    first, second, third = many_applications(package, autumn, 3)
    for one in (third, first, second):
        put_on_waiting_list(one, admin)

    assert list(waiting_list(package, autumn)) == [first, second, third]


def test_the_next_in_line_is_pointed_out_when_a_place_is_free(package, spring, admin):
    taken, first, second = many_applications(package, spring, 3)
    offer(taken, admin)
    for one in (second, first):
        put_on_waiting_list(one, admin)
    assert (next_in_line(), free_places(spring)) == ([], 0)

    withdraw(taken, taken.contact, "Sykdom.")

    assert (next_in_line(), free_places(spring)) == ([first], 1)
