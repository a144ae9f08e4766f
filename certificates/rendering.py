"""Makes the PDF of a certificate: tagged for screen readers (PDF/UA-1) and made to last (PDF/A-2a) (A13, B11).

The print fonts also decide which names can be printed: what no font holds would stop the typesetter.
"""

import datetime
import functools
import json
import threading
import unicodedata
from pathlib import Path
from typing import cast

import segno
import typst
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils import formats, translation
from django.utils.text import normalize_newlines
from django.utils.translation import gettext as _
from fontTools.ttLib import TTFont

from certificates.models import Certificate

TEMPLATE = Path(__file__).parent / "print" / "certificate.typ"
# Persian and the Indic scripts need these two between letters; every other format character could disguise a name.
JOINERS = "\u200c\u200d"
MOST_MARKS = 4

_one_at_a_time = threading.Lock()


def render_certificate(certificate: Certificate) -> bytes:
    """The certificate as a PDF of one page, byte for byte the same each time. Takes about 20 ms.

    The certificate need not be saved, but needs its code. Raises typst.TypstError when a glyph is missing;
    `unprintable_characters` tells beforehand.
    """
    issued = datetime.datetime.combine(certificate.issued_on, datetime.time(12), datetime.UTC)
    facts = json.dumps(printed_facts(certificate), ensure_ascii=False)
    with _one_at_a_time:
        pdf = _compiler().compile(
            format="pdf",
            sys_inputs={"facts": facts},
            pdf_standards=["ua-1", "a-2a"],
            timestamp=int(issued.timestamp()),
        )
    return cast(bytes, pdf)


def printed_facts(certificate: Certificate) -> dict:
    """All words of the certificate as they are printed, in bokmål."""
    with translation.override(settings.LANGUAGE_CODE):
        completed_on, issued_on = _in_words(certificate.completed_on), _in_words(certificate.issued_on)
        return {
            "title": _("Kursbevis for %(name)s") % {"name": certificate.holder_name},
            "description": _("%(course)s, %(hours)s, fullført %(date)s")
            % {"course": certificate.title, "hours": certificate.hours_text, "date": completed_on},
            "name": certificate.holder_name,
            "course": certificate.title,
            "parts": certificate.parts_text,
            "language": certificate.language.split("-")[0],
            "hours": certificate.hours_text,
            "modules": [
                {"title": module["title"], "time": _("%(number)d min") % {"number": module["minutes"]}}
                for module in certificate.modules
            ],
            "meetings": [
                {
                    "title": meeting["title"],
                    "date": _in_words(meeting["date"]) if meeting["date"] else "",
                    "how": meeting["how"],
                    "time": _("%(number)d min") % {"number": meeting["minutes"]},
                }
                for meeting in certificate.meeting_rows
            ],
            "completed_on": completed_on,
            "issued_on": issued_on,
            "issuer": certificate.issuer,
            "signatory_name": certificate.signatory_name,
            "signatory_title": certificate.signatory_title,
            "version": certificate.course_version,
            "code": certificate.shown_code,
            "check_url": certificate.check_url,
            "check_place": certificate.check_url.split("://", 1)[-1].removesuffix(f"{certificate.code}/"),
            "qr": segno.make(certificate.check_url, error="m").svg_inline(border=0, dark="#1f2a2e", omitsize=True),
            "qr_alt": _("QR-kode som åpner siden der kursbeviset kan kontrolleres"),
        }


def tidy_name(text: str) -> str:
    """A name in composed form (NFC) with single spaces, as it is stored and printed."""
    return unicodedata.normalize("NFC", " ".join(normalize_newlines(text).split()))


def unprintable_characters(name: str) -> list[str]:
    """What in `name` cannot be printed, each once and in order; empty when all of it can.

    A letter and the marks on it must be held by one font together, and marks that pile up would cover other lines.
    """
    letters = dict.fromkeys(letter for letter in _letters(name) if not letter.isspace())
    return [letter for letter in letters if not _is_printable(letter)]


def _is_printable(letter: str) -> bool:
    if len(letter) > 1 + MOST_MARKS or any(_may_disguise(sign) for sign in letter):
        return False
    signs = {ord(sign) for sign in letter if sign not in JOINERS}
    return any(signs <= font for font in _coverage())


def _may_disguise(sign: str) -> bool:
    return unicodedata.category(sign).startswith("C") and sign not in JOINERS


def _letters(name: str) -> list[str]:
    letters: list[str] = []
    for sign in name:
        if letters and (unicodedata.category(sign).startswith("M") or sign in JOINERS):
            letters[-1] += sign
        else:
            letters.append(sign)
    return letters


def _in_words(date: datetime.date) -> str:
    return formats.date_format(date, "j. F Y")


def print_fonts() -> list[Path]:
    """The print fonts. Raises ImproperlyConfigured when the front end has not been built."""
    if files := sorted(Path(settings.PRINT_FONTS).glob("*.ttf")):
        return files
    raise ImproperlyConfigured(f"No fonts for print in {settings.PRINT_FONTS}. Run: python -m lms.assets.build")


@functools.cache
def _coverage() -> list[frozenset[int]]:
    return [frozenset(TTFont(path, lazy=True).getBestCmap()) for path in print_fonts()]


@functools.cache
def _compiler() -> typst.Compiler:
    """One for the process, with our fonts and no others, so that every machine prints the same."""
    folder = print_fonts()[0].parent
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])
    return typst.Compiler(TEMPLATE, root=TEMPLATE.parent, font_paths=fonts)
