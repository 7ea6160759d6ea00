# SPDX-License-Identifier: Apache-2.0
"""The receiving access point: one message in, one answer out.

Nothing is decompressed before its signer is believed, and nothing is answered before it is kept: the document and the
receipt for it are stored in one step, and a message that comes again gets the receipt that was stored. What the header
says must be what the envelope says, and both what the certificate allows.

Source: Peppol AS4 2.0.3 sections 3 and 4, eDelivery AS4 1.14 section 3.2.5, ebMS 3.0 section 6.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, NoReturn, Protocol

import msgspec

from einvoice.errors import EinvoiceError, SecurityError, TransportError
from einvoice.transport.as4 import answer, compression, message, names, signals
from einvoice.transport.identity import common_name
from einvoice.transport.peppol import sbdh
from einvoice.transport.room import Room
from einvoice.transport.trust import Authorities, Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from einvoice.transport.as4.user_message import UserMessage
    from einvoice.transport.identity import Identity

_LOG: Final = logging.getLogger("einvoice.transport")
_LATER: Final = "EBMS:0202"
_CODES: Final = {
    "BUSY": _LATER,
    "REVOCATION": _LATER,
    "MIME": "EBMS:0007",
    "SIGNATURE": "EBMS:0101",
    "CERTIFICATE": "EBMS:0101",
    "REVOKED": "EBMS:0101",
    "ENCRYPTION": "EBMS:0102",
    "SBDH": "EBMS:0004",
}
_OTHER: Final = "EBMS:0004"
_BUSY: Final = 503
_DEFECT: Final = 500


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """A message that was verified, with the receipt that will be given for it."""

    sender: str
    """The common name of the sending access point."""
    message_id: str
    digests: dict[str, str]
    envelope: sbdh.Header
    payload: bytes
    """The envelope of the document, byte for byte as it was signed."""
    document: bytes
    receipt: bytes
    signed: tuple[bytes, bytes]
    """What proves where it came from: the SOAP envelope with the signature, and the attachment as it was signed."""


class Mailbox(Protocol):
    """Keeps what came in."""

    def keep(self, delivery: Delivery) -> bytes:
        """Keep a delivery and its receipt for good, and return the receipt to give: the first one for this message.

        Raises:
            EinvoiceError: it cannot be kept, or another message came under its identifier before.
        """


class Reply(msgspec.Struct, frozen=True):
    """An answer over HTTP."""

    status: int
    content_type: str
    body: bytes


@dataclass(frozen=True, kw_only=True)
class AccessPoint:
    """An access point that receives.

    Attributes:
        identity: its key and certificate.
        authorities: who issues the certificates of those it listens to.
        mailbox: keeps what came in.
        services: says whether a receiver is served here, with this document type in this process.
        domain: the right side of the identifiers it makes.
        limit: bytes that a payload may have.
        room: what large payloads may take of the memory together.
        clock: tells the time.
    """

    identity: Identity
    authorities: Authorities
    mailbox: Mailbox
    services: Callable[[sbdh.Header], bool]
    domain: str
    limit: int = compression.LIMIT
    room: Room = field(default_factory=lambda: Room(compression.LIMIT))
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))

    def receive(self, content_type: str, body: bytes) -> Reply:
        """Take a message and give the answer to it; what is wrong with it is an error of ebMS.

        Args:
            content_type: the header ``Content-Type`` of the request.
            body: the request.
        """
        refers_to: str | None = None
        try:
            incoming = message.take_apart(content_type, body)
            refers_to = incoming.message.message_id
            verified = message.verify(incoming, key=self.identity.key)
            self._check_parties(verified)
            with self.room.hold(compression.announced(verified.packed)):
                return self._take(verified)
        except TransportError as error:
            code = _code(error)
            return self._refusal(code, error.message, refers_to, _BUSY if code == _LATER else 200)
        except Exception:  # noqa: BLE001 - said in the log, and to the sender that it shall come again
            _LOG.exception("the access point stumbled over message %r, please report it", refers_to)
            detail = "the access point could not deal with the message; send it again later"
            return self._refusal(_LATER, detail, refers_to, _DEFECT)

    def _take(self, verified: message.Verified) -> Reply:
        opened = message.unpack(verified, limit=self.limit)
        unwrapped = sbdh.unwrap(opened.payload)
        _check_envelope(opened.message, unwrapped.header)
        if not self.services(unwrapped.header):
            _refuse(_OTHER, "PEPPOL:NOT_SERVICED")
        return self._keep(opened, unwrapped)

    def _keep(self, opened: message.Opened, unwrapped: sbdh.Unwrapped) -> Reply:
        now = self.clock()
        refers_to = opened.message.message_id
        receipt = answer.acknowledge(
            opened.references,
            refers_to=refers_to,
            message_id=message.new_id(self.domain),
            signer=self.identity,
            now=now,
        )
        delivery = Delivery(
            sender=opened.message.sender,
            message_id=refers_to,
            digests={each.uri: each.digest for each in opened.references},
            envelope=unwrapped.header,
            payload=opened.payload,
            document=unwrapped.document,
            receipt=receipt,
            signed=(opened.header, opened.packed),
        )
        try:
            return Reply(200, answer.CONTENT_TYPE, self.mailbox.keep(delivery))
        except EinvoiceError as error:
            if error.code == "WIRE_ID":
                return self._refusal(_OTHER, error.message, refers_to)
            _LOG.error("message %r could not be stored: %s", refers_to, error)
            return self._refusal(_LATER, "the message could not be stored; send it again later", refers_to, _BUSY)

    def _check_parties(self, opened: message.Verified) -> None:
        header = opened.message
        self.authorities.judge(opened.certificate, Role.ACCESS_POINT, now=self.clock())
        if common_name(opened.certificate) != header.sender:
            signer = common_name(opened.certificate)
            detail = f"the message says it comes from {header.sender[:80]!r}, and {signer[:80]!r} signed it"
            raise SecurityError(detail, code="CERTIFICATE")
        if header.receiver != self.identity.name:
            _refuse("EBMS:0003", f"the message is for {header.receiver[:80]!r}; this is {self.identity.name!r}")
        if header.agreement != names.AGREEMENT:
            _refuse("EBMS:0001", f"the agreement is {header.agreement[:120]!r}, not {names.AGREEMENT!r}")

    def _refusal(self, code: str, detail: str, refers_to: str | None, status: int = 200) -> Reply:
        problem = signals.Problem(code=code, detail=detail, refers_to=refers_to)
        body = answer.refuse(problem, message_id=message.new_id(self.domain), signer=self.identity, now=self.clock())
        return Reply(status, answer.CONTENT_TYPE, body)


def _check_envelope(header: UserMessage, envelope: sbdh.Header) -> None:
    """Refuse a message whose header says other things than the envelope within."""
    pairs = {
        "Action": (header.action, str(envelope.document_type)),
        "Service": (f"{header.service.scheme}::{header.service.value}", str(envelope.process)),
        "originalSender": (header.original_sender.value.lower(), envelope.sender.value.lower()),
        "finalRecipient": (header.final_recipient.value.lower(), envelope.receiver.value.lower()),
    }
    ends = ((header.original_sender, envelope.sender), (header.final_recipient, envelope.receiver))
    for end, known in ends:
        if end.scheme not in {"", known.scheme}:
            _refuse("EBMS:0003", f"a participant is named within {end.scheme[:80]!r} instead of {known.scheme}")
    for name, (outside, inside) in pairs.items():
        if outside != inside:
            _refuse(
                "EBMS:0003", f"{name} is {outside[:160]!r} in the header, and {inside[:160]!r} in the envelope (SBDH)"
            )


def _refuse(code: str, detail: str) -> NoReturn:
    raise TransportError(detail, code=code)


def _code(error: TransportError) -> str:
    code = error.code or _OTHER
    return code if code in signals.ERRORS else _CODES.get(code, _OTHER)
