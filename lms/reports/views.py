"""`/rapporter/`: exact numbers for the administration, each reading logged (R104-R107, P13)."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lms.reports.charts import chart_of
from lms.reports.exports import csv_of, file_name, xlsx_of
from lms.reports.figures import Report, report_of
from lms.reports.forms import SelectionForm
from lms.reports.models import ReportReading

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def for_readers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Lets in who may see exact numbers; for others the page is not there."""

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not request.user.has_perm("reports.view_exact_numbers"):
            raise Http404
        return view(request, *args, **kwargs)

    return login_required(never_cache(require_safe(guarded)))


@for_readers
def numbers(request: HttpRequest) -> HttpResponse:
    """The numbers of a selection."""
    form = SelectionForm(request.GET or None)
    report = report_of(form.selection())
    _log(request, "page", report)
    tables = [(table, chart_of(table)) for table in report.tables]
    return render(request, "reports/numbers.html", {"form": form, "report": report, "tables": tables})


@for_readers
def numbers_csv(request: HttpRequest) -> HttpResponse:
    """The same as a CSV file."""
    report = report_of(SelectionForm(request.GET or None).selection())
    _log(request, "csv", report)
    return _file(csv_of(report), "text/csv; charset=utf-8", file_name(report, "csv"))


@for_readers
def numbers_xlsx(request: HttpRequest) -> HttpResponse:
    """The same as an Excel file."""
    report = report_of(SelectionForm(request.GET or None).selection())
    _log(request, "xlsx", report)
    return _file(xlsx_of(report), XLSX, file_name(report, "xlsx"))


def _log(request: HttpRequest, form: str, report: Report) -> None:
    ReportReading.objects.create(person=request.user, form=form, view=report.chosen.address()[:500])


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    disposition = content_disposition_header(as_attachment=True, filename=name)
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": disposition})
