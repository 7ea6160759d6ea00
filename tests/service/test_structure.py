# SPDX-License-Identifier: Apache-2.0
"""Rules about elements reach the answer, with their place in the document or in the model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from msgspec import structs

from einvoice.bind import open_document, write
from einvoice.model import Identifier, Invoice
from einvoice.rules import find_pack
from einvoice.service.check import judge
from einvoice.service.intake import Intake, take_in_bytes
from einvoice.service.packs import choose
from einvoice.service.settings import Settings
from einvoice.service.structure import structure
from tests.service.sample import invoice

if TYPE_CHECKING:
    from einvoice.rules import Report

SETTINGS = Settings()


def two_identifiers() -> Invoice:
    plain = invoice()
    assert plain.buyer is not None
    return structs.replace(plain, buyer=structs.replace(plain.buyer, identifiers=(Identifier("A"), Identifier("B"))))


def judged(intake: Intake) -> Report:
    return judge(intake, choose((), intake.reading))[0]


def made(own: Invoice) -> Intake:
    return Intake(source=None, data=b"", kind="json", invoice=own)


def test_a_finding_about_elements_has_its_place_in_the_document() -> None:
    report = judged(take_in_bytes(write(two_identifiers(), "ubl"), SETTINGS))
    (finding,) = [one for one in report.findings if one.rule == "UBL-SR-16"]
    place = "/Invoice/cac:AccountingCustomerParty/cac:Party/cac:PartyIdentification[2]/cbc:ID"
    assert (finding.location, finding.found, finding.terms) == (place, "B", ("BT-46",))
    assert (finding.severity, finding.packs, report.verdict) == ("fatal", ("en16931",), "invalid")
    assert finding.message.startswith("Each invoice has at most one cac:AccountingCustomerParty/")


def test_an_invoice_that_never_was_xml_is_asked_as_it_would_be_in_ubl() -> None:
    report = judged(made(two_identifiers()))
    (finding,) = [one for one in report.findings if one.rule == "UBL-SR-16"]
    place = "buyer.identifiers[1].value"
    assert (finding.model_path, finding.location, finding.line) == (place, place, None)
    assert (finding.found, finding.terms) == ("B", ("BT-46",))
    assert report.verdict == "invalid"
    assert judged(made(invoice())).verdict == "valid"


def test_an_invoice_that_cannot_be_written_is_not_valid() -> None:
    report = judged(made(invoice(buyer_reference="\x00")))
    assert report.verdict == "undetermined"
    assert report.packs[0].open == "the elements of the document were not looked at"


def test_cii_is_asked_what_is_asked_of_cii() -> None:
    data = write(invoice(), "cii").replace(b"<ram:IssueDateTime>", b"<ram:Name>Rechnung</ram:Name><ram:IssueDateTime>")
    rules = {finding.rule: finding.severity for finding in judged(take_in_bytes(data, SETTINGS)).findings}
    assert rules["CII-SR-013"] == "warning"


def test_an_element_without_content_breaks_the_business_rules_about_it() -> None:
    data = write(invoice(), "ubl").replace(
        b"<cac:AccountingCustomerParty>", b"<cac:BillingReference/><cac:AccountingCustomerParty>"
    )
    report = judged(take_in_bytes(data, SETTINGS))
    (finding,) = [one for one in report.findings if one.rule == "BR-55"]
    assert finding.location == "/Invoice/cac:BillingReference"
    assert "UBL-SR-07" in {one.rule for one in report.findings}


def test_packs_that_are_asked_in_one_walk_hear_what_each_of_them_asked() -> None:
    without = structs.replace(two_identifiers(), buyer_reference=None)
    intake = take_in_bytes(write(without, "ubl"), SETTINGS)
    assert intake.document is not None
    packs = [find_pack("xrechnung@2.5.0"), find_pack("en16931@1.3.16")]
    together = structure(intake.document, packs)
    alone = {pack.key: structure(intake.document, [pack])[pack.key] for pack in packs}
    assert together == alone
    assert {hit.row.rule for hit in together["xrechnung"]} > {"BR-DE-15", "BR-DE-21"}
    assert [hit.row.rule for hit in together["en16931"]] == ["UBL-SR-16"]


@pytest.mark.parametrize("packs", [("en16931", "facturx:extended"), ("en16931", "xrechnung", "facturx:en16931")])
def test_packs_that_are_asked_in_one_walk_say_what_each_says_alone(packs: tuple[str, ...]) -> None:
    chosen = [find_pack(name) for name in packs]
    document = open_document(write(two_identifiers(), "cii"))
    together = structure(document, chosen)
    for pack in chosen:
        (alone,) = structure(document, [pack]).values()
        assert set(together[pack.key]) == set(alone)
    assert any(together.values())
