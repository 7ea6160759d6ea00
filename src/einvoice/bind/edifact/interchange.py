# SPDX-License-Identifier: Apache-2.0
"""An EDIFACT interchange: its envelope checked, its messages taken out (ISO 9735-1: UNB, UNG, UNH, UNT, UNE, UNZ)."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from einvoice.bind.edifact.segments import Segment, Separators, UndecodableError, segments, separators_of
from einvoice.errors import FormatError

CHARACTER_SETS: Final = {
    "UNOA": "ascii",
    "UNOB": "ascii",
    "UNOC": "iso-8859-1",
    "UNOD": "iso-8859-2",
    "UNOE": "iso-8859-5",
    "UNOF": "iso-8859-7",
    "UNOG": "iso-8859-3",
    "UNOH": "iso-8859-4",
    "UNOI": "iso-8859-6",
    "UNOJ": "iso-8859-8",
    "UNOK": "iso-8859-9",
    "UNOW": "utf-8",
    "UNOY": "utf-8",
}
"""The codec of each syntax identifier (ISO 9735-1, 0001)."""

_FALLBACK: Final = "cp1252"
_CLOSES: Final = {"UNT": "UNH", "UNE": "UNG", "UNZ": "UNB"}
_SERVICE: Final = frozenset({"UNB", "UNG", "UNE", "UNZ", "UNO", "UNP"})


class Message(Struct, frozen=True):
    """One message.

    Attributes:
        segments: all of it, from ``UNH`` to ``UNT``.
        type: such as ``INVOIC``.
        directory: version and release, such as ``D.14B`` or ``D.96A``.
        association: what the issuer of the guide assigned, such as ``16B`` or ``EAN008``; empty if nothing.
    """

    segments: tuple[Segment, ...]
    type: str
    directory: str
    association: str


class Interchange(Struct, frozen=True):
    """What a file holds.

    Attributes:
        messages: its messages, in order.
        objects: the binary objects behind them, by the reference that names them.
        separators: its service characters.
        encoding: the codec that its texts were read with.
        header: its ``UNB``.
        notes: what was put up with, in sentences.
    """

    messages: tuple[Message, ...]
    objects: dict[str, tuple[Segment, bytes]]
    separators: Separators
    encoding: str
    header: Segment
    notes: tuple[str, ...]


def open_interchange(data: bytes, *, source: str | None = None, lenient: bool = False) -> Interchange:
    """Cut an interchange into messages and check its counts.

    Args:
        data: the bytes.
        source: its name, for messages.
        lenient: whether a wrong count is put up with, and noted.

    Raises:
        FormatError: it is no EDIFACT, is not complete, or counts wrongly; the message names the segment.
    """
    found, encoding, notes = _segments(data, source)
    if not found or found[0].tag != "UNB":
        begins = found[0].tag if found else "nothing"
        raise FormatError(f"an interchange begins with UNB; this one with {begins}", source=source, code="EDIFACT_UNB")
    reader = _Envelope(found[0], source, lenient=lenient)
    for segment in found:
        reader.take(segment)
    reader.end(found[-1])
    separators = separators_of(data)[0]
    return Interchange(tuple(reader.messages), reader.objects, separators, encoding, found[0], (*notes, *reader.notes))


def _segments(data: bytes, source: str | None) -> tuple[tuple[Segment, ...], str, list[str]]:
    """The segments, the codec of their texts, and a note where the bytes contradict what UNB declares."""
    first = next(segments(data, "latin-1", source), None)
    declared = first.get(1) if first is not None and first.tag == "UNB" else "UNOA"
    codec = CHARACTER_SETS.get(declared)
    if codec is None:
        known = ", ".join(CHARACTER_SETS)
        raise FormatError(
            f"segment 1 (UNB) declares the character set {declared!r}; einvoice reads {known}",
            source=source,
            code="EDIFACT_CHARSET",
        )
    try:
        return tuple(segments(data, codec, source)), codec, []
    except UndecodableError as error:
        note = (
            f"UNB declares the character set {declared}, which does not have the byte 0x{error.byte:02X} of segment"
            f" {error.number}; the texts were read as Windows-1252"
        )
    try:
        return tuple(segments(data, _FALLBACK, source)), _FALLBACK, [note]
    except UndecodableError as error:
        raise FormatError(
            f"segment {error.number} holds the byte 0x{error.byte:02X}, which neither {declared} nor Windows-1252 has",
            source=source,
            code="EDIFACT_CHARSET",
        ) from None


class _Envelope:
    """One walk over the segments of an interchange."""

    def __init__(self, header: Segment, source: str | None, *, lenient: bool) -> None:
        self.source, self.lenient = source, lenient
        self.open: list[tuple[Segment, int]] = []
        self.messages: list[Message] = []
        self.objects: dict[str, tuple[Segment, bytes]] = {}
        self.notes: list[str] = []
        self.body: list[Segment] = []
        self.header = header
        self.closed = False

    def take(self, segment: Segment) -> None:
        """Take the next segment."""
        if self.closed:
            raise self._wrong(segment, "stands behind UNZ; one file holds one interchange", "EDIFACT_ENVELOPE")
        tag = segment.tag
        if tag in ("UNB", "UNG", "UNH"):
            self._opened(segment)
        if self._in_message() and tag not in _SERVICE:
            self.body.append(segment)
        elif tag == "UNO" and segment.content is not None:
            self.objects[segment.get(2, 2)] = (segment, segment.content)
        elif tag not in _SERVICE and tag not in _CLOSES:
            raise self._wrong(segment, "stands outside of any message", "EDIFACT_ENVELOPE")
        if tag in _CLOSES:
            self._closed_by(segment)

    def end(self, last: Segment) -> None:
        """Nothing more comes.

        Raises:
            FormatError: something is still open.
        """
        if self.open:
            opened = self.open[-1][0]
            lacks = next(close for close, begin in _CLOSES.items() if begin == opened.tag)
            raise self._wrong(last, f"is the last one, but {opened} was never closed by {lacks}", "EDIFACT_ENVELOPE")

    def _in_message(self) -> bool:
        return bool(self.open) and self.open[-1][0].tag == "UNH"

    def _opened(self, segment: Segment) -> None:
        above = self.open[-1][0].tag if self.open else None
        allowed = {"UNB": (None,), "UNG": ("UNB",), "UNH": ("UNB", "UNG")}[segment.tag]
        if above not in allowed:
            raise self._wrong(
                segment, f"cannot stand inside {above or 'nothing'}, which is not closed yet", "EDIFACT_ENVELOPE"
            )
        if self.open:
            self.open[-1] = (self.open[-1][0], self.open[-1][1] + 1)
        self.open.append((segment, 0))
        self.body = []

    def _closed_by(self, segment: Segment) -> None:
        if not self.open or self.open[-1][0].tag != _CLOSES[segment.tag]:
            raise self._wrong(segment, f"closes no {_CLOSES[segment.tag]}", "EDIFACT_ENVELOPE")
        opened, held = self.open.pop()
        if segment.tag == "UNT":
            held = len(self.body)
            self._finished(opened)
        self._counted(segment, held)
        stated, begun = segment.get(2), opened.get(5 if opened.tag in ("UNB", "UNG") else 1)
        if stated != begun:
            self.notes.append(f"{segment} refers to {stated!r}, whereas {opened} is {begun!r}")
        self.closed = segment.tag == "UNZ"

    def _counted(self, segment: Segment, held: int) -> None:
        stated = segment.get(1)
        if stated.isascii() and stated.isdigit() and len(stated) < 10 and int(stated) == held:  # noqa: PLR2004
            return
        what = "segments" if segment.tag == "UNT" else "messages or groups"
        why = f"{segment} counts {stated or 'no'} {what}, and there are {held}"
        if not self.lenient:
            raise FormatError(
                f"{why}; something was lost or added on the way (--lenient reads it all the same)",
                source=self.source,
                code="EDIFACT_COUNT",
            )
        self.notes.append(why)

    def _finished(self, header: Segment) -> None:
        directory = ".".join(part for part in (header.get(2, 2), header.get(2, 3)) if part)
        self.messages.append(Message(tuple(self.body), header.get(2, 1), directory, header.get(2, 5)))
        self.body = []

    def _wrong(self, segment: Segment, why: str, code: str) -> FormatError:
        return FormatError(f"{segment} {why}", source=self.source, code=code)


def is_edifact(data: bytes) -> bool:
    """Whether bytes begin like an EDIFACT interchange."""
    start = data[:64].removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n")
    return start.startswith((b"UNA", b"UNB"))
