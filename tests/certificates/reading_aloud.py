"""Reads a tagged PDF as a screen reader does: along its structure, with the words that each element holds."""

import re
from dataclasses import dataclass, field

import pikepdf


@dataclass
class Element:
    """An element of the structure: its kind (H1, P, TH, Figure …), its own words, its attributes, its children."""

    kind: str
    text: str
    node: pikepdf.Dictionary
    children: list["Element"] = field(default_factory=list)

    def walk(self):
        yield self
        for child in self.children:
            yield from child.walk()

    @property
    def spoken(self) -> str:
        return "".join(element.text for element in self.walk())


def structure_of(pdf: pikepdf.Pdf) -> Element:
    """The structure of a PDF, with the text of each element."""
    words: dict[tuple[int, int], str] = {}
    for page in pdf.pages:
        words |= _words_of(page)
    return _element(pdf.Root.StructTreeRoot, words, None)


def _element(node, words, page) -> Element:
    page = node.get("/Pg", page)
    element = Element(str(node.get("/S", "/Root"))[1:], "", node)
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, int):
            element.text += words.get((page.objgen[0], kid), "")
        elif kid.get("/Type") == "/MCR":
            element.text += words.get((kid.get("/Pg", page).objgen[0], int(kid.MCID)), "")
        elif kid.get("/Type") != "/OBJR":
            element.children.append(_element(kid, words, page))
    return element


def _words_of(page) -> dict[tuple[int, int], str]:
    """What stands in each marked piece of a page, by page and number."""
    fonts = {name: _letters_of(font) for name, font in page.Resources.Font.items()}
    words: dict[tuple[int, int], str] = {}
    marks: list[tuple[int | None, str | None]] = []
    letters: dict[int, str] = {}
    for operands, operator in pikepdf.parse_content_stream(page):
        match str(operator):
            case "BDC" | "BMC":
                facts = operands[1] if len(operands) > 1 and isinstance(operands[1], pikepdf.Dictionary) else {}
                spoken = facts.get("/ActualText")
                marks.append((facts.get("/MCID"), None if spoken is None else str(spoken)))
                if spoken is not None:
                    _say(words, page, marks[:-1], str(spoken))
            case "EMC":
                marks.pop()
            case "Tf":
                letters = fonts[str(operands[0])]
            case "Tj" | "TJ" if all(spoken is None for _number, spoken in marks):
                pieces = operands[0] if str(operator) == "TJ" else operands
                for piece in pieces:
                    if isinstance(piece, pikepdf.String):
                        _say(words, page, marks, _decoded(bytes(piece), letters))
    return words


def _say(words, page, marks, text) -> None:
    for number, _spoken in reversed(marks):
        if number is not None:
            place = (page.objgen[0], int(number))
            words[place] = words.get(place, "") + text
            return


def _decoded(codes: bytes, letters: dict[int, str]) -> str:
    return "".join(letters.get(int.from_bytes(codes[at : at + 2]), "") for at in range(0, len(codes), 2))


def _letters_of(font) -> dict[int, str]:
    """What the codes of a font stand for, from its ToUnicode table."""
    table = font.ToUnicode.read_bytes().decode("latin-1")
    letters = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", table, re.DOTALL):
        for code, text in re.findall(r"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>", block):
            letters[int(code, 16)] = bytes.fromhex(text).decode("utf-16-be")
    for block in re.findall(r"beginbfrange(.*?)endbfrange", table, re.DOTALL):
        for first, last, text in re.findall(r"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>", block):
            start = int(text, 16)
            for step in range(int(last, 16) - int(first, 16) + 1):
                letters[int(first, 16) + step] = chr(start + step)
    return letters
