# SPDX-License-Identifier: Apache-2.0
"""Parties that an EDI message tells by a number alone: the mapping says who they are, or the invoice is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from einvoice.importers.declaration import Party
from einvoice.importers.party_table import ListedParty
from einvoice.importers.tree import Node

if TYPE_CHECKING:
    from einvoice.importers.declaration import Source

PARTY: Final = "party"
UNKNOWN: Final = "unknown"


def known_party(node: Node, number: str | None, name: str | None, source: Source) -> None:
    """Put who a party is into its record: ``party`` from the mapping, or ``unknown`` with the number.

    Args:
        node: the record of the party.
        number: the number that the message tells it by, such as a GLN.
        name: the name that the message states.
        source: what the mapping says.
    """
    party = source.parties.get(number or "")
    if party is not None:
        listed = party.place if isinstance(party, ListedParty) else ""
        said = {name: value for name in Party.__struct_fields__ if (value := getattr(party, name))}
        node[PARTY] = Node(said, place=listed or f"[source.parties.{number}] of the mapping")
    elif number and not name:
        node[UNKNOWN] = number
