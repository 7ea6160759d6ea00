# SPDX-License-Identifier: Apache-2.0
"""BASIC and EN 16931, VAT: taxable amounts that Factur-X asks of every tax, and EN 16931 of VAT alone."""

from __future__ import annotations

from typing import Final

from einvoice.rules.en16931.vat import AE, IC, E, G, O
from einvoice.rules.en16931.vat_amounts import rounded, rounded_within_one, taxable
from einvoice.rules.en16931.vat_rows import family

TAXABLE: Final = (
    *family(AE, taxable("BR-AE-08", AE, rounded_within_one, syntax="cii", any_tax=True)),
    *family(E, taxable("BR-E-08", E, rounded_within_one, syntax="cii", any_tax=True)),
    *family(G, taxable("BR-G-08", G, rounded_within_one, syntax="cii", any_tax=True)),
    *family(IC, taxable("BR-IC-08", IC, rounded_within_one, syntax="cii", any_tax=True)),
    *family(O, taxable("BR-O-08", O, rounded, syntax="cii", any_tax=True)),
)
