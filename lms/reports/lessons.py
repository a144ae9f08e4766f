"""Where in a course people stop, and when in the week they learn: counts of finished lessons and modules."""

from collections import Counter
from uuid import UUID

from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import ExtractIsoWeekDay

from lms.reports.enrolments import among, chosen_rows, day_counts, hour_of, local, totals
from lms.reports.selection import Selection
from lms.tallies.models import DayCount
from lms.tallies.rows import Ground, ground
from modules.models import LessonCompletion, ModuleCompletion

# So many people have so few lessons that they are counted while somebody waits, however many there are in all.
COUNTED_AT_ONCE = 500


def steps_done(chosen: Selection) -> dict[str, int] | None:
    """How many enrolments have finished each lesson and module by the end of the period, first time through, by key.

    None where there are too many to count for those who were chosen.
    """
    here = ground()
    if here.is_kept and here.lessons_at and among(chosen):
        rows = day_counts(chosen, DayCount.What.STEP).filter(day__lte=chosen.end)
        counted = rows.values_list("key").annotate(number=Sum("count"))
        # SQLite keeps a key without its hyphens.
        return {str(UUID(key)): number for key, number in counted}
    if _too_many(chosen, here):
        return None
    attempts = chosen_rows(chosen, here).filter(enrolled_at__lt=chosen.until).values("attempt")
    done: dict[str, int] = {}
    for model, name in ((LessonCompletion, "lesson_key"), (ModuleCompletion, "module_key")):
        rows = model.objects.filter(attempt__in=attempts, completed_at__lt=chosen.until).order_by()
        done |= {str(key): number for key, number in rows.values_list(name).annotate(number=Count("pk"))}
    return done


def lessons_by_hour(chosen: Selection) -> dict[tuple[int, int], int] | None:
    """Lessons finished in the period by weekday (Monday is 1) and hour, Norwegian time, any time through.

    None where there are too many to count for those who were chosen.
    """
    here = ground()
    if here.is_kept and here.lessons_at and among(chosen):
        inside = day_counts(chosen, DayCount.What.HOUR).filter(day__gte=chosen.start, day__lte=chosen.end)
        rows = inside.values_list(ExtractIsoWeekDay("day"), "key").annotate(number=Sum("count"))
        return {(weekday, int(hour)): number for weekday, hour, number in rows}
    if _too_many(chosen, here):
        return None
    return _counted(_lessons(chosen, here))


def _lessons(chosen: Selection, here: Ground) -> QuerySet:
    name = "attempt__enrolment" if here.is_kept else "enrolment"
    enrolments = chosen_rows(chosen, here).values(name)
    lessons = LessonCompletion.objects.filter(attempt__enrolment__in=enrolments).order_by()
    return lessons.filter(completed_at__gte=chosen.since, completed_at__lt=chosen.until)


def _counted(lessons: QuerySet) -> dict[tuple[int, int], int]:
    found: Counter[tuple[int, int]] = Counter()
    for hour, number in lessons.annotate(hour=hour_of("completed_at")).values_list("hour").annotate(n=Count("pk")):
        moment = local(hour)
        found[moment.isoweekday(), moment.hour] += number
    return dict(found)


def _too_many(chosen: Selection, here: Ground) -> bool:
    return here.is_kept and totals(chosen, chosen.until)["enrolled"] > COUNTED_AT_ONCE
