from django.http import HttpResponse
from django.utils.cache import add_never_cache_headers

from lms.home.page_cache import AnonymousPageCacheMiddleware
from mentoring import invitations
from modules.freshness import renew_content
from modules.models import CoursePage
from tests.groups_ground import small_group


def test_a_kept_page_is_the_page_as_it_was_made(client, course):
    made, kept = client.get("/kurs/"), client.get("/kurs/")

    assert kept.content == made.content
    for name in ("Content-Type", "Content-Language"):
        assert kept[name] == made[name]
    assert "Cookie" in kept["Vary"]


def test_a_kept_page_is_old_when_something_is_published(client, course):
    client.get("/kurs/")
    CoursePage.objects.update(title="Et nytt navn")
    renew_content()

    assert "Et nytt navn" in client.get("/kurs/").content.decode()


def test_whoever_is_signed_in_is_never_given_a_visitors_page(client, learner_client, course):
    client.get("/kurs/")

    assert "Logg ut" in learner_client.get("/kurs/").content.decode()
    assert "Logg ut" not in client.get("/kurs/").content.decode()


def test_a_secret_address_is_never_kept_in_any_language(client, course, mentor):
    asked = invitations.invite(small_group(course.page, mentor), "ny@example.org", by=mentor)
    addresses = [f"{prefix}/grupper/invitasjon/{asked.token}/" for prefix in ("", "/en")]
    assert [client.get(address).status_code for address in addresses] == [200, 200]

    invitations.withdraw(asked, mentor)

    assert [client.get(address).status_code for address in addresses] == [410, 410]


def test_a_page_that_nobody_may_store_is_made_anew(rf, db):
    made = []

    def page(_request):
        made.append(HttpResponse("<p>Hei</p>"))
        add_never_cache_headers(made[-1])
        return made[-1]

    keeper = AnonymousPageCacheMiddleware(page)

    assert [keeper(rf.get("/om/")) for _time in range(2)] == made
