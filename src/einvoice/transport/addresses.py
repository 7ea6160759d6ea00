# SPDX-License-Identifier: Apache-2.0
"""Which addresses belong to the public internet, also where one is written within another one.

A gateway between IPv6 and IPv4 takes an address that contains the one it forwards to: whoever names such an address
names the one inside. It is judged by both.

Source: RFC 6890 (special-purpose addresses), RFC 6052 and RFC 8215 (NAT64), RFC 3056 (6to4), RFC 4380 (Teredo),
RFC 5214 (ISATAP), RFC 4291 (mapped and compatible addresses); CWE-918.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final

_NAT64: Final = IPv6Network("64:ff9b::/96")
_REFUSED: Final = (
    IPv6Network("::/96"),  # compatible with IPv4, long withdrawn
    IPv6Network("64:ff9b:1::/48"),  # NAT64 of a network's own
    IPv6Network("2001::/32"),  # Teredo, which tunnels to wherever the address says
    IPv6Network("fec0::/10"),  # site-local
)
_ISATAP: Final = (0x0000_5EFE, 0x0200_5EFE)
_IPV4: Final = 0xFFFF_FFFF


def inside(address: str) -> bool:
    """Whether an address is not one of the public internet: loopback, private, link-local, multicast, reserved.

    Args:
        address: of IPv4 or IPv6, with or without a zone (``fe80::1%eth0``).
    """
    parsed = ip_address(address.partition("%")[0])
    return _inside_v4(parsed) if isinstance(parsed, IPv4Address) else _inside_v6(parsed)


def _inside_v4(address: IPv4Address) -> bool:
    return not address.is_global or address.is_multicast or address.is_reserved


def _inside_v6(address: IPv6Address) -> bool:
    if address.ipv4_mapped is not None:  # the same address, in longer
        return _inside_v4(address.ipv4_mapped)
    if address in _NAT64:
        return _inside_v4(IPv4Address(int(address) & _IPV4))
    if any(address in network for network in _REFUSED) or address.is_multicast:
        return True
    if address.sixtofour is not None:
        return _inside_v4(address.sixtofour)
    if (int(address) >> 32) & _IPV4 in _ISATAP and _inside_v4(IPv4Address(int(address) & _IPV4)):
        return True
    return not address.is_global
