# SPDX-License-Identifier: Apache-2.0
"""The one function per class never calls content what a rule would find wrong."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from einvoice.model import Buyer, DocumentTotals, Identifier, Invoice, InvoiceLine, ItemInformation, Seller
from einvoice.rules import find_pack, run
from einvoice.rules.demands import Demand, clear_of
from einvoice.rules.plan import Node, Plan, compiled
from einvoice.rules.rows import CodeList
from tests.rules.en16931.test_breaks import CASES
from tests.rules.invoices import reading

if TYPE_CHECKING:
    from msgspec import Struct

    from einvoice.model import Syntax

PACK = find_pack("en16931@1.3.16")


def nodes(plan: Plan) -> list[Node]:
    """Every place of a walk."""
    found = [plan.root]
    for node in found:  # grows while it is walked
        found += [below for _, _, below in node.below if not any(below is one for one in found)]
    return found


@pytest.mark.parametrize("syntax", ["ubl-invoice", "ubl-creditnote", "cii"])
def test_looking_first_changes_no_verdict(syntax: Syntax, monkeypatch: pytest.MonkeyPatch) -> None:
    invoices = [case.invoice for case in CASES.values()]
    quickly = [run(reading(one, syntax), [PACK]) for one in invoices]
    plan = compiled((PACK,), "cii" if syntax == "cii" else "ubl")
    clears = [node.clear for node in nodes(plan)]
    assert any(clears)
    for node in nodes(plan):
        monkeypatch.setattr(node, "clear", node.clear and (lambda _: False))
    assert [run(reading(one, syntax), [PACK]) for one in invoices] == quickly


@pytest.mark.parametrize(
    ("demand", "content", "missing"),
    [
        (Demand("there", ("name",)), Seller(name=""), Seller()),
        (Demand("there", ("postal_address.city",)), None, Seller()),
        (Demand("there", ("identifiers",)), Seller(identifiers=(Identifier("1"),)), Seller()),
        (Demand("filled", ("name",)), Seller(name="A"), Seller(name=" \t")),
        (Demand("filled", ("name",)), None, Seller()),
        (Demand("some", ("name", "postal_address.city")), Seller(name=""), Seller()),
        (
            Demand("coded", ("identifiers.scheme",), CodeList("iso-6523")),
            Seller(identifiers=(Identifier("1"), Identifier("1", "0088"))),
            Seller(identifiers=(Identifier("1", "0088"), Identifier("1", "nine"))),
        ),
    ],
)
def test_a_demand_is_looked_at(demand: Demand, content: Struct | None, missing: Struct) -> None:
    clear = clear_of(Seller, [demand])
    assert clear is not None
    assert content is None or clear(content)
    assert not clear(missing)


@pytest.mark.parametrize(("amount", "content"), [("1", True), ("1.5", True), ("1.55", True), ("1.550", False)])
def test_decimals_are_counted(amount: str, content: bool) -> None:  # noqa: FBT001 -- a table
    clear = clear_of(DocumentTotals, [Demand("decimals", ("paid_amount",), most=2)])
    assert clear is not None
    assert clear(DocumentTotals(paid_amount=Decimal(amount))) is content
    assert clear(DocumentTotals())


def test_a_group_that_is_absent_holds_no_code() -> None:
    clear = clear_of(InvoiceLine, [Demand("coded", ("item_information.country_of_origin",), CodeList("iso-3166-1"))])
    assert clear is not None
    assert clear(InvoiceLine())
    assert clear(InvoiceLine(item_information=ItemInformation(country_of_origin="DE")))
    assert not clear(InvoiceLine(item_information=ItemInformation(country_of_origin="XX")))


def test_where_nothing_is_demanded_there_is_no_function() -> None:
    assert clear_of(Buyer, [Demand("nothing")]) is None
    assert clear_of(Invoice, []) is None
