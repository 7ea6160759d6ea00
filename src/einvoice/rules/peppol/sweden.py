# SPDX-License-Identifier: Apache-2.0
"""SE-R: what Sweden asks of its sellers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from einvoice.model.parts import Fault, UnjudgeableError
from einvoice.rules.element_rules import NO_FAULTS, ElementRule, Faults, about, asked
from einvoice.rules.peppol.countries import COUNTRY, SELLER, TAX, vat_schemes
from einvoice.rules.peppol.identifiers import luhn
from einvoice.rules.xpath import is_number, number, trimmed

if TYPE_CHECKING:
    from collections.abc import Callable

    from einvoice.model.parts import Part

RATES: Final = (25, 12, 6)
ACCOUNT: Final = "cac:PaymentMeans/cac:PayeeFinancialAccount/cbc:ID"
F_TAX: Final = "GODKÄND FÖR F-SKATT"
_VAT_NUMBER, _NUMBER = 14, 10


def _is_swedish(party: Part) -> bool:
    return "SE" in party.texts(COUNTRY)


def _parties(top: Part, name: str) -> list[Part]:
    return [party for one in top.anywhere(name) for party in one.parts("cac:Party")]


def applies(top: Part) -> bool:
    """Whether the seller's address is Swedish.

    Args:
        top: the document.
    """
    return any(map(_is_swedish, _parties(top, "cac:AccountingSupplierParty")))


def _domestic(top: Part) -> bool:
    return any(map(_is_swedish, _parties(top, "cac:AccountingCustomerParty")))


def _registered(top: Part) -> bool:
    return any(map(_has_vat_number, _parties(top, "cac:AccountingSupplierParty")))


def _has_vat_number(party: Part) -> bool:
    """Whether a party is Swedish, and so is its VAT number."""
    return _is_swedish(party) and any(one.one("cbc:CompanyID")[:2] == "SE" for one in vat_schemes(party))


# ---- numbers of the seller


def _vat_number(seller: Part) -> str | None:
    """The VAT number of a Swedish seller; ``None`` for one that has no Swedish number."""
    try:
        if not _has_vat_number(seller):
            return None
    except UnjudgeableError:
        return None  # a pattern that cannot be compared does not fit
    numbers = [text for one in vat_schemes(seller) for text in one.texts("cbc:CompanyID")]
    if len(numbers) > 1:
        raise UnjudgeableError(f"there are {len(numbers)} VAT numbers, and one can be compared")
    return numbers[0]


@about("SE-R-001", SELLER)
def se_r_001(seller: Part) -> Faults:
    """A Swedish VAT number has 14 characters."""
    stated = _vat_number(seller)
    if stated is not None and len(trimmed(stated)) != _VAT_NUMBER:
        yield Fault("cac:PartyTaxScheme/cbc:CompanyID", found=stated)


@about("SE-R-002", SELLER)
def se_r_002(seller: Part) -> Faults:
    """The twelve characters behind SE in a Swedish VAT number are digits."""
    stated = _vat_number(seller)
    if stated is not None and not is_number(stated[2:14]):
        yield Fault("cac:PartyTaxScheme/cbc:CompanyID", found=stated)


def _organisation(identifier: str, fits: Callable[[str], bool], sentence: str) -> ElementRule:
    def check(entity: Part) -> Faults:
        seller = entity.above
        if seller is None or not _is_swedish(seller) or not entity.has("cbc:CompanyID"):
            return NO_FAULTS
        return NO_FAULTS if fits(entity.one("cbc:CompanyID")) else [Fault("cbc:CompanyID")]

    return asked(identifier, f"{SELLER}/cac:PartyLegalEntity", check, sentence)


ORGANISATION: Final = (
    _organisation("SE-R-003", is_number, "The organisation number of a Swedish seller is a number."),
    _organisation(
        "SE-R-004",
        lambda stated: len(trimmed(stated)) == _NUMBER,
        "The organisation number of a Swedish seller has ten characters.",
    ),
    _organisation(
        "SE-R-013",
        lambda stated: luhn(trimmed(stated)),
        "The organisation number of a Swedish seller has a right check digit.",
    ),
)


@about("SE-R-005", f"{SELLER}/cac:PartyTaxScheme/cbc:CompanyID")
def se_r_005(stated: Part) -> Faults:
    """The tax registration of a Swedish seller (BT-32) says: Godkänd för F-skatt."""
    scheme = stated.above
    seller = scheme.above if scheme is not None else None
    if (
        scheme is None
        or seller is None
        or not _is_swedish(seller)
        or not seller.has("cac:PartyLegalEntity/cbc:CompanyID")
    ):
        return
    names = scheme.texts(TAX)
    if len(names) > 1 or trimmed("".join(names).upper()) == "VAT":
        return
    if trimmed(stated.text.upper()) != F_TAX:
        yield Fault(expected="Godkänd för F-skatt")


# ---- rates


@about("SE-R-006", "cac:TaxCategory | cac:ClassifiedTaxCategory")
def se_r_006(category: Part) -> Faults:
    """The standard rate of a Swedish seller is 6, 12 or 25 percent."""
    if "S" not in category.texts("cbc:ID"):
        return
    try:
        if not category.recall(_registered):
            return
    except UnjudgeableError:
        return  # a pattern that cannot be compared does not fit
    if number(category.one("cbc:Percent")) not in RATES:
        yield Fault("cbc:Percent", expected="6, 12, 25")


# ---- payment


def _giro(identifier: str, branch: str, fits: Callable[[str], bool], sentence: str) -> ElementRule:
    def check(account: Part) -> Faults:
        means = account.above.above if account.above is not None else None
        if means is None or not _goes_to(means, branch) or fits(trimmed(account.text)):
            return NO_FAULTS
        return [Fault()]

    return asked(identifier, ACCOUNT, check, sentence)


def _goes_to(means: Part, branch: str) -> bool:
    codes = means.texts("cbc:PaymentMeansCode")
    names = means.texts("cac:PayeeFinancialAccount/cac:FinancialInstitutionBranch/cbc:ID")
    return len(codes) == len(names) == 1 and trimmed(codes[0]) == "30" and trimmed(names[0]) == branch


GIRO: Final = (
    _giro("SE-R-007", "SE:PLUSGIRO", is_number, "The number of a Swedish Plusgiro account is a number."),
    _giro(
        "SE-R-010",
        "SE:PLUSGIRO",
        lambda account: 2 <= len(account) <= 8,  # noqa: PLR2004 -- the length of such a number
        "The number of a Swedish Plusgiro account has 2 to 8 characters.",
    ),
    _giro("SE-R-008", "SE:BANKGIRO", is_number, "The number of a Swedish Bankgiro account is a number."),
    _giro(
        "SE-R-009",
        "SE:BANKGIRO",
        lambda account: len(account) in (7, 8),
        "The number of a Swedish Bankgiro account has 7 or 8 characters.",
    ),
)


def _old_giro(means: Part) -> bool:
    return not {"50", "56"}.isdisjoint(means.texts("cbc:PaymentMeansCode"))


@about("SE-R-011", "cac:PaymentMeans")
def se_r_011(means: Part) -> Faults:
    """A Swedish seller asks for a payment to Bankgiro or Plusgiro with code 30 and not with 50 or 56."""
    if _old_giro(means):
        yield Fault("cbc:PaymentMeansCode", expected="30")


@about("SE-R-012", "cac:PaymentMeans")
def se_r_012(means: Part) -> Faults:
    """Between Swedish parties a credit transfer has the code 30 and not 31."""
    if "31" in means.texts("cbc:PaymentMeansCode") and not _old_giro(means) and means.recall(_domestic):
        yield Fault("cbc:PaymentMeansCode", expected="30")


SECTIONS: Final = (
    (
        applies,
        (
            se_r_001,
            se_r_002,
            *ORGANISATION,
            se_r_005,
            se_r_006,
            *GIRO,
            se_r_011,
            se_r_012,
        ),
    ),
)
"""Which documents are asked what."""
