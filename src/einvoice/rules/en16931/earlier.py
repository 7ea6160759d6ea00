# SPDX-License-Identifier: Apache-2.0
"""Rules as release 1.3.15 tested them, where 1.3.16 tests otherwise (EN 16931-1, 6.4)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from einvoice.model import Invoice, PaymentCardInformation, PaymentMeans, SellerTaxRepresentative
from einvoice.model.parts import Fault, UnjudgeableError
from einvoice.rules.element_rules import ElementRule, asked
from einvoice.rules.en16931 import br_49_65, br_co
from einvoice.rules.en16931.anywhere import categories, is_vat
from einvoice.rules.en16931.anywhere_groups import holds
from einvoice.rules.en16931.anywhere_vat import TOP
from einvoice.rules.en16931.vat_use import VatUse
from einvoice.rules.leaves import Leaves
from einvoice.rules.places import counted
from einvoice.rules.registry import Miss, rule
from einvoice.rules.rows import never, require
from einvoice.rules.xpath import double, number

if TYPE_CHECKING:
    from einvoice.model.parts import Part
    from einvoice.rules.element_rules import Faults
    from einvoice.rules.registry import Family

ROWS = (
    require("BR-18", SellerTaxRepresentative, "BT-62", "The seller's tax representative is named.", syntax="cii"),
    require("BR-20", SellerTaxRepresentative, "BT-69", "The tax representative's address has a country.", syntax="cii"),
    never(
        "CII-SR-464",
        PaymentMeans,
        "EN 16931 does not use ram:PayerSpecifiedDebtorFinancialInstitution in a"
        " ram:SpecifiedTradeSettlementPaymentMeans.",
        syntax="cii",
    ),
)


_DUE = "If an amount is due (BT-115), the invoice has a due date (BT-9) or payment terms (BT-20)."
_TERMS = "ram:SpecifiedTradePaymentTerms"


def _due_ubl(amount: Part) -> Faults:
    """Asked of invoices, not of credit notes; an amount that is no number cannot be compared."""
    noted = any(terms.has("cbc:Note") for terms in amount.anywhere("cac:PaymentTerms"))
    if double(amount.text) > 0 and not noted and not amount.anywhere("cbc:DueDate"):
        yield Fault(found=amount.text, why="neither a due date nor payment terms")


def _due_cii(document: Part) -> Faults:
    """What is no number is not above zero; of several amounts none can be compared."""
    amounts = document.anywhere("ram:DuePayableAmount")
    if len(amounts) > 1:
        raise UnjudgeableError("several amounts are due")
    due = [one for one in amounts if number(one.text) > 0]
    terms = document.anywhere(_TERMS)
    if due and not any(one.has("ram:DueDateDateTime") or one.has("ram:Description") for one in terms):
        yield Fault(part=due[0], found=due[0].text, why="neither a due date nor payment terms")


DUE: Final[dict[Family, ElementRule]] = {
    "ubl": asked("BR-CO-25", "/Invoice/cac:LegalMonetaryTotal/cbc:PayableAmount", _due_ubl, _DUE),
    "cii": asked("BR-CO-25", "/rsm:CrossIndustryInvoice", _due_cii, _DUE),
}


def _told(seller: Part) -> bool:
    return any(is_vat(one) and one.has("cbc:CompanyID") for one in seller.parts("cac:Party/cac:PartyTaxScheme")) or any(
        seller.has(f"cac:Party/{path}")
        for path in ("cac:PartyIdentification/cbc:ID", "cac:PartyLegalEntity/cbc:CompanyID")
    )


def _split_alone(top: Part) -> bool:
    known = top.recall(categories)
    stated = {text for one in (*known.reduced, *known.items) for text in one.texts("cbc:ID")}
    split = "B" in stated or any("B" in one.texts("cbc:ID") for one in known.listed)
    return not split or not ("S" in stated or "S" in top.texts("cac:TaxTotal/cac:TaxSubtotal/cbc:ID"))


ANYWHERE: Final[tuple[ElementRule, ...]] = (
    holds("BR-CO-26", "cac:AccountingSupplierParty", ".", _told, "The seller can be told by a number."),
    holds("BR-B-02", TOP, ".", _split_alone, "An invoice with split payment (B) has nothing that is standard rated."),
)
"""Rules that are asked of the elements of odd documents (:mod:`~einvoice.rules.en16931.anywhere`)."""


@rule("BR-50", syntax="cii", reads=" ".join(br_49_65.br_61_cii.reads))
def br_50_cii(means: PaymentMeans) -> Iterator[Miss]:
    """A credit transfer (codes 30 and 58) names the account to pay to.

    An account without content counted as one.
    """
    yield from br_49_65.br_61_cii(means)


@rule("BR-51", syntax="cii", reads="BT-87")
def br_51_cii(card: PaymentCardInformation) -> Iterator[Miss]:
    """A card number is never shown in full: at most its first six and last four digits.

    White space counted.
    """
    digits = card.primary_account_number or ""
    if len(digits) > br_49_65.CARD_DIGITS:
        yield Miss("BT-87", f"…{digits[-4:]}", why=f"{len(digits)} characters")


@rule("BR-CO-26", syntax="ubl", reads="BG-4 BT-29 BT-30 BT-31 BT-90", unreadable="there")
def br_co_26_ubl(invoice: Invoice, leaves: Leaves) -> Iterator[Miss]:
    """The seller can be told by an identifier, a legal registration or a VAT identifier.

    A creditor identifier (BT-90) of the seller counted as an identifier.
    """
    instructions = invoice.payment_instructions
    debit = instructions.direct_debit if instructions is not None else None
    if debit is None or debit.bank_assigned_creditor_identifier is None:
        yield from br_co.br_co_26(invoice, leaves)


@rule("BR-B-02", syntax="ubl", reads="BT-151 BT-95 BT-102 BT-118")
def br_b_02_ubl(_: Invoice, use: VatUse) -> Iterator[Miss]:
    """An invoice with split payment (B) has nothing that is standard rated (S).

    The VAT breakdown was looked through for B, and not for S.
    """
    everywhere = ("lines", "allowances", "charges", "breakdown")
    split = next((one for part in everywhere for one in use.of_category(part, "B")), None)
    standard = next((one for part in everywhere[:3] for one in use.of_category(part, "S")), None)
    if split and standard:
        yield Miss(at=f"/{standard.path}", found="S", expected="B", why=f"{counted(split.path)} is of category B")
