# SPDX-License-Identifier: Apache-2.0
"""A column may tell what a row is: a line, a header, an allowance, a charge, or nothing."""

from __future__ import annotations

from decimal import Decimal

from tests.importers.stories import HEADER, MAPPING, said, small

KINDS = """
[rows]
by = "Kind"
lines = "P"
header = "K"
skip = ["T", ""]
document_level_charges = "F"
"""
CHARGE = 'document_level_charges = [{ amount = "Price", reason = "Item", vat = { code = "Tax", rate = "Rate" } }]'
KINDED = MAPPING.replace("[lines]", f"{KINDS}\n[lines]").replace("buyer.name =", f"{CHARGE}\nbuyer.name =")


def kinded(*rows: str) -> list[str]:
    return [f"{kind};{cells}" for kind, cells in (each.split(":", 1) for each in rows)]


def test_a_column_may_tell_what_a_row_is() -> None:
    (imported,) = small(
        *kinded(
            "K:A1;05.01.2026;Buyer;FR;;;;;",
            "P:A1;;;;Hammer;2;10,50;N;19",
            "T:A1;;;ZZ;a remark;;;;",
            "F:A1;;;;Freight;;5,00;N;19",
            "F:A1;;;;Packing;;1,00;N;7",
        ),
        header=f"Kind;{HEADER}",
        mapping=KINDED,
    )
    assert not imported.faults
    assert [line.identifier for line in imported.invoice.lines] == ["1"]
    charges = imported.invoice.document_level_charges
    assert [(charge.reason, charge.amount, charge.vat_rate) for charge in charges] == [
        ("Freight", Decimal("5.00"), Decimal(19)),
        ("Packing", Decimal("1.00"), Decimal(7)),
    ]
    assert imported.provenance["document_level_charges[1].amount"].row == 6


def test_a_row_of_an_undeclared_kind_is_a_fault() -> None:
    (imported,) = small(
        *kinded("K:A1;05.01.2026;Buyer;FR;;;;;", "P:A1;;;;Hammer;2;10,50;N;19", "Q:A1;;;;Nut;2;10,50;N;19"),
        header=f"Kind;{HEADER}",
        mapping=KINDED,
    )
    assert said(imported) == ["row 4: 'Q' is not declared below [rows]"]


def test_an_invoice_without_header_row_or_lines_is_a_fault() -> None:
    first, second = small(
        *kinded("P:A1;05.01.2026;Buyer;FR;Hammer;2;10,50;N;19", "K:A2;05.01.2026;Buyer;FR;;;;;"),
        header=f"Kind;{HEADER}",
        mapping=KINDED,
    )
    assert said(first) == ["row 2: the invoice has no row that the mapping declares as its header"]
    assert said(second) == ["row 3 (BG-25): the invoice has no line"]
