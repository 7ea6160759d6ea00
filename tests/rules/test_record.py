# SPDX-License-Identifier: Apache-2.0
"""The record of a judgement, the class of an error, and what to do about a finding."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from msgspec import structs

from einvoice.rules import bmf
from einvoice.rules.advice import advice, name_of
from einvoice.rules.findings import Finding, PackResult
from einvoice.rules.record import Excerpt, Record, pack_of


def finding(rule: str, **changes: Any) -> Finding:  # noqa: ANN401 -- fields of Finding
    plain = Finding(rule=rule, packs=("en16931",), severity="fatal", effective="fatal", message="M.", terms=("BT-1",))
    return structs.replace(plain, **changes)


def test_the_time_is_told_in_utc() -> None:
    there = datetime(2026, 11, 22, 10, 30, 15, 999, tzinfo=timezone(timedelta(hours=1)))
    assert Record(file="x", judged_at=there).when == "2026-11-22T09:30:15Z"
    assert Record(file="x", judged_at=datetime(2026, 1, 1, tzinfo=UTC)).when == "2026-01-01T00:00:00Z"
    assert Record(file="x").when == ""


def test_an_excerpt_is_found_by_its_place() -> None:
    excerpt = Excerpt(3, 5, "", "<a/>", "")
    assert Record(file="x", excerpts=(excerpt,)).places == {(3, 5): excerpt}


def test_a_pack_is_found_by_what_it_said_if_it_is_known() -> None:
    pack = pack_of(PackResult(id="en16931", version="1.3.16"))
    assert pack is not None
    assert pack.title.startswith("EN 16931")
    unknown = [("en16931", ""), ("en16931", "0.1"), ("peppol-of-the-moon", "1")]
    assert [pack_of(PackResult(id=identifier, version=version)) for identifier, version in unknown] == [None] * 3


@pytest.mark.parametrize(
    ("rule", "effective", "expected"),
    [
        ("XSD", "fatal", "format"),
        ("FX-XSD", "fatal", "format"),
        ("BR-CO-15", "fatal", "business-rule"),
        ("BR-CO-15", "warning", None),
        ("BR-CO-15", "information", None),
    ],
)
def test_the_class_of_an_error(rule: str, effective: Any, expected: str | None) -> None:  # noqa: ANN401 -- a Severity
    assert bmf.class_of(finding(rule, effective=effective)) == expected


def test_the_gravest_class_is_that_of_the_document() -> None:
    schema, rule, warning = finding("XSD"), finding("BR-01"), finding("BR-02", effective="warning")
    assert bmf.gravest([warning, rule, schema]) == "format"
    assert bmf.gravest([warning, rule]) == "business-rule"
    assert bmf.gravest([warning]) is None


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "state"),
        ({"found": "x"}, "correct"),
        ({"why": "because"}, "correct"),
        ({"found": "1", "expected": "2"}, "trace"),
        ({"expected": "2"}, "trace"),
        ({"terms": ()}, "message"),
        ({"rule": "XSD"}, "message"),
    ],
)
def test_what_to_do_follows_from_what_was_found(changes: dict[str, Any], expected: str) -> None:
    assert advice(structs.replace(finding("BR-01"), **changes)) == expected


def test_a_term_has_its_name_and_what_is_no_term_has_none() -> None:
    assert (name_of("BT-112"), name_of("BT-9999")) == ("Invoice total amount with VAT", "")
