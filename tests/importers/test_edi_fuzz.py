# SPDX-License-Identifier: Apache-2.0
"""Whatever is done to an interchange, it is read or refused; nothing else happens."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from einvoice.bind.edifact import open_message, write
from einvoice.errors import EinvoiceError, MappingError
from einvoice.importers.declaration import Source
from einvoice.importers.edifact import read_edifact_tree
from einvoice.importers.x12 import read_x12_tree

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "erp"
D14B = (FIXTURES / "edifact" / "invoic_d14b.edi").read_bytes()
D96A = (FIXTURES / "edifact-d96a" / "export.edi").read_bytes()
X12 = (FIXTURES / "x12" / "export.x12").read_bytes()
PIECES = [
    b"",
    b"'",
    b"+",
    b":",
    b"?",
    b"*",
    b"~",
    b"UNA",
    b"UNB+",
    b"UNH+1+INVOIC:D:14B:UN'",
    b"UNT+2+1'",
    b"UNO+1+1:a+1+9'",
]
PIECES += [
    b"\x00",
    b"\xff",
    b"MOA+9:'",
    b"LIN'",
    b"NAD+BY'",
    b"ALC+A'",
    b"TAX'",
    b"DTM+137:99999999:102'",
    b"TDS*x~",
    b"N1~",
]


@st.composite
def damaged(draw: st.DrawFn, data: bytes) -> bytes:
    """The interchange with a few pieces cut out and others put in."""
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        stop = min(len(data), start + draw(st.integers(0, 40)))
        piece = draw(st.one_of(st.sampled_from(PIECES), st.binary(max_size=6)))
        data = data[:start] + piece + data[stop:]
    return data


@given(data=damaged(D14B))
@settings(max_examples=300, deadline=None)
def test_a_damaged_invoice_is_read_or_refused_and_what_was_read_can_be_written(data: bytes) -> None:
    try:
        reading = open_message(data, lenient=True).reading()
    except EinvoiceError:
        return
    again = open_message(write(reading.invoice)).reading().invoice
    assert open_message(write(again)).reading().invoice == again


@given(data=damaged(D96A))
@settings(max_examples=200, deadline=None)
def test_a_damaged_message_of_an_older_directory_is_read_or_refused(data: bytes) -> None:
    with suppress(MappingError):
        assert "messages" in read_edifact_tree(data, Source(), "in").root


@given(data=damaged(X12))
@settings(max_examples=200, deadline=None)
def test_a_damaged_x12_interchange_is_read_or_refused(data: bytes) -> None:
    with suppress(MappingError):
        assert "transactions" in read_x12_tree(data, Source(), "in").root
