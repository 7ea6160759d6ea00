# SPDX-License-Identifier: Apache-2.0
"""A record can be filed: it says exactly where, in which class, by what and when."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from importlib.metadata import version
from typing import TYPE_CHECKING

import pytest

from einvoice import validate
from einvoice.bind import write
from einvoice.bind.json import write_json
from einvoice.errors import EinvoiceError, FormatError, InputError, PdfError, XmlError
from einvoice.service.check import Answer, Question, answer
from einvoice.service.evidence import class_of_refusal, judging_time
from einvoice.service.settings import Settings
from tests.service.sample import as_file, broken, invoice

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def ask(source: object) -> Answer:
    return answer(str(source), Question(judged_at=NOW, settings=Settings()))


def test_a_finding_has_its_line_its_column_and_an_excerpt(tmp_path: Path) -> None:
    found = ask(as_file(tmp_path, "a.xml", broken()))
    finding = next(one for one in found.findings if one.rule == "BR-CO-15")
    line = (tmp_path / "a.xml").read_text().splitlines()[(finding.line or 0) - 1]
    assert line[(finding.column or 0) - 1 :].startswith("<cbc:TaxInclusiveAmount")
    excerpt = found.places[finding.line, finding.column]
    assert f"{excerpt.before}{excerpt.marked}{excerpt.after}" == line


def test_a_document_in_one_line_has_columns_too(tmp_path: Path) -> None:
    data = b"".join(part.strip() for part in write(broken(), "cii").splitlines(keepends=False))
    (tmp_path / "a.xml").write_bytes(data)
    found = ask(tmp_path / "a.xml")
    finding = next(one for one in found.findings if one.rule == "BR-CO-15")
    assert (finding.line, data[(finding.column or 0) - 1 :][:21]) == (1, b"<ram:GrandTotalAmount")


def test_rules_that_could_not_be_judged_have_their_place(tmp_path: Path) -> None:
    data = write(invoice(), "ubl").replace(b">36.89</cbc:TaxInclusiveAmount>", b">lots</cbc:TaxInclusiveAmount>")
    (tmp_path / "a.xml").write_bytes(data)
    found = ask(tmp_path / "a.xml")
    assert {(one.line, one.column) for one in found.undetermined} <= set(found.places)


def test_a_violation_of_the_schema_says_its_term_and_explains_what_misses_it(tmp_path: Path) -> None:
    from einvoice.rules.families import families

    data = write(invoice(), "ubl").replace(b"<cbc:LineExtensionAmount", b"<cbc:lineExtensionAmount")
    data = data.replace(b"</cbc:LineExtensionAmount", b"</cbc:lineExtensionAmount")
    (tmp_path / "a.xml").write_bytes(data)
    roots = {
        family.finding.terms: [one.finding.rule for one in family.consequences]
        for family in families(ask(tmp_path / "a.xml").findings)
        if family.finding.rule == "XSD"
    }
    assert "BR-24" in roots["BT-131",]
    assert "BR-12" in roots["BT-106",]


def test_the_record_says_by_what_and_when(tmp_path: Path) -> None:
    for name in (as_file(tmp_path, "a.xml", invoice()), str(tmp_path / "there-is-none.xml")):
        found = ask(name)
        assert (found.when, found.einvoice) == ("2026-11-22T09:30:00Z", version("einvoice"))
    assert ask(as_file(tmp_path, "a.xml", invoice())).profile_name == "EN 16931"


def test_what_the_model_does_not_take_is_remarked_and_spelling_is_not(tmp_path: Path) -> None:
    data = write(invoice(), "ubl").replace(b"<cbc:ID>INV-7<", b"<cbc:Foo>u</cbc:Foo><cbc:ID>INV-7<", 1)
    data = data.replace(b">36.89</cbc:Pay", b"> 36.89 </cbc:Pay")
    (tmp_path / "a.xml").write_bytes(data)
    assert [(one.reason, one.value) for one in ask(tmp_path / "a.xml").remarks] == [("unbound", "u")]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (b"", b"", None),
        (b">36.89</cbc:TaxInclusiveAmount>", b">37.89</cbc:TaxInclusiveAmount>", "business-rule"),
        (b">2026-03-02<", b">soon<", "format"),
        (b"</Invoice>", b"", "format"),
    ],
)
def test_the_class_of_the_errors_of_a_document(tmp_path: Path, old: bytes, new: bytes, expected: str | None) -> None:
    (tmp_path / "a.xml").write_bytes(write(invoice(), "ubl").replace(old, new) if old else write(invoice(), "ubl"))
    assert ask(tmp_path / "a.xml").error_class == expected


def test_a_profile_without_lines_is_no_e_invoice_for_german_vat(tmp_path: Path) -> None:
    assert ask(as_file(tmp_path, "a.xml", invoice("urn:factur-x.eu:1p0:minimum"), "cii")).error_class == "format"


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (XmlError("", code="XML_SYNTAX"), "format"),
        (XmlError("", code="XML_LIMIT"), None),
        (FormatError(""), "format"),
        (PdfError(""), "format"),
        (InputError("no such file"), None),
    ],
)
def test_a_document_is_not_to_blame_for_what_lies_elsewhere(error: EinvoiceError, expected: str | None) -> None:
    assert class_of_refusal(error) == expected


def test_an_invoice_that_is_no_xml_has_no_excerpts(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(write_json(broken()))
    found = ask(tmp_path / "a.json")
    assert (found.excerpts, found.error_class) == ((), "business-rule")


def test_the_public_face_knows_columns_too() -> None:
    finding = next(one for one in validate(write(broken(), "ubl")).findings if one.rule == "BR-CO-15")
    assert finding.column == 5


def test_the_time_is_now_unless_somebody_says_so() -> None:
    moment, day = judging_time(environment={})
    assert abs(datetime.now(UTC) - moment) < timedelta(seconds=5)
    assert day is None


def test_a_stated_time_brings_its_day() -> None:
    east = datetime(2026, 3, 31, 0, 30, tzinfo=timezone(timedelta(hours=2)))
    assert judging_time(east, {"SOURCE_DATE_EPOCH": "0"}) == (east, date(2026, 3, 31))
    bare = datetime(2026, 3, 31, 12)  # noqa: DTZ001 -- what a user types without a zone
    assert judging_time(bare, {}) == (datetime(2026, 3, 31, 12, tzinfo=UTC), date(2026, 3, 31))


def test_source_date_epoch_is_a_stated_time() -> None:
    assert judging_time(environment={"SOURCE_DATE_EPOCH": "86400"}) == (
        datetime(1970, 1, 2, tzinfo=UTC),
        date(1970, 1, 2),
    )


@pytest.mark.parametrize("wrong", ["noon", "1e9", "9" * 30])
def test_a_source_date_epoch_that_is_none_is_refused(wrong: str) -> None:
    with pytest.raises(EinvoiceError, match="SOURCE_DATE_EPOCH"):
        judging_time(environment={"SOURCE_DATE_EPOCH": wrong})
