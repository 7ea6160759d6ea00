# SPDX-License-Identifier: Apache-2.0
"""IT-R: what Italy asks of its sellers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from einvoice.model.parts import Fault
from einvoice.rules.element_rules import Faults, about, needs
from einvoice.rules.peppol.countries import SELLER, TAX, seller_country
from einvoice.rules.xpath import trimmed

if TYPE_CHECKING:
    from einvoice.model.parts import Part

_CODE: Final = re.compile(r"[A-Z0-9]{11,16}")


def applies(top: Part) -> bool:
    """Whether the seller is Italian.

    Args:
        top: the document.
    """
    return top.recall(seller_country) == "IT"


@about("IT-R-001", f"{SELLER}/cac:PartyTaxScheme")
def it_r_001(registration: Part) -> Faults:
    """The tax registration of an Italian seller (BT-32) has 11 to 16 capital letters and digits."""
    names = registration.texts(TAX)
    if len(names) > 1 or trimmed("".join(names)) == "VAT":
        return
    if not _CODE.fullmatch(trimmed(registration.one("cbc:CompanyID"))):
        yield Fault("cbc:CompanyID")


ADDRESS: Final = (
    needs("IT-R-002", SELLER, "cac:PostalAddress/cbc:StreetName", "The address of an Italian seller has a street."),
    needs("IT-R-003", SELLER, "cac:PostalAddress/cbc:CityName", "The address of an Italian seller has a city."),
    needs("IT-R-004", SELLER, "cac:PostalAddress/cbc:PostalZone", "The address of an Italian seller has a post code."),
)


SECTIONS: Final = (
    (
        applies,
        (
            it_r_001,
            *ADDRESS,
        ),
    ),
)
"""Which documents are asked what."""
