"""Groups in /cms/, for administrators."""

from django.contrib import messages
from django.shortcuts import redirect
from wagtail import hooks
from wagtail.snippets.models import register_snippet

from mentoring.cms import glass
from mentoring.cms.applications import WaitingApplicationsPanel
from mentoring.cms.menu import GroupsMenu, why_not_deletable

register_snippet(GroupsMenu)
__all__ = ["glass"]  # its own hooks


@hooks.register("before_delete_snippet")
def keep_what_is_in_use(request, instances):
    """What groups and applications hang on is not deleted, neither alone nor among several."""
    for thing in instances:
        if reason := why_not_deletable(thing):
            messages.error(request, reason)
            return redirect(thing.snippet_viewset.get_url_name("list"))
    return None


@hooks.register("construct_homepage_panels")
def waiting_applications(request, panels):
    panels.append(WaitingApplicationsPanel())
