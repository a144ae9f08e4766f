"""A workplace's group from the application to eight certificates, and nobody else gets in."""

from datetime import date, timedelta

from tests.browser import group_steps as steps
from tests.browser.group_steps import Person
from tests.browser.journey import new_address, sign_in
from tests.live.product import Product

NAMES = ["Anne Lie", "Bjørn Dahl", "Cecilie Moe", "Daniel Haug", "Eva Sunde", "Frode Nes", "Guro Vik", "Håkon Lien"]
TEXT = (
    "Jeg tar med meg at vi må spørre tidligere hvem som gjør hva. I neste møte på jobb vil jeg foreslå at vi skriver "
    "ned hvem foreldrene kan ringe. Det vanskeligste er å stå i det uvisse uten å fylle det med råd."
)


def test_a_workplace_signs_up_meets_three_times_and_everybody_gets_a_certificate(visitor, refleks: Product):
    password = "stille-lys-over-fjorden"
    workplace = "Fjordgløtt barnehage"
    contact = Person(visitor(), "Kari Strand", new_address("kari"))
    members = [Person(visitor(width=360), name, new_address(f"deltaker{number}")) for number, name in enumerate(NAMES)]
    admin, mentor = visitor(), visitor(width=360)
    sign_in(admin, "admin@example.org", password)
    sign_in(mentor, "mentor@example.org", password)

    steps.apply_for_a_group(refleks, contact, workplace)
    steps.offer_a_place(admin, workplace, "mentor@example.org")
    members_path = steps.mail_with(refleks, contact.email, r"/grupper/(\d+)/deltakere/")
    group, pk = f"/grupper/{members_path[1]}/", int(members_path[1])
    contact.page.goto(members_path[0])
    steps.invite(contact, members)
    for member in members:
        steps.join(refleks, member)

    mentor.goto(group)
    mentor.get_by_role("button", name="Start gruppen").click()
    soon = date.today() + timedelta(days=7)
    steps.ask_for_a_date(mentor, group, 1, [soon, soon + timedelta(days=1)])
    for member in members:
        steps.answer_from_the_mail(refleks, member)
    steps.decide(mentor, group, 1)
    steps.plan_the_rest(mentor, group, soon + timedelta(days=1))

    for number in (1, 2, 3):
        steps.let_the_meeting_come(refleks, pk, number)
        marks = dict.fromkeys(NAMES, "Til stede") | {NAMES[1]: "På nett"}
        if number == 2:
            marks[NAMES[2]] = "Meldt fravær"
        steps.mark_attendance(mentor, group, number, marks)
    steps.make_up(mentor, group, 2, NAMES[2])

    steps.take_all_modules(refleks, [member.email for member in members])
    for member in members:
        steps.hand_in_a_note(member, group, TEXT)
    steps.receive_notes(mentor, group, len(members))
    addresses = [steps.claim(member, group) for member in members]

    assert len(set(addresses)) == len(NAMES)
    stranger = visitor()
    stranger.goto(addresses[2])
    assert stranger.locator(".holder").inner_text() == NAMES[2]
    refuse_everybody_else(visitor, group, admin, password)


def refuse_everybody_else(visitor, group, admin, password):
    """An administrator, a member of another group and somebody without a group find nothing of this one."""
    other = visitor()
    sign_in(other, "member@example.org", password)
    alone = visitor()
    sign_in(alone, "learner@example.org", password)
    paths = ["", "deltakere/", "moter/1/", "moter/1/skjerm/", "notat/", "notater/", "logg/", "brev/", "liste.csv"]
    answers = {
        path: [page.request.get(group + path, max_redirects=0).status for page in (admin, other, alone)]
        for path in paths
    }
    assert answers == {path: [404, 404, 404] for path in paths}
