"""The figures in words: what each counts, the period before beside it, and the tables. One source for all forms."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.reports import queries
from lms.reports.definitions import CERTIFICATES, GROUPS, MEETINGS, NEWS, STATES
from lms.reports.selection import Selection
from lms.reports.shapes import Figure, FigureGroup, Report, Table
from lms.reports.tables import lesson_tables, tables_of
from lms.tallies.rows import Ground, one_ground

__all__ = ["Figure", "FigureGroup", "Report", "Table", "report_of"]
# Parts of all who are enrolled.
PARTS = {"started", "not_begun", "under_way", "completed", "stopped"}
Counts = Mapping[str, int]


def report_of(chosen: Selection) -> Report:
    """The report of `chosen`. A constant number of queries."""
    with _one_moment(), one_ground() as here:
        return _report(chosen, here)


@contextmanager
def _one_moment() -> Iterator[None]:
    """Lets all queries of a report see the same rows, also while the kept ones are made anew."""
    if connection.vendor != "postgresql" or connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def _report(chosen: Selection, here: Ground) -> Report:
    people, people_before = queries.enrolment_figures(chosen), queries.enrolment_figures(chosen.before)
    groups = [
        FigureGroup("status", _("Hvordan det står til"), _with_shares(_figures(STATES, people, people_before))),
        FigureGroup("nytt", _("Nytt i perioden"), _figures(NEWS, people, people_before)),
        FigureGroup("grupper", _("Grupper"), _figures(GROUPS, *_both(queries.group_figures, chosen))),
        FigureGroup("moter", _("Møter og notater"), _figures(MEETINGS, *_both(_met, chosen))),
        FigureGroup("kursbevis", _("Kursbevis"), _figures(CERTIFICATES, *_both(queries.certificate_figures, chosen))),
    ]
    lessons, left_out = lesson_tables(chosen, people)
    tables = [table for table in tables_of(chosen, lessons) if table.rows]
    return Report(chosen, here.counted_at or timezone.now(), groups, tables, left_out, here.lessons_at)


def _both(ask: Callable[[Selection], Counts], chosen: Selection) -> tuple[Counts, Counts]:
    return ask(chosen), ask(chosen.before)


def _met(chosen: Selection) -> Counts:
    return queries.meeting_figures(chosen) | queries.note_figures(chosen)


def _figures(named: Sequence[tuple], now: Counts, before: Counts) -> list[Figure]:
    return [Figure(key, str(title), now[key], str(definition), before[key]) for key, title, definition in named]


def _with_shares(figures: list[Figure]) -> list[Figure]:
    enrolled = figures[0].value
    return [
        Figure(
            figure.key,
            figure.title,
            figure.value,
            figure.definition,
            figure.before,
            # Half a percent is rounded up, as one does by hand.
            (200 * figure.value + enrolled) // (2 * enrolled) if enrolled and figure.key in PARTS else None,
        )
        for figure in figures
    ]
