# SPDX-License-Identifier: Apache-2.0
"""What the schema of a profile of Factur-X takes, that of CII takes too: so CII's is not asked after it.

Shown of the files that the catalog pins, type by type from the root on: every element of the narrower schema stands in
the wider one in the same order and no more often, what the wider one demands the narrower one demands too, attributes
likewise, and texts are of the same type. The files use a small part of XML Schema; whatever else they would use fails.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest
from lxml import etree
from msgspec import Struct

from einvoice.bind import catalog
from einvoice.bind.document import NARROWER

if TYPE_CHECKING:
    from lxml.etree import _Element

XS: Final = "{http://www.w3.org/2001/XMLSchema}"
HANDLED: Final = frozenset(
    ["schema", "import", "annotation", "documentation", "element", "complexType", "simpleType", "sequence", "choice"]
).union(["simpleContent", "extension", "restriction", "attribute", "minLength", "maxLength"])
HANDLED_ATTRIBUTES: Final = frozenset(
    [
        "name",
        "type",
        "base",
        "use",
        "default",
        "fixed",
        "value",
        "minOccurs",
        "maxOccurs",
        "namespace",
        "schemaLocation",
    ]
).union(["targetNamespace", "elementFormDefault", "attributeFormDefault", "version", "id", "{*}lang", "lang"])
EVER: Final = 10**9


class Content(Struct, frozen=True):
    """What an element of a type holds: a text of a type with facets, or elements; and its attributes."""

    kind: str
    base: str = ""
    facets: frozenset[tuple[str, str]] = frozenset()
    particles: tuple[Any, ...] = ()
    attributes: dict[str, Any] = {}


class Schema:
    """The types and elements of a schema, by their names."""

    def __init__(self, document_type: str) -> None:
        known = catalog.load()
        schema = catalog.entry_of(document_type, known)
        folder = catalog.installed(known.distribution) / schema.folder
        self.types: dict[str, _Element] = {}
        self.elements: dict[str, _Element] = {}
        for name in known.files[schema.folder]:
            root = etree.fromstring((folder / name).read_bytes())
            assert root.get("elementFormDefault") == "qualified"
            for node in root.iter("*"):
                assert etree.QName(node).localname in HANDLED
                assert node.tag == f"{XS}documentation" or HANDLED_ATTRIBUTES.issuperset(map(str, node.keys()))
            for node in root:
                own = self.elements if node.tag == f"{XS}element" else self.types
                own[f"{{{root.get('targetNamespace')}}}{node.get('name')}"] = node

    def type_of(self, node: _Element, attribute: str = "type") -> _Element | str:
        """The type that a node names or holds; a name for one of XML Schema itself."""
        named = node.get(attribute)
        if named is None:
            return next(child for child in node if child.tag in (f"{XS}complexType", f"{XS}simpleType"))
        prefix, _, local = named.rpartition(":")
        name = f"{{{node.nsmap[prefix or None]}}}{local}"
        return name if name.startswith(XS) else self.types[name]

    def content(self, kind: _Element | str) -> Content:
        """What a type says."""
        if isinstance(kind, str):
            return Content("text", base=kind)
        derived = kind.find(f"{XS}restriction") if kind.tag == f"{XS}simpleType" else kind.find(f"*/{XS}extension")
        if derived is not None:
            base = self.content(self.type_of(derived, "base"))
            facets = ((str(one.tag), one.get("value", "")) for one in derived if one.tag != f"{XS}attribute")
            told = frozenset(facet for facet in facets if facet[0] != f"{XS}annotation")
            attributes = {str(one.get("name")): one for one in derived.findall(f"{XS}attribute")}
            return Content("text", base.base, base.facets | told, attributes={**base.attributes, **attributes})
        parts = [one for one in kind if one.tag != f"{XS}annotation"]
        groups = [one for one in parts if one.tag != f"{XS}attribute"]
        assert len(groups) <= 1
        assert not any(group.get(bound) for group in groups for bound in ("minOccurs", "maxOccurs"))
        inside = tuple(one for group in groups for one in group if one.tag != f"{XS}annotation")
        assert all(one.tag == f"{XS}element" for one in inside)
        attributes = {str(one.get("name")): one for one in parts if one.tag == f"{XS}attribute"}
        return Content(str(groups[0].tag) if groups else f"{XS}sequence", particles=inside, attributes=attributes)


def occurs(node: _Element) -> tuple[int, int]:
    """How often an element has to stand, and may."""
    most = node.get("maxOccurs", "1")
    return int(node.get("minOccurs", "1")), EVER if most == "unbounded" else int(most)


def name_of(node: _Element) -> str:
    """The name of an element as documents have it."""
    return f"{{{node.getroottree().getroot().get('targetNamespace')}}}{node.get('name')}"


class Comparison:
    """A narrower schema and a wider one."""

    def __init__(self, narrower: str, wider: str) -> None:
        self.narrower, self.wider = Schema(narrower), Schema(wider)
        self.seen: set[tuple[object, object]] = set()
        self.differences: list[str] = []

    def compare(self, ours: _Element, theirs: _Element, where: str) -> None:
        """Note where the narrower schema takes what the wider one does not."""
        kinds = self.narrower.type_of(ours), self.wider.type_of(theirs)
        if kinds in self.seen:
            return
        self.seen.add(kinds)
        mine, other = self.narrower.content(kinds[0]), self.wider.content(kinds[1])
        if mine.kind != other.kind or mine.base != other.base or not other.facets <= mine.facets:
            self.differences.append(f"{where}: another content")
        self._attributes(mine, other, where)
        self._particles(mine, other, where)

    def _attributes(self, mine: Content, other: Content, where: str) -> None:
        for name, stated in mine.attributes.items():
            wide = other.attributes.get(name)
            if wide is None or wide.get("fixed") not in (None, stated.get("fixed")):
                self.differences.append(f"{where}/@{name} is not known, or is another")
            else:
                self.compare(stated, wide, f"{where}/@{name}")
        for name, stated in other.attributes.items():
            if stated.get("use") == "required" and mine.attributes.get(name, {}).get("use") != "required":
                self.differences.append(f"{where}/@{name} is required")

    def _particles(self, mine: Content, other: Content, where: str) -> None:
        ours, theirs = ({name_of(one): one for one in content.particles} for content in (mine, other))
        assert (len(ours), len(theirs)) == (len(mine.particles), len(other.particles))
        in_order = [name for name in theirs if name in ours]
        if list(ours) != in_order and (mine.kind == f"{XS}sequence" or ours.keys() - theirs.keys()):
            self.differences.append(f"{where}: other elements, or another order")
        for name, wide in theirs.items():
            least, most = occurs(ours[name]) if name in ours else (0, 0)
            demanded = occurs(wide)[0] if other.kind == f"{XS}sequence" or name in ours else 0
            if least < demanded or most > occurs(wide)[1]:
                self.differences.append(f"{where}/{name}: another number")
            if most:
                self.compare(ours[name], wide, f"{where}/{name}")


@pytest.mark.parametrize("profile", sorted(NARROWER))
def test_what_obeys_a_profile_obeys_cii(profile: str) -> None:
    both = Comparison(profile, "cii")
    assert both.narrower.elements.keys() <= both.wider.elements.keys()
    for name, element in both.narrower.elements.items():
        both.compare(element, both.wider.elements[name], name)
    assert both.differences == []
    assert len(both.seen) > len(both.narrower.types) / 2, "the comparison reached the types"


def test_the_comparison_tells_a_wider_schema() -> None:
    """The other way round, CII takes much that a profile does not."""
    both = Comparison("cii", "facturx:minimum")
    for name, element in both.wider.elements.items():
        both.compare(both.narrower.elements[name], element, name)
    assert both.differences
