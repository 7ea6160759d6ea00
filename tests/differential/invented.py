# SPDX-License-Identifier: Apache-2.0
"""Documents that the schema allows and no program would write: whole ones by chance, and changes of sound ones.

Mutations change what is there, or add what EN 16931 knows. Here the official schema says what may stand where: a
shipment with lines in it, a tax total in a price, a second delivery. What the schema allows, both judges have to judge
alike. Codes come from every list, numbers and days in every spelling (:mod:`tests.differential.spellings`).

What it does not do: make sums right that it has changed (mutations of amounts near the right one do), write a document
in other prefixes or encodings, add attributes of XML Schema (``xsi:``), or go beyond some 900 elements.
"""

from __future__ import annotations

import copy
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Final

from lxml import etree

from tests.differential.bases import bases
from tests.differential.grammar import grammar
from tests.differential.mutations import Mutant
from tests.differential.spellings import text_by_chance, wrong_by_chance
from tests.differential.trees import path_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from random import Random

    from lxml.etree import _Element

    from einvoice.bind.order import Syntax
    from tests.differential.grammar import Kind, Place

    Step = Callable[["Inventor", _Element], str]

_CAC: Final = "{urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2}"
_EXT: Final = "{urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2}"
_CBC: Final = "{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}"
_FOREIGN: Final = """
    InvoiceLine CreditNoteLine AllowanceCharge TaxCategory ClassifiedTaxCategory TaxTotal PaymentMeans TaxSubtotal
    PartyTaxScheme Country InvoicePeriod PayeeParty LegalMonetaryTotal BillingReference AccountingSupplierParty
    AccountingCustomerParty TaxRepresentativeParty Delivery Price Item ItemInstance LotIdentification
    AdditionalItemProperty DocumentReference AdditionalDocumentReference Attachment CommodityClassification
    StandardItemIdentification PartyIdentification PartyLegalEntity PostalAddress PayeeFinancialAccount CardAccount
    PaymentMandate PaymentTerms TaxScheme OrderLineReference SubInvoiceLine Shipment Address DeliveryLocation
    FinancialInstitution OriginCountry BuyersItemIdentification SellersItemIdentification
"""
_FOREIGN_TEXTS: Final = """
    InvoiceTypeCode CreditNoteTypeCode DocumentCurrencyCode TaxCurrencyCode IdentificationCode PaymentMeansCode
    AllowanceChargeReasonCode ItemClassificationCode EmbeddedDocumentBinaryObject EndpointID CompanyID DueDate IssueDate
    TaxPointDate Note Amount TaxAmount LineExtensionAmount PriceAmount BaseQuantity InvoicedQuantity CreditedQuantity
    DescriptionCode TaxExemptionReasonCode PrimaryAccountNumberID Percent BaseAmount AllowanceTotalAmount
    ChargeTotalAmount PayableAmount PayableRoundingAmount PrepaidAmount TaxExclusiveAmount TaxInclusiveAmount
    TaxableAmount PaymentID
"""
_ALIEN: Final = "{urn:example:foreign}"
_ALIENS: Final = ("TotalAmount", "PriceAmount", "Amount", "PictureBinaryObject", "InvoiceLine", "ID", "Thing")
"""Elements of nobody: some of the tests look at how a name ends."""
_DEEPEST: Final = 9
_MOST: Final = 900
_WHOLE: Final = 0.2
_SPOILED: Final = 0.3


def local(tag: object) -> str:
    """The name without its namespace.

    Args:
        tag: the name as lxml writes it.
    """
    return str(tag).rpartition("}")[2]


@cache
def said(syntax: Syntax) -> tuple[dict[str, tuple[str, ...]], Counter[tuple[str, str]], Counter[str]]:
    """What sound documents say, by element or ``element@attribute``; what stands in what; and how often.

    Args:
        syntax: the syntax.
    """
    texts: dict[str, dict[str, None]] = {}
    pairs: Counter[tuple[str, str]] = Counter()
    elements: Counter[str] = Counter()
    for data in bases(syntax).values():
        for one in etree.fromstring(data).iter("*"):
            elements[local(one.tag)] += 1
            pairs.update({(local(one.tag), local(child.tag)) for child in one})
            if not len(one):
                texts.setdefault(local(one.tag), {})[one.text or ""] = None
            for name, value in one.attrib.items():
                texts.setdefault(f"{local(one.tag)}@{name!s}", {})[str(value)] = None
    return {name: tuple(some) for name, some in texts.items()}, pairs, elements


class Inventor:
    """Makes elements by chance.

    Attributes:
        chance: where it comes from.
        grammar: the schema.
    """

    def __init__(self, syntax: Syntax, chance: Random) -> None:
        """Choose how wild it is going to be.

        Args:
            syntax: the syntax.
            chance: the same chance invents the same document.
        """
        self.chance = chance
        self.syntax = syntax
        self.grammar = grammar(syntax)
        self.texts, self.pairs, self.elements = said(syntax)
        self.rare = chance.choice((0.0, 0.003, 0.01))
        self.odd = chance.choice((0.0, 0.03, 0.2))
        self.left = _MOST

    def text(self, name: str, base: str, codes: Sequence[str]) -> str:
        """A text that the schema allows.

        Args:
            name: the element, or ``element@attribute``.
            base: the type of XML Schema.
            codes: the only texts; none for any.
        """
        if codes:
            return self.chance.choice(tuple(codes))
        return text_by_chance(self.chance, self.odd, name, base, self.texts.get(name, ()))

    def fill(self, element: _Element, kind: Kind, depth: int) -> None:
        """Fill an element with what its type asks for and allows.

        Args:
            element: the element, empty.
            kind: its type.
            depth: how deep it stands.
        """
        self.left -= 1
        name = local(element.tag)
        for one in kind.attributes.values():
            key = f"{name}@{one.name}"
            if one.required or self.chance.random() < (0.9 if key in self.texts else self.rare):
                element.set(one.name, self.text(key, one.base, ()))
        if kind.base:
            element.text = self.text(name, kind.base, kind.codes)
        for place in self.chosen(kind):
            for _ in range(self.count(name, place, depth)):
                self.fill(etree.SubElement(element, place.tag), self.grammar.kind(place.kind), depth + 1)
        if name == "ExtensionContent":
            self.extend(element)

    def chosen(self, kind: Kind) -> list[Place]:
        """The places of a type, one of those that exclude each other.

        Args:
            kind: the type.
        """
        choices = {one.choice for one in kind.places if one.choice}
        taken = {choice: self.chance.choice([one for one in kind.places if one.choice == choice]) for choice in choices}
        return [one for one in kind.places if not one.choice or one is taken[one.choice]]

    def count(self, name: str, place: Place, depth: int) -> int:
        """How many elements stand at a place.

        Args:
            name: the element that they stand in.
            place: the place.
            depth: how deep it stands.
        """
        share = self.pairs[name, local(place.tag)] / max(self.elements[name], 1)
        wanted = (0.9 if share > 0.5 else 0.4) if share else self.rare
        if self.left < 0 or (depth > _DEEPEST and not share):
            wanted = 0
        found = max(place.least, int(self.chance.random() < wanted))
        if found and place.most is None and self.left > 0 and self.chance.random() < (0.25 if share else 0.1):
            found += 1
        return found

    def made(self, place: Place) -> _Element:
        """An element for a place.

        Args:
            place: the place.
        """
        found = etree.Element(place.tag)
        self.left = min(self.left, _MOST // 4)
        self.fill(found, self.grammar.kind(place.kind), 3)
        return found

    def extend(self, content: _Element) -> None:
        """Put elements of UBL into an extension, and others; there the schema looks at those only that it knows.

        Args:
            content: the content of the extension.
        """
        chance, holder = self.chance, etree.SubElement(content, f"{_ALIEN}Thing")
        names = [f"{_CAC}{name}" for name in _FOREIGN.split()]
        texts = [f"{_CBC}{name}" for name in _FOREIGN_TEXTS.split()]
        for name in (*chance.sample(names, chance.randint(0, 2)), *chance.sample(texts, chance.randint(0, 2))):
            place = self.grammar.place_of(name)
            if place is not None:
                holder.append(self.made(place))
        if chance.random() < _SPOILED / 2:
            alien = etree.SubElement(chance.choice(list(holder.iter("*"))), f"{_ALIEN}{chance.choice(_ALIENS)}")
            alien.text = wrong_by_chance(chance)
            for name in chance.sample(("currencyID", "mimeCode", "filename"), chance.randint(0, 2)):
                alien.set(name, self.text(f"Amount@{name}", "string", ()))
        if chance.random() < _SPOILED / 4:
            holder.append(etree.fromstring(chance.choice(list(bases(self.syntax).values()))))
        if self.chance.random() < _SPOILED:
            for _ in range(self.chance.randint(1, 4)):
                self.spoil(self.chance.choice(list(holder.iter("*"))), holder)

    def spoil(self, element: _Element, holder: _Element) -> None:
        """Change something in an extension; what the schema knows has to be as it says there too.

        Args:
            element: what is spoiled.
            holder: the element of the extension that holds it.
        """
        parent, chance = element.getparent(), self.chance
        if parent is None or element is holder:
            return
        kind = chance.randrange(5)
        if kind == 0:
            parent.remove(element)
        elif kind == 1:
            element.addnext(copy.deepcopy(element))
        elif kind == 2:
            chance.choice(list(holder.iter("*"))).append(copy.deepcopy(element))
        elif element.attrib and chance.random() < _SPOILED:
            name = chance.choice(sorted(map(str, element.attrib)))
            element.attrib.pop(name) if kind == 3 else element.set(name, wrong_by_chance(chance))
        elif not len(element):
            element.text = wrong_by_chance(chance)


# ---- changes that the schema allows


def _insert(inventor: Inventor, root: _Element) -> str:
    """An element where the schema allows one."""
    parent, kind = inventor.chance.choice(typed(inventor, root, holding=True))
    known = [2 + 8 * bool(inventor.pairs[local(parent.tag), local(one.tag)]) for one in kind.places]
    place = inventor.chance.choices(kind.places, known)[0]
    have = [one for one in parent if one.tag == place.tag]
    if place.choice or (place.most is not None and len(have) >= place.most):
        return ""
    made = inventor.made(place)
    parent.insert(_spot(parent, kind, place), made)
    return f"add {path_of(made)}"


def _spot(parent: _Element, kind: Kind, place: Place) -> int:
    before = {one.tag for one in kind.places[: kind.places.index(place) + 1]}
    return max((at + 1 for at, one in enumerate(parent) if one.tag in before), default=0)


def _graft(inventor: Inventor, root: _Element) -> str:
    """An element of the same name from another document."""
    other = etree.fromstring(inventor.chance.choice(list(bases(inventor.syntax).values())))
    element = inventor.chance.choice(list(root.iter("*")))
    found = list(other.iter(element.tag))
    parent = element.getparent()
    if parent is None or not found:
        return ""
    parent.replace(element, twin := copy.deepcopy(inventor.chance.choice(found)))
    twin.tail = None
    return f"graft {path_of(twin)}"


def _divide(inventor: Inventor, root: _Element) -> str:
    """An element that may be repeated, twice, what it holds by chance in one, in the other, or in both."""
    element, kind = inventor.chance.choice(typed(inventor, root, holding=True))
    parent = element.getparent()
    if parent is None:
        return ""
    place = next((one for one in _kind_of(inventor, parent).places if one.tag == element.tag), None)
    if place is None or place.most is not None:
        return ""
    twin = copy.deepcopy(element)
    element.addnext(twin)
    needed = {one.tag for one in kind.places if one.least}
    share = inventor.chance.choice((0.0, 0.5, 1.0))
    for one in (element, twin):
        for child in list(one):
            if child.tag not in needed and inventor.chance.random() < share:
                one.remove(child)
    return f"divide {path_of(element)}"


def _say(inventor: Inventor, root: _Element) -> str:
    """Another text in an element or an attribute."""
    element, kind = inventor.chance.choice(typed(inventor, root, holding=False))
    name, attributes = local(element.tag), list(kind.attributes.values())
    inventor.odd, before = 0.5, inventor.odd
    if attributes and inventor.chance.random() < 0.3:
        one = inventor.chance.choice(attributes)
        element.set(one.name, inventor.text(f"{name}@{one.name}", one.base, ()))
    else:
        element.text = inventor.text(name, kind.base, kind.codes)
    inventor.odd = before
    return f"say {path_of(element)}"


def _drop(inventor: Inventor, root: _Element) -> str:
    """An element less."""
    element = inventor.chance.choice(list(root.iter("*")))
    parent = element.getparent()
    if parent is None:
        return ""
    told = path_of(element)
    parent.remove(element)
    return f"drop {told}"


def _foreign(inventor: Inventor, root: _Element) -> str:
    """An extension with elements of UBL in it."""
    place = next((one for one in _kind_of(inventor, root).places if one.tag == f"{_EXT}UBLExtensions"), None)
    if place is None or any(one.tag == place.tag for one in root):
        return ""
    root.insert(0, inventor.made(place))
    return "extend"


def _mark(inventor: Inventor, root: _Element) -> str:
    """Something in a text that is none of it: a comment, an instruction, a section that is not looked into."""
    element, chance = inventor.chance.choice(list(root.iter("*"))), inventor.chance
    text, told = element.text or "", path_of(element)
    kind = chance.randrange(3)
    if kind == 0 and not len(element):
        element.text = etree.CDATA(text)
    else:
        at = chance.randint(0, len(text))
        inside = etree.Comment(" 1 ") if kind == 1 else etree.ProcessingInstruction("x", "1")
        element.text, inside.tail = text[:at], text[at:]
        element.insert(0, inside)
    return f"mark {told}"


STEPS: Final[tuple[Step, ...]] = (_insert, _insert, _insert, _graft, _divide, _say, _say, _drop, _foreign, _mark)
"""What is done to a document, each as often as it stands here."""


def typed(inventor: Inventor, root: _Element, *, holding: bool) -> list[tuple[_Element, Kind]]:
    """The elements of a document with their types, as far as the schema knows them.

    Args:
        inventor: knows the schema.
        root: the document.
        holding: those that may hold elements, or those that say something.
    """
    found, todo = [], [(root, inventor.grammar.kind(inventor.grammar.root.kind))]
    while todo:
        element, kind = todo.pop()
        if bool(kind.places) is holding:
            found.append((element, kind))
        kinds = {one.tag: one.kind for one in kind.places}
        todo += [(one, inventor.grammar.kind(kinds[one.tag])) for one in element if one.tag in kinds]
    return found


def _kind_of(inventor: Inventor, element: _Element) -> Kind:
    known = typed(inventor, element.getroottree().getroot(), holding=True)
    return next((kind for one, kind in known if one is element), inventor.grammar.kind(inventor.grammar.root.kind))


def invented(syntax: Syntax, chance: Random) -> Mutant:
    """A document by chance, made up from nothing or from a sound one.

    Args:
        syntax: the syntax.
        chance: the same chance invents the same document.
    """
    inventor = Inventor(syntax, chance)
    if chance.random() < _WHOLE:
        root = etree.Element(inventor.grammar.root.tag)
        inventor.fill(root, inventor.grammar.kind(inventor.grammar.root.kind), 0)
        data = etree.tostring(root)
        return Mutant(base="nothing", before=data, data=data, steps=("make up",))
    name = chance.choice(list(bases(syntax)))
    before = bases(syntax)[name]
    root = etree.fromstring(before, etree.XMLParser(remove_blank_text=True))
    count = chance.choice((1, 2, 3, 6, 12))
    steps = tuple(told for _ in range(count) if (told := chance.choice(STEPS)(inventor, root)))
    return Mutant(base=name, before=before, data=etree.tostring(root), steps=steps)
