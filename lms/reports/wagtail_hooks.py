"""The way from /cms/ to the numbers, and the log of who has seen them."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from lms.reports.models import ReportReading


class NumbersItem(MenuItem):
    """For those who may see them."""

    def is_shown(self, request):
        return request.user.has_perm("reports.view_exact_numbers")


@hooks.register("register_admin_menu_item")
def numbers_item():
    return NumbersItem(_("Tall"), reverse("numbers"), name="numbers", icon_name="doc-full", order=180)


class ReadOnlyPolicy(ModelPermissionPolicy):
    """The log is written by the product alone: in /cms/ it can be looked at."""

    def user_has_permission(self, user, action):
        return action == "view" and super().user_has_permission(user, "view")

    def user_has_any_permission(self, user, actions):
        return "view" in actions and self.user_has_permission(user, "view")


class ReadingViewSet(SnippetViewSet):
    """Who has looked at exact numbers, and of what."""

    model = ReportReading
    icon = "view"
    menu_label = _("Hvem har sett tall")
    menu_name = "number-readings"
    list_display = ["person", "form", "view", "at"]
    list_filter = ["form"]
    inspect_view_enabled = False
    copy_view_enabled = False

    @property
    def permission_policy(self):
        return ReadOnlyPolicy(self.model)

    def register_chooser_viewset(self):
        """None: nothing refers to the log."""


register_snippet(ReadingViewSet)
