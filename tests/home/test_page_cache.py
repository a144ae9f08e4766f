from modules.freshness import renew_content
from modules.models import CoursePage


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
