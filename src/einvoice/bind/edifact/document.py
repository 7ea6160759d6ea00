# SPDX-License-Identifier: Apache-2.0
"""An EDIFACT invoice, opened: read once, searched for the place of a finding, never judged by a schema."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from msgspec import structs

from einvoice.bind.edifact.interchange import open_interchange
from einvoice.bind.edifact.reader import Place, path_of, read
from einvoice.bind.locate import Location
from einvoice.bind.source import Mark
from einvoice.errors import FormatError
from einvoice.model import Invoice, Reading, Remark

if TYPE_CHECKING:
    from collections.abc import Collection

    from einvoice.bind.edifact.interchange import Interchange, Message
    from einvoice.bind.edifact.segments import Segment

DIRECTORY: Final = "D.14B"
_SHOWN: Final = 120


class EdifactDocument:
    """A message INVOIC D.14B.

    Attributes:
        notes: sentences about the document as a whole.
    """

    def __init__(self, data: bytes, interchange: Interchange, message: Message) -> None:
        self._data, self._interchange, self._message = data, interchange, message
        self.notes = (f"read from EDIFACT INVOIC {message.directory}", *interchange.notes)

    @cached_property
    def _read(self) -> tuple[Invoice, tuple[Remark, ...], Place]:
        return read(self._message, self._interchange)

    @cached_property
    def _reading(self) -> Reading:
        invoice, remarks, _ = self._read
        control = invoice.process_control
        profile = control.specification_identifier if control else None
        starts = {str(segment): segment for segment in self._message.segments}
        placed = (self._with_line(remark, starts) for remark in remarks)
        return Reading(invoice, None, profile, tuple(placed), self.notes)

    def _with_line(self, remark: Remark, starts: dict[str, Segment]) -> Remark:
        segment = starts.get(remark.path.partition("/")[0])
        return structs.replace(remark, line=self._line(segment)) if segment is not None else remark

    def reading(self) -> Reading:
        """The invoice, and what reading had to say. Read once."""
        return self._reading

    def locate(self, model_path: str) -> Location | None:
        """Where a place of the model stands in the message.

        Args:
            model_path: a path with indices, such as ``lines[3].net_amount``.

        Returns:
            The place; for a value that is missing, the segment that opens its group, or the message.
        """
        place = self._read[2]
        here = model_path
        while here:
            spot = place.spots.get(here) or place.spots.get(f"{here}.value") or _below(place, here)
            if spot is not None:
                segment, element, component = spot
                exact = here == model_path
                path = path_of(segment, element, component) if exact else str(segment)
                return Location(path, self._line(segment), segment.get(element, component), exact)
            if (opened := place.groups.get(here)) is not None:
                return Location(str(opened), self._line(opened), "", here == model_path)
            here = here.rpartition("[" if here.endswith("]") else ".")[0]
        first = self._message.segments[0]
        return Location(str(first), self._line(first), "", exact=False)

    def marks(self, paths: Collection[str]) -> dict[str, Mark]:
        """Where places stand in the text: line, column, and the segment itself.

        Args:
            paths: places as :meth:`locate` and remarks call them.
        """
        starts = {str(segment): segment for segment in self._message.segments}
        found = {}
        for path in paths:
            segment = starts.get(path.partition("/")[0])
            if segment is not None:
                found[path] = self._mark(segment)
        return found

    def _line(self, segment: Segment) -> int:
        return self._data.count(b"\n", 0, segment.start) + 1

    def _mark(self, segment: Segment) -> Mark:
        begin = self._data.rfind(b"\n", 0, segment.start) + 1
        codec = self._interchange.encoding
        column = len(self._data[begin : segment.start].decode(codec, "replace")) + 1
        text = self._data[segment.start : segment.end].decode(codec, "replace")
        text = text.splitlines()[0]
        return Mark(self._line(segment), column, "", text[:_SHOWN], "…" if len(text) > _SHOWN else "")


def _below(place: Place, path: str) -> tuple[Segment, int, int] | None:
    """The first value inside a group."""
    inside = (f"{path}.", f"{path}[")
    return next((spot for known, spot in place.spots.items() if known.startswith(inside)), None)


def open_message(data: bytes, *, source: str | None = None, lenient: bool = False) -> EdifactDocument:
    """Open an interchange with one invoice in the EN 16931 binding.

    Args:
        data: the interchange.
        source: its name, for messages.
        lenient: whether wrong counts are put up with, and noted.

    Raises:
        FormatError: it is no EDIFACT, is damaged, holds no or several messages, or another message than INVOIC D.14B.
    """
    interchange = open_interchange(data, source=source, lenient=lenient)
    messages = interchange.messages
    if len(messages) != 1:
        where = f"; the second begins at {messages[1].segments[0]}" if messages else ""
        raise FormatError(
            f"the interchange holds {len(messages) or 'no'} messages{where}; split it, one invoice a file"
            + (", or let einvoice convert make a file of each" if messages else ""),
            source=source,
            code="EDIFACT_MESSAGES",
        )
    return _opened(data, interchange, messages[0], source)


def open_messages(
    data: bytes, *, source: str | None = None, lenient: bool = False
) -> tuple[EdifactDocument | FormatError, ...]:
    """Open an interchange with any number of invoices in the EN 16931 binding.

    Args:
        data: the interchange.
        source: its name, for messages.
        lenient: whether wrong counts are put up with, and noted.

    Returns:
        Each message, in order; for one that is no INVOIC D.14B the reason.

    Raises:
        FormatError: it is no EDIFACT, or is damaged.
    """
    interchange = open_interchange(data, source=source, lenient=lenient)
    found: list[EdifactDocument | FormatError] = []
    for message in interchange.messages:
        try:
            found.append(_opened(data, interchange, message, source))
        except FormatError as error:
            found.append(error)
    return tuple(found)


def _opened(data: bytes, interchange: Interchange, message: Message, source: str | None) -> EdifactDocument:
    if message.type != "INVOIC" or message.directory != DIRECTORY:
        what = f"{message.type} {message.directory}".strip()
        raise FormatError(
            f"{message.segments[0]}: this is the EDIFACT message {what}; EN 16931 is bound to INVOIC {DIRECTORY} only."
            + (" Convert it with --map edifact" if message.type == "INVOIC" else ""),
            source=source,
            code="EDIFACT_MESSAGE",
        )
    return EdifactDocument(data, interchange, message)
