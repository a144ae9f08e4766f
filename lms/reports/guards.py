"""Who comes to exact numbers and to the year, and that each reading is noted (P7, P13)."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lms.reports.forms import FIRST_YEAR, SelectionForm
from lms.reports.models import ReportReading


def for_readers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Lets in who may see exact numbers; for others the page is not there."""

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not request.user.has_perm("reports.view_exact_numbers"):
            raise Http404
        return view(request, *args, **kwargs)

    return login_required(never_cache(require_safe(guarded)))


def of_a_selection(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Makes a file of what was asked for and of nothing else: what cannot be read leads to the page that says so."""

    @wraps(view)
    def asked(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if SelectionForm(request.GET or None).errors:
            return redirect(f"{reverse('numbers')}?{request.GET.urlencode()}")
        return view(request, *args, **kwargs)

    return asked


def for_editors(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Lets posts of those in who may close years; whoever comes by a link is led to the report."""

    @wraps(view)
    def guarded(request: HttpRequest, year: int) -> HttpResponse:
        if not request.user.has_perm("reports.add_closedyear") or year < FIRST_YEAR:
            raise Http404
        return view(request, year) if request.method == "POST" else redirect("year_report", year)

    return login_required(never_cache(guarded))


def log(request: HttpRequest, form: str, view: str) -> None:
    """Notes that somebody saw or fetched exact numbers."""
    ReportReading.objects.create(person=request.user, form=form, view=view[:500])
