# SPDX-License-Identifier: Apache-2.0
"""Whether a document that a provider returns is the one that was handed to it.

A provider without a key of ours is searched for our document after an attempt of which nobody knows whether it was
taken. The same bytes are the same document, and so is the same canonical XML. Another text under our invoice number is
no proof, and no proof of the contrary either: then a person has to look.

Source: Canonical XML 1.0; EN 16931-1, BT-1 (the number is unique to the seller).
"""

from __future__ import annotations

import hashlib
from enum import Enum, auto
from typing import TYPE_CHECKING, Final

from lxml import etree

from einvoice.bind import xml
from einvoice.errors import EinvoiceError
from einvoice.transport.base import Outcome, Result

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.etree import _Element

    from einvoice.transport.base import Submission

_UBL: Final = "{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}ID"
_CII_DOCUMENT: Final = "{urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100}ExchangedDocument"
_CII: Final = "{urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100}ID"


class Likeness(Enum):
    """How much two documents are alike."""

    SAME = auto()
    NUMBER = auto()
    """Another text under the same invoice number."""
    OTHER = auto()


class Ours:
    """The document that was handed over, to be compared with many.

    Args:
        payload: its bytes.
    """

    def __init__(self, payload: bytes) -> None:
        self._digest = hashlib.sha256(payload).digest()
        self._canonical, self._number = _looked_at(payload)

    def like(self, other: bytes) -> Likeness:
        """How much a document is like it."""
        if hashlib.sha256(other).digest() == self._digest:
            return Likeness.SAME
        canonical, number = _looked_at(other)
        if canonical is not None and canonical == self._canonical:
            return Likeness.SAME
        return Likeness.NUMBER if number is not None and number == self._number else Likeness.OTHER


def look_for(
    submission: Submission, candidates: Iterable[tuple[str, bytes | None, Result]], *, name: str
) -> Result | None:
    """Find the document of a submission among what a provider returns.

    Args:
        submission: what was handed over.
        candidates: the provider's identifier of each document, its bytes, and what became of it.
        name: the provider, for the eyes of people.

    Returns:
        What became of the document; ``HELD`` where only the number is the same; nothing where it is not there.
    """
    ours = Ours(submission.payload)
    unclear: str | None = None
    for identifier, content, result in candidates:
        likeness = ours.like(content) if content is not None else Likeness.OTHER
        if likeness is Likeness.SAME:
            return result
        if likeness is Likeness.NUMBER:
            unclear = identifier
    if unclear is None:
        return None
    return Result(
        outcome=Outcome.HELD,
        code="PROVIDER_DIFFERS",
        detail=f"nobody knows whether the last attempt was taken, and {name} holds another text under the same invoice"
        f" number: {unclear}. Look at it there; einvoice outbox retry sends this one all the same",
    )


def _looked_at(payload: bytes) -> tuple[bytes | None, str | None]:
    """The digest of the canonical form, and the number of the invoice."""
    try:
        root = xml.parse(payload, exact=True)
    except EinvoiceError:
        return None, None
    canonical = etree.tostring(root, method="c14n", exclusive=False, with_comments=False)
    return hashlib.sha256(canonical).digest(), _number(root)


def _number(root: _Element) -> str | None:
    found = root.findtext(_UBL) or root.findtext(f"{_CII_DOCUMENT}/{_CII}")
    return found.strip() if found else None
