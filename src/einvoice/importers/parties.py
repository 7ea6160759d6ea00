# SPDX-License-Identifier: Apache-2.0
"""Parties that an EDI message tells by a number alone: the mapping says who they are, or the invoice is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import structs

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
        said = {key: value for key, value in structs.asdict(party).items() if value}
        node[PARTY] = Node(said, place=f"[source.parties.{number}] of the mapping")
    elif number and not name:
        node[UNKNOWN] = number
