"""What any Django site pays for the same kind of request: the least that can be asked, under the same settings."""

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.views.decorators.http import require_POST, require_safe

from modules.models import Enrolment, LessonPage

ROWS = 20


def _page() -> HttpResponse:
    rows = LessonPage.objects.live().order_by("path").values_list("title", "url_path")[:ROWS]
    # Without the request, so without our context processors: what they cost is the product's to answer for.
    return HttpResponse(render_to_string("bench/list.html", {"rows": list(rows)}))


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """For anybody: one list query and a page of twenty lines. Asked with a query string, so that nothing is kept."""
    return _page()


@login_required
@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """The same for somebody signed in: session, user and one list query."""
    return _page()


@login_required
@require_POST
def write(request: HttpRequest) -> HttpResponse:
    """One locked row of the person who is signed in, written, and a redirect as after any form."""
    with transaction.atomic():
        row = Enrolment.objects.select_for_update().get(learner=request.user)
        Enrolment.objects.filter(pk=row.pk).update(enrolled_at=F("enrolled_at"))
    return redirect("/bench/own/")
