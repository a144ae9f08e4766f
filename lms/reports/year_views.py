"""`/rapporter/ar/`: the yearly report as a page and as files, closing it, correcting it (R100, R105)."""

from collections.abc import Callable
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.reports.forms import FIRST_YEAR
from lms.reports.guards import for_editors, for_readers, log
from lms.reports.models import ClosedYear
from lms.reports.year import YearReport, close_year, correct_year, year_report, years_there
from lms.reports.year_document import YearDocument, document_of
from lms.reports.year_docx import docx_of
from lms.reports.year_files import year_csv_of, year_xlsx_of
from lms.reports.year_pdf import pdf_of
from mentoring.spreadsheet import CSV, XLSX, file_answer

# By ending: what makes the file, and what kind of file it is.
FILES: dict[str, tuple[Callable[[YearDocument], bytes], str]] = {
    "docx": (docx_of, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "pdf": (pdf_of, "application/pdf"),
    "xlsx": (year_xlsx_of, XLSX),
    "csv": (year_csv_of, CSV),
}


@for_readers
def years(request: HttpRequest) -> HttpResponse:
    """`/rapporter/ar/`: the years there are reports of."""
    return render(request, "reports/years.html", {"years": years_there(), "this_year": timezone.localdate().year})


@for_readers
def year(request: HttpRequest, year: int) -> HttpResponse:
    """The report of a year, and closing it once it is over."""
    report = _report_of(year)
    log(request, "page", f"ar={year}")
    is_over = year < timezone.localdate().year
    told = {
        "report": report,
        "document": document_of(report),
        "is_over": is_over,
        "may_close": is_over and not report.closed and request.user.has_perm("reports.add_closedyear"),
        "may_correct": report.closed is not None and request.user.has_perm("reports.add_closedyear"),
        "may_register": report.closed is None and request.user.has_perm("reports.add_offering"),
        "token": uuid4(),
    }
    return render(request, "reports/year.html", told)


@for_readers
def year_file(request: HttpRequest, year: int, ending: str) -> HttpResponse:
    """The same as a file to send or to go on with: DOCX, PDF, XLSX, CSV."""
    document = document_of(_report_of(year))
    make, kind = FILES[ending]
    log(request, ending, f"ar={year}")
    return file_answer(make(document), kind, f"{document.stem}.{ending}")


@for_editors
def close(request: HttpRequest, year: int) -> HttpResponse:
    """Freezes the report of a year that is over."""
    seen = request.POST.get("seen", "")
    done = _("Året er lukket. Tallene endrer seg ikke mer.")
    return _tried(request, year, lambda: close_year(year, request.user, seen), done)


@for_editors
def correct(request: HttpRequest, year: int) -> HttpResponse:
    """Puts a signed note beside a frozen report."""
    closed = get_object_or_404(ClosedYear, year=year)
    text = request.POST.get("text", "").replace("\x00", "")[:1000]
    token = _token(request.POST.get("token", ""))
    return _tried(request, year, lambda: correct_year(closed, text, request.user, token), _("Rettelsen er lagret."))


def _token(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


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
