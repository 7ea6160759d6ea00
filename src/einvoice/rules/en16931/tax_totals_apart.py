# SPDX-License-Identifier: Apache-2.0
"""BR-CO-14 where UBL states several tax totals, or one in a currency of its own.

The invoice has one breakdown, and no word of which total a part is.
"""

from __future__ import annotations

from decimal import localcontext
from typing import TYPE_CHECKING

from einvoice.model.parts import Fault, UnjudgeableError
from einvoice.rules.arithmetic import added, cents, equation, spelled
from einvoice.rules.element_rules import NO_FAULTS, Faults, about
from einvoice.rules.xpath import EXACT, decimal

if TYPE_CHECKING:
    from einvoice.model.parts import Part


def _apart(top: Part) -> bool:
    stated = top.texts("cac:TaxTotal/cbc:TaxAmount/@currencyID")
    return len(top.parts("cac:TaxTotal")) > 1 or (bool(stated) and stated != top.texts("cbc:DocumentCurrencyCode"))


@about("BR-CO-14", "/Invoice/cac:TaxTotal | /CreditNote/cac:TaxTotal")
def br_co_14(total: Part) -> Faults:
    """The VAT total is what the VAT breakdown adds up to, rounded to cents; so is every other tax total."""
    if not total.recall(_apart) or not total.has("cac:TaxSubtotal"):
        return NO_FAULTS
    stated = total.texts("cbc:TaxAmount")
    if len(stated) > 1:
        raise UnjudgeableError("a tax total states several amounts")
    with localcontext(EXACT):
        taxes = [decimal(text) for text in total.texts("cac:TaxSubtotal/cbc:TaxAmount")]
        expected = cents(added(taxes))
    if stated and decimal(stated[0]) == expected:
        return NO_FAULTS
    return [Fault("cbc:TaxAmount", expected=f"{expected:f}", why=equation(spelled(taxes), expected))]
