# SPDX-License-Identifier: Apache-2.0
"""What ISO 19005-3, 6.1 asks of every object and of every stream, also of those that no page needs.

Names, strings and numbers have limits (6.1.13), and a stream is packed in ways that archives know and has its bytes in
the file (6.1.7).
"""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import chain
from typing import TYPE_CHECKING, Final

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String

from einvoice.pdf.associated import written

if TYPE_CHECKING:
    from collections.abc import Iterator

_LONG: Final = 127  # bytes of a name
_STRING: Final = 32_767
_GREAT: Final = 2_147_483_647
_GREATEST: Final = Decimal("3.403e38")
_SUSPECT: Final = re.compile(rb"/[^\s/<>\[\]()]{%d}|\d{10}" % (_LONG + 1))
_OUTSIDE: Final = ("/F", "/FFilter", "/FDecodeParms")
_PACKINGS: Final = frozenset(
    {
        "/ASCIIHexDecode",
        "/ASCII85Decode",
        "/FlateDecode",
        "/RunLengthDecode",
        "/CCITTFaxDecode",
        "/JBIG2Decode",
        "/DCTDecode",
        "/JPXDecode",
        "/Crypt",
    }
)
_DEEPEST: Final = 100


def excesses(pdf: pikepdf.Pdf) -> Iterator[tuple[str, str]]:
    """Find what goes beyond the limits.

    Args:
        pdf: the document; it is not changed.

    Yields:
        The clause of ISO 19005-3, and what is wrong.
    """
    for item in chain([pdf.trailer], pdf.objects):
        if isinstance(item, Stream):
            yield from _packed(item)
        text = written(item)
        if len(text) > _STRING or _SUSPECT.search(text):
            yield from _beyond(item, 0)


def _packed(stream: Stream) -> Iterator[tuple[str, str]]:
    if any(key in stream for key in _OUTSIDE):
        yield "6.1.7.1-3", "the bytes of a stream are outside of the file"
    said = stream.get("/Filter", Array())
    for one in said if isinstance(said, Array) else [said]:
        if str(one) not in _PACKINGS:
            yield "6.1.7.2-1", f"a stream is packed by {str(one)[1:_LONG]}, which archives do not take"


def _beyond(item: object, depth: int) -> Iterator[tuple[str, str]]:
    if isinstance(item, int) and not -_GREAT - 1 <= item <= _GREAT:
        yield "6.1.13-1", "a number is greater than archives take"
    elif isinstance(item, Decimal) and abs(item) > _GREATEST:
        yield "6.1.13-2", "a number with a fraction is greater than archives take"
    elif isinstance(item, String) and len(bytes(item)) > _STRING:
        yield "6.1.13-3", f"a string is longer than {_STRING} bytes"
    elif isinstance(item, Name) and len(str(item).encode("utf-8", "surrogateescape")) > _LONG + 1:
        yield "6.1.13-4", f"a name is longer than {_LONG} bytes"
    for one in _inside(item) if depth < _DEEPEST else ():
        if not isinstance(one, pikepdf.Object) or not one.is_indirect:
            yield from _beyond(one, depth + 1)


def _inside(item: object) -> Iterator[object]:
    if isinstance(item, (Dictionary, Stream)):
        yield from map(Name, item.keys())
        yield from item.values()
    elif isinstance(item, Array):
        yield from item
