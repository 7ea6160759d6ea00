# SPDX-License-Identifier: Apache-2.0
"""Changing a document at random, in the ways in which invoices go wrong, and in ways that nobody thought of."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from hypothesis import strategies as st
from lxml import etree

from tests.differential.bases import bases, written
from tests.differential.trees import FOREIGN, Tree, drop, full, leaves, path_of, short
from tests.differential.values import CATEGORIES, RATES, amounts_near, number_in, text_like
from tests.strategies import plausible_invoices

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import DrawFn
    from lxml.etree import _Element

    from einvoice.bind.order import Syntax

    Operator = Callable[[DrawFn, Tree], str]

_SHOWN: Final = 60
MOST: Final = 3
"""How many changes are combined."""
_ATTRIBUTES: Final = (
    "schemeID schemeName schemeAgencyID schemeAgencyName schemeDataURI schemeURI schemeVersionID listID listAgencyID"
    " listAgencyName listName listURI listSchemeURI listVersionID languageID languageLocaleID name uri format mimeCode"
    " encodingCode characterSetCode filename objectCode currencyID currencyCodeListVersionID unitCode unitCodeListID"
    " unitCodeListAgencyID unitCodeListAgencyName unitCodeListIdentifier unitCodeListAgencyIdentifier"
)
_GROUPS: Final = (
    "InvoiceLine CreditNoteLine TaxTotal TaxSubtotal AllowanceCharge PaymentMeans BillingReference TaxTotalAmount"
    " AdditionalDocumentReference PartyTaxScheme IncludedSupplyChainTradeLineItem ApplicableTradeTax"
    " SpecifiedTradeAllowanceCharge SpecifiedTradeSettlementPaymentMeans AdditionalReferencedDocument IncludedNote"
    " SpecifiedTaxRegistration InvoiceReferencedDocument Delivery InvoicePeriod BillingSpecifiedPeriod PayeeParty"
    " TaxRepresentativeParty SellerTaxRepresentativeTradeParty PayeeTradeParty"
)
_VAT: Final = {
    "cac:TaxCategory": ("cbc:ID", "cbc:Percent"),
    "cac:ClassifiedTaxCategory": ("cbc:ID", "cbc:Percent"),
    "ram:ApplicableTradeTax": ("ram:CategoryCode", "ram:RateApplicablePercent"),
    "ram:CategoryTradeTax": ("ram:CategoryCode", "ram:RateApplicablePercent"),
}
_REASONS: Final = {
    "cac:TaxCategory": ("cbc:TaxExemptionReason", "cbc:TaxExemptionReasonCode"),
    "ram:ApplicableTradeTax": ("ram:ExemptionReason", "ram:ExemptionReasonCode"),
}


@dataclass(frozen=True)
class Mutant:
    """A changed document.

    Attributes:
        base: the name of the document that was changed.
        before: that document.
        data: the changed document.
        steps: what was done.
    """

    base: str
    before: bytes
    data: bytes
    steps: tuple[str, ...]

    def __repr__(self) -> str:
        return f"{self.base}: {'; '.join(self.steps)}"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:  # noqa: ANN401, FBT001 -- what Hypothesis prints by
        del cycle
        printer.text(repr(self))


def _pick(draw: DrawFn, elements: list[_Element]) -> _Element | None:
    return elements[draw(st.integers(0, len(elements) - 1))] if elements else None


# ------------------------------------------------------------------------------------------------ single elements


def _drop(draw: DrawFn, tree: Tree) -> str:
    element = _pick(draw, tree.elements())
    if element is None:
        return "nothing left"
    name = path_of(element)
    drop(element)
    return f"drop {name}"


def _again(draw: DrawFn, tree: Tree) -> str:
    element = _pick(draw, tree.elements())
    if element is None:
        return "nothing left"
    twin = tree.again(element)
    name = path_of(element)
    leaf = _pick(draw, [one for one in twin.iter("*") if not len(one)])
    if leaf is not None and draw(st.booleans()):
        leaf.text = draw(text_like(etree.QName(leaf).localname, leaf.text or ""))
    return f"repeat {name}"


def _text(draw: DrawFn, tree: Tree) -> str:
    leaf = _pick(draw, list(leaves(tree)))
    if leaf is None:
        return "nothing left"
    leaf.text = draw(text_like(_kind(leaf), leaf.text or ""))
    return f"{path_of(leaf)} = {_said(leaf.text)}"


def _amount(draw: DrawFn, tree: Tree) -> str:
    leaf = _pick(draw, [leaf for leaf in leaves(tree) if short(leaf).endswith(("Amount", "Percent", "Quantity"))])
    if leaf is None:
        return "no amount"
    leaf.text = draw(amounts_near(leaf.text or ""))
    return f"{path_of(leaf)} = {_said(leaf.text)}"


def _same(draw: DrawFn, tree: Tree) -> str:
    """Two places say the same: the payee has the name of the seller, both currencies are one."""
    all_leaves = list(leaves(tree))
    target = _pick(draw, all_leaves)
    if target is None:
        return "nothing left"
    kind = short(target)[-4:]
    source = _pick(draw, [leaf for leaf in all_leaves if short(leaf).endswith(kind)])
    assert source is not None
    target.text = source.text
    return f"{path_of(target)} = {_said(target.text)}, as {path_of(source)}"


def _attribute(draw: DrawFn, tree: Tree) -> str:
    element = _pick(draw, tree.elements())
    if element is None:
        return "nothing left"
    names = [str(name) for name in element.attrib]
    kind = tree.type_of(element)
    allowed = [] if kind is None else [row.name for row in tree.order.attributes(kind)]
    name = draw(st.sampled_from(names * 3 + allowed * 2 + _ATTRIBUTES.split()))
    if name in names and draw(st.booleans()):
        del element.attrib[name]
        return f"{path_of(element)}/@{name} dropped"
    element.set(name, draw(text_like(name, element.get(name, "1"))))
    return f"{path_of(element)}/@{name} = {_said(element.get(name))}"


def _code(draw: DrawFn, tree: Tree) -> str:
    """The attributes that carry codes."""
    carriers = [element for element in tree.elements() if element.attrib]
    element = _pick(draw, carriers)
    if element is None:
        return "no attribute"
    name = draw(st.sampled_from([str(name) for name in element.attrib]))
    element.set(name, draw(text_like(name, element.get(name, ""))))
    return f"{path_of(element)}/@{name} = {_said(element.get(name))}"


# --------------------------------------------------------------------------------------- what the schema allows


def _add(draw: DrawFn, tree: Tree) -> str:
    """A child that the schema allows there, and maybe children of it, and so on; EN 16931 uses few of them."""
    element = _pick(draw, [tree.root, *tree.elements()])
    assert element is not None
    added = ""
    for _ in range(draw(st.integers(1, 3))):
        rows = tree.addable(element)
        if not rows:
            break
        name = draw(st.sampled_from([row.name for row in rows]))
        element = tree.add(element, name)
        added = path_of(element)
    if added and not len(element) and draw(st.booleans()):
        element.text = draw(text_like(_kind(element), element.text or ""))
    return f"add {added or 'nothing'}"


def _unknown(draw: DrawFn, tree: Tree) -> str:
    """A child that the schema does not allow there."""
    element = _pick(draw, [tree.root, *tree.elements()])
    assert element is not None
    names = [f"{{{FOREIGN}}}thing", *(str(other.tag) for other in tree.elements())]
    name = draw(st.sampled_from(names))
    new = etree.SubElement(element, name)
    new.text = draw(st.sampled_from(["", "X", "1", "VAT"]))
    return f"put {short(new)} into {path_of(element)}"


def _swap(draw: DrawFn, tree: Tree) -> str:
    """Two neighbours change places, or two elements of one name change contents: seller and buyer, two lines."""
    element = _pick(draw, tree.elements())
    if element is None:
        return "nothing left"
    next_one = element.getnext()
    if draw(st.booleans()) and next_one is not None:
        next_one.addnext(element)
        return f"swap {path_of(element)} with the one before"
    kin = [other for other in tree.elements() if other.tag == element.tag and other is not element]
    other = _pick(draw, [one for one in kin if element not in one.iter() and one not in element.iter()])
    if other is None:
        return "no kin"
    mine, theirs = copy.deepcopy(element), copy.deepcopy(other)
    for place, new in ((element, theirs), (other, mine)):
        parent = place.getparent()
        assert parent is not None
        parent.replace(place, new)
    return f"swap the contents of {path_of(mine)} and {path_of(theirs)}"


# ------------------------------------------------------------------------------------------------- many elements


def _all(draw: DrawFn, tree: Tree) -> str:
    """The same change to every element of a name: all dropped, or all with the same text."""
    element = _pick(draw, tree.elements())
    if element is None:
        return "nothing left"
    name = short(element)
    kin = [other for other in tree.elements() if short(other) == name]
    new = None if draw(st.booleans()) else draw(text_like(_kind(element), element.text or ""))
    for one in kin:
        if new is None and one.getparent() is not None:
            drop(one)
        elif not len(one):
            one.text = new
    return f"all {name} {'dropped' if new is None else f'= {_said(new)}'}"


def _negative(draw: DrawFn, tree: Tree) -> str:
    """Every amount changes its sign."""
    for leaf in leaves(tree):
        value = number_in(leaf.text or "")
        if short(leaf).endswith("Amount") and "Price" not in short(leaf) and value:
            leaf.text = format(-value, "f")
    return f"every amount negative{draw(st.just(''))}"


def _vat(draw: DrawFn, tree: Tree) -> str:
    """Another category or rate: on a line, an allowance, the breakdown, or everywhere at once."""
    taxes = [element for element in tree.elements() if short(element) in _VAT]
    element = _pick(draw, taxes)
    if element is None:
        return "no VAT"
    chosen = taxes if draw(st.booleans()) else [element]
    category = draw(st.one_of(st.none(), st.sampled_from(CATEGORIES)))
    rate = draw(st.one_of(st.none(), st.sampled_from(("", *RATES))))
    for one in chosen:
        for name, new in zip(_VAT[short(one)], (category, rate), strict=True):
            if new == "":
                for child in list(one.iterchildren(full(name))):
                    drop(child)
            elif new is not None:
                tree.ensure(one, name).text = new
    return f"VAT {category} {rate} on {len(chosen)} of {len(taxes)}, such as {path_of(element)}"


def _reason(draw: DrawFn, tree: Tree) -> str:
    """A reason for an exemption appears or goes."""
    element = _pick(draw, [element for element in tree.elements() if short(element) in _REASONS])
    if element is None:
        return "no VAT"
    for name in _REASONS[short(element)]:
        there = list(element.iterchildren(full(name)))
        if draw(st.booleans()):
            for child in there:
                drop(child)
        elif not there:
            tree.add(element, name).text = draw(text_like(name.partition(":")[2], "VATEX-EU-132"))
    return f"reason of {path_of(element)}"


def _group(draw: DrawFn, tree: Tree) -> str:
    """A line, a breakdown, an allowance, a total of VAT, a way of payment: once more or gone."""
    groups = [element for element in tree.elements() if etree.QName(element).localname in _GROUPS.split()]
    element = _pick(draw, groups)
    if element is None:
        return "no group"
    name = path_of(element)
    if draw(st.booleans()):
        drop(element)
        return f"drop {name}"
    twin = tree.again(element)
    leaf = _pick(draw, [one for one in twin.iter("*") if not len(one)])
    if leaf is not None:
        leaf.text = draw(text_like(_kind(leaf), leaf.text or ""))
        if leaf.get("currencyID") is not None and draw(st.booleans()):
            leaf.set("currencyID", draw(st.sampled_from(["EUR", "SEK", "USD"])))
    return f"repeat {name}"


_OPERATORS: Final[tuple[Operator, ...]] = (
    _text, _text, _text,
    _add, _add, _add,
    _vat, _vat,
    _group, _group,
    _amount, _amount,
    _drop, _drop,
    _again, _code, _attribute, _attribute, _reason, _same, _all, _swap, _negative, _unknown,
)  # fmt: skip


def _kind(element: _Element) -> str:
    """What an element holds, by its name; an identifier within a VAT category is a category."""
    name = str(etree.QName(element).localname)
    parent = element.getparent()
    if name == "ID" and parent is not None and short(parent) in _VAT:
        return "CategoryCode"
    return "listID" if name == "ItemClassificationCode" else name


def _said(text: str | None) -> str:
    """A text as a step shows it."""
    shown = repr(text)
    return shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}..."


@st.composite
def mutants(draw: DrawFn, syntax: Syntax, own: dict[str, bytes] | None = None) -> Mutant:
    """Changed documents.

    Args:
        draw: given by Hypothesis.
        syntax: ``ubl-invoice``, ``ubl-creditnote`` or ``cii``.
        own: the documents that are changed, by name; those of EN 16931, and plausible ones, if not given.
    """
    known: dict[str, bytes] = own or bases(syntax)
    name = draw(st.sampled_from([*known] if own else [*known, "plausible"]))
    before = known[name] if name in known else written(draw(plausible_invoices()), syntax)
    tree = Tree(before)
    count = draw(st.integers(1, MOST))
    steps: list[Any] = [draw(st.sampled_from(_OPERATORS))(draw, tree) for _ in range(count)]
    return Mutant(base=name, before=before, data=tree.bytes(), steps=tuple(steps))
