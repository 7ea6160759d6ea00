# SPDX-License-Identifier: Apache-2.0
"""What an access point takes for those that it serves: which documents, in which processes.

Source: Peppol AS4 2.0.3 (``PEPPOL:NOT_SERVICED``: a receiver, a document type or a process that is not served here).
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from einvoice import profiles
from einvoice.transport.peppol.identifiers import (
    WILDCARD_SCHEME,
    DocumentType,
    Registered,
    document_type,
    registered,
    syntax,
    wildcards,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from einvoice.transport.peppol.sbdh import Header

_ANSWERS: Final = {"Invoice Response", "Message Level Response", "Message Level Status"}


@cache
def usual_types() -> frozenset[DocumentType]:
    """What is taken where nothing else is said: invoices whose rules are part of einvoice, and answers to invoices."""
    return frozenset(kind for kind, row in registered().items() if row.state != "removed" and _usual(row))


def served(participants: Collection[str], types: Collection[str] = ()) -> Callable[[Header], bool]:
    """What says whether a document is taken.

    Args:
        participants: who is served, as ``0208:0123456789``; capitals do not count.
        types: the document types that are taken, with their schemes or without; by default :func:`usual_types`. One
            with the scheme of wildcards covers what its ``*`` covers.

    Returns:
        A function of the envelope. A process counts if Peppol's code list knows it for the document type; for a type
        that is not in the list, any does.
    """
    known = {each.lower() for each in participants}
    taken = frozenset(map(document_type, types)) or usual_types()

    def takes(header: Header) -> bool:
        named = header.document_type
        covering = [named, *(DocumentType(each, WILDCARD_SCHEME) for each in wildcards(named.value))]
        if header.receiver.value.lower() not in known or taken.isdisjoint(covering):
            return False
        row = next((registered()[each] for each in covering if each in registered()), None)
        return row is None or header.process in row.processes

    return takes


def _usual(row: Registered) -> bool:
    if row.category in _ANSWERS:
        return True
    named = syntax(row.document_type)
    profile = profiles.find(named.customisation) if named is not None else None
    return profile is not None and bool(profile.packs) and not profile.official
