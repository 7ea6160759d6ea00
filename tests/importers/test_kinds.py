# SPDX-License-Identifier: Apache-2.0
"""An export that is given to a mapping of another format is told what it is, and what to do."""

from __future__ import annotations

import pytest

from einvoice.errors import MappingError
from einvoice.importers import import_file, load_mapping, load_named, load_seller
from tests.importers.stories import MAPPING, SELLER

TABLE = b"No;Date;Customer\nA1;05.01.2026;Beta\n"


@pytest.mark.parametrize(
    ("data", "preset", "message"),
    [
        (TABLE, "odoo", r"a table in text \(CSV\), and the mapping reads JSON: there is --map odoo-csv for that"),
        (TABLE, "xero", "there is --map xero-csv for that"),
        (b'{"account.move": []}', "odoo-csv", "JSON, and the mapping reads a table .*: there is --map odoo for that"),
        (TABLE, "x12", 'or use a mapping with format = "csv" in \\[source\\], or --map csv to begin with'),
        (b"%PDF-1.7\n", "odoo", "a PDF, and the mapping reads JSON: export the invoices as data"),
        (b"PK\x03\x04\x14\0\0\0", "csv", "a spreadsheet, and the mapping reads a table .* or --map xlsx to begin with"),
    ],
)
def test_another_format_is_named_with_the_way_out(data: bytes, preset: str, message: str) -> None:
    with pytest.raises(MappingError, match=message) as caught:
        import_file(data, load_named(preset), name="in")
    assert (caught.value.code, caught.value.source) == ("SOURCE_FORMAT", "in")


def test_a_table_may_begin_as_something_else_does() -> None:
    """What can be read is read: only what failed is looked at."""
    mapping = load_mapping(MAPPING.replace('"No"', '"[No]"').encode())
    data = b"[No];Date;Customer;Country;Item;Qty;Price;Tax;Rate\nA1;05.01.2026;Beta;DE;Nail;1;2,00;N;19\n"
    assert [one.number for one in import_file(data, mapping, load_seller(SELLER.encode()))] == ["A1"]


def test_what_a_mapping_lacks_is_not_taken_for_another_format() -> None:
    mapping = load_mapping(MAPPING.replace('"No"', '"[No]"').encode())
    with pytest.raises(MappingError, match="nothing says BT-24"):
        import_file(b"[No];Date;Customer;Country;Item;Qty;Price;Tax;Rate\n", mapping)
