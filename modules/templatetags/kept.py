"""`{% gap %}`: what belongs to one person on a page of which the rest may be kept."""

from django import template
from django.template.base import Parser, Token

from modules.kept_pages import GapNode

register = template.Library()


@register.tag
def gap(parser: Parser, token: Token) -> GapNode:
    """`{% gap %}{{ person.name }}{% endgap %}`; told apart from the others by where it stands in its template."""
    nodelist = parser.parse(("endgap",))
    parser.delete_first_token()
    number = parser.gaps = getattr(parser, "gaps", 0) + 1
    return GapNode(nodelist, number)
