# SPDX-License-Identifier: Apache-2.0
"""Invoices for property tests.

``invoices()`` is whatever the model can hold, good or bad, built from the definitions of its structs. A struct is
given a few of its fields at a time, so that examples stay small; over many examples every field comes up.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from hypothesis import strategies as st

from einvoice.model import Invoice, fields_of

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy
    from msgspec import Struct

MOST_DIGITS: Final = 40
DEPTH: Final = 6
REPEATED_AT_MOST: Final = 3
FIELDS_AT_MOST: Final = (10, 6, 4, 3)  # at the top, one level down ...; the last holds for everything deeper

XML_CHARACTERS: Final = st.one_of(
    st.characters(min_codepoint=0x20, max_codepoint=0x7E),
    st.sampled_from("\t\n\r\u00a0\u200b\u2028\ufeff"),
    st.characters(min_codepoint=0xA0, max_codepoint=0xD7FF),
    st.characters(min_codepoint=0xE000, max_codepoint=0xFFFD),
    st.characters(min_codepoint=0x10000, max_codepoint=0x10FFFF),
)


def xml_text(*, min_size: int = 1, max_size: int = 12) -> SearchStrategy[str]:
    """Text of characters that XML 1.0 allows, white space and markup characters among them."""
    awkward = st.sampled_from(["<a href='x'>&amp;</a>", "]]>", " padded ", "line\nline", "Ärger & Größe", "#AAI#", "𝄞"])
    return st.one_of(st.text(XML_CHARACTERS, min_size=min_size, max_size=max_size), awkward)


TEXT: Final = xml_text()


def amounts(places: int = 2, limit: int = 10**9) -> SearchStrategy[Decimal]:
    """Decimals of an everyday size with up to ``places`` decimals, negative ones and zeros with decimals included."""
    return st.builds(
        lambda units, decimals: Decimal(units).scaleb(-decimals), st.integers(-limit, limit), st.integers(0, places)
    )


def decimals() -> SearchStrategy[Decimal]:
    """Finite decimals of up to 40 digits that can be written without an exponent in 40 digits."""

    def digits(count: int) -> SearchStrategy[Decimal]:
        most = 10**count - 1
        scaled = st.tuples(st.integers(-most, most), st.integers(0, count))
        return scaled.map(lambda pair: Decimal(f"{pair[0]}E-{pair[1]}"))

    return st.one_of(amounts(), amounts(places=6), st.integers(1, MOST_DIGITS).flatmap(digits))


def dates() -> SearchStrategy[date]:
    """Days from year 1 to year 9999, mostly of this century."""
    return st.one_of(st.dates(min_value=date(2000, 1, 1), max_value=date(2099, 12, 31)), st.dates())


@cache
def _leaf(kind: type, text: SearchStrategy[str]) -> SearchStrategy[Any]:
    return {str: text, Decimal: decimals(), date: dates(), bytes: st.binary(max_size=24)}[kind]


@cache
def _values(cls: type[Struct], text: SearchStrategy[str], depth: int) -> dict[str, SearchStrategy[Any]]:
    """What the fields of a struct can hold; below a certain depth, only those that are no groups."""
    values: dict[str, SearchStrategy[Any]] = {}
    for name, info in fields_of(cls).items():
        if info.is_group and depth >= DEPTH:
            continue
        one = _group(info.value_type, text, depth + 1) if info.is_group else _leaf(info.value_type, text)
        values[name] = st.lists(one, min_size=1, max_size=REPEATED_AT_MOST).map(tuple) if info.repeats else one
    return values


@st.composite
def _group(draw: DrawFn, cls: type[Struct], text: SearchStrategy[str], depth: int) -> Struct:
    values = _values(cls, text, depth)
    most = FIELDS_AT_MOST[min(depth, len(FIELDS_AT_MOST) - 1)]
    names = draw(st.lists(st.sampled_from(sorted(values)), unique=True, max_size=most)) if values else []
    return cls(**{name: draw(values[name]) for name in names})


def groups(cls: type[Struct], *, text: SearchStrategy[str] | None = None) -> SearchStrategy[Any]:
    """Values of one struct of the model.

    Args:
        cls: the struct, such as ``InvoiceLine``.
        text: what text fields hold; text that XML 1.0 allows, unless given.
    """
    return _group(cls, text or TEXT, 0)


def invoices(*, text: SearchStrategy[str] | None = None) -> SearchStrategy[Invoice]:
    """Invoices of any content, also bad ones: whatever the model can hold.

    Args:
        text: what text fields hold; text that XML 1.0 allows, unless given.
    """
    return groups(Invoice, text=text)
