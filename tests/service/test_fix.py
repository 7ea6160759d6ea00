# SPDX-License-Identifier: Apache-2.0
"""Repairing: what is certain is put right, everything else stays, and nothing becomes worse."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from einvoice import fix, validate
from einvoice.bind import write
from einvoice.errors import FormatError, UnknownNameError
from einvoice.model.calculate import calculate
from tests.service.sample import PEPPOL, invoice
from tests.service.slips import CII, CII_SLIPS, JSON, UBL, UBL_SLIPS, allowance, spoiled

if TYPE_CHECKING:
    from einvoice.service.fix import Fixed


def repaired(fixed: Fixed) -> list[str]:
    """The ids of the repairs that were made."""
    return [repair.id for repair in fixed.repairs]


@pytest.mark.parametrize("language", ["de", "fr"])
def test_repairs_are_told_in_the_language_that_is_asked_for(language: str) -> None:
    data = spoiled(UBL, *next(iter(UBL_SLIPS.values())))
    english, spoken = fix(data), fix(data, language=language)
    assert (spoken.output, repaired(spoken)) == (english.output, repaired(english))
    assert all(a.sentence != b.sentence for a, b in zip(english.repairs, spoken.repairs, strict=True))
    assert english.before.findings
    assert spoken.before == english.before.in_language(language)


def test_a_language_that_there_is_not_is_refused_before_anything_is_done() -> None:
    with pytest.raises(UnknownNameError, match="choose one of en, de, fr"):
        fix(b"no invoice", language="it")


@pytest.mark.parametrize("slip", [slip for slip in UBL_SLIPS if slip != "specification"])
def test_a_slip_in_ubl_is_repaired_and_the_invoice_valid_again(slip: str) -> None:
    fixed = fix(spoiled(UBL, *UBL_SLIPS[slip]))
    assert fixed.before.verdict == "invalid"
    assert repaired(fixed) == [slip]
    assert fixed.repairs[0].cures
    assert fixed.after.verdict == "valid"


@pytest.mark.parametrize("slip", CII_SLIPS)
def test_a_slip_in_cii_is_repaired_and_the_invoice_valid_again(slip: str) -> None:
    fixed = fix(spoiled(CII, *CII_SLIPS[slip]), packs="en16931")
    assert fixed.before.verdict == "invalid"
    assert repaired(fixed) == [slip]
    assert fixed.after.verdict == "valid"


def test_a_truth_value_is_written_as_the_schema_takes_it() -> None:
    data = spoiled(UBL, ("<cac:TaxTotal>", allowance("FALSE", "0.00")))
    fixed = fix(data)
    assert [change.after for repair in fixed.repairs for change in repair.changes] == ["false"]
    assert fixed.repairs[0].id == "truth-value"


def test_every_slip_at_once_is_repaired() -> None:
    apart = [pair for slip in ("code-case", "date-form", "scheme", "decimals") for pair in UBL_SLIPS[slip]]
    fixed = fix(spoiled(UBL, *apart))
    assert fixed.after.verdict == "valid"
    assert sorted(repaired(fixed)) == ["code-case", "date-form", "decimals", "scheme"]


def test_what_is_not_repaired_stays_to_the_byte() -> None:
    text = (
        UBL.replace("\n", "\r\n")
        .replace("<cbc:Note>", "")
        .replace("<cac:PaymentMeans>", "<!-- how to pay --><cac:PaymentMeans  ><?keep this?>")
    )
    data = text.replace("EUR", "eur").encode()
    assert fix(data).output == text.encode()


def test_a_sound_invoice_is_handed_back_as_it_is() -> None:
    for data in (UBL.encode(), CII.encode(), JSON.encode()):
        fixed = fix(data, packs="en16931")
        assert fixed.output == data
        assert (fixed.repairs, fixed.taken_back, fixed.left_alone) == ((), (), ())


@pytest.mark.parametrize("slip", UBL_SLIPS)
def test_repairing_again_changes_nothing(slip: str) -> None:
    once = fix(spoiled(UBL, *UBL_SLIPS[slip]))
    again = fix(once.output)
    assert again.output == once.output
    assert not again.repairs


def test_the_report_after_is_what_validate_says_of_the_output() -> None:
    fixed = fix(spoiled(UBL, ("EUR", "eur"), ("2026-04-01", "03.04.2026")))
    assert fixed.after == validate(fixed.output)
    assert fixed.after.verdict == "invalid"


def test_a_place_that_nothing_is_wrong_with_is_left_out() -> None:
    """Both days of the CII lack their form; the rules miss the issue date alone."""
    fixed = fix(spoiled(CII, (' format="102"', "")), packs="en16931")
    assert [change.terms for change in fixed.repairs[0].changes] == [("BT-2",)]


# ------------------------------------------------------------------------------------ what is left alone


def test_a_difference_that_is_no_rounding_is_left_alone_with_its_arithmetic() -> None:
    fixed = fix(spoiled(UBL, ("36.89", "37.90")))
    assert not fixed.repairs
    (left,) = fixed.left_alone
    assert left.terms == ("BT-112",)
    assert "31.00 + 5.89 = 36.89" in left.why
    assert "1.01 apart" in left.why


def test_a_day_with_two_readings_is_left_alone() -> None:
    fixed = fix(spoiled(UBL, ("2026-04-01", "03.04.2026")))
    assert [(left.value, left.line) for left in fixed.left_alone] == [("03.04.2026", 6)]
    assert not fixed.repairs


def test_an_address_that_may_have_two_schemes_is_left_alone() -> None:
    fixed = fix(spoiled(UBL, ('schemeID="EM">buyer@example.com', ">4000001123452")))
    assert not fixed.repairs
    assert [left.value for left in fixed.left_alone] == ["4000001123452"]


def test_what_was_agreed_is_not_rounded() -> None:
    fixed = fix(spoiled(UBL, ("<cac:TaxTotal>", allowance("false", "0.001"))))
    assert "0.001" in fixed.output.decode()
    assert [left.value for left in fixed.left_alone if left.terms == ("BT-92",)] == ["0.001"]


def test_a_repair_that_would_bring_another_finding_is_taken_back_and_told() -> None:
    """Category ``o`` may mean ``O``; but an invoice that is outside of VAT has no rates and no VAT number."""
    data = spoiled(UBL, ("<cbc:ID>S</cbc:ID>", "<cbc:ID>o</cbc:ID>"))
    fixed = fix(data)
    assert fixed.output == data
    (back,) = fixed.taken_back
    assert back.id == "code-case"
    assert "BR-O-05" in back.brings


def test_a_code_is_repaired_although_a_sum_is_wrong_as_well() -> None:
    """No VAT total is in the currency ``eur``; that the total is wrong too was known before."""
    slips = (
        (">EUR</cbc:DocumentCurrencyCode", ">eur</cbc:DocumentCurrencyCode"),
        ("36.89</cbc:TaxIncl", "38.69</cbc:TaxIncl"),
    )
    fixed = fix(spoiled(UBL, *slips))
    assert [(one.id, one.cures) for one in fixed.repairs] == [("code-case", ("BR-CL-04",))]
    assert "BR-CO-15" in {one.rule for one in fixed.before.findings} & {one.rule for one in fixed.after.findings}


def test_a_finding_that_a_repair_would_reveal_keeps_it_from_being_made() -> None:
    """Read as a number, the amount due is wrong by a euro; as long as it cannot be read, nobody knows."""
    data = spoiled(UBL, ("36.89</cbc:PayableAmount", "37,89</cbc:PayableAmount"))
    fixed = fix(data)
    assert fixed.output == data
    assert [back.brings for back in fixed.taken_back] == [("BR-CO-16",)]


def test_two_repairs_that_help_only_together_are_made_together() -> None:
    """Read as a number, the amount due is wrong by a cent, which is repaired in turn."""
    fixed = fix(spoiled(UBL, ("36.89</cbc:PayableAmount", "36,88</cbc:PayableAmount")))
    assert repaired(fixed) == ["number-notation", "totals"]
    assert fixed.after.verdict == "valid"


def test_a_place_that_cannot_be_repaired_does_not_keep_others_from_it() -> None:
    """Of two amounts with a comma, one would reveal that it is wrong."""
    slips = [("36.89</cbc:PayableAmount", "37,89</cbc:PayableAmount"), (">5.50</cbc:Price", ">5,50</cbc:Price")]
    fixed = fix(spoiled(UBL, *slips))
    assert b">5.50</cbc:Price" in fixed.output
    assert b">37,89</cbc:PayableAmount" in fixed.output
    assert [back.id for back in fixed.taken_back] == ["number-notation"]


# ------------------------------------------------------------------------------------ profiles


def test_the_only_process_of_a_specification_is_stated_where_a_rule_misses_it() -> None:
    fixed = fix(write(calculate(invoice(PEPPOL)).invoice, "ubl"))
    (made,) = [repair for repair in fixed.repairs if repair.id == "process"]
    assert "PEPPOL-EN16931-R001" in made.cures
    assert [change.after for change in made.changes] == ["urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"]


def test_a_country_that_brings_other_packs_is_judged_by_them_before_and_after() -> None:
    """Written as it has to be, FR lets the French rules judge, too; what they find was wrong before."""
    fixed = fix(spoiled(UBL, ("<cbc:IdentificationCode>DE", "<cbc:IdentificationCode>fr")))
    assert "code-case" in repaired(fixed)
    assert b"<cbc:IdentificationCode>FR" in fixed.output


# ------------------------------------------------------------------------------------ JSON and PDF


def test_json_is_repaired_as_json() -> None:
    slips = [('"EUR"', '"eur"'), ('"DE"', '"de "'), ("36.89", "36.90"), ('"scheme": "EM"', '"scheme": null')]
    fixed = fix(spoiled(JSON, *slips))
    assert fixed.after.verdict == "valid"
    assert json.loads(fixed.output) == json.loads(JSON)
    places = {change.location: change.before for repair in fixed.repairs for change in repair.changes}
    assert places["totals.amount_due_for_payment"] == "36.90"
    assert places["seller.electronic_address.scheme"] is None


def test_a_place_of_json_that_was_left_alone_is_named_by_its_term() -> None:
    fixed = fix(spoiled(JSON, ("36.89", "37.90")))
    assert [left.location for left in fixed.left_alone] == ["BT-112"]


def test_json_that_cannot_be_written_as_ubl_is_left_as_it_is() -> None:
    data = spoiled(JSON, ("INV-7", "INV\\u0007"))
    fixed = fix(data)
    assert fixed.output == data
    assert not fixed.repairs


def test_a_pdf_is_refused_with_the_way_out() -> None:
    from einvoice.service.drafts import Judges
    from einvoice.service.fix import repair
    from einvoice.service.intake import Intake
    from einvoice.service.settings import Settings

    intake = Intake(source="invoice.pdf", data=b"%PDF", kind="pdf")
    with pytest.raises(FormatError, match="take that out first") as refused:
        repair(intake, Judges((), None, Settings()))
    assert refused.value.code == "FIX_PDF"
