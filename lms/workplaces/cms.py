"""Workplaces and their leaders in /cms/. How employees do is not here: that is between them and their leader."""

from django import forms
from django.contrib.auth.decorators import permission_required
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList, Panel
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import InspectView
from wagtail.admin.widgets.button import HeaderButton
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet, SnippetViewSetGroup

from lms.workplaces.forms import LeadershipForm, WorkplaceForm
from lms.workplaces.leading import ANSWER_WITHIN, ask_again, end_leadership
from lms.workplaces.models import Leadership, Workplace
from lms.workplaces.organisation_numbers import shown
from mentoring.cms.acting import Question, ask, typed
from mentoring.cms.register import DayColumn

CHANGE = "workplaces.change_leadership"


class FactsPanel(Panel):
    """Who leads the workplace, what is on its list and what happened: to look at."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "workplaces/cms/facts.html"

        def get_context_data(self, parent_context=None):
            workplace = self.instance
            if workplace.pk is None:
                return super().get_context_data(parent_context) | {"workplace": workplace}
            facts = {
                "workplace": workplace,
                "leaderships": [(leading, status_of(leading)) for leading in _leaderships_of(workplace)],
                "courses": workplace.required_courses.filter(ended_at=None).select_related("course"),
                "employee_count": workplace.employees.filter(removed_at=None).count(),
                "events": workplace.events.select_related("by")[:50],
            }
            return super().get_context_data(parent_context) | facts


def _leaderships_of(workplace: Workplace):
    return workplace.leaderships.select_related("person").order_by("ended_at", "person__name__in_order")


class WorkplaceList(IndexView):
    """The workplaces with how many lead them now."""

    def get_base_queryset(self):
        leading = Q(leaderships__confirmed_at__isnull=False, leaderships__ended_at=None)
        leaders = Count("leaderships", filter=leading, distinct=True)
        return super().get_base_queryset().select_related("municipality").annotate(leaders=leaders)


class WorkplaceViewSet(SnippetViewSet):
    """Places that can ask a course of their employees."""

    model = Workplace
    icon = "home"
    menu_label = gettext_lazy("Arbeidsplasser")
    index_view_class = WorkplaceList
    list_display = [
        "name",
        Column(
            "organisation_number",
            label=gettext_lazy("Organisasjonsnummer"),
            accessor=lambda workplace: shown(workplace.organisation_number) or "–",
        ),
        Column(
            "municipality",
            label=gettext_lazy("Kommune"),
            accessor=lambda workplace: workplace.municipality or "–",
            sort_key="municipality__name",
        ),
        Column("leaders", label=gettext_lazy("Ledere"), accessor="leaders", sort_key="leaders"),
    ]
    search_fields = ["name__folded", "organisation_number"]
    search_backend_name = None
    copy_view_enabled = False
    edit_handler = ObjectList(
        [
            FieldPanel("name"),
            FieldPanel("organisation_number"),
            FieldRowPanel([FieldPanel("municipality"), FieldPanel("sector")]),
            FieldPanel("contact_email"),
            FactsPanel(heading=gettext_lazy("Arbeidsplassen nå")),
        ],
        base_form_class=WorkplaceForm,
    )

    def register_chooser_viewset(self):
        """None: Wagtail's choosers show everything to all who come into /cms/."""


class LeadershipPolicy(ModelPermissionPolicy):
    """Leaders are given and ended; a row is never edited or deleted."""

    def user_has_permission(self, user, action):
        return action in {"add", "view"} and super().user_has_permission(user, action)

    def user_has_any_permission(self, user, actions):
        return any(self.user_has_permission(user, action) for action in actions)


class LeadershipList(IndexView):
    def get_base_queryset(self):
        return super().get_base_queryset().select_related("workplace", "person")


def status_of(leadership: Leadership) -> str:
    """How the leadership stands, in words."""
    if leadership.refused_at:
        return _("Arbeidsplassen sa nei")
    if leadership.ended_at:
        return _("Avsluttet")
    if leadership.confirmed_at:
        return _("Leder")
    return _("Venter på svar")


class LeadershipInspection(InspectView):
    """One leader and what can be done now."""

    any_permission_required = ("view",)

    @property
    def header_buttons(self):
        leadership = self.object
        if leadership.ended_at or not self.request.user.has_perm(CHANGE):
            return []
        actions = [] if leadership.confirmed_at else [("ask", _("Spør på nytt"), "mail")]
        actions.append(("end", _("Avslutt"), "cross"))
        return [
            HeaderButton(label, url=_url(name, leadership), icon_name=icon, priority=place)
            for place, (name, label, icon) in enumerate(actions)
        ]


def _url(name: str, leadership: Leadership) -> str:
    return reverse(LeadershipViewSet().get_url_name(name), args=[leadership.pk])


class LeadershipViewSet(SnippetViewSet):
    """Who leads which workplace."""

    model = Leadership
    icon = "user"
    menu_label = gettext_lazy("Ledere")
    index_view_class = LeadershipList
    inspect_view_class = LeadershipInspection
    inspect_view_enabled = True
    inspect_view_fields = ["workplace", "person", "confirm_email", "given_by", "given_at", "asked_at", "confirmed_at"]
    inspect_view_fields += ["refused_at", "ended_at", "ended_by"]
    list_display = [
        "person",
        Column("workplace", label=gettext_lazy("Arbeidsplass"), accessor="workplace", sort_key="workplace__name"),
        Column("status", label=gettext_lazy("Status"), accessor=status_of),
        DayColumn("given_at", label=gettext_lazy("Gitt")),
    ]
    search_fields = ["person__name__folded", "person__email", "workplace__name__folded"]
    search_backend_name = None
    copy_view_enabled = False
    edit_handler = ObjectList(
        [FieldPanel("workplace"), FieldPanel("person"), FieldPanel("confirm_email")],
        base_form_class=LeadershipForm,
    )

    @property
    def permission_policy(self):
        return LeadershipPolicy(self.model)

    def get_urlpatterns(self):
        own = [path("avslutt/<int:pk>/", end, name="end"), path("spor/<int:pk>/", ask_workplace, name="ask")]
        return [*super().get_urlpatterns(), *own]

    def register_chooser_viewset(self):
        """None: nothing refers to leaders by choosing."""


@permission_required(CHANGE, raise_exception=True)
def end(request, pk):
    """The role ends; the leader sees nothing from the next request on."""
    leadership = get_object_or_404(Leadership.objects.select_related("workplace", "person"), pk=pk)
    words = {"leader": leadership.person.name, "workplace": leadership.workplace.name}
    question = Question(
        title=_("Avslutt %(leader)s som leder") % words,
        told=[
            _("%(leader)s ser ikke lenger noe om de ansatte ved %(workplace)s.") % words,
            _("Listen og samtykkene står, og gjelder for den som leder arbeidsplassen etterpå."),
        ],
        button=_("Avslutt"),
        done=_("Lederrollen er avsluttet."),
        back_url=_url("inspect", leadership),
        icon="user",
        is_serious=True,
    )
    return ask(request, question, forms.Form(typed(request)), lambda _facts: end_leadership(leadership, request.user))


@permission_required(CHANGE, raise_exception=True)
def ask_workplace(request, pk):
    """The workplace is asked once more, at most once a day."""
    leadership = get_object_or_404(Leadership.objects.select_related("workplace", "person"), pk=pk)
    question = Question(
        title=_("Spør %(workplace)s på nytt") % {"workplace": leadership.workplace.name},
        told=[
            _("Spørsmålet går til %(email)s.") % {"email": leadership.confirm_email},
            _("Det gjelder i %(days)s dager, og sendes høyst én gang om dagen.") % {"days": ANSWER_WITHIN.days},
        ],
        button=_("Spør på nytt"),
        done=_("Arbeidsplassen er spurt i dag."),
        back_url=_url("inspect", leadership),
        icon="mail",
    )
    # What the rule gives back is whether a mail went; it leads nowhere.
    return ask(request, question, forms.Form(typed(request)), lambda _facts: ask_again(leadership))


class WorkplacesMenu(SnippetViewSetGroup):
    """Workplaces and who leads them."""

    menu_label = gettext_lazy("Arbeidsplasser")
    menu_name = "workplaces"
    menu_icon = "home"
    menu_order = 290
    items = (WorkplaceViewSet, LeadershipViewSet)


def why_not_deletable(workplace: Workplace) -> str:
    """Why a workplace must stay, as a sentence; "" when it may go."""
    if workplace.leaderships.exists() or workplace.employees.exists() or workplace.required_courses.exists():
        return _("«%(workplace)s» er i bruk og kan ikke slettes. Avslutt lederne i stedet.") % {"workplace": workplace}
    return ""
