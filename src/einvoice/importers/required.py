# SPDX-License-Identifier: Apache-2.0
"""Which terms an import must find, because they are mandatory in EN 16931-1 and nothing can compute them.

Line net amounts, the VAT breakdown and the totals are mandatory too, but they follow from the rest of the invoice
(``einvoice.model.calculate``). What else a specification asks for is judged by the rules, not here.
"""

from __future__ import annotations

from typing import Final

MANDATORY_GROUPS: Final = frozenset(
    {
        "",
        "process_control",
        "seller",
        "seller.postal_address",
        "buyer",
        "buyer.postal_address",
        "lines",
        "lines.price_details",
        "lines.vat_information",
        "lines.item_information",
    }
)
"""Groups that every invoice, or every line, has: EN 16931-1, cardinality 1..1 and 1..n."""

REQUIRED: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
    "": (("number",), ("issue_date",), ("type_code",), ("currency_code",)),
    "process_control": (("specification_identifier",),),
    "seller": (("name",),),
    "seller.postal_address": (("country_code",),),
    "buyer": (("name",),),
    "buyer.postal_address": (("country_code",),),
    "lines": (("identifier",), ("invoiced_quantity",), ("invoiced_quantity_unit_of_measure_code",)),
    "lines.price_details": (("item_net_price", "item_gross_price"),),
    "lines.vat_information": (("category_code",),),
    "lines.item_information": (("name",),),
    # What a group needs if it is there at all.
    "notes": (("note", "content_code"),),
    "preceding_invoice_references": (("reference",),),
    "payee": (("name",),),
    "seller_tax_representative": (("name",), ("vat_identifier",)),
    "seller_tax_representative.postal_address": (("country_code",),),
    "delivery_information.deliver_to_address": (("country_code",),),
    "payment_instructions.means": (("type_code",),),
    "payment_instructions.means.credit_transfers": (("payment_account_identifier",),),
    "document_level_allowances": (("amount", "percentage"), ("vat_category_code",)),
    "document_level_charges": (("amount", "percentage"), ("vat_category_code",)),
    "additional_supporting_documents": (("reference",),),
    "lines.allowances": (("amount", "percentage"),),
    "lines.charges": (("amount", "percentage"),),
    "lines.item_information.attributes": (("name",), ("value",)),
}
"""Group -> the terms that it must have; of alternatives, the first is the one that the standard asks for."""
