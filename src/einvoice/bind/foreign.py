# SPDX-License-Identifier: Apache-2.0
"""XML documents that are often taken for an invoice in UBL or CII, and what they are.

A table of rows: how the namespace of the root begins, the name of the root (empty for any), and the words that end
the sentence "this is ...". The first row that fits is right, so the more special one stands first.
"""

from __future__ import annotations

from typing import Final

_UBL: Final = "urn:oasis:names:specification:ubl:schema:xsd:"
_CEFACT: Final = "urn:un:unece:uncefact:data:"
_GIVE_INVOICE: Final = "give the invoice itself"

FOREIGN: Final[tuple[tuple[str, str, str], ...]] = (
    # documents of the same families
    (
        "urn:ferd:",
        "",
        "a ZUGFeRD 1.0 invoice, the forerunner of CII; ask the sender for ZUGFeRD 2 or Factur-X, which replaced it",
    ),
    (f"{_CEFACT}SCRDMCCBDACIOMessageStructure", "", "an Order-X purchase order, not an invoice"),
    (
        f"{_CEFACT}standard:CrossDomainAcknowledgementAndResponse",
        "",
        "a CDAR life-cycle status message (what became of an invoice), not an invoice",
    ),
    (
        f"{_CEFACT}standard:CrossIndustryInvoice",
        "CrossIndustryInvoice",
        "a Cross Industry Invoice of another version than D16B to D22B (namespace ending in :100)",
    ),
    (f"{_CEFACT}standard:CrossIndustryOrder", "", "a Cross Industry order, not an invoice"),
    (f"{_CEFACT}standard:CrossIndustryDespatchAdvice", "", "a Cross Industry despatch advice, not an invoice"),
    (_CEFACT, "", "another UN/CEFACT message than a Cross Industry Invoice"),
    (f"{_UBL}ApplicationResponse-2", "", "a UBL application response (an answer to a document), not an invoice"),
    (f"{_UBL}Order-2", "", "a UBL order, not an invoice"),
    (f"{_UBL}OrderResponse", "", "a UBL order response, not an invoice"),
    (f"{_UBL}DespatchAdvice-2", "", "a UBL despatch advice (delivery note), not an invoice"),
    (f"{_UBL}ReceiptAdvice-2", "", "a UBL receipt advice, not an invoice"),
    (f"{_UBL}Reminder-2", "", "a UBL reminder (dunning letter), not an invoice"),
    (f"{_UBL}DebitNote-2", "", "a UBL debit note, which EN 16931 does not know; it can be sent as an invoice"),
    (f"{_UBL}SelfBilled", "", "a UBL self-billed document; EN 16931 writes it as an invoice with type code 389 or 261"),
    (f"{_UBL}Statement-2", "", "a UBL statement of account, not an invoice"),
    (f"{_UBL}Catalogue", "", "a UBL catalogue, not an invoice"),
    (f"{_UBL}Invoice-1", "", "a UBL 1.0 invoice; only UBL 2 is read"),
    (
        "urn:ce.eu:en16931:2017:xoev-de:kosit:standard:xrechnung",
        "",
        "KoSIT's intermediate form of an XRechnung, made for showing it; give the XRechnung that it was made from",
    ),
    # national formats
    ("http://ivaservizi.agenziaentrate.gov.it/", "", "an Italian FatturaPA invoice"),
    ("http://www.fatturapa.gov.it/", "", "an Italian FatturaPA invoice"),
    ("", "FatturaElettronica", "an Italian FatturaPA invoice"),
    ("", "Facturae", "a Spanish Facturae invoice"),
    ("http://www.ebinterface.at/", "", "an Austrian ebInterface invoice"),
    ("http://crd.gov.pl/wzor/", "", "a Polish structured invoice (KSeF, FA)"),
    ("http://isdoc.cz/", "", "a Czech ISDOC document"),
    ("http://schemas.nav.gov.hu/", "", "data for the Hungarian tax authority (NAV)"),
    ("http://www.aade.gr/myDATA", "", "data for the Greek tax authority (myDATA)"),
    ("urn:eFaktura:MinFinrs", "", f"an envelope of the Serbian eFaktura; {_GIVE_INVOICE} inside it"),
    ("urn:sfti:documents:", "", "a Swedish Svefaktura 1.0 document"),
    ("", "Finvoice", "a Finnish Finvoice invoice"),
    ("", "INVOICE_CENTER", "a Finnish TEAPPSXML invoice"),
    ("http://rep.oio.dk/", "", "a Danish OIOXML document"),
    ("http://www.sat.gob.mx/cfd", "", "a Mexican CFDI invoice"),
    ("http://www.portalfiscal.inf.br/", "", "a Brazilian NF-e document"),
    ("http://xml.datev.de/", "", "DATEV XML"),
    # other standards
    ("", "M_INVOIC", "an EDIFACT INVOIC message in XML (ISO 20625); import it as EDIFACT"),
    ("", "INVOIC01", "an SAP IDoc; import it as such"),
    ("", "INVOIC02", "an SAP IDoc; import it as such"),
    ("http://www.opentrans.org/", "", "an openTRANS document"),
    ("urn:gs1:ecom:", "", "a GS1 XML document"),
    ("", "cXML", "a cXML message"),
    ("urn:iso:std:iso:20022:tech:xsd:pain.", "", "a payment order (ISO 20022 pain), not an invoice"),
    ("urn:iso:std:iso:20022:tech:xsd:camt.", "", "an account statement (ISO 20022 camt), not an invoice"),
    ("urn:iso:std:iso:20022:", "", "an ISO 20022 message, not an invoice"),
    # envelopes and by-products
    ("http://schemas.xmlsoap.org/soap/envelope/", "", f"a SOAP envelope (AS4 or a web service); {_GIVE_INVOICE}"),
    ("http://www.w3.org/2003/05/soap-envelope", "", f"a SOAP envelope (AS4 or a web service); {_GIVE_INVOICE}"),
    ("http://docs.oasis-open.org/ebxml-msg/", "", f"an AS4 message header or receipt; {_GIVE_INVOICE}"),
    ("http://busdox.org/", "", "an answer of a Peppol metadata publisher (SMP)"),
    ("http://peppol.eu/xsd/ticc/envelope/", "", f"a Peppol container for another format; {_GIVE_INVOICE} inside it"),
    ("http://www.w3.org/1999/xhtml", "", "an HTML page, perhaps an error page saved in place of the invoice"),
    ("", "html", "an HTML page, perhaps an error page saved in place of the invoice"),
    ("adobe:ns:meta/", "", "the metadata (XMP) of a PDF; give the PDF or the invoice embedded in it"),
    ("http://purl.oclc.org/dsdl/svrl", "", "a validation report (SVRL), not the invoice that was validated"),
    ("http://www.xoev.de/de/validator/varl/", "", "a validation report of the KoSIT validator, not the invoice"),
    ("http://www.w3.org/2001/XMLSchema", "", "an XML schema, not a document"),
    ("http://www.w3.org/1999/XSL/Transform", "", "an XSLT stylesheet, not a document"),
    ("http://purl.oclc.org/dsdl/schematron", "", "a Schematron, not a document"),
)


def describe(namespace: str, name: str) -> str:
    """Return the end of the sentence "this is ..." for a root element that is no invoice.

    Args:
        namespace: its namespace, empty if it has none.
        name: its local name.
    """
    for start, root, words in FOREIGN:
        if namespace.startswith(start) and root in {"", name}:
            return words
    if namespace.startswith(_UBL):
        return f"the UBL document {name}, not an invoice"
    if name in {"Invoice", "CreditNote", "CrossIndustryInvoice"}:
        where = f"in the namespace {namespace!r}" if namespace else "without a namespace"
        return (
            f"an element {name} {where}, so it is neither UBL nor CII; if it is meant to be one, the sender has to"
            " declare the right namespace"
        )
    where = f" of the namespace {namespace!r}" if namespace else ", without a namespace"
    return f"an XML document of a kind that is not known here (its root is {name}{where})"
