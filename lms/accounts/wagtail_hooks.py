"""Hooks of /cms/ that concern people."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail import hooks

from lms.accounts.cms import AssignRole, EraseSeveral, SetActiveState, erase_by

# After Wagtail's own, which they replace.
for action in (AssignRole, EraseSeveral, SetActiveState):
    hooks.register("register_bulk_action", action, order=1)


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
