# SPDX-License-Identifier: Apache-2.0
"""What ``from einvoice import ...`` offers, used the way a program uses it."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

import einvoice
from einvoice.bind import write as write_xml
from einvoice.errors import InputError, LossError, ProfileError, UnknownNameError, XmlError
from einvoice.model import Invoice
from tests.service.sample import CORE, PEPPOL, XRECHNUNG, broken, invoice

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from einvoice.service.given import Source

UBL = write_xml(invoice(), "ubl")


@pytest.mark.parametrize(
    "wrap",
    [lambda path: path.read_bytes(), str, lambda path: path, lambda path: io.BytesIO(path.read_bytes())],
    ids=["bytes", "text", "path", "stream"],
)
def test_a_source_is_bytes_a_path_or_a_file_object(tmp_path: Path, wrap: Callable[[Path], Source]) -> None:
    path = tmp_path / "a.xml"
    path.write_bytes(UBL)
    reading = einvoice.read(wrap(path))
    assert reading.invoice == invoice()
    assert (reading.syntax, reading.profile, reading.remarks) == ("ubl-invoice", CORE, ())


def test_a_file_opened_as_text_is_refused_with_the_way_out() -> None:
    with pytest.raises(InputError, match="open the file in binary mode"):
        einvoice.read(io.StringIO(UBL.decode()))  # type: ignore[arg-type] # what a user may try


def test_what_cannot_be_read_names_its_source(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text("<a")
    with pytest.raises(XmlError) as caught, path.open("rb") as file:
        einvoice.read(file)
    assert caught.value.source == str(path)
    with pytest.raises(InputError):
        einvoice.read(tmp_path / "none.xml")
    with pytest.raises(XmlError):
        einvoice.read(b"<a")


def test_writing_and_reading_give_the_same_invoice() -> None:
    assert einvoice.read(einvoice.write(invoice(), "ubl")).invoice == invoice()
    assert einvoice.read(einvoice.write(invoice(), "cii")).invoice == invoice()
    assert einvoice.read(einvoice.write(invoice(), "json")).invoice == invoice()


def test_writing_warns_of_what_has_no_place() -> None:
    from tests.service.test_convert import GROSS

    with pytest.warns(UserWarning, match=r"such as lines\[0\].price_details.gross_price_base_quantity = '4'"):
        einvoice.write(invoice(lines=(GROSS,)), "ubl")


def test_writing_by_a_profile_claims_and_checks_it() -> None:
    assert einvoice.read(einvoice.write(invoice(), "ubl", profile="xrechnung")).profile == XRECHNUNG
    with pytest.raises(ProfileError, match="BR-CO-15"):
        einvoice.write(broken(), "ubl", profile="xrechnung")


def test_a_conversion_says_what_it_did() -> None:
    done = einvoice.convert(UBL, "cii", profile="xrechnung", lossless=True)
    assert einvoice.read(done.output).syntax == "cii"
    assert done.losses == ()
    assert [one.term for one in done.computed] == ["BT-23", "BT-24"]


def test_a_conversion_that_would_lose_something_can_be_refused() -> None:
    unknown = UBL.replace(b"</cbc:ID>", b"</cbc:ID><cbc:LineCountNumeric>7</cbc:LineCountNumeric>", 1)
    assert len(einvoice.convert(unknown, "cii").losses) == 1
    with pytest.raises(LossError, match="LineCountNumeric"):
        einvoice.convert(unknown, "cii", lossless=True)


def test_validating_gives_verdict_findings_and_packs() -> None:
    report = einvoice.validate(write_xml(broken(), "ubl"))
    assert report.verdict == "invalid"
    assert "BR-CO-15" in [finding.rule for finding in report.findings]
    assert [pack.id for pack in report.packs] == ["en16931"]


def test_an_invoice_that_never_was_xml_is_validated_with_places_in_the_model() -> None:
    assert einvoice.validate(invoice()).verdict == "valid"
    (finding, *_) = [one for one in einvoice.validate(broken()).findings if one.rule == "BR-CO-15"]
    assert finding.location == "totals.invoice_total_amount_with_vat"


def test_packs_can_be_asked_for() -> None:
    assert einvoice.validate(invoice(), packs=["en16931", "peppol"]).verdict == "invalid"
    assert einvoice.validate(invoice(PEPPOL), packs="en16931").verdict == "valid"


def test_an_empty_invoice_is_not_valid() -> None:
    assert einvoice.validate(Invoice()).verdict == "invalid"


def test_what_does_not_exist_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="there is no format 'xlsx'"):
        einvoice.write(invoice(), "xlsx")  # type: ignore[arg-type] # what a user may try
    with pytest.raises(UnknownNameError, match="there is no engine 'saxon'"):
        einvoice.validate(invoice(), engine="saxon")  # type: ignore[arg-type] # what a user may try
    with pytest.raises(UnknownNameError, match="there is no pack 'nonsense'"):
        einvoice.validate(invoice(), packs="nonsense")
    with pytest.raises(UnknownNameError, match="there is no profile 'nonsense'"):
        einvoice.convert(UBL, "cii", profile="nonsense")


def test_names_are_explained() -> None:
    assert einvoice.explain("BT-112").title == "Invoice total amount with VAT"
    assert einvoice.explain("BR-CO-15").kind == "rule"


def test_totals_can_be_calculated() -> None:
    assert einvoice.calculate(invoice()).differences == ()
