# SPDX-License-Identifier: Apache-2.0
"""What it takes to make an invoice of each public sample of an export, beside its preset.

The samples are not part of the project: the environment variable EINVOICE_SAMPLES names the folder. A case names the
files, how they are put together where a source hands out an invoice in pieces, and what a user would have to add: the
seller profile, and the rows that only the user can know. ``missing`` lists what no addition can make up for.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path  # noqa: TC003 - a Struct reads its annotations
from typing import Any, Final

from msgspec import Struct

SELLER: Final = """
process_control.specification_identifier = "urn:cen.eu:en16931:2017"
payment_terms = { value = "Payable within 30 days.", override = false }
type_code = { value = "380", override = false }
currency_code = { value = "EUR", override = false }

[seller]
name = { value = "Beispiel GmbH", override = false }
vat_identifier = { value = "DE123456788", override = false }

[seller.postal_address]
address_line_1 = { value = "Musterstr. 1", override = false }
post_code = { value = "10115", override = false }
city = { value = "Berlin", override = false }
country_code = { value = "DE", override = false }
"""


class Case(Struct, frozen=True):
    """One sample, or several that belong together.

    Attributes:
        files: the files, first to last.
        mapping: a preset, or a mapping that extends one.
        put: puts the contents together; the first file as it is, if not given.
        seller: the seller profile.
        numbers: the numbers of the invoices that are made.
        missing: for what cannot become an invoice: the terms that are named as missing, or a piece of the sentence.
    """

    files: tuple[str, ...]
    mapping: str
    put: Callable[[list[bytes]], bytes] | None = None
    seller: str = SELLER
    numbers: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    def data(self, folder: Path) -> bytes:
        """The bytes of the export."""
        contents = [(folder / name).read_bytes() for name in self.files]
        return self.put(contents) if self.put else contents[0]


def extending(preset: str, text: str) -> str:
    """A mapping that extends a preset."""
    return f'mapping = "sample/1"\nextends = "{preset}"\n{text}'


def exempt(code: str, reason: str) -> str:
    """A row of the VAT table that a user adds."""
    return f'[[vat]]\nwhen = {{ {code} }}\ncategory = "E"\nexemption_reason_text = "{reason}"\n'


def expanded(contents: list[bytes]) -> bytes:
    """A Business Central invoice with its lines, as $expand=salesInvoiceLines hands it out."""
    invoice, line = (json.loads(content, parse_float=str) for content in contents)
    return json.dumps({**invoice, "salesInvoiceLines": [line]}).encode()


def with_items(contents: list[bytes]) -> bytes:
    """A billing document of S/4 with its items and their pricing elements, as $expand hands them out."""
    header, item, pricing = (json.loads(content)["message"] for content in contents)
    document: dict[str, Any] = {**header[0], "to_Item": [{**item[0], "to_PricingElement": pricing}]}
    partner = {
        "BusinessPartner": "1",
        "OrganizationBPName1": "Nihon Tools K.K.",
        "to_BusinessPartnerAddress": [
            {"StreetName": "Chuo", "CityName": "Tokyo", "PostalCode": "100-0001", "Country": "JP"}
        ],
    }
    return json.dumps({"A_BillingDocument": [document], "A_BusinessPartner": [partner]}).encode()


TAXES: Final = (
    '[[vat]]\nwhen = { code = "NONE" }\ncategory = "E"\nexemption_reason_text = "Outside the tax of the seller"\n'
)
GERMAN: Final = '[source]\ndecimal = ","\nthousands = "."\ndates = "dd.mm.yyyy"\n'
US_TAX: Final = '[[vat]]\nwhen = {{ rate = {rate}, buyer_country = "US" }}\ncategory = "S"\n'

CASES: Final = {
    "generic csv": Case(
        ("generic/lines_repeated_header.csv",),
        extending("csv", GERMAN + exempt('rate = 0, buyer_country = "other-EU"', "Exempt")),
        numbers=("RE-1001", "RE-1002"),
    ),
    "two sheets": Case(
        ("generic/two_sheets.xlsx",),
        extending(
            "xlsx",
            '[source]\nsheet = "Invoices"\nlines_sheet = "Lines"\n'
            '[lines.vat]\nrate = { from = "vat_rate", as = "ratio" }\n',
        ),
        missing=("sheet 'Lines' cell C4", "sheet 'Lines' cell F4", "a formula without a value"),
    ),
    "odoo": Case(("odoo/account_move_jsonrpc_synthetic.json",), "odoo", numbers=("INV/2026/00001",)),
    "odoo csv": Case(
        ("odoo/account_move_export_synthetic.csv",),
        extending("odoo-csv", '[[vat]]\nwhen = { code = "19% USt" }\ncategory = "S"\nrate = 19\n'),
        missing=("computed is 1050.00", "BT-109"),
    ),
    "erpnext": Case(("erpnext/sales_invoice_synthetic_eu.json",), "erpnext", numbers=("ACC-SINV-2026-00001",)),
    "idoc": Case(("sap/INVOIC02_synthetic.xml",), "sap-idoc", numbers=("90000001",)),
    "s4 header": Case(
        ("sap/s4_billing_header-01.json",), "sap-s4", missing=("the lines are not in this file", "BT-44", "BT-55")
    ),
    "s4 expanded": Case(
        (
            "sap/s4_billing_header-01.json",
            "sap/s4_billing_header-03-item.json",
            "sap/s4_billing_header-05-item-pricing-element.json",
        ),
        extending(
            "sap-s4",
            '[[vat]]\nwhen = { buyer_country = "non-EU" }\ncategory = "G"\nexemption_reason_code = "VATEX-EU-G"\n',
        ),
        with_items,
        numbers=("90000000",),
    ),
    "business central": Case(
        ("bc/salesInvoice_get.json", "bc/salesInvoiceLine_get.json"),
        extending("business-central", US_TAX.format(rate=5)),
        expanded,
        numbers=("PS-INV103001",),
    ),
    "business central header": Case(
        ("bc/salesInvoice_get.json",), "business-central", missing=("BG-25", "the invoice has no line")
    ),
    "xero": Case(("xero/invoice_get_by_id.json",), extending("xero", TAXES), numbers=("INV-0006",)),
    "stripe": Case(("stripe/gobl_stripe_basic_invoice.json",), "stripe", missing=("BT-44", "BT-55", "BT-151")),
    "stripe paid": Case(("stripe/gobl_stripe_invoice_paid.json",), "stripe", missing=("BT-112", "BT-115")),
    "stripe unexpanded": Case(("stripe/gobl_unexpanded_invoice.json",), "stripe", missing=("draft", "BT-1", "BT-2")),
    "stripe basil": Case(("stripe/stripe_openapi_fixture_invoice.json",), "stripe", missing=("draft", "BT-44", "BT-1")),
    "shopify": Case(
        ("shopify/order.json",),
        extending(
            "shopify",
            '[invoice]\nnumber = "name"\nissue_date = { from = "created_at", as = "day" }\n' + US_TAX.format(rate=6),
        ),
        missing=("BT-112",),
    ),
    "datev extf": Case(("datev/EXTF_Buchungsstapel.csv",), "datev-extf", missing=("so no invoice can be made of it",)),
}
