"""Running text: restricted Markdown in files, rich text as Wagtail stores it in pages.

Both ways go through the same few structures, so that a text keeps its meaning exactly. Markup that people
type as HTML is text like any other. `[[word]]` stands in both forms as it is; the page explains it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from django.utils.translation import gettext as _

from modules.blocks import says_where
from modules.coursefiles.mistakes import Complain
from modules.coursefiles.parsing import Line
from modules.coursefiles.richtext import Part, Run, html_of, parts_of, tidy

LINK = re.compile(r"(https?://[^\s/?#]+\S*|mailto:[^\s@]+@\S+|tel:\+?[0-9()-]+)", re.IGNORECASE)
GLOSSARY = re.compile(r"\[\[([^\[\]|*\\\n]+)(?:\|([^\[\]|*\\\n]+))?\]\]")
ITEM = re.compile(r"(?:- |(?P<number>\d+)\. )(?P<text>.*)")
HEADING = re.compile(r"(#+) +(.*)")
# What would be read as a heading, an item or a block at the start of a line.
LINE_START = re.compile(r"(?P<mark>#|:::|-(?= )|\d+(?=\. ))")
TOKEN = re.compile(
    r"\\(?P<escaped>.?)"
    r"|(?P<word>" + GLOSSARY.pattern + r")"
    r"|(?P<stars>\*+)"
    r"|\](?P<close>\((?P<url>(?:\\.|[^\s()\\])+)\))"
    r"|(?P<open>\[)"
    r"|(?P<stray>\])"
    r"|(?P<text>[^\\*\[\]]+)"
)
EMPHASIS = {1: (False, True), 2: (True, False), 3: (True, True)}


def read_prose(lines: Sequence[Line], complain: Complain, headings: bool = False) -> str:
    """Rich text (HTML) of the `lines` of a file; everything is escaped. Mistakes go to `complain`."""
    return html_of(_parts_in(lines, complain, headings))


def read_inline(line: Line, complain: Complain) -> str:
    """One line as a rich-text paragraph."""
    return html_of([Part("p", [_runs_in(line, complain)])])


def write_prose(html: str) -> list[str]:
    """The lines of a file that say what the rich text `html` says, parts with an empty line between."""
    return markdown_of(parts_of(html))


def write_inline(html: str) -> str:
    """Rich text of one paragraph as one line; what stands in several is joined."""
    items = [run for part in parts_of(html) for item in part.items for run in [*item, Run(" ")]]
    return _inline(tidy(items))


# --- From a file ------------------------------------------------------------------------------
def _parts_in(lines: Sequence[Line], complain: Complain, headings: bool) -> list[Part]:
    parts: list[Part] = []
    for filled, group in groupby(lines, key=lambda line: bool(line.text.strip(" \t"))):
        if filled:
            parts += _parts_of_group(list(group), complain, headings)
    return parts


def _parts_of_group(group: list[Line], complain: Complain, headings: bool) -> list[Part]:
    """The parts in `group`, lines without an empty one between: one list, or one paragraph."""
    parts: list[Part] = []
    for line in group:
        part = _part_of(line, complain, headings)
        if parts and part.tag == parts[-1].tag and part.tag in {"ul", "ol"}:
            parts[-1].items += part.items
        else:
            if parts:
                complain(line.number, _("Sett en tom linje foran. Et avsnitt er én linje, og hvert punkt én linje."))
            parts.append(part)
        if part.tag == "ol" and not line.text.startswith(f"{len(parts[-1].items)}. "):
            complain(line.number, _("Nummeret skal være %(number)s.") % {"number": len(parts[-1].items)})
    return parts


def _part_of(line: Line, complain: Complain, headings: bool) -> Part:
    if found := ITEM.fullmatch(line.text):
        tag, text = ("ol" if found["number"] else "ul"), found["text"]
    elif found := HEADING.fullmatch(line.text):
        tag, text = f"h{len(found[1])}", found[2]
        if tag not in {"h2", "h3"} or not headings:
            complain(line.number, _("Overskrifter er ## eller ###, og de står bare i løpende tekst."))
    else:
        tag, text = "p", line.text
        if line.text[:1] in {" ", "\t"}:
            complain(line.number, _("Linjen skal ikke rykkes inn. Lister kan ikke ligge i hverandre."))
    return Part(tag, [_runs_in(Line(line.number, text), complain)])


def _runs_in(line: Line, complain: Complain) -> list[Run]:
    """The runs of one line. Emphasis is switched on and off, a link holds what stands between its brackets."""
    runs: list[Run] = []
    look, start = Run(""), None
    for token in TOKEN.finditer(line.text.strip(" \t")):
        if token["stars"]:
            look = _switched(look, len(token["stars"]), line, complain)
        elif token["open"]:
            if start is not None:
                complain(line.number, _("En lenke kan ikke ligge i en lenke. Skriv \\[ for en klamme."))
            start = len(runs)
        elif token["close"]:
            runs = _with_link(runs, start, token["url"], line, complain)
            start = None
        else:
            runs.append(replace(look, text=_plain(token, line, complain)))
    if look.bold or look.italic:
        complain(line.number, _("Uthevingen blir ikke avsluttet på linjen. Skriv \\* for en stjerne."))
    if start is not None:
        complain(line.number, _("Klammen [ blir ikke til en lenke. Skriv [tekst](adresse), eller \\[ for en klamme."))
    return tidy(runs)


def _switched(look: Run, stars: int, line: Line, complain: Complain) -> Run:
    if stars not in EMPHASIS:
        complain(line.number, _("Så mange stjerner på rad betyr ingenting. Skriv \\* for en stjerne."))
        return look
    bold, italic = EMPHASIS[stars]
    return replace(look, bold=look.bold ^ bold, italic=look.italic ^ italic)


def _plain(token: re.Match[str], line: Line, complain: Complain) -> str:
    if token["stray"]:
        complain(line.number, _("Klammen ] står alene. Skriv \\] for en klamme."))
        return "]"
    if token["escaped"] is None:
        return token["word"] or token["text"]
    if token["escaped"] == "n":
        return "\n"
    if not token["escaped"] or token["escaped"].isalnum() or token["escaped"].isspace():
        complain(line.number, _("Tegnet \\ står foran noe det ikke hører til. Skriv \\\\ for selve tegnet."))
    return token["escaped"]


def _with_link(runs: list[Run], start: int | None, url: str, line: Line, complain: Complain) -> list[Run]:
    href = re.sub(r"\\(.)", r"\1", url)
    if start is None or start == len(runs):
        complain(line.number, _("Lenken har ingen tekst."))
        return runs
    words = "".join(run.text for run in runs[start:])
    if not LINK.fullmatch(href):
        complain(line.number, _("Lenken må gå til en adresse med https, http, mailto eller tel."))
        return runs
    if not says_where(words):
        complain(line.number, _("Lenketeksten må si hvor lenken går, ikke bare «%(words)s».") % {"words": words})
    return [*runs[:start], *(replace(run, href=href) for run in runs[start:])]


# --- To a file --------------------------------------------------------------------------------
def markdown_of(parts: Iterable[Part]) -> list[str]:
    """The lines of a file for `parts`."""
    lines: list[str] = []
    for part in parts:
        if lines:
            lines.append("")
        lines += _lines_of(part)
    return lines


def _lines_of(part: Part) -> Iterator[str]:
    for number, item in enumerate(part.items, 1):
        text = _inline(item)
        if part.tag in {"ul", "ol"}:
            yield f"{'-' if part.tag == 'ul' else f'{number}.'} {text}"
        elif part.tag == "p":
            yield LINE_START.sub(_escaped_start, text, count=1) if LINE_START.match(text) else text
        else:
            yield f"{'#' * int(part.tag[1])} {text}"


def _escaped_start(found: re.Match[str]) -> str:
    mark = found["mark"]
    return f"{mark}\\" if mark.isdigit() else f"\\{mark}"


def _inline(runs: Iterable[Run]) -> str:
    """`runs` as Markdown. Emphasis of a whole link stands outside it, emphasis within a link inside."""
    groups = [list(group) for _href, group in groupby(runs, key=lambda run: run.href)]
    text, look = "", Run("")
    for group, after in zip(groups, [*(group[0] for group in groups[1:]), Run("")], strict=True):
        outside = _outside(look, group) if group[0].href else look
        text += _switches(look, outside) + ("[" if group[0].href else "")
        look = outside
        for run in group:
            text += _switches(look, run) + _escaped(run.text)
            look = run
        if group[0].href:
            end = _link_end(outside, look, after)
            text += f"{_switches(look, end)}]({_escaped_url(group[0].href)})"
            look = end
    return text + _switches(look, Run(""))


def _switches(before: Run, after: Run) -> str:
    return "*" * (2 * (before.bold != after.bold) + (before.italic != after.italic))


def _outside(before: Run, link: list[Run]) -> Run:
    """How it looks where a link opens: what holds for all of it is switched on first."""
    bold = link[0].bold and (before.bold or all(run.bold for run in link))
    italic = link[0].italic and (before.italic or all(run.italic for run in link))
    return Run("", bold, italic)


def _link_end(outside: Run, last: Run, after: Run) -> Run:
    """How it looks where a link closes: what was switched on inside is switched off inside."""
    bold = outside.bold if last.bold != after.bold else last.bold
    italic = outside.italic if last.italic != after.italic else last.italic
    return Run("", bold, italic)


def _escaped(text: str) -> str:
    out, at = "", 0
    for word in GLOSSARY.finditer(text):
        out += re.sub(r"([\\*\[\]])", r"\\\1", text[at : word.start()]) + word[0]
        at = word.end()
    return (out + re.sub(r"([\\*\[\]])", r"\\\1", text[at:])).replace("\n", "\\n")


def _escaped_url(href: str) -> str:
    return re.sub(r"([\\()])", r"\\\1", href)
