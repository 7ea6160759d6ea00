# SPDX-License-Identifier: Apache-2.0
"""What others say, made fit for every database: PostgreSQL refuses a NUL, and none takes half of a character."""

from __future__ import annotations

import re
from typing import Final

_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_HALF: Final = re.compile("[\ud800-\udfff]")


def plain(text: str) -> str:
    """A text with its control characters and lone surrogates spelled out; line ends and tabs stay.

    Args:
        text: what a peer said.
    """
    return _CONTROL.sub(_spelled, text)


def plain_json(written: str) -> str:
    """JSON whose lone surrogates are escaped, as JSON escapes them; it escapes control characters itself.

    Args:
        written: JSON with characters outside of ASCII.
    """
    return _HALF.sub(lambda found: f"\\u{ord(found[0]):04x}", written)


def _spelled(found: re.Match[str]) -> str:
    number = ord(found[0])
    return f"\\x{number:02x}" if number <= 0xFF else f"\\u{number:04x}"  # noqa: PLR2004 - as Python spells them
