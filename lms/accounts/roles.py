"""Who may do what in /cms/, as a table. The migration writes it; a person's groups decide whether they get in.

Two flags on each person say who needs a second factor, so that a request need not ask: `is_staff` for whoever has any
permission at all, `is_mentor` for whoever leads groups (6.3.3). They follow when roles, permissions or groups change.
"""

from dataclasses import dataclass
from typing import Any

from django.apps.registry import Apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.signals import m2m_changed, post_delete, post_save

from lms.accounts.models import User
from mentoring.models import LearningGroup

EDITOR, MENTOR, ADMINISTRATOR = "Redaktør", "Mentor", "Administrator"


@dataclass(frozen=True)
class Role:
    """Permissions everywhere, on all pages, and on all collections of pictures and files, as `app.codename`."""

    general: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()


ROLES = {
    # Content and nothing about people.
    EDITOR: Role(
        general=(
            "wagtailadmin.access_admin",
            "simple_translation.submit_translation",
            "wagtailredirects.add_redirect",
            "wagtailredirects.change_redirect",
            "wagtailredirects.delete_redirect",
            "modules.view_pilotfeedback",
        ),
        pages=("wagtailcore.add_page", "wagtailcore.change_page", "wagtailcore.publish_page"),
        # Wagtail asks for the permissions of its own models, whatever model of pictures and files is in use.
        collections=(
            "wagtailimages.add_image",
            "wagtailimages.change_image",
            "wagtailimages.choose_image",
            "wagtaildocs.add_document",
            "wagtaildocs.change_document",
            "wagtaildocs.choose_document",
        ),
    ),
    # Nothing in /cms/: a group itself says who leads it.
    MENTOR: Role(),
    # Certificates, groups, numbers and the centre's own facts; no pages, and nobody's notebook.
    ADMINISTRATOR: Role(
        general=(
            "wagtailadmin.access_admin",
            "certificates.view_certificate",
            "certificates.revoke_certificate",
            "certificates.issue_certificate",
            "certificates.change_certificatesettings",
            "home.change_centre",
            "mentoring.add_learninggroup",
            "mentoring.add_mentorqualification",
            "mentoring.add_package",
            "mentoring.add_round",
            "mentoring.break_glass",
            "mentoring.change_learninggroup",
            "mentoring.change_mentorqualification",
            "mentoring.change_package",
            "mentoring.change_round",
            "mentoring.decide_application",
            "mentoring.delete_mentorqualification",
            "mentoring.delete_package",
            "mentoring.delete_round",
            "mentoring.view_application",
            "mentoring.view_learninggroup",
            "mentoring.view_mentorqualification",
            "mentoring.view_package",
            "mentoring.view_round",
            "modules.view_enrolment",
            "outbox.view_outgoingmail",
            "reports.view_exact_numbers",
            "reports.view_reportreading",
            "reports.add_closedyear",
            "workplaces.add_leadership",
            "workplaces.change_leadership",
            "workplaces.view_leadership",
            "workplaces.add_workplace",
            "workplaces.change_workplace",
            "workplaces.delete_workplace",
            "workplaces.view_workplace",
            *(
                f"reports.{verb}_{row}"
                for row in ("offering", "capacityrow", "stayrow", "webfigure", "scorerow", "otherfigure", "knowngap")
                for verb in ("add", "change", "delete", "view")
            ),
        ),
    ),
}


def follow_groups(user: User) -> None:
    """Sets `is_staff` and `is_mentor` of one person to what their roles and groups say, and saves them."""
    set_flags(User.objects.filter(pk=user.pk))
    user.refresh_from_db(fields=["is_staff", "is_mentor"])


def set_flags(people: QuerySet[User]) -> None:
    """The same for all of `people`. Only rows that change are written."""
    person = OuterRef("pk")
    by_role = Exists(Permission.objects.filter(group__user=person))
    by_hand = Exists(Permission.objects.filter(user=person))
    leads = Exists(LearningGroup.objects.filter(mentor=person))
    is_mentor = Exists(Group.objects.filter(name=MENTOR, user=person))
    for flag, condition in (
        ("is_staff", Q(is_superuser=True) | Q(by_role) | Q(by_hand)),
        ("is_mentor", Q(leads) | Q(is_mentor)),
    ):
        for value, wanted in ((True, condition), (False, ~condition)):
            changed = people.filter(wanted, **{flag: not value}).values_list("pk", flat=True)
            User.objects.filter(pk__in=list(changed)).update(**{flag: value})


def watch_roles() -> None:
    """From now on the flags follow whatever changes roles, permissions, and who leads a group."""
    for model in (User.groups.through, User.user_permissions.through, Group.permissions.through):
        m2m_changed.connect(_roles_changed, sender=model, dispatch_uid=f"flags_{model.__name__}")
    for model in (Group, Permission):
        post_delete.connect(_role_gone, sender=model, dispatch_uid=f"flags_without_{model.__name__}")
    post_save.connect(_group_saved, sender=LearningGroup, dispatch_uid="flags_of_mentors")


def _roles_changed(instance: Any, action: str, **_signal: Any) -> None:
    if action.startswith("post_"):
        # A role that changes concerns everybody who has it, or had it until now: seldom, so everybody is looked at.
        set_flags(User.objects.filter(pk=instance.pk) if isinstance(instance, User) else User.objects.all())


def _role_gone(**_signal: Any) -> None:
    set_flags(User.objects.all())


def _group_saved(instance: LearningGroup, update_fields: Any = None, **_signal: Any) -> None:
    if update_fields is None or "mentor" in update_fields:
        # Whoever led it before may lead nothing now.
        set_flags(User.objects.filter(Q(pk=instance.mentor_id) | Q(is_mentor=True)))


def install_roles(apps: Apps) -> None:
    """Makes the groups with exactly the permissions of `ROLES`. May run again; `apps` are a migration's or the real."""
    _make_permissions(apps)
    root = apps.get_model("wagtailcore", "Page").objects.get(depth=1)
    top = apps.get_model("wagtailcore", "Collection").objects.get(depth=1)
    for name, role in ROLES.items():
        group, _created = apps.get_model("auth", "Group").objects.get_or_create(name=name)
        group.permissions.set(_permissions(apps, role.general))
        _grant(apps.get_model("wagtailcore", "GroupPagePermission"), _permissions(apps, role.pages), group, page=root)
        _grant(
            apps.get_model("wagtailcore", "GroupCollectionPermission"),
            _permissions(apps, role.collections),
            group,
            collection=top,
        )


def _make_permissions(apps: Apps) -> None:
    # Django writes them after all migrations, which is too late for a migration that wants them.
    for label in sorted({name.split(".")[0] for role in ROLES.values() for name in _all_of(role)}):
        config = apps.app_configs.get(label)
        if config is None:
            continue
        before = getattr(config, "models_module", None)
        config.models_module = before or True
        create_permissions(config, apps=apps, verbosity=0)
        config.models_module = before


def _all_of(role: Role) -> tuple[str, ...]:
    return role.general + role.pages + role.collections


def _permissions(apps: Apps, names: tuple[str, ...]) -> list[Any]:
    # An early migration knows only the models there were then; a later one installs the roles anew.
    there = apps.get_model("auth", "Permission").objects.select_related("content_type")
    found = {f"{permission.content_type.app_label}.{permission.codename}": permission for permission in there}
    return [found[name] for name in names if name in found]


def _grant(model: Any, permissions: list[Any], group: Any, **place: Any) -> None:
    model.objects.filter(group=group).exclude(permission__in=permissions).delete()
    for permission in permissions:
        model.objects.get_or_create(group=group, permission=permission, **place)
