"""Looks into what is uploaded: the content decides what a file is, never its name (S14, S15)."""

import zipfile
from pathlib import PurePosixPath
from xml.etree.ElementTree import Element  # the type alone; defusedxml does the parsing

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException
from django.core.exceptions import ValidationError
from django.core.files.base import File as StoredFile
from django.utils.translation import gettext as _

SVG = "{http://www.w3.org/2000/svg}"
SVG_ELEMENTS = frozenset(
    "svg g path circle ellipse rect line polyline polygon text tspan title desc defs use linearGradient "
    "radialGradient stop clipPath mask pattern style symbol marker".split()
)
OFFICE_PARTS = {
    "docx": "word/document.xml",
    "xlsx": "xl/workbook.xml",
    "pptx": "ppt/presentation.xml",
    "odt": "content.xml",
}
UNPACKED_LIMIT = 200 * 1024 * 1024
PARTS_LIMIT = 2000
RATIO_LIMIT = 100
DRAWING_LIMIT = 1024 * 1024


def check_picture(file: StoredFile) -> None:
    """Raises ValidationError when an SVG holds more than shapes and text; other formats Pillow has opened."""
    if _suffix(file) == "svg":
        check_drawing(_content(file, DRAWING_LIMIT + 1))


def check_drawing(content: bytes) -> None:
    """Raises ValidationError when `content` is not an SVG of plain shapes without links, scripts or entities."""
    if len(content) > DRAWING_LIMIT:
        raise ValidationError(_("Tegningen er for stor. Den kan være opptil 1 MB."))
    try:
        root = ElementTree.fromstring(content, forbid_dtd=True)
    except (DefusedXmlException, ElementTree.ParseError, ValueError) as error:
        raise ValidationError(_("Vi kan ikke lese tegningen som SVG.")) from error
    if root.tag != f"{SVG}svg":
        raise ValidationError(_("Filen er ikke en SVG-tegning."))
    for element in root.iter():
        _check_element(element)


def _check_element(element: Element) -> None:
    name = element.tag.removeprefix(SVG) if isinstance(element.tag, str) else ""
    if name not in SVG_ELEMENTS:
        raise ValidationError(_("Tegningen inneholder «%(name)s», som ikke er tillatt.") % {"name": name[:40]})
    for key, written in element.attrib.items():
        bare, value = key.rsplit("}", 1)[-1].lower(), written.strip().lower()
        outside = bare in {"href", "src"} and not value.startswith("#")
        if bare.startswith("on") or outside or "javascript:" in value or _fetches(value):
            raise ValidationError(_("Tegningen viser til noe utenfor seg selv, og det er ikke tillatt."))
    if name == "style" and (_fetches((element.text or "").lower()) or "@" in (element.text or "")):
        raise ValidationError(_("Stilen i tegningen viser til noe utenfor tegningen."))


def _fetches(value: str) -> bool:
    return any(not part.lstrip(" '\"").startswith("#") for part in value.split("url(")[1:])


def check_document(file: StoredFile) -> None:
    """Raises ValidationError when the content is not of the kind that the name says, or unpacks to too much."""
    suffix, head = _suffix(file), _content(file, 4096)
    if not head:
        raise ValidationError(_("Filen er tom."))
    if suffix == "pdf" and not head.startswith(b"%PDF-"):
        raise _wrong_kind(suffix)
    if suffix in OFFICE_PARTS:
        _check_office(file, suffix)
    if suffix in {"txt", "csv"}:
        try:
            _content(file, 10 * 1024 * 1024).decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise _wrong_kind(suffix) from error


def _check_office(file: StoredFile, suffix: str) -> None:
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as package:
            parts = package.infolist()
    except zipfile.BadZipFile as error:
        raise _wrong_kind(suffix) from error
    finally:
        file.seek(0)
    names = {part.filename for part in parts}
    unpacked, packed = sum(part.file_size for part in parts), sum(part.compress_size for part in parts)
    if OFFICE_PARTS[suffix] not in names:
        raise _wrong_kind(suffix)
    if len(parts) > PARTS_LIMIT or unpacked > UNPACKED_LIMIT or unpacked > RATIO_LIMIT * max(packed, 1):
        raise ValidationError(_("Filen pakker ut for mye til at vi kan ta imot den."))
    if any(name.endswith("vbaProject.bin") or ".." in PurePosixPath(name).parts for name in names):
        raise ValidationError(_("Filen inneholder makroer eller utrygge stier. Lagre den uten, og prøv igjen."))


def _wrong_kind(suffix: str) -> ValidationError:
    return ValidationError(_("Innholdet i filen er ikke det navnet sier (%(suffix)s).") % {"suffix": suffix})


def _suffix(file: StoredFile) -> str:
    return PurePosixPath(file.name or "").suffix.lstrip(".").lower()


def _content(file: StoredFile, limit: int) -> bytes:
    file.seek(0)
    content = file.read(limit)
    file.seek(0)
    return content
