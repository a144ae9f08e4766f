"""Many at the same moment: one application, and never more offers than places (D16, R073)."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ValidationError
from django.db import connections

from mentoring.applications import apply, offer
from mentoring.models import Application, LearningGroup
from tests.mentoring.applying import *  # noqa: F403
from tests.mentoring.applying import facts, many_applications

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts):
    """What each of `acts` returned, begun together in a thread each; an exception is returned too."""
    together = threading.Barrier(len(acts))

    def run(act):
        together.wait(30)
        try:
            return act()
        except Exception as error:  # noqa: BLE001 - looked at by the test
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


def test_applying_fifty_times_at_once_is_one_application(package, learner, mailoutbox):
    told = facts()

    answers = at_once(*[lambda: apply(learner, package, told)] * 50)

    application = Application.objects.get()
    assert {answer[0] for answer in answers} == {application}
    assert [answer[1] for answer in answers].count(True) == 1
    assert (application.events.count(), len(mailoutbox)) == (1, 1)


def test_two_administrators_give_the_last_place_once(package, spring, admin, editor):
    first, second = many_applications(package, spring, 2)

    answers = at_once(lambda: offer(first, admin), lambda: offer(second, editor))

    refusals = [answer for answer in answers if isinstance(answer, ValidationError)]
    assert [refusal.messages for refusal in refusals] == [
        ["Alle 1 plassene i runden våren 2027 er gitt bort. Sett søknaden på venteliste."]
    ]
    assert Application.objects.filter(status="offered").count() == LearningGroup.objects.count() == 1


def test_two_administrators_answer_the_same_application_once(package, spring, admin, editor):
    (only,) = many_applications(package, spring, 1)

    answers = at_once(lambda: offer(only, admin), lambda: offer(only, editor))

    refusals = [answer for answer in answers if isinstance(answer, ValidationError)]
    assert [refusal.messages for refusal in refusals] == [["Søknaden er allerede «fått plass»."]]
    assert LearningGroup.objects.count() == 1
