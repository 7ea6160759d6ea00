# SPDX-License-Identifier: Apache-2.0
"""Font programs said in plainer words, for a checker that does not know all the ways to say them."""

from __future__ import annotations

import io
from typing import Final

from fontTools.cffLib import CFFFontSet  # type: ignore[import-untyped]  # it carries no types
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # it carries no types

_THOUSANDTHS: Final = [0.001, 0, 0, 0.001, 0, 0]
_SAME: Final = [1, 0, 0, 1, 0, 0]


def plain(program: bytes) -> bytes | None:
    """Leave out of a CID-keyed CFF font the matrices that change nothing, as Typst writes them.

    Args:
        program: the font program.

    Returns:
        The same font without them; ``None`` if there is nothing to leave out, or it cannot be read.
    """
    try:
        fonts = CFFFontSet()
        fonts.decompile(io.BytesIO(program), None, isCFF2=False)
        top = fonts[0]
        parts = [part for part in getattr(top, "FDArray", ()) if "FontMatrix" in part.rawDict]
        if not parts or top.rawDict.get("FontMatrix", _THOUSANDTHS) != _THOUSANDTHS:
            return None
        if any(part.rawDict["FontMatrix"] != _SAME for part in parts):
            return None
        for part in parts:
            del part.rawDict["FontMatrix"]
        target = io.BytesIO()
        fonts.compile(target, TTFont(recalcBBoxes=False), isCFF2=False)
    except Exception:  # noqa: BLE001 -- a font that cannot be read is judged as it is
        return None
    return target.getvalue()


def lists_all(cid_set: bytes, program: bytes) -> bool:
    """Whether a list of glyphs (CIDSet) names exactly those of a TrueType font whose codes are its glyphs.

    Args:
        cid_set: a bit for each, the first one the highest of its byte (ISO 32000-1, 9.8.3.2).
        program: the font program.
    """
    try:
        with TTFont(io.BytesIO(program), lazy=True) as font:
            glyphs = int(font["maxp"].numGlyphs)
    except Exception:  # noqa: BLE001 -- a font that cannot be read is judged as it is
        return False
    bits = "".join(f"{byte:08b}" for byte in cid_set)
    return len(bits) >= glyphs and set(bits[:glyphs]) == {"1"} and "1" not in bits[glyphs:]
