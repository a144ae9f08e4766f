"""Groups in /cms/: made, led by whom, started and ended by the rules, with their log. Nothing that members wrote."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib.auth.decorators import permission_required
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList, Panel
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets.button import HeaderButton
from wagtail.snippets.views.snippets import EditView, IndexView, SnippetViewSet

from mentoring import applications, groups
from mentoring.cms.acting import Question, ask, typed
from mentoring.cms.register import DayColumn
from mentoring.forms.groups import GroupForm, HandOverForm, NewGroupForm
from mentoring.joining import present_members
from mentoring.models import LearningGroup, Meeting
from mentoring.turnout import warnings_of

CHANGE = "mentoring.change_learninggroup"
Status = LearningGroup.Status


class FactsPanel(Panel):
    """Who leads the group, who is in it and what happened: to look at. It changes by the pages of the group."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "mentoring/cms/group_facts.html"

        def get_context_data(self, parent_context=None):
            group = self.instance
            facts = {
                "group": group,
                "memberships": group.memberships.select_related("member").order_by(
                    "left_at", "member__name__in_order", "pk"
                ),
                "meetings": group.meetings.all(),
                "events": group.events.select_related("by", "about"),
                "warnings": warnings_of(group),
                "invited_count": group.invitations.filter(accepted_at=None, withdrawn_at=None).count(),
            }
            return super().get_context_data(parent_context) | facts


class GroupList(IndexView):
    """The groups with how many are in them."""

    def get_base_queryset(self):
        present = Count("memberships", filter=Q(memberships__left_at=None), distinct=True)
        return super().get_base_queryset().select_related("package", "mentor").annotate(present=present)


class GroupEdit(EditView):
    """A group and what can be done with it now."""

    @property
    def header_buttons(self):
        return [
            HeaderButton(
                label,
                url=reverse(GroupViewSet().get_url_name(name), args=[self.object.pk]),
                icon_name=icon,
                priority=place,
            )
            for place, (name, label, icon) in enumerate(actions_for(self.object))
        ]


def actions_for(group: LearningGroup) -> list[tuple[str, str, str]]:
    """What can be done with the group as it stands: name of the address, words of the button, icon."""
    actions = {
        "start": (_("Start gruppen"), "resubmit", {Status.PLANNED} if group.mentor_id else set()),
        "complete": (_("Fullfør gruppen"), "check", {Status.STARTED}),
        "hand_over": (
            _("Ny mentor") if group.mentor_id else _("Velg mentor"),
            "user",
            {Status.PLANNED, Status.STARTED, Status.COMPLETED},
        ),
        "cancel": (_("Avlys gruppen"), "cross", {Status.PLANNED, Status.STARTED}),
    }
    return [(name, label, icon) for name, (label, icon, when) in actions.items() if group.status in when]


NEW = ObjectList(
    [
        FieldPanel("name"),
        FieldPanel("package"),
        FieldPanel("mentor"),
        FieldPanel("contact"),
        FieldRowPanel([FieldPanel("kind"), FieldPanel("max_members")]),
        FieldRowPanel([FieldPanel("workplace"), FieldPanel("municipality")]),
    ],
    base_form_class=NewGroupForm,
)


class GroupViewSet(SnippetViewSet):
    """Who is in which group, and who leads it."""

    model = LearningGroup
    icon = "group"
    menu_label = gettext_lazy("Grupper")
    index_view_class = GroupList
    edit_view_class = GroupEdit
    list_display = [
        "name",
        Column("status", label=gettext_lazy("Status"), accessor="get_status_display", sort_key="status"),
        Column("package", label=gettext_lazy("Pakke"), accessor="package", sort_key="package__name"),
        Column("mentor", label=gettext_lazy("Mentor"), accessor=lambda group: group.mentor or _("ingen ennå")),
        Column("present", label=gettext_lazy("Deltakere"), accessor="present", sort_key="present"),
        DayColumn("created_at", label=gettext_lazy("Opprettet")),
    ]
    list_filter = ["status", "kind", "package"]
    search_fields = ["name__folded"]
    copy_view_enabled = False
    edit_handler = ObjectList(
        [
            FactsPanel(heading=gettext_lazy("Gruppen nå")),
            FieldPanel("name"),
            FieldPanel("contact"),
            FieldRowPanel([FieldPanel("kind"), FieldPanel("max_members")]),
            FieldRowPanel([FieldPanel("workplace"), FieldPanel("municipality")]),
        ],
        base_form_class=GroupForm,
    )

    @cached_property
    def _new_handler(self):
        return NEW.bind_to_model(self.model)

    def get_add_view_kwargs(self, **kwargs):
        handler = self._new_handler
        return super().get_add_view_kwargs(panel=handler, form_class=handler.get_form_class(), **kwargs)

    def get_urlpatterns(self):
        own = {"start": start, "complete": complete, "cancel": cancel, "hand_over": hand_over}
        addresses = {"start": "start", "complete": "fullfor", "cancel": "avlys", "hand_over": "ny-mentor"}
        return [
            *super().get_urlpatterns(),
            *(path(f"{addresses[name]}/<int:pk>/", view, name=name) for name, view in own.items()),
        ]

    def register_chooser_viewset(self):
        """None: nothing refers to groups, and Wagtail's choosers show everything to all who come into /cms/."""


def edit_url(group: LearningGroup) -> str:
    """Where the group is in /cms/."""
    return reverse(GroupViewSet().get_url_name("edit"), args=[group.pk])


def _ask(request, pk, words: Callable[[LearningGroup], dict[str, Any]], act: Callable, form=None):
    group = get_object_or_404(LearningGroup.objects.select_related("package", "mentor"), pk=pk)
    question = Question(back_url=edit_url(group), **words(group))
    return ask(request, question, form or forms.Form(typed(request)), lambda facts: act(group, facts))


@permission_required(CHANGE, raise_exception=True)
def start(request, pk):
    """A planned group begins."""
    return _ask(request, pk, _start_words, lambda group, _facts: groups.start_group(group, by=request.user))


def _start_words(group):
    people = present_members(group).count()
    told = [
        ngettext("Gruppen har %(count)s deltaker nå.", "Gruppen har %(count)s deltakere nå.", people)
        % {"count": people}
    ]
    if group.mentor:
        told.append(_("Mentor er %(name)s.") % {"name": group.mentor.name})
    return {
        "title": _("Start %(group)s") % {"group": group.name},
        "told": told + warnings_of(group),
        "button": _("Start gruppen"),
        "done": _("Gruppen er i gang."),
    }


@permission_required(CHANGE, raise_exception=True)
def complete(request, pk):
    """A group has reached its end."""
    return _ask(request, pk, _complete_words, lambda group, _facts: applications.complete_group(group, by=request.user))


def _complete_words(group):
    return {
        "title": _("Fullfør %(group)s") % {"group": group.name},
        "told": [
            _("Lenken til gruppen lukkes. Deltakerne ser fortsatt gruppen, og kan levere notat og hente kursbevis.")
        ],
        "button": _("Fullfør gruppen"),
        "done": _("Gruppen er fullført."),
    }


@permission_required(CHANGE, raise_exception=True)
def cancel(request, pk):
    """A group is called off."""
    return _ask(request, pk, _cancel_words, lambda group, _facts: groups.cancel_group(group, by=request.user))


def _cancel_words(group):
    meetings = group.meetings.filter(status=Meeting.Status.PLANNED).count()
    people = present_members(group).count()
    return {
        "title": _("Avlys %(group)s") % {"group": group.name},
        "told": [
            ngettext("%(count)s møte blir avlyst.", "%(count)s møter blir avlyst.", meetings) % {"count": meetings},
            ngettext(
                "%(count)s deltaker får beskjed på e-post, og mentoren også.",
                "%(count)s deltakere får beskjed på e-post, og mentoren også.",
                people,
            )
            % {"count": people},
            _("Det som er gjort, blir stående. En avlyst gruppe kan ikke startes igjen."),
        ],
        "button": _("Avlys gruppen"),
        "done": _("Gruppen er avlyst."),
        "is_serious": True,
    }


@permission_required(CHANGE, raise_exception=True)
def hand_over(request, pk):
    """Somebody else leads the group from now on."""
    form = HandOverForm(typed(request))

    def act(group, facts):
        groups.hand_over(group, facts["mentor"], by=request.user)

    return _ask(request, pk, _hand_over_words, act, form)


def _hand_over_words(group):
    told = [_("Gruppen har ingen mentor ennå.")]
    if group.mentor:
        told = [
            _("%(name)s leder gruppen nå, og mister da tilgangen til gruppen og notatene i den.")
            % {"name": group.mentor.name}
        ]
    told.append(
        _("Den nye mentoren får lese notatene, og får møtene i kalenderen sin. Byttet står i loggen til gruppen.")
    )
    return {
        "title": _("Ny mentor for %(group)s") % {"group": group.name},
        "told": told,
        "button": _("Overlat gruppen"),
        "done": _("Gruppen har fått ny mentor."),
        "icon": "user",
    }
