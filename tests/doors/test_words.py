"""Lists, searches, counts, exports and error pages give away no more than the pages themselves (S11)."""

import io
import re
import zipfile
from pathlib import Path

import pytest
from django.core.cache import caches
from django.test import Client
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Site

from modules.freshness import renew_content
from tests.doors.world import ROLES, WORDS, World, make_world

TABLE = Path(__file__).with_name("words.tsv")
PAGES = """
    / /kurs/ /kurs/lite-kurs/ /kurs/lite-kurs/modul-1/leksjon-1/ /kurs/lite-kurs/modul-2/leksjon-3/ /kurs/pilot/
    /kurs/pilot/modul-a/leksjon-a/ /kurs/kladd/ /kurs/lite-kurs/modul-1/utkast/ /en/kurs/ /min-side/ /notatbok/
    /grupper/soknad/ /grupper/soknad/{package}/ /grupper/soknader/{application}/
    /grupper/{group}/moter/1/ /grupper/{group}/moter/1/ta-med/ /grupper/{group}/moter/1/skjerm/ /grupper/{group}/brev/
    /grupper/{group}/moter/1/ta-igjen/{groupmate_membership}/ /grupper/{group}/logg/ /grupper/{group}/moter/2/
    /grupper/{group}/moter/2/endre/ /grupper/{group}/moter/2/avstemning/ /rapporter/ /rapporter/tall.csv
    /rapporter/rader/status/enrolled/ /rapporter/rader/moter/notes/rader.csv
    /grupper/{group}/notat/ /grupper/{group}/notat/lever/ /grupper/{group}/notater/ /grupper/{group}/notater/{note}/
    /grupper/{group}/notater/{draft_note}/ /grupper/{other_group}/notater/{note}/
    /grupper/ /grupper/{group}/ /grupper/{other_group}/
    /grupper/{group}/deltakere/ /grupper/{group}/taushet/ /grupper/{group}/liste.csv /grupper/{planned_group}/
    /grupper/{planned_group}/deltakere/ /grupper/{planned_group}/deltakere/{place}/ta-ut/
    /grupper/{planned_group}/deltakere/{place}/erstatt/ /grupper/invitasjon/borte/ /konto/ /konto/email/ /konto/sessions/ /konto/2fa/
    /arbeidsplass/ /arbeidsplass/deling/ /arbeidsplass/{workplace}/ /arbeidsplass/{workplace}/liste.csv
    /arbeidsplass/{workplace}/inviter/ /arbeidsplass/{workplace}/kurs/{required}/minn/ /arbeidsplass/{other_workplace}/
    /arbeidsplass/{workplace}/ansatte/{employee}/fjern/ /arbeidsplass/svar/{answered}/ /arbeidsplass/svar/borte/
    /kursbevis/ /kursbevis/{erased}/ /kursbevis/{erased}.json /kursbevis/ny/{course_key}/ /robots.txt
    /sitemap.xml /sok/?q=kanari /search/?query=kanari /api/v2/pages/ /oembed/?url=/kurs/pilot/ /finnes-ikke/kanari/
    /?preview=1&in_preview_panel=true&token=x&mode=draft /kurs/?q=kanari&draft=1
    /dokumenter/{draft_file} /dokumenter/{pilot_file} /dokumenter/{unused_file} /tall/
""".split()
CMS_PAGES = """
    /cms/ /cms/pages/ /cms/pages/{index}/ /cms/pages/{course}/ /cms/pages/{module}/ /cms/pages/{draft}/history/
    /cms/pages/search/?q={page_words} /cms/pages/search/results/?q={page_words} /cms/choose-page/search/?q={page_words}
    /cms/choose-page/{index}/ /cms/api/main/pages/?search={page_words} /cms/api/main/pages/?child_of={index}
    /cms/users/?q={person} /cms/certificates/?q={person} /cms/certificates/inspect/{certificate}/
    /cms/snippets/mentoring/learninggroup/?q={thing} /cms/snippets/mentoring/learninggroup/edit/{group}/
    /cms/snippets/mentoring/learninggroup/avlys/{group}/ /cms/snippets/mentoring/package/ /cms/snippets/mentoring/round/
    /cms/snippets/mentoring/package/edit/{package}/ /cms/snippets/mentoring/mentorqualification/
    /cms/applications/?q=Fjellro /cms/applications/inspect/{application}/ /cms/applications/offer/{application}/
    /cms/innsyn/ /cms/innsyn/{glass}/ /cms/innsyn/{glass}/les/{note}/ /cms/snippets/mentoring/learninggroup/?q=kanari
    /cms/snippets/workplaces/workplace/?q={place} /cms/snippets/workplaces/workplace/edit/{workplace}/
    /cms/snippets/workplaces/leadership/?q={person} /cms/snippets/workplaces/leadership/inspect/{leadership}/
    /cms/snippets/outbox/outgoingmail/?q={thing} /cms/snippets/outbox/outgoingmail/inspect/{mail}/
    /cms/snippets/modules/pilotfeedback/ /cms/documents/?q={thing} /cms/documents/chooser/?q={thing}
    /cms/reports/site-history/ /cms/reports/aging-pages/ /cms/reports/locked/ /cms/reports/page-types-usage/
    /cms/pages/usage/modules/lessonpage/ /cms/pages/usage/modules/coursepage/
""".split()
QUERIES = {
    "page_words": ("Pilotkanari", "Kladdkanari", "Utkastkanari", "Endringskanari"),
    "person": ("Olaug", "owner-canary", "Evald"),
    "place": ("Arbeidskanari", "Ansattkanari", "Arbeidsnabo"),
    "thing": ("Gruppekanari", "Nabokanari", "Emnekanari"),
}
STAFF = {"editor", "admin", "superuser"}
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="\w+"')


def expected() -> dict[str, list[str]]:
    """The roles that meet each of the words."""
    rows = (line.split("\t") for line in TABLE.read_text().splitlines() if not line.startswith("#"))
    return {what: roles.split(", ") if roles else [] for what, roles in rows}


@pytest.fixture
def world(db) -> World:
    world = make_world()
    page = Page.objects.get(slug="kurs")
    world.ids |= {"index": page.pk, "module": world.course.modules[0].pk}
    return world


def everything_said_to(client: Client, world: World, role: str) -> str:
    """All that the person is shown, one text after the other."""
    texts = [_text(client.get(address.format(**world.ids))) for address in PAGES]
    texts.append(_text(client.post("/konto/mine-data/")))
    if role in STAFF:
        texts += [_text(client.get(address.format(**world.ids))) for address in cms_addresses()]
    caches["default"].clear()
    return "\n".join(texts)


def cms_addresses() -> list[str]:
    """The addresses of /cms/, each search once for each word."""
    found = []
    for address in CMS_PAGES:
        kind = next((kind for kind in QUERIES if f"{{{kind}}}" in address), "")
        found += [address.replace(f"{{{kind}}}", query) for query in QUERIES.get(kind, ("",))]
    return found


def _text(answer) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if answer["Content-Type"] == "application/zip":
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            content = b"\n".join(package.read(name) for name in package.namelist())
    return f"{answer.get('Location', '')}\n{answer.get('Content-Disposition', '')}\n{content.decode(errors='replace')}"


def test_each_word_reaches_the_roles_in_the_table(world):
    said = {role: everything_said_to(world.client(role), world, role) for role in ROLES if role != "suspended"}

    reached = {what: [role for role, text in said.items() if word in text] for what, word in WORDS.items()}

    assert reached == expected()


FORBIDDEN_AND_MISSING = [
    ("/grupper/{other_group}/", "/grupper/987654321/"),
    ("/grupper/{other_group}/deltakere/", "/grupper/987654321/deltakere/"),
    ("/grupper/{planned_group}/deltakere/{place}/ta-ut/", "/grupper/987654321/deltakere/{place}/ta-ut/"),
    ("/grupper/{group}/liste.csv", "/grupper/987654321/liste.csv"),
    ("/grupper/soknader/{application}/", "/grupper/soknader/987654321/"),
    ("/arbeidsplass/{workplace}/", "/arbeidsplass/987654321/"),
    ("/arbeidsplass/{workplace}/liste.csv", "/arbeidsplass/987654321/liste.csv"),
    ("/arbeidsplass/{workplace}/ansatte/{silent}/fjern/", "/arbeidsplass/{workplace}/ansatte/987654321/fjern/"),
    ("/arbeidsplass/deling/{silent}/", "/arbeidsplass/deling/987654321/"),
    ("/kurs/pilot/", "/kurs/borte/"),
    ("/kurs/kladd/", "/kurs/borte/"),
    ("/kurs/pilot/modul-a/leksjon-a/", "/kurs/borte/modul-a/leksjon-a/"),
    ("/kurs/lite-kurs/modul-1/utkast/", "/kurs/lite-kurs/modul-1/borte/"),
    ("/kurs/lite-kurs/modul-1/leksjon-3/", "/kurs/lite-kurs/modul-1/borte/"),
    ("/dokumenter/{draft_file}", "/dokumenter/987654321/draft.pdf"),
    ("/dokumenter/{pilot_file}", "/dokumenter/987654321/pilot.pdf"),
    ("/files/{file_path}", "/files/documents/borte.pdf"),
]


@pytest.mark.parametrize("role", ["anonymous", "owner"])
def test_what_is_forbidden_looks_like_what_is_missing(world, role):
    client = world.client(role)
    client.get("/kurs/")  # where a greeting after sign-in is shown

    def looks(address: str) -> tuple:
        answer = client.get(address.format(**world.ids), headers={"X-Request-ID": "den-samme"})
        where = (answer.get("Location") or "").replace(address.format(**world.ids), "")
        return answer.status_code, where, sorted(answer.headers), TOKEN.sub(b"", answer.content)

    assert [pair for pair in FORBIDDEN_AND_MISSING if looks(pair[0]) != looks(pair[1])] == []


def old_address(path: str, target: Page) -> None:
    Redirect.objects.create(old_path=path, site=Site.objects.get(), redirect_page=target, is_permanent=True)


def test_an_old_address_leads_on_to_what_is_published(client, course):
    old_address("/gammelt", course.lessons[0])

    assert client.get("/gammelt/").url == "/kurs/lite-kurs/modul-1/leksjon-1/"


@pytest.mark.parametrize("target", ["pilot", "pilot_lesson", "draft", "draft_course"])
def test_an_old_address_is_missing_when_what_it_leads_to_is_not_for_the_person(world, target):
    old_address("/gammelt", Page.objects.get(pk=world.ids[target]).specific)

    assert world.client("owner").get("/gammelt/").status_code == 404


def test_an_old_address_of_a_pilot_leads_its_testers_on(world):
    old_address("/gammelt", Page.objects.get(pk=world.ids["pilot"]).specific)

    assert world.client("tester").get("/gammelt/").url == "/kurs/pilot/"


def test_a_course_that_becomes_a_pilot_is_gone_at_once_for_visitors(client, course):
    assert client.get("/kurs/lite-kurs/").status_code == 200

    course.page.is_pilot = True
    course.page.save_revision().publish()
    renew_content()

    assert client.get("/kurs/lite-kurs/").status_code == 404
    assert "Lite kurs" not in client.get("/").content.decode() + client.get("/kurs/").content.decode()


def test_nobody_changes_the_addresses_of_another_by_naming_them(world):
    for action in ("action_remove", "action_primary", "action_send"):
        world.client("other").post("/konto/email/", {"email": "owner2@example.org", action: ""})

    owned = world.people["owner"].emailaddress_set.order_by("pk").values_list("email", "primary", "verified")
    assert list(owned) == [("owner-canary@example.org", True, True), ("owner2@example.org", False, True)]
