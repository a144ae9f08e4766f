"""Who may do what in /cms/, as a table. The migration writes it; a person's groups decide whether they get in."""

from dataclasses import dataclass
from typing import Any

from django.apps.registry import Apps
from django.contrib.auth.management import create_permissions

from lms.accounts.models import User

EDITOR, MENTOR, ADMINISTRATOR = "Redaktør", "Mentor", "Administrator"
STAFF_ROLES = (EDITOR, ADMINISTRATOR)


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
    """Sets `is_staff` to what the person's groups say, and saves it."""
    user.is_staff = user.is_superuser or user.groups.filter(name__in=STAFF_ROLES).exists()
    user.save(update_fields=["is_staff"])


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
