# SPDX-License-Identifier: Apache-2.0
"""The VAT rules: BR-S, BR-Z, BR-E, BR-AE, BR-IC, BR-G, BR-O, BR-AF, BR-AG (EN 16931-1, 6.4.2).

The kinds of rows and what they test stand in ``vat_rows`` and ``vat_amounts``, single rules in ``vat_single``.
"""

from __future__ import annotations

from typing import Final

from einvoice.model import Invoice
from einvoice.rules.en16931.vat_amounts import (
    exactly,
    product_sentence,
    reason,
    rounded,
    rounded_within_one,
    tax_is_product,
    tax_is_zero,
    taxable,
    taxable_at_rate,
    taxable_sentence,
    within_one,
)
from einvoice.rules.en16931.vat_demands import (
    ABOVE_ZERO,
    BOTH,
    BOTH_VAT,
    EXACTLY_ZERO,
    NO_RATE,
    NOBODY,
    NOT_NEGATIVE,
    SELLER,
    SELLER_VAT,
    UNSIGNED_ZERO,
)
from einvoice.rules.en16931.vat_rows import (
    ALLOWANCES,
    CHARGES,
    DOCUMENT_ALLOWANCES,
    DOCUMENT_CHARGES,
    LINES,
    Category,
    broken_down_iff_used,
    broken_down_once,
    broken_down_somehow,
    family,
    known_by,
    known_by_on_any_tax,
    rate,
)
from einvoice.rules.rows import never

S: Final = Category("S", "Standard rated")
Z: Final = Category("Z", "Zero rated")
E: Final = Category("E", "Exempt from VAT")
AE: Final = Category("AE", "Reverse charge")
IC: Final = Category("K", "Intra-Community supply")
G: Final = Category("G", "Export outside the EU")
O: Final = Category("O", "Not subject to VAT")  # noqa: E741 -- the letter of the family
AF: Final = Category("L", "Canary Islands IGIC")
AG: Final = Category("M", "Ceuta and Melilla IPSI")

BR_S: Final = family(
    S,
    broken_down_iff_used("BR-S-01", S, syntax="ubl", vat=False),
    broken_down_somehow("BR-S-01", S),
    known_by_on_any_tax("BR-S-02", S, SELLER),
    known_by("BR-S-02", S, LINES, SELLER, syntax="cii"),
    known_by("BR-S-03", S, ALLOWANCES, SELLER),
    known_by("BR-S-04", S, CHARGES, SELLER),
    rate("BR-S-05", S, LINES, ABOVE_ZERO),
    rate("BR-S-06", S, ALLOWANCES, ABOVE_ZERO),
    rate("BR-S-07", S, CHARGES, ABOVE_ZERO),
    taxable_at_rate("BR-S-08", S, within_one, syntax="ubl", used=True),
    taxable_at_rate("BR-S-08", S, rounded, syntax="cii", any_tax=True),
    tax_is_product("BR-S-09", S, syntax="ubl"),
    tax_is_product("BR-S-09", S, syntax="cii"),
    reason("BR-S-10", S, wanted=False, syntax="ubl"),
    reason("BR-S-10", S, wanted=False, syntax="cii", any_tax=True),
)

BR_Z: Final = family(
    Z,
    broken_down_once("BR-Z-01", Z, syntax="ubl"),
    broken_down_once("BR-Z-01", Z, syntax="cii", used_too=True, vat=False),
    known_by("BR-Z-02", Z, LINES, SELLER),
    known_by("BR-Z-03", Z, ALLOWANCES, SELLER),
    known_by("BR-Z-04", Z, CHARGES, SELLER),
    rate("BR-Z-05", Z, LINES, EXACTLY_ZERO, syntax="ubl"),
    rate("BR-Z-05", Z, LINES, UNSIGNED_ZERO, syntax="cii"),
    rate("BR-Z-06", Z, ALLOWANCES, EXACTLY_ZERO, syntax="ubl"),
    rate("BR-Z-06", Z, ALLOWANCES, UNSIGNED_ZERO, syntax="cii"),
    rate("BR-Z-07", Z, CHARGES, EXACTLY_ZERO, syntax="ubl"),
    rate("BR-Z-07", Z, CHARGES, UNSIGNED_ZERO, syntax="cii"),
    taxable("BR-Z-08", Z, exactly, syntax="ubl"),
    taxable("BR-Z-08", Z, rounded_within_one, syntax="cii", any_tax=True),
    tax_is_zero("BR-Z-09", Z, syntax="ubl"),
    tax_is_zero("BR-Z-09", Z, syntax="cii", any_tax=True),
    reason("BR-Z-10", Z, wanted=False, syntax="ubl"),
    reason("BR-Z-10", Z, wanted=False, syntax="cii", any_tax=True),
)

BR_E: Final = family(
    E,
    broken_down_once("BR-E-01", E, syntax="ubl"),
    broken_down_once("BR-E-01", E, syntax="cii", used_too=True, vat=False),
    known_by("BR-E-02", E, LINES, SELLER),
    known_by("BR-E-03", E, ALLOWANCES, SELLER),
    known_by("BR-E-04", E, CHARGES, SELLER),
    rate("BR-E-05", E, LINES, EXACTLY_ZERO, syntax="ubl"),
    rate("BR-E-05", E, LINES, UNSIGNED_ZERO, syntax="cii"),
    rate("BR-E-06", E, ALLOWANCES, EXACTLY_ZERO, syntax="ubl"),
    rate("BR-E-06", E, ALLOWANCES, UNSIGNED_ZERO, syntax="cii"),
    rate("BR-E-07", E, CHARGES, EXACTLY_ZERO, syntax="ubl"),
    rate("BR-E-07", E, CHARGES, UNSIGNED_ZERO, syntax="cii"),
    taxable("BR-E-08", E, exactly, syntax="ubl"),
    taxable("BR-E-08", E, rounded_within_one, syntax="cii"),
    tax_is_zero("BR-E-09", E, syntax="ubl"),
    tax_is_zero("BR-E-09", E, syntax="cii"),
    reason("BR-E-10", E, wanted=True),
)

BR_AE: Final = family(
    AE,
    broken_down_once("BR-AE-01", AE, syntax="ubl"),
    broken_down_once("BR-AE-01", AE, syntax="cii", used_too=True, vat=False),
    known_by("BR-AE-02", AE, LINES, BOTH),
    known_by("BR-AE-03", AE, ALLOWANCES, BOTH),
    known_by("BR-AE-04", AE, CHARGES, BOTH),
    rate("BR-AE-05", AE, LINES, EXACTLY_ZERO, syntax="ubl"),
    rate("BR-AE-05", AE, LINES, UNSIGNED_ZERO, syntax="cii"),
    rate("BR-AE-06", AE, ALLOWANCES, EXACTLY_ZERO, syntax="ubl"),
    rate("BR-AE-06", AE, ALLOWANCES, UNSIGNED_ZERO, syntax="cii"),
    rate("BR-AE-07", AE, CHARGES, EXACTLY_ZERO, syntax="ubl"),
    rate("BR-AE-07", AE, CHARGES, UNSIGNED_ZERO, syntax="cii"),
    taxable("BR-AE-08", AE, exactly, syntax="ubl"),
    taxable("BR-AE-08", AE, rounded_within_one, syntax="cii"),
    tax_is_zero("BR-AE-09", AE, syntax="ubl"),
    tax_is_zero("BR-AE-09", AE, syntax="cii"),
    reason("BR-AE-10", AE, wanted=True),
)

BR_IC: Final = family(
    IC,
    broken_down_once("BR-IC-01", IC, syntax="ubl"),
    broken_down_once("BR-IC-01", IC, syntax="cii", used_too=True, vat=False),
    known_by("BR-IC-02", IC, LINES, BOTH_VAT),
    known_by("BR-IC-03", IC, ALLOWANCES, BOTH_VAT),
    known_by("BR-IC-04", IC, CHARGES, BOTH_VAT),
    rate("BR-IC-05", IC, LINES, EXACTLY_ZERO, syntax="ubl"),
    rate("BR-IC-05", IC, LINES, UNSIGNED_ZERO, syntax="cii"),
    rate("BR-IC-06", IC, ALLOWANCES, EXACTLY_ZERO, syntax="ubl"),
    rate("BR-IC-06", IC, ALLOWANCES, UNSIGNED_ZERO, syntax="cii"),
    rate("BR-IC-07", IC, CHARGES, EXACTLY_ZERO, syntax="ubl"),
    rate("BR-IC-07", IC, CHARGES, UNSIGNED_ZERO, syntax="cii"),
    taxable("BR-IC-08", IC, exactly, syntax="ubl"),
    taxable("BR-IC-08", IC, rounded_within_one, syntax="cii"),
    tax_is_zero("BR-IC-09", IC, syntax="ubl"),
    tax_is_zero("BR-IC-09", IC, syntax="cii"),
    reason("BR-IC-10", IC, wanted=True),
)

BR_G: Final = family(
    G,
    broken_down_once("BR-G-01", G, syntax="ubl"),
    broken_down_once("BR-G-01", G, syntax="cii", used_too=True, vat=False),
    known_by("BR-G-02", G, LINES, SELLER_VAT),
    known_by("BR-G-03", G, ALLOWANCES, SELLER_VAT),
    known_by("BR-G-04", G, CHARGES, SELLER_VAT),
    rate("BR-G-05", G, LINES, EXACTLY_ZERO, syntax="ubl"),
    rate("BR-G-05", G, LINES, UNSIGNED_ZERO, syntax="cii"),
    rate("BR-G-06", G, ALLOWANCES, EXACTLY_ZERO, syntax="ubl"),
    rate("BR-G-06", G, ALLOWANCES, UNSIGNED_ZERO, syntax="cii"),
    rate("BR-G-07", G, CHARGES, EXACTLY_ZERO, syntax="ubl"),
    rate("BR-G-07", G, CHARGES, UNSIGNED_ZERO, syntax="cii"),
    taxable("BR-G-08", G, exactly, syntax="ubl"),
    taxable("BR-G-08", G, rounded_within_one, syntax="cii"),
    tax_is_zero("BR-G-09", G, syntax="ubl"),
    tax_is_zero("BR-G-09", G, syntax="cii"),
    reason("BR-G-10", G, wanted=True),
)

BR_O: Final = family(
    O,
    broken_down_once("BR-O-01", O, syntax="ubl"),
    broken_down_once("BR-O-01", O, syntax="cii", used_too=True, vat=False, unlisted=True),
    known_by("BR-O-02", O, LINES, NOBODY),
    known_by("BR-O-03", O, DOCUMENT_ALLOWANCES, NOBODY, syntax="ubl"),
    known_by("BR-O-03", O, ALLOWANCES, NOBODY, syntax="cii"),
    known_by("BR-O-04", O, DOCUMENT_CHARGES, NOBODY, syntax="ubl"),
    known_by("BR-O-04", O, CHARGES, NOBODY, syntax="cii"),
    rate("BR-O-05", O, LINES, NO_RATE),
    rate("BR-O-06", O, ALLOWANCES, NO_RATE),
    rate("BR-O-07", O, CHARGES, NO_RATE),
    taxable("BR-O-08", O, exactly, syntax="ubl"),
    taxable("BR-O-08", O, rounded, syntax="cii"),
    tax_is_zero("BR-O-09", O, syntax="ubl"),
    tax_is_zero("BR-O-09", O, syntax="cii"),
    reason("BR-O-10", O, wanted=True),
)

BR_AF: Final = family(
    AF,
    broken_down_iff_used("BR-AF-01", AF, syntax="ubl", bare=True, vat_if_used=False),
    broken_down_somehow("BR-AF-01", AF),
    known_by("BR-AF-02", AF, LINES, SELLER),
    known_by("BR-AF-03", AF, ALLOWANCES, SELLER),
    known_by("BR-AF-04", AF, CHARGES, SELLER),
    rate("BR-AF-05", AF, LINES, NOT_NEGATIVE, syntax="ubl"),
    rate("BR-AF-05", AF, LINES, ABOVE_ZERO, syntax="cii"),
    rate("BR-AF-06", AF, ALLOWANCES, NOT_NEGATIVE, syntax="ubl"),
    rate("BR-AF-06", AF, ALLOWANCES, ABOVE_ZERO, syntax="cii"),
    rate("BR-AF-07", AF, CHARGES, NOT_NEGATIVE, syntax="ubl"),
    rate("BR-AF-07", AF, CHARGES, ABOVE_ZERO, syntax="cii"),
    taxable_at_rate("BR-AF-08", AF, within_one, syntax="ubl"),
    never("BR-AF-08", Invoice, taxable_sentence(AF), syntax="cii"),
    tax_is_product("BR-AF-09", AF, syntax="ubl"),
    never("BR-AF-09", Invoice, product_sentence(AF), syntax="cii"),
    reason("BR-AF-10", AF, wanted=False),
)

BR_AG: Final = family(
    AG,
    broken_down_iff_used("BR-AG-01", AG, syntax="ubl", bare=True),
    broken_down_somehow("BR-AG-01", AG),
    known_by("BR-AG-02", AG, LINES, SELLER),
    known_by("BR-AG-03", AG, ALLOWANCES, SELLER),
    known_by("BR-AG-04", AG, CHARGES, SELLER),
    rate("BR-AG-05", AG, LINES, NOT_NEGATIVE),
    rate("BR-AG-06", AG, ALLOWANCES, NOT_NEGATIVE),
    rate("BR-AG-07", AG, CHARGES, NOT_NEGATIVE),
    taxable_at_rate("BR-AG-08", AG, within_one, syntax="ubl"),
    never("BR-AG-08", Invoice, taxable_sentence(AG), syntax="cii"),
    tax_is_product("BR-AG-09", AG, syntax="ubl"),
    never("BR-AG-09", Invoice, product_sentence(AG), syntax="cii"),
    reason("BR-AG-10", AG, wanted=False),
)
