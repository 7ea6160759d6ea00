# SPDX-License-Identifier: Apache-2.0
"""The SOAP envelope: made with its two header blocks, and found again without trusting where things stand.

Source: SOAP 1.2 section 5, ebMS 3.0 section 5.2.1.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from lxml import etree

from einvoice.bind import xml
from einvoice.errors import EinvoiceError, TransportError
from einvoice.transport.as4 import names
from einvoice.transport.as4.names import eb, soap, wsse

if TYPE_CHECKING:
    from lxml.etree import _Element

_LIMITS: Final = xml.Limits(bytes=1_000_000)


@dataclass(frozen=True)
class Envelope:
    """The parts of an envelope that count: root, body, security header (a bare error may lack it), ebMS header."""

    root: _Element
    body: _Element
    security: _Element | None
    messaging: _Element

    def to_bytes(self) -> bytes:
        """The envelope as it is sent."""
        return etree.tostring(self.root, encoding="UTF-8", xml_declaration=True)


def new(content: _Element) -> Envelope:
    """An envelope around a user message or a signal.

    Args:
        content: the element that the header block of ebMS holds.
    """
    root = etree.Element(soap("Envelope"), nsmap={"S12": names.SOAP})
    header = etree.SubElement(root, soap("Header"))
    security = etree.SubElement(header, wsse("Security"), nsmap={"wsse": names.WSSE, "wsu": names.WSU})
    messaging = etree.SubElement(header, eb("Messaging"), nsmap={"eb": names.EB, "wsu": names.WSU})
    for block in (security, messaging):
        block.set(soap("mustUnderstand"), "true")
    messaging.set(names.WSU_ID, f"messaging-{secrets.token_hex(16)}")
    messaging.append(content)
    body = etree.SubElement(root, soap("Body"), nsmap={"wsu": names.WSU})
    body.set(names.WSU_ID, f"body-{secrets.token_hex(16)}")
    return Envelope(root, body, security, messaging)


def read(data: bytes) -> Envelope:
    """Parse an envelope and find its parts where SOAP puts them.

    Args:
        data: the envelope as it came.

    Raises:
        TransportError: it is no XML, no SOAP 1.2, has a part twice, or uses one identifier for two elements
            (``EBMS:0009``, invalid header).
    """
    try:
        root = xml.parse(data, limits=_LIMITS, exact=True)
    except EinvoiceError as error:
        raise TransportError(
            f"the answer or message is no XML that is accepted: {error.message}", code="EBMS:0009"
        ) from None
    header = root.find(soap("Header"))
    if root.tag != soap("Envelope") or header is None:
        raise TransportError(f"this is no SOAP 1.2 envelope with a header, but {root.tag[:120]}", code="EBMS:0009")
    messaging, bodies, security = (
        header.findall(eb("Messaging")),
        root.findall(soap("Body")),
        header.findall(wsse("Security")),
    )
    if len(messaging) != 1 or len(bodies) != 1 or len(security) > 1:
        raise TransportError("the envelope needs one eb:Messaging, one Body and one wsse:Security", code="EBMS:0009")
    ids = [each for element in root.iter() for each in (element.get(names.WSU_ID), element.get("Id")) if each]
    if len(ids) != len(set(ids)):
        raise TransportError("two elements of the envelope have one identifier", code="EBMS:0009")
    return Envelope(root, bodies[0], security[0] if security else None, messaging[0])
