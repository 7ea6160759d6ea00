# SPDX-License-Identifier: Apache-2.0
"""The logo at the top of a page: which images are taken, and which of their colour profiles."""

from __future__ import annotations

import zlib
from typing import Final

from einvoice.errors import InputError

LARGEST_LOGO: Final = 1_000_000
"""The most bytes a logo may have: it becomes part of every invoice."""

_KINDS: Final = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"<svg", "image/svg+xml"),
    (b"<?xml", "image/svg+xml"),
)

_PNG: Final = _KINDS[0][0]
_MARK: Final = b"ICC_PROFILE\0"
_HEADER: Final = 128  # bytes at the head of a profile (ISO 15076-1, 7.2)
_CLASSES: Final = frozenset({b"scnr", b"mntr", b"prtr", b"spac"})
_SPACES: Final = {b"GRAY": 1, b"RGB ": 3, b"CMYK": 4}
_LATEST: Final = 4  # the newest version of profiles that PDF/A-3 knows (ISO 19005-3, 6.2.4.2)
_ICC: Final = b"\xe2"  # the segment of a JPEG that holds profiles
_SCAN: Final = b"\xda"
_FRAMES: Final = frozenset(bytes([marker]) for marker in range(0xC0, 0xD0) if marker not in {0xC4, 0xC8, 0xCC})


def checked(logo: bytes) -> str:
    """The media type of a logo.

    Args:
        logo: the bytes of an image.

    Raises:
        InputError: it is no PNG, JPEG or SVG image (``LOGO_FORMAT``), or too large (``LOGO_SIZE``).
    """
    head = logo.removeprefix(b"\xef\xbb\xbf").lstrip()
    kind = next((kind for start, kind in _KINDS if head.startswith(start)), None)
    if kind is None or (kind == "image/svg+xml" and b"<svg" not in head):
        raise InputError("the logo is no PNG, JPEG or SVG image; convert it to one of these", code="LOGO_FORMAT")
    if len(logo) > LARGEST_LOGO:
        raise InputError(
            f"the logo has {len(logo):,} bytes, more than the {LARGEST_LOGO:,} that fit; use a smaller image",
            code="LOGO_SIZE",
        )
    return kind


def archivable(logo: bytes) -> bytes:
    """A logo without a colour profile that PDF/A does not take (ISO 19005-3, 6.2.4.2), such as one of Lab.

    Programs that show images pass over such a profile, too, so that the colours stay as they are seen elsewhere.

    Args:
        logo: a PNG, JPEG or SVG image.
    """
    if logo.startswith(_PNG):
        return _png(logo)
    return _jpeg(logo) if logo.startswith(b"\xff\xd8") else logo


def _png(logo: bytes) -> bytes:
    """Without the chunk ``iCCP``, if its profile does not do; what is broken is left to whoever draws it."""
    at = len(_PNG)
    while at + 8 <= len(logo):
        size, name = int.from_bytes(logo[at : at + 4], "big"), logo[at + 4 : at + 8]
        end = at + 12 + size
        if name == b"IDAT" or end > len(logo):
            break
        if name == b"iCCP":
            packed = logo[at + 8 : end - 4].partition(b"\0")[2][1:]
            colours = 1 if logo[25] in {0, 4} else 3
            return logo if _does(_head(packed), colours) else logo[:at] + logo[end:]
        at = end
    return logo


def _head(packed: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(packed, _HEADER)
    except zlib.error:
        return b""


def _jpeg(logo: bytes) -> bytes:
    """Without the segments of a profile, if it does not do; what is broken is left to whoever draws it."""
    at, colours, profile = 2, 3, None
    kept = [logo[:2]]
    while logo[at : at + 1] == b"\xff" and logo[at + 1 : at + 2] != _SCAN:
        end = at + 2 + int.from_bytes(logo[at + 2 : at + 4], "big")
        segment = logo[at:end]
        if segment[1:2] == _ICC and segment[4:].startswith(_MARK):
            profile = segment[4 + len(_MARK) + 2 :] if profile is None else profile
        else:
            kept.append(segment)
        if segment[1:2] in _FRAMES:
            colours = int.from_bytes(segment[9:10], "big")
        at = end
    if profile is None or logo[at + 1 : at + 2] != _SCAN or _does(profile[:_HEADER], colours):
        return logo
    return b"".join([*kept, logo[at:]])


def _does(head: bytes, colours: int) -> bool:
    """Whether a profile is one that a PDF/A may hold, for as many colours as the image has."""
    known = len(head) == _HEADER and head[36:40] == b"acsp" and head[8] <= _LATEST
    return known and head[12:16] in _CLASSES and _SPACES.get(head[16:20]) == colours
