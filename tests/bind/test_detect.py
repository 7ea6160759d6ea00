# SPDX-License-Identifier: Apache-2.0
"""What a document is, told by its content alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from einvoice.bind.detect import Detected, detect
from einvoice.bind.foreign import FOREIGN
from einvoice.bind.xml import parse
from einvoice.errors import FormatError

if TYPE_CHECKING:
    from pathlib import Path

UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
SBDH = "http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader"
CONTEXT = "<cbc:CustomizationID> urn:cen.eu:en16931:2017 </cbc:CustomizationID><cbc:ProfileID>P1</cbc:ProfileID>"


def ubl(root: str = "Invoice", version: str = "", body: str = "") -> str:
    stated = f"<cbc:UBLVersionID>{version}</cbc:UBLVersionID>" if version else ""
    return f'<{root} xmlns="{UBL}{root}-2" xmlns:cbc="{UBL}CommonBasicComponents-2">{stated}{body or CONTEXT}</{root}>'


CII = """<x:CrossIndustryInvoice xmlns:x="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
 xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100">
 <x:ExchangedDocumentContext>
  <ram:BusinessProcessSpecifiedDocumentContextParameter><ram:ID>A1</ram:ID></ram:BusinessProcessSpecifiedDocumentContextParameter>
  <ram:GuidelineSpecifiedDocumentContextParameter><ram:ID>urn:factur-x.eu:1p0:basic</ram:ID></ram:GuidelineSpecifiedDocumentContextParameter>
 </x:ExchangedDocumentContext></x:CrossIndustryInvoice>"""


def look(text: str) -> Detected:
    return detect(parse(text.encode()))


def refusal(text: str) -> FormatError:
    with pytest.raises(FormatError) as caught:
        detect(parse(text.encode()), source="in.xml")
    assert caught.value.code == "UNKNOWN_FORMAT"
    assert caught.value.source == "in.xml"
    return caught.value


@pytest.mark.parametrize(
    ("text", "syntax", "specification", "process"),
    [
        (ubl(), "ubl-invoice", "urn:cen.eu:en16931:2017", "P1"),
        (ubl("CreditNote"), "ubl-creditnote", "urn:cen.eu:en16931:2017", "P1"),
        (CII, "cii", "urn:factur-x.eu:1p0:basic", "A1"),
        (ubl(body="<cbc:ID>1</cbc:ID>"), "ubl-invoice", None, None),
        (ubl(body="<cbc:CustomizationID/><cbc:ProfileID> </cbc:ProfileID>"), "ubl-invoice", None, None),
        (ubl(body="<cbc:X><cbc:CustomizationID>deeper</cbc:CustomizationID></cbc:X>"), "ubl-invoice", None, None),
    ],
)
def test_invoices_are_recognised(text: str, syntax: str, specification: str | None, process: str | None) -> None:
    found = look(text)
    assert (found.syntax, found.specification, found.process) == (syntax, specification, process)
    assert found.notes == ()


@pytest.mark.parametrize("version", ["2.0", "2.2", "2.3", "2.4", "9"])
def test_another_ubl_version_is_judged_as_2_1_and_said_to_be_so(version: str) -> None:
    found = look(ubl(version=version))
    assert found.ubl_version == version
    assert found.notes == (f"the document says that it is UBL {version}; it was read and is judged as UBL 2.1",)


@pytest.mark.parametrize("version", ["2.1", "UBL 2.1"])
def test_ubl_2_1_needs_no_remark(version: str) -> None:
    assert look(ubl(version=version)).notes == ()


def enveloped(*documents: str) -> str:
    head = "<h:StandardBusinessDocumentHeader><h:HeaderVersion>1.0</h:HeaderVersion></h:StandardBusinessDocumentHeader>"
    return f'<h:StandardBusinessDocument xmlns:h="{SBDH}">{head}{"".join(documents)}</h:StandardBusinessDocument>'


def test_an_envelope_is_taken_off_and_said_to_be_so() -> None:
    found = look(enveloped(ubl("CreditNote", version="2.0")))
    assert found.syntax == "ubl-creditnote"
    assert found.element.tag == f"{{{UBL}CreditNote-2}}CreditNote"
    assert "StandardBusinessDocument" in found.notes[0]
    assert "UBL 2.0" in found.notes[1]


@pytest.mark.parametrize(
    ("documents", "says"),
    [
        ((), "holds no document"),
        ((ubl(), CII), "holds 2 invoices"),
        ((f'<Order xmlns="{UBL}Order-2"/>',), "StandardBusinessDocument that holds a UBL order"),
        (
            ('<BinaryContent xmlns="http://peppol.eu/xsd/ticc/envelope/1.0">JVBERi0=</BinaryContent>',),
            "Peppol container",
        ),
    ],
)
def test_an_envelope_without_one_invoice_is_refused(documents: tuple[str, ...], says: str) -> None:
    assert says in refusal(enveloped(*documents)).message


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('<CrossIndustryDocument xmlns="urn:ferd:CrossIndustryDocument:invoice:1p0"/>', "ZUGFeRD 1.0"),
        (
            '<S:SCRDMCCBDACIOMessageStructure xmlns:S="urn:un:unece:uncefact:data:SCRDMCCBDACIOMessageStructure:100"/>',
            "Order-X",
        ),
        (
            '<FatturaElettronica xmlns="http://ivaservizi.agenziaentrate.gov.it/docs/xsd/fatture/v1.2"/>',
            "Italian FatturaPA",
        ),
        ('<Facturae xmlns="http://www.facturae.gob.es/formato/Versiones/Facturaev3_2_2.xml"/>', "Spanish Facturae"),
        ('<Invoice xmlns="http://www.ebinterface.at/schema/6p1/"/>', "Austrian ebInterface"),
        ('<Faktura xmlns="http://crd.gov.pl/wzor/2025/06/25/13775/"/>', "KSeF"),
        (f'<Order xmlns="{UBL}Order-2"/>', "a UBL order,"),
        (f'<OrderResponse xmlns="{UBL}OrderResponse-2"/>', "a UBL order response"),
        (f'<DespatchAdvice xmlns="{UBL}DespatchAdvice-2"/>', "a UBL despatch advice"),
        (f'<ApplicationResponse xmlns="{UBL}ApplicationResponse-2"/>', "a UBL application response"),
        (f'<Waybill xmlns="{UBL}Waybill-2"/>', "the UBL document Waybill"),
        (f'<Invoice xmlns="{UBL}Invoice-1.0"/>', "UBL 1.0"),
        (
            '<a:Receipt xmlns:a="urn:un:unece:uncefact:data:standard:CrossDomainAcknowledgementAndResponse:100"/>',
            "CDAR",
        ),
        (
            '<CrossIndustryInvoice xmlns="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:2"/>',
            "of another version",
        ),
        ('<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"/>', "payment order"),
        ('<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"/>', "account statement"),
        (
            '<xr:invoice xmlns:xr="urn:ce.eu:en16931:2017:xoev-de:kosit:standard:xrechnung-1"/>',
            "intermediate form of an XRechnung",
        ),
        ("<Invoice><ID>1</ID></Invoice>", "without a namespace, so it is neither UBL nor CII"),
        ('<CreditNote xmlns="urn:example:credit"/>', "in the namespace 'urn:example:credit'"),
        ("<M_INVOIC/>", "EDIFACT INVOIC"),
        ("<INVOIC02/>", "SAP IDoc"),
        ('<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"/>', "SOAP envelope"),
        ('<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"/>', "SOAP envelope"),
        ('<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>', "HTML page"),
        ("<bill/>", "its root is bill, without a namespace"),
        ('<bill xmlns="urn:example"/>', "its root is bill of the namespace 'urn:example'"),
    ],
)
def test_everything_else_is_refused_by_its_name(text: str, says: str) -> None:
    assert says in refusal(text).message


def test_every_row_about_foreign_documents_can_be_reached() -> None:
    """No row is hidden by a more general one before it."""
    for number, (namespace, name, _) in enumerate(FOREIGN):
        for earlier_namespace, earlier_name, words in FOREIGN[:number]:
            hidden = namespace.startswith(earlier_namespace) and earlier_name in {"", name}
            assert not hidden, f"{namespace} {name} is hidden by {words!r}"


def test_the_place_of_the_root_is_told() -> None:
    assert refusal('<?xml version="1.0"?>\n\n<bill/>').line == 3


def test_the_corpus_is_what_its_manifest_says(corpus: Path, manifest: tuple[dict[str, Any], ...]) -> None:
    """Every UBL and CII document is recognised, and ZUGFeRD 1.0 refused by its name."""
    names = {"ubl-invoice": "UBL-Invoice", "ubl-creditnote": "UBL-CreditNote", "cii": "CII"}
    seen = 0
    for row in manifest:
        if not row["path"].lower().endswith(".xml"):
            continue
        root = parse((corpus / row["path"]).read_bytes(), source=row["path"])
        seen += 1
        if row["syntax"] == "ZUGFeRD1":
            with pytest.raises(FormatError, match=r"ZUGFeRD 1\.0"):
                detect(root)
            continue
        found = detect(root)
        assert names[found.syntax] == row["syntax"], row["path"]
        if row["split"] == "public" and row.get("customization"):
            assert found.specification == row["customization"].strip(), row["path"]
    assert seen > 6000
