"""Who may do what, exactly (S9)."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from lms.accounts.roles import follow_groups, install_roles
from tests.groups_ground import small_group

EDITOR_GENERAL = {
    "wagtailadmin.access_admin",
    "simple_translation.submit_translation",
    "wagtailredirects.add_redirect",
    "wagtailredirects.change_redirect",
    "wagtailredirects.delete_redirect",
    "modules.view_pilotfeedback",
}
EDITOR_COLLECTIONS = {
    *("wagtailimages.add_image", "wagtailimages.change_image", "wagtailimages.choose_image"),
    *("wagtaildocs.add_document", "wagtaildocs.change_document", "wagtaildocs.choose_document"),
}
ACTS = ("add", "change", "delete", "view")
REPORT_ROWS = ("offering", "capacityrow", "stayrow", "webfigure", "scorerow", "otherfigure", "knowngap")
ADMINISTRATOR = {
    "wagtailadmin.access_admin",
    *("certificates.view_certificate", "certificates.revoke_certificate", "certificates.issue_certificate"),
    "certificates.change_certificatesettings",
    "home.change_centre",
    *("mentoring.add_learninggroup", "mentoring.change_learninggroup", "mentoring.view_learninggroup"),
    *("mentoring.decide_application", "mentoring.view_application", "mentoring.break_glass"),
    *(f"mentoring.{act}_{thing}" for act in ACTS for thing in ("package", "round", "mentorqualification")),
    "modules.view_enrolment",
    "outbox.view_outgoingmail",
    *("reports.view_exact_numbers", "reports.view_reportreading", "reports.add_closedyear"),
    *(f"reports.{act}_{row}" for act in ACTS for row in REPORT_ROWS),
    *(f"workplaces.{act}_workplace" for act in ACTS),
    *(f"workplaces.{act}_leadership" for act in ("add", "change", "view")),
}
PAGES = {"wagtailcore.add_page", "wagtailcore.change_page", "wagtailcore.publish_page"}


def named(permissions) -> set[str]:
    return {f"{permission.content_type.app_label}.{permission.codename}" for permission in permissions}


def table() -> dict[str, tuple[set[str], set[str], set[str]]]:
    """Role to what it may do in general, with pages and with collections."""
    return {
        group.name: (
            named(group.permissions.all()),
            {
                f"{name} {grant.page.depth}"
                for grant in group.page_permissions.all()
                for name in named([grant.permission])
            },
            {
                f"{name} {grant.collection.depth}"
                for grant in group.collection_permissions.all()
                for name in named([grant.permission])
            },
        )
        for group in Group.objects.all()
    }


EXPECTED = {
    "Redaktør": (EDITOR_GENERAL, {f"{name} 1" for name in PAGES}, {f"{name} 1" for name in EDITOR_COLLECTIONS}),
    "Mentor": (set(), set(), set()),
    "Administrator": (ADMINISTRATOR, set(), set()),
}


def test_the_roles_are_exactly_these(db):
    assert table() == EXPECTED


def test_installing_again_puts_right_what_was_changed(db):
    editors = Group.objects.get(name="Redaktør")
    editors.permissions.clear()
    editors.page_permissions.first().delete()
    Group.objects.get(name="Mentor").permissions.set(Group.objects.get(name="Administrator").permissions.all())

    install_roles(apps)

    assert table() == EXPECTED


@pytest.mark.parametrize(
    ("roles", "is_superuser", "is_staff"),
    [
        ([], False, False),
        (["Mentor"], False, False),
        (["Redaktør"], False, True),
        (["Administrator"], False, True),
        (["Mentor", "Redaktør"], False, True),
        ([], True, True),
    ],
)
def test_who_works_in_the_cms_follows_from_the_roles(learner, roles, is_superuser, is_staff):
    learner.is_superuser, learner.is_staff = is_superuser, not is_staff
    learner.save()
    learner.groups.set(Group.objects.filter(name__in=roles))

    follow_groups(learner)

    learner.refresh_from_db()
    assert learner.is_staff is is_staff


def flags(person) -> tuple[bool, bool]:
    person.refresh_from_db()
    return person.is_staff, person.is_mentor


def test_the_flags_follow_when_a_role_changes(learner):
    role = Group.objects.create(name="Statistikk")
    learner.groups.add(role)
    found = [flags(learner)]

    role.permissions.add(Permission.objects.get(codename="view_exact_numbers"))
    found.append(flags(learner))
    role.permissions.clear()
    found.append(flags(learner))
    role.permissions.add(Permission.objects.get(codename="access_admin"))
    role.delete()
    found.append(flags(learner))

    assert found == [(False, False), (True, False), (False, False), (False, False)]


def test_the_flags_follow_when_people_come_into_a_role_and_leave_it(learner, other_learner):
    editors, mentors = Group.objects.get(name="Redaktør"), Group.objects.get(name="Mentor")

    editors.user_set.set([learner, other_learner])
    mentors.user_set.add(learner)
    before = flags(learner), flags(other_learner)
    editors.user_set.clear()
    mentors.user_set.remove(learner)

    assert before == ((True, True), (True, False))
    assert (flags(learner), flags(other_learner)) == ((False, False), (False, False))


def test_a_permission_of_ones_own_counts(learner):
    learner.user_permissions.add(Permission.objects.get(codename="view_exact_numbers"))

    assert flags(learner) == (True, False)


def test_whoever_leads_a_group_is_a_mentor_and_no_longer_when_another_does(learner, other_learner, course):
    group = small_group(course.page, learner)
    before = flags(learner), flags(other_learner)

    group.mentor = other_learner
    group.save(update_fields=["mentor"])

    assert before == ((False, True), (False, False))
    assert (flags(learner), flags(other_learner)) == ((False, False), (False, True))


def menu(client) -> int:
    return client.get(reverse("wagtailadmin_home")).status_code


def test_editors_and_administrators_come_in_and_nobody_else(learner, mentor, editor, admin, signed_in):
    assert [menu(signed_in(person)) for person in (learner, mentor, editor, admin)] == [302, 302, 200, 200]


@pytest.mark.parametrize(
    ("name", "editor_gets", "admin_gets"),
    [
        ("wagtailadmin_explore_root", 200, 302),
        ("wagtailimages:index", 200, 302),
        ("wagtaildocs:index", 200, 302),
        ("wagtailredirects:index", 200, 302),
        ("wagtailusers_users:index", 302, 302),
        ("wagtailusers_groups:index", 302, 302),
        ("wagtailsites:index", 302, 302),
    ],
)
def test_each_role_opens_its_own_rooms_only(editor, admin, signed_in, name, editor_gets, admin_gets):
    assert [signed_in(person).get(reverse(name)).status_code for person in (editor, admin)] == [editor_gets, admin_gets]


@pytest.mark.parametrize(("app", "model"), [("home", "centre"), ("certificates", "certificatesettings")])
def test_the_centres_facts_are_for_administrators(course, editor, admin, signed_in, app, model):
    address = f"/cms/settings/{app}/{model}/"

    answers = [signed_in(person).get(address, follow=True) for person in (editor, admin)]

    assert [answer.redirect_chain[-1][0].startswith(address) for answer in answers] == [False, True]
