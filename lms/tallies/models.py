"""What numbers are counted from when there are too many enrolments to count them anew for each page.

Every row is a copy or a sum of facts that stand elsewhere, made by `lms.tallies.renewing` and thrown away at will.
A small installation has none: there everything is counted from the facts themselves.
"""

from django.conf import settings
from django.db import models

from modules.models import Attempt


class Renewal(models.Model):
    """When the kept rows of one kind were last made. No row means that none are kept."""

    class What(models.TextChoices):
        ENROLMENTS = "enrolments"
        LESSONS = "lessons"

    what = models.CharField(max_length=10, choices=What.choices, primary_key=True)
    at = models.DateTimeField()


class KeptEnrolment(models.Model):
    """An enrolment with what is told of its learner, side by side. `nth` is 1 for the person's first enrolment.

    The names are those under which `lms.reports.rows` reads the facts themselves.
    """

    attempt = models.OneToOneField(Attempt, models.CASCADE, primary_key=True, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    course_key = models.UUIDField()
    sector = models.CharField(max_length=20)
    profession = models.CharField(max_length=30)
    place = models.CharField(max_length=4, blank=True)
    county = models.CharField(max_length=2, blank=True)
    enrolled_at = models.DateTimeField(db_index=True)
    began_at = models.DateTimeField(null=True, db_index=True)
    completed_at = models.DateTimeField(null=True, db_index=True)
    withdrawn_at = models.DateTimeField(null=True, db_index=True)
    nth = models.PositiveIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["sector", "county"]),
            models.Index(fields=["profession"]),
            models.Index(fields=["place"]),
            models.Index(fields=["county"]),
        ]


class MonthState(models.Model):
    """How enrolments stood when a month, or its second half, began, by course, sector and either place or profession.

    Those of one `side` are complete: whoever adds up all of them has everybody once.
    """

    class Side(models.TextChoices):
        PLACE = "place"
        PROFESSION = "profession"

    at = models.DateTimeField()
    side = models.CharField(max_length=10, choices=Side.choices)
    course_key = models.UUIDField()
    sector = models.CharField(max_length=20)
    profession = models.CharField(max_length=30, blank=True)
    place = models.CharField(max_length=4, blank=True)
    county = models.CharField(max_length=2, blank=True)
    enrolled = models.PositiveIntegerField()
    people = models.PositiveIntegerField()
    started = models.PositiveIntegerField()
    completed = models.PositiveIntegerField()
    stopped = models.PositiveIntegerField()
    under_way = models.PositiveIntegerField()
    not_begun = models.PositiveIntegerField()
    begun = models.PositiveIntegerField()
    left = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["side", "at"])]


class DayCount(models.Model):
    """How often something happened on a day, Norwegian time, among all or among those of one sector and so on.

    `key` is the hour for lessons by the hour, the lesson or module for steps (first attempts only), else empty.
    """

    class What(models.TextChoices):
        ENROLLED = "enrolled"
        COMPLETED = "completed"
        HOUR = "hour"
        STEP = "step"

    class Among(models.TextChoices):
        ALL = "all"
        SECTOR = "sector"
        PROFESSION = "profession"
        COUNTY = "county"

    what = models.CharField(max_length=10, choices=What.choices)
    among = models.CharField(max_length=10, choices=Among.choices)
    value = models.CharField(max_length=30, blank=True)
    course_key = models.UUIDField()
    day = models.DateField()
    key = models.CharField(max_length=36, blank=True)
    count = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["what", "among", "value", "day"])]
