# SPDX-License-Identifier: Apache-2.0
"""DK-R: what Denmark asks of its sellers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from einvoice.model.parts import Fault
from einvoice.rules.element_rules import NO_FAULTS, Faults, about
from einvoice.rules.peppol.countries import ANY_INVOICE, BUYER, SELLER, stated_country
from einvoice.rules.xpath import every, number, trimmed

if TYPE_CHECKING:
    from einvoice.model.parts import Part

CVR: Final = "0184"
NUMBER: Final = "cac:PartyLegalEntity/cbc:CompanyID"
ACCOUNT: Final = "cac:PayeeFinancialAccount/cbc:ID"
BRANCH: Final = "cac:PayeeFinancialAccount/cac:FinancialInstitutionBranch/cbc:ID"
MEANS: Final = "Invoice/cac:PaymentMeans"
OWN_LINES: Final = "Invoice/cac:InvoiceLine | CreditNote/cac:CreditNoteLine"
"""The lines of a document; one that stands alone in an extension is not asked."""
BUYERS: Final = f"Invoice/{BUYER} | CreditNote/{BUYER}"
IDENTIFIED: Final = " | ".join(
    f"{root}/{party}/cac:PartyIdentification" for root in ("Invoice", "CreditNote") for party in (SELLER, BUYER)
)
ALLOWED: Final = " 1 10 31 42 48 49 50 58 59 93 97 "
GIRO: Final = ("01#", "04#", "15#")
FIK: Final = ("71#", "73#", "75#")
UNSPSC: Final = frozenset(["19.05.01", "19.0501", "26.08.01", "26.0801"])
CLASS: Final = "cac:Item/cac:CommodityClassification/cbc:ItemClassificationCode"
_GIRO_ACCOUNT: Final = re.compile(r"[0-9]{7,8}")
_TAX, _GIRO_LENGTH, _FIK_ACCOUNT, _FIK_LENGTHS = 4, 19, 8, (18, 19)


def applies(top: Part) -> bool:
    """Whether the seller's address is Danish.

    Args:
        top: the document.
    """
    return stated_country(top, SELLER) == "DK"


def domestic(top: Part) -> bool:
    """Whether the addresses of seller and buyer are Danish.

    Args:
        top: the document.
    """
    return applies(top) and stated_country(top, BUYER) == "DK"


def _unlike_cvr(part: Part, party: str) -> Faults:
    path = f"{party}{NUMBER}"
    if part.has(path) and trimmed(part.one(f"{path}/@schemeID")) != CVR:
        yield Fault(f"{path}/@schemeID", expected=CVR)


# ---- a Danish seller


@about("DK-R-002", ANY_INVOICE)
def dk_r_002(document: Part) -> Faults:
    """A Danish seller states its CVR number as its legal registration."""
    if not trimmed(document.own(f"{SELLER}/{NUMBER}")):
        yield Fault(f"{SELLER}/{NUMBER}")


@about("DK-R-014", ANY_INVOICE)
def dk_r_014(document: Part) -> Faults:
    """The legal registration of a Danish seller is a CVR number (scheme 0184)."""
    return _unlike_cvr(document, f"{SELLER}/")


@about("DK-R-016", ANY_INVOICE)
def dk_r_016(credit_note: Part) -> Faults:
    """A credit note from a Danish seller to a Danish buyer is not negative."""
    total = "cac:LegalMonetaryTotal/cbc:PayableAmount"
    document = credit_note.top
    if document.name == "CreditNote" and every(lambda: domestic(document), lambda: number(credit_note.own(total)) < 0):
        yield Fault("cac:LegalMonetaryTotal/cbc:PayableAmount")


# ---- a Danish seller and a Danish buyer


@about("DK-R-013", IDENTIFIED)
def dk_r_013(identification: Part) -> Faults:
    """Between Danish parties an identifier of seller or buyer has a scheme."""
    if identification.has("cbc:ID") and not trimmed(identification.one("cbc:ID/@schemeID")):
        yield Fault("cbc:ID/@schemeID")


@about("DK-R-017", BUYERS)
def dk_r_017(buyer: Part) -> Faults:
    """Between Danish parties the legal registration of the buyer is a CVR number (scheme 0184)."""
    return _unlike_cvr(buyer, "")


@about("DK-R-003", OWN_LINES)
def dk_r_003(line: Part) -> Faults:
    """Between Danish parties a class of UNSPSC is of the version 19.05.01 or 26.08.01."""
    if "TST" in line.texts(f"{CLASS}/@listID") and UNSPSC.isdisjoint(line.texts(f"{CLASS}/@listVersionID")):
        yield Fault(f"{CLASS}/@listVersionID", expected="19.05.01, 26.08.01")


@about("DK-R-004", "cac:AllowanceCharge")
def dk_r_004(allowance: Part) -> Faults:
    """Between Danish parties a tax that is not VAT (reason ZZZ) is named by four digits, or by a text with # inside."""
    if "ZZZ" not in allowance.texts("cbc:AllowanceChargeReasonCode"):
        return
    reason = allowance.one("cbc:AllowanceChargeReason")
    if len(trimmed(reason)) == _TAX and 0 <= number(reason) <= 9999:  # noqa: PLR2004 -- any four digits
        return
    if "#" not in reason or reason.startswith("#") or reason.endswith("#"):
        yield Fault("cbc:AllowanceChargeReason")


# ---- means of payment in an invoice between Danish parties


def _by(means: Part, *codes: str) -> bool:
    return any(code in codes for code in means.texts("cbc:PaymentMeansCode"))


@about("DK-R-005", MEANS)
def dk_r_005(means: Part) -> Faults:
    """Between Danish parties the means of payment is 1, 10, 31, 42, 48, 49, 50, 58, 59, 93 or 97."""
    if f" {means.one('cbc:PaymentMeansCode')} " not in ALLOWED:
        yield Fault("cbc:PaymentMeansCode", expected=ALLOWED.strip().replace(" ", ", "))


@about("DK-R-006", MEANS)
def dk_r_006(means: Part) -> Faults:
    """Between Danish parties a transfer (codes 31 and 42) names the account and the registration number of the bank."""
    if not _by(means, "31", "42"):
        return NO_FAULTS
    return [Fault(path) for path in (ACCOUNT, BRANCH) if not trimmed(means.own(path))]


@about("DK-R-007", MEANS)
def dk_r_007(means: Part) -> Faults:
    """Between Danish parties a direct debit (code 49) names the mandate and the account to be debited."""
    paths = ("cac:PaymentMandate/cbc:ID", "cac:PaymentMandate/cac:PayerFinancialAccount/cbc:ID")
    return [Fault(path) for path in paths if not trimmed(means.own(path))] if _by(means, "49") else NO_FAULTS


@about("DK-R-008", MEANS)
def dk_r_008(means: Part) -> Faults:
    """Between Danish parties a Giro payment (50) has an id with 01#, 04# or 15#, and 7 or 8 digits of account."""
    if not _by(means, "50"):
        return
    if means.one("cbc:PaymentID")[:3] not in GIRO:
        yield Fault("cbc:PaymentID", expected=", ".join(GIRO))
    elif not _GIRO_ACCOUNT.fullmatch(means.one(ACCOUNT)):
        yield Fault(ACCOUNT)


@about("DK-R-009", MEANS)
def dk_r_009(means: Part) -> Faults:
    """Between Danish parties the payment id of a Giro payment has 16 characters after 04# or 15#."""
    if _by(means, "50") and means.one("cbc:PaymentID")[:3] in GIRO[1:]:
        return _long(means, (_GIRO_LENGTH,))
    return NO_FAULTS


def _long(means: Part, lengths: tuple[int, ...]) -> Faults:
    return NO_FAULTS if len(means.one("cbc:PaymentID")) in lengths else [Fault("cbc:PaymentID")]


@about("DK-R-010", MEANS)
def dk_r_010(means: Part) -> Faults:
    """Between Danish parties a FIK payment (93) has an id with 71#, 73# or 75#, and an account of 8 characters."""
    if not _by(means, "93"):
        return
    if means.one("cbc:PaymentID")[:3] not in FIK:
        yield Fault("cbc:PaymentID", expected=", ".join(FIK))
    elif len(means.own(ACCOUNT)) != _FIK_ACCOUNT:
        yield Fault(ACCOUNT)


@about("DK-R-011", MEANS)
def dk_r_011(means: Part) -> Faults:
    """Between Danish parties the payment id of a FIK payment has 15 or 16 characters after 71# or 75#."""
    if _by(means, "93") and means.one("cbc:PaymentID")[:3] in (FIK[0], FIK[2]):
        return _long(means, _FIK_LENGTHS)
    return NO_FAULTS


SECTIONS: Final = (
    (
        applies,
        (
            dk_r_002,
            dk_r_014,
            dk_r_016,
        ),
    ),
    (
        domestic,
        (
            dk_r_003,
            dk_r_004,
            dk_r_005,
            dk_r_006,
            dk_r_007,
            dk_r_008,
            dk_r_009,
            dk_r_010,
            dk_r_011,
            dk_r_013,
            dk_r_017,
        ),
    ),
)
"""Which documents are asked what."""
