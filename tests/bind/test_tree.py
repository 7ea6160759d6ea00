# SPDX-License-Identifier: Apache-2.0
"""The tree of a syntax: table, model and official order joined."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from einvoice.bind import order
from einvoice.bind.tree import is_constant, tree
from einvoice.model import Invoice, Syntax

if TYPE_CHECKING:
    from einvoice.bind.tree import Element

SYNTAXES: tuple[Syntax, ...] = ("ubl-invoice", "ubl-creditnote", "cii")


def at(syntax: Syntax, path: str) -> list[Element]:
    """The elements at a path of names; several where conditions tell them apart."""
    found = [tree(syntax)]
    for name in path.split("/"):
        found = [child for element in found for child in element.children if child.name == name]
    return found


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_children_stand_in_the_order_of_the_schema(syntax: Syntax) -> None:
    known = order.load(syntax)
    for element in tree(syntax).below():
        places = [known.position(element.schema_type, child.name) for child in element.children]
        assert None not in places
        assert places == sorted(place for place in places if place is not None), element.name


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_texts_stand_where_the_schema_has_texts(syntax: Syntax) -> None:
    """A term is bound to an element with a text, an attribute to one that the schema knows."""
    known = order.load(syntax)
    for element in tree(syntax).below():
        names = {attribute.name for attribute in known.attributes(element.schema_type)}
        assert set(element.attributes) <= names, element.name
        assert set(element.constant_attributes) <= names, element.name
        if element.text is not None:
            assert known.content(element.schema_type), f"{element.name} holds elements"


@pytest.mark.parametrize("syntax", ["ubl-invoice", "ubl-creditnote"])
def test_every_amount_of_ubl_has_its_currency(syntax: Syntax) -> None:
    amounts = [element for element in tree(syntax).below() if element.schema_type == "udt:AmountType"]
    assert len(amounts) > 20
    assert {element.constant_attributes["currencyID"] for element in amounts} == {"$BT-5", "$BT-6"}


def test_a_positive_condition_makes_what_it_asks_for() -> None:
    """``[cac:TaxScheme/cbc:ID='VAT']`` is a constant beside the term; a negated condition makes nothing."""
    vat, other = sorted(
        at("ubl-invoice", "cac:AccountingSupplierParty/cac:Party/cac:PartyTaxScheme"),
        key=lambda element: element.test is not None and element.test.negated,
    )
    (scheme,) = [child for child in vat.children if child.name == "cac:TaxScheme"]
    assert is_constant(scheme)
    assert [child.constant for child in scheme.children] == [("VAT",)]
    assert not any(is_constant(child) for child in other.children)


def test_the_root_holds_the_invoice_and_each_document_has_its_own_lines() -> None:
    assert tree("cii").cls is Invoice
    assert at("ubl-invoice", "cac:CreditNoteLine") == at("ubl-creditnote", "cac:InvoiceLine") == []
    assert at("ubl-invoice", "cac:InvoiceLine/cac:SubInvoiceLine")[0].shares is at("ubl-invoice", "cac:InvoiceLine")[0]


def test_an_element_knows_its_namespace() -> None:
    root = tree("ubl-invoice")
    assert root.tag == "{urn:oasis:names:specification:ubl:schema:xsd:Invoice-2}Invoice"
    assert root.children[0].tag.startswith("{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}")


def test_a_tree_is_built_once() -> None:
    assert tree("cii") is tree("cii")
