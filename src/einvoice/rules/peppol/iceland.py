# SPDX-License-Identifier: Apache-2.0
"""IS-R: what Iceland asks of its sellers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from einvoice.model.parts import Fault, UnjudgeableError
from einvoice.rules.element_rules import Faults, about, asked, needs
from einvoice.rules.peppol.countries import ANY_INVOICE, BUYER, SELLER, stated_country
from einvoice.rules.xpath import is_date, trimmed

if TYPE_CHECKING:
    from einvoice.model.parts import Part
    from einvoice.rules.element_rules import ElementRule

BUYERS_OF: Final = "Invoice/cac:AccountingCustomerParty | CreditNote/cac:AccountingCustomerParty"
TYPES: Final = ("380", "381")
NUMBER: Final = "cac:PartyLegalEntity/cbc:CompanyID"
REFERENCES: Final = "cac:AdditionalDocumentReference"
FINAL_DUE: Final = "EINDAGI"
_ACCOUNT, _DATE = 12, len("2026-10-15")


def applies(top: Part) -> bool:
    """Whether the seller's address is Icelandic.

    Args:
        top: the document.
    """
    return stated_country(top, SELLER) == "IS"


def domestic(top: Part) -> bool:
    """Whether the addresses of seller and buyer are Icelandic.

    Args:
        top: the document.
    """
    return applies(top) and stated_country(top, BUYER) == "IS"


@about("IS-R-001", ANY_INVOICE)
def is_r_001(document: Part) -> Faults:
    """The document of an Icelandic seller is an invoice (380) or a credit note (381)."""
    kinds = ("cbc:InvoiceTypeCode", "cbc:CreditNoteTypeCode")
    if not any(trimmed(document.one(kind)) in TYPES for kind in kinds):
        yield Fault(kinds[document.name == "CreditNote"], expected=", ".join(TYPES))


def _registered(document: Part, party: str) -> Faults:
    if "0196" not in document.texts(f"{party}/{NUMBER}/@schemeID"):
        yield Fault(f"{party}/{NUMBER}", expected="0196")


@about("IS-R-002", ANY_INVOICE)
def is_r_002(document: Part) -> Faults:
    """An Icelandic seller states its number in the national register (kennitala, scheme 0196)."""
    return _registered(document, SELLER)


@about("IS-R-004", BUYERS_OF)
def is_r_004(buyer: Part) -> Faults:
    """Between Icelandic parties the buyer's number in the national register (kennitala, scheme 0196) is stated."""
    return _registered(buyer, "cac:Party")


SELLERS: Final = (
    needs(
        "IS-R-003",
        ANY_INVOICE,
        f"{SELLER}/cac:PostalAddress/cbc:StreetName {SELLER}/cac:PostalAddress/cbc:PostalZone",
        "The address of an Icelandic seller has a street and a post code.",
    ),
)
BUYERS: Final = (
    needs(
        "IS-R-005",
        BUYERS_OF,
        "cac:Party/cac:PostalAddress/cbc:StreetName cac:Party/cac:PostalAddress/cbc:PostalZone",
        "Between Icelandic parties the buyer's address has a street and a post code.",
    ),
)


# ---- accounts


def _account(identifier: str, code: str, name: str) -> ElementRule:
    def check(document: Part) -> Faults:
        means = [one for one in document.parts("cac:PaymentMeans") if code in one.texts("cbc:PaymentMeansCode")]
        numbers = [text for one in means for text in one.texts("cac:PayeeFinancialAccount/cbc:ID")]
        if len(numbers) > 1:
            raise UnjudgeableError(f"there are {len(numbers)} accounts, and one can be compared")
        if means and (not numbers or len(trimmed(numbers[0])) != _ACCOUNT):
            yield Fault("cac:PayeeFinancialAccount/cbc:ID", part=means[0])

    sentence = f"{name} (code {code}) of an Icelandic seller names an account of twelve characters."
    return asked(identifier, ANY_INVOICE, check, sentence)


ACCOUNTS: Final = (
    _account("IS-R-006", "9", "A claim to be paid"),
    _account("IS-R-007", "42", "A payment to a bank account"),
)


# ---- the final due date


def _final(document: Part) -> list[Part]:
    return [one for one in document.parts(REFERENCES) if FINAL_DUE in one.texts("cbc:DocumentDescription")]


@about("IS-R-008", ANY_INVOICE)
def is_r_008(document: Part) -> Faults:
    """The final due date of an Icelandic seller (a supporting document described as EINDAGI) is written YYYY-MM-DD."""
    found = _final(document)
    dates = [date for one in found for date in one.texts("cbc:ID")]
    if len(dates) > 1:
        raise UnjudgeableError(f"there are {len(dates)} final due dates, and one can be compared")
    if found and not (dates and len(dates[0]) == _DATE and is_date(dates[0])):
        yield Fault("cbc:ID", part=found[0], expected="YYYY-MM-DD")


@about("IS-R-009", ANY_INVOICE)
def is_r_009(document: Part) -> Faults:
    """With a final due date (EINDAGI) the invoice of an Icelandic seller has a due date."""
    if _final(document) and not document.has("cbc:DueDate"):
        yield Fault("cbc:DueDate")


@about("IS-R-010", ANY_INVOICE)
def is_r_010(document: Part) -> Faults:
    """The final due date (EINDAGI) is not before the due date; both are compared as texts."""
    found = _final(document)
    dates = [date for one in found for date in one.texts("cbc:ID")]
    due = document.texts("cbc:DueDate")
    if found and not any(one <= date for one in due for date in dates):
        yield Fault("cbc:ID", part=found[0], expected=f"≥ {due[0]}" if due else None)


SECTIONS: Final = (
    (
        applies,
        (
            is_r_001,
            is_r_002,
            *SELLERS,
            *ACCOUNTS,
            is_r_008,
            is_r_009,
            is_r_010,
        ),
    ),
    (
        domestic,
        (
            is_r_004,
            *BUYERS,
        ),
    ),
)
"""Which documents are asked what."""
