# SPDX-License-Identifier: Apache-2.0
"""JUnit XML: what build servers count."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from lxml import etree
from msgspec import structs

from tests.render.report.records import ALL, INVALID, NOBODY, OCCASION, OPEN, UNREADABLE, VALID, WITHOUT_PACK, written

if TYPE_CHECKING:
    from lxml.etree import _Element

    from einvoice.rules.record import Record


def suite(record: Record) -> _Element:
    """The suite of one document."""
    (only,) = etree.fromstring(written("junit", [record], OCCASION).encode())
    return only


def ends(found: _Element) -> list[tuple[str, str]]:
    """How the cases of a suite ended."""
    return [
        (case.get("name", ""), next((str(child.tag) for child in case if child.tag != "system-out"), "passed"))
        for case in found.iter("testcase")
    ]


@pytest.mark.parametrize("record", ALL, ids=lambda record: record.file)
def test_the_counts_of_a_suite_are_those_of_its_cases(record: Record) -> None:
    found = suite(record)
    ended = [end for _, end in ends(found)]
    assert found.get("tests") == str(len(ended))
    assert found.get("failures") == str(ended.count("failure"))
    assert found.get("errors") == str(ended.count("error"))


def test_a_valid_document_is_one_case_that_passes() -> None:
    assert ends(suite(VALID)) == [("valid (en16931 1.3.16)", "passed")]


def test_a_rule_is_one_case_and_a_warning_passes() -> None:
    assert ends(suite(INVALID)) == [
        ("XSD", "failure"),
        ("BR-CO-10", "failure"),
        ("BR-CO-13", "failure"),
        ("BR-25", "failure"),
        ("UBL-CR-001", "passed"),
    ]


def test_a_failure_tells_every_place() -> None:
    case = next(one for one in suite(INVALID).iter("testcase") if one.get("name") == "BR-25")
    (failure,) = case
    text = failure.text or ""
    assert case.get("classname") == "en16931"
    assert (failure.get("type"), failure.get("message")) == ("fatal", "What BR-25 demands.")
    assert text.count("fatal BR-25") == 2
    assert "/Invoice/cac:InvoiceLine[1]/cac:Item" in text
    assert "in/invalid.xml:2: fatal" in text


@pytest.mark.parametrize("record", [OPEN, WITHOUT_PACK, NOBODY, UNREADABLE], ids=lambda record: record.file)
def test_what_was_not_judged_is_an_error_and_never_a_success(record: Record) -> None:
    ended = [end for _, end in ends(suite(record))]
    assert "error" in ended
    assert "passed" not in ended


def test_a_rule_that_is_open_does_not_hide_a_fatal_one() -> None:
    both = structs.replace(INVALID, undetermined=OPEN.undetermined)
    ended = dict(ends(suite(both)))
    assert (ended["BR-CO-10"], ended["BR-CO-15"]) == ("failure", "error")


def test_the_parts_of_a_suite_stand_in_the_order_of_the_format() -> None:
    order = list(dict.fromkeys(child.tag for child in suite(INVALID)))
    assert order == ["properties", "testcase", "system-out"]
    assert "/Invoice/cbc:Foo = zzz" in (suite(INVALID)[-1].text or "")


def test_the_evidence_stands_in_the_properties() -> None:
    found = suite(INVALID)
    properties = {one.get("name"): one.get("value") for one in found.iter("property")}
    assert properties["sha256"] == INVALID.sha256
    assert properties["error_class"] == "format"
    assert properties["pack.en16931"] == "en16931 1.3.16, native: invalid, valid from 2026-04-10"
    assert found.get("timestamp") == "2026-11-22T09:30:00"
