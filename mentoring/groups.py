"""The life of a group: planned, started, completed or cancelled, and who leads it (R020, R023, R034)."""

from typing import Any

from django.db import transaction

from mentoring.models import GroupEvent, LearningGroup
from mentoring.packages import make_meetings


def create_group(*, by: Any = None, **fields: Any) -> LearningGroup:
    """A planned group with the meetings of its package; `fields` are the model's. Returns it."""
    with transaction.atomic():
        group = LearningGroup.objects.create(**fields)
        make_meetings(group)
        GroupEvent.objects.create(group=group, kind=GroupEvent.Kind.CREATED, by=by)
    return group
