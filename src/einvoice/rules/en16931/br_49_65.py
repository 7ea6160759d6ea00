# SPDX-License-Identifier: Apache-2.0
"""BR-50 to BR-65: payment, documents, identifiers and their schemes (EN 16931-1, 6.4.1)."""

from __future__ import annotations

from collections.abc import Iterator

from einvoice.model import (
    Buyer,
    CreditTransfer,
    Invoice,
    ItemAttribute,
    ItemClassification,
    ItemInformation,
    PaymentCardInformation,
    PaymentMeans,
    Seller,
)
from einvoice.rules.en16931.tax_totals import TaxTotals, VatTotals
from einvoice.rules.leaves import Leaves
from einvoice.rules.registry import Miss, rule
from einvoice.rules.rows import WHITE

CREDIT_TRANSFERS = ("30", "58")
"""UNTDID 4461: credit transfer, SEPA credit transfer."""
CARD_DIGITS = 10
"""The first six and the last four digits: more of a card number is never shown (PCI DSS)."""


def blank(text: str | None) -> bool:
    """Whether a text is absent or white space.

    Args:
        text: the text.
    """
    return text is None or not text.strip(WHITE)


@rule("BR-50", syntax="ubl", reads="BT-81 BT-84")
def br_50_ubl(means: PaymentMeans) -> Iterator[Miss]:
    """A credit transfer (codes 30 and 58) names the account to pay to."""
    if means.type_code in CREDIT_TRANSFERS:
        for index, account in enumerate(means.credit_transfers):
            if blank(account.payment_account_identifier):
                yield Miss(at=f"credit_transfers[{index}].payment_account_identifier")


_ACCOUNT = "BT-81 BT-84 BT-85 payment_instructions.means.credit_transfers.proprietary_account_identifier "


@rule("BR-50", syntax="cii", reads=_ACCOUNT)
def br_50_cii(means: PaymentMeans) -> Iterator[Miss]:
    """A credit transfer (codes 30 and 58) names the account to pay to."""
    if means.type_code in CREDIT_TRANSFERS:
        for index, account in enumerate(means.credit_transfers):
            numbers = (account.payment_account_identifier, account.proprietary_account_identifier)
            if _is_account(account) and all(blank(number) for number in numbers):
                yield Miss(at=f"credit_transfers[{index}].payment_account_identifier")


def _is_account(account: CreditTransfer) -> bool:
    """Whether CII has an account element; a bank (BT-86) stands outside of it."""
    named = account.payment_account_name is not None
    return named or account.payment_account_identifier is not None or account.proprietary_account_identifier is not None


@rule("BR-51", reads="BT-87")
def br_51(card: PaymentCardInformation) -> Iterator[Miss]:
    """A card number is never shown in full: at most its first six and last four digits.

    UBL publishes this as a warning, CII as fatal.
    """
    number = " ".join((card.primary_account_number or "").split())
    if len(number) > CARD_DIGITS:
        yield Miss("BT-87", f"…{number[-4:]}", why=f"{len(number)} characters")


@rule(
    "BR-52",
    syntax="ubl",
    reads="BT-122 BT-18",
    given="additional_supporting_documents invoiced_object_identifier",
)
def br_52_ubl(invoice: Invoice) -> Iterator[Miss]:
    """Each supporting document has a reference.

    UBL holds the invoiced object (BT-18) in the same element.
    """
    for index, document in enumerate(invoice.additional_supporting_documents):
        if blank(document.reference):
            yield Miss(at=f"additional_supporting_documents[{index}].reference", found=document.reference)
    if invoice.invoiced_object_identifier is not None and blank(invoice.invoiced_object_identifier.value):
        yield Miss("BT-18", invoice.invoiced_object_identifier.value)


@rule("BR-52", syntax="cii", reads="BT-122 BT-17 BT-18 BT-128 BT-X-27 lines.extension.additional_object_identifiers")
def br_52_cii(invoice: Invoice) -> Iterator[Miss]:
    """Each supporting document has a reference.

    CII holds the tender (BT-17) and the invoiced object (BT-18) in the same element, and has it on lines too.
    """
    yield from _documents_of_lines(invoice)
    for index, document in enumerate(invoice.additional_supporting_documents):
        if blank(document.reference):
            yield Miss(at=f"additional_supporting_documents[{index}].reference", found=document.reference)
    if invoice.invoiced_object_identifier is not None and blank(invoice.invoiced_object_identifier.value):
        yield Miss("BT-18", invoice.invoiced_object_identifier.value)
    if invoice.tender_or_lot_reference is not None and blank(invoice.tender_or_lot_reference):
        yield Miss("BT-17", invoice.tender_or_lot_reference)


def _documents_of_lines(invoice: Invoice) -> Iterator[Miss]:
    for number, line in enumerate(invoice.lines):
        if line.object_identifier is not None and blank(line.object_identifier.value):
            yield Miss(at=f"lines[{number}].object_identifier", found=line.object_identifier.value)
        if line.extension is None:
            continue
        for index, document in enumerate(line.extension.additional_documents):
            if blank(document.reference):
                yield Miss(at=f"lines[{number}].extension.additional_documents[{index}].reference")
        for index, identifier in enumerate(line.extension.additional_object_identifiers):
            if blank(identifier.value):
                yield Miss(at=f"lines[{number}].extension.additional_object_identifiers[{index}]")


@rule("BR-53", syntax="ubl", reads="BT-5 BT-6 BT-110 BT-111 BG-22", given="vat_accounting_currency_code")
def br_53_ubl(invoice: Invoice, tax: TaxTotals) -> Iterator[Miss]:
    """With a VAT accounting currency, the VAT total is stated in it too."""
    currency = invoice.vat_accounting_currency_code
    if currency is not None and not tax.amounts(currency):
        yield Miss("BT-111", why=f"BT-6 is {currency}")


@rule("BR-53", syntax="cii", reads="BT-5 BT-6 BT-110 BT-111 BG-22", given="vat_accounting_currency_code")
def br_53_cii(invoice: Invoice, vat: VatTotals) -> Iterator[Miss]:
    """With a VAT accounting currency, the VAT total is stated in it too, and it is not the currency of the invoice.

    That the currencies must differ is CII's test alone.
    """
    currency = invoice.vat_accounting_currency_code
    if currency is None or invoice.totals is None:
        return
    if currency == invoice.currency_code:
        yield Miss("BT-6", currency, why="BT-5 is the same")
    elif not vat.amounts(currency):
        yield Miss("BT-111", why=f"BT-6 is {currency}")


@rule("BR-54", reads="BT-160 BT-161", unreadable="there", sub_lines=True)
def br_54(attribute: ItemAttribute) -> Iterator[Miss]:
    """Each item attribute has a name and a value."""
    if attribute.name is None:
        yield Miss("BT-160")
    if attribute.value is None:
        yield Miss("BT-161")


@rule("BR-61", syntax="ubl", reads="BT-81 BT-84")
def br_61_ubl(means: PaymentMeans) -> Iterator[Miss]:
    """With a credit transfer (codes 30 and 58), the account to pay to is stated."""
    if (means.type_code or "").strip(WHITE) in CREDIT_TRANSFERS and not any(
        account.payment_account_identifier is not None for account in means.credit_transfers
    ):
        yield Miss("BT-84", why=f"BT-81 is {means.type_code}")


@rule("BR-61", syntax="cii", reads=_ACCOUNT)
def br_61_cii(means: PaymentMeans) -> Iterator[Miss]:
    """With a credit transfer (codes 30 and 58), the account to pay to is stated.

    CII's test asks accounts only, so that a credit transfer without any account passes.
    """
    if means.type_code in CREDIT_TRANSFERS:
        for index, account in enumerate(means.credit_transfers):
            numbers = (account.payment_account_identifier, account.proprietary_account_identifier)
            if _is_account(account) and numbers == (None, None):
                yield Miss(at=f"credit_transfers[{index}].payment_account_identifier")


# ---- identifiers that need a scheme: UBL asks for the attribute, CII for a text in it


@rule("BR-62", syntax="ubl", reads="BT-34")
def br_62_ubl(seller: Seller, leaves: Leaves) -> Iterator[Miss]:
    """The seller's electronic address has a scheme."""
    bare = seller.electronic_address is not None and seller.electronic_address.scheme is None
    if seller.electronic_address is not None and bare and not _empty(leaves, "cac:AccountingSupplierParty"):
        yield Miss("BT-34", seller.electronic_address.value)


@rule("BR-62", syntax="cii", reads="BT-34")
def br_62_cii(seller: Seller) -> Iterator[Miss]:
    """The seller's electronic address has a scheme."""
    if seller.electronic_address is not None and blank(seller.electronic_address.scheme):
        yield Miss("BT-34", seller.electronic_address.value)


@rule("BR-63", syntax="ubl", reads="BT-49")
def br_63_ubl(buyer: Buyer, leaves: Leaves) -> Iterator[Miss]:
    """The buyer's electronic address has a scheme."""
    bare = buyer.electronic_address is not None and buyer.electronic_address.scheme is None
    if buyer.electronic_address is not None and bare and not _empty(leaves, "cac:AccountingCustomerParty"):
        yield Miss("BT-49", buyer.electronic_address.value)


@rule("BR-63", syntax="cii", reads="BT-49")
def br_63_cii(buyer: Buyer) -> Iterator[Miss]:
    """The buyer's electronic address has a scheme."""
    if buyer.electronic_address is not None and blank(buyer.electronic_address.scheme):
        yield Miss("BT-49", buyer.electronic_address.value)


def _empty(leaves: Leaves, party: str) -> bool:
    """Whether the scheme of a party's electronic address is there and says nothing."""
    return any(True for _ in leaves.ending(f"{party}/cac:Party/cbc:EndpointID/@schemeID"))


@rule("BR-64", syntax="ubl", reads="BT-157", given="lines.item_information.standard_identifier")
def br_64_ubl(invoice: Invoice, leaves: Leaves) -> Iterator[Miss]:
    """The standard identifier of an item has a scheme."""
    empty = leaves.in_lines("cac:StandardItemIdentification/cbc:ID/@schemeID")
    for index, line in enumerate(invoice.lines):
        item = line.item_information
        number = item.standard_identifier if item is not None else None
        if number is not None and number.scheme is None and index not in empty:
            yield Miss(at=f"lines[{index}].item_information.standard_identifier", found=number.value)


@rule("BR-64", syntax="cii", reads="BT-157")
def br_64_cii(item: ItemInformation) -> Iterator[Miss]:
    """The standard identifier of an item has a scheme."""
    if item.standard_identifier is not None and blank(item.standard_identifier.scheme):
        yield Miss("BT-157", item.standard_identifier.value)


@rule("BR-65", syntax="ubl", reads="BT-158", given="lines.item_information.classifications")
def br_65_ubl(invoice: Invoice, leaves: Leaves) -> Iterator[Miss]:
    """Each class of an item has the scheme it is from."""
    empty = leaves.in_lines("cac:CommodityClassification/cbc:ItemClassificationCode/@listID")
    for number, line in enumerate(invoice.lines):
        item = line.item_information
        for index, one in enumerate(item.classifications if item is not None else ()):
            if one.identifier is not None and one.identifier.scheme is None and number not in empty:
                path = f"lines[{number}].item_information.classifications[{index}].identifier"
                yield Miss(at=path, found=one.identifier.value)


@rule("BR-65", syntax="cii", reads="BT-158")
def br_65_cii(item: ItemClassification) -> Iterator[Miss]:
    """Each class of an item has the scheme it is from."""
    if item.identifier is not None and blank(item.identifier.scheme):
        yield Miss("BT-158", item.identifier.value)
