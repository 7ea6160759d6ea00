# SPDX-License-Identifier: Apache-2.0
"""The order data: true to the official schemas, complete, small and quick."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pytest

from einvoice.bind import order
from einvoice.bind.detect import detect
from einvoice.bind.paths import name_of
from einvoice.bind.xml import parse
from einvoice.errors import UnknownNameError
from tests.counting import steps

if TYPE_CHECKING:
    from types import ModuleType

    from lxml.etree import _Element

DATA = Path(order.__file__).parent
TOOL = Path(__file__).parents[2] / "tools" / "schema_order.py"
Syntax = Literal["ubl-invoice", "ubl-creditnote", "cii"]
SYNTAXES: tuple[Syntax, ...] = ("ubl-invoice", "ubl-creditnote", "cii")


def tool() -> ModuleType:
    """Load the generator, which lies outside the package."""
    spec = importlib.util.spec_from_file_location("schema_order", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
@pytest.mark.no_cover  # what is run is a tool
def test_the_data_files_are_what_the_official_schemas_say() -> None:
    """Deriving them again gives the same bytes."""
    generated: dict[str, str] = tool().generate()
    assert set(generated) == {path.name for path in DATA.glob("*.json")}
    for name, text in generated.items():
        assert (DATA / name).read_text(encoding="utf-8") == text, f"run tools/schema_order.py: {name} is not current"


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_every_type_named_by_a_child_exists(syntax: Syntax) -> None:
    """A walk from the root meets no type that the data does not hold."""
    here = order.load(syntax)
    todo, seen = [here.root_type], set()
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            kind = here.type(name)
            assert bool(kind.content) != bool(kind.children or kind.any), f"{name} holds either text or elements"
            todo += [child.type for child in kind.children]
    assert len(seen) > 60


@pytest.mark.parametrize(
    ("syntax", "path", "expected"),
    [
        ("ubl-invoice", "cac:AccountingSupplierParty/cac:Party/cac:PartyTaxScheme/cbc:CompanyID", "string"),
        ("ubl-invoice", "cac:InvoiceLine/cac:SubInvoiceLine/cac:SubInvoiceLine/cbc:InvoicedQuantity", "decimal"),
        ("ubl-creditnote", "cac:CreditNoteLine/cac:Price/cbc:PriceAmount", "decimal"),
        ("ubl-invoice", "cac:InvoicePeriod/cbc:StartDate", "date"),
        ("ubl-invoice", "cac:AllowanceCharge/cbc:ChargeIndicator", "boolean"),
        (
            "ubl-invoice",
            "cac:AdditionalDocumentReference/cac:Attachment/cbc:EmbeddedDocumentBinaryObject",
            "base64Binary",
        ),
        ("cii", "rsm:ExchangedDocument/ram:IssueDateTime/udt:DateTimeString", "string"),
        (
            "cii",
            (
                "rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeAgreement/ram:BuyerOrderReferencedDocument"
                "/ram:FormattedIssueDateTime/qdt:DateTimeString"
            ),
            "string",
        ),
        ("cii", "rsm:ExchangedDocumentContext/ram:TestIndicator/udt:Indicator", "boolean"),
    ],
)
def test_types_are_followed_down_a_path(syntax: Syntax, path: str, expected: str) -> None:
    """Recursive and namespace-crossing paths end at the type that the schema gives them."""
    here = order.load(syntax)
    name: str | None = here.root_type
    for step in path.split("/"):
        assert name is not None
        name = here.type_of(name, step)
    assert name is not None
    assert here.content(name) == expected


def test_required_children_and_attributes_are_told_apart_from_optional_ones() -> None:
    """An invoice needs its number but no profile; an amount needs its currency in UBL and not in CII."""
    ubl, cii = order.load("ubl-invoice"), order.load("cii")
    number, profile = ubl.child("InvoiceType", "cbc:ID"), ubl.child("InvoiceType", "cbc:ProfileID")
    lines = ubl.child("InvoiceType", "cac:InvoiceLine")
    assert number is not None
    assert profile is not None
    assert lines is not None
    assert (number.min, number.max, profile.min, lines.min, lines.max) == (1, 1, 0, 1, None)
    assert order.Attribute("currencyID", required=True) in ubl.attributes("udt:AmountType")
    assert order.Attribute("currencyID", required=False) in cii.attributes("udt:AmountType")


def test_what_may_not_stand_there_has_no_place() -> None:
    """A credit note line has no place in an invoice; an unknown type is an error."""
    here = order.load("ubl-invoice")
    assert here.position("InvoiceType", "cac:CreditNoteLine") is None
    assert here.type_of("InvoiceType", "cac:CreditNoteLine") is None
    with pytest.raises(UnknownNameError, match="no type 'cac:NoType'"):
        here.children("cac:NoType")
    with pytest.raises(UnknownNameError, match="'edifact'"):
        order.load("edifact")  # type: ignore[arg-type]


def test_the_same_data_is_shared() -> None:
    """Both UBL documents read one file; loading twice gives the same object."""
    assert order.load("ubl-invoice") is order.load("ubl-invoice")
    assert order.load("ubl-invoice").type("cac:PartyType") is order.load("ubl-creditnote").type("cac:PartyType")


@pytest.mark.parametrize("name", ["ubl.json", "cii.json"])
def test_the_file_is_small_and_loaded_without_a_step_for_each_type(name: str) -> None:
    """A command line tool pays for the load on every start."""
    assert (DATA / name).stat().st_size < 200_000
    read: Any = order._read.__wrapped__  # past the cache
    assert steps(lambda: read(name)) < len(read(name).types)


def disorder(here: order.Order, element: _Element, kind: str) -> str:
    """Say what in an element contradicts the order; an empty string if nothing does."""
    missing = [row.name for row in here.attributes(kind) if row.required and element.get(row.name) is None]
    names = [name_of(child) for child in element]
    absent = [row.name for row in here.children(kind) if row.min and row.name not in names]
    if missing or absent or (names and here.content(kind)):
        return f"{name_of(element)} lacks {missing + absent}, or holds {names}"
    if here.type(kind).any:
        return ""
    places = [here.position(kind, name) for name in names]
    known = [place for place in places if place is not None]
    if len(known) < len(places) or known != sorted(known):
        return f"{name_of(element)} holds {names}"
    below = zip(element, (here.children(kind)[place].type for place in known), strict=True)
    return next(filter(None, (disorder(here, child, type_) for child, type_ in below)), "")


def test_what_the_official_schemas_accept_has_the_order(corpus: Path, manifest: tuple[dict[str, Any], ...]) -> None:
    """Every tenth valid document of the corpus: known children in their order, required ones and attributes there."""
    seen = 0
    for row in manifest[::10]:
        valid = row["xsd"].get("cii-d22b") if row["syntax"] == "CII" else row.get("xsd_valid")
        if valid and row["path"].lower().endswith(".xml"):
            found = detect(parse((corpus / row["path"]).read_bytes()))
            here = order.load(found.syntax)
            assert disorder(here, found.element, here.root_type) == "", row["path"]
            seen += 1
    assert seen > 300
