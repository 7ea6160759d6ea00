# SPDX-License-Identifier: Apache-2.0
"""A report in SVRL is read as findings, with the places as einvoice writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from einvoice.bind.handover import invoice_of
from einvoice.errors import XmlError
from einvoice.official.svrl import Hit, Said, read
from tests.official.making import document, failed
from tests.service.sample import invoice, line

if TYPE_CHECKING:
    from lxml.etree import _Element

INVOICE = "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
CAC = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
STEPS = (("Invoice", INVOICE, 1), ("InvoiceLine", CAC, 2), ("ID", CBC, 1))


def element() -> _Element:
    return invoice_of(document(invoice(lines=(line(1, "10.00"), line(2, "20.00")))))


def hits(text: str, invoice: _Element) -> tuple[Hit, ...]:
    return read(text, invoice).hits


def report(content: str) -> str:
    return f'<svrl:schematron-output xmlns:svrl="http://purl.oclc.org/dsdl/svrl">{content}</svrl:schematron-output>'


@pytest.mark.parametrize(
    "location",
    [
        f"/Q{{{INVOICE}}}Invoice[1]/Q{{{CAC}}}InvoiceLine[2]/Q{{{CBC}}}ID[1]",
        "/" + "/".join(f"*:{name}[namespace-uri()='{uri}'][{at}]" for name, uri, at in STEPS),
        "/" + "/".join(f"*[local-name()='{name}' and namespace-uri()='{uri}'][{at}]" for name, uri, at in STEPS),
        "/ubl:Invoice/cac:InvoiceLine[2]/cbc:ID",
    ],
    ids=["SchXslt", "skeleton for XSLT 2", "skeleton for XSLT 1", "plain"],
)
def test_every_way_of_writing_a_place_leads_to_it(location: str) -> None:
    (hit,) = hits(report(failed("X-1", location=location.replace("'", "&apos;"))), element())
    assert hit.location == "/Invoice/cac:InvoiceLine[2]/cbc:ID"


@pytest.mark.parametrize("step", ["/@currencyID", "/@Q{}currencyID", "/@*[local-name()='currencyID']"])
def test_an_attribute_is_a_place(step: str) -> None:
    location = f"/Q{{{INVOICE}}}Invoice[1]/Q{{{CAC}}}InvoiceLine[1]/Q{{{CBC}}}LineExtensionAmount[1]{step}"
    (hit,) = hits(report(failed("X-1", location=location.replace("'", "&apos;"))), element())
    assert hit.location == "/Invoice/cac:InvoiceLine[1]/cbc:LineExtensionAmount/@currencyID"


@pytest.mark.parametrize(
    "location",
    ["", "/", "count(//x)", "/Q{urn:other}Invoice[1]", f"/Q{{{INVOICE}}}Invoice[1]/Q{{{CBC}}}ID[9]", "/a/b c"],
)
def test_a_place_that_is_not_there_is_no_place(location: str) -> None:
    (hit,) = hits(report(failed("X-1", location=location)), element())
    assert (hit.location, hit.line) == (None, None)


@pytest.mark.parametrize(
    ("attributes", "severity"),
    [
        ("", "fatal"),
        ('flag="fatal"', "fatal"),
        ('flag="error"', "fatal"),
        ('flag="warning" role="fatal"', "warning"),
        ('role="information"', "information"),
        ('role=" INFO "', "information"),
        ('flag="something else"', "fatal"),
    ],
)
def test_the_flag_counts_then_the_role_and_what_nobody_knows_is_fatal(attributes: str, severity: str) -> None:
    (hit,) = hits(
        report(f"<svrl:failed-assert {attributes} location='/'><svrl:text>x</svrl:text></svrl:failed-assert>"),
        element(),
    )
    assert hit.severity == severity


def test_the_text_is_the_publishers_on_one_line() -> None:
    text = "[X-1]-The <b xmlns=''>sum</b>\n      is   wrong."
    (hit,) = hits(report(failed("X-1", text)), element())
    assert hit.message == "[X-1]-The sum is wrong."


def test_reports_that_were_made_count_like_assertions_that_failed() -> None:
    made = failed("X-1") + failed("X-2").replace("failed-assert", "successful-report")
    assert [hit.rule for hit in hits(report(f"<svrl:fired-rule context='x'/>{made}"), element())] == ["X-1", "X-2"]


def test_a_report_without_findings_has_none() -> None:
    assert read(report("<svrl:fired-rule context='x'/>"), element()) == Said((), asked=True)


def test_a_report_in_which_no_rule_was_asked_says_so() -> None:
    assert read(report("<svrl:active-pattern/>"), element()) == Said((), asked=False)


def test_the_encoding_that_a_report_was_to_have_does_not_matter() -> None:
    text = f'<?xml version="1.0" encoding="ISO-8859-1"?>{report(failed("X-1", "Größe"))}'
    assert hits(text, element())[0].message == "Größe"


def test_what_is_no_report_is_refused() -> None:
    with pytest.raises(XmlError, match="no report in SVRL: its root is page"):
        hits("<page/>", element())
