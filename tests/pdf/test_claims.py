# SPDX-License-Identifier: Apache-2.0
"""What the metadata claim is read from packets of every make, and from broken ones."""

from __future__ import annotations

import pytest

from einvoice.pdf.claims import Claims, claims

FX = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
ELEMENTS = f"""<rdf:Description xmlns:fx="{FX}"><fx:DocumentType>INVOICE</fx:DocumentType>
<fx:DocumentFileName> factur-x.xml </fx:DocumentFileName><fx:Version>1.0</fx:Version>
<fx:ConformanceLevel>EN 16931</fx:ConformanceLevel></rdf:Description>"""
ALL = Claims(namespace=FX, document_type="INVOICE", file_name="factur-x.xml", version="1.0", level="EN 16931")


def test_properties_written_as_elements_are_read() -> None:
    assert claims(ELEMENTS.encode()) == ALL


@pytest.mark.parametrize("quote", ['"', "'"])
def test_properties_written_as_attributes_are_read(quote: str) -> None:
    values = {
        "DocumentType": "INVOICE",
        "DocumentFileName": "factur-x.xml",
        "Version": "1.0",
        "ConformanceLevel": "EN 16931",
    }
    packet = f"<rdf:Description xmlns:zf={quote}{FX}{quote}"
    packet += "".join(f" zf:{key}={quote}{value}{quote}" for key, value in values.items()) + "/>"
    assert claims(packet.encode()) == ALL


def test_a_packet_in_utf_16_is_read() -> None:
    assert claims(ELEMENTS.encode("utf-16")) == ALL


@pytest.mark.parametrize(
    "namespace",
    [
        "urn:zugferd:pdfa:CrossIndustryDocument:invoice:2p0#",
        "urn:ferd:pdfa:CrossIndustryDocument:invoice:1p0#",
        "urn:ferd:pdfa:invoice:rc#",
        "urn:factur-x:pdfa:CrossIndustryDocument:1p0#",
    ],
)
def test_older_and_sister_formats_are_recognised(namespace: str) -> None:
    found = claims(f"<x xmlns:p='{namespace}'><p:ConformanceLevel>COMFORT</p:ConformanceLevel>".encode())
    assert (found.namespace, found.level) == (namespace, "COMFORT")


def test_the_description_of_the_schema_is_not_taken_for_a_value() -> None:
    packet = f"""<x xmlns:fx="{FX}"><pdfaSchema:namespaceURI>{FX}</pdfaSchema:namespaceURI>
    <pdfaProperty:name>ConformanceLevel</pdfaProperty:name></x>"""
    assert claims(packet.encode()) == Claims(namespace=FX)


@pytest.mark.parametrize("packet", [b"", b"<broken", b"\xff\xfe\x00", b"\x00" * 50, b"<x xmlns:fx='urn:other'/>"])
def test_a_packet_without_claims_claims_nothing(packet: bytes) -> None:
    assert claims(packet) == Claims()
