# SPDX-License-Identifier: Apache-2.0
"""What lies outside EN 16931: Factur-X EXTENDED and EXTENDED-CTC-FR, the XRechnung extension, UBL beyond the core.

The core needs none of it. A class that several groups share says its numbers where it is used (``parts``).
"""

from __future__ import annotations

from einvoice.model.extensions.document import InvoiceExtension
from einvoice.model.extensions.groups import (
    AdvancePayment,
    AllowanceChargeExtension,
    AppliedTax,
    CurrencyExchange,
    DeliveryTerms,
    DocumentReference,
    LogisticsServiceCharge,
    PaymentCondition,
    PaymentTerms,
    SupportingDocument,
    ThirdPartyPayment,
)
from einvoice.model.extensions.line import IncludedItem, ItemInstance, LineExtension, LineNote, LineTax, LineTaxPart
from einvoice.model.extensions.party import Address, Contact, Party, PartyExtension

__all__ = [
    "Address",
    "AdvancePayment",
    "AllowanceChargeExtension",
    "AppliedTax",
    "Contact",
    "CurrencyExchange",
    "DeliveryTerms",
    "DocumentReference",
    "IncludedItem",
    "InvoiceExtension",
    "ItemInstance",
    "LineExtension",
    "LineNote",
    "LineTax",
    "LineTaxPart",
    "LogisticsServiceCharge",
    "Party",
    "PartyExtension",
    "PaymentCondition",
    "PaymentTerms",
    "SupportingDocument",
    "ThirdPartyPayment",
]
