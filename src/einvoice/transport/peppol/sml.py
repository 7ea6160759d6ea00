# SPDX-License-Identifier: Apache-2.0
"""Where the metadata of a participant is published: one question to the DNS.

Source: OpenPeppol, SML 1.3.0 section 2.1 and the migration to NAPTR (mandatory since November 2025; the CNAME of
before is not asked); RFC 3403, RFC 4848 (U-NAPTR).
"""

from __future__ import annotations

import base64
import hashlib
import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import dns.exception
import dns.rdatatype
import dns.resolver

from einvoice.errors import ParticipantError, TransportError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dns.resolver import Resolver

    from einvoice.transport.peppol.identifiers import ParticipantId

ZONES: Final = {
    "production": "participant.sml.prod.tech.peppol.org.",
    "test": "participant.sml.test.tech.peppol.org.",
}
"""The zones of Peppol's two networks since March 2026."""

_SERVICE: Final = "meta:smp"
_REGEXP: Final = re.compile(r"!\^?\.\*\$?!(?P<url>[^!]+)!i?")


def host(participant: ParticipantId, zone: str) -> str:
    """The name under which the DNS knows a participant.

    Args:
        participant: the participant; the capitals of its identifier do not count.
        zone: the zone of the network, see :data:`ZONES`.
    """
    digest = hashlib.sha256(participant.value.lower().encode()).digest()
    label = base64.b32encode(digest).decode().rstrip("=").lower()
    return f"{label}.{participant.scheme}.{zone.rstrip('.')}."


def publisher(participant: ParticipantId, *, zone: str, resolver: Resolver) -> str:
    """Ask where the metadata of a participant is published.

    Args:
        participant: the participant.
        zone: the zone of the network.
        resolver: asks the DNS; its ``lifetime`` bounds the time.

    Returns:
        The base address of the service metadata publisher, without a slash at its end.

    Raises:
        ParticipantError: the participant is not registered (``NOT_REGISTERED``, permanent), or what is registered is
            no address that may be used (``SML``).
        TransportError: the DNS did not answer (``DNS``, temporary).
    """
    name = host(participant, zone)
    try:
        answer = resolver.resolve(name, dns.rdatatype.NAPTR, search=False)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        raise ParticipantError(
            f"{participant.value} is not registered in this network ({zone.rstrip('.')}): check the identifier, or ask"
            " the receiver for the one to use",
            code="NOT_REGISTERED",
        ) from None
    except dns.exception.DNSException as error:
        message = f"the DNS did not say where {participant.value} is registered: {type(error).__name__}"
        raise TransportError(message, temporary=True, code="DNS", source=name) from None
    return _choose(participant, answer)


def _choose(participant: ParticipantId, records: Iterable[object]) -> str:
    found = sorted(
        (int(getattr(each, "order", 0)), int(getattr(each, "preference", 0)), _text(each, "regexp"))
        for each in records
        if _text(each, "flags").upper() == "U" and _text(each, "service").lower() == _SERVICE
    )
    for _, _, regexp in found:
        match = _REGEXP.fullmatch(regexp)
        if match and _usable(match["url"]):
            return match["url"].rstrip("/")
    raise ParticipantError(
        f"{participant.value} is registered without an https address of a service metadata publisher", code="SML"
    )


def _usable(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    plain = not (parts.username or parts.password or parts.query or parts.fragment)
    return parts.scheme == "https" and bool(parts.hostname) and plain


def _text(record: object, name: str) -> str:
    value = getattr(record, name, b"")
    return value.decode("ascii", "replace") if isinstance(value, bytes) else str(value)
