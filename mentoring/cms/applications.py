"""Applications in /cms/: who asks, who is next, the whole history, and the answers (R070-R073)."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import django_filters
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.forms import CheckboxSelectMultiple
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.components import Component
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.generic import IndexView, InspectView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy

from mentoring import access, applications
from mentoring.cms.acting import Question, ask
from mentoring.forms.applications import AnswerForm, OfferForm, TransferForm
from mentoring.models import Application, LearningGroup, Round
from mentoring.rounds import figures_by_round, free_places, next_in_line, waiting_list

DECIDE = f"mentoring.{access.DECIDE}"
SEE = "mentoring.view_application"
Status: Any = Application.Status


@dataclass(frozen=True)
class Answer:
    """A button: what it is called, what it makes of the application, what is asked first, and what it does."""

    label: str | Promise
    status: str
    form: Callable[..., AnswerForm]
    act: Callable[[Application, Any, dict[str, Any]], Application]
    done: str | Promise


def _offer(application: Application, by: Any, said: dict[str, Any]) -> Application:
    return applications.offer(
        application, by, mentor=said["mentor"], name=said["name"], of=said.get("round"), reason=said["reason"]
    )


ANSWERS = {
    "offer": Answer(_("Gi plass"), Status.OFFERED, OfferForm, _offer, _("Plassen er gitt.")),
    "wait": Answer(
        _("Sett på venteliste"),
        Status.WAITING,
        partial(AnswerForm, needs_reason=False),
        lambda application, by, said: applications.put_on_waiting_list(application, by, said["reason"]),
        _("Søknaden står på venteliste."),
    ),
    "other": Answer(
        _("Gi et annet tilbud"),
        Status.OTHER_OFFER,
        AnswerForm,
        lambda application, by, said: applications.other_offer(application, by, said["reason"]),
        _("Det andre tilbudet er sendt."),
    ),
    "refuse": Answer(
        _("Avslå"),
        Status.REFUSED,
        AnswerForm,
        lambda application, by, said: applications.refuse(application, by, said["reason"]),
        _("Søknaden er avslått."),
    ),
    "transfer": Answer(
        _("Flytt til en annen runde"),
        Status.TRANSFERRED,
        TransferForm,
        lambda application, by, said: applications.transfer(application, by, said["to"], said["reason"]),
        _("Søknaden er flyttet."),
    ),
    "withdraw": Answer(
        _("Registrer at de trekker seg"),
        Status.WITHDRAWN,
        AnswerForm,
        lambda application, by, said: applications.withdraw(application, by, said["reason"]),
        _("Søknaden er trukket."),
    ),
}


class ApplicationPolicy(ModelPermissionPolicy):
    """Applications are looked at; they change only by the answers below."""

    def user_has_permission(self, user, action):
        return action == "view" and (user.has_perm(SEE) or user.has_perm(DECIDE))

    def user_has_any_permission(self, user, actions):
        return any(self.user_has_permission(user, action) for action in actions)


class ApplicationFilters(WagtailFilterSet):
    status = django_filters.MultipleChoiceFilter(
        label=_("Status"), choices=Status.choices, widget=CheckboxSelectMultiple
    )
    round = django_filters.ModelChoiceFilter(label=_("Runde"), queryset=Round.objects.select_related("package"))
    municipality = django_filters.ModelChoiceFilter(label=_("Kommune"), queryset=lambda request: _municipalities())

    class Meta:
        model = Application
        fields = ("status", "package", "round", "municipality")


def _municipalities():
    places = Application._meta.get_field("municipality").remote_field.model.objects
    return places.filter(pk__in=Application.objects.values("municipality"))


class ApplicationList(IndexView):
    any_permission_required = ("view",)

    def get_base_queryset(self):
        return super().get_base_queryset().select_related("package", "round", "municipality", "contact")

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"next_in_line": next_in_line(), "rounds": round_rows()}


class ApplicationInspection(InspectView):
    any_permission_required = ("view",)
    page_title = _("Søknad om gruppe")

    def get_context_data(self, **kwargs):
        found = self.object
        line = list(waiting_list(found.package, found.round).values_list("pk", flat=True))
        extra = {
            "application": found,
            "answers": self.answers(),
            "events": found.events.select_related("by"),
            "left": max(0, free_places(found.round)) if found.round else None,
            "place_in_line": line.index(found.pk) + 1 if found.pk in line else None,
            "too_many": found.expected_size > found.package.max_members,
            "group_url": self.group_url(),
            "called_off": found.status == Status.OFFERED and _stands(found, LearningGroup.Status.CANCELLED),
        }
        return super().get_context_data(**kwargs) | extra

    def group_url(self):
        """Where the group is looked after, for those who do."""
        if not self.object.group_id or not self.request.user.has_perm("mentoring.change_learninggroup"):
            return ""
        return reverse("wagtailsnippets_mentoring_learninggroup:edit", args=[self.object.group_id])

    def answers(self):
        """The buttons, for those who decide."""
        if not self.request.user.has_perm(DECIDE):
            return []
        return [
            {"answer": answer, "url": reverse(f"application:{name}", args=[self.object.pk])}
            for name, answer in answers_to(self.object).items()
        ]


def answers_to(application: Application) -> dict[str, Answer]:
    """The answers that may follow now."""
    follow = set(applications.NEXT.get(application.status, set()))
    if _stands(application, LearningGroup.Status.STARTED) or _stands(application, LearningGroup.Status.COMPLETED):
        follow -= {Status.TRANSFERRED, Status.WITHDRAWN}
    others = application.package.rounds.exclude(pk=application.round_id)
    if _stands(application, LearningGroup.Status.CANCELLED) or not others.exists():
        follow -= {Status.TRANSFERRED}
    return {name: answer for name, answer in ANSWERS.items() if answer.status in follow}


def _stands(application: Application, status: Any) -> bool:
    return bool(application.group) and application.group.status == status


def round_rows() -> list[dict[str, Any]]:
    """The rounds with their figures, the newest first. Two queries."""
    rounds = list(Round.objects.select_related("package"))
    figures = figures_by_round(rounds)
    return [{"round": one, "figures": figures[one.pk]} for one in rounds]


class ApplicationViewSet(ModelViewSet):
    model = Application
    icon = "form"
    menu_label = _("Søknader")
    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = True
    index_template_name = "mentoring/cms/applications.html"
    inspect_template_name = "mentoring/cms/application.html"
    index_view_class = ApplicationList
    inspect_view_class = ApplicationInspection
    exclude_form_fields = ()
    filterset_class = ApplicationFilters
    search_fields = ("workplace__folded", "contact__name__folded", "contact__email")
    search_backend_name = None
    list_display = (
        "workplace",
        Column("status", label=_("Status"), accessor="get_status_display", sort_key="status"),
        Column("package", label=_("Pakke"), accessor="package.name"),
        Column("round", label=_("Runde"), accessor=lambda found: found.round.name if found.round else "–"),
        Column("municipality", label=_("Kommune"), accessor=lambda found: found.municipality or "–"),
        Column("expected_size", label=_("Størrelse"), accessor="expected_size", sort_key="expected_size"),
        Column("contact", label=_("Kontaktperson"), accessor="contact"),
        DateColumn("created_at", label=_("Sendt"), sort_key="created_at"),
    )

    @property
    def permission_policy(self):
        return ApplicationPolicy(self.model)

    def get_urlpatterns(self):
        readable = [entry for entry in super().get_urlpatterns() if entry.name in {"index", "index_results", "inspect"}]
        return [*readable, *(path(f"{name}/<int:pk>/", view, name=name) for name, view in ANSWER_VIEWS.items())]

    def register_admin_url_finder(self):
        """Nothing links here by object: there is no edit page."""


@permission_required(DECIDE, raise_exception=True)
def give_answer(request, pk, *, name):
    """Asks what the answer needs, and gives it."""
    found = get_object_or_404(Application.objects.select_related("package", "round", "group"), pk=pk)
    back, answer = reverse("application:inspect", args=[pk]), ANSWERS[name]
    if name not in answers_to(found):
        messages.warning(request, _("Søknaden er «%(status)s».") % {"status": found.get_status_display()})
        return redirect(back)

    def act(said):
        return reverse("application:inspect", args=[answer.act(found, request.user, said).pk])

    question = Question(
        title=str(answer.label),
        told=[", ".join([found.workplace, str(found.round or found.package)])],
        button=str(answer.label),
        done=str(answer.done),
        back_url=back,
        icon=ApplicationViewSet.icon,
        is_serious=answer.status in {Status.REFUSED, Status.WITHDRAWN},
    )
    return ask(request, question, answer.form(request.POST or None, application=found), act)


ANSWER_VIEWS = {name: partial(give_answer, name=name) for name in ANSWERS}


class WaitingApplicationsPanel(Component):
    """On the first page of /cms/: how many wait for an answer, and who is next for a free place."""

    name = "waiting_applications"
    template_name = "mentoring/cms/waiting_applications.html"
    order = 50

    def get_context_data(self, parent_context):
        user = parent_context["request"].user
        if not user.has_perm(DECIDE):
            return {"waiting": 0, "next_in_line": []}
        return {"waiting": access.undecided_for(user).count(), "next_in_line": next_in_line()}
