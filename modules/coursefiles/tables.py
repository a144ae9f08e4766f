"""Cells between bars: tables and figures with more than one source."""

import re
from typing import Any

from django.utils.translation import gettext as _

from modules.coursefiles.mistakes import Complain
from modules.coursefiles.parsing import Section, check_plain

Value = dict[str, Any]
BAR = re.compile(r"(?<!\\)((?:\\\\)*)\|")
RULE = re.compile(r"\|( *-{3,} *\|)+")


def cells_in(text: str) -> list[str]:
    r"""The cells of a line; a bar inside a cell is written `\|`."""
    marked = BAR.sub("\\1\0", text)
    return [re.sub(r"\\([\\|])", r"\1", cell).strip(" \t") for cell in marked.split("\0")]


def cell(text: Any) -> str:
    """A text as it stands in a cell."""
    return re.sub(r"([\\|])", r"\\\1", " ".join(re.split(r"[\r\n]+", str(text)))).strip(" \t")


def year(text: str, line: int, complain: Complain) -> int | None:
    """A year between 1900 and 2100."""
    if re.fullmatch(r"(19|20)\d\d|2100", text):
        return int(text)
    if text:
        complain(line, _("Året skal skrives med fire sifre, for eksempel 2026."))
    return None


def read_table(section: Section, complain: Complain) -> Value:
    """A table whose first row is the header and whose second is a rule."""
    rows: list[list[str]] = []
    for place, line in enumerate(line for line in section.body if line.text):
        cells = cells_in(line.text)
        if not line.text.startswith("|") or len(cells) < 3 or cells.pop():
            complain(line.number, _("Raden skal begynne og slutte med |."))
            continue
        if place == 1 and not RULE.fullmatch(line.text):
            complain(line.number, _("Sett en rad med | --- | under overskriftene."))
        check_plain(line, complain)
        cells = cells[1:]
        if rows and len(cells) != len(rows[0]):
            numbers = {"found": len(cells), "wanted": len(rows[0])}
            complain(line.number, _("Raden har %(found)s celler, overskriften har %(wanted)s.") % numbers)
        if not cells[0] or (not rows and not all(cells)):
            complain(line.number, _("Overskriftene og den første cellen i raden kan ikke være tomme."))
        if place != 1:
            rows.append(cells)
    if len(rows) < 2:
        complain(section.line, _("Tabellen mangler rader."))
    columns = [{"type": "text", "heading": heading} for heading in (rows[0] if rows else [])]
    return {"columns": columns, "rows": [{"values": row} for row in rows[1:]], "caption": section.text_of("caption")}


def write_table(value: Value) -> tuple[Value, list[str]]:
    """The caption and the rows of a table."""
    rows = [[column["heading"] for column in value["columns"]], *(row["values"] for row in value["rows"])]
    lines = [f"| {' | '.join(map(cell, row))} |" for row in rows]
    return {"caption": value.get("caption")}, [lines[0], "|" + " --- |" * len(rows[0]), *lines[1:]]


def read_figures(section: Section, complain: Complain) -> Value:
    """A figure with its sources: value, source, year and perhaps a note on each line."""
    figures = []
    lines = [line for line in section.body if line.text]
    for line in lines:
        check_plain(line, complain)
        cells = cells_in(line.text.removeprefix("- "))
        if not line.text.startswith("- ") or len(cells) not in {3, 4} or not all(cells[:3]):
            complain(line.number, _("Her skal det stå «- tall | kilde | år | merknad» (merknaden kan utelates)."))
            continue
        note = cells[3] if len(cells) == 4 else ""
        when = year(cells[2], line.number, complain)
        figures.append({"value": cells[0], "source": cells[1], "year": when, "note": note})
    if len(lines) < 2:
        complain(section.line, _("Sett minst to tall med hver sin kilde."))
    return {"question": section.text_of("question"), "figures": figures}


def write_figures(value: Value) -> tuple[Value, list[str]]:
    """The question and a line for each figure."""
    lines = []
    for figure in value["figures"]:
        cells = [figure["value"], figure["source"], figure["year"], *([figure["note"]] if figure.get("note") else [])]
        lines.append(f"- {' | '.join(map(cell, cells))}")
    return {"question": value["question"]}, lines
