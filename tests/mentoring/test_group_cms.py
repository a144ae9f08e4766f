"""Groups, the mentor register and rounds in /cms/: by the rules, with their log, and nothing that members wrote."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from mentoring.group_mail import tell_cancelled
from mentoring.groups import hand_over
from mentoring.models import Application, LearningGroup, Membership, MentorQualification, Note, Round
from tests.groups_ground import small_group, small_package
from tests.people import make_person

SECRET = "Jeg tenkte på gutten i blå jakke."


def url(model: str, name: str, *args) -> str:
    return reverse(f"wagtailsnippets_mentoring_{model}:{name}", args=args)


@pytest.fixture
def browser(admin, signed_in):
    return signed_in(admin)


@pytest.fixture
def package(course):
    return small_package(course.page)


@pytest.fixture
def group(course, mentor, learner):
    return small_group(course.page, mentor, learner, started=False)


def said(answer) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]


def new_group(package, **changed) -> dict[str, str]:
    return {
        "name": "Solbakken barnehage",
        "package": str(package.pk),
        "mentor": "mentor@example.org",
        "contact": "",
        "kind": "institution",
        "max_members": "",
        "workplace": "Solbakken",
        "municipality": "",
    } | changed


def test_a_new_group_has_its_meetings_and_its_log(browser, package, admin, mentor, learner):
    answer = browser.post(url("learninggroup", "add"), new_group(package, contact="learner@example.org"))

    group = LearningGroup.objects.get()
    assert answer.url == url("learninggroup", "list")
    assert (group.status, group.mentor, group.contact, group.workplace) == ("planned", mentor, learner, "Solbakken")
    assert group.meetings.count() == 2
    assert list(group.events.values_list("kind", "by")) == [("created", admin.pk)]


@pytest.mark.parametrize(
    ("changed", "errors"),
    [
        (
            {"mentor": "ingen@example.org"},
            {"mentor": ["Vi finner ingen med denne adressen. Personen må ha en konto først."]},
        ),
        (
            {"mentor": "learner@example.org"},
            {"__all__": ["Ingrid Solheim står ikke i mentorregisteret for «Liten pakke»."]},
        ),
        ({"name": ""}, {"name": ["Fyll ut dette feltet."]}),
        ({"max_members": "0"}, {"max_members": ["En gruppe har minst én plass."]}),
    ],
)
def test_a_new_group_is_refused(browser, package, mentor, learner, changed, errors):
    answer = browser.post(url("learninggroup", "add"), new_group(package, **changed))

    assert answer.context["form"].errors == errors
    assert not LearningGroup.objects.exists()


def test_the_page_of_a_group_shows_people_meetings_and_log_and_nothing_they_wrote(browser, group, learner):
    membership = group.memberships.get()
    Note.objects.create(membership=membership, text=SECRET, status="handed_in")

    page = browser.get(url("learninggroup", "edit", group.pk)).content.decode()

    for shown in ("Ingrid Solheim", "1. Første møte", "Gruppen ble opprettet", "Start gruppen", "Ny mentor"):
        assert shown in page
    assert SECRET not in page
    assert 'name="memberships' not in page and 'name="mentor"' not in page and 'name="package"' not in page


def test_facts_of_a_group_are_put_right_and_a_new_contact_person_stands_in_the_log(browser, group, admin):
    other = make_person("kontakt@example.org", "Kari Kontakt")
    form = {"name": "Solbakken", "contact": "kontakt@example.org", "kind": "profession", "max_members": "6"}

    browser.post(url("learninggroup", "edit", group.pk), form | {"workplace": "", "municipality": ""})
    browser.post(url("learninggroup", "edit", group.pk), form | {"workplace": "", "municipality": ""})

    group.refresh_from_db()
    assert (group.name, group.contact, group.kind, group.max_members) == ("Solbakken", other, "profession", 6)
    assert list(group.events.values_list("kind", "by", "about"))[1:] == [("contact", admin.pk, other.pk)]


def test_fewer_places_than_members_are_refused(browser, group, other_learner):
    Membership.objects.create(group=group, member=other_learner)
    form = {"name": "S", "contact": "", "kind": "profession", "max_members": "1", "workplace": "", "municipality": ""}

    answer = browser.post(url("learninggroup", "edit", group.pk), form)

    assert answer.context["form"].errors == {"max_members": ["Gruppen har 2 deltakere nå."]}


def test_a_group_starts_changes_hands_and_is_completed_from_its_page(browser, group):
    make_person("annen@example.org", "Annette Vik", role="Mentor")
    back = url("learninggroup", "edit", group.pk)

    asked = browser.get(url("learninggroup", "start", group.pk))
    started = browser.post(url("learninggroup", "start", group.pk))
    early = browser.post(url("learninggroup", "complete", group.pk))
    handed = browser.post(url("learninggroup", "hand_over", group.pk), {"mentor": "annen@example.org"})
    group.meetings.update(status="held")
    browser.post(url("learninggroup", "complete", group.pk))

    assert "Gruppen har 1 deltaker nå." in asked.content.decode()
    assert (started.url, handed.url) == (back, back)
    assert early.context["form"].non_field_errors() == [
        "Hvert møte må være holdt eller avlyst før gruppen er fullført. Dette står igjen: 1. Første møte, 2. Andre møte"
    ]
    group.refresh_from_db()
    assert (group.status, group.mentor.name) == ("completed", "Annette Vik")
    assert list(group.events.values_list("kind", flat=True)) == ["created", "started", "mentor", "completed"]


def test_asking_to_cancel_changes_nothing_and_saying_so_does(browser, group):
    page = browser.get(url("learninggroup", "cancel", group.pk)).content.decode()
    group.refresh_from_db()
    assert group.status == "planned"
    assert "2 møter blir avlyst." in page and "1 deltaker får beskjed på e-post" in page

    browser.post(url("learninggroup", "cancel", group.pk))

    group.refresh_from_db()
    assert group.status == "cancelled"
    assert "Avlys gruppen" not in browser.get(url("learninggroup", "edit", group.pk)).content.decode()


def test_a_group_is_not_deleted_by_anybody(group, signed_in):
    boss = make_person("boss@example.org", "Sigrun Tveit", is_superuser=True, is_staff=True)
    browser = signed_in(boss)
    several = reverse("wagtail_bulk_action", args=["mentoring", "learninggroup", "delete"])

    one = browser.post(url("learninggroup", "delete", group.pk))
    many = browser.post(f"{several}?id={group.pk}")

    assert (one.url, many.url) == (url("learninggroup", "list"),) * 2
    assert said(one)[-1] == "Grupper slettes ikke, for historien til deltakerne skal stå. Avlys gruppen i stedet."
    assert LearningGroup.objects.filter(pk=group.pk).exists()


def test_an_entry_of_the_register_is_made_shown_with_groups_and_found_when_it_has_run_out(browser, group, mentor):
    yesterday = timezone.localdate() - timedelta(days=1)
    form = {"person": "Mentor@Example.org", "package": str(group.package.pk), "trained_on": "", "valid_until": ""}

    made = browser.post(url("mentorqualification", "add"), form | {"valid_until": str(yesterday)})

    assert made.url == url("mentorqualification", "list")
    found = MentorQualification.objects.get()
    assert (found.person, found.valid_until) == (mentor, yesterday)
    everybody = browser.get(url("mentorqualification", "list")).content.decode()
    assert "1 mentorgodkjenning" in everybody
    assert "Gått ut" in everybody and everybody.count("Solbakken barnehage") == 2
    lists = [browser.get(url("mentorqualification", "list"), {"validity": value}) for value in ("out", "holds")]
    assert [list(page.context["object_list"]) for page in lists] == [[found], []]
    assert list(browser.get(url("mentorqualification", "list"), {"q": "Fjellanger"}).context["object_list"]) == [found]


@pytest.mark.parametrize(
    ("changed", "errors"),
    [
        (
            {"person": "x@example.org"},
            {"person": ["Vi finner ingen med denne adressen. Personen må ha en konto først."]},
        ),
        (
            {"trained_on": "2026-03-02", "valid_until": "2026-03-01"},
            {"valid_until": ["Godkjenningen slutter før opplæringen er fullført."]},
        ),
    ],
)
def test_an_entry_of_the_register_is_refused(browser, package, mentor, changed, errors):
    form = {"person": "mentor@example.org", "package": str(package.pk), "trained_on": "", "valid_until": ""}

    answer = browser.post(url("mentorqualification", "add"), form | changed)

    assert answer.context["form"].errors == errors


def test_a_mentor_is_in_the_register_once_for_each_package(browser, package, mentor):
    form = {"person": "mentor@example.org", "package": str(package.pk), "trained_on": "", "valid_until": ""}

    browser.post(url("mentorqualification", "add"), form)
    again = browser.post(url("mentorqualification", "add"), form)

    assert again.status_code == 200
    assert MentorQualification.objects.count() == 1


def test_a_round_is_made_and_refused_when_it_closes_before_it_opens(browser, package):
    form = {"package": str(package.pk), "name": "våren 2027", "places": "4", "opens_on": "2027-01-10"}

    wrong = browser.post(url("round", "add"), form | {"closes_on": "2027-01-09"})
    right = browser.post(url("round", "add"), form | {"closes_on": "2027-02-10"})

    assert wrong.context["form"].errors == {"closes_on": ["Søknadsfristen er før runden åpner."]}
    assert right.url == url("round", "list")
    assert (Round.objects.get().places, browser.get(url("round", "list")).status_code) == (4, 200)


def test_a_round_with_applications_is_not_deleted(browser, package, learner):
    used, unused = [Round.objects.create(package=package, name=name, places=2) for name in ("a", "b")]
    Application.objects.create(
        package=package, round=used, contact=learner, workplace="Solbakken", kind="institution", expected_size=5
    )

    answers = [browser.post(url("round", "delete", one.pk)) for one in (used, unused)]

    assert list(Round.objects.all()) == [used]
    assert said(answers[0])[-1] == "Runden har søknader og kan ikke slettes."


def test_the_menu_has_one_room_for_groups(browser, editor, signed_in):
    rooms = ["/cms/snippets/mentoring/learninggroup/", "/cms/applications/", "/cms/snippets/mentoring/package/"]
    rooms += ["/cms/snippets/mentoring/round/", "/cms/snippets/mentoring/mentorqualification/"]

    menus = [signed_in(person).get(reverse("wagtailadmin_home")).content.decode() for person in (editor,)]
    own = browser.get(reverse("wagtailadmin_home")).content.decode()

    assert [room in own for room in rooms] == [True] * 5
    assert [room in menus[0] for room in rooms] == [False] * 5


def test_mentors_and_editors_change_no_group(group, mentor, editor, signed_in):
    for person in (mentor, editor):
        for name in ("start", "cancel", "complete", "hand_over"):
            assert signed_in(person).post(url("learninggroup", name, group.pk)).status_code in {302, 403}
    group.refresh_from_db()
    assert group.status == "planned"


def test_the_name_of_a_group_is_one_line(browser, package, mentor):
    name = "Solbakken\r\nBcc: ond@example.org\r\n\r\nHei\x0b\x1b"
    answer = browser.post(url("learninggroup", "add"), new_group(package, name=name))

    assert answer.status_code == 302
    assert LearningGroup.objects.get().name == "Solbakken Bcc: ond@example.org Hei"


def test_a_group_with_a_name_of_two_lines_is_told_of_on_one(group, admin, mailoutbox):
    hand_over(group, make_person("ny@example.org", "Nina Ny", role="Mentor"), by=admin)
    group.name = "Solbakken\nBcc: ond@example.org"
    tell_cancelled(group, [admin])

    assert mailoutbox[-1].subject == "Gruppen Solbakken Bcc: ond@example.org er avlyst"
    assert mailoutbox[-1].message()["Bcc"] is None
