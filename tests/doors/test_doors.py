import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group, Permission
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from lms.accounts.roles import follow_groups
from lms.doors import SecondFactorMiddleware
from lms.home import health


def policy(answer):
    parts = (part.strip().partition(" ") for part in answer["Content-Security-Policy"].split(";"))
    return {name: value for name, _space, value in parts}


@pytest.mark.parametrize("address", ["/", "/kurs/", "/konto/login/", "/kursbevis/", "/finnes-ikke/"])
def test_pages_of_ours_allow_nothing_inline(client, course, address):
    rules = policy(client.get(address))

    assert rules["default-src"] == "'self'"
    assert "script-src" not in rules
    assert "style-src" not in rules
    assert (rules["object-src"], rules["base-uri"], rules["frame-ancestors"]) == ("'none'", "'none'", "'self'")


def test_the_cms_has_a_policy_of_its_own(editor, signed_in, course):
    rules = policy(signed_in(editor).get("/cms/"))

    assert rules["script-src"] == "'self' 'unsafe-inline'"
    assert rules["object-src"] == "'none'"


def test_what_is_made_for_one_person_is_never_kept(learner_client, course):
    for address in ("/", "/kurs/lite-kurs/", "/min-side/", "/notatbok/"):
        assert "no-store" in learner_client.get(address)["Cache-Control"]


def test_every_answer_says_what_it_is_and_how_it_may_be_used(client, course):
    answer = client.get("/")

    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["X-Frame-Options"] == "SAMEORIGIN"


def test_a_kept_page_has_the_headers_of_a_fresh_one(client, course):
    fresh, kept = (client.get("/kurs/") for _time in range(2))

    names = ("X-Frame-Options", "X-Content-Type-Options", "Referrer-Policy", "Content-Security-Policy", "Vary")
    assert fresh["X-Frame-Options"] == "SAMEORIGIN"
    assert {name: kept[name] for name in names} == {name: fresh[name] for name in names}


def test_a_visitor_gets_no_cookie_for_reading(client, course):
    for address in ("/", "/kurs/", "/kurs/lite-kurs/"):
        assert client.get(address).cookies.keys() <= set()


def test_staff_outside_the_demo_set_up_a_second_factor_first(editor, signed_in, course, settings):
    settings.DEMO = False

    answer = signed_in(editor).get("/cms/")

    assert (answer.status_code, answer.url) == (302, "/konto/2fa/")


def test_staff_with_a_second_factor_come_in(editor, signed_in, course, settings):
    settings.DEMO = False
    Authenticator.objects.create(user=editor, type=Authenticator.Type.TOTP, data={"secret": "x"})

    assert signed_in(editor).get("/cms/").status_code == 200


def test_a_passkey_is_a_second_factor(mentor, signed_in, course, settings):
    settings.DEMO = False
    follow_groups(mentor)
    Authenticator.objects.create(user=mentor, type=Authenticator.Type.WEBAUTHN, data={})

    assert signed_in(mentor).get("/min-side/").status_code == 200


def test_any_role_with_permissions_needs_a_second_factor(learner, signed_in, course, settings):
    settings.DEMO = False
    role = Group.objects.create(name="Statistikk")
    learner.groups.add(role)
    desk = signed_in(learner)
    assert desk.get("/min-side/").status_code == 200

    role.permissions.set(Permission.objects.filter(codename__in=["access_admin", "view_exact_numbers"]))

    answers = [desk.get(address) for address in ("/cms/", "/rapporter/", "/en/rapporter/")]
    assert [(answer.status_code, answer.url) for answer in answers] == [
        (302, "/konto/2fa/"),
        (302, "/konto/2fa/"),
        (302, "/en/konto/2fa/"),
    ]


@pytest.mark.parametrize("address", ["/min-side/", "/grupper/", "/en/min-side/"])
def test_mentors_are_told_kindly_to_set_up_a_second_factor(mentor, signed_in, course, settings, address):
    settings.DEMO = False
    follow_groups(mentor)

    answer = signed_in(mentor).get(address, follow=True)

    assert answer.redirect_chain[0][0].endswith("/konto/2fa/")
    assert answer.status_code == 200
    assert "Du som er mentor, kan lese det andre skriver." in answer.content.decode()


def test_the_sentence_stands_there_once_whatever_the_page_fetches(mentor, signed_in, course, settings):
    settings.DEMO = False
    follow_groups(mentor)
    client = signed_in(mentor)
    client.get("/min-side/")

    assert client.get("/farge-1e5b57.css").status_code == 200
    assert client.get("/konto/2fa/").content.decode().count("Du som er mentor, kan lese") == 1


def test_the_second_factor_costs_learners_no_query(learner, client, rf, settings, django_assert_num_queries):
    settings.DEMO = False
    request = rf.get("/min-side/")
    request.user = learner

    with django_assert_num_queries(0):
        assert SecondFactorMiddleware(lambda _request: "in")(request) == "in"


def test_learners_need_no_second_factor(learner_client, course, settings):
    settings.DEMO = False

    assert learner_client.get("/min-side/").status_code == 200


@pytest.mark.parametrize("way", ["/cms/login/", "/_util/login/"])
def test_wagtails_own_sign_in_pages_lead_to_ours(client, db, way):
    answer = client.post(f"{way}?next=/cms/", {"username": "a", "password": "b"})

    assert answer.url == "/konto/login/?next=/cms/"


@pytest.mark.parametrize("path", ["../settings.py", "..%2fdb.sqlite3", "documents/hemmelig.pdf", "finnes-ikke.png"])
def test_stored_files_are_refused_when_they_are_not_pictures_there(client, db, path):
    assert client.get(f"/files/{path}").status_code == 404


def test_a_stored_drawing_cannot_run_anything(client, db):
    name = default_storage.save("original_images/prove.svg", ContentFile(b"<svg xmlns='http://www.w3.org/2000/svg'/>"))
    try:
        answer = client.get(f"/files/{name}")
        assert answer.status_code == 200
        assert answer["Content-Type"] == "image/svg+xml"
        assert policy(answer)["default-src"] == "'none'"
        assert "sandbox" in answer["Content-Security-Policy"]
    finally:
        default_storage.delete(name)


def test_a_page_that_is_not_there_says_so_in_our_words(client, course):
    answer = client.get("/finnes-ikke/")

    assert answer.status_code == 404
    assert "Refleks" in answer.content.decode()


def test_alive_and_ready_answer(client, db):
    assert client.get("/healthz").content == b"ok"
    assert client.get("/readyz").json() == {"database": True, "queue": True, "storage": True}


def test_ready_says_which_part_does_not_answer(client, db, monkeypatch):
    def fail():
        raise OSError

    monkeypatch.setattr("lms.home.health._storage", fail)
    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()["storage"]) == (503, False)


@pytest.fixture
def look_anew(monkeypatch):
    monkeypatch.setattr(health, "_looked", {})


def test_ready_writes_a_file_and_leaves_none(client, db, settings, tmp_path, look_anew):
    settings.MEDIA_ROOT = tmp_path / "files"

    assert client.get("/readyz").json()["storage"] is True
    assert list(settings.MEDIA_ROOT.iterdir()) == []


def test_a_storage_that_cannot_be_written_to_is_not_ready(client, db, settings, tmp_path, look_anew):
    (tmp_path / "files").write_text("not a folder")
    settings.MEDIA_ROOT = tmp_path / "files"

    found = [client.get("/readyz").json()["storage"] for _time in range(2)]

    assert found == [False, False]


def test_ready_writes_now_and_then_only(client, db, monkeypatch, look_anew):
    saved = []
    monkeypatch.setattr(health.default_storage, "save", lambda name, content: saved.append(name) or name)

    answers = [client.get("/readyz").json()["storage"] for _time in range(3)]

    assert (answers, saved) == ([True] * 3, ["readyz"])


def test_the_demo_mailbox_is_there_in_the_demo_only(client, course, settings):
    assert client.get("/demo/post/").status_code == 200
    settings.DEMO = False
    assert client.get("/demo/post/").status_code == 404
