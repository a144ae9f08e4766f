"""`/rapporter/ar/2025/registrer/`: the rows that somebody writes by hand, sheet by sheet."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from lms.reports.forms import FIRST_YEAR
from lms.reports.guards import log
from lms.reports.models import ClosedYear, StayRow
from lms.reports.year import flags_by_kind
from lms.reports.year_checks import name_of
from lms.reports.year_clearing import as_on_the_sheets, clear_rows, fingerprint_of_rows, rows_without_numbers
from lms.reports.year_copying import copy_rows
from lms.reports.year_sheets import SHEETS, fingerprint_of, named_rows, save_sheet, sheet_of


def for_writers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Lets in who may register rows, to a year that is not closed; a closed one leads to its report."""

    @wraps(view)
    def guarded(request: HttpRequest, year: int, **kwargs) -> HttpResponse:
        may = request.user.has_perm("reports.add_offering") and request.user.has_perm("reports.view_exact_numbers")
        if not may or not FIRST_YEAR <= year <= timezone.localdate().year:
            raise Http404
        if kwargs.get("slug", next(iter(SHEETS))) not in SHEETS:
            raise Http404
        if ClosedYear.objects.filter(year=year).exists():
            messages.error(request, _("Året %(year)s er lukket. Skriv en rettelse i stedet.") % {"year": year})
            return redirect("year_report", year)
        return view(request, year, **kwargs)

    return login_required(never_cache(guarded))


@login_required
@never_cache
def latest(request: HttpRequest) -> HttpResponse:
    """Leads to the sheets of last year, or of this year when that is closed."""
    if not request.user.has_perm("reports.add_offering"):
        raise Http404
    this = timezone.localdate().year
    is_closed = ClosedYear.objects.filter(year=this - 1).exists()
    return redirect("year_sheets", this if is_closed else this - 1)


@for_writers
def sheets(request: HttpRequest, year: int) -> HttpResponse:
    """The sheets of a year: how many rows each has, and where something does not add up."""
    log(request, "page", f"ar={year}&ark=alle")
    flags = flags_by_kind(year)
    rows = [
        {"slug": slug, "title": title, "count": _count(model, year), "flags": flags.get(model, [])}
        for slug, (model, title, _words) in SHEETS.items()
    ]
    told = {"year": year, "before": year - 1, "sheets": rows, "has_empty": bool(rows_without_numbers(year))}
    return render(request, "reports/year_sheets.html", told)


@for_writers
def sheet(request: HttpRequest, year: int, slug: str) -> HttpResponse:
    """One sheet: many rows at once, saved together or not at all."""
    model, title, words = SHEETS[slug]
    filled = sheet_of(slug, year, request.POST if request.method == "POST" else None)
    now = fingerprint_of(slug, year)
    seen = request.POST.get("seen") or now
    if request.method == "POST" and save_sheet(filled, is_as_seen=seen == now):
        messages.success(request, _("Arket er lagret."))
        return redirect("year_sheet", year, slug)
    if request.method != "POST":
        log(request, "page", f"ar={year}&ark={slug}")
    slugs = list(SHEETS)
    after = slugs[slugs.index(slug) + 1 :][:1]
    told = {
        "year": year,
        "slug": slug,
        "title": title,
        "words": words,
        "sheet": filled,
        "rows": named_rows(filled),
        "seen": seen,
        "flags": [] if slug == "merknader" else flags_by_kind(year).get(model, []),
        "after": {"slug": after[0], "title": SHEETS[after[0]][1]} if after else None,
    }
    return render(request, "reports/year_sheet.html", told, status=200 if request.method != "POST" else 422)


@for_writers
@require_POST
def copy(request: HttpRequest, year: int) -> HttpResponse:
    """Takes the rows of the year before along, without numbers."""
    try:
        count = copy_rows(year)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        words = {"count": count, "year": year - 1}
        if count:
            told = ngettext(
                "%(count)s rad er tatt med fra %(year)s. Fyll inn tallene.",
                "%(count)s rader er tatt med fra %(year)s. Fyll inn tallene.",
                count,
            )
        else:
            told = _("Alle radene fra %(year)s er her allerede.")
        messages.success(request, told % words)
    return redirect("year_sheets", year)


@for_writers
def clear(request: HttpRequest, year: int) -> HttpResponse:
    """The rows without numbers, to be looked over; posted, they are removed."""
    if request.method == "POST":
        try:
            count = clear_rows(year, request.POST.get("seen", ""))
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
            return redirect("clear_year", year)
        told = ngettext("%(count)s rad er fjernet.", "%(count)s rader er fjernet.", count) % {"count": count}
        messages.success(request, told)
        return redirect("year_sheets", year)
    rows = rows_without_numbers(year)
    names = [name_of(row) for row in as_on_the_sheets(rows)]
    told = {"year": year, "names": names, "seen": fingerprint_of_rows(rows)}
    return render(request, "reports/year_clear.html", told)


def _count(model: Any, year: int) -> int:
    rows = model.objects.filter(year=year)
    return rows.values("title").distinct().order_by().count() if model is StayRow else rows.count()
