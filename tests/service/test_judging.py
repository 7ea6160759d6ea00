# SPDX-License-Identifier: Apache-2.0
"""An invoice that never was XML is judged by every pack, and what is found is told of the model."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from msgspec import structs

from einvoice import validate
from einvoice.bind import write
from einvoice.bind.json import write_json
from einvoice.model import Identifier, Invoice
from einvoice.rules import find_pack
from einvoice.service.judging import families
from einvoice.service.written import Written
from tests.rules.invoices import at, number
from tests.rules.xrechnung.invoices import VEHICLE, german
from tests.service.sample import CORE, PEPPOL, XRECHNUNG, invoice

if TYPE_CHECKING:
    from einvoice.rules import Report

FACTURX = "urn:cen.eu:en16931:2017#compliant#urn:factur-x.eu:1p0:basic"
EXTENDED = "urn:cen.eu:en16931:2017#conformant#urn:factur-x.eu:1p0:extended"


def changed(profile: str = CORE, **values: Any) -> Invoice:  # noqa: ANN401 -- terms of an invoice
    return at({name.replace("__", "."): value for name, value in values.items()})(invoice(profile))


def places(report: Report) -> set[tuple[str, str]]:
    return {(one.rule, one.model_path) for one in report.findings}


@pytest.mark.parametrize("profile", [CORE, FACTURX, EXTENDED])
def test_what_the_specification_asks_for_judges_it(profile: str) -> None:
    report = validate(invoice(profile))
    assert report.verdict == "valid"
    assert all(pack.verdict == "valid" for pack in report.packs)
    assert [pack.id for pack in report.packs][-1] == ("en16931" if profile == CORE else "facturx")


def test_a_profile_of_facturx_judges_it_as_it_would_stand_in_cii() -> None:
    twice = changed(FACTURX, buyer__identifiers=(Identifier("A"), Identifier("B")))
    report = validate(twice)
    assert ("FX-SCH-A-000163", "buyer.identifiers[1]") in places(report)
    assert report.verdict == "invalid"
    assert {pack.engine for pack in report.packs} == {"native"}
    of_document = {one.rule for one in validate(write(twice, "cii")).findings}
    assert {one.rule for one in report.findings} == of_document - {"FX-XSD"}


def test_what_is_missing_is_told_where_it_belongs() -> None:
    assert ("PEPPOL-EN16931-R001", "process_control.business_process_type") in places(validate(invoice(PEPPOL)))
    assert places(validate(german(buyer_reference=None))) == {("BR-DE-15", "buyer_reference")}
    no_city = german(seller__postal_address__city=None)
    assert places(validate(no_city)) == {("BR-DE-3", "seller.postal_address.city")}


def test_of_lines_and_groups_the_one_is_told_that_is_meant() -> None:
    wrong = at({"lines[1].item_information.classifications": (structs.replace(VEHICLE, identifier=None),)})(german())
    assert ("PEPPOL-EN16931-R008", "lines[1].item_information") in places(validate(wrong))
    empty = german(**{"lines[1]__price_details__item_price_base_quantity": number("0")})
    found = places(validate(empty, packs="xrechnung"))
    assert ("PEPPOL-EN16931-R121", "lines[1].price_details.item_price_base_quantity") in found


def test_json_is_judged_as_the_invoice_that_it_says(tmp_path: Any) -> None:  # noqa: ANN401 -- a path
    path = tmp_path / "a.json"
    path.write_bytes(write_json(changed(FACTURX, buyer__identifiers=(Identifier("A"), Identifier("B")))))
    assert json.loads(path.read_text())
    report = validate(path)
    (found,) = [one for one in report.findings if one.rule == "FX-SCH-A-000163"]
    assert (found.location, found.line) == ("buyer.identifiers[1]", None)


def test_each_pack_judges_in_the_syntax_that_it_knows() -> None:
    core, facturx, peppol, xrechnung = map(
        find_pack, ("en16931@1.3.16", "facturx:basic@1.09.2", "peppol@3.0.21", "xrechnung@2.5.0")
    )
    assert families([core, xrechnung], XRECHNUNG) == {"ubl": (core, xrechnung)}
    assert families([core, facturx], FACTURX) == {"cii": (core, facturx)}
    assert families([core], FACTURX) == {"cii": (core,)}
    assert families([core, peppol], CORE) == {"ubl": (core, peppol)}
    assert families([core, peppol, facturx], CORE) == {"ubl": (core, peppol), "cii": (facturx,)}
    assert families([], None) == {"ubl": ()}


def test_packs_of_two_syntaxes_say_together_what_each_says_alone() -> None:
    twice = changed(CORE, buyer__identifiers=(Identifier("A"), Identifier("B")))
    names = ["peppol@3.0.21", "facturx:basic@1.09.2", "en16931@1.3.16"]
    report = validate(twice, packs=names)
    assert [(pack.id, pack.profile) for pack in report.packs] == [
        ("peppol", None),
        ("facturx", "basic"),
        ("en16931", None),
    ]
    alone = set[tuple[str, str]]().union(*(places(validate(twice, packs=[name])) for name in names))
    assert places(report) == alone
    assert report.verdict == "invalid"


def test_an_invoice_that_cannot_be_written_is_not_valid_in_any_syntax() -> None:
    strange = invoice(FACTURX, buyer_reference="\x00")
    assert Written(strange).document("cii") is None
    report = validate(strange)
    assert report.verdict == "undetermined"
    assert "the elements of the document were not looked at" in {pack.open for pack in report.packs}
