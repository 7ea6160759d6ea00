# SPDX-License-Identifier: Apache-2.0
"""The exports in fixtures/, and a small one of two lines that a test can bend."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from einvoice.importers import import_file, load_mapping, load_seller

if TYPE_CHECKING:
    from einvoice.importers import ImportedInvoice

FIXTURES: Final = Path(__file__).resolve().parents[2] / "fixtures"
EXPORTS: Final = {"erp-csv": "export.csv", "erp-csv-fr": "export.csv", "erp-csv-en": "export.txt"}


def story(name: str) -> list[ImportedInvoice]:
    """Import one of the stories as a user does, by the paths of its files."""
    folder = FIXTURES / name
    mapping, seller = load_mapping(folder / "mapping.toml"), load_seller(folder / "seller.toml")
    return list(import_file(folder / EXPORTS[name], mapping, seller))


MAPPING: Final = """
mapping = "small/1"

[source]
decimal = ","
dates = "dd.mm.yyyy"

[invoice]
number = "No"
issue_date = "Date"
type_code = { constant = "380" }
currency_code = { constant = "EUR" }
buyer.name = "Customer"
buyer.postal_address.country_code = "Country"

[lines]
identifier = { count = true }
invoiced_quantity = "Qty"
invoiced_quantity_unit_of_measure_code = { constant = "C62" }
price_details.item_net_price = "Price"
item_information.name = "Item"
vat = { code = "Tax", rate = "Rate" }

[[vat]]
when = { code = "N" }
category = "S"

[[vat]]
when = { code = "X", rate = 0 }
category = "E"
exemption_reason_text = "Exempt"
"""

SELLER: Final = """
process_control.specification_identifier = "urn:cen.eu:en16931:2017"
seller.name = "Ours"
seller.postal_address.country_code = "DE"
"""

HEADER: Final = "No;Date;Customer;Country;Item;Qty;Price;Tax;Rate"
ROWS: Final = (
    "A1;05.01.2026;Buyer & Sons;FR;Hammer;2;10,50;N;19",
    ";;;;Nail;100;0,05;N;7",
)


def export(*rows: str, header: str = HEADER) -> bytes:
    """An export of the small mapping."""
    return "\n".join([header, *rows, ""]).encode()


def small(*rows: str, header: str = HEADER, mapping: str = MAPPING, seller: str = SELLER) -> list[ImportedInvoice]:
    """Import rows by the small mapping, or by a changed one."""
    return list(
        import_file(
            export(*(rows or ROWS), header=header),
            load_mapping(mapping.encode(), name="mapping.toml"),
            load_seller(seller.encode(), name="seller.toml"),
            name="export.csv",
        )
    )


def changed(*changes: tuple[str, str], text: str = MAPPING) -> str:
    """The small mapping with pieces replaced; each piece must be there."""
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text


def said(imported: ImportedInvoice) -> list[str]:
    """The faults of an invoice, as a user reads them."""
    return [str(fault) for fault in imported.faults]
