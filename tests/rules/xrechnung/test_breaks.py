# SPDX-License-Identifier: Apache-2.0
"""The smallest change that breaks a rule fires exactly that rule, or exactly the ids that the official set fires."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest

from einvoice import validate
from einvoice.bind import open_document
from einvoice.model.extensions import LineExtension
from einvoice.rules import find_pack
from tests.rules.invoices import at
from tests.rules.xrechnung.cases import CASES
from tests.rules.xrechnung.invoices import SYNTAXES, extended, german, invoices, written
from tests.together import together

if TYPE_CHECKING:
    from einvoice.model import Syntax
    from einvoice.model.structure import StructureHit
    from einvoice.rules.registry import Family

PACK = find_pack("xrechnung@2.5.0")
FAMILIES: dict[str, Syntax] = {"ubl": "ubl-invoice", "cii": "cii"}
NO_PLACE = {"ubl-creditnote": {"extension"}}
"""A credit note has no place for third party payments, so that its amount due cannot count them."""

NUMBERLESS = {"PEPPOL-EN16931-R043", "PEPPOL-EN16931-R043-1"}
"""What these are about is no term: whether something is an allowance or a charge tells the group it is."""


def hits(data: bytes) -> tuple[StructureHit, ...]:
    document = open_document(data)
    return document.structure_hits(PACK.structure["cii" if document.syntax == "cii" else "ubl"].rows)


@pytest.mark.parametrize("family", FAMILIES)
@together("name", CASES)
def test_a_change_fires_what_it_fires_officially(name: str, family: str) -> None:
    syntax = FAMILIES[family]
    expected = CASES[name].fires(syntax)
    if expected is None:
        return
    found = hits(CASES[name].document(syntax))
    assert {hit.row.rule for hit in found} == expected
    assert not [hit for hit in found if hit.open]


@pytest.mark.parametrize("syntax", SYNTAXES)
@pytest.mark.parametrize("name", invoices())
def test_nothing_is_wrong_with_an_invoice_that_obeys_xrechnung(name: str, syntax: Syntax) -> None:
    if name not in NO_PLACE.get(syntax, set()):
        assert not hits(written(invoices()[name], syntax))


@pytest.mark.parametrize("family", FAMILIES)
def test_every_published_rule_is_broken_by_a_case(family: str) -> None:
    aimed = {name.partition(" ")[0] for name, case in CASES.items() if case.fires(FAMILIES[family]) is not None}
    assert aimed == PACK.published()[cast("Family", family)].keys()


@pytest.mark.parametrize("family", FAMILIES)
@together("name", [name for name in CASES if " " not in name])
def test_a_finding_says_where_and_of_which_term(name: str, family: str) -> None:
    syntax = FAMILIES[family]
    if CASES[name].fires(syntax) is None:
        return
    report = validate(CASES[name].document(syntax), packs=["xrechnung@2.5.0"])
    findings = [one for one in report.findings if one.rule == name]
    assert findings
    for one in findings:
        assert one.location, one
        assert one.line, one
        assert one.message.endswith(".")
    assert any(one.terms for one in findings) or name in NUMBERLESS, findings


def test_the_rules_of_the_extension_are_asked_of_nothing_else() -> None:
    odd = at({"buyer.identifiers": extended().seller.identifiers})(german())  # type: ignore[union-attr]
    assert not hits(written(odd, "ubl-invoice"))


def test_sub_lines_of_any_depth_are_added_up() -> None:
    deep = extended().lines[0].sub_lines[0]
    invoice = extended(**{"lines[0].sub_lines[1].sub_lines": (deep,)})
    (hit,) = hits(written(invoice, "ubl-invoice"))
    assert (hit.row.rule, hit.value, hit.expected) == ("BR-DEX-02", "40.00", "60.00")
    assert hit.path == "/Invoice/cac:InvoiceLine[1]/cac:SubInvoiceLine[2]/cbc:LineExtensionAmount"


def test_a_line_that_names_its_parent_is_told_once_for_each_line() -> None:
    invoice = extended(**{"lines[1].extension": LineExtension(parent_line_identifier="1")})
    assert [hit.row.rule for hit in hits(written(invoice, "cii"))] == ["BR-DEX-15", "BR-DEX-15"]


def test_an_element_with_a_text_that_is_no_number_leaves_the_rule_open() -> None:
    data = written(german(), "ubl-invoice").replace(
        b">100.00</cbc:LineExtensionAmount>", b">x</cbc:LineExtensionAmount>", 1
    )
    assert [(hit.row.rule, hit.open) for hit in hits(data)] == [("PEPPOL-EN16931-R120", "'x' is no number")]


def test_two_terms_of_payment_cannot_be_looked_through_for_discounts() -> None:
    terms = b"<cac:PaymentTerms><cbc:Note>#SKONTO#TAGE=14#PROZENT=2.00#\n</cbc:Note></cac:PaymentTerms>"
    data = written(german(), "ubl-invoice").replace(b"<cac:PaymentTerms>", terms + b"<cac:PaymentTerms>", 1)
    assert [(hit.row.rule, bool(hit.open)) for hit in hits(data)] == [("BR-DE-18", True)]


@pytest.mark.parametrize(("prefix", "fires"), [("ram", False), ("a", True)])
def test_an_empty_delivery_is_let_pass_by_the_prefix_it_is_written_with(prefix: str, fires: bool) -> None:  # noqa: FBT001
    data = written(german(), "cii").decode()
    head, _, rest = data.partition("<ram:ApplicableHeaderTradeDelivery>")
    _, _, tail = rest.partition("</ram:ApplicableHeaderTradeDelivery>")
    empty = f"{head}<ram:ApplicableHeaderTradeDelivery/>{tail}".replace("ram:", f"{prefix}:")
    empty = empty.replace("xmlns:ram=", f"xmlns:{prefix}=")
    assert ("PEPPOL-EN16931-R008" in {hit.row.rule for hit in hits(empty.encode())}) is fires
