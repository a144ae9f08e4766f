"""Packages in /cms/: a plan or nothing, made from templates, copies and by hand, without code."""

import re
import time

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from html5lib import parse

from mentoring.forms.packages import MOST_STEPS
from mentoring.groups import create_group
from mentoring.models import LearningGroup, Package, Step
from mentoring.ready import KEYS, create_from_template
from modules.freshness import renew_content
from modules.models import ModulePage
from tests.groups_ground import small_group, small_package
from tests.plain_course import plain_course

LIST, ADD = "wagtailsnippets_mentoring_package:list", "wagtailsnippets_mentoring_package:add"
EDIT, COPY = "wagtailsnippets_mentoring_package:edit", "wagtailsnippets_mentoring_package:copy"
XHTML = "{http://www.w3.org/1999/xhtml}"


def fields_of(page) -> dict[str, str]:
    """What a browser would send back from the form of an admin page, untouched."""
    tree, sent = parse(page.content.decode()), {}
    form = next(
        form
        for form in tree.iter(f"{XHTML}form")
        if form.get("id", "").startswith("w-editor") or form.get("data-edit-form") is not None
    )
    for field in form.iter():
        name = field.get("name")
        if not name or "__prefix__" in name:
            continue
        if field.tag == f"{XHTML}textarea":
            sent[name] = (field.text or "").removeprefix("\n")
        elif field.tag == f"{XHTML}select":
            options = list(field.iter(f"{XHTML}option"))
            sent[name] = next(
                (one.get("value") for one in options if one.get("selected") is not None), options[0].get("value")
            )
        elif (
            field.tag == f"{XHTML}input"
            and field.get("type") not in {"checkbox", "radio", "submit"}
            or field.get("checked") is not None
        ):
            sent[name] = field.get("value") or ("on" if field.get("type") == "checkbox" else "")
    return sent


def step(number: int, **fields) -> dict[str, str]:
    empty = dict.fromkeys("id title module_count minutes text agenda topics prompts guide DELETE".split(), "")
    return {f"steps-{number}-{name}": value for name, value in (empty | {"ORDER": str(number + 1)} | fields).items()}


def package_form(*steps: dict, **fields) -> dict[str, str]:
    """A package as an administrator types it."""
    sent = {
        "name": "Samtalegruppe for assistenter",
        "audience": "staff",
        "summary": "For dere som jobber natt.",
        "course": "",
        "mentor_from": "centre",
        "rhythm": "2w",
        "usual_start": "13:30",
        "max_members": "8",
        "make_ups": "0",
        "notes": "none",
        "confidentiality": "Det som blir fortalt i gruppen, blir i gruppen.",
        "steps-TOTAL_FORMS": str(len(steps)),
        "steps-INITIAL_FORMS": "0",
        "steps-MIN_NUM_FORMS": "0",
        "steps-MAX_NUM_FORMS": "1000",
    }
    for number, fields_of_step in enumerate(steps):
        sent |= step(number, **fields_of_step)
    return sent | fields


MEETING = {"kind": "meeting", "title": "Om natten", "minutes": "60", "agenda": "10 Velkommen\n50 Samtale"}
WORK = {"kind": "work", "text": "Tenk over en natt du husker."}
NOTE = {"kind": "note", "prompts": "Hva tar du med deg?"}


@pytest.fixture
def browser(admin, signed_in):
    return signed_in(admin)


def test_an_administrator_makes_a_fifth_package_without_code(browser):
    answer = browser.post(reverse(ADD), package_form(WORK, MEETING, MEETING | {"title": "Om å få sove"}))

    package = Package.objects.get()
    assert answer.url == reverse(LIST)
    assert (package.name, package.rhythm, str(package.usual_start)) == (
        "Samtalegruppe for assistenter",
        "2w",
        "13:30:00",
    )
    assert [(one.kind, one.title) for one in package.steps.all()] == [
        ("work", ""),
        ("meeting", "Om natten"),
        ("meeting", "Om å få sove"),
    ]


@pytest.mark.parametrize(
    ("steps", "fields", "sentence"),
    [
        ([], {}, "En pakke har minst ett møte."),
        ([MEETING, WORK], {}, "Etter modulene eller arbeidet på egen hånd må det komme et møte."),
        (
            [MEETING | {"agenda": "30 Innledning\n31 Samtale"}],
            {},
            "Steg 1: programmet er på 61 minutter, men møtet varer 60.",
        ),
        (
            [{"kind": "modules", "module_count": "1"}, MEETING],
            {},
            "Pakken har ikke noe nettkurs. Velg et kurs, eller bruk «arbeid på egen hånd».",
        ),
        ([MEETING], {"notes": "final"}, "Pakken har notat til slutt: da er notatet ett steg, og det siste."),
        ([NOTE, MEETING], {"notes": "final"}, "Pakken har notat til slutt: da er notatet ett steg, og det siste."),
        ([MEETING, NOTE], {}, "Planen har et steg for notat, men pakken har ikke notat."),
        ([NOTE, MEETING], {"notes": "per_meeting"}, "Spørsmålene til et notat står etter møtet de hører til."),
        ([MEETING], {"required_meetings": "2"}, "Pakken krever 2 møter, men planen har 1."),
        ([MEETING], {"few_signed_up": "9"}, "Grensen for få påmeldte er 9, men gruppen har bare 8 plasser."),
        (
            [MEETING],
            {"required_meetings": "0", "gives_certificate": "on"},
            "Et kursbevis må kreve noe: moduler, møter eller et notat.",
        ),
    ],
)
def test_the_form_refuses_when_it_is_no_plan(browser, steps, fields, sentence):
    answer = browser.post(reverse(ADD), package_form(*steps, **fields))

    assert answer.context["form"].non_field_errors() == [sentence]
    assert not Package.objects.exists()


@pytest.mark.parametrize(
    ("step_typed", "field", "sentence"),
    [
        (WORK | {"text": " "}, "text", "Skriv hva deltakerne gjør på egen hånd."),
        (MEETING | {"minutes": "5"}, "minutes", "Et møte varer fra 15 til 720 minutter."),
        (MEETING | {"minutes": ""}, "minutes", "Et møte varer fra 15 til 720 minutter."),
        ({"kind": "modules", "module_count": ""}, "module_count", "Skriv hvor mange moduler."),
    ],
)
def test_the_form_says_beside_the_field_what_a_step_lacks(browser, step_typed, field, sentence):
    answer = browser.post(reverse(ADD), package_form(step_typed, MEETING))

    assert answer.context["form"].formsets["steps"].errors == [{field: [sentence]}, {}]


@pytest.mark.parametrize(
    ("blocks", "fits"), [((2, 2, 1), True), ((2, 1, 2), True), ((1, 2, 2), True), ((3, 1, 1), False)]
)
def test_five_modules_over_three_meetings_go_in_three_ways(browser, blocks, fits):
    course = plain_course(5)
    steps = [one for count in blocks for one in ({"kind": "modules", "module_count": str(count)}, MEETING)]

    answer = browser.post(reverse(ADD), package_form(*steps, course=str(course.pk)))

    said = [] if answer.status_code == 302 else answer.context["form"].non_field_errors()
    assert said == ([] if fits else ["Fem moduler over tre møter går bare som 2–2–1, 2–1–2 eller 1–2–2."])
    assert Package.objects.exists() is fits


def test_the_form_refuses_when_a_module_is_left_out_or_the_course_is_not_published(browser, course):
    steps = [{"kind": "modules", "module_count": "1"}, MEETING]

    left_out = browser.post(reverse(ADD), package_form(*steps, course=str(course.page.pk)))
    course.page.unpublish()
    hidden = browser.post(reverse(ADD), package_form(*steps, course=str(course.page.pk)))

    assert left_out.context["form"].non_field_errors() == [
        "Kurset har 2 moduler, men planen har 1. Hver modul skal med én gang."
    ]
    assert list(hidden.context["form"].errors) == ["course"]


def test_a_package_that_groups_follow_keeps_its_plan_and_its_rules(browser, course, mentor):
    package = small_group(course.page, mentor).package
    page = reverse(EDIT, args=[package.pk])
    form = fields_of(browser.get(page))
    refusal = [
        "Grupper følger denne pakken nå, så planen og reglene må stå. Lag en kopi og endre den. "
        "Tekster, temaer og spørsmål kan du endre her."
    ]

    rule = browser.post(page, form | {"make_ups": "2"})
    notes = browser.post(page, form | {"notes": "none"})
    plan = browser.post(page, form | {"steps-1-minutes": "120"})
    words = browser.post(
        page,
        form | {"summary": "Ny tekst.", "audience": "relatives", "steps-1-prompts": "Hva nå?", "is_open": "on"},
    )

    for refused in (rule, notes, plan):
        assert refused.context["form"].non_field_errors() == refusal
    assert words.status_code == 302
    package.refresh_from_db()
    assert (package.summary, package.make_ups, package.steps.all()[1].prompts) == ("Ny tekst.", 1, "Hva nå?")
    assert package.audience == "relatives"
    assert package.groups.get().meetings.first().prompts == "Hva gikk bra?\nHva kan vi gjøre annerledes?"


def test_words_may_change_though_the_course_has_got_a_module_since(browser, mentor):
    course = plain_course(5)
    package = create_from_template("training_package", course)
    create_group(package=package, name="Solbakken", mentor=mentor)
    page = reverse(EDIT, args=[package.pk])
    ModulePage.objects.order_by("path").last().unpublish()
    renew_content()

    words = browser.post(page, fields_of(browser.get(page)) | {"summary": "Ny tekst."})
    wrong = browser.post(page, fields_of(browser.get(page)) | {"steps-1-agenda": "91 Samtale"})

    assert words.status_code == 302
    assert wrong.context["form"].non_field_errors() == ["Steg 2: programmet er på 91 minutter, men møtet varer 90."]


def test_a_package_whose_groups_have_ended_may_change(browser, course, mentor):
    group = small_group(course.page, mentor)
    LearningGroup.objects.update(status="completed")
    page = reverse(EDIT, args=[group.package.pk])

    answer = browser.post(page, fields_of(browser.get(page)) | {"make_ups": "2"})

    assert (answer.status_code, Package.objects.get().make_ups) == (302, 2)


def test_a_copy_has_steps_of_its_own(browser, course):
    package = small_package(course.page)

    form = fields_of(browser.get(reverse(COPY, args=[package.pk])))
    answer = browser.post(reverse(ADD), form | {"name": "Liten pakke, ny"})

    assert answer.status_code == 302
    copy = Package.objects.get(name="Liten pakke, ny")
    assert [one.kind for one in copy.steps.all()] == [one.kind for one in package.steps.all()]
    assert package.steps.count() == 5


@pytest.mark.parametrize("key", KEYS)
def test_a_package_from_each_template_opens_saves_and_shows_its_line(browser, key):
    course = plain_course(5)
    form = {"key": key, "course": "" if key == "four_topics" else str(course.pk), "shape": "2-1-2", "name": ""}

    made = browser.post(reverse("wagtailsnippets_mentoring_package:from_template"), form)

    package = Package.objects.get()
    assert made.url == reverse(EDIT, args=[package.pk])
    page = browser.get(made.url)
    saved = browser.post(made.url, fields_of(page))
    assert saved.status_code == 302
    preview = reverse("wagtailsnippets_mentoring_package:preview_on_edit", args=[package.pk])
    browser.post(preview, fields_of(page))
    body = browser.get(preview).content.decode()
    assert re.findall(r"<h1>(.*?)</h1>", body) == [package.name]
    assert body.count("date-block") == package.steps.filter(kind=Step.Kind.MEETING).count()
    assert "Dette må rettes" not in body


def test_a_template_refuses_when_the_course_does_not_fit(browser, course):
    form = {"key": "training_package", "course": str(course.page.pk), "shape": "2-2-1", "name": ""}

    answer = browser.post(reverse("wagtailsnippets_mentoring_package:from_template"), form)

    assert answer.context["form"].non_field_errors() == ["Malen er for et kurs med 5 moduler. «Lite kurs» har 2."]
    assert not Package.objects.exists()


def test_the_line_is_shown_while_the_plan_is_not_whole_yet(browser):
    preview = reverse("wagtailsnippets_mentoring_package:preview_on_add")

    asked = browser.post(preview, package_form(MEETING, WORK, example_start="2026-12-22"))
    body = browser.get(preview).content.decode()

    assert asked.json() == {"is_valid": True, "is_available": True}
    assert "Etter modulene eller arbeidet på egen hånd må det komme et møte." in body
    assert 'datetime="2026-12-22"' in body
    assert "juleferie i skolen" in body


def test_a_package_in_use_is_not_deleted_and_one_that_was_never_used_is(browser, course, mentor):
    used, unused = small_group(course.page, mentor).package, create_from_template("parents")
    said = []
    for package in (used, unused):
        answer = browser.post(reverse("wagtailsnippets_mentoring_package:delete", args=[package.pk]))
        said.append([str(message) for message in get_messages(answer.wsgi_request)][-1])

    assert list(Package.objects.all()) == [used]
    assert said[0] == "«Liten pakke» er i bruk og kan ikke slettes. Steng den for søknader i stedet."


def test_editors_are_refused(editor, signed_in):
    for name in (LIST, ADD, "wagtailsnippets_mentoring_package:from_template"):
        assert signed_in(editor).get(reverse(name)).status_code == 302


@pytest.mark.parametrize(
    "told",
    [
        {"steps-TOTAL_FORMS": "2147483648"},
        {"steps-TOTAL_FORMS": "+5"},
        {"steps-TOTAL_FORMS": "5", "steps-4-ORDER": "5"},
        {"steps-INITIAL_FORMS": "1", "steps-0-id": "x"},
        {"steps-INITIAL_FORMS": "99999999999999999999", "steps-0-id": "9" * 30},
    ],
)
def test_steps_that_did_not_come_with_the_form_are_refused_at_once(browser, told):
    begun = time.process_time()

    for name in ("Natt", ""):
        answer = browser.post(reverse(ADD), package_form(MEETING, name=name) | told)
        assert answer.status_code == 200
        assert "Alle stegene kom ikke fram. Åpne pakken på nytt." in answer.content.decode()

    assert time.process_time() - begun < 10
    assert not Package.objects.exists()


def test_a_step_without_its_id_is_refused(browser):
    sent = package_form(MEETING) | {"steps-INITIAL_FORMS": "1"}
    del sent["steps-0-id"]

    assert browser.post(reverse(ADD), sent).status_code == 200
    assert not Package.objects.exists()


def test_a_package_of_many_steps_is_taken(browser):
    steps = [MEETING | {"title": f"Møte {number}"} for number in range(MOST_STEPS)]

    assert browser.post(reverse(ADD), package_form(*steps)).status_code == 302
    assert Package.objects.get().steps.count() == MOST_STEPS


@pytest.mark.parametrize("course", ["9" * 20, "-1", "x"])
def test_a_course_that_is_none_is_refused_in_words(browser, course):
    template = {"key": KEYS[0], "course": course, "shape": "", "name": ""}

    for answer in (
        browser.post(reverse(ADD), package_form(MEETING, course=course)),
        browser.post("/cms/snippets/mentoring/package/preview/", package_form(MEETING, course=course)),
        browser.post("/cms/snippets/mentoring/package/mal/", template),
    ):
        assert answer.status_code in {200, 422}
    assert not Package.objects.exists()
