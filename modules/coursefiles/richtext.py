"""Rich text as Wagtail stores it, read into parts and runs and written from them; `prose` does the same for files."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from html import escape
from html.parser import HTMLParser
from itertools import groupby

from wagtail.models import Page

BLOCKS = {"p": "p", "h1": "h2", "h2": "h2", "h3": "h3", "h4": "h3", "li": "", "div": "p"}
BOLD, ITALIC = {"b", "strong"}, {"i", "em"}


@dataclass(frozen=True)
class Run:
    """Characters that share one look. A line break within a paragraph is a newline in `text`."""

    text: str
    bold: bool = False
    italic: bool = False
    href: str = ""


@dataclass
class Part:
    """A paragraph (`p`), a heading (`h2`, `h3`) or a list (`ul`, `ol`) with its items."""

    tag: str
    items: list[list[Run]] = field(default_factory=list)


def parts_of(html: str) -> list[Part]:
    """The parts of rich text, as the editor or an import left it. Lists in lists become one list."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    parts = [Part(part.tag, [runs for item in part.items if (runs := tidy(item))]) for part in reader.parts]
    return [part for part in parts if part.items]


def html_of(parts: Iterable[Part]) -> str:
    """`parts` as rich text, everything escaped."""
    return "".join(_html_of_part(part) for part in parts)


def same_prose(one: str, other: str) -> bool:
    """Whether two rich texts say the same, whatever the editor has added of its own keys."""
    return one == other or html_of(parts_of(one)) == html_of(parts_of(other))


def tidy(runs: Iterable[Run]) -> list[Run]:
    """The same runs in their only form: equal neighbours joined, nothing empty, no blanks at the ends."""
    joined = _joined(run for run in runs if run.text)
    if joined and joined[0] == Run(joined[0].text):
        joined[0] = Run(joined[0].text.lstrip(" \t"))
    if joined and joined[-1] == Run(joined[-1].text):
        joined[-1] = Run(joined[-1].text.rstrip(" \t"))
    return [run for run in joined if run.text]


def _joined(runs: Iterable[Run]) -> list[Run]:
    groups = groupby(runs, key=lambda run: replace(run, text=""))
    return [replace(look, text="".join(run.text for run in group)) for look, group in groups]


def _html_of_part(part: Part) -> str:
    items = [_html_of_runs(item) for item in part.items]
    if part.tag in {"ul", "ol"}:
        return f"<{part.tag}>{''.join(f'<li>{item}</li>' for item in items)}</{part.tag}>"
    return "".join(f"<{part.tag}>{item}</{part.tag}>" for item in items)


def _html_of_runs(runs: Iterable[Run]) -> str:
    html = ""
    for href, group in groupby(runs, key=lambda run: run.href):
        text = "".join(_html_of_run(run) for run in group)
        html += f'<a href="{escape(href)}">{text}</a>' if href else text
    return html


def _html_of_run(run: Run) -> str:
    text = escape(run.text, quote=False).replace("\n", "<br/>")
    for tag, on in (("i", run.italic), ("b", run.bold)):
        text = f"<{tag}>{text}</{tag}>" if on else text
    return text


class _Reader(HTMLParser):
    """Collects the parts of rich text. Tags that are not ours vanish, their text stays."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[Part] = []
        self.lists: list[str] = []
        self.depth = {"b": 0, "i": 0}
        self.href = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"ul", "ol"}:
            if not self.lists:
                self.parts.append(Part(tag))
            self.lists.append(tag)
        elif tag in BLOCKS:
            self._begin(tag)
        elif tag == "br":
            self.handle_data("\n", is_break=True)
        elif tag == "a":
            self.href = _address(dict(attrs))
        elif tag in BOLD | ITALIC:
            self.depth["b" if tag in BOLD else "i"] += 1

    def handle_endtag(self, tag: str) -> None:
        if tag in {"ul", "ol"} and self.lists:
            self.lists.pop()
        elif tag == "a":
            self.href = ""
        elif tag in BOLD | ITALIC:
            key = "b" if tag in BOLD else "i"
            self.depth[key] = max(0, self.depth[key] - 1)

    def handle_data(self, data: str, is_break: bool = False) -> None:
        if not self.parts or not self.parts[-1].items:
            if not data.strip():
                return
            self._begin("p")
        text = data if is_break else data.replace("\n", " ")
        look = Run(text, bool(self.depth["b"]), bool(self.depth["i"]), self.href)
        self.parts[-1].items[-1].append(look)

    def _begin(self, tag: str) -> None:
        if self.lists and self.parts and self.parts[-1].tag in {"ul", "ol"}:
            self.parts[-1].items.append([])
        else:
            self.parts.append(Part(BLOCKS[tag] or "p", [[]]))


def _address(attributes: dict[str, str | None]) -> str:
    """Where a link leads: pages of this site get their whole address, since a file knows no page numbers."""
    if attributes.get("linktype") == "page":
        page = Page.objects.filter(pk=attributes.get("id") or 0).first()
        return (page.get_full_url() if page else "") or ""
    return attributes.get("href") or ""
