"""`/tall/`: numbers for everybody. Only what was published is ever read here (P15)."""

import re
from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from lms.openfigures import files
from lms.openfigures.forms import ChoiceOfCells
from lms.openfigures.models import Release
from lms.openfigures.releases import last_month_end, next_release
from lms.openfigures.tables import Figures
from mentoring.spreadsheet import CSV, XLSX, file_answer

SECONDS = 24 * 3600


@require_safe
def figures(request: HttpRequest, month: str = "") -> HttpResponse:
    """The newest release, or that of a month; a county and a sector may be chosen."""
    release = _release(month) if month else Release.objects.first()
    if release is None:
        first = next_release(last_month_end(timezone.now()))
        return render(request, "openfigures/empty.html", {"first": first})
    shown = Figures(release)
    form = ChoiceOfCells(request.GET or None, shown)
    county, sector = form.chosen() if form.is_bound else (None, None)
    chosen = shown.chosen(county, sector)
    words = {
        "release": release,
        "form": form,
        "is_chosen": county is not None or sector is not None,
        "all": chosen,
        "is_all_hidden": chosen.enrolled is None,
        "events": [(name, shown.events[key]) for key, name in files.names_of_events().items()],
        "tables": shown.tables(county, sector),
        "grids": shown.grids(),
        "sentences": files.how_to_read(release),
        "next_release": next_release(release.as_of),
        "others": Release.objects.exclude(pk=release.pk).defer("numbers"),
        "is_newest": not Release.objects.filter(as_of__gt=release.as_of).exists(),
    }
    return render(request, "openfigures/figures.html", words)


def for_everybody(view: Callable[[Release], HttpResponse]) -> Callable[..., HttpResponse]:
    """A file of a release: it never changes, so anybody may keep it for a day."""

    @require_safe
    @cache_control(public=True, max_age=SECONDS)
    def file(request: HttpRequest, month: str) -> HttpResponse:
        return view(_release(month))

    return file


@for_everybody
def figures_csv(release: Release) -> HttpResponse:
    """All numbers as CSV."""
    return file_answer(files.csv_of(release), CSV, files.file_name(release, "csv"))


@for_everybody
def figures_xlsx(release: Release) -> HttpResponse:
    """All numbers as a workbook."""
    return file_answer(files.xlsx_of(release), XLSX, files.file_name(release, "xlsx"))


@for_everybody
def figures_json(release: Release) -> HttpResponse:
    """All numbers as JSON, for anybody's program."""
    answer = JsonResponse(files.json_of(release), json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


def _release(month: str) -> Release:
    # There is no year 0, and the database is not asked for one.
    found = re.fullmatch(r"((?!0000)[0-9]{4})-([0-9]{2})", month)
    release = Release.objects.filter(as_of__year=found[1], as_of__month=found[2]).first() if found else None
    if release is None:
        raise Http404
    return release
