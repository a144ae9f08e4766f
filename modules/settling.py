"""An author may take down the last lesson somebody lacked: then what is left is finished without a post (R011)."""

from modules.models import Attempt
from modules.outline import course_outlines
from modules.progress import settle


def settle_all() -> int:
    """Settles every attempt under way and returns how many courses that completed. May run twice without harm."""
    completed = 0
    courses = {course.key: course for course in course_outlines("nb")}
    under_way = Attempt.objects.filter(completed_at=None, enrolment__course_key__in=courses).select_related("enrolment")
    for attempt in under_way.iterator(chunk_size=500):
        completed += settle(attempt, courses[attempt.enrolment.course_key]).course
    return completed
