"""A part of a page that is kept, with gaps for what is made anew for each who asks."""

from django import template
from django.core.cache import caches
from django.core.cache.utils import make_template_fragment_key
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context
from django.utils.translation import get_language

register = template.Library()


class GapNode(template.Node):
    """Leaves its mark in what is kept; its content is filled in each time."""

    def __init__(self, nodelist: NodeList, mark: str = ""):
        self.nodelist, self.mark = nodelist, mark

    def render(self, _context: Context) -> str:
        return self.mark


class KeptNode(template.Node):
    """Sees the words it is given, nothing else of the page, and is found by all of them: nobody else's can be in it."""

    def __init__(self, name: str, words: FilterExpression, nodelist: NodeList):
        self.name, self.words, self.nodelist = name, words, nodelist
        self.gaps = [node for node in nodelist.get_nodes_by_type(GapNode) if isinstance(node, GapNode)]
        for number, gap in enumerate(self.gaps):
            gap.mark = f"\0{number}\0"

    def render(self, context: Context) -> str:
        words = self.words.resolve(context)
        key = make_template_fragment_key(self.name, [get_language(), words])
        pieces = caches["content"].get(key)
        if pieces is None:
            pieces = self.nodelist.render(context.new(words)).split("\0")
            caches["content"].set(key, pieces)
        return "".join(
            self.gaps[int(piece)].nodelist.render(context) if place % 2 else piece for place, piece in enumerate(pieces)
        )


@register.tag
def kept(parser: Parser, token: Token) -> KeptNode:
    """`{% kept name words %}...{% gap %}{{ person.name }}{% endgap %}...{% endkept %}`, with a dictionary of words."""
    _tag, name, words = token.split_contents()
    nodelist = parser.parse(("endkept",))
    parser.delete_first_token()
    return KeptNode(name, parser.compile_filter(words), nodelist)


@register.tag
def gap(parser: Parser, _token: Token) -> GapNode:
    """What no one else may see: rendered with all of the page, at each request."""
    nodelist = parser.parse(("endgap",))
    parser.delete_first_token()
    return GapNode(nodelist)
