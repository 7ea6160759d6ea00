# SPDX-License-Identifier: Apache-2.0
"""The invoices that property tests draw are as varied as they claim to be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest
from hypothesis import given, settings

from einvoice.model import Invoice, InvoiceLine, fields_of
from einvoice.model.extensions import Party
from tests.strategies import groups, invoices

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.no_cover  # what is tested is the drawing


def structs(value: object) -> Iterator[msgspec.Struct]:
    """Every struct within a value, itself included."""
    if isinstance(value, msgspec.Struct):
        yield value
        for name in value.__struct_fields__:
            yield from structs(getattr(value, name))
    elif isinstance(value, tuple):
        for item in value:
            yield from structs(item)


@given(invoices())
def test_what_is_drawn_has_the_types_that_the_model_declares(invoice: Invoice) -> None:
    for group in structs(invoice):
        for name, info in fields_of(type(group)).items():
            value = getattr(group, name)
            items = value if info.repeats else () if value is None else (value,)
            assert all(isinstance(item, info.value_type) for item in items)
            assert not info.repeats or (isinstance(value, tuple) and len(value) <= 3)


@pytest.mark.parametrize("cls", [Invoice, InvoiceLine, Party])
def test_every_field_of_a_group_comes_up(cls: type[msgspec.Struct]) -> None:
    """Also of the largest ones, within a few hundred examples."""
    seen: set[str] = set()

    @settings(max_examples=300, database=None, derandomize=True)
    @given(groups(cls))
    def collect(group: msgspec.Struct) -> None:
        seen.update(name for name in fields_of(cls) if getattr(group, name))

    collect()
    assert seen == set(fields_of(cls))
