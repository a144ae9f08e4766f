"""Packages in /cms/: made from a template, a copy or nothing; saved when they are a plan; seen as a line of dates."""

from django.contrib.auth.decorators import permission_required
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.widgets.button import HeaderButton
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet

from mentoring.cms.acting import Question, ask, typed
from mentoring.forms.packages import FromTemplateForm, PackageForm
from mentoring.models import Package
from mentoring.packages import blocks_of, meetings_in

STEP_PANELS = [
    FieldRowPanel([FieldPanel("kind"), FieldPanel("title")]),
    FieldRowPanel(
        [
            FieldPanel("module_count", help_text=gettext_lazy("For moduler: de neste i kurset.")),
            FieldPanel("minutes", help_text=gettext_lazy("For møter, fra 15 til 720.")),
        ]
    ),
    MultiFieldPanel(
        [FieldPanel("text", heading=gettext_lazy("Hva deltakerne gjør på egen hånd"))],
        heading=gettext_lazy("For arbeid på egen hånd"),
        classname="collapsed",
    ),
    MultiFieldPanel(
        [
            FieldPanel(
                "agenda",
                help_text=gettext_lazy(
                    "Én linje for hver del, minuttene først: «10 Velkommen». Gi samtalen mer enn halvparten av tiden."
                ),
            ),
            FieldPanel("topics"),
            FieldPanel("prompts", help_text=gettext_lazy("Ett spørsmål på hver linje. Også for notatet.")),
            FieldPanel("material", help_text=gettext_lazy("En tittel og en lenke på hver linje.")),
            FieldPanel("guide"),
        ],
        heading=gettext_lazy("For møter og notat"),
        classname="collapsed",
    ),
]

PANELS = [
    MultiFieldPanel(
        [FieldPanel("name"), FieldPanel("audience"), FieldPanel("summary"), FieldPanel("is_open")],
        heading=gettext_lazy("Om pakken"),
    ),
    MultiFieldPanel(
        [
            FieldPanel(
                "course",
                help_text=gettext_lazy(
                    "Hver modul skal med én gang, i rekkefølge. Fem moduler over tre møter går som 2–2–1, 2–1–2 "
                    "eller 1–2–2."
                ),
            ),
            InlinePanel("steps", STEP_PANELS, heading=gettext_lazy("Steg"), label=gettext_lazy("Steg")),
        ],
        heading=gettext_lazy("Planen"),
    ),
    MultiFieldPanel(
        [
            FieldRowPanel([FieldPanel("rhythm"), FieldPanel("usual_start")]),
            FieldPanel("example_start"),
        ],
        heading=gettext_lazy("Når møtene er"),
    ),
    MultiFieldPanel(
        [
            FieldRowPanel([FieldPanel("mentor_from"), FieldPanel("needs_training")]),
            FieldRowPanel([FieldPanel("max_members"), FieldPanel("expected_position")]),
            FieldRowPanel([FieldPanel("few_signed_up"), FieldPanel("few_present")]),
        ],
        heading=gettext_lazy("Mentor og gruppe"),
    ),
    MultiFieldPanel(
        [
            FieldRowPanel([FieldPanel("notes"), FieldPanel("gives_certificate")]),
            FieldRowPanel([FieldPanel("required_meetings"), FieldPanel("make_ups")]),
        ],
        heading=gettext_lazy("Notat og kursbevis"),
    ),
    MultiFieldPanel([FieldPanel("confidentiality")], heading=gettext_lazy("Taushet"), classname="collapsed"),
]


def shape_of(package: Package) -> str:
    """The plan in a few signs: "2–2–1", or how many meetings where there are no modules."""
    steps = list(package.steps.all())
    if package.course_id:
        return "–".join(map(str, blocks_of(steps)))
    return str(len(meetings_in(steps)))


class PackageList(IndexView):
    """The packages, with a way to begin from a template."""

    def get_base_queryset(self):
        return super().get_base_queryset().select_related("course").prefetch_related("steps", "groups")

    @cached_property
    def header_buttons(self):
        buttons = super().header_buttons
        if self.add_url:
            url = reverse(PackageViewSet().get_url_name("from_template"))
            buttons.append(HeaderButton(_("Ny pakke fra mal"), url=url, icon_name="copy"))
        return buttons


class PackageViewSet(SnippetViewSet):
    """What a group goes through."""

    model = Package
    icon = "list-ol"
    menu_label = gettext_lazy("Opplæringspakker")
    index_view_class = PackageList
    list_display = [
        "name",
        BooleanColumn("is_open", label=gettext_lazy("Åpen for søknader"), sort_key="is_open"),
        Column("course", label=gettext_lazy("Nettkurs"), accessor=lambda package: package.course or "–"),
        Column("shape", label=gettext_lazy("Møter"), accessor=shape_of),
        Column("groups", label=gettext_lazy("Grupper"), accessor=lambda package: len(package.groups.all())),
    ]
    list_filter = ["is_open", "mentor_from"]
    search_fields = ["name__folded"]
    edit_handler = ObjectList(PANELS, base_form_class=PackageForm)

    def get_urlpatterns(self):
        return [*super().get_urlpatterns(), path("mal/", from_template, name="from_template")]

    def register_chooser_viewset(self):
        """None: nothing in a page refers to packages."""


@permission_required("mentoring.add_package", raise_exception=True)
def from_template(request):
    """A new package from a template, open for changes at once."""
    viewset = PackageViewSet()
    form = FromTemplateForm(typed(request))

    def act(_facts):
        return reverse(viewset.get_url_name("edit"), args=[form.save().pk])

    question = Question(
        title=_("Ny pakke fra mal"),
        told=[_("Malen gir deg en hel pakke med møter, temaer, spørsmål og veiledning. Alt kan endres etterpå.")],
        button=_("Lag pakken"),
        done=_("Pakken er laget. Se gjennom den, og rett det som skal være annerledes hos dere."),
        back_url=reverse(viewset.get_url_name("list")),
        icon=viewset.icon,
    )
    return ask(request, question, form, act)
