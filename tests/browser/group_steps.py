"""What the people of a group do, step by step, in a real browser."""

import re
import time
from dataclasses import dataclass
from datetime import date, timedelta

from playwright.sync_api import Page

from tests.browser.journey import give_code
from tests.live.mailbox import code_for, mails
from tests.live.product import Product, manage

MAIL_SECONDS = 60


@dataclass(frozen=True)
class Person:
    """Somebody at their own browser."""

    page: Page
    name: str
    email: str


def mail_with(refleks: Product, address: str, pattern: str) -> re.Match:
    """What `pattern` finds in the newest mail to `address` that has it. Waits for the mail; AssertionError without."""
    deadline = time.monotonic() + MAIL_SECONDS
    while time.monotonic() < deadline:
        for mail in mails(refleks):
            if f"Til {address}," in mail and (found := re.search(pattern, mail)):
                return found
        time.sleep(0.3)
    raise AssertionError(f"No mail with {pattern} came to {address}")


def make_account(refleks: Product, person: Person) -> None:
    """From the page that asks for a new account to where it leads on, confirmed by a mailed code."""
    person.page.get_by_label("Navn").fill(person.name)
    person.page.get_by_label("E-postadresse").fill(person.email)
    person.page.get_by_label("Sektor").select_option(label="Barnehage")
    person.page.locator("main form").first.get_by_role("button").last.click()
    give_code(person.page, code_for(refleks, person.email))


def apply_for_a_group(refleks: Product, contact: Person, workplace: str) -> None:
    """A workplace asks for a group: from the front page, over a new account, to the page with the answer."""
    page = contact.page
    page.goto("/")
    page.get_by_role("link", name="Meld på en gruppe").first.click()
    page.get_by_role("link", name="Søk for arbeidsplassen").first.click()
    make_account(refleks, contact)
    page.get_by_label("Arbeidssted").fill(workplace)
    page.get_by_label("Ansatte på ett sted").check()
    page.get_by_label("Kommune").select_option(label="Bodø")
    page.get_by_label("Hvor mange er dere omtrent?").fill("8")
    page.get_by_role("button", name="Send søknaden").click()
    page.wait_for_url("**/grupper/soknader/*/")


def offer_a_place(admin: Page, workplace: str, mentor: str) -> None:
    """An administrator gives the workplace its place and its mentor."""
    admin.goto("/cms/applications/")
    admin.get_by_role("link", name=re.compile(workplace)).first.click()
    admin.get_by_role("link", name="Gi plass").click()
    admin.locator("select[name=mentor]").select_option(mentor)
    admin.locator("main form button[type=submit], main form input[type=submit]").last.click()
    admin.get_by_text("fått plass").first.wait_for()


def invite(contact: Person, members: list[Person]) -> None:
    """The contact person pastes addresses, looks over the list and sends."""
    page = contact.page
    page.get_by_role("link", name="Inviter deltakere").first.click()
    page.get_by_label("E-postadresser").fill("\n".join(f"{one.email}, {one.name}" for one in members))
    page.get_by_role("button", name="Se over listen").click()
    page.get_by_role("button", name=f"Send {len(members)} invitasjoner").click()
    page.get_by_role("heading", name="Invitert").wait_for()


def join(refleks: Product, member: Person) -> None:
    """From the mailed invitation over a new account into the group, and the promise of confidentiality."""
    page = member.page
    page.goto(mail_with(refleks, member.email, r"/grupper/invitasjon/[\w-]+/")[0])
    page.get_by_role("link", name="Lag konto").click()
    make_account(refleks, member)
    page.wait_for_url("**/grupper/invitasjon/**")
    page.get_by_role("button", name="Bli med").click()
    promise(page)


def promise(page: Page) -> None:
    """Confirms confidentiality, where joining has led."""
    page.wait_for_url("**/taushet/")
    page.locator("main input[type=checkbox]").check()
    page.get_by_role("button", name="Bekreft").click()
    page.wait_for_url(lambda url: "/taushet/" not in url)


def ask_for_a_date(mentor: Page, group: str, number: int, days: list[date]) -> None:
    """The mentor proposes days at 14.00 for a meeting."""
    mentor.goto(f"{group}moter/{number}/avstemning/")
    for place, day in enumerate(days):
        slot = mentor.locator("fieldset.planned").nth(place)
        slot.locator("input[type=date]").fill(day.isoformat())
        slot.locator("input[type=time]").fill("14:00")
    mentor.get_by_role("button", name="Se over").click()
    mentor.get_by_role("button", name=re.compile("^Spør")).click()
    mentor.get_by_role("heading", name=f"Velg tidspunkt for møte {number}").wait_for()


def answer_from_the_mail(refleks: Product, member: Person) -> None:
    """One press on the last link of the mail that asks: what one cannot, first; then what suits."""
    links = list(
        dict.fromkeys(
            re.findall(r"/grupper/svar/[\w:=.-]+/", mail_with(refleks, member.email, r"(?s)/grupper/svar/.*").string)
        )
    )
    # Three answers for each proposal, yes first: the second proposal suits everybody.
    member.page.goto(links[3])
    member.page.get_by_text("Du har svart").wait_for()


def decide(mentor: Page, group: str, number: int) -> None:
    """The mentor takes the proposal that suits best, which is chosen already."""
    mentor.goto(f"{group}moter/{number}/avstemning/")
    mentor.get_by_role("button", name="Velg dette tidspunktet").click()
    mentor.wait_for_url(lambda url: "avstemning" not in url)


def plan_the_rest(mentor: Page, group: str, first: date) -> None:
    """The mentor plans the meetings that are left: first date, rhythm, a place, look over, save and invite."""
    mentor.goto(f"{group}planlegg/")
    if mentor.get_by_role("button", name="Se datoene").count():
        mentor.locator("input[name=first]").fill(first.isoformat())
        mentor.locator("input[name=clock]").fill("14:00")
        mentor.get_by_role("button", name="Se datoene").click()
    mentor.locator("input[name=place]").fill("Personalrommet")
    mentor.get_by_role("button", name="Se over på nytt").click()
    mentor.get_by_role("button", name=re.compile("^Lagre")).click()
    mentor.wait_for_url(lambda url: "planlegg" not in url)


def mark_attendance(mentor: Page, group: str, number: int, marks: dict[str, str]) -> None:
    """One tap a person; `marks` is a name and the word on the button."""
    mentor.goto(f"{group}moter/{number}/")
    for name, word in marks.items():
        row = mentor.locator("li.attends").filter(has_text=name)
        row.get_by_role("button", name=word, exact=True).click()
        mentor.locator("li.attends").filter(has_text=name).locator(".attends-by").wait_for()


def make_up(mentor: Page, group: str, number: int, name: str) -> None:
    """The mentor writes what was done instead of a missed meeting."""
    mentor.goto(f"{group}moter/{number}/")
    mentor.locator("li.attends").filter(has_text=name).get_by_role(
        "link", name=re.compile("Før som tatt igjen")
    ).click()
    mentor.get_by_label("Hva ble gjort i stedet?").fill("Vi gikk gjennom spørsmålene på telefon i en halv time.")
    mentor.get_by_role("button", name="Før som tatt igjen").click()
    mentor.wait_for_url(lambda url: "ta-igjen" not in url)


def hand_in_a_note(member: Person, group: str, text: str) -> None:
    """Writes, looks over, hands in."""
    page = member.page
    page.goto(f"{group}notat/")
    page.locator("#tekst").fill(text)
    page.get_by_role("button", name="Se over og lever").click()
    page.get_by_role("button", name="Lever notatet").click()
    page.get_by_role("button", name="Trekk tilbake og skriv videre").wait_for()


def receive_notes(mentor: Page, group: str, count: int) -> None:
    """The mentor reads every note that waits and marks it received."""
    for _note in range(count):
        mentor.goto(f"{group}notater/")
        mentor.locator("main a[href*='/notater/']").first.click()
        mentor.get_by_role("button", name="Ta imot notatet").click()
        mentor.wait_for_load_state()


def claim(member: Person, group: str) -> str:
    """From the group's page to the certificate of the package; gives its address."""
    page = member.page
    page.goto(group)
    page.get_by_role("link", name=re.compile("kursbevis", re.IGNORECASE)).first.click()
    page.get_by_role("button", name="Lag kursbeviset").click()
    page.get_by_text("Kursbeviset er ekte og gyldig.").wait_for()
    return page.url


def take_all_modules(refleks: Product, addresses: list[str]) -> None:
    """Finishes every lesson for these people by the product's own rules: the clicks are another journey."""
    manage(
        refleks.env,
        "shell",
        "-c",
        f"""
from django.contrib.auth import get_user_model
from modules.checks import Check, answer_check
from modules.enrolment import current_attempts
from modules.models import CheckAnswer
from modules.outline import course_outline
from modules.progress import complete_lesson
for address in {addresses!r}:
    for attempt in current_attempts(get_user_model().objects.get(email=address)):
        course = course_outline(attempt.enrolment.course_key, "nb")
        for module in course.modules:
            for lesson in module.lessons:
                for check in lesson.checks:
                    CheckAnswer.objects.get_or_create(
                        attempt=attempt, check_id=check.id,
                        defaults=dict(lesson_key=lesson.key, answer=[], is_right=True),
                    )
                complete_lesson(attempt, course, module, lesson)
""",
    )


def let_the_meeting_come(refleks: Product, group: int, number: int) -> None:
    """Moves a meeting to yesterday, as if the time had gone by."""
    yesterday = date.today() - timedelta(days=1)
    manage(
        refleks.env,
        "shell",
        "-c",
        f"""
import datetime
from mentoring.models import Meeting
meeting = Meeting.objects.get(group={group}, number={number})
day = datetime.date.fromisoformat("{yesterday.isoformat()}") - datetime.timedelta(days=3 - {number})
meeting.starts_at -= meeting.day - day
meeting.day = day
meeting.save()
""",
    )
