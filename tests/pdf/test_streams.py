# SPDX-License-Identifier: Apache-2.0
"""Streams are decoded whole or not at all, and never beyond the limit."""

from __future__ import annotations

import base64
import tracemalloc
import zlib

import pytest

from einvoice.errors import PdfError
from einvoice.pdf.streams import decode, head

TEXT = b"<Invoice>" + b"x" * 70_000 + b"</Invoice>"
FLATE = zlib.compress(TEXT)


def refusal(raw: bytes, filters: list[str], limit: int = 1_000_000) -> str | None:
    """The code of the error that decoding raises."""
    with pytest.raises(PdfError) as caught:
        decode(raw, filters, limit)
    return caught.value.code


@pytest.mark.parametrize(
    ("raw", "filters"),
    [
        (TEXT, []),
        (FLATE, ["FlateDecode"]),
        (FLATE + b"\r\n", ["FlateDecode"]),
        (zlib.compress(FLATE), ["FlateDecode", "FlateDecode"]),
        (base64.a85encode(FLATE) + b"~>", ["ASCII85Decode", "FlateDecode"]),
        (b"<~" + base64.a85encode(FLATE, wrapcol=72) + b"~>\n", ["ASCII85Decode", "FlateDecode"]),
        (FLATE.hex(" ").encode() + b">", ["ASCIIHexDecode", "FlateDecode"]),
    ],
)
def test_the_filters_of_attachments_are_decoded(raw: bytes, filters: list[str]) -> None:
    assert decode(raw, filters, 1_000_000) == TEXT


def test_an_odd_hexadecimal_digit_counts_as_followed_by_zero() -> None:
    assert decode(b"41 4>", ["ASCIIHexDecode"], 10) == b"A@"


@pytest.mark.parametrize("filters", [[], ["FlateDecode"]])
def test_exactly_the_limit_is_allowed_and_one_byte_more_is_not(filters: list[str]) -> None:
    raw = FLATE if filters else TEXT
    assert decode(raw, filters, len(TEXT)) == TEXT
    assert refusal(raw, filters, len(TEXT) - 1) == "PDF_LIMIT"


@pytest.mark.parametrize(
    ("raw", "filters"),
    [
        (FLATE[:-20], ["FlateDecode"]),
        (b"", ["FlateDecode"]),
        (b"no zlib", ["FlateDecode"]),
        (FLATE[:-1] + bytes([FLATE[-1] ^ 1]), ["FlateDecode"]),
        (b"zz>", ["ASCIIHexDecode"]),
        (b"\xff\xff~>", ["ASCII85Decode"]),
        (b"x", ["LZWDecode"]),
        (b"x", ["Crypt"]),
        (b"x", ["FlateDecode"] * 5),
    ],
)
def test_what_cannot_be_decoded_whole_is_damaged(raw: bytes, filters: list[str]) -> None:
    assert refusal(raw, filters) == "PDF_DAMAGED"


def test_a_bomb_costs_little_more_than_the_limit() -> None:
    bomb = zlib.compress(zlib.compress(bytes(200_000_000)))
    assert len(bomb) < 2_000
    tracemalloc.start()
    try:
        assert refusal(bomb, ["FlateDecode", "FlateDecode"], 5_000_000) == "PDF_LIMIT"
        assert tracemalloc.get_traced_memory()[1] < 8_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(("raw", "filters"), [(TEXT, []), (FLATE, ["FlateDecode"]), (FLATE[:-20], ["FlateDecode"])])
def test_the_head_is_the_beginning_even_of_cut_off_data(raw: bytes, filters: list[str]) -> None:
    assert head(raw, filters, 9) == b"<Invoice>"


def test_the_head_of_what_cannot_be_decoded_is_empty() -> None:
    assert head(b"no zlib", ["FlateDecode"], 9) == b""
