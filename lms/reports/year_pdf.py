"""The report of a year as a PDF, tagged for screen readers (PDF/UA-1) and made to last (PDF/A-2a) (A11, A13)."""

import functools
import json
import threading
from pathlib import Path
from typing import Any, cast

import typst
from django.utils.translation import gettext as _

from certificates.rendering import print_fonts, unprintable_characters
from lms.reports.year_document import YearDocument, measured, plain
from lms.reports.year_table import YearTable

TEMPLATE = Path(__file__).parent / "print" / "year.typ"
# What no font of ours holds; the typesetter would stop at it.
UNKNOWN = "?"

_one_at_a_time = threading.Lock()


def pdf_of(document: YearDocument) -> bytes:
    """The file, byte for byte the same for the same report. Figures are those of the page, to the last digit."""
    facts = json.dumps(_printable(_facts(document)), ensure_ascii=False)
    with _one_at_a_time:
        pdf = _compiler().compile(
            format="pdf",
            sys_inputs={"facts": facts},
            pdf_standards=["ua-1", "a-2a"],
            timestamp=int(document.as_of.timestamp()),
        )
    return cast(bytes, pdf)


def _facts(document: YearDocument) -> dict[str, Any]:
    state = "" if document.is_final else f", {_('foreløpig')}"
    return {
        "title": document.title,
        "centre": document.centre,
        "status": document.status,
        "footer": f"{document.centre} · {document.title}{state}",
        "side": _("Side"),
        "of": _("av"),
        "summary_title": _("Hovedtall"),
        "summary": document.summary,
        "sections": [
            {"title": heading, "tables": [_table(number, table) for number, table in tables]}
            for heading, tables in document.sections
        ],
        "flags_title": _("Merknader til tallene"),
        "flags_lead": _("Dette stemmer ikke, mangler, eller må leses med omtanke."),
        "flags": document.flags,
        "corrections_title": _("Rettelser"),
        "corrections_lead": _("Tallene over står som de var da året ble lukket."),
        "corrections": [{"text": text, "signed": signed} for text, signed in document.corrections],
    }


def _table(number: int, table: YearTable) -> dict[str, Any]:
    size, widths = measured(table)
    return {
        "caption": _("Tabell") + f" {number}. {table.title}",
        "columns": table.columns,
        "rows": table.shown_rows,
        "total": table.shown_total,
        "numeric": table.numeric,
        "size": size,
        "widths": widths,
        "notes": [words for words in [table.definition, *table.notes] if words],
    }


def _printable(value: Any) -> Any:
    """The same facts without signs that no font holds."""
    if isinstance(value, dict):
        return {key: _printable(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_printable(one) for one in value]
    if not isinstance(value, str):
        return value
    text = plain(value)
    for letter in unprintable_characters(text):
        text = text.replace(letter, UNKNOWN)
    return text


@functools.cache
def _compiler() -> typst.Compiler:
    """One for the process, with our fonts and no others, so that every machine prints the same."""
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[print_fonts()[0].parent])
    return typst.Compiler(TEMPLATE, root=TEMPLATE.parent, font_paths=fonts)
