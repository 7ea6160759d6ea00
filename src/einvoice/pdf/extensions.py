# SPDX-License-Identifier: Apache-2.0
"""The metadata of a PDF/A-3 file: properties of its own are explained, and explained rightly.

Sources: ISO 16684-1 (XMP), ISO 19005-3 6.6.2.3 (extension schemas) and 6.6.4 (identification). The properties of the
schemas that PDF/A knows are judged elsewhere; :func:`inspect` hands back a packet that holds only them.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Final

from lxml import etree
from msgspec import Struct

from einvoice.bind import xml as safe_xml
from einvoice.errors import EinvoiceError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
PDFAID: Final = "http://www.aiim.org/pdfa/ns/id/"
PDFUAID: Final = "http://www.aiim.org/pdfua/ns/id/"
_EXTENSION: Final = "http://www.aiim.org/pdfa/ns/extension/"
_SCHEMA: Final = "http://www.aiim.org/pdfa/ns/schema#"
_PROPERTY: Final = "http://www.aiim.org/pdfa/ns/property#"
_XML: Final = "http://www.w3.org/XML/1998/namespace"
_KNOWN: Final = frozenset(
    {
        "http://purl.org/dc/elements/1.1/",
        "http://ns.adobe.com/xap/1.0/",
        "http://ns.adobe.com/xap/1.0/rights/",
        "http://ns.adobe.com/xap/1.0/mm/",
        "http://ns.adobe.com/xap/1.0/bj/",
        "http://ns.adobe.com/xap/1.0/t/pg/",
        "http://ns.adobe.com/xmp/1.0/DynamicMedia/",
        "http://ns.adobe.com/pdf/1.3/",
        "http://ns.adobe.com/photoshop/1.0/",
        "http://ns.adobe.com/camera-raw-settings/1.0/",
        "http://ns.adobe.com/tiff/1.0/",
        "http://ns.adobe.com/exif/1.0/",
        "http://ns.adobe.com/exif/1.0/aux/",
        PDFAID,
    }
)
"""Namespaces whose properties need no explanation."""
_CONFORMANCE: Final = f"{{{PDFAID}}}conformance"
_PAGES: Final = "{http://ns.adobe.com/xap/1.0/t/pg/}NPages"
_HISTORY: Final = "{http://ns.adobe.com/xap/1.0/mm/}History"
_EVENT: Final = "http://ns.adobe.com/xap/1.0/sType/ResourceEvent#"
_SIMPLE: Final = frozenset({"text", "integer", "boolean", "date"})
_NEEDED: Final = ("name", "valueType", "category", "description")


class Inspected(Struct, frozen=True):
    """What a packet says of itself.

    Attributes:
        part: the part of ISO 19005 that it claims; ``None`` if none.
        level: the level that it claims.
        accessible: whether it claims PDF/UA-1.
        breaches: what is wrong with it: clause and sentence.
        known: a packet with the properties that PDF/A knows, as of level B.
    """

    part: str | None = None
    level: str | None = None
    accessible: bool = False
    breaches: tuple[tuple[str, str], ...] = ()
    known: bytes = b""


def inspect(packet: bytes) -> Inspected:
    """Look at the metadata of a file that claims to be PDF/A.

    Args:
        packet: the XMP packet.
    """
    try:
        root = safe_xml.parse(packet.strip(b"\0 \t\r\n"))
    except EinvoiceError:
        return Inspected(breaches=(("6.6.2.1-4", "the metadata are no well-formed XML"),))
    rdf = root if root.tag == f"{{{RDF}}}RDF" else root.find(f".//{{{RDF}}}RDF")
    if rdf is None:
        return Inspected(breaches=(("6.6.2.1-4", "the metadata hold no XMP"),))
    breaches = list(_unexplained(rdf))
    return Inspected(
        part=_stated(rdf, PDFAID, "part"),
        level=_stated(rdf, PDFAID, "conformance"),
        accessible=_stated(rdf, PDFUAID, "part") == "1",
        breaches=tuple(dict.fromkeys(breaches)),
        known=_reduced(root),
    )


def _stated(rdf: _Element, namespace: str, name: str) -> str | None:
    key = f"{{{namespace}}}{name}"
    for description in rdf:
        value = description.get(key) or description.findtext(key)
        if value:
            return str(value).strip()
    return None


def _unexplained(rdf: _Element) -> Iterator[tuple[str, str]]:
    """What is wrong with the properties that PDF/A does not know, and with their explanations."""
    explained: dict[tuple[str, str], str] = {}
    for schema in _items(rdf, f"{{{_EXTENSION}}}schemas"):
        fields = _fields(schema, _SCHEMA)
        missing = [name for name in ("schema", "namespaceURI", "prefix") if not fields.get(name)]
        if missing:
            yield "6.6.2.3.3-2", f"an extension schema lacks {', '.join(missing)}"
        for described in _items(schema, f"{{{_SCHEMA}}}property"):
            facts = _fields(described, _PROPERTY)
            yield from _ill_described(facts)
            explained[fields.get("namespaceURI", ""), facts.get("name", "")] = facts.get("valueType", "")
    for key, element in _properties(rdf):
        name = etree.QName(key)
        namespace = name.namespace or ""
        value_type = explained.get((namespace, name.localname))
        if namespace in _KNOWN or namespace == _EXTENSION:
            continue
        if value_type is None:
            yield "6.6.2.3.1-1", f"the property {name.localname} of {namespace} is not explained"
        elif element is not None and len(element) and value_type.lower() in _SIMPLE:
            yield "6.6.2.3.1-2", f"the property {name.localname} of {namespace} is no {value_type}"


def _ill_described(facts: dict[str, str]) -> Iterator[tuple[str, str]]:
    if lacking := [name for name in _NEEDED if not facts.get(name)]:
        yield "6.6.2.3.3-4", f"the description of a property lacks {', '.join(lacking)}"
    if facts.get("category") not in {"internal", "external"}:
        yield "6.6.2.3.3-11", f"the category of a property is {facts.get('category')!r}"


def _properties(rdf: _Element) -> Iterator[tuple[str, _Element | None]]:
    for description in rdf:
        for key in description.attrib:
            if etree.QName(str(key)).namespace not in {RDF, _XML, None}:
                yield str(key), None
        for element in description:
            if isinstance(element.tag, str):
                yield element.tag, element


def _items(above: _Element, tag: str) -> Iterator[_Element]:
    """The items of the containers of a property, wherever it stands below."""
    for holder in above.iter(tag):
        for container in holder:
            yield from (item for item in container if item.tag == f"{{{RDF}}}li")


def _fields(item: _Element, namespace: str) -> dict[str, str]:
    """The fields of a structure, written as elements, as attributes or in a description of their own."""
    inner = item.find(f"{{{RDF}}}Description")
    found: dict[str, str] = {}
    for holder in (item, *([inner] if inner is not None else ())):
        for key, value in holder.attrib.items():
            if etree.QName(str(key)).namespace == namespace:
                found[etree.QName(str(key)).localname] = str(value)
        for child in holder:
            if isinstance(child.tag, str) and etree.QName(child).namespace == namespace:
                found[etree.QName(child).localname] = (child.text or "").strip()
    return found


def _is_plain(element: _Element) -> bool:
    """Whether a property is right as ISO 16684-1 has it, though other checkers do not know it."""
    if element.tag == _PAGES:
        return len(element) == 0 and (element.text or "").strip().isdigit()
    if element.tag != _HISTORY:
        return False
    events = [item for container in element for item in container]
    return all(
        etree.QName(str(key)).namespace in {RDF, _EVENT}
        for event in events
        for holder in event.iter()
        for key in (*holder.attrib, holder.tag)
    )


def _reduced(root: _Element) -> bytes:
    """The packet without the properties that PDF/A does not know, claiming level B of part 3."""
    reduced = copy.deepcopy(root)
    rdf = reduced if reduced.tag == f"{{{RDF}}}RDF" else reduced.find(f".//{{{RDF}}}RDF")
    for description in rdf if rdf is not None else ():
        _reduce(description)
    etree.cleanup_namespaces(reduced)
    start = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'.encode()
    return b"".join((start, etree.tostring(reduced, encoding="utf-8"), b'<?xpacket end="w"?>'))


def _reduce(description: _Element) -> None:
    for key in map(str, list(description.attrib)):
        if etree.QName(key).namespace not in {RDF, _XML, None, *_KNOWN}:
            del description.attrib[key]
        elif key == _CONFORMANCE:
            description.set(key, "B")
    for element in list(description):
        if etree.QName(str(element.tag)).namespace not in _KNOWN or _is_plain(element):
            description.remove(element)
        elif element.tag == _CONFORMANCE:
            element.text = "B"
