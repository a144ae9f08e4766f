"""Taking an application back, moving it to a later round, and coming to its end (R070, R072)."""

import pytest
from django.utils import timezone

from mentoring.applications import apply, complete_group, offer, settle, settle_all, transfer, withdraw
from mentoring.models import LearningGroup
from tests.mentoring.applying import *  # noqa: F403
from tests.mentoring.applying import end, facts, mails_to, many_applications, refused, story

pytestmark = pytest.mark.usefixtures("package", "queued_mail")


def test_withdrawing_an_offer_calls_the_planned_group_off(application, admin, learner):
    group = offer(application, admin).group

    withdraw(application, learner, "Vi får det ikke til i vår.")

    group.refresh_from_db()
    application.refresh_from_db()
    assert (application.status, application.group, group.status) == ("withdrawn", group, "cancelled")


def test_withdrawing_refuses_when_the_group_has_begun(application, admin, learner, mentor):
    group = offer(application, admin, mentor=mentor).group
    LearningGroup.objects.update(status="started", started_at=timezone.now())

    assert refused(withdraw, application, learner, "Nei.") == [
        "Gruppen er i gang, så søknaden kan ikke trekkes. Ta kontakt med senteret."
    ]
    group.refresh_from_db()
    assert group.status == "started"


def test_withdrawing_goes_when_administrators_have_called_the_group_off(application, admin, learner):
    offer(application, admin)
    LearningGroup.objects.update(status="cancelled", cancelled_at=timezone.now())

    assert withdraw(application, admin, "For få meldte seg.").status == "withdrawn"


def test_an_offer_moves_to_a_later_round_with_its_group(autumn, spring, package, learner, admin):
    application, _new = apply(learner, package, facts(), autumn)
    group = offer(application, admin).group

    later = transfer(application, admin, spring, "Etter ønske.")

    application.refresh_from_db()
    assert (application.status, application.group, application.round) == ("transferred", None, autumn)
    assert (later.status, later.group, later.round, later.workplace) == (
        *("offered", group, spring),
        "Solbakken barnehage",
    )
    assert story(application)[2:] == [("transferred", "Flyttet til våren 2027. Etter ønske.")]
    assert [status for status, _reason in story(later)] == ["applied", "offered"]
    assert mails_to(learner)[2:] == [f"application-offered:{later.pk}"]


def test_an_offer_moved_to_a_full_round_waits_there(autumn, spring, package, admin):
    (taken,) = many_applications(package, spring, 1)
    offer(taken, admin)
    (moved,) = many_applications(package, autumn, 1)
    group = offer(moved, admin).group

    later = transfer(moved, admin, spring)

    group.refresh_from_db()
    assert (later.status, later.group, group.status) == ("waiting", None, "cancelled")


@pytest.mark.parametrize("where", ["same", "another package"])
def test_moving_refuses_when_the_round_cannot_be_right(autumn, spring, package, learner, admin, where):
    application, _new = apply(learner, package, facts(), autumn)
    offer(application, admin)
    if where == "another package":
        spring.package = type(package).objects.create(name="En annen pakke")
        spring.save()

    target = autumn if where == "same" else spring
    assert refused(transfer, application, admin, target) == ["Velg en annen runde av den samme pakken."]


def test_moving_refuses_when_the_group_has_begun(autumn, spring, package, learner, admin, mentor):
    application, _new = apply(learner, package, facts(), autumn)
    offer(application, admin, mentor=mentor)
    LearningGroup.objects.update(status="started", started_at=timezone.now())

    assert refused(transfer, application, admin, spring) == ["Bare en gruppe som ikke har startet, kan flyttes."]


# --- the end


def test_an_application_is_completed_with_its_group(application, admin, learner):
    end(offer(application, admin).group)

    assert settle_all() == 1
    assert settle_all() == 0
    assert story(application)[2:] == [("completed", "")]
    assert len(mails_to(learner)) == 2


def test_an_application_is_completed_in_the_moment_its_group_is(application, admin, mentor):
    group = offer(application, admin, mentor=mentor).group
    group.meetings.update(status="cancelled")
    LearningGroup.objects.filter(pk=group.pk).update(status="started", started_at=timezone.now())

    complete_group(group, admin)

    application.refresh_from_db()
    assert (application.status, application.group.status) == ("completed", "completed")


def test_an_application_is_not_completed_while_its_group_is_under_way(application, admin):
    offer(application, admin)

    assert not settle(application)
    assert settle_all() == 0
