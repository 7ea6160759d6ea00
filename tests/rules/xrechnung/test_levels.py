# SPDX-License-Identifier: Apache-2.0
"""The verdict on an XRechnung is that of KoSIT's validator, which weighs some rules by levels of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from einvoice import validate
from einvoice.model import Identifier
from einvoice.rules import find_pack
from einvoice.rules.xrechnung.specification import CIUS, CVD, EXTENSION
from tests.rules.xrechnung.invoices import extended, german, of_vehicles, written

if TYPE_CHECKING:
    from einvoice.model import Invoice, Syntax
    from einvoice.rules import Report

PACKS = "en16931@1.3.16,xrechnung@2.5.0"
PACK = find_pack("xrechnung@2.5.0")


def judged(invoice: Invoice, syntax: Syntax, packs: str = PACKS) -> Report:
    return validate(written(invoice, syntax), packs=packs.split(","))


def levels(report: Report) -> dict[str, tuple[str, str]]:
    return {one.rule: (one.severity, one.effective) for one in report.findings}


UNIT = {"lines[0]__invoiced_quantity_unit_of_measure_code": "piece"}
BASE_UNIT = {"lines[0]__price_details__item_price_base_quantity_unit_of_measure_code": "piece"}


@pytest.mark.parametrize("syntax", ["ubl-invoice", "ubl-creditnote", "cii"])
def test_an_unknown_unit_is_a_warning(syntax: Syntax) -> None:
    report = judged(german(**UNIT, **BASE_UNIT), syntax)
    assert levels(report) == {"BR-CL-23": ("fatal", "warning")}
    assert (report.verdict, [pack.verdict for pack in report.packs]) == ("valid", ["valid", "valid"])


def test_it_stays_fatal_where_the_invoice_is_judged_by_en_16931_alone() -> None:
    report = judged(german(**UNIT, **BASE_UNIT), "cii", "en16931@1.3.16")
    assert levels(report) == {"BR-CL-23": ("fatal", "fatal")}
    assert report.verdict == "invalid"


def test_sub_lines_are_information_in_the_extension_and_fatal_outside() -> None:
    inside = judged(extended(), "ubl-invoice")
    assert levels(inside)["UBL-CR-646"] == ("warning", "information")
    assert levels(inside)["BR-CO-16"] == ("fatal", "information")
    assert inside.verdict == "valid"
    outside = judged(german(lines=extended().lines), "ubl-invoice")
    assert levels(outside) == {"UBL-CR-646": ("warning", "fatal")}
    assert outside.verdict == "invalid"


def test_the_extension_has_no_scenario_in_a_credit_note() -> None:
    invoice = extended(extension=None, totals__amount_due_for_payment=german().totals.amount_due_for_payment)  # type: ignore[union-attr]
    report = judged(invoice, "ubl-creditnote")
    assert levels(report)["BR-CL-10"] == ("fatal", "fatal")


def test_categories_of_vehicles_are_no_codes_of_en_16931_and_no_error() -> None:
    report = judged(of_vehicles(), "cii")
    assert levels(report) == {"BR-CL-13": ("fatal", "information")}
    assert report.verdict == "valid"


def test_a_scheme_of_the_extension_is_refused_outside_of_it() -> None:
    report = judged(german(buyer__identifiers=(Identifier("1", "XR01"),)), "ubl-invoice")
    assert levels(report) == {"BR-CL-10": ("fatal", "fatal")}


def test_there_are_the_scenarios_of_the_official_configuration() -> None:
    found = {(one.profile, one.syntax): len(one.levels) for one in PACK.scenarios}
    assert found == {
        (CIUS, "ubl-invoice"): 3,
        (EXTENSION, "ubl-invoice"): 10,
        (CVD, "ubl-invoice"): 4,
        (CIUS, "ubl-creditnote"): 2,
        (CVD, "ubl-creditnote"): 4,
        (CIUS, "cii"): 5,
        (EXTENSION, "cii"): 10,
        (CVD, "cii"): 6,
    }


def test_a_level_is_that_of_a_published_rule() -> None:
    core = find_pack("en16931@1.3.16").published()
    for one in PACK.scenarios:
        assert one.levels.keys() <= core["cii" if one.syntax == "cii" else "ubl"].keys()
