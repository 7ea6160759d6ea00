# SPDX-License-Identifier: Apache-2.0
"""A form with files, as ``multipart/form-data``. The same parts make the same bytes.

Source: RFC 7578, RFC 2046 section 5.1.1.
"""

from __future__ import annotations

import hashlib

import msgspec


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A field of a form."""

    name: str
    content: bytes
    media_type: str
    filename: str | None = None


def form(*parts: Part) -> tuple[bytes, str]:
    """A form and its media type.

    Args:
        parts: the fields.
    """
    boundary = hashlib.sha256(b"\0".join(part.content for part in parts)).hexdigest()
    while any(boundary.encode() in part.content for part in parts):
        boundary = hashlib.sha256(boundary.encode()).hexdigest()
    pieces = [b"--" + boundary.encode() + b"\r\n" + _head(part) + part.content + b"\r\n" for part in parts]
    body = b"".join(pieces) + b"--" + boundary.encode() + b"--\r\n"
    return body, f"multipart/form-data; boundary={boundary}"


def _head(part: Part) -> bytes:
    named = f'; filename="{_quoted(part.filename)}"' if part.filename is not None else ""
    return (
        f'Content-Disposition: form-data; name="{_quoted(part.name)}"{named}\r\nContent-Type: {part.media_type}\r\n\r\n'
    ).encode()


def _quoted(text: str) -> str:
    """A name that cannot end its quotes or its line; what is not ASCII becomes an underscore."""
    return "".join(each if each.isascii() and each.isprintable() and each not in '"\\%' else "_" for each in text)
