# SPDX-License-Identifier: Apache-2.0
"""What a message of e-mail holds: invoices, or the news that one of ours did not arrive.

The content decides what is an invoice, never a name or a type: an attachment that begins like XML or PDF is a
candidate, also within a forwarded message and within S/MIME that only signs.

Source: RFC 2046, RFC 3464 (delivery status notifications), RFC 8551.
"""

from __future__ import annotations

import re
from email import policy
from email.message import Message
from email.parser import BytesParser
from typing import TYPE_CHECKING, Final

import msgspec

from einvoice.bind import magic

if TYPE_CHECKING:
    from collections.abc import Iterator

_DEEPEST: Final = 8
_MOST_PARTS: Final = 500
_STUMBLES: Final = (ValueError, LookupError, AttributeError, TypeError, NameError)
"""What the standard library raises over broken headers; one such message must not stop all that come after it."""
_FIELD: Final = re.compile(r"^([A-Za-z-]+):\s*(.*(?:\n[ \t].*)*)", re.MULTILINE)


class Enclosed(msgspec.Struct, frozen=True):
    """An attachment that may be an invoice."""

    filename: str
    media_type: str
    content: bytes


class Bounce(msgspec.Struct, frozen=True, kw_only=True):
    """The news that a message was not delivered."""

    envelope_id: str | None
    message_id: str | None
    failed: bool
    """Whether it is final (``Action: failed``)."""
    status: str
    detail: str


class Mail(msgspec.Struct, frozen=True, kw_only=True):
    """A message, as far as it matters here."""

    message_id: str
    sender: str
    subject: str
    enclosed: tuple[Enclosed, ...]
    bounce: Bounce | None


def parse(data: bytes) -> Mail:
    """Read a message; what is broken in it is left out, and never an error.

    Args:
        data: the message as the server keeps it.
    """
    try:
        message: Message = BytesParser(policy=policy.default).parsebytes(data)
    except _STUMBLES:
        message = BytesParser(policy=policy.compat32).parsebytes(data)  # knows less of headers, and takes any
    return Mail(
        message_id=_header(message, "Message-ID"),
        sender=_header(message, "From"),
        subject=_header(message, "Subject"),
        enclosed=tuple(_enclosed(message)),
        bounce=_bounce(message),
    )


def _enclosed(message: Message) -> Iterator[Enclosed]:
    for part in _leaves(message):
        found = _read(part)
        if found is not None:
            yield found


def _read(part: Message) -> Enclosed | None:
    try:
        content = part.get_payload(decode=True)
        if not isinstance(content, bytes) or magic.kind(content) not in {"xml", "pdf"}:
            return None
        return Enclosed(_filename(part), part.get_content_type(), content)
    except _STUMBLES:
        return None


def _leaves(message: Message, depth: int = 0, budget: list[int] | None = None) -> Iterator[Message]:
    left = budget if budget is not None else [_MOST_PARTS]
    left[0] -= 1
    if left[0] < 0 or depth > _DEEPEST:
        return
    parts = _parts(message)
    if parts is None:
        yield message
    for part in parts or ():
        yield from _leaves(part, depth + 1, left)


def _filename(part: Message) -> str:
    try:
        return str(part.get_filename() or "")[:255]
    except _STUMBLES:
        return ""


def _bounce(message: Message) -> Bounce | None:
    try:
        if message.get_content_type() != "multipart/report" or message.get_param("report-type") != "delivery-status":
            return None
        return _report(message)
    except _STUMBLES:
        return None


def _report(message: Message) -> Bounce:
    fields: dict[str, str] = {}
    original = None
    for part in _parts(message) or ():
        if part.get_content_type() == "message/delivery-status":
            fields |= {name.lower(): " ".join(value.split()) for name, value in _FIELD.findall(_text(part))}
        elif part.get_content_type() in {"text/rfc822-headers", "message/rfc822"}:
            found = re.search(r"^Message-ID:\s*(<[^>\r\n]+>)", _text(part), re.IGNORECASE | re.MULTILINE)
            original = found[1] if found else original
    return Bounce(
        envelope_id=fields.get("original-envelope-id"),
        message_id=original,
        failed=fields.get("action", "").lower() == "failed",
        status=fields.get("status", ""),
        detail=fields.get("diagnostic-code", "")[:500],
    )


def _parts(message: Message) -> list[Message] | None:
    """The parts of a message, or nothing where it is not made of parts."""
    payload = message.get_payload() if message.is_multipart() else None  # of a leaf it would decode, which may fail
    return [part for part in payload if isinstance(part, Message)] if isinstance(payload, list) else None


def _text(part: Message) -> str:
    parts = _parts(part)
    if parts is not None:
        return "\n".join(each.as_string() for each in parts)
    payload = part.get_payload()
    return payload if isinstance(payload, str) else ""


def _header(message: Message, name: str) -> str:
    try:
        return " ".join(str(message.get(name, "")).split())[:500]
    except _STUMBLES:
        return ""
