# SPDX-License-Identifier: Apache-2.0
"""A conversion is written, read back, compared and checked before anybody gets it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from msgspec import structs

from einvoice import profiles
from einvoice.bind import open_document, write
from einvoice.errors import LossError, OutputError, ProfileError
from einvoice.model import Invoice, PriceDetails, ProcessControl
from einvoice.service import packs
from einvoice.service.changes import Computed
from einvoice.service.convert import Attempt, Target, Wish, convert
from einvoice.service.intake import Intake, take_in_bytes
from einvoice.service.settings import Settings
from einvoice.service.status import Status
from tests.service.sample import CORE, XRECHNUNG, broken, invoice, line

SETTINGS = Settings()
GROSS = structs.replace(
    line(1, "10.00"),
    price_details=PriceDetails(
        item_net_price=Decimal(10), item_gross_price=Decimal(11), gross_price_base_quantity=Decimal(4)
    ),
)


def attempt(source: bytes | Invoice, to: Target, *, profile: str | None = None, lossless: bool = False) -> Attempt:
    claimed = profiles.named(profile) if profile else None
    wish = Wish(to=to, profile=claimed, lossless=lossless, settings=SETTINGS)
    if isinstance(source, Invoice):
        return convert(Intake(source=None, data=b"", kind="model", invoice=source), wish)
    return convert(take_in_bytes(source, SETTINGS), wish)


def again(made: Attempt) -> Invoice:
    assert made.output is not None, made.error
    return take_in_bytes(made.output, SETTINGS).reading.invoice


@pytest.mark.parametrize("source", ["ubl", "cii"])
@pytest.mark.parametrize("target", ["ubl", "cii", "json"])
def test_every_syntax_becomes_every_other_without_a_loss(source: str, target: Target) -> None:
    made = attempt(write(invoice(), source), target)
    assert again(made) == invoice()
    assert (made.losses, made.status) == ((), Status.DONE)


def test_json_becomes_xml() -> None:
    data = attempt(invoice(), "json").output
    assert data is not None
    assert again(attempt(data, "cii")) == invoice()


@pytest.mark.parametrize(("type_code", "root"), [("380", "ubl-invoice"), ("381", "ubl-creditnote")])
def test_the_type_code_chooses_the_root_of_ubl(type_code: str, root: str) -> None:
    made = attempt(write(invoice(type_code=type_code), "cii"), "ubl")
    assert made.output is not None
    assert open_document(made.output).syntax == root


def test_ubl_to_ubl_keeps_its_root_whatever_the_type_code_says() -> None:
    made = attempt(write(invoice(type_code="381"), "ubl-invoice"), "ubl")
    assert made.output is not None
    assert open_document(made.output).syntax == "ubl-invoice"


def test_what_the_other_syntax_cannot_carry_is_listed_with_its_place_in_the_source() -> None:
    made = attempt(write(invoice(lines=(GROSS,)), "cii"), "ubl")
    (lost,) = made.losses
    assert (lost.reason, lost.value, lost.terms) == ("no-place", "4", ("BT-149-1",))
    assert lost.path.startswith("/rsm:CrossIndustryInvoice/")
    assert lost.path.endswith("/ram:GrossPriceProductTradePrice/ram:BasisQuantity")
    assert made.output is not None


def test_what_an_invoice_without_xml_loses_is_listed_with_its_place_in_the_model() -> None:
    made = attempt(invoice(lines=(GROSS,)), "ubl")
    (lost,) = made.losses
    assert lost.path == "lines[0].price_details.gross_price_base_quantity"


def test_lossless_makes_a_loss_an_error_and_keeps_the_list() -> None:
    made = attempt(write(invoice(lines=(GROSS,)), "cii"), "ubl", lossless=True)
    assert made.output is None
    assert made.status is Status.FATAL
    assert len(made.losses) == 1
    assert isinstance(made.error, LossError)
    assert "BasisQuantity" in str(made.error)


def test_an_element_without_a_term_is_a_loss_in_json_too() -> None:
    data = write(invoice(), "ubl").replace(
        b"<cbc:ID>INV-7", b"<cbc:LineCountNumeric>7</cbc:LineCountNumeric><cbc:ID>INV-7"
    )
    document = open_document(data)
    made = attempt(data, "json")
    assert [loss.path for loss in made.losses] == [remark.path for remark in document.reading().remarks]


def test_a_profile_is_claimed_listed_and_checked() -> None:
    made = attempt(write(invoice(), "ubl"), "cii", profile="xrechnung")
    assert again(made).process_control == ProcessControl("urn:fdc:peppol.eu:2017:poacc:billing:01:1.0", XRECHNUNG)
    assert Computed("BT-24", XRECHNUNG, CORE, "XRechnung 3.0 requires it") in made.computed
    assert made.losses == ()
    assert not any("not part of this version" in note for note in made.notes)


def test_without_a_profile_what_the_invoice_claims_is_kept_and_nothing_is_judged() -> None:
    odd = broken(process_control=ProcessControl("P", "urn:of:our:own"))
    assert again(attempt(write(odd, "ubl"), "cii")).process_control == ProcessControl("P", "urn:of:our:own")


def test_a_result_that_is_not_valid_by_its_profile_is_not_handed_over() -> None:
    made = attempt(write(broken(), "ubl"), "cii", profile="en16931")
    assert made.output is None
    assert made.status is Status.FATAL
    assert isinstance(made.error, ProfileError)
    assert "BR-CO-15" in str(made.error)
    assert "BR-CO-15" in [finding.rule for finding in made.findings]


def test_what_the_syntax_demands_is_not_a_stand_in_for_a_term_that_is_missing() -> None:
    lines = (structs.replace(invoice().lines[0], net_amount=None),)
    made = attempt(invoice(lines=lines), "ubl", profile="en16931")
    assert made.output is None
    assert "BR-24" in [finding.rule for finding in made.findings]


def test_a_result_that_nobody_can_judge_by_its_profile_is_not_handed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packs, "pack_ids", lambda: ("en16931",))
    made = attempt(write(invoice(), "ubl"), "cii", profile="facturx-extended")
    assert made.output is None
    assert made.status is Status.UNDETERMINED
    assert "it cannot be said whether it is valid by Factur-X EXTENDED" in str(made.error)


def test_the_schema_of_a_facturx_profile_is_obeyed_or_nothing_is_written() -> None:
    made = attempt(write(invoice(), "ubl"), "cii", profile="facturx-minimum")
    assert (made.output, made.status) == (None, Status.FATAL)
    assert isinstance(made.error, OutputError)
    assert made.error.code == "SCHEMA"


def test_what_the_official_schema_would_refuse_is_not_written() -> None:
    made = attempt(invoice(issue_date=None), "ubl")
    assert made.output is None
    assert isinstance(made.error, OutputError)
    assert "the official schema would refuse the result" in str(made.error)


def test_a_character_that_xml_cannot_hold_is_an_error() -> None:
    made = attempt(invoice(buyer_reference="a\x00b"), "ubl")
    assert made.error is not None
    assert made.error.code == "XML_CHARACTER"


def test_an_invoice_that_claims_what_no_pdf_can_be_is_not_put_into_one() -> None:
    made = attempt(invoice("urn:of:our:own"), "facturx")
    assert isinstance(made.error, ProfileError)
    assert "--profile en16931" in str(made.error)


def test_a_pdf_carries_what_the_invoice_says() -> None:
    pytest.importorskip("pikepdf")
    pytest.importorskip("typst")
    made = attempt(write(invoice(), "ubl"), "facturx")
    assert again(made) == invoice()
    assert made.output == attempt(write(invoice(), "ubl"), "facturx").output


def test_converting_the_same_twice_gives_the_same_bytes() -> None:
    assert attempt(invoice(), "ubl").output == attempt(invoice(), "ubl").output
