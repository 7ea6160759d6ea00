# SPDX-License-Identifier: Apache-2.0
"""BR-DEX: the extension of XRechnung, with sub lines, third party payments and codes of its own (3.0.2, 10).

They are asked of a document only that names the extension (BT-24).
"""

from __future__ import annotations

from decimal import localcontext
from functools import partial
from typing import TYPE_CHECKING, Final

from einvoice.model.parts import Fault
from einvoice.rules.arithmetic import ZERO, cents, spelled
from einvoice.rules.element_rules import NO_FAULTS, about, needs
from einvoice.rules.rows import CodeList
from einvoice.rules.xpath import EXACT
from einvoice.rules.xrechnung.kinds import TRANSACTION, asked
from einvoice.rules.xrechnung.readings import number, says_something

if TYPE_CHECKING:
    from decimal import Decimal

    from einvoice.model.parts import Part
    from einvoice.rules.element_rules import ElementRule, Faults, Question

MIME: Final = frozenset(
    {
        "application/pdf",
        "application/vnd.oasis.opendocument.spreadsheet",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/xml",
        "image/jpeg",
        "image/png",
        "text/csv",
    }
)
DIGA: Final = frozenset({"XR01", "XR02", "XR03"})
"""Schemes of digital health applications, which only the extension knows."""


def _mime(content: Part) -> Faults:
    return NO_FAULTS if content.get("mimeCode") in MIME else (Fault("@mimeCode"),)


_ATTACHED = "An attached file is a PDF, an image (PNG, JPEG), a table (CSV, XLSX, ODS) or XML, and says which."
ATTACHED = (
    asked("BR-DEX-01", "cbc:EmbeddedDocumentBinaryObject", _mime, _ATTACHED),
    asked("BR-DEX-01", "ram:AttachmentBinaryObject", _mime, _ATTACHED),
)

# ---- sub lines

_NET: Final = "cbc:LineExtensionAmount"
_SUB: Final = "cac:SubInvoiceLine"


@about("BR-DEX-02", "/Invoice")
def br_dex_02(document: Part) -> Faults:
    """The net amount of a line with sub lines is the sum of theirs."""
    for line in (*document.parts("cac:InvoiceLine"), *document.anywhere(_SUB)):
        if not line.has(_SUB):
            continue
        stated = number(line, _NET)
        amounts = [amount for sub in line.parts(_SUB) if (amount := number(sub, _NET)) is not None]
        total = _sum(amounts)
        if stated is None or stated != total:
            yield Fault(_NET, expected=format(total, "f"), why=f"{spelled(amounts)} = {total:f}", part=line)


@about("BR-DEX-03", "/Invoice")
def br_dex_03(document: Part) -> Faults:
    """The item of a sub line has its VAT category, once."""
    for line in document.anywhere(_SUB):
        for item in line.parts("cac:Item"):
            if len(item.parts("cac:ClassifiedTaxCategory")) != 1:
                yield Fault("cac:ClassifiedTaxCategory", part=item)


@about("BR-DEX-15", f"{TRANSACTION}/ram:IncludedSupplyChainTradeLineItem/ram:AssociatedDocumentLineDocument")
def br_dex_15(line: Part) -> Faults:
    """No line belongs to another: XRechnung has no sub lines in CII."""
    if line.recall(_has_parents):
        yield Fault("ram:ParentLineID")


def _has_parents(document: Part) -> bool:
    return bool(document.anywhere("ram:ParentLineID"))


def _sum(amounts: list[Decimal]) -> Decimal:
    total = ZERO
    for amount in amounts:
        total = EXACT.add(total, amount)
    return total


# ---- third party payments

_PAID: Final = "cac:PrepaidPayment/cbc:PaidAmount"


@about("BR-DEX-09", "cac:LegalMonetaryTotal")
def br_dex_09(totals: Part) -> Faults:
    """The amount due is the total with VAT, less what was paid, with the rounding and the third party payments."""
    with_vat, paid = number(totals, "cbc:TaxInclusiveAmount"), number(totals, "cbc:PrepaidAmount") or ZERO
    rounding, due = number(totals, "cbc:PayableRoundingAmount") or ZERO, number(totals, "cbc:PayableAmount")
    third = _third_party(totals)
    if with_vat is None or due is None:
        yield Fault("cbc:PayableAmount")
        return
    computed = _sum([with_vat, -paid, third])
    with localcontext(EXACT):
        met = cents(due - rounding) == cents(computed)
    if not met:
        expected = EXACT.add(computed, rounding)
        why = f"{spelled([with_vat, -paid, third, rounding])} = {expected:f}"
        yield Fault("cbc:PayableAmount", expected=format(expected, "f"), why=why)


def _third_party(totals: Part) -> Decimal:
    document = totals.above
    if document is None or not any(map(says_something, document.texts(_PAID))):
        return ZERO
    found = (number(one, "cbc:PaidAmount") for one in document.parts("cac:PrepaidPayment"))
    return _sum([amount for amount in found if amount is not None])


_PAYMENT: Final = "/Invoice/cac:PrepaidPayment"
PAYMENTS = (
    needs("BR-DEX-10", _PAYMENT, "cbc:ID", "A third party payment says of which kind it is.", filled=True),
    needs("BR-DEX-11", _PAYMENT, "cbc:PaidAmount", "A third party payment has an amount.", filled=True),
    needs("BR-DEX-12", _PAYMENT, "cbc:InstructionID", "A third party payment is described.", filled=True),
)
_DECIMALS: Final = 2


@about("BR-DEX-13", _PAYMENT)
def br_dex_13(payment: Part) -> Faults:
    """A third party payment has at most two decimals."""
    behind = len(payment.one("cbc:PaidAmount").partition(".")[2])
    if behind > _DECIMALS:
        yield Fault("cbc:PaidAmount", why=f"{behind} decimals")


@about("BR-DEX-14", _PAYMENT)
def br_dex_14(payment: Part) -> Faults:
    """A third party payment is in the currency of the invoice."""
    currencies = payment.top.texts("cbc:DocumentCurrencyCode")
    if set(payment.texts("cbc:PaidAmount/@currencyID")).isdisjoint(currencies):
        expected = next(iter(currencies), None)
        yield Fault("cbc:PaidAmount/@currencyID", expected=expected, terms=("BT-DEX-002",))


# ---- schemes of identifiers

_SEPA_PARTIES: Final = ("cac:AccountingSupplierParty", "cac:PayeeParty")
_TAX_NUMBERS: Final = ("ram:SpecifiedTaxRegistration",)
_OTHERS: Final = ("ram:SpecifiedTradeProduct", "ram:ShipToTradeParty")
_NUMBERS: Final = "is a code of ISO 6523, or XR01, XR02 or XR03."
_PARTY: Final = f"The scheme of a party's identifier {_NUMBERS}"
_LEGAL: Final = f"The scheme of a legal registration {_NUMBERS}"
_ITEM: Final = f"The scheme of the standard identifier of an item {_NUMBERS}"
_REACHED: Final = "The scheme of an electronic address is a code of the EAS list, or XR01, XR02 or XR03."
_PLACE: Final = f"The scheme of a delivery location {_NUMBERS}"


def schemes(edition: str, unread: str = "") -> tuple[ElementRule, ...]:
    """BR-DEX-04 to BR-DEX-08 by an edition of the code lists.

    Args:
        edition: the edition, see :mod:`einvoice.codes`.
        unread: the code that the published text of ISO 6523 ends with, if the blank behind it is missing that the
            tests look for: they never find that code.
    """
    numbers = partial(_of_list, CodeList("iso-6523", extra=DIGA, edition=edition), unread=unread)
    addresses = CodeList("eas", extra=DIGA, edition=edition)
    return (
        asked("BR-DEX-04", "cac:PartyIdentification/cbc:ID", numbers(sepa=True), _PARTY),
        asked("BR-DEX-05", "cac:PartyLegalEntity/cbc:CompanyID", numbers(), _LEGAL),
        asked("BR-DEX-06", "cac:StandardItemIdentification/cbc:ID", numbers(), _ITEM),
        asked("BR-DEX-07", "cbc:EndpointID", _of_list(addresses), _REACHED),
        asked("BR-DEX-08", "cac:DeliveryLocation/cbc:ID", numbers(), _PLACE),
        asked("BR-DEX-04", "ram:GlobalID", numbers(outside=_OTHERS), _PARTY),
        asked("BR-DEX-05", "ram:ID", numbers(outside=_TAX_NUMBERS), _LEGAL),
        asked("BR-DEX-06", "ram:SpecifiedTradeProduct/ram:GlobalID", numbers(), _ITEM),
        asked("BR-DEX-07", "ram:URIUniversalCommunication/ram:URIID", _of_list(addresses), _REACHED),
        asked(
            "BR-DEX-08",
            "ram:ApplicableHeaderTradeDelivery/ram:ShipToTradeParty/ram:GlobalID",
            numbers(),
            _PLACE,
        ),
    )


def _of_list(codes: CodeList, *, sepa: bool = False, outside: tuple[str, ...] = (), unread: str = "") -> Question:
    """The scheme of an identifier is of a list; where it says nothing, the publisher's test lets it pass.

    Args:
        codes: the list.
        sepa: whether the seller and the payee may have a creditor identifier beside.
        outside: elements within which nothing is asked.
        unread: a code of the list that the publisher's test does not find.
    """

    def check(identifier: Part) -> Faults:
        scheme = identifier.get("schemeID")
        if scheme is None or not says_something(scheme) or _in(identifier, outside):
            return NO_FAULTS
        bare = scheme.strip(" \t\r\n")
        if (codes.takes(scheme) and bare != unread) or (sepa and bare == "SEPA" and _in(identifier, _SEPA_PARTIES)):
            return NO_FAULTS
        return (Fault("@schemeID", why=f"not in {codes.name}"),)

    return check


def _in(part: Part, names: tuple[str, ...]) -> bool:
    """Whether an element stands, at whatever depth, within one of some names."""
    above = part.above if names else None
    while above is not None:
        if above.name in names:
            return True
        above = above.above
    return False
