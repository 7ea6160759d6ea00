# SPDX-License-Identifier: Apache-2.0
"""How each Factur-X profile is announced by the PDF that carries it.

Sources: Factur-X 1.0, technical appendix (metadata of the PDF, relationship of the attachment); ZUGFeRD 2.x for the
profile XRECHNUNG, whose attachment has a name of its own and whose version is that of XRechnung.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal

import msgspec

from einvoice.errors import ProfileError
from einvoice.pdf.sniff import SNIFFED

if TYPE_CHECKING:
    from einvoice.profiles import Level

Relationship = Literal["Data", "Alternative", "Source", "Supplement", "Unspecified"]

_XRECHNUNG: Final = re.compile(rb":xrechnung_(\d{1,2}\.\d{1,2})")


class Announcement(msgspec.Struct, frozen=True):
    """What the PDF says about the XML of one profile."""

    conformance: str
    """``fx:ConformanceLevel``; readers compare it letter by letter."""
    relationship: Relationship
    """``Data`` where the XML holds less than the page (it is no invoice on its own), else ``Alternative``."""
    filename: str = "factur-x.xml"
    """The name of the attachment."""
    version: str = "1.0"
    """``fx:Version``; it stayed 1.0 through all editions of Factur-X."""


ANNOUNCEMENTS: Final[dict[Level, Announcement]] = {
    "minimum": Announcement("MINIMUM", "Data"),
    "basicwl": Announcement("BASIC WL", "Data"),
    "basic": Announcement("BASIC", "Alternative"),
    "en16931": Announcement("EN 16931", "Alternative"),
    "extended": Announcement("EXTENDED", "Alternative"),
    "xrechnung": Announcement("XRECHNUNG", "Alternative", "xrechnung.xml", "3.0"),
}


def announcement(profile: str, xml: bytes) -> Announcement:
    """Return how a profile is announced.

    Args:
        profile: ``minimum``, ``basicwl``, ``basic``, ``en16931``, ``extended`` or ``xrechnung``.
        xml: the invoice; for ``xrechnung``, its specification identifier (BT-24) tells the version.

    Raises:
        ProfileError: there is no such profile.
    """
    known = {str(name): entry for name, entry in ANNOUNCEMENTS.items()}
    if profile not in known:
        raise ProfileError(
            f"there is no Factur-X profile {profile!r}; there are: {', '.join(known)}", code="PROFILE_UNKNOWN"
        )
    found = known[profile]
    stated = _XRECHNUNG.search(xml, 0, SNIFFED) if profile == "xrechnung" else None
    return found if stated is None else msgspec.structs.replace(found, version=stated[1].decode("ascii"))
