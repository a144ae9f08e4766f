import pytest
from django.urls import reverse

from certificates.issuing import erase_certificates, replace_certificate, revoke_certificate
from certificates.models import Certificate
from mentoring.models import LearningGroup, Package
from tests.groups_ground import small_group

LIST = "/cms/certificates/"
ISSUE = "/cms/certificates/issue/"
ISSUE_PACKAGE = "/cms/certificates/issue-package/"


@pytest.fixture
def admin_client(admin, signed_in):
    return signed_in(admin)


def address(name, certificate):
    return reverse(f"certificate:{name}", args=[certificate.pk])


@pytest.mark.parametrize("searched", ["shown_code", "start", "email", "name", ""])
def test_list_finds_a_certificate(admin_client, certificate, searched):
    words = {
        "shown_code": certificate.shown_code.lower(),
        "start": certificate.code[:4],
        "email": "learner@example",
        "name": "solheim",
    }

    response = admin_client.get(LIST, {"q": words.get(searched, "")})

    assert list(response.context["object_list"]) == [certificate]


def test_list_does_not_find_what_is_not_there(admin_client, certificate):
    assert list(admin_client.get(LIST, {"q": "Jonas"}).context["object_list"]) == []


@pytest.mark.parametrize("status", list(Certificate.Status))
def test_list_filters_by_status(admin_client, certificate, admin, learner, status):
    if status == "revoked":
        revoke_certificate(certificate, by=admin, reason="Feil person.")
    if status == "replaced":
        replace_certificate(certificate, name="Ingrid Moen", by=admin, reason="Nytt navn.")
    if status == "erased":
        erase_certificates(learner)

    shown = {
        value: [found.pk for found in admin_client.get(LIST, {"status": value}).context["object_list"]]
        for value in Certificate.Status.values
    }

    rest = {"valid": [Certificate.objects.latest("pk").pk]} if status == "replaced" else {}
    assert shown == dict.fromkeys(Certificate.Status.values, []) | rest | {status: [certificate.pk]}


@pytest.mark.parametrize("count", [1, 3])
def test_list_costs_the_same_for_one_and_three(admin_client, certificate, admin, count, django_assert_max_num_queries):
    for number in range(count - 1):
        certificate = replace_certificate(certificate, name=f"Ingrid {number} Moen", by=admin, reason="Nytt navn.")

    # The first page of a session notes that somebody of the staff is here.
    admin_client.get(LIST)
    with django_assert_max_num_queries(14):
        response = admin_client.get(LIST)
    assert len(response.context["object_list"]) == count


def test_inspection_tells_the_story(admin_client, certificate, admin):
    revoke_certificate(certificate, by=admin, reason="Feil person.")

    response = admin_client.get(address("inspect", certificate))

    assert [(event.kind, event.reason) for event in response.context["events"]] == [
        ("issued", ""),
        ("revoked", "Feil person."),
    ]
    assert response.content.decode().count("Feil person.") == 2


def test_inspection_offers_what_can_be_done(admin_client, certificate, learner):
    page = admin_client.get(address("inspect", certificate)).content.decode()
    assert [address(name, certificate) in page for name in ("revoke", "replace")] == [True, True]

    erase_certificates(learner)
    page = admin_client.get(address("inspect", certificate)).content.decode()
    assert [address(name, certificate) in page for name in ("revoke", "replace")] == [False, False]


def test_administrator_revokes(admin_client, certificate, admin):
    response = admin_client.post(address("revoke", certificate), {"reason": "Feil person."})

    assert (response.status_code, response["Location"]) == (302, address("inspect", certificate))
    certificate.refresh_from_db()
    assert (certificate.status, certificate.events.last().by) == ("revoked", admin)


def test_revoking_refuses_when_there_is_no_reason(admin_client, certificate):
    response = admin_client.post(address("revoke", certificate), {"reason": " "})

    assert response.context["form"].errors == {"reason": ["Fyll ut dette feltet."]}
    certificate.refresh_from_db()
    assert certificate.status == "valid"


def test_revoking_refuses_when_revoked_already(admin_client, certificate, admin):
    revoke_certificate(certificate, by=admin, reason="Feil person.")

    response = admin_client.post(address("revoke", certificate), {"reason": "Igjen."})

    assert response.context["form"].non_field_errors() == ["Bare et gyldig kursbevis kan trekkes tilbake."]
    assert "Bare et gyldig kursbevis kan trekkes tilbake." in response.content.decode()


def test_looking_at_an_action_changes_nothing(admin_client, certificate):
    for name in ("revoke", "replace"):
        assert admin_client.get(address(name, certificate)).status_code == 200

    certificate.refresh_from_db()
    assert certificate.status == "valid"


def test_administrator_replaces(admin_client, certificate):
    response = admin_client.post(address("replace", certificate), {"name": "Ingrid Moen", "reason": "Nytt navn."})

    certificate.refresh_from_db()
    assert response["Location"] == address("inspect", certificate.replaced_by)
    assert (certificate.status, certificate.replaced_by.holder_name) == ("replaced", "Ingrid Moen")


def test_administrator_issues_with_a_reason(admin_client, attempt, course):
    facts = {"email": "Learner@example.org", "course": course.page.pk, "reason": "Tok kurset på papir."}

    response = admin_client.post(ISSUE, facts)

    certificate = Certificate.objects.get()
    assert response["Location"] == address("inspect", certificate)
    assert (certificate.holder_name, certificate.exception_reason) == ("Ingrid Solheim", "Tok kurset på papir.")


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"reason": ""}, "reason", "Fyll ut dette feltet."),
        ({"email": "other@example.org"}, "email", "Ingen med denne adressen er påmeldt kurset."),
        ({"email": "nobody@example.org"}, "email", "Ingen med denne adressen er påmeldt kurset."),
    ],
    ids=["reason", "not-enrolled", "unknown"],
)
def test_issuing_refuses_when_something_is_wrong(admin_client, attempt, course, other_learner, change, field, sentence):
    facts = {"email": "learner@example.org", "course": course.page.pk, "reason": "Tok kurset på papir."}

    response = admin_client.post(ISSUE, facts | change)

    assert response.context["form"].errors == {field: [sentence]}
    assert Certificate.objects.count() == 0


def test_issuing_refuses_when_there_is_a_certificate(admin_client, certificate, course):
    response = admin_client.post(ISSUE, {"email": "learner@example.org", "course": course.page.pk, "reason": "Igjen."})

    assert response.context["form"].errors == {"email": ["Deltakeren har allerede et kursbevis. Finn det i listen."]}


@pytest.fixture
def member(course, mentor, learner):
    return small_group(course.page, mentor, learner).memberships.get()


@pytest.mark.parametrize("course", ["9" * 20, "-1", "x", ""])
def test_a_course_that_is_none_is_refused_in_words(admin_client, course):
    answer = admin_client.post(ISSUE, {"email": "learner@example.org", "course": course, "reason": "Fordi."})

    assert answer.status_code in {200, 422}
    assert "course" in answer.context["form"].errors


@pytest.mark.parametrize("group", ["9" * 20, "-1", "x", ""])
def test_a_group_that_is_none_is_refused_in_words(admin_client, group):
    answer = admin_client.post(ISSUE_PACKAGE, {"email": "learner@example.org", "group": group, "reason": "Fordi."})

    assert answer.status_code in {200, 422}
    assert "group" in answer.context["form"].errors


def test_administrator_issues_for_a_package_with_a_reason(admin_client, member):
    facts = {"email": "Learner@example.org", "group": member.group_id, "reason": "Gikk pakken på papir."}

    response = admin_client.post(ISSUE_PACKAGE, facts)

    certificate = Certificate.objects.get()
    assert response["Location"] == address("inspect", certificate)
    assert (certificate.group_id, certificate.holder_name, certificate.exception_reason) == (
        member.group_id,
        "Ingrid Solheim",
        "Gikk pakken på papir.",
    )
    assert "Liten pakke" in admin_client.get(address("inspect", certificate)).content.decode()


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"reason": ""}, "reason", "Fyll ut dette feltet."),
        ({"email": "other@example.org"}, "email", "Ingen med denne adressen er eller har vært med i gruppen."),
    ],
    ids=["reason", "not-a-member"],
)
def test_issuing_for_a_package_refuses_when_something_is_wrong(
    admin_client, member, other_learner, change, field, sentence
):
    facts = {"email": "learner@example.org", "group": member.group_id, "reason": "Gikk pakken på papir."}

    response = admin_client.post(ISSUE_PACKAGE, facts | change)

    assert response.context["form"].errors == {field: [sentence]}
    assert Certificate.objects.count() == 0


def test_issuing_for_a_package_refuses_when_there_is_a_certificate(admin_client, member):
    facts = {"email": "learner@example.org", "group": member.group_id, "reason": "Gikk pakken på papir."}
    admin_client.post(ISSUE_PACKAGE, facts)

    response = admin_client.post(ISSUE_PACKAGE, facts)

    assert response.context["form"].errors == {"email": ["Deltakeren har allerede et kursbevis. Finn det i listen."]}


@pytest.mark.parametrize(
    ("model", "change"),
    [(LearningGroup, {"status": "cancelled"}), (Package, {"gives_certificate": False})],
    ids=["cancelled", "no-certificate"],
)
def test_issuing_for_a_package_refuses_when_the_group_gives_none(admin_client, member, model, change):
    model.objects.update(**change)

    facts = {"email": "learner@example.org", "group": member.group_id, "reason": "Gikk pakken på papir."}
    assert list(admin_client.post(ISSUE_PACKAGE, facts).context["form"].errors) == ["group"]


@pytest.mark.parametrize("person", ["learner", "editor", "mentor"])
def test_certificates_are_closed_to_others(request, signed_in, certificate, person):
    client = signed_in(request.getfixturevalue(person))
    addresses = [LIST, ISSUE, ISSUE_PACKAGE, *(address(name, certificate) for name in ("inspect", "revoke", "replace"))]

    assert [client.get(there).status_code for there in addresses] == [302] * 6
    client.post(address("revoke", certificate), {"reason": "Feil person."})
    certificate.refresh_from_db()
    assert certificate.status == "valid"


@pytest.mark.parametrize("place", ["new/", "edit/1/", "delete/1/", "copy/1/", "history/1/"])
def test_certificates_are_never_edited(admin_client, certificate, place):
    assert admin_client.get(f"{LIST}{place}").status_code == 404
