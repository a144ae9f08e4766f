"""Rich text in lessons: the sanitiser has the last word, and glossary words open on tap (R123, S24)."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import count

import bleach
import nh3
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from wagtail.rich_text import RichText, expand_db_html

from modules.blocks import LONGEST_PROSE
from modules.models import GlossaryTerm, LessonPage

TAGS = {"p", "h2", "h3", "ul", "ol", "li", "b", "strong", "i", "em", "a", "br"}
LINK_SCHEMES = {"http", "https", "mailto", "tel"}
LENGTH_LIMIT = 100_000
ADDRESS = re.compile(r"(?:https?:|mailto:|tel:|/(?!/)|#)", re.IGNORECASE)
WORD = re.compile(r"\[\[([^\[\]|]{1,80})(?:\|([^\[\]|]{1,80}))?\]\]")
_glossary: ContextVar[dict[str, str] | None] = ContextVar("glossary", default=None)
_numbers: ContextVar[Iterator[int]] = ContextVar("numbers")


def clean_html(html: str) -> str:
    """`html` with nothing left but the ten-odd tags of our text. bleach first, nh3 as the last word (S24).

    bleach is slow on hostile nesting: what is longer than a text may be goes to nh3 alone, which takes the same away.
    Longer input than LENGTH_LIMIT characters is cut.
    """
    html = html[:LENGTH_LIMIT]
    if len(html) <= LONGEST_PROSE:
        html = bleach.clean(html, tags=TAGS, attributes={"a": ["href"]}, protocols=LINK_SCHEMES, strip=True)
    return nh3.clean(
        html,
        tags=TAGS,
        attributes={"a": {"href"}},
        url_schemes=LINK_SCHEMES,
        link_rel=None,
        attribute_filter=_known_address,
    )


def _known_address(_tag: str, _attribute: str, value: str) -> str | None:
    """An address with a scheme of ours, or one on this site; anything else is no link."""
    return value if ADDRESS.match(value) else None


def render_richtext(value: RichText | str) -> SafeString:
    """Rich text as safe HTML, glossary words expanded by the glossary in use."""
    source = value.source if isinstance(value, RichText) else str(value or "")
    return mark_safe(WORD.sub(_explained, clean_html(expand_db_html(source))))  # noqa: S308 - cleaned just above


def _explained(match: re.Match[str]) -> str:
    shown, term = match[1], (match[2] or match[1])
    meaning = (_glossary.get() or {}).get(term.lower())
    if not meaning:
        return escape_once(shown)
    number = next(_numbers.get())
    return format_html(
        '<button type="button" class="word" popovertarget="ord-{number}">{shown}</button>'
        '<span popover id="ord-{number}" class="meaning"><b>{term}</b> {meaning}</span>',
        number=number,
        shown=mark_safe(escape_once(shown)),  # noqa: S308 - already escaped by the sanitiser
        term=mark_safe(escape_once(term)),  # noqa: S308
        meaning=meaning,
    )


def escape_once(text: str) -> str:
    """Escapes what the sanitiser has not: text that comes out of it is escaped already."""
    return text if not re.search(r"[<>\"]", text) else escape(text)


@contextmanager
def using_glossary(terms: dict[str, str]) -> Iterator[None]:
    """Within it, `[[word]]` is explained by `terms` (lower-case term to meaning)."""
    tokens = _glossary.set(terms), _numbers.set(count(1))
    try:
        yield
    finally:
        _glossary.reset(tokens[0])
        _numbers.reset(tokens[1])


def glossary_of(page: LessonPage) -> dict[str, str]:
    """The glossary of the course that a lesson belongs to. One query."""
    course_path = page.path[: -2 * page.steplen]
    terms = GlossaryTerm.objects.filter(course__path=course_path).values_list("term", "meaning")
    return {term.lower(): meaning for term, meaning in terms}


def words_marked_in(html: str) -> set[str]:
    """The glossary words that a rich text marks, in lower case."""
    return {(match[2] or match[1]).lower() for match in WORD.finditer(html)}
