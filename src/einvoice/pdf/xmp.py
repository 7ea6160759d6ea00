# SPDX-License-Identifier: Apache-2.0
"""The XMP packet of a Factur-X PDF: what the source says is kept, what Factur-X asks for is added.

Sources: ISO 16684-1 (XMP), ISO 19005-3 6.6.2.3 (extension schemas) and 6.6.4 (identification), Factur-X 1.0, technical
appendix (its extension schema). The packet stays uncompressed, as some readers search the file for it.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from lxml import etree

from einvoice.bind import xml as safe_xml
from einvoice.errors import EinvoiceError, OutputError, PdfError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml.etree import _Element

    from einvoice.pdf.enclosures import Metadata

FX: Final = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"

_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_DC: Final = "http://purl.org/dc/elements/1.1/"
_PDF: Final = "http://ns.adobe.com/pdf/1.3/"
_XMP: Final = "http://ns.adobe.com/xap/1.0/"
_MM: Final = "http://ns.adobe.com/xap/1.0/mm/"
_PDFAID: Final = "http://www.aiim.org/pdfa/ns/id/"
_PDFUAID: Final = "http://www.aiim.org/pdfua/ns/id/"
_EXTENSION: Final = "http://www.aiim.org/pdfa/ns/extension/"
_SCHEMA: Final = "http://www.aiim.org/pdfa/ns/schema#"
_PROPERTY: Final = "http://www.aiim.org/pdfa/ns/property#"
_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"

_PREFIXES: Final = {_DC: "dc", _PDF: "pdf", _XMP: "xmp", _MM: "xmpMM", _PDFAID: "pdfaid", _PDFUAID: "pdfuaid"}
_EXTENSION_PREFIXES: Final = {
    "rdf": _RDF, "pdfaExtension": _EXTENSION, "pdfaSchema": _SCHEMA, "pdfaProperty": _PROPERTY
}  # fmt: skip

_PACKET_START: Final = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'.encode()
_PACKET_END: Final = b'<?xpacket end="r"?>'

_DESCRIBED: Final = {
    "DocumentFileName": "Name of the embedded XML invoice",
    "DocumentType": "Kind of the hybrid document",
    "Version": "Version of the specification of the XML invoice",
    "ConformanceLevel": "Profile that the XML invoice follows",
}


class Packet:
    """An XMP packet in the making.

    Args:
        data: the packet of the page file.

    Raises:
        PdfError: it is no XMP (``PDF_DAMAGED``).
    """

    def __init__(self, data: bytes) -> None:
        try:
            root = safe_xml.parse(data.replace(_PACKET_START, b"").strip(b"\0 \t\r\n"))
        except EinvoiceError as error:
            raise _no_xmp(str(error)) from error
        found = root if root.tag == f"{{{_RDF}}}RDF" else root.find(f".//{{{_RDF}}}RDF")
        if found is None:
            raise _no_xmp("it has no element rdf:RDF")
        self._root = root
        self._rdf = found

    def pdfa(self) -> tuple[str | None, str | None]:
        """Return the part of ISO 19005 and the level that the file claims, such as ``("3", "U")``."""
        return self._get(_PDFAID, "part"), self._get(_PDFAID, "conformance")

    def declare(self, level: str, *, accessible: bool) -> None:
        """Write which level of PDF/A-3 the file claims, and whether it claims PDF/UA-1.

        Args:
            level: ``B``, ``U`` or ``A``.
            accessible: whether it claims PDF/UA-1.
        """
        for name in ("ModifyDate", "MetadataDate"):
            self._drop(_XMP, name)  # whoever finishes the file dates it
        self._set(_PDFAID, "part", "3")
        self._set(_PDFAID, "conformance", level)
        if not accessible:
            self._drop(_PDFUAID, "part")
        elif self._get(_PDFUAID, "part") is None:
            self._schemas().append(_schema_of_accessibility())
            self._set(_PDFUAID, "part", "1")

    def is_titled(self) -> bool:
        """Say whether the document has a title, and bears no name of PDF/UA by another prefix (ISO 14289-1, 5)."""
        plain = all(
            prefix == "pdfuaid"
            for element in self._root.iter(etree.Element)
            for prefix, namespace in element.nsmap.items()
            if namespace == _PDFUAID
        )
        return plain and any(
            (item.text or "").strip() for item in self._rdf.iterfind(f".//{{{_DC}}}title//{{{_RDF}}}li")
        )

    def describe(self, metadata: Metadata) -> None:
        """Write title, author, subject and keywords where they are given."""
        if metadata.title is not None:
            self._set(_DC, "title", metadata.title, "Alt")
        if metadata.author is not None:
            self._set(_DC, "creator", metadata.author, "Seq")
        if metadata.subject is not None:
            self._set(_DC, "description", metadata.subject, "Alt")
        if metadata.keywords is not None:
            self._set(_PDF, "Keywords", metadata.keywords)

    def date(self, modified: datetime, instance: str) -> None:
        """Write when the file was made and which instance it is.

        Args:
            modified: the time, with its zone.
            instance: an identifier of exactly these bytes; written only if the source has one.
        """
        stamp = xmp_date(modified)
        self._set(_XMP, "ModifyDate", stamp)
        self._set(_XMP, "MetadataDate", stamp)
        if self._get(_MM, "InstanceID") is not None:
            self._set(_MM, "InstanceID", instance)

    def announce(self, *, filename: str, version: str, conformance: str) -> None:
        """Write what Factur-X asks for: the four properties, and the schema that explains them to PDF/A.

        Args:
            filename: the name of the attachment.
            version: the version of the specification.
            conformance: the conformance level of the profile.
        """
        values = {
            "DocumentType": "INVOICE",
            "DocumentFileName": filename,
            "Version": version,
            "ConformanceLevel": conformance,
        }
        self._schemas().append(_schema())
        description = self._description({"rdf": _RDF, "fx": FX})
        for name, value in values.items():
            etree.SubElement(description, f"{{{FX}}}{name}").text = value

    def bytes(self) -> bytes:
        """Return the packet."""
        etree.cleanup_namespaces(self._root, keep_ns_prefixes=["fx", "rdf"])
        return b"".join((_PACKET_START, etree.tostring(self._root, encoding="utf-8"), _PACKET_END))

    def _get(self, namespace: str, name: str) -> str | None:
        """Return a simple property, written as an element or as an attribute."""
        key = f"{{{namespace}}}{name}"
        for description in self._rdf:
            value = description.get(key) or description.findtext(key)
            if value:
                return str(value).strip()
        return None

    def _set(self, namespace: str, name: str, value: str, container: str | None = None) -> None:
        """Write a property in place of what is there."""
        self._drop(namespace, name)
        target = self._rdf[0] if len(self._rdf) else self._description({"rdf": _RDF})
        element = etree.SubElement(target, f"{{{namespace}}}{name}", nsmap={_PREFIXES[namespace]: namespace})
        if container is None:
            element.text = value
            return
        item = etree.SubElement(etree.SubElement(element, f"{{{_RDF}}}{container}"), f"{{{_RDF}}}li")
        item.text = value
        if container == "Alt":
            item.set(_LANG, "x-default")

    def _drop(self, namespace: str, name: str) -> None:
        key = f"{{{namespace}}}{name}"
        for description in self._rdf:
            description.attrib.pop(key, "")
            for old in description.findall(key):
                description.remove(old)

    def _description(self, prefixes: Mapping[str, str]) -> _Element:
        return etree.SubElement(self._rdf, f"{{{_RDF}}}Description", {f"{{{_RDF}}}about": ""}, nsmap=dict(prefixes))

    def _schemas(self) -> _Element:
        """Return the list of extension schemas; a packet may have only one."""
        for container in self._rdf.iter(f"{{{_EXTENSION}}}schemas"):
            for bag in container.iter(f"{{{_RDF}}}Bag"):
                return bag
        schemas = etree.SubElement(self._description(_EXTENSION_PREFIXES), f"{{{_EXTENSION}}}schemas")
        return etree.SubElement(schemas, f"{{{_RDF}}}Bag")


def _schema() -> _Element:
    """Describe the properties of Factur-X (ISO 19005-3, 6.6.2.3.3)."""
    item = _resource(None, _SCHEMA, {"schema": "Factur-X PDFA Extension Schema", "namespaceURI": FX, "prefix": "fx"})
    sequence = etree.SubElement(etree.SubElement(item, f"{{{_SCHEMA}}}property"), f"{{{_RDF}}}Seq")
    for name, meaning in _DESCRIBED.items():
        _resource(
            sequence, _PROPERTY, {"name": name, "valueType": "Text", "category": "external", "description": meaning}
        )
    return item


def _schema_of_accessibility() -> _Element:
    """Describe the property that claims PDF/UA (ISO 14289-1, 5), which PDF/A does not know."""
    fields = {"schema": "PDF/UA identification schema", "namespaceURI": _PDFUAID, "prefix": "pdfuaid"}
    item = _resource(None, _SCHEMA, fields)
    sequence = etree.SubElement(etree.SubElement(item, f"{{{_SCHEMA}}}property"), f"{{{_RDF}}}Seq")
    meaning = "Part of ISO 14289 that the file conforms to"
    _resource(
        sequence, _PROPERTY, {"name": "part", "valueType": "Integer", "category": "internal", "description": meaning}
    )
    return item


def _resource(parent: _Element | None, namespace: str, fields: Mapping[str, str]) -> _Element:
    tag, attributes = f"{{{_RDF}}}li", {f"{{{_RDF}}}parseType": "Resource"}
    item = (
        etree.Element(tag, attributes, nsmap=_EXTENSION_PREFIXES)
        if parent is None
        else etree.SubElement(parent, tag, attributes)
    )
    for name, value in fields.items():
        etree.SubElement(item, f"{{{namespace}}}{name}").text = value
    return item


# ------------------------------------------------------------------------------------------------------ dates


def xmp_date(moment: datetime) -> str:
    """Write a moment as XMP does (ISO 8601 to the second, with its zone).

    Raises:
        OutputError: the moment has no time zone.
    """
    return _zoned(moment).isoformat(timespec="seconds").replace("+00:00", "Z")


def pdf_date(moment: datetime) -> str:
    """Write a moment as PDF does (ISO 32000-1, 7.9.4), with its zone.

    Raises:
        OutputError: the moment has no time zone.
    """
    moment = _zoned(moment)
    offset = moment.utcoffset() or timedelta()
    if not offset:
        return f"D:{moment:%Y%m%d%H%M%S}Z"
    hours, minutes = divmod(abs(int(offset.total_seconds())) // 60, 60)
    return f"D:{moment:%Y%m%d%H%M%S}{'-' if offset < timedelta() else '+'}{hours:02}'{minutes:02}'"


def _zoned(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise OutputError(f"the time of modification needs a time zone, such as {moment.replace(tzinfo=UTC)}")
    return moment.replace(microsecond=0)


def _no_xmp(why: str) -> PdfError:
    return PdfError(
        f"the metadata of the PDF are no XMP: {why} (ISO 19005-3, 6.6.2.1); create the page again", code="PDF_DAMAGED"
    )
