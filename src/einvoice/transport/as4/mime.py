# SPDX-License-Identifier: Apache-2.0
"""The MIME envelope around a message: ``multipart/related`` of a SOAP envelope and one attachment.

Written and split by hand, on bytes: a signature covers what stands in the parts, so that no line end and no encoding
may be touched on the way, and a message whose closing boundary is missing was cut off.

Source: SOAP with Attachments, RFC 2387, RFC 2046 section 5.1.1; Oxalis refuses a Content-Disposition on a part.
"""

from __future__ import annotations

import base64
import binascii
import itertools
from email.message import Message
from email.parser import BytesHeaderParser
from typing import Final

import msgspec

from einvoice.errors import TransportError
from einvoice.transport.as4 import names

_MAX_HEADERS: Final = 16_384
_MAX_PARTS: Final = 2


class Part(msgspec.Struct, frozen=True):
    """One part of a message: what it is called, what type it says it has, and its bytes."""

    content_id: str
    content_type: str
    content: bytes


def join(envelope: bytes, attachment: Part, *, boundary: str) -> tuple[str, bytes]:
    """Put an envelope and its attachment together.

    Args:
        envelope: the SOAP envelope, UTF-8.
        attachment: the encrypted payload.
        boundary: what stands between the parts, and nowhere within them.

    Returns:
        The value of the header ``Content-Type``, and the body.
    """
    lines = [
        f"--{boundary}",
        f"Content-Type: {names.SOAP_TYPE}; charset=UTF-8",
        "Content-Transfer-Encoding: binary",
        "",
        "",
    ]
    middle = [
        "",
        f"--{boundary}",
        f"Content-Type: {attachment.content_type}",
        "Content-Transfer-Encoding: binary",
        f"Content-ID: <{attachment.content_id}>",
        "",
        "",
    ]
    end = ["", f"--{boundary}--", ""]
    head, between, tail = ("\r\n".join(text).encode() for text in (lines, middle, end))
    body = b"".join((head, envelope, between, attachment.content, tail))
    return f'multipart/related; type="{names.SOAP_TYPE}"; boundary="{boundary}"; charset=UTF-8', body


def media_type(content_type: str) -> str:
    """The type that a header ``Content-Type`` names, in small letters and without its parameters."""
    return _header(content_type).get_content_type()


def split(content_type: str, body: bytes) -> list[Part]:
    """Take a message apart; an answer that is a bare SOAP envelope is one part.

    Args:
        content_type: the header ``Content-Type`` that came with it.
        body: the message as it came.

    Returns:
        The parts in their order, at most two.

    Raises:
        TransportError: it is no such message, or it was cut off (``MIME``).
    """
    if media_type(content_type) == names.SOAP_TYPE:
        return [Part("", content_type, body)]
    boundary = _header(content_type).get_param("boundary")
    if media_type(content_type) != "multipart/related" or not isinstance(boundary, str) or not boundary:
        raise TransportError(
            f"this is no message of AS4: its Content-Type is {content_type[:120]!r}, not multipart/related with a"
            " boundary and not application/soap+xml",
            code="MIME",
        )
    return [_part(piece) for piece in _pieces(b"--" + boundary.encode("utf-8", "replace"), body)]


def _pieces(mark: bytes, body: bytes) -> list[bytes]:
    """What stands between the boundaries; a boundary begins a line and ends it."""
    whole = b"\r\n" + body
    starts: list[tuple[int, int, bool]] = []
    at = whole.find(b"\r\n" + mark)
    while at >= 0 and not (starts and starts[-1][2]):
        after = at + 2 + len(mark)
        closing = whole[after : after + 2] == b"--"
        line_end = whole.find(b"\r\n", after)
        padding = whole[after + 2 * closing : line_end if line_end >= 0 else None]
        if not padding.strip(b" \t"):
            starts.append((at, len(whole) if line_end < 0 else line_end + 2, closing))
        at = whole.find(b"\r\n" + mark, after)
    if len(starts) < 2 or not starts[-1][2]:  # noqa: PLR2004 - one boundary opens, one closes
        raise TransportError("the message was cut off: its closing boundary is missing", temporary=True, code="MIME")
    if len(starts) > _MAX_PARTS + 1:
        raise TransportError(
            f"the message has {len(starts) - 1} parts; Peppol's AS4 has an envelope and one attachment", code="MIME"
        )
    return [whole[end:following] for (_, end, _), (following, _, _) in itertools.pairwise(starts)]


def _part(piece: bytes) -> Part:
    head, blank, content = piece.partition(b"\r\n\r\n")
    if piece.startswith(b"\r\n"):  # no header at all
        head, blank, content = b"", b"\r\n", piece[2:]
    if not blank or len(head) > _MAX_HEADERS:
        raise TransportError("a part of the message has no end of its headers", code="MIME")
    headers = BytesHeaderParser().parsebytes(head + b"\r\n\r\n")
    coding = str(headers.get("Content-Transfer-Encoding", "binary")).strip().lower()
    content_id = str(headers.get("Content-ID", "")).strip()
    return Part(
        content_id.removeprefix("<").removesuffix(">"),
        str(headers.get("Content-Type", "")),
        _decoded(coding, content),
    )


def _decoded(coding: str, content: bytes) -> bytes:
    if coding in {"binary", "8bit", "7bit"}:
        return content
    if coding != "base64":
        raise TransportError(
            f"a part of the message is encoded as {coding[:40]!r}: binary or base64 is read", code="MIME"
        )
    try:
        return base64.b64decode(content, validate=False)
    except binascii.Error:
        raise TransportError("a part of the message says base64 and is none", code="MIME") from None


def _header(content_type: str) -> Message:
    message = Message()
    message["Content-Type"] = content_type.replace("\r", " ").replace("\n", " ")
    return message
