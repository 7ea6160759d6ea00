# SPDX-License-Identifier: Apache-2.0
"""What a declaration may say, and that a wrong one does not import."""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING

import pytest

from einvoice.model import DocumentTotals, Invoice, InvoiceLine, Reading
from einvoice.rules.places import below, paths_of, terms_at, value_of, values_of
from einvoice.rules.registry import DeclarationError, Miss, Rule, collect, rule
from einvoice.rules.rows import require
from tests.rules.invoices import clean

if TYPE_CHECKING:
    from collections.abc import Iterator


def br_co_99(totals: DocumentTotals) -> Iterator[Miss]:
    """The total is right.

    More about it.
    """
    if totals.paid_amount is None:
        yield Miss("BT-113")


def br_co_98_cii(totals: DocumentTotals) -> Iterator[Miss]:
    """The total is right in CII."""
    yield Miss("BT-113", totals.paid_amount)


def test_a_rule_says_what_it_demands_and_of_what_it_is_asked() -> None:
    new = rule("BR-CO-99", reads="BT-113")(br_co_99)
    assert (new.id, new.sentence, new.text) == ("BR-CO-99", "The total is right.", "More about it.")
    assert new.askings[0].subject is DocumentTotals
    assert new.file == __file__
    assert new.paths == {"totals.paid_amount"}
    assert new(DocumentTotals()) == (Miss("BT-113"),)


def test_a_twin_is_named_after_its_syntax() -> None:
    assert rule("BR-CO-98", reads="BT-113", syntax="cii")(br_co_98_cii).syntax == "cii"
    with pytest.raises(DeclarationError, match="br_co_98_ubl"):
        rule("BR-CO-98", reads="BT-113", syntax="ubl")(br_co_98_cii)


def test_a_function_is_named_after_its_rule() -> None:
    with pytest.raises(DeclarationError, match="has to be called br_co_97"):
        rule("BR-CO-97", reads="BT-113")(br_co_99)


def test_a_term_that_does_not_exist_cannot_be_read() -> None:
    with pytest.raises(DeclarationError, match="BT-999"):
        rule("BR-CO-99", reads="BT-999")(br_co_99)


def br_co_96(totals: DocumentTotals) -> Iterator[Miss]:
    yield Miss("BT-113", totals.paid_amount)


def br_co_95(totals: DocumentTotals) -> Iterator[Miss]:
    """no sentence"""  # noqa: D403, D415 -- the wrong docstring is the point
    yield Miss("BT-113", totals.paid_amount)


def br_co_94(anything) -> Iterator[Miss]:  # type: ignore[no-untyped-def]  # noqa: ANN001 -- the point
    """It is asked of nothing that is known."""
    yield Miss("BT-113", anything)


def br_co_93(totals: DocumentTotals, other: Invoice) -> Iterator[Miss]:
    """Its second parameter is no view."""
    yield Miss("BT-113", (totals, other))


def br_co_92(text: ModuleType) -> Iterator[Miss]:
    """It is asked of what is no part of the model."""
    yield Miss("BT-113", text)


@pytest.mark.parametrize(
    ("name", "check", "why"),
    [
        ("BR-CO-96", br_co_96, "docstring"),
        ("BR-CO-95", br_co_95, "no sentence"),
        ("BR-CO-94", br_co_94, "annotated"),
        ("BR-CO-93", br_co_93, "view"),
        ("BR-CO-92", br_co_92, "no part of the model"),
    ],
)
def test_a_wrong_declaration_is_refused(name: str, check: object, why: str) -> None:
    with pytest.raises(DeclarationError, match=why):
        rule(name, reads="BT-113")(check)  # type: ignore[arg-type]


def test_an_id_has_a_form() -> None:
    with pytest.raises(DeclarationError, match="no id"):
        require("rule one", Invoice, "BT-1", "The invoice has a number.")


def test_a_rule_cannot_be_declared_twice() -> None:
    module = ModuleType("module")
    for name, subject in (("one", Invoice), ("other", Invoice)):
        setattr(module, name, require("BR-02", subject, "BT-1", "The invoice has a number."))
    with pytest.raises(DeclarationError, match="twice"):
        collect(module)


def test_rules_are_collected_from_names_and_tuples_in_their_order() -> None:
    module = ModuleType("module")
    first = require("BR-02", Invoice, "BT-1", "The invoice has a number.", syntax="ubl")
    second = require("BR-02", Invoice, "BT-1", "The invoice has a number.", syntax="cii")
    module.ROWS = (first, second)  # type: ignore[attr-defined]
    module.again = second  # type: ignore[attr-defined]
    assert collect(module) == (first, second)
    assert isinstance(first, Rule)


def test_a_row_stands_where_it_is_declared() -> None:
    row = require("BR-02", Invoice, "BT-1", "The invoice has a number.")
    assert row.file == __file__
    assert row.line > 0


# ---- places


def test_a_number_leads_to_its_places() -> None:
    assert paths_of("BT-112") == ("totals.invoice_total_amount_with_vat",)
    assert paths_of("seller.identifiers.scheme") == ("seller.identifiers.scheme",)
    with pytest.raises(LookupError):
        paths_of("seller.shoe_size")


def test_a_place_leads_to_its_number() -> None:
    assert terms_at("lines[3].sub_lines[0].net_amount") == ("BT-131",)
    assert terms_at("seller.identifiers[0].scheme") == ("BT-29",)
    assert terms_at("vat_breakdown[0].tax_scheme_identifier") == ()
    assert terms_at("") == ()


def test_a_term_is_found_below_a_class() -> None:
    assert below(InvoiceLine, "BT-153") == "item_information.name"
    with pytest.raises(LookupError):
        below(InvoiceLine, "BT-112")


def test_a_value_is_read_past_groups_that_are_absent() -> None:
    assert value_of("seller.postal_address.country_code")(clean()) == "DE"
    assert value_of("seller.postal_address.country_code")(Invoice()) is None
    assert list(values_of(clean(), "lines.identifier")) == [("lines[0].identifier", "1"), ("lines[1].identifier", "2")]
    assert list(values_of(Invoice(), "seller.name")) == []


def test_a_reading_can_be_asked_too() -> None:
    def br_co_91(reading: Reading) -> Iterator[Miss]:
        """A rule of the reading."""
        yield Miss("BT-1", reading.syntax)

    br_co_91.__globals__["Reading"] = Reading
    assert rule("BR-CO-91", reads="BT-1")(br_co_91).askings[0].subject is Reading
