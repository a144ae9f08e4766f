import html
import re

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from certificates.issuing import erase_certificates, replace_certificate, revoke_certificate
from certificates.models import Certificate
from tests.small_course import COURSE_KEY

CLAIM = f"/kursbevis/ny/{COURSE_KEY}/"
HOSTILE = "<script>alert(1)</script> & \"Kari\" 'Lie'"


def words_of(response):
    """What a person reads on the page."""
    main = re.search(r"<main.*</main>", response.content.decode(), re.DOTALL).group()
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())


def test_check_form_leads_to_the_certificate(client, certificate):
    assert client.get("/kursbevis/").status_code == 200

    response = client.get("/kursbevis/", {"code": certificate.shown_code.lower()})

    assert (response.status_code, response["Location"]) == (302, certificate.url)


def test_check_form_refuses_when_nothing_like_a_code_is_typed(client, db):
    response = client.get("/kursbevis/", {"code": " – "})

    assert response.context["form"].errors == {"code": ["Skriv koden som står på kursbeviset."]}


def test_certificate_page_says_what_the_certificate_says(client, certificate):
    response = client.get(certificate.url)

    words = words_of(response)
    facts = [
        "Ingrid Solheim",
        "Lite kurs",
        "1 time 30 minutter",
        "Første modul",
        "Andre modul",
        "2026.1",
        "ekte og gyldig",
    ]
    assert [fact for fact in [*facts, certificate.shown_code, certificate.issuer] if fact not in words] == []
    assert certificate.pdf_url in response.content.decode()


@pytest.mark.parametrize("ending", ["/", ".pdf", ".json"])
@pytest.mark.parametrize("code", ["of the certificate", "0" * 28, "x"])
def test_check_pages_are_never_indexed_or_kept(client, certificate, code, ending):
    code = certificate.code if code.startswith("of") else code

    response = client.get(f"/kursbevis/{code}{ending}")

    assert response["X-Robots-Tag"] == "noindex"
    assert response["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"


@pytest.mark.parametrize("code", ["0" * 28, "00000000-0000"])
def test_pages_tell_robots_to_stay_away(client, certificate, code):
    for address in (certificate.url, f"/kursbevis/{code}/"):
        assert '<meta name="robots" content="noindex">' in client.get(address).content.decode()


def test_code_in_another_form_shows_the_same_page(client, certificate):
    response = client.get(f"/kursbevis/{certificate.shown_code.lower()}/")

    assert f'<span class="code">{certificate.shown_code}</span>' in response.content.decode()


def test_pdf_is_the_file_that_was_issued(client, certificate):
    response = client.get(certificate.pdf_url)

    assert response.content == bytes(certificate.file.content)
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'inline; filename="Kursbevis Ingrid Solheim.pdf"'


def test_pdf_keeps_sami_letters_in_its_name(client, certificate):
    Certificate.objects.update(holder_name="Áslaug Ŋuorgŧa")

    disposition = client.get(certificate.pdf_url)["Content-Disposition"]

    assert disposition == "inline; filename*=utf-8''Kursbevis%20%C3%81slaug%20%C5%8Auorg%C5%A7a.pdf"


def test_json_holds_the_plain_facts(client, certificate):
    today = timezone.localdate().isoformat()

    assert client.get(certificate.json_url).json() == {
        "status": "valid",
        "name": "Ingrid Solheim",
        "course": "Lite kurs",
        "hours": 1.5,
        "modules": [{"title": "Første modul", "minutes": 30}, {"title": "Andre modul", "minutes": 60}],
        "completed_on": today,
        "issued_on": today,
        "issuer": "Senter for barnepalliasjon",
        "version": "2026.1",
        "code": certificate.shown_code,
        "check_url": certificate.check_url,
    }


def test_unknown_codes_get_pages_of_one_size(client, certificate):
    almost = certificate.code[:-1] + ("1" if certificate.code.endswith("0") else "0")
    codes = ["0" * 28, "1" * 28, almost, "0" * 27 + "Z"]

    responses = [client.get(f"/kursbevis/{code}/") for code in codes]

    assert {response.status_code for response in responses} == {404}
    assert len({len(response.content) for response in responses}) == 1
    assert [code for code, response in zip(codes, responses, strict=True) if code in response.content.decode()] == []


@pytest.mark.parametrize("ending", ["/", ".pdf", ".json"])
@pytest.mark.parametrize("code", ["0" * 28, "x", "0" * 300, "%00", "æ☃"])
def test_unknown_codes_are_looked_up_once_whatever_they_look_like(client, certificate, code, ending):
    with CaptureQueriesContext(connection) as queries:
        response = client.get(f"/kursbevis/{code}{ending}")

    assert response.status_code == 404
    assert sum("certificates_certificate" in query["sql"] for query in queries) == 1


def test_unknown_json_says_so(client, db):
    assert client.get("/kursbevis/x.json").json() == {"status": "unknown"}


def revoked(certificate, admin):
    revoke_certificate(certificate, by=admin, reason="Hemmelig grunn.")


def replaced(certificate, admin):
    replace_certificate(certificate, name="Nytt Navn", by=admin, reason="Hemmelig grunn.")


def erased(certificate, admin):
    erase_certificates(certificate.learner)


@pytest.mark.parametrize(
    ("end", "status", "sentence", "names"),
    [
        (revoked, "revoked", "Kursbeviset er trukket tilbake og gjelder ikke.", ["Ingrid Solheim"]),
        (replaced, "replaced", "Kursbeviset er erstattet av et nytt og gjelder ikke lenger.", []),
        (erased, "erased", "Kursbeviset er slettet av eieren.", []),
    ],
)
def test_ended_certificate_says_so_without_name_file_or_reason(
    client, certificate, admin, end, status, sentence, names
):
    # Looked at before: nothing that is kept of it may show what no longer holds.
    assert "ekte og gyldig" in words_of(client.get(certificate.url))
    end(certificate, admin)

    page, pdf = client.get(certificate.url), client.get(certificate.pdf_url)
    facts = client.get(certificate.json_url).json()

    assert (page.status_code, pdf.status_code, pdf["Content-Type"]) == (200, 410, "text/html; charset=utf-8")
    assert (facts["status"], [facts["name"]] if "name" in facts else []) == (status, names)
    for response in (page, pdf):
        assert sentence in words_of(response)
        assert certificate.pdf_url not in response.content.decode()
        hidden = {"Ingrid Solheim", "Nytt Navn", "Hemmelig grunn."} - set(names)
        assert [word for word in hidden if word in response.content.decode()] == []


def test_replaced_certificate_does_not_lead_to_the_new_one(client, certificate, learner):
    successor = replace_certificate(certificate, name="Nytt Navn", by=learner, reason="Nytt navn.")

    shown = client.get(certificate.url).content + client.get(certificate.json_url).content

    assert successor.code not in shown.decode()


def test_certificates_looked_at_in_turn_say_each_its_own_words(client, learner_client, certificate):
    words = {"issuer": "Et annet senter", "course_title": "Et annet kurs", "holder_name": "Ola Lie", "minutes": 45}
    other = Certificate.objects.get(pk=certificate.pk)
    other.pk, other.code, other.attempt_number = None, "0" * 28, 2
    other.modules = [{"title": "Tredje modul", "minutes": 45}]
    for field, word in words.items():
        setattr(other, field, word)
    other.save()
    own_words = ["Her er kursbeviset ditt", "Ingrid Solheim", "Lite kurs", "Første modul", certificate.issuer]
    other_words = ["Ola Lie", "Et annet kurs", "Tredje modul", "Et annet senter", "45 minutter"]

    shown = [words_of(asks.get(one.url)) for asks in (learner_client, client) for one in (certificate, other)]

    found = [[word for word in own_words + other_words if word in page] for page in shown]
    assert found == [own_words, own_words[:1] + other_words, own_words[1:], other_words]


def test_name_with_markup_is_shown_as_it_is(learner_client, completed, client):
    address = learner_client.post(CLAIM, {"name": HOSTILE})["Location"]

    page = client.get(address).content.decode()
    assert "<script>alert" not in page
    assert HOSTILE in html.unescape(page)
    assert client.get(address.rstrip("/") + ".json").json()["name"] == HOSTILE
    assert client.get(address.rstrip("/") + ".pdf").content.startswith(b"%PDF")
    [(body, _kind)] = mail.outbox[0].alternatives
    assert "<script>alert" not in body


def test_check_refuses_when_31_are_asked_for_in_a_minute(client, certificate):
    answers = [client.get(certificate.json_url).status_code for _number in range(31)]
    other = client.get(certificate.url, REMOTE_ADDR="192.0.2.7")

    assert answers == [200] * 30 + [429]
    assert other.status_code == 200
    refusal = client.get("/kursbevis/x/")
    assert (refusal.status_code, refusal["Retry-After"], refusal["X-Robots-Tag"]) == (429, "60", "noindex")


def test_signed_in_people_of_one_network_do_not_stop_each_other(client, learner_client, certificate):
    for _number in range(31):
        client.get("/kursbevis/x.json")

    assert client.get(certificate.url).status_code == 429
    assert learner_client.get(certificate.url).status_code == 200


def test_check_pages_refuse_when_posted_to(client, certificate):
    addresses = ["/kursbevis/", certificate.url, certificate.pdf_url, certificate.json_url]

    assert [client.post(address).status_code for address in addresses] == [405] * 4


def test_claim_confirms_the_name_and_issues_at_once(learner_client, completed):
    asked = learner_client.get(CLAIM)
    assert asked.context["form"].initial == {"name": "Ingrid Solheim"}
    assert Certificate.objects.count() == 0

    response = learner_client.post(CLAIM, {"name": "Ingrid  Solheim"})

    certificate = Certificate.objects.get()
    assert (response.status_code, response["Location"]) == (302, certificate.url)
    assert certificate.holder_name == "Ingrid Solheim"


def test_claim_leads_to_the_certificate_there_is(learner_client, certificate):
    assert learner_client.get(CLAIM)["Location"] == certificate.url
    assert learner_client.post(CLAIM, {"name": "Et annet navn"})["Location"] == certificate.url
    assert Certificate.objects.count() == 1


def test_claim_shows_what_is_missing(learner_client, attempt):
    for response in (learner_client.get(CLAIM), learner_client.post(CLAIM, {"name": "Ingrid Solheim"})):
        words = words_of(response)
        missing = ["Modul 1, «Første modul», er ikke ferdig.", "Modul 2, «Andre modul», er ikke ferdig."]
        assert [sentence for sentence in missing if sentence not in words] == []
    assert Certificate.objects.count() == 0


def test_claim_refuses_when_the_name_cannot_be_printed(learner_client, completed):
    response = learner_client.post(CLAIM, {"name": "Ingrid 李"})

    sentence = "Vi kan ikke trykke dette tegnet i navnet: «李». Skriv navnet på en annen måte."
    assert response.context["form"].errors == {"name": [sentence]}
    assert sentence in words_of(response)


def test_claim_asks_for_a_name_when_the_account_has_none(learner_client, completed, learner):
    learner.name = ""
    learner.save()

    assert learner_client.get(CLAIM).context["unmet"] == []
    assert learner_client.post(CLAIM, {"name": "Ingrid Solheim"}).status_code == 302


def test_claim_refuses_when_revoked(learner_client, certificate, admin):
    revoke_certificate(certificate, by=admin, reason="Feil person.")

    sentence = "Kursbeviset ditt er trukket tilbake. Ta kontakt med senteret."
    assert sentence in words_of(learner_client.get(CLAIM))


def test_claim_is_not_found_when_not_enrolled(learner_client, course):
    assert learner_client.get(CLAIM).status_code == 404


def test_claim_asks_who_you_are(client, course):
    response = client.get(CLAIM)

    assert (response.status_code, response["Location"]) == (302, f"{reverse('account_login')}?next={CLAIM}")
