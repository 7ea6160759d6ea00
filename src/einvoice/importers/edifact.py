# SPDX-License-Identifier: Apache-2.0
"""INVOIC before EN 16931 (D.93A to D.01B, EANCOM) as a tree: messages, their groups, their data elements.

A group bears the tag of its first segment: ``NAD[3035=BY].RFF[1153=VA].1154``. Groups behind ``UNS`` stand in it:
``UNS.MOA[5025=86].5004``. A data element bears its number (UNTDED), whatever composite it is in; one that comes again
in its segment has ``_2`` behind it. ``items`` of a line has all its article numbers, whether LIN or PIA states them.
Amounts and quantities are numbers, and days are days, whatever the message looks like.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from einvoice.bind.edifact import Group, names, open_interchange
from einvoice.bind.edifact import grouped as group_segments
from einvoice.errors import EinvoiceError, MappingError
from einvoice.importers.parties import known_party
from einvoice.importers.tree import Exact, Node, Tree, elements

if TYPE_CHECKING:
    from einvoice.bind.edifact import Interchange, Message, Segment, Structure
    from einvoice.importers.declaration import Source

_NUMBERS: Final = frozenset({"5004", "6060", "5118", "5278", "5482", "5284", "5402", "6066", "5420"})
_DAYS: Final = {
    "101": re.compile(r"(?P<y>\d\d)(?P<m>\d\d)(?P<d>\d\d)"),
    "102": re.compile(r"(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)"),
    "203": re.compile(r"(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)\d{4}"),
    "204": re.compile(r"(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)\d{6}"),
}
"""Formats of days (UNTDID 2379) that are read; a value in another one is left as it stands."""

STRUCTURE: Final[Structure] = {
    name: tuple(members.split())
    for name, members in {
        "": "UNH BGM DTM PAI ALI IMD FTX LOC GIS DGS SG-RFF SG-NAD SG-TAX SG-CUX SG-PAT SG-PYT SG-TDT SG-TOD SG-PAC"
        " SG-ALC SG-RCS SG-LIN SG-UNS UNT",
        "SG-RFF": "RFF DTM GIR LOC MEA QTY FTX MOA",
        "SG-NAD": "NAD LOC FII MOA SG-RFF SG-DOC SG-CTA",
        "SG-DOC": "DOC DTM",
        "SG-CTA": "CTA COM",
        "SG-TAX": "TAX MOA LOC",
        "SG-CUX": "CUX DTM",
        "SG-PAT": "PAT DTM PCD MOA PAI FII",
        "SG-PYT": "PYT DTM PCD MOA PAI FII",
        "SG-TDT": "TDT TSR LOC DTM RFF",
        "SG-TOD": "TOD LOC",
        "SG-PAC": "PAC MEA EQD PCI RFF DTM GIN",
        "SG-ALC": "ALC ALI FTX RFF DTM QTY RNG PCD MOA RTE SG-TAX",
        "SG-RCS": "RCS RFF DTM FTX",
        "SG-LIN": "LIN PIA PGI IMD MEA QTY PCD ALI DTM GIN GIR QVR EQD FTX DGS MOA CUX SG-PAT SG-PRI SG-RFF SG-PAC"
        " SG-LOC SG-TAX SG-NAD SG-ALC SG-TDT SG-TOD SG-RCS",
        "SG-PRI": "PRI CUX APR RNG DTM",
        "SG-LOC": "LOC QTY DTM",
        "SG-UNS": "UNS CNT SG-MOA SG-TAX SG-ALC",
        "SG-MOA": "MOA RFF DTM",
    }.items()
}


def read_edifact_tree(data: bytes, source: Source, file: str) -> Tree:
    """Read an interchange.

    Args:
        data: its bytes.
        source: what the mapping says of it: who stands behind the numbers of parties.
        file: its name, for messages.

    Raises:
        MappingError: it is no EDIFACT, is damaged, or holds another message than INVOIC.
    """
    try:
        interchange = open_interchange(data, source=file)
    except EinvoiceError as error:
        raise MappingError(error.message, source=file, code=error.code) from None
    messages = [_message(one, interchange, data, source, file) for one in interchange.messages]
    return Tree(file, Node({"messages": messages}), elements)


def _message(message: Message, interchange: Interchange, data: bytes, source: Source, file: str) -> Node:
    header = message.segments[0]
    if message.type != "INVOIC":
        raise MappingError(
            f"{header}: this is a message {message.type}; only INVOIC is read", source=file, code="EDIFACT_MESSAGE"
        )
    reader = _Reader(interchange.separators.decimal, data, source)
    tree, _ = group_segments(message.segments, STRUCTURE)
    node = reader.members(tree, Node(place=f"message {header.get(1)}", line=reader.line(header)))
    node["directory"] = message.directory
    return node


class _Reader:
    def __init__(self, decimal: str, data: bytes, source: Source) -> None:
        self.decimal, self.data, self.source = decimal, data, source

    def line(self, segment: Segment) -> int:
        return self.data.count(b"\n", 0, segment.start) + 1

    def members(self, group: Group, node: Node) -> Node:
        """Put what stands in a group into its record; what comes once is no list."""
        found: dict[str, list[Node]] = {}
        for member in group.members[1 if group.name else 0 :]:
            if isinstance(member, Group):
                inner = self.members(member, self.segment(member.trigger))
                if member.trigger.tag == "NAD":
                    known_party(inner, inner.get("3039"), inner.get("3036"), self.source)
                if member.trigger.tag == "LIN":
                    inner["items"] = [item for one in member.segments() for item in self._items(one)]
                found.setdefault(member.trigger.tag, []).append(inner)
            else:
                found.setdefault(member.tag, []).append(self.segment(member))
        for tag, several in found.items():
            node[tag] = several[0] if len(several) == 1 else several
        return node

    def segment(self, segment: Segment) -> Node:
        """The data elements of a segment, by their numbers."""
        node = Node(place=str(segment), line=self.line(segment))
        known = names().get(segment.tag, ())
        for number, element in enumerate(segment.elements):
            name, inner = known[number] if number < len(known) else (f"{number + 1}", ())
            for place, text in enumerate(element):
                part = (inner[place] if place < len(inner) else f"{name}.{place + 1}") if inner else name
                key = part if part not in node else f"{part.partition('_')[0]}_{number + 1}"
                if text:
                    node[key] = self._value(key, text)
        day = _DAYS.get(node.get("2379", ""))
        found = day.fullmatch(node.get("2380", "")) if day else None
        if found is not None:
            year = found["y"] if len(found["y"]) > 2 else f"20{found['y']}"  # noqa: PLR2004
            node["2380"] = Exact(f"{year}-{found['m']}-{found['d']}")
        return node

    def _items(self, segment: Segment) -> list[Node]:
        """The article numbers of a line, from LIN and every place of PIA."""
        known = names()[segment.tag] if segment.tag in ("LIN", "PIA") else ()
        found = []
        for number, (name, _) in enumerate(known, 1):
            if name.startswith("C212") and segment.get(number):
                said = {"7140": segment.get(number), "7143": segment.get(number, 2)}
                found.append(Node(said, place=f"{segment}/{name}", line=self.line(segment)))
        return found

    def _value(self, key: str, text: str) -> Any:  # noqa: ANN401 - a text or a number
        if key not in _NUMBERS:
            return text
        return Exact(text.replace(",", ".") if self.decimal == "," or "." not in text else text)
