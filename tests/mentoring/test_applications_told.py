"""Those who may answer hear of a new application: by mail, on my page and among the groups."""

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lms.outbox.models import OutgoingMail
from mentoring import application_mail
from mentoring.applications import apply, put_on_waiting_list, transfer
from mentoring.models import Application
from tests import people
from tests.mentoring.applying import *  # noqa: F403
from tests.mentoring.applying import facts, mails_to

pytestmark = pytest.mark.usefixtures("queued_mail")
WAITS = '<a href="/cms/applications/?status=applied">1 søknad venter på svar</a>'


def by_hand(person):
    """Gives the right to answer applications without any role."""
    person.user_permissions.add(Permission.objects.get(codename="decide_application"))


def test_an_application_is_told_to_those_who_may_answer_and_to_nobody_else(package, learner, admin, mentor, editor):
    second = people.make_person("noen@example.org", "Berit Lie")
    by_hand(second)
    root = people.make_person("rot@example.org", "Rot", is_superuser=True)
    people.make_person("borte@example.org", "Borte", role="Administrator", is_active=False)

    application, _new = apply(learner, package, facts())

    told = OutgoingMail.objects.filter(key__contains=":application-new:").order_by("pk")
    assert [(mail.to, mail.key) for mail in told] == [
        (person.email, f"{person.public_id}:application-new:{application.pk}") for person in (admin, second, root)
    ]


def test_the_mail_says_which_package_and_workplace_and_nothing_about_people(package, learner, admin, settings):
    application, _new = apply(learner, package, facts(wishes="Gjerne tirsdager.", phone="55 55 01 23"))

    mail = OutgoingMail.objects.get(to=admin.email)
    assert mail.subject == "Ny søknad om gruppe: Solbakken barnehage"
    assert "Solbakken barnehage har søkt om «Liten pakke»." in mail.message
    assert f"{settings.SITE_URL}/cms/applications/inspect/{application.pk}/" in mail.message
    for word in (learner.name, learner.email, "tirsdager", "55 55 01 23"):
        assert word not in mail.message


def test_an_application_is_told_once(package, learner, admin):
    application, _new = apply(learner, package, facts())
    apply(learner, package, facts())
    application_mail.tell_deciders(application)

    assert mails_to(admin) == [f"application-new:{application.pk}"]


def test_who_applies_and_may_answer_is_not_told_by_two_mails(package, admin):
    application, _new = apply(admin, package, facts())

    assert mails_to(admin) == [f"application-applied:{application.pk}"]


def test_no_more_people_than_a_centre_has_are_told(package, learner, monkeypatch):
    monkeypatch.setattr(application_mail, "MOST_TOLD", 2)
    for number in range(3):
        by_hand(people.make_person(f"noen{number}@example.org", f"Noen {number}"))

    apply(learner, package, facts())

    told = OutgoingMail.objects.filter(key__contains=":application-new:").order_by("pk")
    assert [mail.to for mail in told] == ["noen0@example.org", "noen1@example.org"]


def test_an_application_that_an_administrator_moved_is_not_told_as_new(package, learner, admin, autumn, spring):
    application, _new = apply(learner, package, facts(), autumn)
    application.status = "offered"
    application.save()

    transfer(application, admin, spring)

    assert mails_to(admin) == [f"application-new:{application.pk}"]


# --- on the pages of those who may answer


@pytest.mark.parametrize("path", ["/min-side/", "/grupper/"])
def test_who_may_answer_sees_that_an_application_waits(application, admin, signed_in, path):
    page = signed_in(admin).get(path).content.decode()

    assert WAITS in page
    assert "Du er ikke med i noen gruppe ennå." not in page

    put_on_waiting_list(application, admin)

    page = signed_in(admin).get(path).content.decode()
    assert (WAITS in page, "Du er ikke med i noen gruppe ennå." in page) == (False, path == "/grupper/")


@pytest.mark.parametrize("path", ["/min-side/", "/grupper/"])
def test_the_right_given_by_hand_and_a_superusers_count_alike(application, other_learner, signed_in, path):
    by_hand(other_learner)
    root = people.make_person("rot@example.org", "Rot", is_superuser=True)

    for person in (other_learner, root):
        assert WAITS in signed_in(person).get(path).content.decode()


@pytest.mark.parametrize("path", ["/min-side/", "/grupper/"])
def test_nobody_else_sees_it(application, learner, editor, mentor, signed_in, path):
    for person in (learner, editor, mentor):
        page = signed_in(person).get(path)
        assert (page.context["undecided"], "/cms/applications/" in page.content.decode()) == (0, False)


@pytest.mark.parametrize("count", [1, 3])
def test_three_applications_cost_my_page_no_more_than_one(
    package, learner, admin, signed_in, count, django_assert_max_num_queries
):
    for number in range(count):
        Application.objects.create(contact=learner, package=package, **facts(workplace=f"Sted {number}"))
    client = signed_in(admin)
    client.get("/min-side/")

    # The top of the page asks for an administrator's rights, which are two of these.
    with django_assert_max_num_queries(10):
        assert client.get("/min-side/").context["undecided"] == count


def test_a_learner_pays_nothing_for_applications_that_wait(application, other_learner, signed_in):
    client = signed_in(other_learner)
    client.get("/min-side/")

    with CaptureQueriesContext(connection) as captured:
        client.get("/min-side/")

    counted = [query for query in captured if "COUNT(*)" in query["sql"] and "mentoring_application" in query["sql"]]
    assert (counted, len(captured) <= 9) == ([], True)
