# SPDX-License-Identifier: Apache-2.0
"""A message as a whole: sealed for its receiver, and opened by it.

The order is that of eDelivery: the payload is compressed, then signed, then encrypted; opening goes the other way, and
nothing is decompressed that is not signed.

Source: eDelivery AS4 1.14 section 3.2, Peppol AS4 2.0.3.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
from cryptography import x509

from einvoice.errors import SecurityError, TransportError
from einvoice.transport.as4 import compression, encryption, envelope, mime, signature, user_message
from einvoice.transport.as4.signature import Reference
from einvoice.transport.as4.user_message import UserMessage

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    from einvoice.transport.as4.envelope import Envelope
    from einvoice.transport.identity import Identity


class Sealed(msgspec.Struct, frozen=True, kw_only=True):
    """A message ready for the wire. It is stored as it is and sent as often as needed: a second seal differs."""

    message_id: str
    content_type: str
    body: bytes
    digests: dict[str, str]
    """The signed digests by what they are of; a receipt has to repeat them."""


def new_id(domain: str) -> str:
    """An identifier that no message had: ``left@right``, as RFC 2822 writes it.

    Args:
        domain: the right side, a name of the sender's.
    """
    return f"{secrets.token_hex(16)}@{domain}"


def seal(message: UserMessage, payload: bytes, *, signer: Identity, receiver: x509.Certificate) -> Sealed:
    """Compress, sign and encrypt a payload, and put it into a message.

    Args:
        message: what the header says; its ``content_id`` names the attachment.
        payload: the standard business document, whole.
        signer: the sending access point.
        receiver: the certificate of the receiving access point, already judged.

    Raises:
        SecurityError: the certificate of the receiver has no RSA key (``ENCRYPTION``).
    """
    packed = compression.compress(payload)
    made = envelope.new(user_message.to_element(message))
    if made.security is None:  # pragma: no cover - a new envelope has one
        raise SecurityError("the envelope has no security header", code="SIGNATURE")
    content_id = message.content_id
    signed = signature.sign(made.security, [made.messaging, made.body], {content_id: packed}, signer)
    closed = encryption.encrypt(made.security, content_id, packed, receiver)
    part = mime.Part(content_id, "application/octet-stream", closed)
    content_type, body = mime.join(made.to_bytes(), part, boundary=f"=_{secrets.token_hex(24)}")
    return Sealed(message_id=message.message_id, content_type=content_type, body=body, digests=_digests(signed))


@dataclass(frozen=True)
class Incoming:
    """A message that came, taken apart and not believed yet."""

    envelope: Envelope
    message: UserMessage
    attachment: bytes
    soap: bytes


class Verified(msgspec.Struct, frozen=True, kw_only=True):
    """A message whose signature holds, its payload still compressed; whether its signer may be believed is open."""

    message: UserMessage
    packed: bytes
    header: bytes
    certificate: x509.Certificate
    references: tuple[Reference, ...]


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """A message that was verified: its header, its payload, who signed it, and what it is acknowledged with."""

    message: UserMessage
    payload: bytes
    packed: bytes
    """The attachment as it was signed, compressed: what the digest is of."""
    header: bytes
    """The SOAP envelope, with the signature."""
    certificate: x509.Certificate
    references: tuple[Reference, ...]


def take_apart(content_type: str, body: bytes) -> Incoming:
    """Read what a message says, without believing it.

    Args:
        content_type: the header ``Content-Type`` it came with.
        body: the message.

    Raises:
        TransportError: it is no such message (``MIME``), or its header is invalid (``EBMS:0009``).
    """
    parts = mime.split(content_type, body)
    made = envelope.read(parts[0].content)
    message = user_message.from_element(made.messaging)
    if len(parts) != 2 or parts[1].content_id != message.content_id:  # noqa: PLR2004 - an envelope and an attachment
        raise TransportError("the message does not carry the one attachment that its header names", code="MIME")
    return Incoming(made, message, parts[1].content, parts[0].content)


def unseal(incoming: Incoming, *, key: RSAPrivateKey, limit: int = compression.LIMIT) -> Opened:
    """Decrypt, verify and decompress a message, in this order; see :func:`verify` and :func:`unpack`.

    Args:
        incoming: the message.
        key: the private key of the receiving access point.
        limit: bytes that its payload may have.

    Raises:
        SecurityError: it cannot be decrypted, or its signature does not hold (``ENCRYPTION``, ``SIGNATURE``).
        TransportError: its payload cannot be decompressed (``EBMS:0303``).
    """
    return unpack(verify(incoming, key=key), limit=limit)


def verify(incoming: Incoming, *, key: RSAPrivateKey) -> Verified:
    """Decrypt a message and verify its signature; nothing is decompressed yet.

    Whether the certificate of the signer may be trusted, and whether it may speak for the sender that the header
    names, is for the caller to judge, and better before a payload is decompressed.

    Args:
        incoming: the message.
        key: the private key of the receiving access point.

    Raises:
        SecurityError: it cannot be decrypted, or its signature does not hold (``ENCRYPTION``, ``SIGNATURE``).
    """
    made, content_id = incoming.envelope, incoming.message.content_id
    if made.security is None:
        raise SecurityError("the message is neither signed nor encrypted", code="SIGNATURE")
    packed = encryption.decrypt(made.security, content_id, incoming.attachment, key)
    verified = signature.verify(made.security, [made.messaging, made.body], {content_id: packed})
    return Verified(
        message=incoming.message,
        packed=packed,
        header=incoming.soap,
        certificate=verified.certificate,
        references=verified.references,
    )


def unpack(verified: Verified, *, limit: int = compression.LIMIT) -> Opened:
    """Decompress the payload of a message that was verified.

    Args:
        verified: the message.
        limit: bytes that its payload may have.

    Raises:
        TransportError: its payload cannot be decompressed (``EBMS:0303``).
    """
    return Opened(
        message=verified.message,
        payload=compression.decompress(verified.packed, limit=limit),
        packed=verified.packed,
        header=verified.header,
        certificate=verified.certificate,
        references=verified.references,
    )


def _digests(references: tuple[Reference, ...]) -> dict[str, str]:
    return {reference.uri: reference.digest for reference in references}
