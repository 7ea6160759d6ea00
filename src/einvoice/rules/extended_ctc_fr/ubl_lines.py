# SPDX-License-Identifier: Apache-2.0
"""UBL: which lines count, and BR-FREXT-22 to BR-FREXT-CO-04 and UBL-FREXT-SR-48, which are asked of those alone.

In UBL a line says by a billing reference to the invoice itself that it belongs to another one (EXT-FR-FE-162), and by
the status code there whether it is a detail, groups others, or only informs (EXT-FR-FE-163). A line with such a
reference counts if it is a detail; one without counts anyway.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from einvoice.model.parts import Fault, Part
from einvoice.rules.element_rules import NO_FAULTS, Faults, about
from einvoice.rules.extended_ctc_fr.numbers import Number, summed
from einvoice.rules.xpath import trimmed

if TYPE_CHECKING:
    from collections.abc import Iterable

NAMES: Final = ("cac:InvoiceLine", "cac:CreditNoteLine")
LINES: Final = " | ".join(NAMES)
REFERENCE: Final = "cac:BillingReference"
REFERRED: Final = "cac:InvoiceDocumentReference/cbc:ID"
STATUS: Final = "cac:InvoiceDocumentReference/cbc:DocumentStatusCode"
AMOUNT: Final = "cbc:LineExtensionAmount"
TAX: Final = "cac:Item/cac:ClassifiedTaxCategory"


def numbers(top: Part) -> frozenset[str]:
    """The number of the invoice (BT-1), or its numbers.

    Args:
        top: the document.
    """
    return frozenset(top.texts("cbc:ID"))


def own_references(line: Part) -> list[Part]:
    """The billing references of a line that mean the invoice itself.

    Args:
        line: the line.
    """
    if not line.has(REFERENCE):
        return []
    wanted = line.recall(numbers)
    return [one for one in line.parts(REFERENCE) if not wanted.isdisjoint(one.texts(REFERRED))]


def counts(line: Part) -> bool:
    """Whether a line is added up.

    Args:
        line: the line.
    """
    references = own_references(line)
    return not references or any("DETAIL" in one.texts(STATUS) for one in references)


class Counted(NamedTuple):
    """The lines that are added up.

    Attributes:
        lines: the lines.
        amounts: their net amounts (BT-131), as texts.
        total: what these add up to, rounded to cents.
    """

    lines: list[Part]
    amounts: list[str]
    total: Number


def every(top: Part) -> list[Part]:
    """All lines, wherever they stand.

    Args:
        top: the document.
    """
    return [line for name in NAMES for line in top.anywhere(name)]


def counted(top: Part) -> Counted:
    """The lines that are added up.

    Args:
        top: the document.

    Raises:
        UnjudgeableError: an amount is no number.
    """
    lines = [line for line in every(top) if counts(line)]
    amounts = [text for line in lines for text in line.texts(AMOUNT)]
    return Counted(lines, amounts, summed(amounts))


def vat_categories(parts: Iterable[Part]) -> frozenset[str]:
    """What tax categories are called, without needless white space.

    Args:
        parts: the categories.

    Raises:
        UnjudgeableError: one is called twice.
    """
    return frozenset(trimmed(one.one("cbc:ID")) for one in parts)


def _quantity(line: Part) -> str:
    return "cbc:InvoicedQuantity" if line.name == NAMES[0] else "cbc:CreditedQuantity"


@about("BR-FREXT-22", LINES)
def br_frext_22(line: Part) -> Faults:
    """Each line that does not group others, and does not only inform, has an invoiced quantity."""
    if line.has("cbc:InvoicedQuantity") or line.has("cbc:CreditedQuantity") or not counts(line):
        return NO_FAULTS
    return [Fault(_quantity(line))]


@about("BR-FREXT-23", LINES)
def br_frext_23(line: Part) -> Faults:
    """Each line that does not group others, and does not only inform, has a unit for its quantity."""
    there = line.has("cbc:InvoicedQuantity/@unitCode") or line.has("cbc:CreditedQuantity/@unitCode")
    return NO_FAULTS if there or not counts(line) else [Fault(f"{_quantity(line)}/@unitCode")]


@about("BR-FREXT-24", LINES)
def br_frext_24(line: Part) -> Faults:
    """Each line that does not group others, and does not only inform, has a net amount."""
    return NO_FAULTS if line.has(AMOUNT) or not counts(line) else [Fault(AMOUNT)]


@about("BR-FREXT-26", LINES)
def br_frext_26(line: Part) -> Faults:
    """Each line that does not group others, and does not only inform, has the net price of its item."""
    there = line.has("cac:Price/cbc:PriceAmount") or not counts(line)
    return NO_FAULTS if there else [Fault("cac:Price/cbc:PriceAmount")]


@about("BR-FREXT-CO-04", LINES, version="ubl")
def br_frext_co_04_ubl(line: Part) -> Faults:
    """Each line that does not group others, and does not only inform, has a VAT category."""
    if not counts(line) or any(one.has("cbc:ID") and is_vat(one) for one in line.parts(TAX)):
        return NO_FAULTS
    return [Fault(f"{TAX}/cbc:ID")]


def is_vat(category: Part) -> bool:
    """Whether a tax category is of VAT.

    Args:
        category: the category.

    Raises:
        UnjudgeableError: a scheme is named twice.
    """
    return any(trimmed(scheme.one("cbc:ID").upper()) == "VAT" for scheme in category.parts("cac:TaxScheme"))


@about("UBL-FREXT-SR-48", LINES)
def ubl_frext_sr_48(line: Part) -> Faults:
    """A line has one VAT category; one that groups others, or only informs, has at most one.

    For this rule a line counts if it refers to no invoice at all, or to this one as a detail.
    """
    found = line.parts(TAX)
    if len(found) == 1:
        return NO_FAULTS
    if found:
        return [Fault(part=found[1], why=f"{len(found)} VAT categories")]
    refers = line.has(f"{REFERENCE}/{REFERRED}")
    grouping = refers and not any("DETAIL" in one.texts(STATUS) for one in own_references(line))
    return NO_FAULTS if grouping else [Fault(TAX)]
