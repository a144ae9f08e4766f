"""Groups in /cms/, for administrators."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from mentoring.cms.applications import ApplicationViewSet, WaitingApplicationsPanel
from mentoring.models import LearningGroup


class GroupViewSet(SnippetViewSet):
    """Who is in which group, and who leads it."""

    model = LearningGroup
    icon = "group"
    menu_label = _("Grupper")
    add_to_admin_menu = True
    list_display = ["name", "status", "package", "mentor", "created_at"]
    list_filter = ["status", "kind", "package"]
    search_fields = ["name"]
    panels = [
        FieldPanel("name"),
        FieldPanel("kind"),
        FieldPanel("package"),
        FieldPanel("mentor"),
        InlinePanel(
            "memberships",
            [FieldPanel("member"), FieldPanel("left_at")],
            label=_("deltaker"),
            heading=_("Deltakere"),
        ),
    ]

    def register_chooser_viewset(self):
        """None: nothing refers to groups, and Wagtail's choosers show everything to all who come into /cms/."""


register_snippet(GroupViewSet)


@hooks.register("register_admin_viewset")
def applications_in_cms():
    return ApplicationViewSet("application", url_prefix="applications")


@hooks.register("construct_homepage_panels")
def waiting_applications(request, panels):
    panels.append(WaitingApplicationsPanel())
