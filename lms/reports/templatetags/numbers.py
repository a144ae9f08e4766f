"""Numbers as they are written in bokmål, and whether the way to them is shown."""

from typing import Any

from django import template

register = template.Library()


@register.filter
def sees_numbers(user: Any) -> bool:
    """Whether `user` may see exact numbers."""
    return user.has_perm("reports.view_exact_numbers")


@register.filter
def grouped(value: Any) -> Any:
    """A whole number in groups of three with no-break spaces; anything else as it is (I27)."""
    return f"{value:,}".replace(",", "\xa0") if isinstance(value, int) else value
