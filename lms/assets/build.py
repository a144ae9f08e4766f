"""Builds the front end: one style sheet, one script, subset fonts, the mark, words. `python -m lms.assets.build`.

No bundler and no Django: files are joined, comments and white space go, fonts keep the letters that the
languages of the site need. The same input gives the same bytes.
"""

import ast
import importlib.resources
import os
import re
import shutil
import struct
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
DESIGN_SYSTEM = ROOT / "node_modules/@digdir/designsystemet-css/dist/src"
WORDS = ROOT / "lms/locale"
FONT_PACKAGES = ROOT / "node_modules/@expo-google-fonts"

# The parts of the design system that our pages use, in its own order.
COMPONENTS = "base button input label field fieldset validation-message link error-summary".split()
OWN_STYLES = [
    *"tokens page type header forms path lesson blocks check sheet cards applications groups meeting notes".split(),
    *"timeline numbers tables certificate account front print".split(),
]
OWN_SCRIPTS = "focus autosave copy passkey press print screen".split()

# Name in the style sheet: (file, OpenType features that stay besides kerning).
WEB_FONTS = {
    "inter-400": ("inter/400Regular/Inter_400Regular.ttf", ["tnum"]),
    "inter-600": ("inter/600SemiBold/Inter_600SemiBold.ttf", ["tnum"]),
    "source-serif-4-600": ("source-serif-4/600SemiBold/SourceSerif4_600SemiBold.ttf", []),
}
PRINT_FONTS = [
    "inter/400Regular/Inter_400Regular.ttf",
    "inter/600SemiBold/Inter_600SemiBold.ttf",
    "source-serif-4/400Regular/SourceSerif4_400Regular.ttf",
    "source-serif-4/600SemiBold/SourceSerif4_600SemiBold.ttf",
    "noto-sans-arabic/400Regular/NotoSansArabic_400Regular.ttf",
    "noto-sans-devanagari/400Regular/NotoSansDevanagari_400Regular.ttf",
    "noto-sans-ethiopic/400Regular/NotoSansEthiopic_400Regular.ttf",
    "noto-sans-hebrew/400Regular/NotoSansHebrew_400Regular.ttf",
    "noto-sans-tamil/400Regular/NotoSansTamil_400Regular.ttf",
    "noto-sans-thai/400Regular/NotoSansThai_400Regular.ttf",
]
NORTHERN_SAMI = "ÁáČčĐđŊŋŠšŦŧŽž"
PUNCTUATION = "–—‘’‚“”„«»…•−×§€→←✓\u00a0\u202f"  # the last two: no-break spaces, wide and narrow
LETTERS = {*range(0x20, 0x7F), *range(0xA0, 0x100), *map(ord, NORTHERN_SAMI), *map(ord, PUNCTUATION)}


def main() -> None:
    """Builds everything into `$VAR/assets`."""
    target = Path(os.environ.get("VAR") or ROOT / "var") / "assets"
    web = target / "static" / "refleks"
    (web / "fonts").mkdir(parents=True, exist_ok=True)
    (target / "print-fonts").mkdir(exist_ok=True)
    write(web / "refleks.css", style_sheet().encode())
    write(web / "refleks.js", script().encode())
    write(web / "mark.svg", (HERE / "mark.svg").read_bytes())
    for name, (source, features) in WEB_FONTS.items():
        subset_font(FONT_PACKAGES / source, web / "fonts" / f"{name}.woff2", features)
    for source in PRINT_FONTS:
        copy(FONT_PACKAGES / source, target / "print-fonts" / Path(source).name)
    for words in sorted(WORDS.glob("*/LC_MESSAGES/*.po")):
        write(words.with_suffix(".mo"), catalogue(words.read_text()))


def write(path: Path, content: bytes) -> None:
    """Writes only what changed, so that a second build touches nothing."""
    if not path.exists() or path.read_bytes() != content:
        path.write_bytes(content)


def copy(source: Path, path: Path) -> None:
    if not path.exists() or path.stat().st_size != source.stat().st_size:
        shutil.copyfile(source, path)


def style_sheet() -> str:
    """The design system's parts in its own layers, then ours outside layers, which therefore wins."""
    parts = [(DESIGN_SYSTEM / f"{name}.css").read_text() for name in COMPONENTS]
    layers = ["@layer ds.base,ds.components;"]
    layers += [f"@layer ds.{'base' if not place else 'components'}{{{part}}}" for place, part in enumerate(parts)]
    own = [(HERE / "css" / f"{name}.css").read_text() for name in OWN_STYLES]
    return minified("\n".join([*layers, *own]))


def minified(css: str) -> str:
    """CSS without comments and needless white space. Strings are left alone."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    pieces = re.split(r"(\"[^\"]*\"|'[^']*')", css)
    return "".join(piece if place % 2 else _squeezed(piece) for place, piece in enumerate(pieces)).strip()


def _squeezed(css: str) -> str:
    css = re.sub(r"\s+", " ", css)
    css = re.sub(r" ?([{};,]) ?", r"\1", css)
    return css.replace(": ", ":").replace(";}", "}")


def script() -> str:
    """htmx 2 as django-htmx brings it, then our own few lines with their comments dropped."""
    htmx = Path(str(importlib.resources.files("django_htmx"))) / "static/django_htmx/htmx-2.min.js"
    own = [(HERE / "js" / f"{name}.js").read_text() for name in OWN_SCRIPTS]
    lines = [line.strip() for part in own for line in part.splitlines()]
    return "\n".join([htmx.read_text().strip(), *(line for line in lines if line and not line.startswith("//")), ""])


def subset_font(source: Path, path: Path, features: list[str]) -> None:
    """A font with our letters only, without hinting, packed as woff2. Skipped when it is newer than its source."""
    if path.exists() and path.stat().st_mtime > max(source.stat().st_mtime, Path(__file__).stat().st_mtime):
        return
    options = subset.Options(hinting=False, layout_features=["kern", "ccmp", "locl", *features])
    options.drop_tables += ["STAT", "meta", "DSIG"]
    options.name_IDs = [0, 1, 2, 13, 14]
    font = TTFont(source, recalcTimestamp=False)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=LETTERS)
    subsetter.subset(font)
    font.flavor = "woff2"
    font.save(path)


def catalogue(po: str) -> bytes:
    """A .po file as gettext reads it at run time. A plain one: no contexts, nothing marked fuzzy."""
    entries = dict(_entry(block) for block in po.split("\n\n") if "msgid" in block)
    names = sorted(entries)
    count, texts, table = len(names), b"", []
    start = 28 + 16 * count
    for text in [*names, *(entries[name] for name in names)]:
        table += [len(text), start + len(texts)]
        texts += text + b"\0"
    head = [0x950412DE, 0, count, 28, 28 + 8 * count, 0, start]
    return struct.pack(f"<{len(head) + len(table)}I", *head, *table) + texts


def _entry(block: str) -> tuple[bytes, bytes]:
    """Message and translation; the forms for one and for many stand behind each other."""
    texts: dict[str, str] = {}
    key = ""
    for line in block.splitlines():
        if line and not line.startswith("#"):
            word, quote, rest = line.partition('"')
            key = word.strip() or key
            texts[key] = texts.get(key, "") + ast.literal_eval(quote + rest)
    name = [text for key, text in texts.items() if key.startswith("msgid")]
    forms = [text for key, text in texts.items() if key.startswith("msgstr")]
    return "\0".join(name).encode(), "\0".join(forms).encode()


if __name__ == "__main__":
    main()
