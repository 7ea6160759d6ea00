# SPDX-License-Identifier: Apache-2.0
"""Invoices out of trees: what paths find, how places are called, and what is refused."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from einvoice.errors import MappingError
from einvoice.importers import Exact, Node, Tree, elements, import_tree, load_mapping, load_seller, pointer
from tests.importers.stories import SELLER, changed, said

if TYPE_CHECKING:
    from einvoice.importers import ImportedInvoice
    from einvoice.importers.tree import Naming

MAPPING = """
mapping = "tree/1"

[source]
format = "json"
root = "orders[*] | ."
empty = "false"

[invoice]
number = "no"
issue_date = "date"
type_code = { constant = "380" }
currency_code = "currency"
buyer.name = "buyers[kind=bill].name | buyers[kind=ship].name"
buyer.postal_address.country_code = "country"
notes = [{ each = "notes[*]", note = "." }]

[lines]
each = "lines[*]"
identifier = { count = true }
invoiced_quantity = "qty"
invoiced_quantity_unit_of_measure_code = { constant = "C62" }
price_details.item_net_price = "price"
item_information.name = "names[*]"
vat = { code = "/tax", rate = "rate" }
allowances = [{ each = "cuts[*]", amount = "off", reason = "why" }]

[[vat]]
when = { code = "N" }
category = "S"
"""


def order(**changes: object) -> dict[str, Any]:
    line = {"qty": Decimal(2), "price": "10.50", "names": ["Hammer", "red"], "rate": 19}
    made: dict[str, Any] = {
        "no": "A1",
        "date": "2026-01-05",
        "currency": "EUR",
        "buyers": [{"kind": "ship", "name": "Depot"}, {"kind": "bill", "name": "Buyer & Sons"}],
        "country": "FR",
        "tax": "N",
        "lines": [line],
    }
    return {**made, **changes}


def one(order_: object, mapping: str = MAPPING, naming: Naming = pointer) -> ImportedInvoice:
    (imported,) = several(order_, mapping=mapping, naming=naming)
    return imported


def several(root: object, mapping: str = MAPPING, naming: Naming = pointer) -> list[ImportedInvoice]:
    tree = Tree("orders.json", root, naming)
    return list(import_tree(tree, load_mapping(mapping.encode(), name="m.toml"), load_seller(SELLER.encode())))


def test_values_are_found_and_know_their_place() -> None:
    imported = one({"orders": [order()]})
    assert said(imported) == []
    line = imported.invoice.lines[0]
    assert imported.invoice.issue_date == dt.date(2026, 1, 5)
    assert imported.invoice.buyer is not None
    assert imported.invoice.buyer.name == "Buyer & Sons"
    assert line.item_information is not None
    assert line.item_information.name == "Hammer red"
    assert line.vat_information is not None
    assert (line.vat_information.category_code, line.vat_information.rate) == ("S", Decimal(19))
    places = {path: imported.provenance[path].place() for path in imported.provenance}
    assert places["buyer.name"] == "/orders/0/buyers/1/name"
    assert places["lines[0].price_details.item_net_price"] == "/orders/0/lines/0/price"
    assert places["lines[0].item_information.name"] == "/orders/0/lines/0/names/0"
    assert places["lines[0].vat_information.category_code"] == "/orders/0/tax"
    assert imported.provenance["lines[0].item_information.name"].raw == "Hammer + red"


def test_an_alternative_counts_if_the_first_says_nothing() -> None:
    buyers = [{"kind": "bill", "name": False}, {"kind": "ship", "name": "Depot"}]
    imported = one(order(buyers=buyers))
    assert imported.invoice.buyer is not None
    assert imported.invoice.buyer.name == "Depot"
    assert imported.provenance["buyer.name"].place() == "/buyers/1/name"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"country": None}, "/country (BT-55): Buyer country code must not be missing, but the cell is empty"),
        ({"buyers": []}, "/buyers[kind=bill]/name (BT-44): Buyer name must not be missing, but the cell is empty"),
        (
            {"buyers": {"kind": "other"}},
            "/buyers[kind=bill]/name (BT-44): Buyer name must not be missing, but the cell is empty",
        ),
    ],
)
def test_a_missing_value_is_named_where_it_would_stand(changes: dict[str, Any], expected: str) -> None:
    assert said(one(order(**changes))) == [expected]


def test_several_values_are_no_choice() -> None:
    (fault,) = said(one(order(buyers=[{"kind": "bill", "name": "A"}, {"kind": "bill", "name": "B"}])))
    assert "2 values stand here, and one is wanted" in fault


def test_a_group_is_no_value() -> None:
    (fault,) = said(one(order(country={"code": "FR"})))
    assert fault.startswith("/country (BT-55): a group of values stands here, not a value: go on with one of code")


def test_groups_come_from_records_of_their_own() -> None:
    cuts = [{"off": Exact("1.00"), "why": "late"}, {"off": Exact("0.50"), "why": "more"}]
    line = {**order()["lines"][0], "cuts": cuts}
    imported = one(order(notes=["First", "Second"], lines=[line]))
    assert said(imported) == []
    assert [note.note for note in imported.invoice.notes] == ["First", "Second"]
    assert [cut.amount for cut in imported.invoice.lines[0].allowances] == [Decimal("1.00"), Decimal("0.50")]
    assert imported.provenance["lines[0].allowances[1].amount"].place() == "/lines/0/cuts/1/off"
    assert imported.provenance["notes[1].note"].place() == "/notes/1"


def test_numbers_of_the_source_have_no_locale_but_texts_do() -> None:
    german = changed(('root = "orders[*] | ."', 'root = "."\ndecimal = ","\nthousands = "."'), text=MAPPING)
    line = {**order()["lines"][0], "qty": Decimal("1.234"), "price": "1.234,50"}
    imported = one(order(lines=[line]), mapping=german)
    assert imported.invoice.lines[0].invoiced_quantity == Decimal("1.234")
    price = imported.invoice.lines[0].price_details
    assert price is not None
    assert price.item_net_price == Decimal("1234.50")


def test_a_node_gives_its_own_place() -> None:
    segment = Node({"qty": "x"}, place="segment 9 (LIN)", line=9)
    line = Node({**order()["lines"][0], **segment}, place="segment 9 (LIN)", line=9)
    (fault,) = said(one(order(lines=[line]), naming=elements))
    assert (
        fault == "segment 9 (LIN)/qty (line 9) (BT-129): 'x' is not a number written with '.' before the fraction, "
        "without thousands signs"
    )


def test_elements_are_counted_from_one() -> None:
    assert elements("", ("E1EDP01", 1, "MENGE")) == "E1EDP01[2]/MENGE"


JOIN = """
[[joins]]
name = "tax_record"
at = "lines"
value = "tax_id[0]"
records = "taxes[*]"
key = "id"
"""


def test_a_join_finds_the_record_that_a_key_names() -> None:
    mapping = changed(('code = "/tax"', 'code = "tax_record.code"'), text=MAPPING) + JOIN
    line = {**order()["lines"][0], "tax_id": [Decimal(5), "19 %"]}
    root = {
        "orders": [order(lines=[line])],
        "taxes": [{"id": Decimal(4), "code": "X"}, {"id": Decimal(5), "code": "N"}],
    }
    imported = one(root, mapping=mapping)
    assert said(imported) == []
    assert imported.provenance["lines[0].vat_information.category_code"].place() == "/taxes/1/code"
    root["taxes"].pop()
    (fault,) = said(one(root, mapping=mapping))
    assert "no record of taxes[*] has id '5', which /orders/0/lines/0/tax_id/0 names" in fault


def test_joins_cannot_wait_for_each_other() -> None:
    circle = JOIN.replace("tax_id[0]", "other.id") + JOIN.replace("tax_record", "other").replace("tax_id", "tax_record")
    with pytest.raises(MappingError, match="begins with a join that is declared here or below"):
        load_mapping((MAPPING + circle).encode())


def test_what_a_mapping_refuses_is_refused_with_its_reason() -> None:
    refusal = '[[refuse]]\nfrom = "more"\nvalues = "true"\nbecause = "only a part: fetch all"\n'
    assert said(one(order(more=True), mapping=MAPPING + refusal)) == ["/more: only a part: fetch all"]
    assert said(one(order(more=False), mapping=MAPPING + refusal)) == []


def test_prices_may_include_vat_in_one_invoice_and_not_in_another() -> None:
    asked = '[prices_include_vat]\nfrom = "taxes_included"\nvalues = "true"\n'
    orders = {"orders": [order(taxes_included=True), order(no="A2", taxes_included=None)]}
    assert [made.prices_include_vat for made in several(orders, mapping=MAPPING + asked)] == [True, False]


def test_a_number_that_comes_twice_is_named() -> None:
    first, second = several({"orders": [order(), order()]})
    assert [len(first.faults), len(second.faults)] == [1, 1]
    assert first.faults[0].code == "DUPLICATE"


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('each = "lines[*]"\n', "", "say where the lines of an invoice stand"),
        ('each = "lines[*]"', 'each = "lines["', "is not a path"),
        ('number = "no"', 'number = "no["', "key 'invoice.number': 'no\\['"),
        ("[lines]", '[rows]\nby = "x"\nlines = "y"\n[lines]', "has no rows"),
    ],
)
def test_a_mapping_of_a_tree_is_checked_when_it_is_loaded(old: str, new: str, reason: str) -> None:
    with pytest.raises(MappingError, match=reason):
        load_mapping(changed((old, new), text=MAPPING).encode())


def test_a_tree_without_the_invoices_is_told_so() -> None:
    strict = changed(('root = "orders[*] | ."', 'root = "orders[*]"'), text=MAPPING)
    with pytest.raises(MappingError, match=r"there is no invoice at 'orders\[\*\]'"):
        several({"orders": []}, mapping=strict)
