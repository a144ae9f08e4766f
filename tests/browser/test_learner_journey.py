"""From visitor to certificate, through every lesson of the sample course."""

import pytest

from tests.browser.journey import LESSONS, claim_certificate, enrol, new_address, sign_up, take_lessons


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without scripts"])
def test_visitor_becomes_a_learner_with_a_certificate_that_anybody_can_check(visitor, refleks, javascript):
    name = "Åse Lindø"
    page = visitor(javascript=javascript, width=1280 if javascript else 360)
    sign_up(page, refleks, name, new_address("aase"))
    enrol(page)
    assert len(take_lessons(page)) == LESSONS
    address = claim_certificate(page)

    stranger = visitor(javascript=javascript)
    stranger.goto("/kursbevis/")
    stranger.get_by_label("Kode").fill(address.rstrip("/").rsplit("/", 1)[-1])
    stranger.get_by_role("button", name="Kontroller").click()
    stranger.get_by_text("Kursbeviset er ekte og gyldig.").wait_for()
    assert stranger.locator(".holder").inner_text() == name
    pdf = stranger.request.get(stranger.get_by_role("link", name="Last ned kursbeviset").get_attribute("href"))
    assert (pdf.status, pdf.headers["content-type"], pdf.body()[:5]) == (200, "application/pdf", b"%PDF-")
