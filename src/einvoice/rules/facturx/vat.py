# SPDX-License-Identifier: Apache-2.0
"""BASIC and EN 16931, VAT: taxable amounts, which Factur-X asks of every tax and EN 16931 mostly of VAT alone.

Where EN 16931 wants less than one unit between an amount and its sum, Factur-X is content if the amount is exactly one
more than the sum.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from einvoice.rules.arithmetic import cents
from einvoice.rules.en16931.vat import AE, IC, E, G, O, Z
from einvoice.rules.en16931.vat_amounts import rounded, taxable
from einvoice.rules.en16931.vat_rows import family

if TYPE_CHECKING:
    from decimal import Decimal

    from einvoice.rules.en16931.vat_sums import Amounts


def near(amount: Decimal, amounts: Amounts) -> bool:
    """At most one unit more than the sum, less than one unit less; each sum rounded, in binary floating point.

    Args:
        amount: the stated taxable amount.
        amounts: what it should be the sum of.
    """
    total = float(cents(amounts.lines) + cents(amounts.charges) - cents(amounts.allowances))
    return float(amount) - 1 <= total < float(amount) + 1


TAXABLE: Final = (
    *family(AE, taxable("BR-AE-08", AE, near, syntax="cii", any_tax=True)),
    *family(E, taxable("BR-E-08", E, near, syntax="cii", any_tax=True)),
    *family(G, taxable("BR-G-08", G, near, syntax="cii", any_tax=True)),
    *family(IC, taxable("BR-IC-08", IC, near, syntax="cii", any_tax=True)),
    *family(O, taxable("BR-O-08", O, rounded, syntax="cii", any_tax=True)),
    *family(Z, taxable("BR-Z-08", Z, near, syntax="cii", any_tax=True)),
)
