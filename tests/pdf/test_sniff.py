# SPDX-License-Identifier: Apache-2.0
"""The root element is found by the first bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from einvoice.pdf.sniff import root_name
from tests.pdf.making import CII, ORDER, UBL


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (CII, "CrossIndustryInvoice"),
        (UBL, "Invoice"),
        (ORDER, "SCRDMCCBDACIOMessageStructure"),
        (b"\xef\xbb\xbf<a:CreditNote/>", "CreditNote"),
        (b"\n <!-- <Invoice> --><?pi <Invoice> ?>\n<other/>", "other"),
        (b"<!-- never closed <Invoice>", ""),
        (b"<Invoice>", "Invoice"),
        (b"<Invoice\n", "Invoice"),
        ("<Invoice/>".encode("utf-16"), "Invoice"),
        ("<Invoice/>".encode("utf-16-be"), "Invoice"),
        (b"<!DOCTYPE Invoice>", "!DOCTYPE"),
        (b"<", ""),
        (b"", ""),
        (b"%PDF-1.7", ""),
        (b'{"Invoice": 1}', ""),
    ],
)
def test_the_local_name_of_the_root_is_found(data: bytes, name: str) -> None:
    assert root_name(data) == name


@given(st.binary(max_size=200))
def test_any_bytes_have_a_name_or_none(data: bytes) -> None:
    assert isinstance(root_name(data), str)
