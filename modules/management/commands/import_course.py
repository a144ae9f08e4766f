"""`manage.py import_course courses/<course>`: puts a course from files into the CMS, all of it or nothing."""

from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from modules import reading_time
from modules.coursefiles.checking import check_course, unused_files
from modules.coursefiles.mistakes import MOST, CourseRefused, Mistakes
from modules.coursefiles.reading import CourseFile, read_course
from modules.coursefiles.storing import Outcome, store_course


class Command(BaseCommand):
    help = "Imports a course from a folder. Says every mistake with file and line, and imports nothing then."

    def add_arguments(self, parser):
        parser.add_argument("path", type=Path, help="the folder with course.toml")
        parser.add_argument("--check", action="store_true", help="only look for mistakes, needs no database")

    def handle(self, *, path: Path, check: bool, verbosity: int, **options):
        mistakes = Mistakes()
        try:
            course = read_course(path, mistakes)
            if course:
                check_course(course, mistakes)
            if mistakes.found or not course:
                raise CourseRefused(mistakes.found)
            outcome = None if check else store_course(course)
        except ValidationError as error:
            raise CommandError(refusal(error)) from error
        if verbosity:
            for line in report(course, outcome):
                self.stdout.write(line)


def refusal(error: ValidationError) -> str:
    """Every mistake on a line of its own, then how many there are; of too many the first."""
    words = {"number": len(error.messages)}
    last = _("Antall feil: %(number)s. Ingenting er importert.") % words
    if len(error.messages) >= MOST:
        last = _("Her er de første %(number)s feilene. Rett dem først. Ingenting er importert.") % words
    return "\n".join([*error.messages, last])


def report(course: CourseFile, outcome: Outcome | None) -> list[str]:
    """What is in each lesson and module, and what was done."""
    lines = []
    for module in course.modules:
        blocks = [{"type": piece.kind, "value": piece.value} for lesson in module.lessons for piece in lesson.pieces]
        estimate = sum(reading_time.minutes_in(_blocks_of(lesson)) for lesson in module.lessons)
        lines.append(f"{module.title} ({module.minutes} min): {_measure(blocks, estimate)}")
        for lesson in module.lessons:
            minutes = reading_time.minutes_in(_blocks_of(lesson))
            lines.append(f"  {lesson.path}: {_measure(_blocks_of(lesson), minutes)}")
    lines += [_("Merknad: ingen leksjon bruker pictures/%(name)s.") % {"name": name} for name in unused_files(course)]
    return lines + (_deeds(outcome) if outcome else [_("Ingen feil. Ingenting er importert (--check).")])


def _blocks_of(lesson):
    return [{"type": piece.kind, "value": piece.value} for piece in lesson.pieces]


def _measure(blocks, minutes) -> str:
    counts = {
        "words": reading_time.words_in(blocks),
        "checks": reading_time.count_of(blocks, reading_time.CHECKS),
        "prompts": reading_time.count_of(blocks, reading_time.PROMPTS),
        "minutes": minutes,
    }
    return _("%(words)s ord, sjekker: %(checks)s, til ettertanke: %(prompts)s, omtrent %(minutes)s min") % counts


def _deeds(outcome: Outcome) -> list[str]:
    lines = [_("Ny: %(path)s") % {"path": path} for path in outcome.created]
    lines += [_("Endret: %(path)s") % {"path": path} for path in outcome.changed]
    lines += [_("Flyttet: %(path)s") % {"path": path} for path in outcome.moved]
    lines += [_("En kladd i CMS ble lagt til side: %(path)s") % {"path": path} for path in outcome.drafts]
    lines += [_("Tatt ned, finnes ikke lenger i filene: %(title)s") % {"title": title} for title in outcome.unpublished]
    return [*lines, _("Uendrede sider: %(number)s.") % {"number": len(outcome.unchanged)}]
