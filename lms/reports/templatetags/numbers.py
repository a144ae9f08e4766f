"""Whether the way to the numbers is shown."""

from typing import Any

from django import template

register = template.Library()


@register.filter
def sees_numbers(user: Any) -> bool:
    """Whether `user` may see exact numbers."""
    return user.has_perm("reports.view_exact_numbers")
