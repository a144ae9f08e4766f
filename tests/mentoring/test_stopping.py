import pytest
from django.test import Client
from django.utils import timezone

from mentoring.models import DigestStop
from mentoring.stopping import digest_path, reminders_path
from tests.groups_ground import small_group


@pytest.fixture
def membership(course, mentor, learner):
    return small_group(course.page, mentor, learner).memberships.get()


def is_stopped(membership):
    membership.refresh_from_db()
    return membership.reminders_stopped_at is not None


def test_opening_the_link_stops_nothing(membership, client):
    answer = client.get(reminders_path(membership))

    assert answer.status_code == 200
    assert "Vil du slippe det?" in answer.content.decode()
    assert not is_stopped(membership)


def test_reminders_are_stopped_and_started_without_signing_in(membership, client):
    path = reminders_path(membership)

    assert client.post(path, {"stop": "1"}).url == path
    assert is_stopped(membership)
    assert "Du får ikke flere påminnelser" in client.get(path).content.decode()
    client.post(path, {"start": "1"})
    assert not is_stopped(membership)


def test_the_button_of_a_mail_program_needs_no_form_of_ours(membership):
    strict = Client(enforce_csrf_checks=True)

    answer = strict.post(reminders_path(membership), {"List-Unsubscribe": "One-Click"})
    again = strict.post(reminders_path(membership), {"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, again.status_code) == (200, 200)
    assert is_stopped(membership)


def test_a_mentor_stops_the_weekly_mail_and_starts_it_again(mentor, client):
    path = digest_path(mentor)
    client.post(path, {"stop": "1"})
    client.post(path, {"stop": "1"})
    assert DigestStop.objects.get().person == mentor

    client.post(path, {"start": "1"})
    assert not DigestStop.objects.exists()


def test_the_link_refuses_when_it_is_not_ours(membership, client):
    path = reminders_path(membership)
    changed = path[:-3] + ("AA/" if not path.endswith("AA/") else "BB/")

    for address in (changed, "/grupper/stopp/tull/"):
        assert client.get(address).status_code == 404
        assert client.post(address).status_code == 404


def test_the_link_is_dead_when_the_member_has_left(membership, client):
    path = reminders_path(membership)
    membership.left_at = timezone.now()
    membership.save()

    assert client.get(path).status_code == 404
    assert client.post(path).status_code == 404


def test_the_link_is_dead_when_the_account_is_shut(membership, mentor, client):
    paths = [reminders_path(membership), digest_path(mentor)]
    type(mentor).objects.update(is_active=False)

    assert [client.get(path).status_code for path in paths] == [404, 404]


def test_a_page_behind_a_signed_address_is_kept_and_indexed_by_nobody(membership, client):
    path = reminders_path(membership)

    for answer in (client.get(path), client.post(path, {"stop": "1"})):
        assert ("no-store" in answer["Cache-Control"], answer["X-Robots-Tag"]) == (True, "noindex")
