"""`/rapporter/`: exact numbers for the administration, each reading logged (R104-R107, P13)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lms.reports.charts import chart_of
from lms.reports.exports import csv_of, file_name, head_of, xlsx_of
from lms.reports.figures import report_of
from lms.reports.forms import SelectionForm
from lms.reports.guards import XLSX, file_answer, for_readers, log


@for_readers
def numbers(request: HttpRequest) -> HttpResponse:
    """The numbers of a selection."""
    form = SelectionForm(request.GET or None)
    report = report_of(form.selection())
    log(request, "page", report.chosen.address())
    tables = [(table, chart_of(table)) for table in report.tables]
    return render(request, "reports/numbers.html", {"form": form, "report": report, "tables": tables})


@for_readers
def numbers_csv(request: HttpRequest) -> HttpResponse:
    """The same as a CSV file."""
    report = report_of(SelectionForm(request.GET or None).selection())
    log(request, "csv", report.chosen.address())
    return file_answer(csv_of(head_of(report), report.tables), "text/csv; charset=utf-8", file_name(report, "csv"))


@for_readers
def numbers_xlsx(request: HttpRequest) -> HttpResponse:
    """The same as an Excel file."""
    report = report_of(SelectionForm(request.GET or None).selection())
    log(request, "xlsx", report.chosen.address())
    return file_answer(xlsx_of(head_of(report), report.tables), XLSX, file_name(report, "xlsx"))
