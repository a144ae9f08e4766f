"""Workplaces in /cms/, for administrators."""

from django.contrib import messages
from django.shortcuts import redirect
from wagtail import hooks
from wagtail.snippets.models import register_snippet

from lms.workplaces.cms import WorkplacesMenu, why_not_deletable
from lms.workplaces.models import Workplace

register_snippet(WorkplacesMenu)


@hooks.register("before_delete_snippet")
def keep_workplaces_in_use(request, instances):
    """What leaders and employees hang on is not deleted, neither alone nor among several."""
    for thing in instances:
        if isinstance(thing, Workplace) and (reason := why_not_deletable(thing)):
            messages.error(request, reason)
            return redirect(thing.snippet_viewset.get_url_name("list"))
    return None
