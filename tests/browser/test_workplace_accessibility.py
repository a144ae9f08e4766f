"""axe finds nothing on the pages of workplaces, for the leader, the employee and a visitor (A1); all works by keyboard."""

import re

from tests.browser.axe import findings
from tests.browser.journey import sign_in

PASSWORD = "stille-lys-over-fjorden"
LEADER = """
    /arbeidsplass/1/ /arbeidsplass/1/kurs/ /arbeidsplass/1/kurs/1/ /arbeidsplass/1/kurs/1/minn/ /arbeidsplass/1/inviter/
    /arbeidsplass/1/ansatte/1/fjern/ /arbeidsplass/deling/ /min-side/
""".split()
EMPLOYEE = ["/arbeidsplass/deling/", "/konto/", "/min-side/"]


def found_on(page, paths) -> dict[str, list[str]]:
    found = {}
    for path in paths:
        answer = page.goto(path)
        found[path] = findings(page) if answer.ok else [f"answered {answer.status}"]
    return {path: lines for path, lines in found.items() if lines}


def test_the_pages_of_workplaces_have_no_findings(visitor):
    leader, employee = visitor(), visitor()
    sign_in(leader, "leader@example.org", PASSWORD)
    sign_in(employee, "member@example.org", PASSWORD)

    assert found_on(leader, LEADER) == {}
    assert found_on(employee, EMPLOYEE) == {}


def test_a_leader_invites_without_script_and_the_visitor_says_no(visitor):
    leader, guest = visitor(width=360, javascript=False), visitor(width=360, javascript=False)
    sign_in(leader, "leader@example.org", PASSWORD)
    leader.goto("/arbeidsplass/1/inviter/")
    leader.get_by_label("E-postadresser").fill("Nora Ny <nora.ny@example.org>")
    leader.get_by_role("button", name="Se over listen").press("Enter")
    leader.get_by_role("button", name="Send 1 invitasjon").press("Enter")
    assert leader.get_by_role("row", name=re.compile("Nora Ny")).get_by_text("har ikke svart").is_visible()

    guest.goto("/demo/post/")
    link = re.search(r"/arbeidsplass/svar/[\w-]+/", guest.content())[0]
    guest.goto(link)
    guest.get_by_role("button", name="Nei, ikke del").press("Enter")

    assert guest.get_by_text("Du har svart nei.").is_visible()
    leader.reload()
    assert leader.get_by_role("row", name=re.compile("Nora Ny")).get_by_text("deler ikke").is_visible()
