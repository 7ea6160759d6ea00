# SPDX-License-Identifier: Apache-2.0
"""What the metadata of a hybrid PDF claim about the invoice inside, read from XMP that may be broken.

Nothing rests on these values, so they are looked up rather than parsed: a packet that is no well-formed XML still says
what it says. Namespaces: Factur-X 1.0 (also ZUGFeRD from 2.1), ZUGFeRD 2.0, ZUGFeRD 1.0, Order-X.
"""

from __future__ import annotations

import re
from typing import Final

import msgspec

_NAMESPACE: Final = re.compile(
    r"xmlns:([\w.-]{1,32})\s*=\s*[\"'](urn:(?:factur-x|zugferd|ferd):pdfa:[\w:.-]{1,80}#?)[\"']", re.IGNORECASE
)
_LONGEST: Final = 200


class Claims(msgspec.Struct, frozen=True, kw_only=True):
    """What the metadata say; a field that they do not fill is ``None``."""

    namespace: str | None = None
    """The namespace of the properties, which tells the family and its version."""
    document_type: str | None = None
    """``INVOICE``, or ``ORDER`` and its kin for Order-X."""
    file_name: str | None = None
    """The name of the attachment that is the invoice."""
    version: str | None = None
    """The version of the standard, or of XRechnung for its profile."""
    level: str | None = None
    """The conformance level: ``MINIMUM``, ``BASIC WL``, ``BASIC``, ``EN 16931``, ``EXTENDED``, ``XRECHNUNG`` ..."""


def claims(packet: bytes) -> Claims:
    """Look up what an XMP packet says about an embedded invoice.

    Args:
        packet: the XMP packet; empty if the PDF has none.

    Returns:
        What it says.
    """
    text = _text(packet)
    found = _NAMESPACE.search(text)
    if found is None:
        return Claims()
    prefix = found[1]
    return Claims(
        namespace=found[2],
        document_type=_value(text, prefix, "DocumentType"),
        file_name=_value(text, prefix, "DocumentFileName"),
        version=_value(text, prefix, "Version"),
        level=_value(text, prefix, "ConformanceLevel"),
    )


def _text(packet: bytes) -> str:
    if packet.startswith((b"\xff\xfe", b"\xfe\xff")):
        return packet.decode("utf-16", "replace")
    return packet.decode("utf-8", "replace")


def _value(text: str, prefix: str, name: str) -> str | None:
    """Find a property written as an element or as an attribute."""
    key = rf"{re.escape(prefix)}:{name}"
    found = re.search(rf"(?:<{key}>|\s{key}\s*=\s*[\"'])([^<\"']{{0,{_LONGEST}}})", text)
    return (found[1].strip() or None) if found else None
