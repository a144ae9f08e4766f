"""The room for groups in the menu of /cms/, and what must not be deleted from it."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from mentoring.cms.applications import ApplicationViewSet
from mentoring.cms.groups import GroupViewSet
from mentoring.cms.packages import PackageViewSet
from mentoring.cms.register import MentorQualificationViewSet, RoundViewSet
from mentoring.models import LearningGroup, Package, Round


class GroupsMenu(SnippetViewSetGroup):
    """Everything about groups, in the order one needs it."""

    menu_label = gettext_lazy("Grupper")
    menu_name = "groups"
    menu_icon = "group"
    menu_order = 280
    items = (
        GroupViewSet,
        ApplicationViewSet("application", url_prefix="applications"),
        PackageViewSet,
        RoundViewSet,
        MentorQualificationViewSet,
    )


def why_not_deletable(thing: object) -> str:
    """Why a package, a round or a group must stay, as a sentence; "" when it may go."""
    if isinstance(thing, LearningGroup):
        return _("Grupper slettes ikke, for historien til deltakerne skal stå. Avlys gruppen i stedet.")
    if isinstance(thing, Package) and any(
        related.exists() for related in (thing.groups, thing.applications, thing.rounds, thing.qualifications)
    ):
        return _("«%(package)s» er i bruk og kan ikke slettes. Steng den for søknader i stedet.") % {"package": thing}
    if isinstance(thing, Round) and thing.applications.exists():
        return _("Runden har søknader og kan ikke slettes.")
    return ""
