# SPDX-License-Identifier: Apache-2.0
"""What follows from what: the table is sound, and an invoice with one mistake shows one."""

from __future__ import annotations

from decimal import Decimal
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from einvoice.model import Reading
from einvoice.rules import find_pack, pack_ids
from einvoice.rules.causes import SCHEMA, TABLE
from einvoice.rules.families import causes_of, families
from einvoice.rules.findings import Finding
from einvoice.rules.packs import versions
from einvoice.rules.report import run
from tests.service.sample import invoice

if TYPE_CHECKING:
    from einvoice.model import Invoice
    from einvoice.rules.families import Family

RULES = sorted({link.cause for link in TABLE} | {rule for link in TABLE for rule in link.consequences})


def finding(rule: str, found: str | None = None, expected: str | None = None, **changes: Any) -> Finding:  # noqa: ANN401
    """A fatal finding with the figures that matter."""
    plain = Finding(rule=rule, packs=("x",), severity="fatal", effective="fatal", message="M.")
    return structs.replace(plain, found=found, expected=expected, **changes)


def tree(found: tuple[Family, ...]) -> dict[str, Any]:
    """Families by their rules alone."""
    return {one.finding.rule: tree(one.consequences) for one in found}


def judged(document: Invoice, syntax: Any = "ubl-invoice") -> dict[str, Any]:  # noqa: ANN401 -- a Syntax
    """What EN 16931 finds in an invoice, as a tree."""
    return tree(families(run(Reading(document, syntax), [find_pack("en16931")]).findings))


# ---- the table


def test_every_rule_of_the_table_is_published() -> None:
    packs = [pack for identifier in pack_ids() for pack in versions(identifier)]
    known = {rule for pack in packs for ids in pack.published().values() for rule in ids}
    assert [rule for rule in RULES if rule not in known | SCHEMA] == []


def test_nothing_follows_from_itself_by_any_way() -> None:
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for link in TABLE:
        sorter.add(link.cause, *link.consequences)
    assert set(sorter.static_order()) == set(RULES)


def test_no_link_is_stated_twice() -> None:
    stated = [(link.cause, rule, link.fit) for link in TABLE for rule in link.consequences]
    assert len(set(stated)) == len(stated)


# ---- how figures have to fit


def test_what_a_sum_is_too_high_the_next_total_is_too_low() -> None:
    found = [finding("BR-CO-10", "31.94", "31.00"), finding("BR-CO-13", "31.00", "31.94")]
    assert causes_of(found) == {1: 0}


def test_a_total_that_is_off_by_something_else_stands_for_itself() -> None:
    found = [finding("BR-CO-10", "31.94", "31.00"), finding("BR-CO-13", "31.00", "31.95")]
    assert causes_of(found) == {}


def test_what_is_deducted_has_the_other_sign() -> None:
    allowances = finding("BR-CO-11", "5.00", "3.00")
    assert causes_of([allowances, finding("BR-CO-13", "97.00", "95.00")]) == {1: 0}
    assert causes_of([allowances, finding("BR-CO-13", "97.00", "99.00")]) == {}


def test_a_wrong_taxable_amount_explains_the_tax_that_fits_the_right_one() -> None:
    group = "vat_breakdown[0]."
    taxable = finding("BR-S-08", "200.00", "100.00", model_path=f"{group}taxable_amount")
    tax = finding("BR-S-09", "19.00", "38.00", model_path=f"{group}tax_amount")
    assert causes_of([taxable, tax]) == {1: 0}
    assert causes_of([taxable, structs.replace(tax, found="20.00")]) == {}
    assert causes_of([taxable, structs.replace(tax, model_path="vat_breakdown[1].tax_amount")]) == {}


def test_sums_over_the_same_lines_that_are_off_alike_have_one_cause() -> None:
    lines = finding("BR-CO-10", "31.94", "31.00")
    assert causes_of([lines, finding("BR-S-08", "31.94", "31.00")]) == {1: 0}
    assert causes_of([lines, finding("BR-S-08", "31.00", "31.94")]) == {}


@pytest.mark.parametrize("found", [None, "many", "NaN", "Infinity"])
def test_without_figures_nothing_is_explained_by_them(found: str | None) -> None:
    assert causes_of([finding("BR-CO-10", found, "31.00"), finding("BR-CO-13", "31.00", "31.94")]) == {}


def test_a_total_that_was_not_computed_for_want_of_a_currency_follows_from_that() -> None:
    wrong = finding("BR-CL-04", "EURO")
    assert causes_of([wrong, finding("BR-CO-15", "5.89")]) == {1: 0}
    assert causes_of([wrong, finding("BR-CO-15", "5.89", "6.00")]) == {}


def test_a_missing_amount_explains_only_its_own_group() -> None:
    missing = finding("BR-46", model_path="vat_breakdown[0].tax_amount")
    tax = finding("BR-CO-17", model_path="vat_breakdown[0].tax_amount")
    assert causes_of([missing, tax]) == {1: 0}
    assert causes_of([missing, structs.replace(tax, model_path="vat_breakdown[1].tax_amount")]) == {}


def test_the_same_place_may_be_one_of_the_source_or_of_the_model() -> None:
    decimals = finding("BR-DEC-09", "1.234", location="/I/A")
    assert causes_of([decimals, finding("UBL-DT-01", "1.234", location="/I/A")]) == {1: 0}
    assert causes_of([decimals, finding("UBL-DT-01", "1.234", location="/I/B")]) == {}
    assert causes_of([finding("BR-DEC-09"), finding("UBL-DT-01")]) == {}


def test_the_same_branch_is_an_element_and_what_is_in_it() -> None:
    missing = finding("BR-CO-04", location="/I/L[1]/Item")
    assert causes_of([missing, finding("UBL-SR-48", location="/I/L[1]")]) == {1: 0}
    assert causes_of([missing, finding("UBL-SR-48", location="/I/L[1]/Item/C")]) == {1: 0}
    assert causes_of([missing, finding("UBL-SR-48", location="/I/L[11]")]) == {}
    assert causes_of([finding("BR-CO-04"), finding("UBL-SR-48")]) == {}


def test_what_is_fatal_does_not_stand_under_a_warning() -> None:
    mild = structs.replace(finding("BR-08"), effective="warning")
    assert causes_of([mild, finding("BR-09")]) == {}
    assert causes_of([mild, structs.replace(finding("BR-09"), effective="information")]) == {1: 0}


# ---- violations of the schema


def violation(location: str, *terms: str) -> Finding:
    """A violation of the schema."""
    return finding("XSD", location=location, terms=terms)


@pytest.mark.parametrize("location", ["/I/L[2]", "/I/L[2]/A", "/I/L[2]/Item"])
def test_a_violation_explains_the_term_that_is_missed_there(location: str) -> None:
    """It stands at the place itself, or right below, or above."""
    place = "/I/L[2]/A" if location.endswith("A") else "/I/L[2]"
    missed = finding("BR-24", terms=("BT-131",), location=place)
    assert causes_of([violation(location, "BT-131"), missed]) == {1: 0}


def test_a_violation_explains_nothing_elsewhere_and_no_other_term() -> None:
    missed = finding("BR-24", terms=("BT-131",), location="/I/L[2]")
    assert causes_of([violation("/I/L[3]", "BT-131"), missed]) == {}
    assert causes_of([violation("/I/L[2]", "BT-129"), missed]) == {}
    assert causes_of([violation("/I/L[2]"), missed]) == {}


def test_a_group_that_is_missing_explains_every_term_in_it() -> None:
    missed = finding("BR-06", terms=("BT-27",), location="/I")
    assert causes_of([violation("/I", "BG-4"), missed]) == {1: 0}
    assert causes_of([violation("/I", "BG-7"), missed]) == {}


def test_a_chain_may_begin_in_the_schema() -> None:
    found = (
        violation("/I/L[2]", "BT-131"),
        finding("BR-CO-10", "31.00", "20.00"),
        finding("BR-24", terms=("BT-131",), location="/I/L[2]"),
    )
    assert tree(families(found)) == {"XSD": {"BR-24": {"BR-CO-10": {}}}}


# ---- invoices


def test_a_wrong_sum_of_lines_is_one_mistake() -> None:
    sound = invoice()
    assert sound.totals is not None
    wrong = structs.replace(sound.totals, sum_of_invoice_line_net_amount=Decimal("31.94"))
    for syntax in ("ubl-invoice", "cii"):
        assert judged(structs.replace(sound, totals=wrong), syntax) == {"BR-CO-10": {"BR-CO-13": {}}}


def test_a_wrong_total_explains_the_amount_due_that_fits_the_right_one() -> None:
    sound = invoice()
    assert sound.totals is not None
    wrong = structs.replace(sound.totals, invoice_total_amount_with_vat=Decimal("38.89"))
    assert judged(structs.replace(sound, totals=wrong)) == {"BR-CO-15": {"BR-CO-16": {}}}


def test_a_line_without_its_amount_explains_the_sums() -> None:
    sound = invoice()
    lines = (sound.lines[0], structs.replace(sound.lines[1], net_amount=None))
    assert judged(structs.replace(sound, lines=lines)) == {"BR-24": {"BR-CO-10": {}, "BR-S-08": {}}}


def test_a_missing_breakdown_explains_what_needs_it() -> None:
    found = judged(structs.replace(invoice(), vat_breakdown=()))
    assert set(found) == {"BR-CO-18"}
    assert "BR-S-01" in found["BR-CO-18"]


def test_a_missing_address_explains_its_missing_country() -> None:
    sound = invoice()
    assert sound.buyer is not None
    without = structs.replace(sound, buyer=structs.replace(sound.buyer, postal_address=None))
    assert judged(without, "cii") == {"BR-10": {"BR-11": {}}}


@given(
    st.lists(
        st.builds(
            finding,
            st.sampled_from([*RULES, "XSD", "BR-01"]),
            st.sampled_from([None, "1", "2", "3"]),
            st.sampled_from([None, "1", "2", "3"]),
            terms=st.sampled_from([(), ("BT-131",), ("BG-25",)]),
            location=st.sampled_from([None, "/I", "/I/L[1]", "/I/L[1]/A"]),
            model_path=st.sampled_from(["", "a.b", "a.c"]),
            effective=st.sampled_from(["fatal", "warning"]),
        ),
        max_size=12,
    )
)
def test_no_finding_is_lost_or_told_twice(found: list[Finding]) -> None:
    told = [id(member) for family in families(found) for member in family.members()]
    assert sorted(told) == sorted(id(one) for one in found)
