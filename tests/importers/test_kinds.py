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


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-32", "utf-8-sig"])
def test_a_table_is_known_in_every_encoding(encoding: str) -> None:
    """Its own fault is told, not that it is XML, as which a byte order mark may look."""
    text = TABLE.decode() if encoding != "utf-16-be" else f"\ufeff{TABLE.decode()}"
    data = text.encode(encoding)
    with pytest.raises(MappingError) as caught:
        import_file(data, load_mapping(MAPPING.encode()), load_seller(SELLER.encode()), name="in")
    assert caught.value.code != "SOURCE_FORMAT"
    with pytest.raises(MappingError, match=r"a table in text \(CSV\), and the mapping reads JSON"):
        import_file(data, load_named("odoo"), name="in")
    with pytest.raises(MappingError, match="this is XML, and the mapping reads a table"):
        import_file("\ufeff<a x='1,2'>;</a>".encode(encoding.removesuffix("-sig")), load_named("csv"), name="in")


@pytest.mark.parametrize("header", ["[ab];c;d", "{ab},c,d", "[ab]", "<No>;<Date>", '[1,"a;b"', "[ab]\tc"])
def test_a_header_may_begin_as_something_else_does(header: str) -> None:
    with pytest.raises(MappingError) as caught:
        import_file(f"{header}\n1;2;3\n".encode(), load_named("csv"), name="in")
    assert caught.value.code != "SOURCE_FORMAT"


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b'[{"a": 1, "b": 2}]', "JSON"),
        (b'\xef\xbb\xbf{"a": 1, "b": 2}', "JSON"),
        (b"[]", "JSON"),
        (b'<?xml version="1.0"?>\n<a/>', "XML"),
        (b'<a b="1;2,3"><c>1,2</c></a>', "XML"),
        (b"<a\n b='1'>1,2</a>", "XML"),
        (b"UNA:+,? 'UNB+UNOC:3+A,B+C;D", "EDIFACT"),
    ],
)
def test_what_is_no_table_is_still_named(data: bytes, what: str) -> None:
    with pytest.raises(MappingError, match=f"this is {what}, and the mapping reads a table"):
        import_file(data, load_named("csv"), name="in")
