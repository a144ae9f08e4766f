import re

import pytest
from django.contrib.auth.models import Group, Permission
from django.utils import timezone

from mentoring.applications import offer, put_on_waiting_list, withdraw
from mentoring.cms.applications import ANSWERS
from mentoring.models import Application, LearningGroup
from mentoring.tasks import settle_applications
from tests import people
from tests.groups_ground import small_group
from tests.mentoring.applying import *  # noqa: F403
from tests.mentoring.applying import facts, many_applications

LIST = "/cms/applications/"


def address(action, application):
    return f"/cms/applications/{action}/{application.pk}/"


@pytest.fixture
def admin_client(admin, signed_in):
    return signed_in(admin)


def found(client, **query):
    return set(client.get(LIST, query).context["object_list"])


def test_the_list_is_filtered_and_searched(admin_client, application, package, autumn, admin):
    first, second = many_applications(package, autumn, 2)
    put_on_waiting_list(second, admin)

    assert found(admin_client) == {application, first, second}
    assert found(admin_client, status="waiting") == {second}
    assert found(admin_client, round=autumn.pk) == {first, second}
    assert found(admin_client, package=package.pk, municipality="1103") == {application, first, second}
    assert found(admin_client, q="solbakken") == {application}
    assert found(admin_client, q=second.contact.email) == {second}


def test_the_list_offers_only_municipalities_that_applied(admin_client, application):
    choices = admin_client.get(LIST).context["filters"].form.fields["municipality"].queryset

    assert [place.pk for place in choices] == ["1103"]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_and_three(admin_client, package, autumn, count, django_assert_max_num_queries):
    many_applications(package, autumn, count)

    with django_assert_max_num_queries(22):
        assert len(admin_client.get(LIST).context["object_list"]) == count


def test_the_list_shows_the_figures_of_the_rounds(admin_client, package, autumn, admin):
    offered, _undecided = many_applications(package, autumn, 2)
    offer(offered, admin)

    (row,) = admin_client.get(LIST).context["rounds"]

    assert (row["round"], row["figures"].applied, row["figures"].offered) == (autumn, 2, 1)
    assert "1 venter på svar." in admin_client.get(LIST).content.decode()


def test_the_list_of_rounds_shows_what_became_of_them(admin_client, package, spring, admin):
    offered, _undecided = many_applications(package, spring, 2)
    LearningGroup.objects.filter(pk=offer(offered, admin).group.pk).update(status="completed")
    settle_applications()

    page = admin_client.get("/cms/snippets/mentoring/round/").content.decode()

    cells = [cell.strip() for cell in re.findall(r"<td[^>]*>([^<]*)</td>", page)]
    assert cells[-5:] == ["1", "2", "1", "1", "100 %"]


def test_the_next_in_line_is_pointed_out(admin_client, package, spring, admin):
    taken, first = many_applications(package, spring, 2)
    offer(taken, admin)
    put_on_waiting_list(first, admin)
    assert "Neste på ventelisten" not in admin_client.get(LIST).content.decode()

    withdraw(taken, taken.contact, "Sykdom.")

    for page in (LIST, "/cms/"):
        assert f'<a href="{address("inspect", first)}">Sted 1</a>' in admin_client.get(page).content.decode()


def test_the_first_page_says_how_many_wait_for_an_answer(admin_client, application):
    assert "1 søknad venter på svar" in admin_client.get("/cms/").content.decode()


def test_the_first_page_says_nothing_to_editors(editor, application, signed_in):
    assert "venter på svar" not in signed_in(editor).get("/cms/").content.decode()


def test_inspection_shows_the_facts_and_the_story(admin_client, application, admin):
    put_on_waiting_list(application, admin, "Fullt til våren.")

    response = admin_client.get(address("inspect", application))

    assert [(event.status, event.by, event.reason) for event in response.context["events"]] == [
        ("applied", application.contact, ""),
        ("waiting", admin, "Fullt til våren."),
    ]
    assert response.context["place_in_line"] == 1


@pytest.mark.parametrize(
    ("status", "group", "offered"),
    [
        ("applied", None, {"offer", "wait", "other", "refuse", "withdraw"}),
        ("waiting", None, {"offer", "other", "refuse", "withdraw"}),
        ("offered", "planned", {"transfer", "withdraw"}),
        ("offered", "started", set()),
        ("offered", "cancelled", {"withdraw"}),
        ("refused", None, set()),
        ("completed", "completed", set()),
    ],
)
def test_inspection_offers_what_can_be_done(admin_client, application, admin, mentor, spring, status, group, offered):
    if group:
        offer(application, admin, mentor=mentor)
        LearningGroup.objects.update(status=group, started_at=timezone.now())
    Application.objects.update(status=status)

    page = admin_client.get(address("inspect", application)).content.decode()

    assert {name for name in ANSWERS if address(name, application) in page} == offered


def test_moving_is_not_offered_without_another_round(admin_client, application, admin):
    offer(application, admin)

    page = admin_client.get(address("inspect", application)).content.decode()

    assert {name for name in ANSWERS if address(name, application) in page} == {"withdraw"}


def test_inspection_offers_nothing_to_those_who_only_look(learner, application, signed_in):
    learner.groups.add(Group.objects.get(name="Redaktør"))
    learner.user_permissions.add(Permission.objects.get(codename="view_application"))

    page = signed_in(learner).get(address("inspect", application)).content.decode()

    assert ("Solbakken barnehage" in page, address("offer", application) in page) == (True, False)


def test_a_place_is_given_with_a_group_and_a_mentor(admin_client, application, mentor):
    form = admin_client.get(address("offer", application)).context["form"]
    assert form.initial["name"] == "Solbakken barnehage"

    response = admin_client.post(
        address("offer", application),
        {"name": "Solbakken, våren", "mentor": mentor.email, "reason": "Velkommen."},
    )

    group = LearningGroup.objects.get()
    assert (response.url, group.name, group.mentor) == (address("inspect", application), "Solbakken, våren", mentor)


def test_giving_a_place_refuses_when_the_round_is_full(admin_client, package, spring, admin):
    first, second = many_applications(package, spring, 2)
    offer(first, admin)

    response = admin_client.post(address("offer", second), {"name": "Gruppe", "round": spring.pk})

    assert response.context["form"].non_field_errors() == [
        "Alle 1 plassene i runden våren 2027 er gitt bort. Sett søknaden på venteliste."
    ]
    assert "våren 2027 (0 av 1 plasser ledige)" in response.content.decode()


@pytest.mark.parametrize("who", ["borte@example.org", "learner@example.org"])
def test_giving_a_place_refuses_when_the_person_may_not_lead(admin_client, application, who):
    response = admin_client.post(address("offer", application), {"name": "Gruppe", "mentor": who})

    assert response.context["form"].errors["mentor"] == ["Denne personen kan ikke lede pakken nå. Velg en fra listen."]
    assert not LearningGroup.objects.exists()


def test_the_mentors_who_may_lead_are_to_be_chosen_from(admin_client, application, mentor, learner, course):
    people.make_person("andre@example.org", "Berit Lie", role="Mentor")
    small_group(course.page, mentor)

    page = admin_client.get(address("offer", application)).content.decode()

    assert re.findall(r'<option value="([^"]*)"[^>]*>(.*?)</option>', page) == [
        ("", "Ikke bestemt ennå"),
        ("andre@example.org", "Berit Lie (andre@example.org), leder 0 grupper nå"),
        ("mentor@example.org", "Marit Fjellanger (mentor@example.org), leder 1 gruppe nå"),
    ]


@pytest.mark.parametrize(("name", "label"), [("wait", "Begrunnelse (frivillig)"), ("refuse", "Begrunnelse")])
def test_what_may_stand_empty_says_so(admin_client, application, name, label):
    form = admin_client.get(address(name, application)).context["form"]

    assert (form["reason"].label, form.fields["reason"].required) == (label, name == "refuse")


def test_the_group_that_came_of_it_is_a_link_for_those_who_look_after_groups(
    admin_client, application, admin, other_learner, signed_in
):
    group = offer(application, admin).group
    link = f'<a href="/cms/snippets/mentoring/learninggroup/edit/{group.pk}/">Solbakken barnehage</a>'
    rights = ["access_admin", "view_application"]
    other_learner.user_permissions.add(*Permission.objects.filter(codename__in=rights))

    pages = [client.get(address("inspect", application)) for client in (admin_client, signed_in(other_learner))]

    assert [(page.status_code, link in page.content.decode()) for page in pages] == [(200, True), (200, False)]


@pytest.mark.parametrize(
    ("name", "status"),
    [("wait", "waiting"), ("other", "other_offer"), ("refuse", "refused"), ("withdraw", "withdrawn")],
)
def test_an_answer_is_given_with_a_reason(admin_client, application, name, status):
    response = admin_client.post(address(name, application), {"reason": "Derfor."})

    application.refresh_from_db()
    assert (response.url, application.status) == (address("inspect", application), status)
    assert application.events.last().reason == "Derfor."


@pytest.mark.parametrize("name", ["other", "refuse", "withdraw"])
def test_an_answer_of_no_refuses_when_there_is_no_reason(admin_client, application, name):
    response = admin_client.post(address(name, application), {"reason": ""})

    assert response.context["form"].errors == {"reason": ["Fyll ut dette feltet."]}
    application.refresh_from_db()
    assert application.status == "applied"


def test_an_offer_is_moved_to_another_round(admin_client, package, autumn, spring, admin):
    (moved,) = many_applications(package, autumn, 1)
    offer(moved, admin)

    response = admin_client.post(address("transfer", moved), {"to": spring.pk})

    later = Application.objects.get(round=spring)
    assert (response.url, later.status) == (address("inspect", later), "offered")


def test_an_answer_that_cannot_follow_leads_back(admin_client, application):
    admin_client.post(address("refuse", application), {"reason": "Derfor."})

    response = admin_client.post(address("offer", application), {"name": "Gruppe"}, follow=True)

    assert "Søknaden er «avslag»." in response.content.decode()
    assert LearningGroup.objects.count() == 0


@pytest.mark.parametrize("name", ANSWERS)
def test_nothing_is_answered_by_looking(admin_client, application, name):
    admin_client.get(address(name, application))

    assert list(application.events.values_list("status", flat=True)) == ["applied"]


@pytest.mark.parametrize("name", ["", *ANSWERS])
def test_editors_do_not_get_in(editor, application, signed_in, name):
    page = address(name, application) if name else LIST

    assert signed_in(editor).get(page).url == "/cms/"
    assert signed_in(editor).post(page, {"reason": "x", "name": "x"}).url == "/cms/"


def test_a_workplace_of_hostile_words_is_only_words(admin_client, package, learner):
    application = Application.objects.create(
        contact=learner, package=package, **facts(workplace="<script>alert(1)</script>", wishes="</dd><img src=x>")
    )

    for page in (LIST, address("inspect", application), address("offer", application)):
        text = admin_client.get(page).content.decode()
        assert ("<script>alert(1)" in text, "<img src=x>" in text) == (False, False)
