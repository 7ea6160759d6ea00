# SPDX-License-Identifier: Apache-2.0
"""Documents that travel behind a message (ISO 9735-8): UNO names the document (BG-24), its bytes follow, UNP ends them.

The object says neither file name nor encoding. Its bytes are those of the document, or their base64, which is what the
examples of CEN and most senders use.
"""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from typing import TYPE_CHECKING, Final

from msgspec import structs

from einvoice.model import Attachment, Remark

if TYPE_CHECKING:
    from einvoice.bind.edifact.interchange import Interchange
    from einvoice.bind.edifact.reader import _Reader
    from einvoice.bind.edifact.segments import Segment
    from einvoice.model import AdditionalSupportingDocument, Invoice

_BASE64: Final = re.compile(rb"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")


def attached(invoice: Invoice, interchange: Interchange, reader: _Reader) -> Invoice:
    """The invoice with the objects of the interchange at the documents that they belong to.

    Args:
        invoice: the invoice.
        interchange: what holds the objects.
        reader: takes a remark for an object that no document refers to.
    """
    left = dict(interchange.objects)
    documents = []
    for index, document in enumerate(invoice.additional_supporting_documents):
        found = left.pop(document.reference or "", None)
        documents.append(document if found is None else _with(document, *found))
        if found is not None:
            path = f"additional_supporting_documents[{index}].attached_document.content"
            reader.place.spots[path] = (found[0], 2, 2)
    for segment, content in left.values():
        remark = Remark("unbound", str(segment), f"{len(content)} bytes", ("BT-125",))
        reader.order[id(remark)] = segment.number
        reader.remarks.append(remark)
    return structs.replace(invoice, additional_supporting_documents=tuple(documents)) if documents else invoice


def _with(document: AdditionalSupportingDocument, segment: Segment, content: bytes) -> AdditionalSupportingDocument:
    known = document.attached_document or Attachment()
    attachment = structs.replace(known, content=plain(content), mime_code=segment.get(3, 2) or None)
    return structs.replace(document, attached_document=attachment)


def plain(content: bytes) -> bytes:
    """The bytes of a document, base64 taken off.

    Args:
        content: the bytes of the object.
    """
    text = b"".join(content.split())
    if not text or not _BASE64.fullmatch(text):
        return content
    try:
        return b64decode(text, validate=True)
    except binascii.Error:
        return content
