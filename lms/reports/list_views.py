"""The rows behind a figure, for those who may see them; each look is noted (P13, S11)."""

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.timezone import now
from django.utils.translation import gettext as _

from lms.reports.exports import file_name, selection_rows, when
from lms.reports.forms import SelectionForm
from lms.reports.guards import for_readers, log, of_a_selection
from lms.reports.list_files import MOST_IN_EXCEL, csv_pieces, xlsx_on_disk
from lms.reports.lists import RowList, row_list
from lms.reports.selection import Selection
from lms.tallies.rows import ground
from mentoring.spreadsheet import CSV, XLSX, slug_of

ROWS_ON_A_PAGE = 100


@for_readers
def rows(request: HttpRequest, group: str, figure: str) -> HttpResponse:
    """A hundred rows at a time."""
    form = SelectionForm(request.GET or None)
    chosen = form.selection()
    found = _list(chosen, group, figure)
    after = _number(request.GET.get("etter", ""))
    cells, following = found.piece(after, ROWS_ON_A_PAGE)
    count = found.count()
    _log(request, "page", chosen, group, figure)
    context = {
        "form": form,
        "chosen": chosen,
        "list": found,
        "cells": cells,
        "count": count,
        "following": chosen.address(etter=following) if following else "",
        "is_first": not after,
        "group": group,
        "figure": figure,
        "fits_excel": count <= MOST_IN_EXCEL,
        "most_in_excel": MOST_IN_EXCEL,
        "counted_at": ground().counted_at or now(),
    }
    return render(request, "reports/rows.html", context)


@for_readers
@of_a_selection
def rows_csv(request: HttpRequest, group: str, figure: str) -> StreamingHttpResponse:
    """All of them, sent while they are read."""
    form = SelectionForm(request.GET or None)
    chosen, words = form.selection(), form.words()
    found = _list(chosen, group, figure)
    _log(request, "csv", chosen, group, figure)
    name = file_name(chosen, "csv", words, f"refleks-{group}-{slug_of(found.title)}")
    disposition = content_disposition_header(as_attachment=True, filename=name)
    pieces = csv_pieces(_head(found, chosen, words), found.all())
    return StreamingHttpResponse(pieces, content_type=CSV, headers={"Content-Disposition": disposition})


@for_readers
@of_a_selection
def rows_xlsx(request: HttpRequest, group: str, figure: str) -> HttpResponse:
    """All of them, where Excel can be expected to take them; else the page says what to do."""
    form = SelectionForm(request.GET or None)
    chosen, words = form.selection(), form.words()
    found = _list(chosen, group, figure)
    if found.count() > MOST_IN_EXCEL:
        return rows(request, group, figure)
    _log(request, "xlsx", chosen, group, figure)
    name = file_name(chosen, "xlsx", words, f"refleks-{group}-{slug_of(found.title)}")
    file = xlsx_on_disk(_head(found, chosen, words), found.all(), _("Rader"))
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


def _list(chosen: Selection, group: str, figure: str) -> RowList:
    try:
        return row_list(chosen, group, figure)
    except KeyError:
        raise Http404 from None


def _head(found: RowList, chosen: Selection, words: list[str]) -> list[list[Any]]:
    return [
        [_("Interne tall med navn. De skal ikke deles videre.")],
        [found.title, found.definition],
        [_("Periode"), chosen.start.isoformat(), chosen.end.isoformat()],
        *selection_rows(chosen, words),
        [_("Talt"), when(ground().counted_at or now())],
        [],
        list(found.columns),
    ]


def _log(request: HttpRequest, form: str, chosen: Selection, group: str, figure: str) -> None:
    log(request, form, f"rader={group}/{figure}&{chosen.address()}")


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
