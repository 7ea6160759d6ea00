# SPDX-License-Identifier: Apache-2.0
"""BR-DE-19, -20, -23 to -25, -30 and -31: how the invoice is paid (XRechnung 3.0.2, 8.1).

UBL writes each way to pay with all that belongs to it. CII writes what a direct debit has (BG-19) with the account that
is debited, with the terms of payment and beside both.
"""

from __future__ import annotations

import re
import string
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from einvoice.model.parts import Fault
from einvoice.rules.element_rules import NO_FAULTS, Faults, about
from einvoice.rules.xrechnung.kinds import CII, SETTLEMENT, asked, ubl

if TYPE_CHECKING:
    from einvoice.model.parts import Part
    from einvoice.rules.element_rules import ElementRule, Question

_SETTLED: Final = SETTLEMENT.removeprefix(f"{CII}/")
MANDATE: Final = f"{_SETTLED}/ram:SpecifiedTradePaymentTerms/ram:DirectDebitMandateID"
CREDITOR: Final = f"{_SETTLED}/ram:CreditorReferenceID"
_MEANS: Final = "ram:SpecifiedTradeSettlementPaymentMeans"
_OWN_ACCOUNT: Final = "ram:PayerPartyDebtorFinancialAccount/ram:IBANID"
DEBITED: Final = f"{_SETTLED}/{_MEANS}/{_OWN_ACCOUNT}"


class _Means(Struct, frozen=True):
    """How a syntax writes the means of payment.

    Attributes:
        context: the element.
        code: the path to its code (BT-81).
        transfer: what says BG-17.
        card: what says BG-18.
        debit: what says BG-19 within the element.
        debits: what says it elsewhere in the document.
        banks: further parts of a transfer that a direct debit must not have.
        payee: the path to the account to be credited (BT-84).
        payer: the path to the account to be debited (BT-91).
    """

    context: str
    code: str
    transfer: str
    card: str
    debit: str
    debits: tuple[str, ...]
    banks: tuple[str, ...]
    payee: str
    payer: str


_SYNTAXES: Final = (
    _Means(
        context=ubl("cac:PaymentMeans"),
        code="cbc:PaymentMeansCode",
        transfer="cac:PayeeFinancialAccount",
        card="cac:CardAccount",
        debit="cac:PaymentMandate",
        debits=(),
        banks=(),
        payee="cac:PayeeFinancialAccount/cbc:ID",
        payer="cac:PaymentMandate/cac:PayerFinancialAccount/cbc:ID",
    ),
    _Means(
        context=f"{SETTLEMENT}/{_MEANS}",
        code="ram:TypeCode",
        transfer="ram:PayeePartyCreditorFinancialAccount",
        card="ram:ApplicableTradeSettlementFinancialCard",
        debit=_OWN_ACCOUNT,
        debits=(MANDATE, CREDITOR),
        banks=("ram:PayeeSpecifiedCreditorFinancialInstitution", "ram:PayerSpecifiedDebtorFinancialInstitution"),
        payee="ram:PayeePartyCreditorFinancialAccount/ram:IBANID",
        payer=_OWN_ACCOUNT,
    ),
)
TRANSFERS: Final = ("30", "58")
CARDS: Final = ("48", "54", "55")
DEBITS: Final = ("59",)
_GROUPS: Final = {"transfer": "BG-17", "card": "BG-18", "debit": "BG-19"}
_DEBIT: Final = ("BG-19",)


def _coded(syntax: _Means, codes: tuple[str, ...]) -> str:
    """The means of payment that say one of some codes: one look at the code tells for all rules."""
    condition = f"[trim({syntax.code})={'|'.join(map(repr, codes))}]"
    return " | ".join(f"{context}{condition}" for context in syntax.context.split(" | "))


def _debit(means: Part, syntax: _Means) -> bool:
    """Whether anything of a direct debit is stated."""
    return means.has(syntax.debit) or (bool(syntax.debits) and any(means.recall(_debited)[:2]))


def _debited(document: Part) -> tuple[bool, bool, bool]:
    """Whether CII states a mandate, a creditor, and an account to be debited."""
    return document.has(MANDATE), document.has(CREDITOR), document.has(DEBITED)


# ---- what a means of payment has, and what it has not


def _wants(identifier: str, codes: tuple[str, ...], group: str, sentence: str) -> tuple[ElementRule, ...]:
    """A way to pay has the group that belongs to it."""

    def question(syntax: _Means) -> Question:
        path: str = getattr(syntax, group)

        def check(means: Part) -> Faults:
            there = _debit(means, syntax) if group == "debit" else means.has(path)
            return NO_FAULTS if there else (Fault(path, terms=(_GROUPS[group],)),)

        return check

    return tuple(asked(identifier, _coded(syntax, codes), question(syntax), sentence) for syntax in _SYNTAXES)


def _refuses(
    identifier: str, codes: tuple[str, ...], groups: tuple[str, ...], sentence: str
) -> tuple[ElementRule, ...]:
    """A way to pay has no groups that belong to another."""

    def question(syntax: _Means) -> Question:
        paths = [(getattr(syntax, group), (_GROUPS[group],)) for group in groups if group != "debit"]
        paths += [(bank, ("BT-86",)) for bank in syntax.banks] if codes == DEBITS else []

        def check(means: Part) -> Faults:
            wrong = [Fault(path, terms=terms) for path, terms in paths if means.has(path)]
            if "debit" in groups and _debit(means, syntax):
                wrong.append(_stated(means, syntax))
            return wrong or NO_FAULTS

        return check

    return tuple(asked(identifier, _coded(syntax, codes), question(syntax), sentence) for syntax in _SYNTAXES)


def _stated(means: Part, syntax: _Means) -> Fault:
    """Where something of a direct debit is stated."""
    if means.has(syntax.debit):
        return Fault(syntax.debit, terms=_DEBIT)
    return next(Fault(path, part=means.top, terms=_DEBIT) for path in syntax.debits if means.top.has(path))


MEANS = (
    *_wants("BR-DE-23-a", TRANSFERS, "transfer", "A credit transfer (codes 30 and 58) names the account to pay to."),
    *_refuses(
        "BR-DE-23-b", TRANSFERS, ("card", "debit"), "A credit transfer comes without card and without direct debit."
    ),
    *_wants("BR-DE-24-a", CARDS, "card", "A payment by card (codes 48, 54 and 55) names the card."),
    *_refuses(
        "BR-DE-24-b", CARDS, ("transfer", "debit"), "A payment by card comes without credit transfer and direct debit."
    ),
    *_wants("BR-DE-25-a", DEBITS, "debit", "A direct debit (code 59) comes with what belongs to it."),
    *_refuses(
        "BR-DE-25-b", DEBITS, ("transfer", "card"), "A direct debit comes without credit transfer and without card."
    ),
)

# ---- IBAN (ISO 13616)

_IBAN: Final = re.compile(r"[A-Z]{2}[0-9]{2}[a-zA-Z0-9]{0,30}")
_BLANKS: Final = re.compile(r"[ \t\r\n]+")
_MODULUS: Final = 97
_VALUES: Final = {ord(letter): str(ord(letter) - 55) for letter in string.ascii_letters}
"""What a letter counts as: A is 10."""


def is_iban(text: str) -> bool:
    """Whether a text is an IBAN, as the publisher's test computes it (ISO 7064, MOD 97-10).

    White space does not count. Of the country, only the form of its code is looked at; a small letter counts as the
    number that its place behind the capital letters gives it, which no bank does.

    Args:
        text: the text.
    """
    number = _BLANKS.sub("", text)
    if not _IBAN.fullmatch(number):
        return False
    return int(f"{number[4:]}{number[:4]}".translate(_VALUES)) % _MODULUS == 1


_ACCOUNTS: Final = {"payee": "BT-84", "payer": "BT-91"}


def _iban(identifier: str, code: str, account: str, sentence: str) -> tuple[ElementRule, ...]:
    """The account that a way to pay names is an IBAN."""

    def question(syntax: _Means) -> Question:
        path: str = getattr(syntax, account)

        def check(means: Part) -> Faults:
            return NO_FAULTS if is_iban(means.one(path)) else (Fault(path, terms=(_ACCOUNTS[account],)),)

        return check

    return tuple(asked(identifier, _coded(syntax, (code,)), question(syntax), sentence) for syntax in _SYNTAXES)


ACCOUNTS = (
    *_iban("BR-DE-19", "58", "payee", "The account that a SEPA credit transfer (code 58) goes to is an IBAN."),
    *_iban("BR-DE-20", "59", "payer", "The account that a SEPA direct debit (code 59) is taken from is an IBAN."),
)

# ---- what a direct debit has


# These two are about the document. They are asked of what makes a direct debit, so that an invoice without one is not
# asked; the first of those tells.

_MANDATE: Final = "cac:PaymentMeans/cac:PaymentMandate"
_PAYER: Final = f"{_MANDATE}/cac:PayerFinancialAccount/cbc:ID"
_DEBIT_IN_CII: Final = " | ".join(f"{CII}/{path}" for path in (MANDATE, CREDITOR, DEBITED))


def _told(document: Part, fault: Fault, *paths: str) -> dict[Part, Faults]:
    """A fault of the document, by the first element at some paths."""
    return {next(one for path in paths for one in document.parts(path)): (fault,)}


def _unnamed_creditor(document: Part) -> dict[Part, Faults]:
    for party in ("cac:AccountingSupplierParty/cac:Party", "cac:PayeeParty"):
        if "SEPA" in document.texts(f"{party}/cac:PartyIdentification/cbc:ID/@schemeID"):
            return {}
    fault = Fault("cac:PayeeParty/cac:PartyIdentification", part=document, terms=("BT-90",))
    return _told(document, fault, _MANDATE)


@about("BR-DE-30", ubl(_MANDATE), version="ubl")
def br_de_30_ubl(mandate: Part) -> Faults:
    """A direct debit names the creditor by its identifier with the bank."""
    return mandate.recall(_unnamed_creditor).get(mandate, NO_FAULTS)


def _creditor_lacks(document: Part) -> dict[Part, Faults]:
    mandate, creditor, account = document.recall(_debited)
    if creditor and (mandate or account):
        return {}
    return _told(document, Fault(CREDITOR, part=document, terms=("BT-90",)), MANDATE, CREDITOR, DEBITED)


@about("BR-DE-30", _DEBIT_IN_CII, version="cii")
def br_de_30_cii(stated: Part) -> Faults:
    """A direct debit names the creditor by its identifier with the bank.

    A direct debit is there if anything of it is; the identifier alone is not enough of one.
    """
    return stated.recall(_creditor_lacks).get(stated, NO_FAULTS)


def _unnamed_payer(document: Part) -> dict[Part, Faults]:
    if document.has(_PAYER):
        return {}
    return _told(document, Fault(_PAYER, part=document, terms=("BT-91",)), _MANDATE)


@about("BR-DE-31", ubl(_MANDATE), version="ubl")
def br_de_31_ubl(mandate: Part) -> Faults:
    """A direct debit names the account to be debited."""
    return mandate.recall(_unnamed_payer).get(mandate, NO_FAULTS)


def _account_lacks(document: Part) -> dict[Part, Faults]:
    mandate, creditor, account = document.recall(_debited)
    if account and (mandate or creditor):
        return {}
    return _told(document, Fault(DEBITED, part=document, terms=("BT-91",)), MANDATE, CREDITOR, DEBITED)


@about("BR-DE-31", _DEBIT_IN_CII, version="cii")
def br_de_31_cii(stated: Part) -> Faults:
    """A direct debit names the account to be debited.

    A direct debit is there if anything of it is; the account alone is not enough of one.
    """
    return stated.recall(_account_lacks).get(stated, NO_FAULTS)
