# SPDX-License-Identifier: Apache-2.0
"""NO-R: what Norway asks of its sellers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from einvoice.model.parts import Fault, UnjudgeableError
from einvoice.rules.element_rules import Faults, about
from einvoice.rules.peppol.countries import SELLER, seller_country, vat_registrations
from einvoice.rules.peppol.identifiers import mod11
from einvoice.rules.xpath import trimmed

if TYPE_CHECKING:
    from einvoice.model.parts import Part

REGISTER: Final = "Foretaksregisteret"
_NUMBER: Final = re.compile(r"[0-9]{9}MVA")


def applies(top: Part) -> bool:
    """Whether the seller is Norwegian.

    Args:
        top: the document.
    """
    return top.recall(seller_country) == "NO"


@about("NO-R-002", SELLER)
def no_r_002(seller: Part) -> Faults:
    """A Norwegian seller that is in the register of business enterprises says so: Foretaksregisteret (BT-32)."""
    stated = [number for one in vat_registrations(seller, "TAX") for number in one.texts("cbc:CompanyID")]
    if len(stated) > 1:
        raise UnjudgeableError(f"there are {len(stated)} tax registrations, and one can be compared")
    if not stated or trimmed(stated[0]) != REGISTER:
        yield Fault("cac:PartyTaxScheme", found=stated[0] if stated else None, expected=REGISTER)


@about("NO-R-001", SELLER)
def no_r_001(seller: Part) -> Faults:
    """A Norwegian VAT number is NO, an organisation number with a right check digit, and MVA."""
    numbers = [one.one("cbc:CompanyID") for one in vat_registrations(seller)]
    if not any(number[:2] == "NO" for number in numbers):
        return
    if len(numbers) > 1:
        raise UnjudgeableError(f"there are {len(numbers)} VAT numbers, and one can be compared")
    if not _NUMBER.fullmatch(numbers[0][2:]) or not mod11(numbers[0][2:11]):
        yield Fault("cac:PartyTaxScheme/cbc:CompanyID", found=numbers[0])


SECTIONS: Final = (
    (
        applies,
        (
            no_r_001,
            no_r_002,
        ),
    ),
)
"""Which documents are asked what."""
