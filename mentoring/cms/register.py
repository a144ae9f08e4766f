"""The mentor register and the rounds of applications in /cms/."""

from datetime import datetime
from functools import partial

import django_filters
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet

from mentoring.forms.packages import QualificationForm, RoundForm
from mentoring.models import MentorQualification, Round
from mentoring.register import has_run_out, is_trained, mentors_by_role, present_groups
from mentoring.rounds import figures_by_round


class DayColumn(Column):
    """A date as it is written, not how long ago: a deadline is a day."""

    def __init__(self, name, **kwargs):
        super().__init__(name, sort_key=name, **kwargs)

    def get_value(self, instance):
        day = super().get_value(instance)
        if isinstance(day, datetime):
            day = timezone.localdate(day)
        return date_format(day, "j. F Y") if day else "–"


class RegisterFilters(WagtailFilterSet):
    """By package, and whether the qualification holds today."""

    validity = django_filters.ChoiceFilter(
        label=gettext_lazy("Gjelder nå"),
        choices=[("holds", gettext_lazy("Gjelder")), ("out", gettext_lazy("Gått ut"))],
        method="with_validity",
    )

    class Meta:
        model = MentorQualification
        fields = ("package", "validity")

    def with_validity(self, qualifications, _name, value):
        out = Q(valid_until__lt=timezone.localdate())
        return qualifications.filter(out if value == "out" else ~out | Q(valid_until=None))


class RegisterPaginator(WagtailPaginator):
    """The whole is called "mentorregister"; what is counted are the lines in it."""

    verbose_name_plural = gettext_lazy("mentorgodkjenninger")


class RegisterList(IndexView):
    """Who may lead what, and what they lead now. One query for all their groups."""

    paginator_class = RegisterPaginator

    def get_base_queryset(self):
        return super().get_base_queryset().select_related("person", "package")

    @cached_property
    def columns(self):
        return [*super().columns, Column("led", label=_("Grupper nå"), accessor=self.groups_of)]

    def groups_of(self, qualification):
        names = [group.name for group in self.led.get(qualification.person_id, [])]
        return ", ".join(names) or "–"

    @cached_property
    def led(self):
        registered = MentorQualification.objects.values_list("person", flat=True)
        return present_groups({*registered, *(mentor.pk for mentor in self.by_role)})

    @cached_property
    def by_role(self):
        return list(mentors_by_role())

    def get_context_data(self, **kwargs):
        by_role = [(mentor, self.led.get(mentor.pk, [])) for mentor in self.by_role]
        return super().get_context_data(**kwargs) | {"by_role": by_role}


def standing_of(qualification: MentorQualification) -> str:
    """Whether the qualification holds, in words."""
    if has_run_out(qualification):
        return _("Gått ut")
    if qualification.package.needs_training and not is_trained(qualification):
        return _("Mangler mentoropplæring")
    return _("Gjelder")


class MentorQualificationViewSet(SnippetViewSet):
    """Who may lead which package."""

    model = MentorQualification
    icon = "user"
    menu_label = gettext_lazy("Mentorregister")
    index_view_class = RegisterList
    index_template_name = "mentoring/cms/register.html"
    list_display = [
        "person",
        Column("package", label=gettext_lazy("Pakke"), accessor="package", sort_key="package__name"),
        DayColumn("trained_on", label=gettext_lazy("Mentoropplæring")),
        DayColumn("valid_until", label=gettext_lazy("Gjelder til og med")),
        Column("standing", label=gettext_lazy("Status"), accessor=standing_of),
    ]
    filterset_class = RegisterFilters
    search_fields = ["person__name__folded", "person__email"]
    search_backend_name = None
    copy_view_enabled = False
    edit_handler = ObjectList(
        [
            FieldPanel("person"),
            FieldPanel("package"),
            FieldRowPanel(
                [
                    FieldPanel("trained_on", help_text=gettext_lazy("Dagen mentoropplæringen var fullført.")),
                    FieldPanel("valid_until", help_text=gettext_lazy("Tomt betyr at den ikke går ut.")),
                ]
            ),
        ],
        base_form_class=QualificationForm,
    )

    def register_chooser_viewset(self):
        """None: who leads what is not for choosers, which everybody in /cms/ can open."""


class RoundList(IndexView):
    """The rounds, each with how full it is. One query for all figures."""

    def get_base_queryset(self):
        return super().get_base_queryset().select_related("package")

    @cached_property
    def columns(self):
        names = {"applied": _("Søkt"), "offered": _("Tilbudt"), "completed": _("Gjennomført"), "use": _("Bruk")}
        return [
            *super().columns,
            *(Column(name, label=label, accessor=partial(self.figure, name)) for name, label in names.items()),
        ]

    def figure(self, name, of):
        number = getattr(self.figures[of.pk], name)
        if name == "use":
            return "–" if number is None else f"{number} %"
        return number

    @cached_property
    def figures(self):
        return figures_by_round(Round.objects.all())


class RoundViewSet(SnippetViewSet):
    """When a package takes applications, and how many groups there is room for."""

    model = Round
    icon = "calendar-alt"
    menu_label = gettext_lazy("Runder")
    index_view_class = RoundList
    list_display = [
        "name",
        Column("package", label=gettext_lazy("Pakke"), accessor="package", sort_key="package__name"),
        DayColumn("opens_on", label=gettext_lazy("Åpner")),
        DayColumn("closes_on", label=gettext_lazy("Søknadsfrist")),
        Column("places", label=gettext_lazy("Plass til"), accessor="places"),
    ]
    list_filter = ["package"]
    search_fields = ["name__folded"]
    copy_view_enabled = False
    edit_handler = ObjectList(
        [
            FieldPanel("package"),
            FieldPanel("name"),
            FieldPanel("places"),
            FieldRowPanel([FieldPanel("opens_on"), FieldPanel("closes_on")]),
        ],
        base_form_class=RoundForm,
    )

    def register_chooser_viewset(self):
        """None: nothing refers to rounds by choosing."""
