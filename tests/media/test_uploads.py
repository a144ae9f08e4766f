import io
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile

from media.uploads import check_document, check_drawing, check_picture

PLAIN = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><title>Ring</title><circle r="4"/></svg>'


def svg(inside: str, attributes: str = "") -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}>{inside}</svg>'.encode()


def office(names: list[str], content: bytes = b"<x/>") -> ContentFile:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        for name in names:
            package.writestr(name, content)
    return ContentFile(packed.getvalue(), name="fil.docx")


def test_a_drawing_of_plain_shapes_is_taken():
    assert check_drawing(PLAIN) is None
    assert check_picture(ContentFile(PLAIN, name="ring.svg")) is None


@pytest.mark.parametrize(
    "content",
    [
        svg("<script>alert(1)</script>"),
        svg("<foreignObject><p>Hei</p></foreignObject>"),
        svg("<circle r='1' onload='alert(1)'/>"),
        svg("<a href='https://example.org'><circle r='1'/></a>"),
        svg("<use href='https://example.org/x.svg#a'/>"),
        svg("<use xlink:href='data:image/svg+xml,x'/>", 'xmlns:xlink="http://www.w3.org/1999/xlink"'),
        svg("<image href='https://example.org/p.png'/>"),
        svg("<rect fill='url(https://example.org/x)'/>"),
        svg("<style>@import url(https://example.org/x.css);</style>"),
        svg("<style>rect { fill: url(https://example.org/x) }</style>"),
        svg("<set attributeName='href' to='javascript:alert(1)'/>"),
        svg("<iframe xmlns='http://www.w3.org/1999/xhtml' src='x'/>"),
        b'<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg"><text>&a;</text></svg>',
        b"<html><body>hei</body></html>",
        b"GIF89a/*<svg/onload=alert(1)>*/",
        b"",
        PLAIN + b" " * (1024 * 1024),
    ],
)
def test_a_drawing_is_refused_when_it_holds_more_than_shapes(content):
    with pytest.raises(ValidationError):
        check_drawing(content)


def test_documents_that_are_what_they_say_are_taken():
    for file in (
        ContentFile(b"%PDF-1.7\n", name="a.pdf"),
        office(["word/document.xml"]),
        ContentFile("æøå;1\n".encode(), name="a.csv"),
    ):
        assert check_document(file) is None


@pytest.mark.parametrize(
    "file",
    [
        ContentFile(b"", name="a.pdf"),
        ContentFile(b"<html><script>alert(1)</script>", name="a.pdf"),
        ContentFile(b"MZ\x90\x00", name="a.docx"),
        office(["noe/annet.xml"]),
        office(["word/document.xml", "word/vbaProject.bin"]),
        office(["word/document.xml", "../../etc/passwd"]),
        office(["word/document.xml"] + [f"part{number}.xml" for number in range(2001)]),
        office(["word/document.xml"], b"0" * 3_000_000),
        ContentFile(b"\xff\xfe\x00", name="a.txt"),
    ],
)
def test_a_document_is_refused_when_its_content_is_something_else(file):
    with pytest.raises(ValidationError):
        check_document(file)
