# SPDX-License-Identifier: Apache-2.0
"""A date of CII without its format is remarked, whether or not its text is a date."""

from __future__ import annotations

import pytest

from einvoice.bind import open_document, write
from tests.service.sample import invoice

FORMAT = "/udt:DateTimeString/@format"


@pytest.mark.parametrize("text", ["20260302", "2026-03-02", "soon"])
def test_a_date_that_names_no_format_is_remarked(text: str) -> None:
    data = write(invoice(), "cii").decode()
    start = data.index("<udt:DateTimeString")
    end = data.index("</udt:DateTimeString", start)
    spoiled = f"{data[:start]}<udt:DateTimeString>{text}{data[end:]}".encode()
    remarks = open_document(spoiled).reading().remarks
    assert [remark.value for remark in remarks if remark.path.endswith(FORMAT)] == [""]
