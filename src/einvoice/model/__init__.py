# SPDX-License-Identifier: Apache-2.0
"""The invoice: one vocabulary for everything else, the terms and groups of EN 16931-1:2017."""

from __future__ import annotations

from functools import cache

from einvoice.model.delivery import DeliverToAddress, DeliveryInformation, InvoicingPeriod
from einvoice.model.invoice import (
    AdditionalSupportingDocument,
    Invoice,
    InvoiceNote,
    PrecedingInvoiceReference,
    ProcessControl,
)
from einvoice.model.lines import (
    InvoiceLine,
    InvoiceLineAllowance,
    InvoiceLineCharge,
    InvoiceLinePeriod,
    ItemAttribute,
    ItemClassification,
    ItemInformation,
    LineVatInformation,
    PriceAllowance,
    PriceDetails,
)
from einvoice.model.parties import (
    Buyer,
    BuyerContact,
    BuyerPostalAddress,
    Payee,
    Seller,
    SellerContact,
    SellerPostalAddress,
    SellerTaxRepresentative,
    SellerTaxRepresentativePostalAddress,
)
from einvoice.model.payment import (
    CreditTransfer,
    DirectDebit,
    PaymentCardInformation,
    PaymentInstructions,
    PaymentMeans,
)
from einvoice.model.reading import Reading, Reason, Remark, Syntax
from einvoice.model.terms import FieldInfo, Group, Term, collect, fields_of
from einvoice.model.totals import DocumentLevelAllowance, DocumentLevelCharge, DocumentTotals, VatBreakdown
from einvoice.model.values import Attachment, Identifier

__all__ = [
    "AdditionalSupportingDocument",
    "Attachment",
    "Buyer",
    "BuyerContact",
    "BuyerPostalAddress",
    "CreditTransfer",
    "DeliverToAddress",
    "DeliveryInformation",
    "DirectDebit",
    "DocumentLevelAllowance",
    "DocumentLevelCharge",
    "DocumentTotals",
    "FieldInfo",
    "Group",
    "Identifier",
    "Invoice",
    "InvoiceLine",
    "InvoiceLineAllowance",
    "InvoiceLineCharge",
    "InvoiceLinePeriod",
    "InvoiceNote",
    "InvoicingPeriod",
    "ItemAttribute",
    "ItemClassification",
    "ItemInformation",
    "LineVatInformation",
    "Payee",
    "PaymentCardInformation",
    "PaymentInstructions",
    "PaymentMeans",
    "PrecedingInvoiceReference",
    "PriceAllowance",
    "PriceDetails",
    "ProcessControl",
    "Reading",
    "Reason",
    "Remark",
    "Seller",
    "SellerContact",
    "SellerPostalAddress",
    "SellerTaxRepresentative",
    "SellerTaxRepresentativePostalAddress",
    "Syntax",
    "Term",
    "VatBreakdown",
    "fields_of",
    "terms",
]


@cache
def terms() -> dict[str, Term]:
    """Every place of the model by its path without indices, such as ``seller.postal_address.city``."""
    return {term.path: term for term in collect(Invoice)}
