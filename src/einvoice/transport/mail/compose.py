# SPDX-License-Identifier: Apache-2.0
"""The bytes of a message, made once: its identifier and its date are fixed, so that a second attempt is the same.

Nothing that an invoice says can become a header: line ends and control characters are not let through, and the library
folds and encodes the rest.

Source: RFC 5322, RFC 2045, RFC 2231; RFC 3834 (automatic messages); RFC 8551 (S/MIME).
"""

from __future__ import annotations

import re
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import TYPE_CHECKING, Final

import msgspec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7Options, PKCS7SignatureBuilder

from einvoice.errors import TransportError

if TYPE_CHECKING:
    from einvoice.transport.identity import Identity

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_FILENAME: Final = re.compile(r"[^A-Za-z0-9._-]+")
_ADDRESS: Final = re.compile(r"[!#$%&'*+/=?^_`{|}~A-Za-z0-9.-]{1,64}@[A-Za-z0-9.-]{1,253}")


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """What a message says."""

    key: str
    """Identifies it at every attempt; the left side of its ``Message-ID``."""
    sender: str
    receiver: str
    subject: str
    text: str
    filename: str
    media_type: str
    content: bytes
    date: datetime
    digest: str
    """SHA-256 of the document, told in the header ``X-Invoice-SHA256``."""


def check_address(text: str) -> str:
    """An address as it is.

    Raises:
        TransportError: it is none, or holds what could become a header (``ADDRESS``).
    """
    if not _ADDRESS.fullmatch(text):
        raise TransportError(f"{text[:100]!r} is no e-mail address, such as invoices@example.org", code="ADDRESS")
    return text


def compose(letter: Letter, *, signer: Identity | None = None) -> bytes:
    """Write a message, with CRLF at the end of every line.

    Args:
        letter: what it says.
        signer: signs it with S/MIME, where one is given.

    Raises:
        TransportError: an address is none (``ADDRESS``).
    """
    message = EmailMessage(policy=policy.SMTP)
    message["From"] = _address(letter.sender)
    message["To"] = _address(letter.receiver)
    message["Subject"] = _plain(letter.subject)[:200]
    message["Date"] = format_datetime(letter.date)
    message["Message-ID"] = message_id(letter.key, letter.sender)
    message["Auto-Submitted"] = "auto-generated"
    message["X-Invoice-SHA256"] = letter.digest
    message.set_content(letter.text, cte="quoted-printable")
    main, _, sub = letter.media_type.partition("/")
    message.add_attachment(letter.content, maintype=main, subtype=sub, filename=safe_name(letter.filename))
    message.set_boundary(f"=_{letter.key}")
    data = message.as_bytes()
    return data if signer is None else _signed(message, signer)


def message_id(key: str, sender: str) -> str:
    """The ``Message-ID`` of a message, from its key and the domain of its sender."""
    return f"<{key}@{check_address(sender).rpartition('@')[2]}>"


def safe_name(filename: str) -> str:
    """A file name that every mail program shows as it is: ASCII, no ``@``, no path."""
    return _FILENAME.sub("-", filename.replace("\\", "/").rpartition("/")[2]).strip(".-")[:100] or "invoice"


def _address(text: str) -> Address:
    name, _, domain = check_address(text).rpartition("@")
    return Address(username=name, domain=domain)


def _plain(text: str) -> str:
    return _CONTROL.sub(" ", text).strip()


def _signed(message: EmailMessage, signer: Identity) -> bytes:
    """The message with its content signed (detached) and its headers outside, as mail programs expect it."""
    outer = [
        message.policy.fold(name, value)
        for name, value in message.items()
        if name.lower() not in {"content-type", "content-transfer-encoding", "mime-version"}
    ]
    inner = EmailMessage(policy=policy.SMTP)
    inner["Content-Type"] = message["Content-Type"]
    inner.set_payload(message.get_payload())
    signed = (
        PKCS7SignatureBuilder()
        .set_data(inner.as_bytes())
        .add_signer(signer.certificate, signer.key, SHA256())
        .sign(Encoding.SMIME, [PKCS7Options.DetachedSignature, PKCS7Options.NoCapabilities])
    )
    body = re.sub(rb"\r?\n", b"\r\n", signed)
    return "".join(outer).encode("ascii") + body
