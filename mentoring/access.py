"""The gate to groups: their members and their mentor, nobody else. Absent and forbidden look alike (S10)."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404

from mentoring.models import LearningGroup


def groups_for(user: Any) -> QuerySet[LearningGroup]:
    """The groups that `user` leads or is in now."""
    own = Q(mentor=user) | Q(memberships__member=user, memberships__left_at=None)
    return LearningGroup.objects.filter(own).select_related("mentor", "package__course").distinct()


def group_for(user: Any, pk: int) -> LearningGroup:
    """The group with this id. Raises Http404 when absent or not one of `user`'s."""
    group = groups_for(user).filter(pk=pk).first()
    if group is None:
        raise Http404
    return group
