# SPDX-License-Identifier: Apache-2.0
"""Invoices that obey XRechnung: the CIUS, its extension, and the CIUS for clean vehicles, paid in every way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import structs

from einvoice.bind import write
from einvoice.model import (
    Attachment,
    BuyerPostalAddress,
    CreditTransfer,
    DeliverToAddress,
    DirectDebit,
    Identifier,
    Invoice,
    ItemAttribute,
    ItemClassification,
    PaymentCardInformation,
    PaymentInstructions,
    PaymentMeans,
    SellerContact,
    SellerPostalAddress,
)
from einvoice.model.extensions import InvoiceExtension, ThirdPartyPayment
from einvoice.rules.xrechnung.specification import CIUS, CVD, EXTENSION
from tests.rules.invoices import LINE, at, clean, number

if TYPE_CHECKING:
    from einvoice.model import Syntax

SYNTAXES: Final[tuple[Syntax, ...]] = ("ubl-invoice", "ubl-creditnote", "cii")
SKONTO: Final = "#SKONTO#TAGE=14#PROZENT=2.00#\n"
IBAN: Final = "DE02120300000000202051"
VEHICLE: Final = ItemClassification(Identifier("M1", "CVD"))
CLEAN: Final = ItemAttribute(name="cva", value="clean")
_CREDITOR: Final = Identifier("DE98ZZZ09999999999", "SEPA")


def german(**changes: Any) -> Invoice:  # noqa: ANN401 -- terms of an invoice
    """An invoice that obeys the CIUS, with something of almost everything; changes by path, ``__`` for a dot."""
    fill = {
        "process_control.specification_identifier": CIUS,
        "process_control.business_process_type": "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0",
        "buyer_reference": "04011000-12345-34",
        "payment_terms": SKONTO,
        "seller.contact": SellerContact("Ann", "+49 30 123456", "ann@example.com"),
        "seller.postal_address": SellerPostalAddress(city="Berlin", post_code="10115", country_code="DE"),
        "buyer.postal_address": BuyerPostalAddress(city="Lyon", post_code="69001", country_code="FR"),
        "delivery_information.deliver_to_address": DeliverToAddress(city="Bonn", post_code="53111", country_code="DE"),
        "payment_instructions": transferred(),
        "document_level_allowances[0].percentage": number("5"),
        "document_level_charges[0].percentage": number("10"),
        "lines": (_line("1"), _line("2")),
    }
    return at({name.replace("__", "."): value for name, value in changes.items()})(at(fill)(clean()))


def _line(identifier: str) -> Any:  # noqa: ANN401 -- a line
    tenth = {
        "allowances": tuple(structs.replace(one, percentage=number("10")) for one in LINE.allowances),
        "charges": tuple(structs.replace(one, percentage=number("10")) for one in LINE.charges),
    }
    price = structs.replace(LINE.price_details, item_price_discount=number("1.00")) if LINE.price_details else None
    return structs.replace(LINE, identifier=identifier, price_details=price, **tenth)


def transferred() -> PaymentInstructions:
    """Paid by a SEPA credit transfer."""
    return PaymentInstructions(means=(PaymentMeans(type_code="58", credit_transfers=(CreditTransfer(IBAN, "B&N"),)),))


def debited() -> Invoice:
    """An invoice paid by a SEPA direct debit."""
    debit = DirectDebit("M-1", _CREDITOR.value, IBAN)
    payment = PaymentInstructions(means=(PaymentMeans(type_code="59"),), direct_debit=debit)
    return german(payment_instructions=payment, payee=None)


def charged() -> Invoice:
    """An invoice paid by card."""
    card = PaymentMeans(type_code="48", payment_card=PaymentCardInformation("1234"))
    return german(payment_instructions=PaymentInstructions(means=(card,)))


def extended(**changes: Any) -> Invoice:  # noqa: ANN401 -- terms of an invoice
    """An invoice that obeys the extension: in UBL with sub lines and a third party payment."""
    sub_line = structs.replace(
        _line("1.1"), allowances=(), charges=(), net_amount=number("60.00"), invoiced_quantity=number("6"), period=None
    )
    others = (sub_line, structs.replace(sub_line, identifier="1.2", net_amount=number("40.00")))
    fill = {
        "process_control__specification_identifier": EXTENSION,
        "seller__identifiers": (Identifier("123", "XR01"), *clean().seller.identifiers),  # type: ignore[union-attr]
        "additional_supporting_documents[0]__attached_document": Attachment(b"<a/>", "application/xml", "a.xml"),
        "lines[0]__sub_lines": others,
        "extension": InvoiceExtension(third_party_payments=(ThirdPartyPayment("deposit", number("7.00"), "Cup"),)),
        "totals__amount_due_for_payment": number("207.00"),
    }
    return german(**(fill | changes))


def of_vehicles(**changes: Any) -> Invoice:  # noqa: ANN401 -- terms of an invoice
    """An invoice that obeys the CIUS for clean vehicles."""
    fill = {
        "process_control__specification_identifier": CVD,
        "contract_reference": "CO-1",
        **{f"lines[{n}]__item_information__classifications": (VEHICLE,) for n in (0, 1)},
        **{f"lines[{n}]__item_information__attributes": (CLEAN,) for n in (0, 1)},
    }
    return german(**(fill | changes))


def invoices() -> dict[str, Invoice]:
    """The invoices by name."""
    return {
        "CIUS": german(),
        "direct debit": debited(),
        "card": charged(),
        "extension": extended(),
        "CVD": of_vehicles(),
    }


def written(invoice: Invoice, syntax: Syntax) -> bytes:
    """An invoice as a document; as a credit note where the syntax asks.

    Args:
        invoice: the invoice.
        syntax: the syntax.
    """
    return write(structs.replace(invoice, type_code="381") if syntax == "ubl-creditnote" else invoice, syntax)
