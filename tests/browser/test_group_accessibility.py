"""axe finds nothing in the rooms for groups and numbers, in each role that comes there (A1): the demo has them all."""

import pytest

from tests.browser.axe import findings
from tests.browser.journey import sign_in

PASSWORD = "stille-lys-over-fjorden"
MENTOR = """
    /grupper/ /grupper/1/ /grupper/2/ /grupper/1/deltakere/ /grupper/1/deltakere/inviter/ /grupper/1/planlegg/
    /grupper/1/moter/1/ /grupper/1/moter/2/ /grupper/1/moter/2/endre/ /grupper/1/moter/2/avlys/
    /grupper/1/moter/3/avstemning/ /grupper/1/moter/2/skjerm/ /grupper/1/brev/ /grupper/1/logg/ /grupper/2/notater/
    /grupper/2/notater/1/
    /grupper/kalender/ /min-side/
""".split()
MEMBER = """
    /grupper/ /grupper/1/ /grupper/1/moter/1/ /grupper/1/moter/2/ /grupper/1/moter/2/ta-med/ /grupper/1/taushet/
    /grupper/1/notat/ /grupper/1/slutt/ /grupper/soknad/ /grupper/soknad/1/ /min-side/
""".split()
ADMIN = ["/rapporter/", "/rapporter/?fra=2026-05-01&til=2026-04-01", "/rapporter/ar/", "/rapporter/ar/2024/"]


@pytest.mark.parametrize(("who", "paths"), [("mentor", MENTOR), ("member", MEMBER), ("admin", ADMIN)])
def test_the_pages_of_groups_and_numbers_have_no_findings(visitor, who, paths):
    page = visitor()
    sign_in(page, f"{who}@example.org", PASSWORD)
    found = {}
    for path in paths:
        answer = page.goto(path)
        found[path] = findings(page) if answer.ok else [f"answered {answer.status}"]
    assert {path: lines for path, lines in found.items() if lines} == {}
