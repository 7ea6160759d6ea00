# SPDX-License-Identifier: Apache-2.0
r"""Building HTML and XML so that whatever an invoice says stays text.

Only :func:`element` makes markup. A plain string that is put into an element is escaped, and characters that cannot
be seen, that reorder what is around them or that XML cannot hold are shown as escapes such as ``\x1b``.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_NOT_PLAIN: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters; XML 1.0 cannot hold most of them
    "\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"  # what hides or reorders text
    "\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"  # other line ends, halves of characters, no characters
)
_VOID: Final = frozenset({"meta", "br", "wbr"})


class Markup(str):
    """Text that is markup already."""

    __slots__ = ()


def visible(text: str) -> str:
    """A text from outside, with everything that is not plain text made visible as an escape.

    Args:
        text: what an invoice, a file name or an error says.
    """
    return _NOT_PLAIN.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}"  # noqa: PLR2004 -- the width of an escape


def cut(text: str, length: int) -> str:
    """A text cut to a length, with a sign that it was cut.

    Args:
        text: any text.
        length: the number of characters at most.
    """
    return text if len(text) <= length else f"{text[: length - 1]}…"


def element(name: str, attributes: Mapping[str, str | None] | None = None, *content: str) -> Markup:
    """An element of HTML or XML.

    Args:
        name: its name, from the program.
        attributes: its attributes; one that is ``None`` is left out.
        content: what stands in it: text, which is escaped, and markup.
    """
    start = opening(name, attributes)
    return start if name in _VOID else Markup(f"{start}{joined(content)}</{name}>")


def opening(name: str, attributes: Mapping[str, str | None] | None = None) -> Markup:
    """The start tag of an element that is closed later.

    Args:
        name: its name, from the program.
        attributes: its attributes; one that is ``None`` is left out.
    """
    said = "".join(f' {key}="{_attribute(value)}"' for key, value in (attributes or {}).items() if value is not None)
    return Markup(f"<{name}{said}>")


def joined(content: Iterable[str]) -> Markup:
    """Texts and markup as one piece of markup.

    Args:
        content: text, which is escaped, and markup.
    """
    return Markup("".join(part if isinstance(part, Markup) else escape(visible(part), quote=False) for part in content))


def _attribute(text: str) -> str:
    return escape(visible(text)).replace("\n", "&#10;").replace("\t", "&#9;")
