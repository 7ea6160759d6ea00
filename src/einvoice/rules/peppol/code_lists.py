# SPDX-License-Identifier: Apache-2.0
"""PEPPOL-EN16931-CL, -P and -F: codes, what process and reason for an exemption allow, and the form of dates."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from einvoice.codes import codes as codes_of
from einvoice.model.parts import Fault
from einvoice.rules.element_rules import NO_FAULTS, ElementRule, Faults, about, asked
from einvoice.rules.peppol.base import AMOUNTS, process, self_billing_process
from einvoice.rules.peppol.countries import both_german
from einvoice.rules.xpath import is_date, trimmed

if TYPE_CHECKING:
    from einvoice.model.parts import Part

INVOICES: Final = frozenset(
    ["71", "80", "82", "84", "102", "218", "219", "326", "331", "380", "382", "383", "384", "386", "388", "393", "395"]
).union(["553", "575", "623", "780", "817", "870", "875", "876", "877"])
CREDIT_NOTES: Final = frozenset(["381", "396", "81", "83", "532"])
SELF_BILLED_INVOICES: Final = frozenset(["389", "527"])
SELF_BILLED_CREDIT_NOTES: Final = frozenset(["261"])
GERMAN_ONLY: Final = ("326", "384")
CATEGORIES: Final = {
    "PEPPOL-EN16931-P0104": ("VATEX-EU-G", "G"),
    "PEPPOL-EN16931-P0105": ("VATEX-EU-O", "O"),
    "PEPPOL-EN16931-P0106": ("VATEX-EU-IC", "K"),
    "PEPPOL-EN16931-P0107": ("VATEX-EU-AE", "AE"),
    "PEPPOL-EN16931-P0108": ("VATEX-EU-D", "E"),
    "PEPPOL-EN16931-P0109": ("VATEX-EU-F", "E"),
    "PEPPOL-EN16931-P0110": ("VATEX-EU-I", "E"),
    "PEPPOL-EN16931-P0111": ("VATEX-EU-J", "E"),
}
"""Rule -> the reason for an exemption, and the VAT category that goes with it."""
EDITION: Final = "peppol-3.0.21"
"""The edition of the code lists; that of Self-Billing 3.0.2 is the same."""
_DATE: Final = len("2026-09-01")


@cache
def codes(name: str) -> frozenset[str]:
    """The codes of a list that Peppol takes.

    Args:
        name: the list.
    """
    return codes_of(name, "ubl", EDITION)


def _missing(code: str, name: str) -> Faults:
    return NO_FAULTS if code in codes(name) else [Fault(why=f"not in {name}")]


# ---- codes


@about("PEPPOL-EN16931-CL001", "cbc:EmbeddedDocumentBinaryObject")
def peppol_en16931_cl001(file: Part) -> Faults:
    """The media type of an attached file is one of those that Peppol takes."""
    kind = file.get("mimeCode")
    if kind is not None and kind not in codes("mime"):
        yield Fault("@mimeCode", expected=", ".join(sorted(codes("mime"))))


def _reason(code: Part, indicator: str, name: str) -> Faults:
    above = code.above
    if above is None or indicator not in above.texts("cbc:ChargeIndicator"):
        return NO_FAULTS
    return _missing(trimmed(code.own(".")), name)


@about("PEPPOL-EN16931-CL002", "cac:AllowanceCharge/cbc:AllowanceChargeReasonCode")
def peppol_en16931_cl002(code: Part) -> Faults:
    """The reason for an allowance is a code of UNCL 5189."""
    return _reason(code, "false", "untdid-5189")


@about("PEPPOL-EN16931-CL003", "cac:AllowanceCharge/cbc:AllowanceChargeReasonCode")
def peppol_en16931_cl003(code: Part) -> Faults:
    """The reason for a charge is a code of UNCL 7161.

    Where the indicator says both, which the schema forbids, only the allowance is looked at.
    """
    above = code.above
    if above is None or "false" in above.texts("cbc:ChargeIndicator"):
        return NO_FAULTS
    return _reason(code, "true", "untdid-7161")


@about("PEPPOL-EN16931-CL006", "cac:InvoicePeriod/cbc:DescriptionCode")
def peppol_en16931_cl006(code: Part) -> Faults:
    """The code of the day on which VAT becomes due is one of UNCL 2005: 3, 35 or 432."""
    return _missing(trimmed(code.own(".")), "untdid-2005")


@about("PEPPOL-EN16931-CL007", f"{AMOUNTS} | cbc:TaxAmount")
def peppol_en16931_cl007(amount: Part) -> Faults:
    """The currency of an amount is a code of ISO 4217."""
    return NO_FAULTS if amount.get("currencyID") in codes("iso-4217") else [Fault("@currencyID", why="not in iso-4217")]


@about("PEPPOL-EN16931-CL008", "cbc:EndpointID")
def peppol_en16931_cl008(address: Part) -> Faults:
    """The scheme of an electronic address is a code of the list Electronic Address Scheme (EAS)."""
    scheme = address.get("schemeID")
    sound = scheme is None or scheme in codes("eas")
    return NO_FAULTS if sound else [Fault("@schemeID", why="not in the code list EAS")]


# ---- types of documents


def _type(code: Part, allowed: frozenset[str]) -> Faults:
    fits = trimmed(code.own(".")) in allowed
    return NO_FAULTS if fits else [Fault(expected=", ".join(sorted(allowed, key=int)))]


@about("PEPPOL-EN16931-P0100", "cbc:InvoiceTypeCode")
def peppol_en16931_p0100(code: Part) -> Faults:
    """The type of an invoice is one that the business process allows."""
    return _type(code, INVOICES) if code.recall(process) else NO_FAULTS


@about("PEPPOL-EN16931-P0100", "cbc:InvoiceTypeCode", version="self_billing")
def peppol_en16931_p0100_self_billing(code: Part) -> Faults:
    """The type of a self-billed invoice is 389 or 527, as the business process allows."""
    return _type(code, SELF_BILLED_INVOICES) if code.recall(self_billing_process) == "01" else NO_FAULTS


@about("PEPPOL-EN16931-P0101", "cbc:CreditNoteTypeCode")
def peppol_en16931_p0101(code: Part) -> Faults:
    """The type of a credit note is one that the business process allows."""
    return _type(code, CREDIT_NOTES) if code.recall(process) else NO_FAULTS


@about("PEPPOL-EN16931-P0101", "cbc:CreditNoteTypeCode", version="self_billing")
def peppol_en16931_p0101_self_billing(code: Part) -> Faults:
    """The type of a self-billed credit note is 261, as the business process allows."""
    return _type(code, SELF_BILLED_CREDIT_NOTES) if code.recall(self_billing_process) == "01" else NO_FAULTS


@about("PEPPOL-EN16931-P0112", "cbc:InvoiceTypeCode")
def peppol_en16931_p0112(code: Part) -> Faults:
    """The types 326 (partial) and 384 (corrected) are used between German organisations only."""
    if trimmed(code.text) in GERMAN_ONLY and not code.recall(both_german):
        yield Fault()


# ---- VAT categories


def _category(identifier: str, reason: str, category: str) -> ElementRule:
    def check(code: Part) -> Faults:
        tax = code.above
        if tax is None or code.text.upper() != reason or len(tax.texts("cbc:TaxExemptionReasonCode")) != 1:
            return NO_FAULTS
        return NO_FAULTS if trimmed(tax.one("cbc:ID")) == category else [Fault("cbc:ID", expected=category, part=tax)]

    sentence = f"The VAT category of what is exempt for the reason {reason} is {category}."
    return asked(identifier, "cac:TaxCategory/cbc:TaxExemptionReasonCode", check, sentence)


EXEMPT: Final = tuple(_category(identifier, *pair) for identifier, pair in CATEGORIES.items())


# ---- dates


@about(
    "PEPPOL-EN16931-F001",
    "cbc:IssueDate | cbc:DueDate | cbc:TaxPointDate | cbc:StartDate | cbc:EndDate | cbc:ActualDeliveryDate",
)
def peppol_en16931_f001(date: Part) -> Faults:
    """A date is a day that exists, written YYYY-MM-DD and without a zone."""
    if len(date.own(".")) != _DATE or not is_date(date.text):
        return [Fault(expected="YYYY-MM-DD")]
    return NO_FAULTS
