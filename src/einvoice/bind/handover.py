# SPDX-License-Identifier: Apache-2.0
"""Handing a document over to another judge: what the safe parser made of it, and nothing of the bytes that came."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from lxml.etree import _Element

    from einvoice.bind.document import Document


def invoice_of(document: Document) -> _Element:
    """The element that is the invoice. It is shared: read it, and change nothing.

    Args:
        document: the document.
    """
    return document._element  # noqa: SLF001 - both are ours


def serialised(document: Document) -> str:
    """The invoice as XML, without envelope, document type, comments and processing instructions.

    Args:
        document: the document.
    """
    return etree.tostring(invoice_of(document), encoding="unicode", with_tail=False)
