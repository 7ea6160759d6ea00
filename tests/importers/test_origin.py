# SPDX-License-Identifier: Apache-2.0
"""Every value knows its place, and so does a value that is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from einvoice.importers import Origin
from einvoice.importers.origin import ImportFault
from einvoice.importers.wording import letters, listed, nearest, shown
from tests.counting import LINEAR, growth
from tests.importers.stories import HEADER, MAPPING, changed, small

if TYPE_CHECKING:
    from collections.abc import Callable


def test_an_origin_names_its_place() -> None:
    assert str(Origin("x.csv", row=17, line=17, column=3, header="MwSt", raw="19")) == "x.csv, row 17, column 'MwSt'"
    assert str(Origin("x.csv", "row", row=17, line=21)) == "x.csv, row 17 (line 21)"
    assert str(Origin("s.toml", "seller profile", key="seller.name")) == "s.toml, key 'seller.name'"
    assert str(Origin("x.csv", "row")) == "x.csv"


def test_a_fault_reads_as_place_term_and_reason() -> None:
    origin = Origin("x.csv", row=17, line=17, column=3, header="MwSt")
    assert str(ImportFault("NUMBER", "'x' is not a number", origin, "BT-152")) == (
        "row 17, column 'MwSt' (BT-152): 'x' is not a number"
    )
    assert str(ImportFault("ROW", "nothing", Origin("x.csv", "row"))) == "x.csv: nothing"


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("number", "row 2, column 'No'"),  # a value
        ("buyer_reference", "row 2, column 'Ref'"),  # looked for in vain: this is the cell to fill in
        ("buyer", "row 2, column 'Customer'"),  # a group: its first value
        ("buyer.contact.telephone_number", "row 2, column 'Customer'"),  # not mapped: the group it would stand in
        ("lines[1].item_information.name", "row 3, column 'Item'"),
        ("lines[1].allowances[0].amount", "row 3, column 'Off'"),
        ("lines[1].item_information.description", "row 3, column 'Item'"),
        ("lines[1].vat_information.category_code", "row 3, column 'Tax + Rate'"),
        ("lines[1].note", "row 3"),
        ("lines[1]", "row 3"),
        ("seller.name", "key 'seller profile.seller.name'"),
        ("currency_code", "key 'invoice.currency_code'"),
        ("lines[0].identifier", "row 2"),
    ],
)
def test_a_path_leads_to_the_place_to_look_at(path: str, place: str) -> None:
    mapping = changed(
        ("buyer.name =", 'buyer_reference = "Ref"\nbuyer.name ='),
        ('[[vat]]\nwhen = { code = "N" }', '[[lines.allowances]]\namount = "Off"\n\n[[vat]]\nwhen = { code = "N" }'),
    )
    (imported,) = small(
        "A1;05.01.2026;Buyer;FR;Hammer;2;10,50;N;19;;",
        ";;;;Nail;1;1;N;7;;",
        header=f"{HEADER};Ref;Off",
        mapping=mapping,
    )
    assert not imported.faults
    origin = imported.provenance.locate(path)
    assert origin is not None
    assert origin.place() == place


def test_a_path_that_leads_nowhere_has_no_place() -> None:
    (imported,) = small()
    assert imported.provenance.locate("payee.name") is None
    assert imported.provenance.locate("lines[7].note") is not None  # at least the first line


def test_values_are_listed_and_missing_ones_are_not() -> None:
    mapping = changed(("buyer.name =", 'buyer_reference = "Ref"\nbuyer.name ='))
    (imported,) = small("A1;05.01.2026;Buyer;FR;Hammer;2;10,50;N;19;", header=f"{HEADER};Ref", mapping=mapping)
    assert "buyer_reference" not in imported.provenance
    assert {"number", "lines[0].item_information.name", "seller.name"} <= set(imported.provenance)
    assert len(list(imported.provenance)) == len(imported.provenance)


def test_locating_a_path_takes_as_many_steps_in_a_long_invoice_as_in_a_short_one() -> None:
    def locating(rows: int) -> Callable[[], None]:
        (imported,) = small(*["A1;05.01.2026;Buyer;FR;Hammer;2;10,50;N;19"] * rows)

        def locate() -> None:
            for index in range(rows):
                assert imported.provenance.locate(f"lines[{index}].item_information.country_of_origin") is not None

        return locate

    assert growth(locating, 300) < LINEAR


def test_columns_have_the_letters_of_a_spreadsheet() -> None:
    assert [letters(column) for column in (1, 26, 27, 52, 703)] == ["A", "Z", "AA", "AZ", "AAA"]


def test_values_are_shown_short_and_harmless() -> None:
    assert shown("a\x1b[31mb") == r"'a\x1b[31mb'"
    assert len(shown("x" * 1000)) == 83


def test_names_are_suggested_without_regard_to_case() -> None:
    assert nearest("KUNDE", ["Kunde", "Konto"]) == "; did you mean 'Kunde'?"
    assert nearest("xyz", ["Kunde"]) == ""
    assert listed(["a", "b", "c"], 2) == "a, b and 1 more"
    assert MAPPING.count("[lines]") == 1
