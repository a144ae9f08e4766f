"""Which rows of workplaces are a person's own: on lists, as who agreed, and as a leader (P9).

A leader's export has nothing of the employees.
"""

from collections.abc import Iterable

from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from lms.accounts.models import User
from lms.accounts.sections import Section
from lms.workplaces.models import Consent, Employee, Leadership, WorkplaceNotice


def workplace_sections(user: User, addresses: Iterable[str]) -> list[Section]:
    """The sections about workplaces; `addresses` are the person's confirmed ones, in lower case."""
    listed = Employee.objects.annotate(lower=Lower("email")).filter(
        Q(lower__in=addresses, person=None) | Q(person=user)
    )
    consents = Consent.objects.filter(person=user).select_related("employee__workplace")
    notices = WorkplaceNotice.objects.filter(employee__person=user)
    where = {"workplace": lambda row: row.employee.workplace.name}
    return [
        Section("workplace_lists", _("Lister hos arbeidsplasser"), listed.select_related("workplace").order_by("pk")),
        Section("consents", _("Hva du har delt med arbeidsplasser"), consents, where),
        Section(
            "workplace_notices",
            _("Påminnelser fra arbeidsplasser"),
            notices.select_related("employee__workplace", "required__course"),
            where | {"course": lambda row: row.required.course.title},
        ),
        Section(
            "leaderships",
            _("Arbeidsplasser du leder eller har ledet"),
            Leadership.objects.filter(person=user).select_related("workplace"),
        ),
    ]
