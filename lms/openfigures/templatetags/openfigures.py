"""How a published number stands on a page."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def told(value: int | None) -> str | SafeString:
    """A number in groups of three, or the word for a hidden one with its reason for those who listen (A16)."""
    if value is not None:
        return f"{value:,}".replace(",", "\xa0")
    reason = _("av hensyn til personvern")
    return format_html('<span class="hidden-number">{}<span class="ds-sr-only"> {}</span></span>', _("skjult"), reason)
