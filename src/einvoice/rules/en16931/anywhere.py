# SPDX-License-Identifier: Apache-2.0
"""UBL documents that state something where the invoice has no place for it: what rules look for, and where.

The published tests of UBL look for lines, allowances, tax categories and tax totals wherever they stand: in an
extension, in a price, in a shipment, in a line within a line. Such a document is told here by the elements that hold
what is out of place (``SIGNS``); the rules of ``anywhere_rules`` then ask its elements what they ask the invoice of
any other.
"""

from __future__ import annotations

from decimal import Decimal, localcontext
from functools import cache
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from einvoice.model.parts import Part, UnjudgeableError
from einvoice.model.structure import StructureRow
from einvoice.rules.arithmetic import ZERO
from einvoice.rules.xpath import EXACT, decimal, trimmed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_HOLDERS: Final = (
    "cac:SubInvoiceLine",
    "cac:SubCreditNoteLine",
    "cac:ItemPriceExtension",
    "cac:Shipment",
    "cac:PricingReference",
    "cac:BillingReferenceLine",
    "cac:ForeignExchangeContract",
    "cac:DeliveryTerms",
    "cac:WithholdingTaxTotal",
    "cac:DespatchLineReference",
    "cac:ReceiptLineReference",
)
"""Elements that the schema lets hold lines, allowances, taxes or references, and that hold nothing of EN 16931."""
_TOP: Final = "& /Invoice | /CreditNote"
_ALLOWANCES: Final = "& cac:AllowanceCharge"
_ON_LINES: Final = "& cac:InvoiceLine | cac:CreditNoteLine"
_TAXED: Final = "& " + " | ".join(
    f"cac:Accounting{kind}Party/cac:Party/cac:PartyTaxScheme" for kind in ("Supplier", "Customer")
)
_NUMBERED: Final = _TAXED.replace("/cac:PartyTaxScheme", "/cac:PartyTaxScheme/cbc:CompanyID")
SIGNS: Final = (
    StructureRow("", _TOP, "absent", "ext:UBLExtensions"),
    *(StructureRow("", _TOP, "absent", f"//{name}") for name in _HOLDERS),
    *(StructureRow("", _TOP, "at most 1", name) for name in ("cac:Delivery", "cac:InvoicePeriod")),
    # what the invoice knows on the document alone
    *(StructureRow("", context, "absent", "cac:TaxTotal") for context in (_ON_LINES, _ALLOWANCES)),
    StructureRow("", _ALLOWANCES, "absent", "cac:PaymentMeans"),
    StructureRow("", "& cac:BillingReference", "absent", "cac:AdditionalDocumentReference"),
    StructureRow("", f"{_ON_LINES} | cac:Price", "absent", "cac:AllowanceCharge/cac:TaxCategory"),
    # what it knows on lines
    *(
        StructureRow("", f"& cac:{name}", "absent", "cac:DocumentReference")
        for name in ("OrderReference", "Certificate", "TradeFinancing", "TransactionConditions")
    ),
    # a tax number that says nothing, or one for a tax without a name
    StructureRow("", _NUMBERED, "said", "."),
    StructureRow("", _TAXED, "some", "cac:TaxScheme/cbc:ID"),
)
"""What a document does not have that states everything where the invoice has a place for it."""
LINES: Final = ("cac:InvoiceLine", "cac:CreditNoteLine")
ALLOWANCE: Final = frozenset({"false", "0"})
"""How ``cbc:ChargeIndicator`` says that it is an allowance."""
CHARGE: Final = frozenset({"true", "1"})


# ---- what a tax category says


def is_vat(tax: Part) -> bool:
    """Whether a tax category, or what else has a tax scheme, is about VAT.

    Args:
        tax: the element.
    """
    return any(trimmed(text.upper()) == "VAT" for text in tax.texts("cac:TaxScheme/cbc:ID"))


def code_of(tax: Part) -> str:
    """The category that is stated, without needless white space.

    Args:
        tax: the element.
    """
    return trimmed(tax.one("cbc:ID"))


def is_of(tax: Part, code: str) -> bool:
    """Whether a tax category is of VAT, and a certain one.

    Args:
        tax: the element.
        code: the category.
    """
    return code_of(tax) == code and is_vat(tax)


def indicates(allowance: Part | None, flags: frozenset[str]) -> bool:
    """Whether an element says that it is an allowance, or that it is a charge.

    Args:
        allowance: the element; ``None`` says nothing.
        flags: :data:`ALLOWANCE` or :data:`CHARGE`.
    """
    return allowance is not None and not flags.isdisjoint(allowance.recall(_INDICATORS).get(allowance, ()))


def said_in(name: str, path: str, read: Callable[[str], str] = str) -> Callable[[Part], dict[Part, frozenset[str]]]:
    """The fact what elements of a name say at a path, so that what stands in one of them need not look each time.

    Args:
        name: what the elements are called.
        path: the path from each.
        read: what becomes of a text.
    """

    def fact(top: Part) -> dict[Part, frozenset[str]]:
        return {one: frozenset(map(read, one.texts(path))) for one in top.anywhere(name)}

    return fact


_INDICATORS: Final = said_in("cac:AllowanceCharge", "cbc:ChargeIndicator", trimmed)


class Categories(Struct, frozen=True):
    """The tax categories of a document.

    Attributes:
        items: those of items, wherever they stand.
        every: all others, wherever they stand.
        beside: those of allowances and charges, wherever they stand.
        listed: those of the VAT breakdown.
        reduced: those of the allowances and charges of the document.
    """

    items: list[Part]
    every: list[Part]
    beside: list[Part]
    listed: list[Part]
    reduced: list[Part]

    def beside_of(self, flags: frozenset[str]) -> list[Part]:
        """Those of allowances, or those of charges.

        Args:
            flags: :data:`ALLOWANCE` or :data:`CHARGE`.
        """
        return [one for one in self.beside if indicates(one.above, flags)]


def categories(top: Part) -> Categories:
    """Look for the tax categories (a fact, see :meth:`~einvoice.model.parts.Part.recall`).

    Args:
        top: the element that the document is.
    """
    every = top.anywhere("cac:TaxCategory")
    return Categories(
        items=top.anywhere("cac:ClassifiedTaxCategory"),
        every=every,
        beside=[one for one in every if one.above is not None and one.above.name == "cac:AllowanceCharge"],
        listed=top.parts("cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory"),
        reduced=top.parts("cac:AllowanceCharge/cac:TaxCategory"),
    )


class Numbers(Struct, frozen=True):
    """The tax numbers of a document, as :class:`~einvoice.rules.en16931.tax_ids.Known` names them."""

    seller_vat: bool
    seller_other: bool
    representative_vat: bool
    buyer_vat: bool
    buyer_legal: bool


def numbers(top: Part) -> Numbers:
    """Look for the tax numbers (a fact); a number counts when it is there, even empty.

    Args:
        top: the element that the document is.
    """
    seller, buyer = top.anywhere("cac:AccountingSupplierParty"), top.anywhere("cac:AccountingCustomerParty")
    return Numbers(
        seller_vat=_numbered(seller, "cac:Party/cac:PartyTaxScheme", vat=True),
        seller_other=_numbered(seller, "cac:Party/cac:PartyTaxScheme"),
        representative_vat=_numbered(top.anywhere("cac:TaxRepresentativeParty"), "cac:PartyTaxScheme", vat=True),
        buyer_vat=_numbered(buyer, "cac:Party/cac:PartyTaxScheme", vat=True),
        buyer_legal=_numbered(buyer, "cac:Party/cac:PartyLegalEntity"),
    )


def _numbered(parties: Iterable[Part], path: str, *, vat: bool = False) -> bool:
    found = (one for party in parties for one in party.parts(path) if one.has("cbc:CompanyID"))
    return any(not vat or is_vat(one) for one in found)


# ---- amounts


def rated(holder: Part, path: str, code: str, rate: Decimal | None) -> bool:
    """Whether a line, an allowance or a charge states a category, and a rate, not necessarily of the same category.

    Args:
        holder: the element.
        path: where its categories stand.
        code: the category.
        rate: the rate in percent; ``None`` for any or none.
    """
    if code not in map(trimmed, holder.texts(f"{path}/cbc:ID")):
        return False
    return rate is None or any(decimal(text) == rate for text in holder.texts(f"{path}/cbc:Percent"))


class _Of(Struct, frozen=True):
    """What states a category: in order, and by rate; without the latter where a rate is no number."""

    every: list[Part]
    by_rate: dict[Decimal, list[Part]] | None


ITEM_TAX: Final = "cac:Item/cac:ClassifiedTaxCategory"


@cache
def _grouped(name: str, path: str, flags: frozenset[str], within: str) -> Callable[[Part], dict[str, _Of]]:
    """The fact that groups elements by the categories and rates that they state, so that each is looked at once."""

    def fact(top: Part) -> dict[str, _Of]:
        found = top.anywhere(name) if within == "anywhere" else top.parts(name)
        by_code: dict[str, list[Part]] = {}
        for one in found:
            if not flags or indicates(one, flags):
                for code in set(map(trimmed, one.texts(f"{path}/cbc:ID"))):
                    by_code.setdefault(code, []).append(one)
        return {code: _Of(some, _by_rate(some, path)) for code, some in by_code.items()}

    return fact


def _by_rate(holders: list[Part], path: str) -> dict[Decimal, list[Part]] | None:
    found: dict[Decimal, list[Part]] = {}
    try:
        for one in holders:
            for rate in set(map(decimal, one.texts(f"{path}/cbc:Percent"))):
                found.setdefault(rate, []).append(one)
    except UnjudgeableError:
        return None
    return found


def all_rated(
    top: Part, name: str, code: str, rate: Decimal | None, flags: frozenset[str] = frozenset(), within: str = "top"
) -> Iterable[Part]:
    """The lines, allowances or charges that state a category, and a rate (see :func:`rated`).

    Args:
        top: the element that the document is.
        name: what they are called.
        code: the category.
        rate: the rate in percent; ``None`` for any or none.
        flags: :data:`ALLOWANCE` or :data:`CHARGE`; none for all.
        within: ``top`` for those of the document, ``anywhere`` for all.
    """
    path = ITEM_TAX if name in LINES else "cac:TaxCategory"
    known = top.recall(_grouped(name, path, flags, within)).get(code)
    if known is None:
        return ()
    if rate is None:
        return known.every
    if known.by_rate is None:
        return (one for one in known.every if rated(one, path, code, rate))
    return known.by_rate.get(rate, ())


def sum_of(top: Part, lines: str, code: str, rate: Decimal | None) -> tuple[Decimal, Decimal, Decimal]:
    """What the lines, charges and allowances of the document come to that state a category.

    Args:
        top: the element that the document is.
        lines: what its lines are called.
        code: the category.
        rate: the rate in percent; ``None`` for all.
    """
    with localcontext(EXACT):
        return (
            _added(all_rated(top, lines, code, rate)),
            _added(all_rated(top, "cac:AllowanceCharge", code, rate, CHARGE)),
            _added(all_rated(top, "cac:AllowanceCharge", code, rate, ALLOWANCE)),
        )


def _added(parts: Iterable[Part]) -> Decimal:
    amounts = (text for one in parts for text in (*one.texts("cbc:LineExtensionAmount"), *one.texts("cbc:Amount")))
    return sum(map(decimal, amounts), ZERO)
