# SPDX-License-Identifier: Apache-2.0
"""PEPPOL-EN16931-R: what Peppol asks of every document: process, references, parties, tax totals and payment."""

from __future__ import annotations

import operator
from functools import partial
from typing import TYPE_CHECKING, Final

from einvoice.model.parts import Fault
from einvoice.rules.element_rules import NO_FAULTS, Faults, about, asked, lacks, needs, of_document
from einvoice.rules.peppol.countries import ANY_INVOICE, BUYER, SELLER, both_german
from einvoice.rules.xpath import double, every, some, trimmed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from einvoice.model.parts import Part

COMPLIANT: Final = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc"
PROCESSES: Final = {
    "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0": "01",
    "urn:peppol:france:billing:regulated": "01",
    "urn:peppol:france:billing:non-regulated": "01",
    "urn:peppol:bis:billing_with_response": "02",
}
"""Business process (BT-23) -> the profile that the tests know it as."""
SELF_BILLING_PROCESSES: Final = {
    name.replace("poacc:billing", "poacc:selfbilling"): profile for name, profile in PROCESSES.items()
}
AMOUNTS: Final = (
    "cbc:Amount | cbc:BaseAmount | cbc:PriceAmount | cbc:TaxableAmount | cbc:LineExtensionAmount"
    " | cbc:TaxExclusiveAmount | cbc:TaxInclusiveAmount | cbc:AllowanceTotalAmount | cbc:ChargeTotalAmount"
    " | cbc:PrepaidAmount | cbc:PayableRoundingAmount | cbc:PayableAmount"
)
TAX_AMOUNTS: Final = "cac:TaxTotal/cbc:TaxAmount"


def process(top: Part) -> str:
    """The profile of the business process; empty where Peppol Billing does not know it.

    Args:
        top: the document.
    """
    return PROCESSES.get(trimmed(top.one("cbc:ProfileID")), "")


def self_billing_process(top: Part) -> str:
    """The profile of the business process; empty where Peppol Self-Billing does not know it.

    Args:
        top: the document.
    """
    return SELF_BILLING_PROCESSES.get(trimmed(top.one("cbc:ProfileID")), "")


# ---- the document

PROVIDED: Final = (
    needs("PEPPOL-EN16931-R001", ANY_INVOICE, "cbc:ProfileID", "The business process is stated."),
    needs("PEPPOL-EN16931-R010", BUYER, "cbc:EndpointID", "The buyer has an electronic address."),
    needs("PEPPOL-EN16931-R020", SELLER, "cbc:EndpointID", "The seller has an electronic address."),
)


@about("PEPPOL-EN16931-R007", ANY_INVOICE)
def peppol_en16931_r007(document: Part) -> Faults:
    """The business process is one that Peppol Billing has approved."""
    if not document.recall(process):
        yield Fault("cbc:ProfileID")


@about("PEPPOL-EN16931-R007", ANY_INVOICE, version="self_billing")
def peppol_en16931_r007_self_billing(document: Part) -> Faults:
    """The business process is one that Peppol Self-Billing has approved."""
    if not document.recall(self_billing_process):
        yield Fault("cbc:ProfileID")


@about("PEPPOL-EN16931-R004", ANY_INVOICE)
def peppol_en16931_r004(document: Part) -> Faults:
    """The specification identifier is that of Peppol Billing or begins with it, and has no two colons in a row."""
    return _specification(document, f"{COMPLIANT}:billing:3.0")


@about("PEPPOL-EN16931-R004", ANY_INVOICE, version="self_billing")
def peppol_en16931_r004_self_billing(document: Part) -> Faults:
    """The specification identifier is that of Peppol Self-Billing or begins with it, and has no two colons in a row."""
    return _specification(document, f"{COMPLIANT}:selfbilling:3.0")


def _specification(document: Part, wanted: str) -> Iterator[Fault]:
    stated = trimmed(document.own("cbc:CustomizationID"))
    if not stated.startswith(wanted) or "::" in stated:
        yield Fault("cbc:CustomizationID", expected=wanted)


@about("PEPPOL-EN16931-R002", ANY_INVOICE)
def peppol_en16931_r002(document: Part) -> Faults:
    """There is at most one note, unless seller and buyer are German."""
    notes = document.parts("cbc:Note")
    if len(notes) > 1 and not document.recall(both_german):
        yield Fault(part=notes[1], why=f"{len(notes)} notes")


@about("PEPPOL-EN16931-R003", ANY_INVOICE)
def peppol_en16931_r003(document: Part) -> Faults:
    """A buyer reference or a purchase order reference is stated."""
    if not document.has("cbc:BuyerReference") and not document.has("cac:OrderReference/cbc:ID"):
        yield Fault("cbc:BuyerReference")


@about("PEPPOL-EN16931-R005", "cbc:TaxCurrencyCode")
def peppol_en16931_r005(currency: Part) -> Faults:
    """The VAT accounting currency, where it is stated, is another than the invoice currency."""
    beside = currency.above
    if trimmed(currency.own(".")) == trimmed(beside.own("cbc:DocumentCurrencyCode") if beside else ""):
        yield Fault()


@about("PEPPOL-EN16931-R080", "CreditNote")
def peppol_en16931_r080(credit_note: Part) -> Faults:
    """A credit note has at most one project reference (a supporting document of type 50)."""
    found = [one for one in credit_note.parts("cac:AdditionalDocumentReference") if _is_project(one)]
    if len(found) > 1:
        yield Fault(part=found[1], why=f"{len(found)} project references")


def _is_project(reference: Part) -> bool:
    return "50" in reference.texts("cbc:DocumentTypeCode")


# ---- tax totals


def _broken_down(document: Part) -> list[bool]:
    """Whether each tax total has a breakdown."""
    return [one.has("cac:TaxSubtotal") for one in document.parts("cac:TaxTotal")]


@about("PEPPOL-EN16931-R053", ANY_INVOICE)
def peppol_en16931_r053(document: Part) -> Faults:
    """There is one tax total with a breakdown."""
    found = of_document(document, _broken_down).count(True)
    if found == 1:
        return NO_FAULTS
    return [Fault("cac:TaxTotal", found=str(found), expected="1", why="tax totals with a breakdown")]


@about("PEPPOL-EN16931-R054", ANY_INVOICE)
def peppol_en16931_r054(document: Part) -> Faults:
    """There is one tax total without a breakdown if a VAT accounting currency is stated, and none if not."""
    found = of_document(document, _broken_down).count(False)
    wanted = 1 if document.has("cbc:TaxCurrencyCode") else 0
    if found == wanted:
        return NO_FAULTS
    return [Fault("cac:TaxTotal", found=str(found), expected=str(wanted), why="tax totals without a breakdown")]


@about("PEPPOL-EN16931-R055", ANY_INVOICE)
def peppol_en16931_r055(document: Part) -> Faults:
    """The VAT totals in the invoice currency and in the accounting currency have the same sign; zero has both.

    Amounts are compared as binary floating point numbers. Where one of the two is missing, the rule is broken.
    """
    if not document.has("cbc:TaxCurrencyCode"):
        return
    amounts = document.parts(TAX_AMOUNTS)
    accounting = _in_currency(amounts, trimmed(document.one("cbc:TaxCurrencyCode")))
    own = _in_currency(amounts, trimmed(document.one("cbc:DocumentCurrencyCode")))
    if not some([lambda: _both(accounting, own, operator.le), lambda: _both(accounting, own, operator.ge)]):
        yield Fault("cac:TaxTotal", found=", ".join([*own, *accounting]))


def _both(these: list[str], those: list[str], compare: Callable[[float, float], bool]) -> bool:
    """Whether one of these and one of those compare so with zero."""
    return every(partial(_one, these, compare), partial(_one, those, compare))


def _one(amounts: list[str], compare: Callable[[float, float], bool]) -> bool:
    return some(partial(_is, amount, compare) for amount in amounts)


def _is(amount: str, compare: Callable[[float, float], bool]) -> bool:
    return compare(double(amount), 0)


def _in_currency(amounts: list[Part], currency: str) -> list[str]:
    return [one.text for one in amounts if one.get("currencyID") == currency]


# ---- payment, currency


@about("PEPPOL-EN16931-R061", "cac:PaymentMeans[trim(cbc:PaymentMeansCode)='49'|'59']")
def peppol_en16931_r061(means: Part) -> Faults:
    """A direct debit (codes 49 and 59) names its mandate."""
    return lacks(means, "cac:PaymentMandate/cbc:ID")


def _currencies(top: Part) -> list[str]:
    return top.texts("cbc:DocumentCurrencyCode")


def _in_invoice_currency(amount: Part) -> Faults:
    """Whether an amount is in the invoice currency; asked of every amount, so that nothing stands between."""
    known = amount.recall(_currencies)
    if amount.get("currencyID") in known or _without_breakdown(amount):
        return NO_FAULTS
    return [Fault("@currencyID", expected=", ".join(known) or None)]


def _without_breakdown(amount: Part) -> bool:
    """Whether it is the tax amount of a total that has no breakdown."""
    total = amount.above
    return total is not None and amount.name == "cbc:TaxAmount" and _is_bare_total(total)


def _is_bare_total(total: Part) -> bool:
    return total.name == "cac:TaxTotal" and not total.has("cac:TaxSubtotal")


PEPPOL_EN16931_R051: Final = asked(
    "PEPPOL-EN16931-R051",
    f"{AMOUNTS} | {TAX_AMOUNTS} | cac:TaxSubtotal/cbc:TaxAmount",
    _in_invoice_currency,
    "Every amount is in the invoice currency, but the VAT total in the accounting currency (BT-111).",
)
PEPPOL_EN16931_R051_SELF_BILLING: Final = asked(
    "PEPPOL-EN16931-R051",
    f"{AMOUNTS} | {TAX_AMOUNTS}",
    _in_invoice_currency,
    "Every amount is in the invoice currency, but the taxes of the VAT breakdown and the total that BT-111 is.",
)
