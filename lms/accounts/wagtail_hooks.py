"""Hooks of /cms/ that concern people."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.log_actions import LogFormatter

from lms.accounts.cms import ROLES_CHANGED, AssignRole, EraseSeveral, SetActiveState, erase_by

# After Wagtail's own, which they replace.
for action in (AssignRole, EraseSeveral, SetActiveState):
    hooks.register("register_bulk_action", action, order=1)


@hooks.register("register_log_actions")
def register_change_of_roles(actions):
    """A change of roles says in the log which (P7)."""

    @actions.register_action(ROLES_CHANGED)
    class RolesFormatter(LogFormatter):
        label = gettext_lazy("Endre roller")

        def format_message(self, entry):
            told = [(_("Fikk"), entry.data.get("added")), (_("Mistet"), entry.data.get("removed"))]
            return ". ".join(f"{words}: {', '.join(roles)}" for words, roles in told if roles) or self.label


@hooks.register("before_delete_user")
def erase_instead_of_deleting(request, user):
    """Deleting a person is erasing them: the numbers stay, certificates go on working (R121)."""
    if request.method != "POST":
        return None
    try:
        erase_by(request.user, user)
    except ValidationError as refusal:
        messages.error(request, f"{user.name}: {refusal.messages[0]}")
    else:
        messages.success(request, _("Personen er slettet. Tallene og kursbevisene står."))
    return redirect("wagtailusers_users:index")
