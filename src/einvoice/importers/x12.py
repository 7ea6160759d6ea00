# SPDX-License-Identifier: Apache-2.0
"""ANSI ASC X12, transaction set 810 (invoice), as a tree: transactions, their loops, their elements.

The interchange header ISA has a fixed width, which gives the separators away. A loop bears the name of its first
segment: ``N1[01=BT].02``; elements bear their two digits. What follows ``TDS`` stands in ``total``. Totals in TDS have
two implied decimals and are read as such. Article numbers of a line (pairs of qualifier and number) are in ``items``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from einvoice.errors import MappingError
from einvoice.importers.parties import known_party
from einvoice.importers.tree import Exact, Node, Tree, elements

if TYPE_CHECKING:
    from collections.abc import Iterator

    from einvoice.importers.declaration import Source

ISA_LENGTH: Final = 106
_SEPARATORS: Final = (3, 6, 17, 20, 31, 34, 50, 53, 69, 76, 81, 83, 89, 99, 101, 103)
"""Where element separators stand in ISA (ASC X12.5)."""
_DAY: Final = re.compile(r"(\d{4})(\d\d)(\d\d)")
_NUMBER: Final = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)", re.ASCII)
_IMPLIED: Final = re.compile(r"-?\d{1,15}", re.ASCII)
_ENDS: Final = {"IEA": "ISA", "GE": "GS", "SE": "ST"}
_COUNTED: Final = {"IEA": "functional groups", "GE": "transaction sets", "SE": "segments"}
_DAYS: Final = frozenset({("BIG", 1), ("BIG", 3), ("DTM", 2), ("ITD", 4), ("ITD", 6)})
_NUMBERS: Final = frozenset(
    {("IT1", 2), ("IT1", 4), ("TXI", 2), ("TXI", 3), ("ITD", 3), ("ITD", 5), ("ITD", 7), ("CTP", 3), ("SAC", 8)}
)
_AMOUNTS: Final = frozenset({("SAC", 5), ("ITD", 8), ("CAD", 0)})
"""Amounts with two implied decimals (type N2)."""
_BELOW: Final = {
    "N1": frozenset({"N2", "N3", "N4", "REF", "PER"}),
    "IT1": frozenset(
        {
            "CRC",
            "QTY",
            "CUR",
            "IT3",
            "TXI",
            "CTP",
            "PAM",
            "MEA",
            "PID",
            "PWK",
            "PKG",
            "PO4",
            "ITD",
            "REF",
            "PER",
            "SDQ",
            "DTM",
            "CAD",
            "L7",
            "SR",
            "SAC",
            "SLN",
            "N1",
            "N2",
            "N3",
            "N4",
        }
    ),
}


class X12Segment(NamedTuple):
    """One segment.

    Attributes:
        tag: such as ``N1``.
        values: its elements; composites stay in one piece.
        number: its place in the interchange, counted from 1.
        line: the line it begins on, counted from 1.
    """

    tag: str
    values: tuple[str, ...]
    number: int
    line: int

    def get(self, element: int) -> str:
        """The text of an element, counted from 1; empty if there is none."""
        return self.values[element - 1] if element <= len(self.values) else ""

    def __str__(self) -> str:
        return f"segment {self.number} ({self.tag})"


def segments(data: bytes, file: str) -> tuple[X12Segment, ...]:
    """Cut an interchange into segments and check its envelope.

    Args:
        data: its bytes.
        file: its name, for messages.

    Raises:
        MappingError: it is no X12, is not complete, or counts wrongly; the message names the segment.
    """
    text = data.removeprefix(b"\xef\xbb\xbf").lstrip().decode("utf-8", "surrogateescape")
    if not text.isprintable() and any("\udc80" <= sign <= "\udcff" for sign in text):
        text = data.lstrip().decode("iso-8859-1")
    element, terminator = _separators(text, file)
    found = []
    line = 1
    for number, part in enumerate(text.split(terminator), 1):
        body = part.strip("\r\n")
        begins = line + part[: len(part) - len(part.lstrip("\r\n"))].count("\n")
        line += part.count("\n")
        if body.strip():
            tag, *values = body.split(element)
            found.append(X12Segment(tag, tuple(value.strip() for value in values), number, begins))
    if not text.rstrip(" \t\r\n").endswith(terminator):
        raise MappingError(f"{found[-1]} does not end; the interchange is cut off", source=file, code="X12_SEGMENT")
    _check_envelope(found, file)
    return tuple(found)


def _separators(text: str, file: str) -> tuple[str, str]:
    """The element separator and the segment terminator, told by the fixed places of ISA."""
    if not text.startswith("ISA"):
        raise MappingError(f"an X12 interchange begins with ISA; this with {text[:3]!r}", source=file, code="X12_ISA")
    element = text[3:4]
    head = text[:ISA_LENGTH]
    wrong = next((at for at in _SEPARATORS if head[at : at + 1] != element), None)
    if wrong is not None or len(head) < ISA_LENGTH or head[105] == element or head.count(element) != len(_SEPARATORS):
        where = f"character {wrong + 1} is no {element!r}" if wrong is not None else "it is cut off or too long"
        raise MappingError(
            f"segment 1 (ISA) has to be {ISA_LENGTH} characters wide with every element at its place: {where}",
            source=file,
            code="X12_ISA",
        )
    if head[105].isalnum() or element.isalnum():
        raise MappingError("segment 1 (ISA): letters and digits cannot separate", source=file, code="X12_ISA")
    return element, head[105]


def _check_envelope(found: list[X12Segment], file: str) -> None:
    open_: list[list[Any]] = []
    for segment in found:
        if segment.tag in ("ISA", "GS", "ST"):
            if open_:
                open_[-1][1] += 1
            open_.append([segment, 0])
        if open_ and open_[-1][0].tag == "ST":
            open_[-1][1] += 1
        if segment.tag in _ENDS:
            _close(segment, open_, file)
    if open_:
        raise MappingError(f"{open_[-1][0]} is never closed", source=file, code="X12_ENVELOPE")


def _close(segment: X12Segment, open_: list[list[Any]], file: str) -> None:
    if not open_ or open_[-1][0].tag != _ENDS[segment.tag]:
        raise MappingError(f"{segment} closes no {_ENDS[segment.tag]}", source=file, code="X12_ENVELOPE")
    opened, held = open_.pop()
    number = {"ISA": 13, "GS": 6, "ST": 2}[opened.tag]
    if segment.get(1) != str(held) and segment.get(1).lstrip("0") != str(held):
        raise MappingError(
            f"{segment} counts {segment.get(1) or 'no'} {_COUNTED[segment.tag]}, and there are {held}",
            source=file,
            code="X12_COUNT",
        )
    if segment.get(2) != opened.get(number):
        raise MappingError(
            f"{segment} has the control number {segment.get(2)!r}, and {opened} has {opened.get(number)!r}",
            source=file,
            code="X12_CONTROL",
        )


def read_x12_tree(data: bytes, source: Source, file: str) -> Tree:
    """Read an interchange of invoices.

    Args:
        data: its bytes.
        source: what the mapping says of it: who stands behind the numbers of parties.
        file: its name, for messages.

    Raises:
        MappingError: it is no X12, is damaged, or holds another transaction set than 810.
    """
    found = segments(data, file)
    return Tree(file, Node({"transactions": list(_transactions(found, source, file))}), elements)


def _transactions(found: tuple[X12Segment, ...], source: Source, file: str) -> Iterator[Node]:
    body: list[X12Segment] | None = None
    for segment in found:
        if segment.tag == "ST":
            if segment.get(1) != "810":
                message = f"{segment}: this is transaction set {segment.get(1)}; only 810 (invoice) is read"
                raise MappingError(message, source=file, code="X12_SET")
            body = []
        if body is not None:
            body.append(segment)
        if segment.tag == "SE" and body is not None:
            yield _transaction(body, source, file)
            body = None


def _transaction(body: list[X12Segment], source: Source, file: str) -> Node:
    root = Node(place=f"transaction {body[0].get(2)}", line=body[0].line)
    here, loop, party = root, "", root
    for segment in body[1:-1]:
        node = _node(segment, file)
        if segment.tag == "TDS":
            root["total"] = here = node
            loop = ""
        elif segment.tag == "IT1" or (segment.tag == "N1" and loop != "IT1"):
            loop, here = segment.tag, node
            _add(root, segment.tag, node)
        elif loop and segment.tag in _BELOW[loop]:
            _add(here, segment.tag, node)
        else:
            if loop:
                loop, here = "", root
            _add(here, segment.tag, node)
        if segment.tag == "N1" and loop == "N1":
            party = node
            known_party(party, node.get("04"), node.get("02"), source)
    return root


def _add(node: Node, tag: str, one: Node) -> None:
    known = node.get(tag)
    if known is None:
        node[tag] = one
    elif isinstance(known, list):
        known.append(one)
    else:
        node[tag] = [known, one]


def _node(segment: X12Segment, file: str) -> Node:
    node = Node(place=str(segment), line=segment.line)
    for number, text in enumerate(segment.values, 1):
        if text:
            node[f"{number:02}"] = _value(segment, number, text, file)
    if segment.tag == "IT1":
        pairs = zip(segment.values[5::2], segment.values[6::2], strict=False)
        node["items"] = [Node({"type": kind, "number": number}) for kind, number in pairs if kind and number]
    return node


def _value(segment: X12Segment, number: int, text: str, file: str) -> str:
    """A value as a text, a day, or a number; of those with implied decimals, with them."""
    place = (segment.tag, number)
    if segment.tag == "TDS" or place in _AMOUNTS:
        if not _IMPLIED.fullmatch(text):
            raise MappingError(
                f"{segment}, element {number:02} is {text!r}: this amount is a whole number of cents (N2), and has no"
                " decimal point",
                source=file,
                line=segment.line,
                code="X12_N2",
            )
        sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
        digits = digits.zfill(3)
        return Exact(f"{sign}{digits[:-2]}.{digits[-2:]}")
    if place in _DAYS and (day := _DAY.fullmatch(text)):
        return Exact(f"{day[1]}-{day[2]}-{day[3]}")
    return Exact(text) if place in _NUMBERS and _NUMBER.fullmatch(text) else text
