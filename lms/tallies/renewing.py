"""Makes the kept rows anew, all of a kind in one transaction. The database copies and sums; nothing is read here."""

import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction
from django.db.models import CharField, Count, F, Min, Model, QuerySet, Value, Window
from django.db.models.functions import Cast, Coalesce, ExtractHour, RowNumber, TruncDate

from lms.tallies.models import DayCount, KeptEnrolment, MonthState, Renewal
from lms.tallies.rows import STATES, facts, state_counts
from modules.models import Enrolment, LessonCompletion, ModuleCompletion

OSLO = ZoneInfo("Europe/Oslo")
COPIED = ["person", "course_key", "sector", "profession", "place", "county"]
DATED = ["enrolled_at", "began_at", "completed_at", "withdrawn_at"]
LESSON = {
    DayCount.Among.SECTOR: "attempt__enrolment__learner__sector",
    DayCount.Among.PROFESSION: "attempt__enrolment__learner__profession",
    DayCount.Among.COUNTY: "attempt__enrolment__learner__municipality__county_number",
}


def renew_enrolments(now: datetime.datetime) -> int:
    """Makes the rows of enrolments and their sums anew where there are many; else keeps none. Gives how many."""
    if Enrolment.objects.count() <= settings.COUNT_LIVE_UP_TO:
        _forget()
        return 0
    with transaction.atomic():
        _copy()
        MonthState.objects.all().delete()
        for moment in _moments(now):
            _sum_states(moment)
        DayCount.objects.filter(what__in=[DayCount.What.ENROLLED, DayCount.What.COMPLETED]).delete()
        for among in DayCount.Among.values:
            _count_days(DayCount.What.ENROLLED, "enrolled_at", among)
            _count_days(DayCount.What.COMPLETED, "completed_at", among)
        Renewal.objects.update_or_create(what=Renewal.What.ENROLMENTS, defaults={"at": now})
    return KeptEnrolment.objects.count()


def renew_lessons(now: datetime.datetime) -> int:
    """Counts all finished lessons by hour and step anew where enrolments are kept. Gives how many rows there are."""
    if not Renewal.objects.filter(what=Renewal.What.ENROLMENTS).exists():
        return 0
    steps = [DayCount.What.HOUR, DayCount.What.STEP]
    with transaction.atomic():
        DayCount.objects.filter(what__in=steps).delete()
        for among in DayCount.Among.values:
            _count_hours(among)
            _count_steps(LessonCompletion.objects.annotate(key=F("lesson_key")), among)
            _count_steps(ModuleCompletion.objects.annotate(key=F("module_key")), among)
        Renewal.objects.update_or_create(what=Renewal.What.LESSONS, defaults={"at": now})
    return DayCount.objects.filter(what__in=steps).count()


def _forget() -> None:
    with transaction.atomic():
        for model in (Renewal, DayCount, MonthState, KeptEnrolment):
            model.objects.all().delete()


def _copy() -> None:
    """Puts in what is new and changes what has changed; what stays as it is costs no write."""
    names = ["attempt", *COPIED, *DATED, "nth"]
    order = Window(RowNumber(), partition_by=[F("enrolment__learner")], order_by=[F("enrolment__enrolled_at"), F("pk")])
    columns = [KeptEnrolment._meta.get_field(name).column for name in names]
    told = ", ".join(f"{column} = excluded.{column}" for column in columns[1:])
    table = KeptEnrolment._meta.db_table
    changed = " OR ".join(f"{table}.{column} IS DISTINCT FROM excluded.{column}" for column in columns[1:])
    _insert(
        KeptEnrolment,
        names,
        facts().annotate(nth=order).values_list(*names),
        f"ON CONFLICT ({columns[0]}) DO UPDATE SET {told} WHERE {changed}",
    )


def _sum_states(moment: datetime.datetime) -> None:
    rows = KeptEnrolment.objects.filter(enrolled_at__lt=moment).order_by()
    for side, columns in (
        (MonthState.Side.PLACE, ["course_key", "sector", "place", "county"]),
        (MonthState.Side.PROFESSION, ["course_key", "sector", "profession"]),
    ):
        told = {"at": Value(moment), "side": Value(side, output_field=CharField())}
        blank = dict.fromkeys({"profession", "place", "county"} - set(columns), Value("", output_field=CharField()))
        counted = rows.values(*columns).annotate(**told, **blank, **state_counts(moment, is_kept=True))
        names = [*columns, "at", "side", *blank, *STATES]
        _insert(MonthState, names, counted.values_list(*names))


def _count_days(what: str, field: str, among: str) -> None:
    dated = KeptEnrolment.objects.exclude(**{field: None}).order_by().annotate(day=TruncDate(field, tzinfo=OSLO))
    value = Value("") if among == DayCount.Among.ALL else F(among)
    _count(what, among, dated.annotate(value=_text(value), key=_text(Value(""))))


def _count_hours(among: str) -> None:
    hour = Cast(ExtractHour("completed_at", tzinfo=OSLO), CharField())
    lessons = LessonCompletion.objects.order_by().annotate(
        day=TruncDate("completed_at", tzinfo=OSLO),
        course_key=F("attempt__enrolment__course_key"),
        value=_value(among),
        key=hour,
    )
    _count(DayCount.What.HOUR, among, lessons)


def _count_steps(done: QuerySet, among: str) -> None:
    steps = done.filter(attempt__number=1).order_by()
    steps = steps.annotate(
        day=TruncDate("completed_at", tzinfo=OSLO), course_key=F("attempt__enrolment__course_key"), value=_value(among)
    )
    _count(DayCount.What.STEP, among, steps, key=Cast(F("key"), CharField()))


def _count(what: str, among: str, rows: QuerySet, **also: Any) -> None:
    rows = rows.annotate(**{f"{name}_text": value for name, value in also.items()})
    by = ["course_key", "day", "value", "key_text" if also else "key"]
    counted = rows.values(*by).annotate(what=_text(Value(what)), among=_text(Value(among)), number=Count("pk"))
    names = ["course_key", "day", "value", "key", "what", "among", "count"]
    _insert(DayCount, names, counted.values_list(*by, "what", "among", "number"))


def _value(among: str) -> Coalesce:
    return _text(Value("") if among == DayCount.Among.ALL else F(LESSON[among]))


def _text(value: Any) -> Coalesce:
    return Coalesce(value, Value(""), output_field=CharField())


def _insert(model: type[Model], names: list[str], rows: QuerySet, ending: str = "") -> None:
    columns = ", ".join(_quoted(model._meta.get_field(name).column) for name in names)
    selected, parameters = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {_quoted(model._meta.db_table)} ({columns}) {selected} {ending}", parameters)


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def _moments(now: datetime.datetime) -> list[datetime.datetime]:
    """The beginning and the middle of each month since the first enrolment, Norwegian time, and the end of today."""
    first = KeptEnrolment.objects.aggregate(first=Min("enrolled_at"))["first"]
    tomorrow = now.astimezone(OSLO).date() + datetime.timedelta(days=1)
    days, month = [tomorrow], first.astimezone(OSLO).date().replace(day=1)
    while month < tomorrow:
        days += [day for day in (month, month.replace(day=16)) if day < tomorrow]
        month = (month + datetime.timedelta(days=32)).replace(day=1)
    return [datetime.datetime.combine(day, datetime.time(), OSLO) for day in days]
