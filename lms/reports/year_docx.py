"""The report of a year as a Word file that can be sent as it is: headings, tables with header rows, page numbers."""

import datetime
import io
from typing import Any

from django.utils.translation import gettext as _
from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from lms.reports.year_document import WIDE, YearDocument, measured, plain
from lms.reports.year_table import YearTable

INK, QUIET, SPRUCE = RGBColor(0x1F, 0x2A, 0x2E), RGBColor(0x4C, 0x58, 0x5C), RGBColor(0x1E, 0x5B, 0x57)
LINE, STRONG = "C9CFCC", "1F2A2E"
# Everybody who has Word has these; elsewhere the nearest of their kind comes.
SERIF, SANS = "Georgia", "Calibri"
LANGUAGE = "nb-NO"
WHOLE_UP_TO = 16
TYPES = {
    # name: (font, size, bold, colour, space before, space after)
    "Normal": (SANS, 10.5, False, INK, 0, 6),
    "Title": (SERIF, 28, False, INK, 0, 4),
    "Subtitle": (SANS, 11, True, SPRUCE, 0, 14),
    "Heading 1": (SERIF, 17, False, INK, 26, 6),
    "Heading 2": (SANS, 11, True, INK, 16, 4),
    "Caption": (SANS, 10, True, INK, 14, 4),
    "List Bullet": (SANS, 10.5, False, INK, 0, 3),
    "Footer": (SANS, 8.5, False, QUIET, 0, 0),
}


def docx_of(document: YearDocument) -> bytes:
    """The file. Figures are those of the page, to the last digit."""
    word = Document()
    _set_page(word, document)
    _set_types(word)
    _set_facts(word, document)
    word.add_paragraph(plain(document.centre), style="Subtitle")
    word.add_paragraph(plain(document.title), style="Title")
    word.add_paragraph(plain(document.status), style="Quiet")
    if document.summary:
        word.add_paragraph(_("Hovedtall"), style="Heading 1")
        for sentence in document.summary:
            word.add_paragraph(plain(sentence), style="List Bullet")
    for heading, tables in document.sections:
        word.add_paragraph(plain(heading), style="Heading 1")
        for number, table in tables:
            _add_table(word, number, table)
    _add_notes(word, document)
    file = io.BytesIO()
    word.save(file)
    return file.getvalue()


def _add_notes(word: Any, document: YearDocument) -> None:
    if document.flags:
        word.add_paragraph(_("Merknader til tallene"), style="Heading 1")
        word.add_paragraph(_("Dette stemmer ikke, mangler, eller må leses med omtanke."), style="Quiet")
        for flag in document.flags:
            word.add_paragraph(plain(flag), style="List Bullet")
    if document.corrections:
        word.add_paragraph(_("Rettelser"), style="Heading 1")
        word.add_paragraph(_("Tallene over står som de var da året ble lukket."), style="Quiet")
        for text, signed in document.corrections:
            word.add_paragraph(plain(text)).paragraph_format.keep_with_next = True
            word.add_paragraph(plain(signed), style="Quiet")


def _add_table(word: Any, number: int, table: YearTable) -> None:
    caption = word.add_paragraph(style="Caption")
    caption.add_run(_("Tabell") + " ")
    _add_field(caption, "SEQ Tabell \\* ARABIC", str(number))
    caption.add_run(f". {plain(table.title)}")
    size, widths = measured(table)
    rows = [*table.shown_rows, *([table.shown_total] if table.total else [])]
    grid = word.add_table(rows=1 + len(rows), cols=len(table.columns))
    grid.alignment, grid.autofit = WD_TABLE_ALIGNMENT.LEFT, False
    _describe(grid, plain(table.title), plain(table.definition))
    for place, cells in enumerate([table.columns, *rows]):
        is_head, is_sum = place == 0, bool(table.total) and place == len(rows)
        row = grid.rows[place]
        _mark(row, "w:cantSplit")
        if is_head:
            _mark(row, "w:tblHeader")
        # A table that fits is not torn apart.
        keep = len(rows) <= WHOLE_UP_TO or place < 3
        for column, (cell, text) in enumerate(zip(row.cells, cells, strict=True)):
            cell.width = Mm(widths[column])
            _fill(cell, plain(text), size, table.numeric[column], bold=is_head or is_sum, keep=keep)
            _rule(cell, strong=is_head or place == len(rows) - bool(table.total))
    for place, column in enumerate(grid.columns):
        column.width = Mm(widths[place])
    for words in [table.definition, *table.notes]:
        if words:
            word.add_paragraph(plain(words), style="Note")


def _fill(cell: Any, text: str, size: float, is_number: bool, *, bold: bool, keep: bool) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.style = "Cell"
    paragraph.paragraph_format.keep_with_next = keep
    if is_number:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    run = paragraph.add_run(text)
    run.font.size, run.font.bold = Pt(size), bold


def _rule(cell: Any, *, strong: bool) -> None:
    borders = OxmlElement("w:tcBorders")
    bottom = OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "8" if strong else "4"), ("space", "0")):
        bottom.set(qn(f"w:{name}"), value)
    bottom.set(qn("w:color"), STRONG if strong else LINE)
    borders.append(bottom)
    properties = cell._tc.get_or_add_tcPr()
    properties.append(borders)
    # A number stands on the line of the last line of the words beside it.
    at = OxmlElement("w:vAlign")
    at.set(qn("w:val"), "bottom")
    properties.append(at)


def _describe(grid: Any, title: str, words: str) -> None:
    """What a screen reader says of the table; its first column and first row are heads."""
    properties = grid._tbl.tblPr
    look = properties.find(qn("w:tblLook"))
    if look is None:
        look = OxmlElement("w:tblLook")
        properties.append(look)
    for name, value in (("firstRow", "1"), ("firstColumn", "1"), ("noHBand", "1"), ("noVBand", "1"), ("val", "06A0")):
        look.set(qn(f"w:{name}"), value)
    for name in ("lastRow", "lastColumn"):
        look.set(qn(f"w:{name}"), "0")
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "68")  # 1.2 mm
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    look.addprevious(margins)
    for name, text in (("tblCaption", title), ("tblDescription", words or title)):
        element = OxmlElement(f"w:{name}")
        element.set(qn("w:val"), text)
        properties.append(element)


def _mark(row: Any, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))


def _add_field(paragraph: Any, code: str, shown: str) -> None:
    """A field that Word works out, with what it is now for those who do not."""
    for kind, text in (("begin", ""), ("", code), ("separate", ""), ("shown", shown), ("end", "")):
        run = paragraph.add_run()
        if kind == "shown":
            run.text = text
            continue
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.set(qn("xml:space"), "preserve")
            element.text = f" {text} "
        run._r.append(element)


def _set_page(word: Any, document: YearDocument) -> None:
    page = word.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(20)
    page.top_margin, page.bottom_margin, page.footer_distance = Mm(22), Mm(22), Mm(11)
    footer = page.footer.paragraphs[0]
    footer.paragraph_format.tab_stops.clear_all()
    footer.paragraph_format.tab_stops.add_tab_stop(Mm(WIDE), WD_TAB_ALIGNMENT.RIGHT)
    state = "" if document.is_final else f", {_('foreløpig')}"
    footer.add_run(f"{plain(document.centre)} · {plain(document.title)}{state}\t" + _("Side") + " ")
    _add_field(footer, "PAGE", "1")
    footer.add_run(" " + _("av") + " ")
    _add_field(footer, "NUMPAGES", "1")


def _set_types(word: Any) -> None:
    styles = word.styles
    for name in ("Quiet", "Note", "Cell"):
        styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = styles["Normal"]
    types = TYPES | {
        "Quiet": (SANS, 10.5, False, QUIET, 0, 6),
        "Note": (SANS, 8.5, False, QUIET, 4, 0),
        "Cell": (SANS, 9, False, INK, 2.5, 2.5),
    }
    for name, (font, size, bold, colour, before, after) in types.items():
        style = styles[name]
        style.font.size, style.font.bold, style.font.italic = Pt(size), bold, False
        style.font.color.rgb = colour
        _set_font(style, font)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
        style.paragraph_format.widow_control = True
        style.paragraph_format.keep_with_next = name.startswith("Heading") or name in {"Caption", "Title", "Subtitle"}
        style.paragraph_format.line_spacing = 1.0 if name in {"Cell", "Title", "Footer"} else 1.2
        for line in style.element.xpath("./w:pPr/w:pBdr | ./w:pPr/w:tabs"):
            line.getparent().remove(line)


def _set_font(style: Any, font: str) -> None:
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    for name in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{name}"), font)
    for spacing in style.element.rPr.xpath("./w:spacing | ./w:kern"):
        style.element.rPr.remove(spacing)


def _set_facts(word: Any, document: YearDocument) -> None:
    facts = word.core_properties
    facts.title, facts.author = plain(document.title), plain(document.centre)
    facts.last_modified_by, facts.language = plain(document.centre), LANGUAGE
    facts.subject, facts.comments, facts.keywords = plain(document.status), "", ""
    facts.created = facts.modified = document.as_of.astimezone(datetime.UTC).replace(tzinfo=None)
    for language in word.styles.element.xpath("./w:docDefaults//w:lang"):
        language.set(qn("w:val"), LANGUAGE)
        language.set(qn("w:eastAsia"), LANGUAGE)
    settings = word.settings.element
    for language in settings.xpath("./w:themeFontLang"):
        language.set(qn("w:val"), LANGUAGE)
    # With the 14 of the template Word opens the file in the mode for older files.
    for mode in settings.xpath("./w:compat/w:compatSetting[@w:name='compatibilityMode']"):
        mode.set(qn("w:val"), "15")
