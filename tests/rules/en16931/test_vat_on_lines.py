# SPDX-License-Identifier: Apache-2.0
"""CII: a VAT category of an allowance or a charge on a line is judged, although the invoice has no place for it.

The ids are those that the official Schematron (CEN 1.3.16) fires on these documents.
"""

from __future__ import annotations

import re

import pytest

from einvoice import validate
from tests.differential.bases import bases

_VAT_ID = re.compile(r"<ram:SpecifiedTaxRegistration>.*?</ram:SpecifiedTaxRegistration>", re.DOTALL)
_LINE = re.compile(r"<ram:SpecifiedLineTradeSettlement>.*?</ram:SpecifiedLineTradeSettlement>", re.DOTALL)


def judged(code: str, rate: str, *, charge: bool = False, known: bool = True, kind: str = "VAT") -> set[str]:
    """What fires if an allowance, or a charge, of the first line states a category; with or without tax numbers."""
    text = bases("cii")["clean"].decode()
    line = _LINE.search(text)
    assert line is not None
    percent = f"<ram:RateApplicablePercent>{rate}</ram:RateApplicablePercent>" if rate else ""
    code = f"<ram:CategoryCode>{code}</ram:CategoryCode>"
    tax = f"<ram:CategoryTradeTax><ram:TypeCode>{kind}</ram:TypeCode>{code}{percent}</ram:CategoryTradeTax>"
    allowance, other = line[0].split("</ram:SpecifiedTradeAllowanceCharge>", 2)[:2]
    stated = allowance + (other if charge else "")
    assert ("<udt:Indicator>true" in stated) is charge
    place = line.start() + len(stated) + (len("</ram:SpecifiedTradeAllowanceCharge>") if charge else 0)
    text = text[:place] + tax + text[place:]
    report = validate((text if known else _VAT_ID.sub("", text)).encode(), packs=["en16931"])
    return {finding.rule for finding in report.findings if not finding.rule.endswith("-01")}


@pytest.mark.parametrize(
    ("code", "rate", "fired"),
    [
        ("S", "0", {"BR-S-06"}),
        ("S", "", {"BR-S-06"}),
        ("S", "10", set()),
        ("Z", "0", set()),
        ("Z", "10", {"BR-Z-06"}),
        ("E", "", {"BR-E-06"}),
        ("AE", "10", {"BR-AE-06"}),
        ("K", "10", {"BR-IC-06"}),
        ("G", "10", {"BR-G-06"}),
        ("O", "0", {"BR-O-03", "BR-O-06"}),
        ("O", "", {"BR-O-03"}),
        ("L", "0", {"BR-AF-06"}),
        ("M", "0", set()),
        ("M", "", {"BR-AG-06"}),
        ("B", "10", {"BR-B-02"}),
    ],
)
def test_the_rate_fits_the_category(code: str, rate: str, fired: set[str]) -> None:
    assert judged(code, rate) == {"CII-SR-191", *fired}


@pytest.mark.parametrize(("code", "letters"), [("Z", "Z"), ("E", "E"), ("AE", "AE"), ("K", "IC"), ("G", "G")])
def test_who_states_a_category_is_known_by_a_tax_number(code: str, letters: str) -> None:
    assert f"BR-{letters}-03" in judged(code, "0", known=False)
    assert f"BR-{letters}-03" not in judged(code, "0")


def test_charges_have_rules_of_their_own() -> None:
    assert judged("Z", "10", charge=True) == {"CII-SR-191", "BR-Z-07"}
    assert {"BR-Z-04", "BR-Z-07"} <= judged("Z", "10", charge=True, known=False)


def test_a_tax_that_is_not_vat_is_asked_nothing() -> None:
    assert not {"BR-Z-06", "BR-Z-03"} & judged("Z", "10", kind="GST", known=False)


@pytest.mark.parametrize(
    ("currency", "stated", "fires"),
    [("EUX", "", False), ("EUX", 'currencyID="EUX"', True), ("EUX", 'currencyID=" EUX"', True), ("EUR", "", False)],
)
def test_a_vat_total_without_a_currency_is_in_none_that_could_be_wrong(
    currency: str, stated: str, *, fires: bool
) -> None:
    text = bases("cii")["clean"].decode()
    text = re.sub(r"(<ram:InvoiceCurrencyCode>)\w+", rf"\g<1>{currency}", text)
    text = re.sub(r'<ram:TaxTotalAmount currencyID="\w+"', f"<ram:TaxTotalAmount {stated}", text, count=1)
    assert any(one.rule == "BR-CL-03" for one in validate(text.encode(), packs=["en16931"]).findings) is fires


@pytest.mark.parametrize(("price", "fires"), [("-0", False), ("-0.", True), ("-0.0", True), ("0.", False)])
def test_a_price_of_minus_zero_is_negative_if_it_is_written_with_a_point(price: str, *, fires: bool) -> None:
    text = re.sub(r"(<ram:ChargeAmount>)[^<]*", rf"\g<1>{price}", bases("cii")["clean"].decode())
    assert any(one.rule == "BR-27" for one in validate(text.encode(), packs=["en16931"]).findings) is fires
