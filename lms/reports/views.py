"""`/rapporter/`: exact numbers for the administration, each reading logged (R104-R107, P13)."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lms.reports.charts import chart_of
from lms.reports.exports import csv_of, file_name, head_of, head_of_year, xlsx_of
from lms.reports.figures import report_of
from lms.reports.forms import FIRST_YEAR, SelectionForm
from lms.reports.models import ClosedYear, ReportReading
from lms.reports.year import YearReport, close_year, correct_year, year_report, years_there

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def for_readers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Lets in who may see exact numbers; for others the page is not there."""

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not request.user.has_perm("reports.view_exact_numbers"):
            raise Http404
        return view(request, *args, **kwargs)

    return login_required(never_cache(require_safe(guarded)))


def for_editors(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Lets posts of those in who may close years; whoever comes by a link is led to the report."""

    @wraps(view)
    def guarded(request: HttpRequest, year: int) -> HttpResponse:
        if not request.user.has_perm("reports.add_closedyear") or year < FIRST_YEAR:
            raise Http404
        return view(request, year) if request.method == "POST" else redirect("year_report", year)

    return login_required(never_cache(guarded))


@for_readers
def numbers(request: HttpRequest) -> HttpResponse:
    """The numbers of a selection."""
    form = SelectionForm(request.GET or None)
    report = report_of(form.selection())
    _log(request, "page", report.chosen.address())
    tables = [(table, chart_of(table)) for table in report.tables]
    return render(request, "reports/numbers.html", {"form": form, "report": report, "tables": tables})


@for_readers
def numbers_csv(request: HttpRequest) -> HttpResponse:
    """The same as a CSV file."""
    report = report_of(SelectionForm(request.GET or None).selection())
    _log(request, "csv", report.chosen.address())
    return _file(csv_of(head_of(report), report.tables), "text/csv; charset=utf-8", file_name(report, "csv"))


@for_readers
def numbers_xlsx(request: HttpRequest) -> HttpResponse:
    """The same as an Excel file."""
    report = report_of(SelectionForm(request.GET or None).selection())
    _log(request, "xlsx", report.chosen.address())
    return _file(xlsx_of(head_of(report), report.tables), XLSX, file_name(report, "xlsx"))


@for_readers
def years(request: HttpRequest) -> HttpResponse:
    """`/rapporter/ar/`: the years there are reports of."""
    return render(request, "reports/years.html", {"years": years_there()})


@for_readers
def year(request: HttpRequest, year: int) -> HttpResponse:
    """The report of a year, and closing it once it is over."""
    report = _report_of(year)
    _log(request, "page", f"ar={year}")
    is_over = year < timezone.localdate().year
    return render(request, "reports/year.html", {"report": report, "may_close": is_over and not report.closed})


@for_readers
def year_csv(request: HttpRequest, year: int) -> HttpResponse:
    """The same as a CSV file."""
    report = _report_of(year)
    _log(request, "csv", f"ar={year}")
    return _file(csv_of(head_of_year(report), report.tables), "text/csv; charset=utf-8", f"refleks-{year}.csv")


@for_readers
def year_xlsx(request: HttpRequest, year: int) -> HttpResponse:
    """The same as an Excel file."""
    report = _report_of(year)
    _log(request, "xlsx", f"ar={year}")
    return _file(xlsx_of(head_of_year(report), report.tables), XLSX, f"refleks-{year}.xlsx")


@for_editors
def close(request: HttpRequest, year: int) -> HttpResponse:
    """Freezes the report of a year that is over."""
    return _tried(
        request, year, lambda: close_year(year, request.user), _("Året er lukket. Tallene endrer seg ikke mer.")
    )


@for_editors
def correct(request: HttpRequest, year: int) -> HttpResponse:
    """Puts a signed note beside a frozen report."""
    closed = get_object_or_404(ClosedYear, year=year)
    text = request.POST.get("text", "").replace("\x00", "")[:1000]
    return _tried(request, year, lambda: correct_year(closed, text, request.user), _("Rettelsen er lagret."))


def _tried(request: HttpRequest, year: int, change: Callable[[], object], done: str) -> HttpResponse:
    try:
        change()
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, done)
    return redirect("year_report", year)


def _report_of(year: int) -> YearReport:
    if not FIRST_YEAR <= year <= timezone.localdate().year:
        raise Http404
    return year_report(year)


def _log(request: HttpRequest, form: str, view: str) -> None:
    ReportReading.objects.create(person=request.user, form=form, view=view[:500])


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    disposition = content_disposition_header(as_attachment=True, filename=name)
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": disposition})
