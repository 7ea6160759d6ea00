# SPDX-License-Identifier: Apache-2.0
"""What the source says beside the model: the leaves that reading remarked, found by the end of their path."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from einvoice.model import Reading, Remark

SPELLED: Final = frozenset([" spelled"])
"""Stands among :attr:`Leaves.names` where a value of the model is written in a way of its own."""
_POSITION = re.compile(r"\[\d+\]")
_LINE = re.compile(r"/(?:cac:InvoiceLine|cac:CreditNoteLine|ram:IncludedSupplyChainTradeLineItem)(?:\[(\d+)\])?/")


class Leaves:
    """The remarks of a reading by the name of the element or attribute (a view, see ``registry``).

    A rule of the publisher speaks of elements wherever they stand, also where EN 16931 has no place for them. Such
    an element is not in the model; its text is in the remarks. So are attributes that say nothing, or are left out.

    Attributes:
        spelled: whether a value of the model is written in a way of its own.
    """

    def __init__(self, remarks: tuple[Remark, ...], *, spelled: bool = False) -> None:
        self.spelled = spelled
        self._by_name: dict[str, list[tuple[str, Remark]]] = {}
        for remark in remarks:
            path = _POSITION.sub("", remark.path)
            self._by_name.setdefault(path.rpartition("/")[2], []).append((path, remark))

    @classmethod
    def of(cls, reading: Reading) -> Self:
        """Index the remarks of a reading.

        Args:
            reading: what was read.
        """
        spelled = [one for one in reading.remarks if one.reason == "spelled"]
        if not spelled:
            return cls(reading.remarks)
        return cls(tuple(one for one in reading.remarks if one.reason != "spelled" or "/@" in one.path), spelled=True)

    @property
    def names(self) -> frozenset[str]:
        """The last names of the paths, and :data:`SPELLED`, where a value is."""
        return SPELLED.union(self._by_name) if self.spelled else frozenset(self._by_name)

    def ending(self, *ends: str, but: tuple[str, ...] = ()) -> Iterator[Remark]:
        """The leaves whose path ends so.

        Args:
            ends: ends of paths without positions, such as ``cac:Country/cbc:IdentificationCode``.
            but: parts of paths that exclude a leaf, such as ``/ram:SpecifiedTaxRegistration/``.
        """
        if not self._by_name:
            return
        for end in ends:
            for path, remark in self._by_name.get(end.rpartition("/")[2], ()):
                if path.endswith(f"/{end}") and not any(part in path for part in but):
                    yield remark

    def in_lines(self, end: str, where: Callable[[Remark], bool] | None = None) -> set[int]:
        """The indices of the lines in which a leaf stands whose path ends so.

        Args:
            end: the end of its path without positions.
            where: what has to be true of the leaf.
        """
        found = (_LINE.search(leaf.path) for leaf in self.ending(end) if where is None or where(leaf))
        return {int(match[1] or 1) - 1 for match in found if match}

    def within(self, part: str) -> bool:
        """Whether a leaf stands below an element of a name.

        Args:
            part: the element's name between two slashes, such as ``/cac:PayeeParty/``.
        """
        return any(part in path for found in self._by_name.values() for path, _ in found)

    def repeat(self, term: str) -> bool:
        """Whether a term is stated again where the model has it once.

        Args:
            term: its number.
        """
        found = (remark for same in self._by_name.values() for _, remark in same)
        return any(remark.reason == "repeated" and term in remark.terms for remark in found)
