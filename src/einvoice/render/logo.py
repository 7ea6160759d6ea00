# SPDX-License-Identifier: Apache-2.0
"""The logo at the top of a page: which images are taken."""

from __future__ import annotations

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
