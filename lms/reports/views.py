"""`/rapporter/`: exact numbers for the administration, each reading logged (R104-R107, P13)."""

import datetime
from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.reports.charts import chart_of, stands_in_rows
from lms.reports.exports import csv_of, file_name, head_of, xlsx_of
from lms.reports.figures import report_of
from lms.reports.forms import SelectionForm
from lms.reports.guards import for_readers, log, of_a_selection
from lms.reports.selection import Selection
from mentoring.spreadsheet import CSV, XLSX, file_answer

# A longer table is begun on the page and stands whole on one of its own.
ROWS_ON_THE_PAGE = 12


@for_readers
def numbers(request: HttpRequest) -> HttpResponse:
    """The numbers of a selection."""
    form = SelectionForm(request.GET or None)
    report = report_of(form.selection())
    log(request, "page", report.chosen.address())
    tables = [(table, chart_of(table), stands_in_rows(table)) for table in report.tables]
    context = {
        "form": form,
        "report": report,
        "tables": tables,
        "most_rows": ROWS_ON_THE_PAGE,
        "periods": periods(report.chosen),
    }
    return render(request, "reports/numbers.html", context)


def periods(chosen: Selection) -> list[tuple[str, str]]:
    """Periods one often asks for, and their addresses with the same filter."""
    today = timezone.localdate()
    year = datetime.date(today.year, 1, 1)
    before = datetime.date(today.year - 1, 1, 1)
    month = datetime.timedelta(days=29)
    named = [
        (_("I år"), year, today),
        (_("I fjor"), before, year - datetime.timedelta(days=1)),
        (_("Siste 30 dager"), today - month, today),
        (_("Siste sju dager"), today - datetime.timedelta(days=6), today),
    ]
    return [(words, replace(chosen, start=start, end=end).address()) for words, start, end in named]


@for_readers
def whole_table(request: HttpRequest, key: str) -> HttpResponse:
    """One of the tables, with all its rows."""
    form = SelectionForm(request.GET or None)
    report = report_of(form.selection())
    table = report.table(key)
    if table is None:
        raise Http404
    log(request, "page", f"tabell={key}&{report.chosen.address()}")
    return render(request, "reports/whole_table.html", {"form": form, "report": report, "table": table})


@for_readers
@of_a_selection
def numbers_csv(request: HttpRequest) -> HttpResponse:
    """The same as a CSV file."""
    form = SelectionForm(request.GET or None)
    report, words = report_of(form.selection()), form.words()
    log(request, "csv", report.chosen.address())
    return file_answer(csv_of(head_of(report, words), report.tables), CSV, file_name(report.chosen, "csv", words))


@for_readers
@of_a_selection
def numbers_xlsx(request: HttpRequest) -> HttpResponse:
    """The same as an Excel file."""
    form = SelectionForm(request.GET or None)
    report, words = report_of(form.selection()), form.words()
    log(request, "xlsx", report.chosen.address())
    return file_answer(xlsx_of(head_of(report, words), report.tables), XLSX, file_name(report.chosen, "xlsx", words))
