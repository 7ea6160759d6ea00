# SPDX-License-Identifier: Apache-2.0
"""The segment groups of INVOIC: a flat list of segments as the tree that the directory draws (UN/EDIFACT D.14B).

The directory is read as ISO 9735 wants it: a segment belongs to the first place at or behind the current one where its
tag may stand, in the innermost open group that has such a place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from einvoice.bind.edifact.segments import Segment

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Structure = dict[str, tuple[str, ...]]
"""The segments and groups of each group, in order; the message itself has an empty name, others begin with ``SG``."""

D14B: Final[Structure] = {
    name: tuple(members.split())
    for name, members in {
        "": "UNH BGM DTM PAI ALI IMD FTX LOC GEI DGS GIR SG1 SG2 SG6 SG7 SG8 SG9 SG12 SG13 SG14 SG16 SG23 SG24 SG25"
        " SG26 SG27 UNS CNT SG52 SG54 SG55 UNT",
        "SG1": "RFF DTM GIR LOC MEA QTY FTX MOA RTE",
        "SG2": "NAD LOC FII MOA SG3 SG4 SG5",
        "SG3": "RFF DTM",
        "SG4": "DOC DTM",
        "SG5": "CTA COM",
        "SG6": "TAX MOA LOC",
        "SG7": "CUX DTM",
        "SG8": "PYT DTM PCD MOA PAI FII",
        "SG9": "TDT TSR SG10 SG11",
        "SG10": "LOC DTM",
        "SG11": "RFF DTM",
        "SG12": "TOD LOC",
        "SG13": "EQD SEL",
        "SG14": "PAC MEA EQD SG15",
        "SG15": "PCI RFF DTM GIN",
        "SG16": "ALC ALI FTX SG17 SG18 SG19 SG20 SG21 SG22",
        "SG17": "RFF DTM",
        "SG18": "QTY RNG",
        "SG19": "PCD RNG",
        "SG20": "MOA RNG CUX DTM",
        "SG21": "RTE RNG",
        "SG22": "TAX MOA",
        "SG23": "RCS RFF DTM FTX",
        "SG24": "AJT FTX",
        "SG25": "INP FTX",
        "SG26": "EFI CED COM RFF DTM QTY",
        "SG27": "LIN PIA PGI IMD MEA QTY PCD ALI DTM GIN GIR QVR EQD FTX DGS SG28 SG29 SG30 SG31 SG32 SG34 SG35 SG36"
        " SG40 SG46 SG48 SG49 SG50 SG51",
        "SG28": "MOA CUX",
        "SG29": "PYT DTM PCD MOA",
        "SG30": "PRI CUX APR RNG DTM",
        "SG31": "RFF DTM",
        "SG32": "PAC MEA EQD SG33",
        "SG33": "PCI RFF DTM GIN",
        "SG34": "LOC QTY DTM",
        "SG35": "TAX MOA LOC",
        "SG36": "NAD LOC FII SG37 SG38 SG39",
        "SG37": "RFF DTM",
        "SG38": "DOC DTM",
        "SG39": "CTA COM",
        "SG40": "ALC ALI DTM FTX SG41 SG42 SG43 SG44 SG45",
        "SG41": "QTY RNG",
        "SG42": "PCD RNG",
        "SG43": "MOA RNG CUX DTM",
        "SG44": "RTE RNG",
        "SG45": "TAX MOA",
        "SG46": "TDT SG47",
        "SG47": "LOC DTM",
        "SG48": "TOD LOC",
        "SG49": "RCS RFF DTM FTX",
        "SG50": "GEI RFF IMD DTM GIR LOC MEA QTY FTX MOA",
        "SG51": "EFI CED COM RFF DTM QTY",
        "SG52": "MOA SG53",
        "SG53": "RFF DTM",
        "SG54": "TAX MOA",
        "SG55": "ALC ALI MOA FTX",
    }.items()
}


class Group(Struct, frozen=True):
    """A segment group of a message.

    Attributes:
        name: such as ``SG2``; empty for the message itself.
        members: its segments and groups, in order; the first one of a group is its trigger.
    """

    name: str
    members: tuple[Segment | Group, ...]

    @property
    def trigger(self) -> Segment:
        """The segment that opens the group."""
        return next(self.segments())

    def segments(self) -> Iterator[Segment]:
        """All its segments, those of groups inside too."""
        for member in self.members:
            if isinstance(member, Group):
                yield from member.segments()
            else:
                yield member


def grouped(found: Sequence[Segment], structure: Structure = D14B) -> tuple[Group, tuple[Segment, ...]]:
    """The tree of a message, and the segments that have no place in it.

    Args:
        found: the segments from ``UNH`` to ``UNT``.
        structure: the groups of the message.
    """
    parser = _Parser(found, structure)
    return parser.group(""), tuple(parser.stray)


class _Parser:
    def __init__(self, found: Sequence[Segment], structure: Structure) -> None:
        self.found, self.at, self.structure = found, 0, structure
        self.stray: list[Segment] = []

    def group(self, name: str) -> Group:
        places = self.structure[name]
        members: list[Segment | Group] = []
        place = 0
        while self.at < len(self.found):
            segment = self.found[self.at]
            next_place = self._place(places, place, segment.tag)
            if next_place is None and name:
                break
            if next_place is None:
                self.stray.append(segment)
                self.at += 1
                continue
            place = next_place
            if places[place].startswith("SG"):
                members.append(self.group(places[place]))
                continue
            members.append(segment)
            self.at += 1
            place += place == 0  # a trigger stands once
        return Group(name, tuple(members))

    def _place(self, places: tuple[str, ...], start: int, tag: str) -> int | None:
        for place in range(start, len(places)):
            if tag in (places[place], self.structure.get(places[place], ("",))[0]):
                return place
        return None
