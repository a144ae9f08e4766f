"""Looks into what is uploaded: the content decides what a file is, never its name (S14, S15)."""

import io
import math
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import PurePosixPath
from xml.etree.ElementTree import Element, TreeBuilder  # what is built; defusedxml does the parsing
from xml.etree.ElementTree import ElementTree as Tree

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser
from django.core.exceptions import ValidationError
from django.core.files.base import File as StoredFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps, ImageSequence
from willow.svg import SvgWrapper, WillowSvgException

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
# Pillow's names. What phones call MPO is a JPEG with a second picture behind the first.
PAINTABLE = ("GIF", "JPEG", "PNG", "WEBP")
UNPACKED_LIMIT = 200 * 1024 * 1024
PARTS_LIMIT = 2000
RATIO_LIMIT = 100
DRAWING_LIMIT = 1024 * 1024
DEPTH_LIMIT = 100
# Pixels of all pictures of an animation together: each is painted whole, however little it takes in the file.
MOVING_LIMIT = 50_000_000
# Pixels across, and units of the drawing's own measure.
SIZES, UNITS_LIMIT = (1, 10_000), 1_000_000
CONTENT_TYPES, CONTENT_TYPES_LIMIT = "[content_types].xml", 1024 * 1024
MACROS = ("vbaproject", "macroenabled", "macrosheet")


def check_picture(file: StoredFile) -> None:
    """Raises ValidationError when an SVG holds more than shapes and text; other formats Pillow has opened."""
    if _suffix(file) == "svg":
        check_drawing(_content(file, DRAWING_LIMIT + 1))


@contextmanager
def refusing_unreadable() -> Iterator[None]:
    """Makes a ValidationError of whatever reading a broken, cut or far too large picture comes to.

    Libraries of pictures raise what they like: of theirs nothing but the refusal itself goes through.
    """
    try:
        yield
    except ValidationError:
        raise
    except Exception as error:
        raise ValidationError(_("Vi kan ikke lese bildet. Lagre det på nytt og prøv igjen.")) from error


def repainted(file: StoredFile) -> SimpleUploadedFile:
    """The picture painted anew, upright and in sRGB: no place, camera or comment in it, nothing hidden behind its end.

    Raises ValidationError when it cannot be read to the end (S14, S15). Drawings (SVG) are checked instead.
    """
    file.seek(0)
    with refusing_unreadable(), Image.open(file, formats=PAINTABLE) as picture:
        kind = "JPEG" if picture.format == "MPO" else str(picture.format)
        painted = _painted(picture, kind)
    return SimpleUploadedFile(file.name or "bilde", painted, Image.MIME[kind])


def _painted(picture: Image.Image, kind: str) -> bytes:
    pictures = getattr(picture, "n_frames", 1)
    moving = kind in {"GIF", "WEBP"} and pictures > 1
    if moving and picture.width * picture.height * pictures > MOVING_LIMIT:
        raise ValidationError(_("Animasjonen er for stor. Gjør den mindre eller kortere, og prøv igjen."))
    loop, frames, durations = picture.info.get("loop", 0), [], []
    for frame in ImageSequence.Iterator(picture) if moving else [picture]:
        durations.append(frame.info.get("duration", 0))
        frames.append(_bare(frame))
    options = {"save_all": True, "append_images": frames[1:], "duration": durations, "loop": loop} if moving else {}
    if kind in {"JPEG", "WEBP"}:
        options["quality"] = 92
    target = io.BytesIO()
    frames[0].save(target, kind, **options)
    return target.getvalue()


def _bare(frame: Image.Image) -> Image.Image:
    profile, upright = frame.info.get("icc_profile"), frame
    # Nobody knows which way is up when these facts are broken.
    with suppress(Exception):
        upright = ImageOps.exif_transpose(frame)
    if profile and upright.mode == "RGB":
        # A profile that nobody understands changes no colour.
        with suppress(ImageCms.PyCMSError):
            upright = ImageCms.profileToProfile(upright, io.BytesIO(profile), ImageCms.createProfile("sRGB")) or upright
    bare = upright.copy()
    bare.info = {name: value for name, value in upright.info.items() if name in {"transparency", "background"}}
    return bare


def check_drawing(content: bytes) -> None:
    """Raises ValidationError when `content` is not an SVG of plain shapes without links, scripts or entities."""
    if len(content) > DRAWING_LIMIT:
        raise ValidationError(_("Tegningen er for stor. Den kan være opptil 1 MB."))
    parser = DefusedXMLParser(target=_Shapes(), forbid_dtd=True)
    try:
        parser.feed(content)
        root = parser.close()
    except (DefusedXmlException, ElementTree.ParseError, ValueError, LookupError) as error:
        raise _no_drawing() from error
    if root.tag != f"{SVG}svg":
        raise ValidationError(_("Filen er ikke en SVG-tegning."))
    for element in root.iter():
        _check_element(element)
    _check_size(root)


class _Shapes(TreeBuilder):
    """Builds the tree of a drawing, neither deeper than libraries follow nor with instructions to a program."""

    depth = 0

    def start(self, tag: str, attrs: dict[str, str]) -> Element:
        self.depth += 1
        if self.depth > DEPTH_LIMIT:
            raise ValidationError(_("Tegningen er for innfløkt. Lagre den enklere og prøv igjen."))
        return super().start(tag, attrs)

    def end(self, tag: str) -> Element:
        self.depth -= 1
        return super().end(tag)

    def pi(self, target: str, text: str | None = None) -> Element:
        raise _no_drawing()


def _check_size(root: Element) -> None:
    """Raises ValidationError for a drawing that the library of pictures could store and then never show."""
    try:
        drawing = SvgWrapper(Tree(root))
    except (WillowSvgException, ValueError, LookupError) as error:
        raise _no_size() from error
    box = drawing.view_box
    if not all(SIZES[0] <= size <= SIZES[1] for size in (drawing.width, drawing.height)):
        raise _no_size()
    if not all(math.isfinite(number) and abs(number) <= UNITS_LIMIT for number in box) or min(box[2:]) <= 0:
        raise _no_size()


def _no_drawing() -> ValidationError:
    return ValidationError(_("Vi kan ikke lese tegningen som SVG."))


def _no_size() -> ValidationError:
    return ValidationError(
        _("Vi kan ikke lese hvor stor tegningen er. Gi den bredde og høyde fra %(least)s til %(most)s piksler.")
        % {"least": SIZES[0], "most": SIZES[1]}
    )


def _check_element(element: Element) -> None:
    name = element.tag.removeprefix(SVG) if isinstance(element.tag, str) else ""
    if name not in SVG_ELEMENTS:
        raise ValidationError(_("Tegningen inneholder «%(name)s», som ikke er tillatt.") % {"name": name[:40]})
    for key, written in element.attrib.items():
        bare, value = key.rsplit("}", 1)[-1].lower(), written.strip().lower()
        outside = bare in {"href", "src"} and not value.startswith("#")
        # With a backslash, what a style fetches can be spelled in any way. Other programs' own words are no style.
        spelled = "\\" in value and not key.startswith("{")
        if bare.startswith("on") or outside or spelled or "javascript:" in value or _fetches(value):
            raise ValidationError(_("Tegningen viser til noe utenfor seg selv, og det er ikke tillatt."))
    style = "".join(element.itertext()).lower() if name == "style" else ""
    if _fetches(style) or "@" in style or "\\" in style:
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
            says_macros = any(_tells_of_macros(package, part) for part in parts)
    except (zipfile.BadZipFile, RuntimeError, EOFError, zlib.error, struct.error, ValueError, OSError) as error:
        raise _wrong_kind(suffix) from error
    finally:
        file.seek(0)
    names = {part.filename for part in parts}
    unpacked, packed = sum(part.file_size for part in parts), sum(part.compress_size for part in parts)
    if OFFICE_PARTS[suffix] not in names:
        raise _wrong_kind(suffix)
    if len(parts) > PARTS_LIMIT or unpacked > UNPACKED_LIMIT or unpacked > RATIO_LIMIT * max(packed, 1):
        raise ValidationError(_("Filen pakker ut for mye til at vi kan ta imot den."))
    if says_macros or any(_is_unsafe(part) for part in parts):
        raise ValidationError(_("Filen inneholder makroer eller utrygge stier. Lagre den uten, og prøv igjen."))


def _is_unsafe(part: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(part.filename.replace("\\", "/"))
    is_link = stat.S_ISLNK(part.external_attr >> 16)
    outside = path.is_absolute() or ".." in path.parts or ":" in part.filename
    macros = path.name.lower() == "vbaproject.bin" or "macrosheets" in str(path).lower().split("/")
    return is_link or outside or macros


def _tells_of_macros(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Whether the list of a package's contents tells of macros, whatever the parts are called; or cannot be read."""
    if part.filename.lower() != CONTENT_TYPES:
        return False
    if part.file_size > CONTENT_TYPES_LIMIT:
        return True
    try:
        root = ElementTree.fromstring(package.read(part), forbid_dtd=True)
    except (DefusedXmlException, ElementTree.ParseError, ValueError):
        return True
    kinds = [value.lower() for element in root.iter() for value in element.attrib.values()]
    return any(word in kind for kind in kinds for word in MACROS)


def _wrong_kind(suffix: str) -> ValidationError:
    return ValidationError(_("Innholdet i filen er ikke det navnet sier (%(suffix)s).") % {"suffix": suffix})


def _suffix(file: StoredFile) -> str:
    return PurePosixPath(file.name or "").suffix.lstrip(".").lower()


def _content(file: StoredFile, limit: int) -> bytes:
    file.seek(0)
    content = file.read(limit)
    file.seek(0)
    return content
