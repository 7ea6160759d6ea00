# SPDX-License-Identifier: Apache-2.0
"""Codes of UBL asked of elements: for documents that state one where the invoice has no place for it.

Each asks exactly what its published test asks, by the code lists of a release. Which documents these are,
:mod:`~einvoice.rules.en16931.anywhere` says.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from einvoice.rules.en16931.anywhere import ALLOWANCE, CHARGE, indicates, said_in
from einvoice.rules.en16931.anywhere_groups import holds
from einvoice.rules.en16931.br_cl import AMOUNTS
from einvoice.rules.rows import CodeList

if TYPE_CHECKING:
    from einvoice.model.parts import Part
    from einvoice.rules.element_rules import ElementRule

_DOCUMENTS: Final = ("cac:AdditionalDocumentReference", "cac:DocumentReference")
_TYPES: Final = {name: said_in(name, "cbc:DocumentTypeCode") for name in _DOCUMENTS}
_AMOUNT: Final = " | ".join(end.removesuffix("/@currencyID") for end in AMOUNTS)
_REFERENCE: Final = " | ".join(f"{name}/cbc:ID" for name in _DOCUMENTS)
_REASON: Final = "cac:AllowanceCharge/cbc:AllowanceChargeReasonCode"
_TYPE: Final = {
    "cbc:InvoiceTypeCode": "untdid-1001-invoice",
    "cbc:CreditNoteTypeCode": "untdid-1001-credit-note",
}


def _type(types: dict[str, CodeList], code: Part) -> bool:
    return types[code.name].takes(code.text)


def _coin(coins: CodeList, code: Part) -> bool:
    return coins.takes(code.text)


def _currency(coins: CodeList, amount: Part) -> bool:
    return coins.takes(amount.get("currencyID") or "")


def _scheme(schemes: CodeList, number: Part) -> bool:
    scheme, document = number.get("schemeID"), number.above
    if scheme is None or document is None or "130" not in number.recall(_TYPES[document.name])[document]:
        return True
    return schemes.takes(scheme)


def _reason(reasons: CodeList, flags: frozenset[str], reason: Part) -> bool:
    return not indicates(reason.above, flags) or reasons.takes(reason.text)


def coded(edition: str = "") -> tuple[ElementRule, ...]:
    """The rules.

    Args:
        edition: the edition of the code lists, see :mod:`einvoice.codes`; empty for the one of einvoice's own release.
    """

    def listed(name: str) -> CodeList:
        return CodeList(name, edition=edition)

    coins, schemes = listed("iso-4217"), listed("untdid-1153")
    types = {name: listed(which) for name, which in _TYPE.items()}
    of_type, in_scheme = partial(_type, types), partial(_scheme, schemes)
    coin, currency = partial(_coin, coins), partial(_currency, coins)
    less = partial(_reason, listed("untdid-5189"), ALLOWANCE)
    plus = partial(_reason, listed("untdid-7161"), CHARGE)
    a_type = "The type code is one that an invoice, or a credit note, may have."
    a_scheme = "The scheme of an invoiced object is one of UNTDID 1153."
    return (
        holds("BR-CL-01", " | ".join(_TYPE), ".", of_type, a_type),
        holds("BR-CL-03", _AMOUNT, "./@currencyID", currency, "Every amount is in a currency of ISO 4217."),
        holds("BR-CL-04", "cbc:DocumentCurrencyCode", ".", coin, "The invoice currency is a code of ISO 4217."),
        holds("BR-CL-05", "cbc:TaxCurrencyCode", ".", coin, "The VAT accounting currency is a code of ISO 4217."),
        holds("BR-CL-07", _REFERENCE, "./@schemeID", in_scheme, a_scheme),
        holds("BR-CL-19", _REASON, ".", less, "It is a code of UNTDID 5189."),
        holds("BR-CL-20", _REASON, ".", plus, "It is a code of UNTDID 7161."),
    )
