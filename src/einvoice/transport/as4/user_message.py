# SPDX-License-Identifier: Apache-2.0
"""The header block of a message: who sends what to whom, under which process.

Source: ebMS 3.0 section 5.2, Peppol AS4 2.0.3 section 4 (party identifiers are the common names of the certificates,
the service is the process, the action the document type, the properties the two participants).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import msgspec
from lxml import etree

from einvoice.errors import TransportError
from einvoice.transport import reading
from einvoice.transport.as4 import names
from einvoice.transport.as4.names import eb

if TYPE_CHECKING:
    from lxml.etree import _Element

MESSAGE_ID: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,128}@[A-Za-z0-9!#$%&'*+/=?^_`{|}~.\[\]:-]{1,128}")


class Participant(msgspec.Struct, frozen=True):
    """A participant as the header names it: the scheme of its identifier, and the identifier."""

    scheme: str
    value: str


class UserMessage(msgspec.Struct, frozen=True, kw_only=True):
    """What the header block of a message says."""

    message_id: str
    """``eb:MessageId``: of the form ``left@right`` (RFC 2822), never used twice."""
    timestamp: datetime
    """``eb:Timestamp``, in UTC."""
    sender: str
    """``From/PartyId``: the common name of the sending access point."""
    receiver: str
    """``To/PartyId``: the common name of the receiving access point."""
    service: Participant
    """``Service`` with its type: the process."""
    action: str
    """``Action``: scheme and value of the document type, joined by ``::``."""
    conversation_id: str
    original_sender: Participant
    """C1, the participant who sends."""
    final_recipient: Participant
    """C4, the participant who receives."""
    content_id: str
    """The Content-ID of the one attachment."""
    agreement: str = names.AGREEMENT
    payload_type: str = "application/xml"


def to_element(message: UserMessage) -> _Element:
    """The element ``eb:UserMessage`` for a message."""
    user = etree.Element(eb("UserMessage"), nsmap={"eb": names.EB})
    info = etree.SubElement(user, eb("MessageInfo"))
    etree.SubElement(info, eb("Timestamp")).text = stamp(message.timestamp)
    etree.SubElement(info, eb("MessageId")).text = message.message_id
    parties = etree.SubElement(user, eb("PartyInfo"))
    for name, party, role in (("From", message.sender, names.INITIATOR), ("To", message.receiver, names.RESPONDER)):
        side = etree.SubElement(parties, eb(name))
        etree.SubElement(side, eb("PartyId"), type=names.PARTY_TYPE).text = party
        etree.SubElement(side, eb("Role")).text = role
    collaboration = etree.SubElement(user, eb("CollaborationInfo"))
    etree.SubElement(collaboration, eb("AgreementRef")).text = message.agreement
    etree.SubElement(collaboration, eb("Service"), type=message.service.scheme).text = message.service.value
    etree.SubElement(collaboration, eb("Action")).text = message.action
    etree.SubElement(collaboration, eb("ConversationId")).text = message.conversation_id
    properties = etree.SubElement(user, eb("MessageProperties"))
    ends = (("originalSender", message.original_sender), ("finalRecipient", message.final_recipient))
    for name, end in ends:
        etree.SubElement(properties, eb("Property"), name=name, type=end.scheme).text = end.value
    payload = etree.SubElement(user, eb("PayloadInfo"))
    part = etree.SubElement(payload, eb("PartInfo"), href=f"cid:{message.content_id}")
    about = etree.SubElement(part, eb("PartProperties"))
    etree.SubElement(about, eb("Property"), name="MimeType").text = message.payload_type
    etree.SubElement(about, eb("Property"), name="CompressionType").text = names.GZIP
    return user


def from_element(messaging: _Element) -> UserMessage:
    """Read the header block of a message.

    Args:
        messaging: the element ``eb:Messaging``.

    Raises:
        TransportError: something that Peppol's AS4 asks for is missing, empty, twice or of another kind
            (``EBMS:0009``, invalid header).
    """
    user = _one(messaging, eb("UserMessage"))
    info, collaboration = _one(user, eb("MessageInfo")), _one(user, eb("CollaborationInfo"))
    message_id = _text(info, eb("MessageId"))
    if not MESSAGE_ID.fullmatch(message_id):
        raise _invalid(f"the MessageId {message_id[:80]!r} is not of the form left@right")
    part = _one(_one(user, eb("PayloadInfo")), eb("PartInfo"))
    about = {each.get("name", ""): (each.text or "").strip() for each in part.iter(eb("Property"))}
    if about.get("CompressionType") != names.GZIP or not part.get("href", "").startswith("cid:"):
        raise _invalid("its payload is not an attachment that is compressed with application/gzip")
    service = _one(collaboration, eb("Service"))
    return UserMessage(
        message_id=message_id,
        timestamp=reading.moment(_text(info, eb("Timestamp")), _invalid, "the Timestamp "),
        sender=_party(user, "From", names.INITIATOR),
        receiver=_party(user, "To", names.RESPONDER),
        service=Participant(service.get("type", ""), _text(collaboration, eb("Service"))),
        action=_text(collaboration, eb("Action")),
        conversation_id=_text(collaboration, eb("ConversationId")),
        original_sender=_end(user, "originalSender"),
        final_recipient=_end(user, "finalRecipient"),
        content_id=part.get("href", "")[4:],
        agreement=_text(collaboration, eb("AgreementRef")),
        payload_type=about.get("MimeType", ""),
    )


def stamp(moment: datetime) -> str:
    """A moment as messages write it: UTC, with milliseconds and ``Z``."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _party(user: _Element, side: str, role: str) -> str:
    element = _one(_one(user, eb("PartyInfo")), eb(side))
    if _one(element, eb("PartyId")).get("type") != names.PARTY_TYPE or _text(element, eb("Role")) != role:
        raise _invalid(f"{side} is not an access point of Peppol in its role")
    return _text(element, eb("PartyId"))


def _end(user: _Element, name: str) -> Participant:
    properties = _one(user, eb("MessageProperties")).findall(eb("Property"))
    found = [each for each in properties if each.get("name") == name]
    if len(found) != 1 or not (found[0].text or "").strip():
        raise _invalid(f"the property {name} is missing or there twice")
    return Participant(found[0].get("type", ""), (found[0].text or "").strip())


def _one(parent: _Element, name: str) -> _Element:
    return reading.one(parent, name, _invalid)


def _text(parent: _Element, name: str) -> str:
    return reading.text(parent, name, _invalid)


def _invalid(why: str) -> TransportError:
    return TransportError(f"the header of the message is invalid: {why}", code="EBMS:0009")
