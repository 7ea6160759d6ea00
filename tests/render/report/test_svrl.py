# SPDX-License-Identifier: Apache-2.0
"""SVRL: what reads the output of Schematron."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from lxml import etree

from einvoice.render.report.svrl import NAMESPACE
from tests.render.report.records import ALL, INVALID, NOBODY, OCCASION, OPEN, UNREADABLE, VALID, WITHOUT_PACK, written

if TYPE_CHECKING:
    from lxml.etree import _Element

    from einvoice.rules.record import Record

SVRL = f"{{{NAMESPACE}}}"
GRAMMAR = f"""
<grammar xmlns="http://relaxng.org/ns/structure/1.0" ns="{NAMESPACE}"
    datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">
  <start><element name="schematron-output">
    <optional><attribute name="title" ns=""/></optional>
    <optional><attribute name="schemaVersion" ns=""/></optional>
    <zeroOrMore><ref name="text"/></zeroOrMore>
    <zeroOrMore><element name="ns-prefix-in-attribute-values">
      <attribute name="prefix" ns=""><data type="NMTOKEN"/></attribute><attribute name="uri" ns=""/>
    </element></zeroOrMore>
    <oneOrMore>
      <element name="active-pattern">
        <attribute name="id" ns=""><data type="NCName"/></attribute><attribute name="name" ns=""/>
      </element>
      <oneOrMore>
        <element name="fired-rule"><attribute name="context" ns=""/></element>
        <zeroOrMore><element name="failed-assert">
          <attribute name="id" ns=""><data type="NCName"/></attribute>
          <attribute name="test" ns=""/><attribute name="location" ns=""/>
          <attribute name="role" ns=""><data type="NMTOKEN"/></attribute>
          <attribute name="flag" ns=""><data type="NMTOKEN"/></attribute>
          <zeroOrMore><element name="diagnostic-reference">
            <attribute name="diagnostic" ns=""><data type="NMTOKEN"/></attribute><ref name="text"/>
          </element></zeroOrMore>
          <ref name="text"/>
        </element></zeroOrMore>
      </oneOrMore>
    </oneOrMore>
  </element></start>
  <define name="text"><element name="text"><text/></element></define>
</grammar>
"""
"""The part of ISO/IEC 19757-3, annex D, that reports use."""


def output(record: Record) -> _Element:
    """The SVRL of one document."""
    return etree.fromstring(written("svrl", [record], OCCASION).encode())


def asserts(record: Record) -> list[tuple[str | None, str | None]]:
    """Id and flag of what failed."""
    return [(one.get("id"), one.get("flag")) for one in output(record).iter(f"{SVRL}failed-assert")]


@pytest.mark.parametrize("record", ALL, ids=lambda record: record.file)
def test_the_structure_is_that_of_the_standard(record: Record) -> None:
    grammar = etree.RelaxNG(etree.fromstring(GRAMMAR))
    grammar.assertValid(output(record))


def test_several_documents_stand_in_one_wrapper_and_one_stands_alone() -> None:
    wrapper = etree.fromstring(written("svrl", [VALID, INVALID]).encode())
    assert [wrapper.tag, *(child.get("title") for child in wrapper)] == ["reports", "in/valid.xml", "in/invalid.xml"]
    assert output(VALID).tag == f"{SVRL}schematron-output"


def test_every_finding_is_a_failed_assert_with_its_flag() -> None:
    expected = [(one.rule, one.effective) for one in INVALID.findings]
    assert sorted(asserts(INVALID)) == sorted(expected)


def test_a_location_uses_the_prefixes_that_are_declared() -> None:
    found = output(INVALID)
    declared = {
        str(one.get("prefix")): str(one.get("uri")) for one in found.iter(f"{SVRL}ns-prefix-in-attribute-values")
    }
    document = etree.fromstring(
        f'<Invoice xmlns="{declared["ubl"]}" xmlns:cac="{declared["cac"]}" xmlns:cbc="{declared["cbc"]}">'
        "<cac:LegalMonetaryTotal><cbc:LineExtensionAmount/></cac:LegalMonetaryTotal></Invoice>"
    )
    failed = next(one for one in found.iter(f"{SVRL}failed-assert") if one.get("id") == "BR-CO-10")
    there = document.xpath(str(failed.get("location")), namespaces=declared)
    assert there == [document[0][0]]


def test_a_failed_assert_shows_its_work() -> None:
    failed = next(one for one in output(INVALID).iter(f"{SVRL}failed-assert") if one.get("id") == "BR-CO-10")
    said = {one.get("diagnostic"): one[0].text for one in failed.iter(f"{SVRL}diagnostic-reference")}
    assert said == {
        "terms": "BT-106",
        "found": "31.94",
        "expected": "31.00",
        "because": "20.00 + 11.00 = 31.00",
        "line": "73:5",
    }
    assert failed[-1].text == "[BR-CO-10] What BR-CO-10 demands."


def test_a_valid_document_has_its_patterns_and_no_failed_assert() -> None:
    patterns = [one.get("id") for one in output(VALID).iter(f"{SVRL}active-pattern")]
    assert (patterns, asserts(VALID)) == (["schema", "en16931"], [])


def test_what_could_not_be_judged_counts_as_failed() -> None:
    assert asserts(OPEN) == [("BR-CO-15", "undetermined"), ("BR-CO-16", "undetermined")]
    assert asserts(WITHOUT_PACK) == [("UNDETERMINED", "undetermined")]
    assert asserts(NOBODY) == [("UNDETERMINED", "undetermined")]
    assert asserts(UNREADABLE) == [("UNREADABLE", "fatal")]
