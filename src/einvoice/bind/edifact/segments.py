# SPDX-License-Identifier: Apache-2.0
"""The segments of an EDIFACT interchange (ISO 9735-1, syntax versions 1 to 4).

The text is cut at its service characters as bytes, whatever its character set: all of them are ASCII. A release
character takes the meaning from the one behind it. A binary object (ISO 9735-8: UNO, its bytes, UNP) is cut out by the
length that its header states, because its bytes may look like segments.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from einvoice.errors import FormatError

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_SEGMENTS: Final = 1_000_000
_ADVICE: Final = b"UNA"
_BLANK: Final = re.compile(rb"[ \t\r\n]*")
_TAG: Final = re.compile(r"[A-Z]{3}")
_SHOWN: Final = 20


class UndecodableError(Exception):
    """A text is not in the character set that the interchange declares; never leaves this room.

    Attributes:
        number: the segment.
        byte: the first byte that the character set does not have.
    """

    def __init__(self, number: int, byte: int) -> None:
        super().__init__(number, byte)
        self.number, self.byte = number, byte


class Separators(Struct, frozen=True):
    """The service characters of an interchange (ISO 9735-1, 7.2 and 7.3)."""

    component: str = ":"
    element: str = "+"
    decimal: str = "."
    release: str = "?"
    repetition: str = " "
    terminator: str = "'"

    def escaped(self, text: str) -> str:
        """A text as it may stand in an element."""
        signs = {self.release, self.component, self.element, self.terminator, self.repetition} - {" "}
        return "".join(f"{self.release}{sign}" if sign in signs else sign for sign in text)


DEFAULT: Final = Separators()
WRITTEN: Final = Separators(repetition="*")


class Segment(Struct, frozen=True):
    """One segment.

    Attributes:
        tag: such as ``NAD``.
        elements: the data elements behind the tag, each with its components.
        number: its place in the interchange, counted from 1; the service string advice is not counted.
        start: where it begins in the bytes of the interchange, counted from 0.
        end: where it ends, its terminator included.
        content: the bytes of the object behind a ``UNO``; ``None`` for every other segment.
    """

    tag: str
    elements: tuple[tuple[str, ...], ...]
    number: int
    start: int
    end: int
    content: bytes | None = None

    def get(self, element: int, component: int = 1) -> str:
        """The text of a component.

        Args:
            element: the data element, counted from 1.
            component: the component in it, counted from 1.

        Returns:
            The text; empty if there is none.
        """
        if element > len(self.elements):
            return ""
        parts = self.elements[element - 1]
        return parts[component - 1] if component <= len(parts) else ""

    def __str__(self) -> str:
        return f"segment {self.number} ({self.tag})"


def separators_of(data: bytes, source: str | None = None) -> tuple[Separators, int]:
    """The service characters of an interchange, and where its first segment begins.

    Args:
        data: the interchange.
        source: its name, for messages.

    Raises:
        FormatError: the service string advice is cut off, or two of its characters are the same.
    """
    start = _BLANK.match(data.removeprefix(b"\xef\xbb\xbf"))
    begin = (start.end() if start else 0) + (3 if data.startswith(b"\xef\xbb\xbf") else 0)
    if data[begin : begin + 3] != _ADVICE:
        return DEFAULT, begin
    signs = data[begin + 3 : begin + 9].decode("latin-1")
    used = signs[0:2] + signs[3:4] + signs[5:6]
    if len(signs) < 6 or len(set(used)) < 4 or any(sign.isalnum() or sign.isspace() for sign in used):  # noqa: PLR2004
        raise FormatError(
            f"the service string advice UNA declares {signs!r}; it needs six characters, and component, element,"
            " release and end sign have to differ and to be no letters, digits or blanks",
            source=source,
            code="EDIFACT_UNA",
        )
    return Separators(*signs), begin + 9


def segments(data: bytes, encoding: str, source: str | None = None) -> Iterator[Segment]:
    """Cut an interchange into segments.

    Args:
        data: the interchange.
        encoding: the codec of its texts.
        source: its name, for messages.

    Raises:
        FormatError: a segment does not end or has no tag, or an object is not as long as it says.
        UndecodableError: a text is not in the character set.
    """
    separators, position = separators_of(data, source)
    cut = _Cutter(separators, encoding)
    number = 0
    while True:
        blank = _BLANK.match(data, position)
        position = blank.end() if blank else position
        if position >= len(data):
            return
        number += 1
        match = cut.segment.match(data, position)
        if match is None or number > MOST_SEGMENTS:
            raise _broken(data, position, number, source, too_many=match is not None)
        try:
            segment = cut.segment_of(match[1], number, position, match.end())
        except UnicodeDecodeError as error:
            raise UndecodableError(number, error.object[error.start]) from None
        if not _TAG.fullmatch(segment.tag):
            raise _untagged(segment, source)
        if segment.tag == "UNO":
            segment = _object(segment, data, source)
        position = segment.end
        yield segment


class _Cutter:
    """How texts are cut with the service characters of one interchange."""

    def __init__(self, separators: Separators, encoding: str) -> None:
        self.separators, self.encoding = separators, encoding
        release, end = re.escape(separators.release), re.escape(separators.terminator)
        self.segment = re.compile(
            rf"((?:[^{release}{end}]|{release}.)*+){end}".encode("latin-1"),
            re.DOTALL,
        )

    def segment_of(self, body: bytes, number: int, start: int, end: int) -> Segment:
        text = body.decode("latin-1")
        parts = self._cut(text, self.separators.element)
        elements = tuple(
            tuple(self._plain(piece) for piece in self._cut(part, self.separators.component)) for part in parts[1:]
        )
        return Segment(self._plain(parts[0].partition(self.separators.component)[0]), elements, number, start, end)

    def _cut(self, text: str, sign: str) -> list[str]:
        """Cut at a sign, but not where it is released; the releases stay."""
        pieces = text.split(sign)
        if self.separators.release not in text:
            return pieces
        joined: list[str] = []
        for piece in pieces:
            if joined and _is_released(joined[-1], self.separators.release):
                joined[-1] += sign + piece
            else:
                joined.append(piece)
        return joined

    def _plain(self, text: str) -> str:
        release = self.separators.release
        if release in text:
            text = re.sub(rf"{re.escape(release)}(.)", r"\1", text, flags=re.DOTALL)
        return text if text.isascii() else text.encode("latin-1").decode(self.encoding)


def _is_released(text: str, release: str) -> bool:
    """Whether a text ends in a release character that is not released itself."""
    return (len(text) - len(text.rstrip(release))) % 2 == 1


def _broken(data: bytes, position: int, number: int, source: str | None, *, too_many: bool) -> FormatError:
    begins = data[position : position + _SHOWN].decode("latin-1")
    why = (
        f"there are more than {MOST_SEGMENTS} segments"
        if too_many
        else f"segment {number}, which begins with {begins!r}, does not end; the interchange is cut off"
    )
    return FormatError(f"{why} (byte {position + 1})", source=source, code="EDIFACT_SEGMENT")


def _untagged(segment: Segment, source: str | None) -> FormatError:
    return FormatError(
        f"segment {segment.number} begins with {segment.tag[:_SHOWN]!r}, which is no segment tag (byte"
        f" {segment.start + 1}); if it belongs to the text of the segment before, the sign that ends that segment"
        " lacks its release character",
        source=source,
        code="EDIFACT_TAG",
    )


def _object(header: Segment, data: bytes, source: str | None) -> Segment:
    """The header of an object together with its bytes (ISO 9735-8: UNO element 4 and UNP element 1 are its length)."""
    length = header.get(4)
    begin = header.end
    if not length.isascii() or not length.isdigit() or int(length) > len(data) - begin:
        raise FormatError(
            f"{header}: the object is said to have {length or 'no'} bytes, and {len(data) - begin} follow",
            source=source,
            code="EDIFACT_OBJECT",
        )
    while data[begin : begin + 1] in (b"\r", b"\n") and not data.startswith(b"UNP", begin + int(length)):
        begin += 1
    end = begin + int(length)
    if not data[end : end + 5].lstrip(b"\r\n").startswith(b"UNP"):
        raise FormatError(
            f"{header}: behind the {length} bytes of the object there is no UNP; its length is wrong",
            source=source,
            code="EDIFACT_OBJECT",
        )
    return Segment(header.tag, header.elements, header.number, header.start, end, data[begin:end])
