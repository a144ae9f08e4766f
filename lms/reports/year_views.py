"""`/rapporter/ar/`: the yearly report as a page and as files, closing it, correcting it (R100, R105)."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.reports.exports import csv_of, head_of_year, xlsx_of
from lms.reports.forms import FIRST_YEAR
from lms.reports.guards import XLSX, file_answer, for_editors, for_readers, log
from lms.reports.models import ClosedYear
from lms.reports.year import YearReport, close_year, correct_year, year_report, years_there


@for_readers
def years(request: HttpRequest) -> HttpResponse:
    """`/rapporter/ar/`: the years there are reports of."""
    return render(request, "reports/years.html", {"years": years_there()})


@for_readers
def year(request: HttpRequest, year: int) -> HttpResponse:
    """The report of a year, and closing it once it is over."""
    report = _report_of(year)
    log(request, "page", f"ar={year}")
    is_over = year < timezone.localdate().year
    return render(request, "reports/year.html", {"report": report, "may_close": is_over and not report.closed})


@for_readers
def year_csv(request: HttpRequest, year: int) -> HttpResponse:
    """The same as a CSV file."""
    report = _report_of(year)
    log(request, "csv", f"ar={year}")
    return file_answer(csv_of(head_of_year(report), report.tables), "text/csv; charset=utf-8", f"refleks-{year}.csv")


@for_readers
def year_xlsx(request: HttpRequest, year: int) -> HttpResponse:
    """The same as an Excel file."""
    report = _report_of(year)
    log(request, "xlsx", f"ar={year}")
    return file_answer(xlsx_of(head_of_year(report), report.tables), XLSX, f"refleks-{year}.xlsx")


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
