"""Groups as their mentor and members see them."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from mentoring import access, following


@login_required
@require_safe
def groups(request: HttpRequest) -> HttpResponse:
    """`/grupper/`: the groups one leads or is in."""
    return render(request, "mentoring/groups.html", {"groups": access.groups_for(request.user)})


@login_required
@require_safe
def group(request: HttpRequest, pk: int) -> HttpResponse:
    """A group: its members' way through the course for the mentor; who is in it for a member."""
    found = access.group_for(request.user, pk)
    course = following.course_of(found, get_language())
    rows = following.member_rows(found, course) if course else []
    context = {"group": found, "course": course, "rows": rows, "leads": found.mentor_id == request.user.pk}
    return render(request, "mentoring/group.html", context)
