# SPDX-License-Identifier: Apache-2.0
"""All profiles: VAT identifiers, of whatever party."""

from __future__ import annotations

from typing import TYPE_CHECKING

from einvoice.codes import codes
from einvoice.model.parts import Fault, Part
from einvoice.rules.element_rules import about

if TYPE_CHECKING:
    from collections.abc import Iterator


@about("BR-CO-09", "ram:SpecifiedTaxRegistration/ram:ID", version="facturx")
def br_co_09_facturx(identifier: Part) -> Iterator[Fault]:
    """A VAT identifier starts with the code of the country that issued it (Greece: EL)."""
    if identifier.get("schemeID") == "VA":
        start = identifier.text[:2]
        if start not in codes("vat-prefix", "cii"):
            yield Fault(why=f"{start} is no such code")
