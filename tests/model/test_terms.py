# SPDX-License-Identifier: Apache-2.0
"""The model is complete: every term and group of EN 16931-1:2017 has its place, its name and its meaning."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from einvoice.model import Attachment, Identifier, Invoice, InvoiceLine, fields_of, terms
from einvoice.model.terms import EN, FX, UBL, XR, Group, Term, collect

if TYPE_CHECKING:
    from collections.abc import Iterator

    import msgspec

CORE = re.compile(r"B[TG]-\d+")


def reachable(cls: type[msgspec.Struct], seen: set[type[msgspec.Struct]]) -> Iterator[type[msgspec.Struct]]:
    """A struct and every struct that its fields can hold."""
    if cls in seen:
        return
    seen.add(cls)
    yield cls
    for info in fields_of(cls).values():
        if info.is_group:
            yield from reachable(info.value_type, seen)


STRUCTS = tuple(reachable(Invoice, set()))
GROUPS = tuple(cls for cls in STRUCTS if issubclass(cls, Group))


def term(number: str) -> Term:
    """The one term of a number."""
    (found,) = (entry for entry in terms().values() if entry.id == number)
    return found


def test_every_business_term_has_a_place() -> None:
    """The standard numbers them from BT-1 to BT-165 and leaves out BT-4."""
    expected = {f"BT-{number}" for number in range(1, 166) if number != 4}
    assert {entry.id for entry in terms().values()} >= expected
    assert "BT-4" not in {entry.id for entry in terms().values()}


def test_every_business_group_has_a_place() -> None:
    assert {entry.id for entry in terms().values()} >= {f"BG-{number}" for number in range(1, 33)}


def test_a_number_of_the_standard_stands_at_one_place() -> None:
    counted = Counter(entry.id for entry in terms().values() if entry.source == EN)
    assert [number for number, places in counted.items() if places > 1] == []


def test_what_the_standard_numbers_is_of_the_standard() -> None:
    """Factur-X EXTENDED numbers some of its own terms from BT-166 on, so the range decides."""
    numbered = [entry for entry in terms().values() if CORE.fullmatch(entry.id)]
    standard = [entry for entry in numbered if int(entry.id[3:]) <= (165 if entry.id.startswith("BT") else 32)]
    assert {entry.source for entry in standard} == {EN}
    assert len(standard) == 164 + 32


def test_a_term_is_found_by_its_path_and_its_path_leads_to_its_field() -> None:
    for path, entry in terms().items():
        assert entry.path == path
        cls: type[msgspec.Struct] = Invoice
        *groups, last = path.split(".")
        for name in groups:
            cls = fields_of(cls)[name].value_type
        assert fields_of(cls)[last].repeats == entry.repeats


@pytest.mark.parametrize(
    ("number", "path", "repeats"),
    [
        ("BT-1", "number", False),
        ("BT-31", "seller.vat_identifier", False),
        ("BT-112", "totals.invoice_total_amount_with_vat", False),
        ("BT-131", "lines.net_amount", False),
        ("BT-158", "lines.item_information.classifications.identifier", False),
        ("BG-25", "lines", True),
        ("BG-27", "lines.allowances", True),
    ],
)
def test_well_known_terms_stand_where_one_looks_for_them(number: str, path: str, repeats: bool) -> None:  # noqa: FBT001 - a column of the table
    assert (term(number).path, term(number).repeats) == (path, repeats)


@pytest.mark.parametrize("cls", GROUPS)
def test_every_field_says_what_it_is(cls: type[msgspec.Struct]) -> None:
    for name, info in fields_of(cls).items():
        assert info.title, f"{cls.__name__}.{name} has no name"
        assert info.meaning.endswith("."), f"{cls.__name__}.{name}: the meaning is not a sentence"
        assert info.source in {EN, FX, XR, UBL}


@pytest.mark.parametrize("cls", STRUCTS)
def test_a_struct_is_immutable_and_refuses_unknown_fields(cls: type[msgspec.Struct]) -> None:
    assert cls.__struct_config__.frozen
    assert cls.__struct_config__.forbid_unknown_fields
    assert cls.__struct_config__.omit_defaults
    with pytest.raises(AttributeError):
        setattr(cls(), cls.__struct_fields__[0], None)


@pytest.mark.parametrize("cls", GROUPS)
def test_a_group_is_empty_unless_something_is_said(cls: type[msgspec.Struct]) -> None:
    empty = cls()
    for name, info in fields_of(cls).items():
        assert getattr(empty, name) == (() if info.repeats else None)


@pytest.mark.parametrize("cls", [Identifier, Attachment])
def test_a_value_is_empty_unless_something_is_said(cls: type[msgspec.Struct]) -> None:
    assert not any(getattr(cls(), name) for name in cls.__struct_fields__)


def test_a_shared_class_takes_its_numbers_from_where_it_is_used() -> None:
    """The VAT category of a logistics charge is BT-X-273; the class that holds it has no numbers of its own."""
    found = {entry.path: entry.id for entry in collect(Invoice)}
    assert found["extension.logistics_service_charges.taxes.category_code"] == "BT-X-273"
    assert found["extension.ship_from.contact.email_address"] == "BT-X-190"


def test_a_field_without_a_number_is_known_by_its_path() -> None:
    unnumbered = [entry for entry in terms().values() if not entry.id.startswith(("BT-", "BG-"))]
    assert unnumbered
    assert all(entry.id == entry.path for entry in unnumbered)


def test_a_line_can_hold_lines() -> None:
    line = InvoiceLine(identifier="1", sub_lines=(InvoiceLine(identifier="1.1"),))
    assert fields_of(InvoiceLine)["sub_lines"].value_type is InvoiceLine
    assert line.sub_lines[0].identifier == "1.1"
