"""Files that are not what they seem. Made here, of a few bytes each; nothing harmful in any of them."""

import io
import stat
import struct
import zipfile
import zlib

from PIL import Image, PngImagePlugin

MARK = b"kanari-i-filen"
SCRIPT = b"<script>alert('" + MARK + b"')</script>"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">{}</svg>'


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30), **options) -> bytes:
    """A picture of one colour."""
    target = io.BytesIO()
    Image.new("RGB", size, (30, 91, 87)).save(target, kind, **options)
    return target.getvalue()


def photo_with_place() -> bytes:
    """A JPEG on its side, with a place, a camera, a comment and something behind its end."""
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its right side
    exif[0x010F] = MARK.decode()
    exif.get_ifd(0x8825)[2] = (59.0, 54.0, 45.0)
    return picture("JPEG", exif=exif, comment=MARK) + MARK


def png_with_words() -> bytes:
    words = PngImagePlugin.PngInfo()
    words.add_text("Comment", MARK.decode())
    words.add_itxt("XML:com.adobe.xmp", f"<x>{MARK.decode()}</x>")
    return picture("PNG", pnginfo=words)


def moving_gif() -> bytes:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "green", "blue")]
    target = io.BytesIO()
    frames[0].save(target, "GIF", save_all=True, append_images=frames[1:], duration=100, comment=MARK)
    return target.getvalue()


def endless_gif() -> bytes:
    """A few kilobytes that would be painted as hundreds of megabytes."""
    first, second = (Image.new("L", (6300, 6300), grey) for grey in (0, 255))
    target = io.BytesIO()
    first.save(target, "GIF", save_all=True, append_images=[second], duration=100)
    return target.getvalue()


def photo_with_broken_facts() -> bytes:
    """A JPEG on its side that says how dense it is in words."""
    exif = Image.Exif()
    exif[0x0112], exif[0x011A] = 6, 72.0
    content = picture("JPEG", exif=exif)
    assert bytes.fromhex("011a0005") in content
    return content.replace(bytes.fromhex("011a0005"), bytes.fromhex("011a0002"))


def png_of(width: int, height: int) -> bytes:
    """The head of a PNG that says it is this large."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 64)), (b"IEND", b"")]
    body = b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


def office(*names: str, content: bytes = b"<x/>", link: str = "") -> bytes:
    """A package of these parts; `link` becomes a symbolic link out of it."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name in names:
            package.writestr(name, content)
        if link:
            entry = zipfile.ZipInfo("link")
            entry.external_attr = (stat.S_IFLNK | 0o777) << 16
            package.writestr(entry, link)
    return target.getvalue()


def broken_office(here: bytes, there: bytes) -> bytes:
    """A document of two parts in which `here` has become `there`."""
    content = office("word/document.xml", "ø.xml")
    assert here in content
    return content.replace(here, there)


def drawing(inside: str = "<circle r='1'/>", before: str = "", **of_root: str) -> bytes:
    """A drawing whose root has these attributes."""
    attributes = "".join(f" {name}='{value}'" for name, value in of_root.items())
    return f"{before}<svg xmlns='http://www.w3.org/2000/svg'{attributes}>{inside}</svg>".encode()


def package(content_types: str, *names: str) -> bytes:
    """A package of these parts whose list of contents says this."""
    target = io.BytesIO(office(*names))
    with zipfile.ZipFile(target, "a") as added:
        added.writestr("[Content_Types].xml", content_types)
    return target.getvalue()


# Sizes that the library of pictures cannot read, or stores and then cannot show.
NO_SIZES = {
    "too small to see": {"viewBox": "0 0 0.4 0.4"},
    "a small width": {"width": "0.4"},
    "no room": {"viewBox": "0 0 0 0"},
    "less than no room": {"viewBox": "0 0 -1 -1"},
    "no room in a width": {"width": "10", "viewBox": "0 0 0 0"},
    "a word": {"width": "auto"},
    "a word behind a number": {"width": "10foo"},
    "a measure of the screen": {"height": "2vw"},
    "a per cent of nothing": {"width": "0"},
    "letters": {"viewBox": "a b c d"},
    "without end": {"viewBox": "0 0 inf 1"},
    "without end, in numbers": {"viewBox": "0 0 1e999 1"},
    "an endless width": {"width": "inf"},
    "a width that is no number": {"width": "nan"},
    "far away": {"width": "10", "viewBox": "1e999 0 1 1"},
    "a hall": {"width": "10001"},
    "a measure in capitals": {"width": "10PX"},
    "a shape that does not fit": {"preserveAspectRatio": "xyz"},
}

WORD = "word/document.xml"
TYPES = "<Types><Override PartName='/word/x.bin' ContentType='{}'/></Types>"
LAUGHS = b"<!DOCTYPE x [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;'>]><x>&b;</x>"

# What the library of pictures refuses.
NO_PICTURES = {
    "a page with the name of a JPEG": ("bilde.jpg", b"<html>" + SCRIPT),
    "a script behind the head of a GIF": ("bilde.gif", b"GIF89a/*" + SCRIPT + b"*/=1;"),
    "an archive": ("bilde.png", office("a.class")),
    "a PNG with the name of a JPEG": ("bilde.jpg", picture("PNG")),
    "half a picture": ("bilde.png", picture("PNG", (900, 900))[:300]),
    "nothing": ("bilde.png", b""),
    "nine hundred million pixels": ("bilde.png", png_of(30_000, 30_000)),
    "an animation without end": ("bilde.gif", endless_gif()),
    "a drawing in letters nobody has": ("ring.svg", drawing(before="<?xml version='1.0' encoding='nonsense'?>")),
    "a page": ("side.html", b"<html>" + SCRIPT),
    "a page with two endings": ("bilde.png.html", picture("PNG")),
    "a program with two endings": ("bilde.jpg.php", picture("JPEG")),
    "a TIFF": ("bilde.tiff", picture("TIFF")),
    "a drawing with a script": ("ring.svg", SVG.format("<script>alert(1)</script>").encode()),
    "a drawing with foreign words": ("ring.svg", SVG.format("<foreignObject><p>x</p></foreignObject>").encode()),
    "a drawing that fetches": ("ring.svg", SVG.format("<use xlink:href='https://evil.example/x#a'/>").encode()),
    "a drawing that acts": ("ring.svg", SVG.format("<circle r='1' onload='alert(1)'/>").encode()),
    "a drawing with entities": ("ring.svg", b"<!DOCTYPE svg [<!ENTITY a 'b'>]>" + SVG.format("&a;").encode()),
    "a drawing that is a page": ("ring.svg", b"<html>" + SCRIPT),
    "a drawing without end": ("ring.svg", drawing("<g>" * 60_000 + "</g>" * 60_000)),
    "a drawing that deep under another name": ("ring.png", drawing("<g>" * 60_000 + "</g>" * 60_000)),
    "a drawing deeper than anybody draws": ("ring.svg", drawing("<g>" * 100 + "</g>" * 100)),
    "a drawing with an instruction": ("ring.svg", drawing(before="<?xml-stylesheet href='https://evil.example/'?>")),
    "a drawing with an instruction inside": ("ring.svg", drawing("<?xml-stylesheet href='x'?>")),
    "a drawing with a spelled style": ("ring.svg", drawing("<style>a{fill:\\75rl(//evil.example/x)}</style>")),
    "a drawing with a spelled colour": ("ring.svg", drawing("<g style='fill:\\75rl(//evil.example)'/>")),
    **{f"a drawing of {what}": ("ring.svg", drawing(**size)) for what, size in NO_SIZES.items()},
}

# What the library of pictures takes, and makes harmless: nothing of MARK is left in it.
CLEANED_PICTURES = {
    "a photo with a place": ("bilde.jpg", photo_with_place()),
    "a PNG with words": ("bilde.png", png_with_words()),
    "a moving GIF with words": ("bilde.gif", moving_gif()),
    "a GIF that is an archive too": ("bilde.gif", picture("GIF") + office(MARK.decode() + ".class")),
    "a JPEG that is a script too": ("bilde.jpg", picture("JPEG", comment=b"*/=1;" + SCRIPT)),
    "a PNG that is a PDF too": ("bilde.png", picture("PNG") + b"%PDF-1.7\n" + MARK),
    "a photo with broken facts": ("bilde.jpg", photo_with_broken_facts()),
    "a WebP with a place": ("bilde.webp", picture("WEBP", exif=b"Exif\0\0" + MARK)),
}

# What the library of files refuses.
NO_FILES = {
    "a page with the name of a PDF": ("ark.pdf", b"<html>" + SCRIPT),
    "a page before a PDF": ("ark.pdf", b"<html>" + SCRIPT + b"%PDF-1.7\n"),
    "a program": ("ark.docx", b"MZ\x90\x00"),
    "nothing": ("ark.pdf", b""),
    "an archive that is no document": ("ark.docx", office("a.txt")),
    "a workbook with macros": ("ark.xlsx", office("xl/workbook.xml", "xl/vbaProject.bin")),
    "a macro in capitals": ("ark.docx", office(WORD, "word/VBAPROJECT.BIN")),
    "a macro under another name": ("ark.docx", package(TYPES.format("application/vnd.ms-office.vbaProject"), WORD)),
    "a document with macros by its kind": (
        "ark.docx",
        package(TYPES.format("application/vnd.ms-word.document.macroEnabled.main+xml"), WORD),
    ),
    "a list of contents that nobody can read": ("ark.docx", package("<Types", WORD)),
    "a list of contents with entities": ("ark.docx", package("<!DOCTYPE x [<!ENTITY a 'b'>]><Types/>", WORD)),
    "sheets of macros": ("ark.xlsx", office("xl/workbook.xml", "xl/macrosheets/sheet1.xml")),
    "a path out of the package": ("ark.docx", office(WORD, "../../etc/passwd")),
    "a path from the root": ("ark.docx", office(WORD, "/etc/passwd")),
    "a path of another system": ("ark.docx", office(WORD, "..\\..\\windows\\x.dll")),
    "a drive": ("ark.docx", office(WORD, "C:/x.dll")),
    "a link out of the package": ("ark.docx", office(WORD, link="/etc/passwd")),
    "a bomb": ("ark.docx", office(WORD, content=b"0" * 3_000_000)),
    "a thousand parts too many": ("ark.docx", office(WORD, *(f"p{number}.xml" for number in range(2001)))),
    "an archive by name": ("ark.zip", office(WORD)),
    "a page by name": ("ark.html", b"<html>" + SCRIPT),
    "a program by its second ending": ("ark.pdf.exe", b"%PDF-1.7\n"),
    "a part without a name that can be read": ("ark.docx", broken_office("ø".encode(), b"\xff\xff")),
    "a package of another age": ("ark.docx", broken_office(b"PK\x01\x02\x14\x03\x14", b"PK\x01\x02\x14\x03\x63")),
    "bytes that are no text": ("ark.txt", b"\xff\xfe\x00\x01"),
}

# What the library of files takes: it leaves the house as a download or without the right to run anything.
HARMLESS_FILES = {
    "entities without end": ("ark.docx", office(WORD, content=LAUGHS)),
    "an ordinary list of contents": ("ark.docx", package(TYPES.format("application/xml"), WORD)),
    "a script in a text": ("ark.txt", SCRIPT),
    "a page behind a PDF": ("ark.pdf", b"%PDF-1.7\n<html>" + SCRIPT),
    "two endings": ("ark.exe.pdf", b"%PDF-1.7\n"),
    "formulas": ("ark.csv", b"=cmd|'/c calc'!A1;1\n"),
}

# Names that want to be somewhere else, or somebody else.
NAMES = [
    "../../../etc/passwd",
    "..\\..\\windows\\system32\\x",
    "/etc/passwd",
    "nul\x00l",
    "snudd\u202egnp.exe",
    "a" * 255,
    "æ" * 127,
    "<img src=x onerror=alert(1)>",
    "'; DROP TABLE media_picture; --",
    "con",
    "%2e%2e%2fpasswd",
    " ",
    ".",
    "...",
]
