"""The way from /cms/ to the numbers, the rows of the yearly report, and the log of who has seen numbers."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from lms.reports.models import (
    CapacityRow,
    ClosedYear,
    KnownGap,
    Offering,
    OtherFigure,
    ReportReading,
    ScoreRow,
    StayRow,
    WebFigure,
    YearRow,
)


class NumbersItem(MenuItem):
    """For those who may see them."""

    def is_shown(self, request):
        return request.user.has_perm("reports.view_exact_numbers")


@hooks.register("register_admin_menu_item")
def numbers_item():
    return NumbersItem(_("Tall"), reverse("numbers"), name="numbers", icon_name="doc-full", order=180)


class SheetsItem(MenuItem):
    """To the sheets, on which many rows are written at once."""

    def is_shown(self, request):
        return request.user.has_perm("reports.add_offering")


@hooks.register("before_delete_snippet")
def keep_rows_of_closed_years(request, instances):
    """What a closed year was told from stays, alone and among several."""
    years = {row.year for row in instances if isinstance(row, YearRow)}
    if closed := ClosedYear.objects.filter(year__in=years).first():
        words = gettext("Året %(year)s er lukket. Skriv en rettelse i stedet.") % {"year": closed.year}
        messages.error(request, words)
        return redirect(type(instances[0]).snippet_viewset.get_url_name("list"))
    return None


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


class RowViewSet(SnippetViewSet):
    """Rows of the yearly report that somebody registers by hand. A closed year no longer looks at them."""

    copy_view_enabled = False
    list_filter = ["year"]

    def register_chooser_viewset(self):
        """None: nothing refers to them."""


class OfferingViewSet(RowViewSet):
    model = Offering
    icon = "list-ul"
    list_display = ["year", "kind", "title", "number", "participants"]
    panels = [
        FieldPanel("year"),
        FieldPanel("kind"),
        FieldPanel("title"),
        MultiFieldPanel(
            [FieldPanel("physical"), FieldPanel("digital"), FieldPanel("phone"), FieldPanel("hybrid")],
            heading=_("Hvor mange, etter form"),
        ),
        FieldPanel("participants", help_text=_("Oppmøter: den som kom to ganger, teller to ganger.")),
        MultiFieldPanel(
            [FieldPanel("attended_there"), FieldPanel("attended_digitally"), FieldPanel("attended_by_phone")],
            heading=_("Deltakelser etter form, om dere vet det"),
        ),
        FieldPanel("people", help_text=_("Ulike personer, om dere vet det.")),
        FieldPanel("detail"),
    ]


class CapacityViewSet(RowViewSet):
    model = CapacityRow
    icon = "form"
    list_display = ["year", "title", "applied", "offered", "completed"]


class StayViewSet(RowViewSet):
    model = StayRow
    icon = "group"
    list_display = ["year", "title", "who", "count"]


class WebViewSet(RowViewSet):
    model = WebFigure
    icon = "globe"
    list_display = ["year", "what", "place", "count", "source"]


class ScoreViewSet(RowViewSet):
    model = ScoreRow
    icon = "form"
    list_display = ["year", "survey", "item", "mean", "answered", "invited"]


class OtherViewSet(RowViewSet):
    model = OtherFigure
    icon = "order"
    list_display = ["year", "section", "what", "count", "unit"]


class GapViewSet(RowViewSet):
    model = KnownGap
    icon = "warning"
    list_display = ["year", "text"]


class ReportViewSetGroup(SnippetViewSetGroup):
    """What the yearly report needs, and who has seen numbers."""

    items = (
        OfferingViewSet,
        CapacityViewSet,
        StayViewSet,
        WebViewSet,
        ScoreViewSet,
        OtherViewSet,
        GapViewSet,
        ReadingViewSet,
    )
    menu_label = _("Årsrapport")
    menu_icon = "calendar-alt"
    menu_order = 190

    def get_submenu_items(self):
        sheets = SheetsItem(
            _("Registrer tall"), reverse("register_year"), name="year-sheets", icon_name="edit", order=0
        )
        return [sheets, *super().get_submenu_items()]


register_snippet(ReportViewSetGroup)
