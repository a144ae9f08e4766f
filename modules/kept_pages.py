"""Pages for visitors that are kept but for a few gaps, which are filled anew for each who asks."""

from typing import Any

from django.core.cache import caches
from django.core.cache.utils import make_template_fragment_key
from django.http import HttpRequest
from django.template import engines
from django.template.base import Node, NodeList, Template
from django.template.context import Context, make_context
from django.utils.translation import get_language

from modules.freshness import content_version

MARK = "\0"
OPEN = "gaps_are_open"


class GapNode(Node):
    """What belongs to one person: rendered as it stands, or left open in a page that is to be kept."""

    def __init__(self, nodelist: NodeList, number: int):
        self.nodelist, self.number = nodelist, number

    def render(self, context: Context) -> str:
        """The mark of the gap in what is kept, else its content."""
        return f"{MARK}{self.number}{MARK}" if context.get(OPEN) else self.nodelist.render(context)


def visitors_page(request: HttpRequest, name: str, words: dict[str, Any], personal: dict[str, Any]) -> str:
    """The template `name`, extending others or not, for a visitor without a session.

    What is outside `{% gap %}` sees the page's `words` and never `personal`; it is kept by template, words, language,
    route and content version. What is inside sees both, and is made at each call.
    """
    template: Template = engines["django"].get_template(name).template
    route = request.resolver_match.url_name if request.resolver_match else ""
    key = make_template_fragment_key(name, [content_version(), get_language(), route, words])
    pieces = caches["content"].get(key)
    if pieces is None:
        page = make_context({**words, OPEN: True}, request, autoescape=True)
        pieces = template.render(page).split(MARK)
        caches["content"].set(key, pieces)
    context = Context({**words, **personal})
    with context.bind_template(template):
        return "".join(
            _gaps(template)[int(piece)].nodelist.render(context) if place % 2 else piece
            for place, piece in enumerate(pieces)
        )


def _gaps(template: Template) -> dict[int, GapNode]:
    """The gaps of a template by their numbers, sought once."""
    if "gaps" not in vars(template):
        nodes = template.nodelist.get_nodes_by_type(GapNode)
        vars(template)["gaps"] = {node.number: node for node in nodes if isinstance(node, GapNode)}
    gaps: dict[int, GapNode] = vars(template)["gaps"]
    return gaps
