# SPDX-License-Identifier: Apache-2.0
"""A line, an allowance or a charge may state several taxes: the tests ask each of them, and count amounts once."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from einvoice import validate
from einvoice.rules import find_pack, run
from tests.differential.bases import written
from tests.differential.trees import Tree
from tests.rules.invoices import clean, in_category, not_subject, reading

if TYPE_CHECKING:
    from lxml.etree import _Element

    from einvoice.model import Invoice, Syntax

PACK = "en16931@1.3.16"
SPOTS = {
    ("ubl-invoice", "line"): "InvoiceLine/Item/ClassifiedTaxCategory",
    ("cii", "line"): "IncludedSupplyChainTradeLineItem/SpecifiedLineTradeSettlement/ApplicableTradeTax",
    ("ubl-invoice", "allowance"): "AllowanceCharge/TaxCategory",
    ("cii", "allowance"): "ApplicableHeaderTradeSettlement/SpecifiedTradeAllowanceCharge/CategoryTradeTax",
}
"""Where a tax stands, local names below each other."""


def found(tree: Tree, path: str) -> _Element:
    """The first element at the end of a path."""
    names = "/".join(f"*[local-name()='{name}']" for name in path.split("/"))
    hits = tree.root.xpath(f"//{names}")
    assert isinstance(hits, list)
    assert hits
    return hits[0]  # type: ignore[return-value]


def again(invoice: Invoice, syntax: Syntax, spot: str, code: str, rate: str | None = None) -> bytes:
    """A document in which the first line, or the first allowance, states a second tax."""
    tree = Tree(written(invoice, syntax))
    second = tree.again(found(tree, SPOTS[syntax, spot]))
    for child in second:
        if str(child.tag).endswith(("}ID", "}CategoryCode")):
            child.text = code
        elif str(child.tag).endswith("Percent") and rate is not None:
            child.text = rate
    return tree.bytes()


def fired(data: bytes) -> set[str]:
    report = validate(data, packs=PACK)
    assert not report.undetermined
    return {one.rule for one in report.findings if one.rule.startswith("BR-")}


@pytest.mark.parametrize("syntax", ["ubl-invoice", "cii"])
@pytest.mark.parametrize(("spot", "rate_rule"), [("line", "BR-E-05"), ("allowance", "BR-E-06")])
def test_the_rate_of_a_second_tax_is_judged(syntax: Syntax, spot: str, rate_rule: str) -> None:
    assert fired(again(in_category("E", "0"), syntax, spot, "E")) == set()
    assert fired(again(in_category("E", "0"), syntax, spot, "E", "7")) == {rate_rule}


@pytest.mark.parametrize("syntax", ["ubl-invoice", "cii"])
@pytest.mark.parametrize("spot", ["line", "allowance"])
def test_the_category_of_a_second_tax_wants_its_breakdown(syntax: Syntax, spot: str) -> None:
    assert fired(again(clean(), syntax, spot, "Z", "0")) == {"BR-Z-01"}


@pytest.mark.parametrize("syntax", ["ubl-invoice", "cii"])
def test_an_amount_counts_once_in_each_category_that_its_line_states(syntax: Syntax) -> None:
    """The same category again changes nothing; that of another line's breakdown adds the amount to it."""
    assert fired(again(clean(), syntax, "line", "S")) == set()
    assert fired(again(clean(), syntax, "line", "S", "0")) == {"BR-S-05"}


@pytest.mark.parametrize("syntax", ["ubl-invoice", "cii"])
def test_beside_what_is_not_subject_to_vat_no_second_category_stands(syntax: Syntax) -> None:
    rules = fired(again(not_subject(), syntax, "line", "S", "19"))
    assert "BR-O-12" in rules
    assert ("BR-O-11" in rules) is (syntax == "cii")


@pytest.mark.parametrize("syntax", ["ubl-invoice", "cii"])
def test_a_second_category_is_enough_for_a_line(syntax: Syntax) -> None:
    """The first tax is another than VAT, the second is VAT: the line has a VAT category."""
    tree = Tree(again(clean(), syntax, "line", "S"))
    first = found(tree, SPOTS[syntax, "line"])
    scheme = found(tree, f"{SPOTS[syntax, 'line']}/{'TypeCode' if syntax == 'cii' else 'TaxScheme/ID'}")
    assert scheme in list(first.iter())
    scheme.text = "GST"
    assert "BR-CO-04" not in fired(tree.bytes())


@pytest.mark.parametrize("syntax", ["ubl-invoice", "cii"])
def test_a_tax_that_is_not_named_is_no_vat(syntax: Syntax) -> None:
    tree = Tree(written(in_category("E", "0"), syntax))
    name = "TypeCode" if syntax == "cii" else "TaxScheme/ID"
    scheme = found(tree, f"{SPOTS[syntax, 'allowance']}/{name}")
    parent = scheme.getparent()
    assert parent is not None
    parent.remove(scheme)
    found(tree, f"{SPOTS[syntax, 'allowance']}/{'RateApplicablePercent' if syntax == 'cii' else 'Percent'}").text = "7"
    rules = fired(tree.bytes())
    assert "BR-32" in rules
    assert "BR-E-06" not in rules


@pytest.mark.parametrize(("rate", "fires"), [("-0", False), ("0", False), ("-0.0", True)])
def test_cii_tells_minus_zero_apart_where_it_has_decimals(rate: str, fires: bool) -> None:  # noqa: FBT001 -- a parameter of a test
    invoice = in_category("E", "0")
    tree = Tree(written(invoice, "cii"))
    found(tree, f"{SPOTS['cii', 'line']}/RateApplicablePercent").text = rate
    assert ("BR-E-05" in fired(tree.bytes())) is fires
    assert Decimal(rate) == 0


def test_an_invoice_that_never_was_xml_has_one_category_each() -> None:
    assert run(reading(clean(), None), [find_pack(PACK)]).findings == ()


def test_a_further_period_of_ubl_is_judged_with_its_time_zone() -> None:
    tree = Tree(written(clean(), "ubl-invoice"))
    period = tree.again(found(tree, "Invoice/InvoicePeriod"))
    end = next(child for child in period if str(child.tag).endswith("EndDate"))
    assert "BR-29" not in fired(tree.bytes())
    end.text = "2026-03-01+14:00"
    assert "BR-29" in fired(tree.bytes())


def test_the_country_of_a_further_vat_number_is_judged() -> None:
    tree = Tree(written(clean(), "ubl-invoice"))
    second = tree.again(found(tree, "AccountingCustomerParty/Party/PartyTaxScheme"))
    assert "BR-CO-09" not in fired(tree.bytes())
    next(child for child in second if str(child.tag).endswith("CompanyID")).text = "XX123"
    assert "BR-CO-09" in fired(tree.bytes())
