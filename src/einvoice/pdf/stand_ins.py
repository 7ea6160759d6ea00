# SPDX-License-Identifier: Apache-2.0
"""Fonts for the PDFs that carry none: the standard fonts and their kin, which every viewer once had.

PDF/A wants every font embedded (ISO 19005-3, 6.2.11.4.1). Helvetica and Arial, Times and Times New Roman, Courier and
Courier New are replaced by Arimo, Tinos and Cousine, whose letters are exactly as wide, so that no line moves. Symbol,
ZapfDingbats and all other fonts have no such twin here.
"""

from __future__ import annotations

import hashlib
import io
import re
import string
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from fontTools import subset  # type: ignore[import-untyped]  # it carries no types
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # it carries no types
from pikepdf import Array, Dictionary, Name, Stream

from einvoice.pdf.glyphs import NOTHING, encoding, unicode_of

if TYPE_CHECKING:
    import pikepdf

_FAMILIES: Final = {
    "helvetica": "Arimo",
    "arial": "Arimo",
    "arialmt": "Arimo",
    "times": "Tinos",
    "timesnewroman": "Tinos",
    "timesnewromanps": "Tinos",
    "timesnewromanpsmt": "Tinos",
    "courier": "Cousine",
    "couriernew": "Cousine",
    "couriernewps": "Cousine",
    "couriernewpsmt": "Cousine",
}
_STYLES: Final = {
    "": "Regular",
    "roman": "Regular",
    "regular": "Regular",
    "bold": "Bold",
    "italic": "Italic",
    "oblique": "Italic",
    "bolditalic": "BoldItalic",
    "boldoblique": "BoldItalic",
}
_SUBSET: Final = re.compile(r"^[A-Z]{6}\+")
_NONSYMBOLIC: Final = 32
_FIXED, _SERIF, _ITALIC = 1, 2, 64
_PROGRAMS: Final = ("/FontFile", "/FontFile2", "/FontFile3")


def stand_in_for(base_font: str) -> str | None:
    """Return the file of the font that stands in for another, without suffix; ``None`` if there is none.

    Args:
        base_font: the name of the font in the PDF, such as ``Helvetica-Bold`` or ``ArialMT``.
    """
    name = _SUBSET.sub("", base_font.removeprefix("/")).casefold().replace(" ", "")
    family, _, style = name.replace(",", "-").partition("-")
    style = style.removesuffix("mt").replace("-", "")
    if family not in _FAMILIES or style not in _STYLES:
        return None
    return f"{_FAMILIES[family]}-{_STYLES[style]}"


def embed_missing(pdf: pikepdf.Pdf) -> list[str]:
    """Embed a font for every simple font that has none and that one here stands in for.

    Args:
        pdf: the document; it is changed.

    Returns:
        The names of the fonts that were given one.
    """
    done = []
    for item in pdf.objects:
        if isinstance(item, Dictionary) and item.get("/Type") == Name.Font and _is_bare(item):
            name = stand_in_for(str(item.get("/BaseFont", "")))
            if name is not None:
                done.append(_SUBSET.sub("", str(item["/BaseFont"]).removeprefix("/")))
                _embed(pdf, item, name)
    return list(dict.fromkeys(done))


def _is_bare(font: Dictionary) -> bool:
    if font.get("/Subtype") not in {Name.Type1, Name.TrueType}:
        return False
    descriptor = font.get("/FontDescriptor")
    return not isinstance(descriptor, Dictionary) or not any(key in descriptor for key in _PROGRAMS)


def _embed(pdf: pikepdf.Pdf, font: Dictionary, name: str) -> None:
    """Make a font a TrueType font with its program, its codes meaning what they meant."""
    names = _names(font)
    used = {code: glyph for code, glyph in enumerate(names) if unicode_of(glyph) is not None}
    with TTFont(
        io.BytesIO((files("einvoice.pdf") / "fonts" / f"{name}.ttf").read_bytes()), recalcTimestamp=False
    ) as program:
        best = program.getBestCmap()
        used = {code: glyph for code, glyph in used.items() if unicode_of(glyph) in best}
        scale = 1000 / program["head"].unitsPerEm
        widths = {code: program["hmtx"][best[unicode_of(glyph)]][0] for code, glyph in used.items()}
        stated = _stated(font)
        _widen(program, best, used, stated, scale)
        data = _subset(program, {unicode_of(glyph) for glyph in used.values()})
        tag = "".join(string.ascii_uppercase[byte % 26] for byte in hashlib.sha256(data).digest()[:6])
        final = {code: stated.get(code, round(width * scale)) for code, width in widths.items()}
        font.Subtype, font.BaseFont = Name.TrueType, Name(f"/{tag}+{name}")
        font.FirstChar, font.LastChar = 0, 255
        font.Widths = Array([final.get(code, 0) for code in range(256)])
        font.Encoding = _encoding(names)
        font.FontDescriptor = pdf.make_indirect(_descriptor(pdf, program, f"/{tag}+{name}", data))


def _names(font: Dictionary) -> list[str]:
    """What the codes of a font mean, as names of glyphs."""
    said = font.get("/Encoding")
    base = said.get("/BaseEncoding") if isinstance(said, Dictionary) else said
    if base is None and font.get("/Subtype") == Name.TrueType:
        base = Name.WinAnsiEncoding
    names = list(encoding(str(base)))
    differences = said.get("/Differences") if isinstance(said, Dictionary) else None
    code = 0
    for item in differences if isinstance(differences, Array) else ():
        if isinstance(item, Name):
            if code < len(names):
                names[code] = str(item)[1:]
            code += 1
        else:
            code = int(item)
    return names


def _stated(font: Dictionary) -> dict[int, float]:
    """The widths that the PDF states, in thousandths."""
    widths = font.get("/Widths")
    if not isinstance(widths, Array):
        return {}
    first = int(font.get("/FirstChar", 0))
    return {first + place: float(width) for place, width in enumerate(widths) if float(width) > 0}


def _widen(program: TTFont, best: dict[int, str], used: dict[int, str], stated: dict[int, float], scale: float) -> None:
    """Let the program agree with the widths that the page was set with (6.2.11.5); the page counts."""
    metrics = program["hmtx"]
    for code, glyph in used.items():
        if code in stated:
            inside = best[unicode_of(glyph) or 0]
            metrics[inside] = (round(stated[code] / scale), metrics[inside][1])


def _subset(program: TTFont, characters: set[int | None]) -> bytes:
    options = subset.Options(
        notdef_outline=True, recalc_timestamp=False, name_IDs=[0, 13, 14], drop_tables=["OS/2"], glyph_names=False
    )
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=sorted(character for character in characters if character is not None))
    cutter.subset(program)
    target = io.BytesIO()
    program.save(target, reorderTables=False)
    return target.getvalue()


def _encoding(names: list[str]) -> Dictionary:
    """The encoding as a non-symbolic TrueType font may have it (6.2.11.6)."""
    base = encoding("/WinAnsiEncoding")
    differences: list[object] = []
    last = -2
    for code, (name, usual) in enumerate(zip(names, base, strict=True)):
        if name not in {usual, NOTHING} and unicode_of(name) is not None:
            if code != last + 1:
                differences.append(code)
            differences.append(Name(f"/{name}"))
            last = code
    found = Dictionary(Type=Name.Encoding, BaseEncoding=Name.WinAnsiEncoding)
    if differences:
        found.Differences = Array(differences)
    return found


def _descriptor(pdf: pikepdf.Pdf, program: TTFont, name: str, data: bytes) -> Dictionary:
    head, line, scale = program["head"], program["hhea"], 1000 / program["head"].unitsPerEm
    slanted, family = name.endswith("Italic"), name.partition("+")[2]
    flags = _NONSYMBOLIC | (_ITALIC if slanted else 0)
    flags |= _FIXED if family.startswith("Cousine") else _SERIF if family.startswith("Tinos") else 0
    stream = Stream(pdf, data)
    stream.Length1 = len(data)
    return Dictionary(
        Type=Name.FontDescriptor,
        FontName=Name(name),
        Flags=flags,
        FontBBox=Array([round(value * scale) for value in (head.xMin, head.yMin, head.xMax, head.yMax)]),
        ItalicAngle=-12 if slanted else 0,
        Ascent=round(line.ascent * scale),
        Descent=round(line.descent * scale),
        CapHeight=716,
        StemV=138 if "Bold" in family else 88,
        FontFile2=stream,
    )
