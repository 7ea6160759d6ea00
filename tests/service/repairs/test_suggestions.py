# SPDX-License-Identifier: Apache-2.0
"""What each repair suggests, and what it keeps its hands off."""

from __future__ import annotations

import re

import pytest

from einvoice.bind import open_document
from einvoice.rules.findings import Finding, Report
from einvoice.service.repairs import KINDS
from einvoice.service.repairs.sheet import LeftAlone, Sheet, Suggestion
from tests.service.slips import CII, UBL, spoiled

BY_ID = {kind.id: kind for kind in KINDS}
NOTHING = Report(verdict="valid", packs=(), findings=(), undetermined=())
PEPPOL_PROCESS = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
XRECHNUNG = "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"


def found(kind: str, text: str, *pairs: tuple[str, str], report: Report = NOTHING) -> list[Suggestion | LeftAlone]:
    """What a repair finds in a spoiled document."""
    return list(BY_ID[kind].suggest(Sheet(open_document(spoiled(text, *pairs)), report)))


def suggested(kind: str, text: str, *pairs: tuple[str, str]) -> list[str]:
    """The values that a repair would write."""
    each = [one for one in found(kind, text, *pairs) if isinstance(one, Suggestion)]
    return [change.after for one in each for change in one.changes]


@pytest.mark.parametrize("kind", BY_ID)
@pytest.mark.parametrize("text", [UBL, CII], ids=["ubl", "cii"])
def test_a_sound_invoice_gives_no_repair_anything_to_do(kind: str, text: str) -> None:
    assert found(kind, text) == []


def test_the_repairs_have_ids_and_sentences_of_their_own() -> None:
    assert len(BY_ID) == len(KINDS)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", kind.id) for kind in KINDS)
    assert all(kind.sentence.endswith(".") and kind.cures for kind in KINDS)


# ------------------------------------------------------------------------------------ spelling


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('unitCode="C62"', 'unitCode="c62"', "C62"),
        ("<cbc:IdentificationCode>DE", "<cbc:IdentificationCode>dE ", "DE"),
        ("<cbc:ID>VAT", "<cbc:ID>vat", "VAT"),
        ('schemeID="EM"', 'schemeID="em"', "EM"),
        ("DE123456788", "de123456788", "DE123456788"),
    ],
)
def test_a_code_is_written_in_the_letters_of_its_list(old: str, new: str, code: str) -> None:
    assert set(suggested("code-case", UBL, (old, new))) == {code}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('unitCode="C62"', 'unitCode="piece"'),
        ("<cbc:IdentificationCode>DE", "<cbc:IdentificationCode>Germany"),
        ("DE123456788", "de123456789"),
        ("<cbc:Name>Item 1", "<cbc:Name>item 1 "),
    ],
)
def test_what_is_no_code_of_the_list_in_any_letters_stays(old: str, new: str) -> None:
    assert suggested("code-case", UBL, (old, new)) == []


def test_blanks_go_from_identifiers_and_not_from_texts() -> None:
    slips = [("INV-7", "\u00a0INV-7 "), ("Item 1", " Item 1 "), ("<cbc:CityName>Hamburg", "<cbc:CityName> Hamburg")]
    assert suggested("white-space", UBL, *slips) == ["INV-7"]


def test_blanks_go_from_an_iban_whose_check_digits_are_right() -> None:
    iban = "DE02120300000000202051"
    assert suggested("white-space", UBL, (iban, "DE02 1203 0000 0000 2020 51")) == [iban]
    assert suggested("white-space", UBL, (iban, "DE03 1203 0000 0000 2020 51")) == []


def test_a_number_that_the_schema_takes_is_not_written_anew() -> None:
    assert suggested("number-notation", UBL, (">10.00<", "> 10. <")) == []
    assert suggested("number-notation", UBL, ("<cbc:Percent>19", "<cbc:Percent>19 %")) == ["19", "19", "19"]


def test_a_number_with_two_readings_is_left_alone() -> None:
    (left,) = found("number-notation", UBL, (">10.00<", ">1,234<"))
    assert isinstance(left, LeftAlone)
    assert (left.value, left.terms) == ("1,234", ("BT-146",))


def test_a_day_of_cii_gets_its_form_with_its_text() -> None:
    assert suggested("date-form", CII, ('format="102">20260302', ">31.03.2026")) == ["20260331", "102"]
    assert suggested("date-form", CII, ('format="102">20260302', 'format="">20260302')) == ["102"]
    assert suggested("date-form", CII, ('format="102">20260302', 'format="102">2026-03-02')) == ["20260302"]


def test_a_day_of_cii_in_a_form_of_its_own_stays() -> None:
    assert found("date-form", CII, ('format="102">20260302', 'format="203">202603021200')) == []


# ------------------------------------------------------------------------------------ schemes


@pytest.mark.parametrize(
    ("value", "scheme"), [("buyer@example.com", "EM"), ("04011000-1234512345-06", "0204"), ("991-03730-19", "0204")]
)
def test_the_scheme_of_an_address_follows_from_its_value(value: str, scheme: str) -> None:
    assert suggested("scheme", UBL, (' schemeID="EM">buyer@example.com', f">{value}")) == [scheme]
    assert suggested("scheme", CII, (' schemeID="EM">buyer@example.com', f' schemeID="">{value}')) == [scheme]


@pytest.mark.parametrize("value", ["4000001123452", "04011000-1234512345-07", "DE123456788", "a@b", "buyer"])
def test_the_scheme_of_an_address_that_may_have_several_does_not(value: str) -> None:
    (left,) = found("scheme", UBL, (' schemeID="EM">buyer@example.com', f">{value}"))
    assert isinstance(left, LeftAlone)


def test_a_stated_scheme_is_never_another() -> None:
    assert found("scheme", UBL, ('schemeID="EM">buyer@example.com', 'schemeID="0088">buyer@example.com')) == []


def test_a_tax_registration_of_cii_is_one_of_vat_if_its_number_is() -> None:
    assert suggested("scheme", CII, (' schemeID="VA"', "")) == ["VA"]
    assert suggested("scheme", CII, (' schemeID="VA"', ' schemeID="VAT"')) == ["VA"]
    (left,) = found("scheme", CII, (' schemeID="VA">DE123456788', ">201/113/40209"))
    assert isinstance(left, LeftAlone)


def test_an_address_elsewhere_is_no_electronic_address() -> None:
    assert "URIID" in CII
    places = [
        change.location
        for one in found("scheme", CII, (' schemeID="EM"', ""))
        if isinstance(one, Suggestion)
        for change in one.changes
    ]
    assert len(places) == 2
    assert all("/ram:URIUniversalCommunication/" in place for place in places)


# ------------------------------------------------------------------------------------ constants


def test_a_vat_category_without_its_scheme_gets_it() -> None:
    scheme = "<cac:TaxScheme>\n          <cbc:ID>VAT</cbc:ID>\n        </cac:TaxScheme>"
    for empty in (
        "",
        "<cac:TaxScheme/>",
        "<cac:TaxScheme></cac:TaxScheme>",
        "<cac:TaxScheme><cbc:ID/></cac:TaxScheme>",
    ):
        assert set(suggested("vat-scheme", UBL, (scheme, empty))) == {"VAT"}


def test_a_tax_number_that_is_no_vat_number_gets_no_scheme() -> None:
    scheme = "<cac:TaxScheme>\n          <cbc:ID>VAT</cbc:ID>\n        </cac:TaxScheme>\n      </cac:PartyTaxScheme>"
    assert suggested("vat-scheme", UBL, (scheme, "</cac:PartyTaxScheme>")) == ["VAT"]
    assert suggested("vat-scheme", UBL, (scheme, "</cac:PartyTaxScheme>"), ("DE123456788", "201/113/40209")) == []


def test_a_tax_of_cii_without_its_type_gets_it() -> None:
    assert set(suggested("vat-scheme", CII, ("<ram:TypeCode>VAT</ram:TypeCode>", ""))) == {"VAT"}
    assert set(suggested("vat-scheme", CII, ("<ram:TypeCode>VAT</ram:TypeCode>", "<ram:TypeCode/>"))) == {"VAT"}


def test_an_amount_without_currency_gets_that_of_the_invoice() -> None:
    assert suggested("currency", UBL, (' currencyID="EUR">5.50', ">5.50")) == ["EUR"]
    assert suggested("currency", UBL, (' currencyID="EUR"', ""), (">EUR<", ">euro<")) == []
    assert suggested("currency", CII, (' currencyID="EUR"', "")) == ["EUR"]


def test_a_vat_total_that_may_be_in_the_accounting_currency_gets_none() -> None:
    second = ("<cbc:BuyerReference>", "<cbc:TaxCurrencyCode>SEK</cbc:TaxCurrencyCode><cbc:BuyerReference>")
    assert suggested("currency", UBL, second, (' currencyID="EUR">5.89', ">5.89")) == []


def test_a_specification_is_written_as_its_publisher_does() -> None:
    core = "urn:cen.eu:en16931:2017"
    assert suggested("specification", UBL, (core, f" {XRECHNUNG.upper()} ")) == [XRECHNUNG]
    alias = f"{core}#compliant#urn:zugferd.de:2p0:basic"
    canonical = f"{core}#compliant#urn:factur-x.eu:1p0:basic"
    assert suggested("specification", CII, (core, alias)) == [canonical]
    assert suggested("specification", UBL, (core, "urn:example:unknown")) == []


def test_the_process_is_stated_where_the_specification_has_only_one() -> None:
    core, peppol = "urn:cen.eu:en16931:2017", "#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
    for text in (UBL, CII):
        assert suggested("process", text, (core, core + peppol)) == [PEPPOL_PROCESS]
        assert suggested("process", text, (core, XRECHNUNG)) == []
    stated = ("  <cbc:ID>INV-7", "  <cbc:ProfileID>urn:other</cbc:ProfileID>\n  <cbc:ID>INV-7")
    assert suggested("process", UBL, (core, core + peppol), stated) == []


# ------------------------------------------------------------------------------------ order


def test_elements_of_one_name_keep_their_order() -> None:
    lines = re.search(r" *<cac:InvoiceLine>.*</cac:InvoiceLine>\n", UBL, re.DOTALL)
    assert lines
    fixed = found("element-order", UBL, (lines[0], ""), ("  <cac:TaxTotal>", f"{lines[0]}  <cac:TaxTotal>"))
    (one,) = fixed
    assert isinstance(one, Suggestion)
    (change,) = one.changes
    assert change.before == "cac:InvoiceLine, cac:TaxTotal, cac:LegalMonetaryTotal"
    assert change.after == "cac:TaxTotal, cac:LegalMonetaryTotal, cac:InvoiceLine"


def test_an_element_that_holds_a_stranger_is_not_sorted() -> None:
    moved = [("  <cbc:ID>INV-7</cbc:ID>\n", ""), ("  <cbc:DueDate>", "  <cbc:ID>INV-7</cbc:ID>\n  <cbc:DueDate>")]
    assert len(found("element-order", UBL, *moved)) == 1
    assert found("element-order", UBL, *moved, ("  <cbc:DueDate>", "  <cbc:Odd>1</cbc:Odd><cbc:DueDate>")) == []


# ------------------------------------------------------------------------------------ amounts


def blamed(rule: str, model_path: str, location: str = "") -> Report:
    """A report with one finding."""
    finding = Finding(
        rule=rule,
        packs=("en16931",),
        severity="fatal",
        effective="fatal",
        message="",
        model_path=model_path,
        location=location or None,
    )
    return Report(verdict="invalid", packs=(), findings=(finding,), undetermined=())


def test_a_total_is_set_only_where_a_rule_finds_it_wrong() -> None:
    slip = ("36.89</cbc:PayableAmount", "36.88</cbc:PayableAmount")
    report = blamed("BR-CO-16", "totals.amount_due_for_payment")
    (one,) = found("totals", UBL, slip, report=report)
    assert isinstance(one, Suggestion)
    assert [(change.before, change.after) for change in one.changes] == [("36.88", "36.89")]
    assert found("totals", UBL, slip) == []


@pytest.mark.parametrize(("stated", "kinds"), [("36.86", [Suggestion]), ("36.85", [LeftAlone]), ("37.89", [LeftAlone])])
def test_a_rounding_is_a_cent_for_each_amount_at_most(stated: str, kinds: list[type]) -> None:
    """Two lines and one VAT entry go into the totals: three cents."""
    report = blamed("BR-CO-16", "totals.amount_due_for_payment")
    each = found("totals", UBL, ("36.89</cbc:PayableAmount", f"{stated}</cbc:PayableAmount"), report=report)
    assert [type(one) for one in each] == kinds


def test_zeros_behind_the_second_decimal_go_from_any_amount_and_digits_from_computed_ones() -> None:
    total, price = "/Invoice/cac:LegalMonetaryTotal/cbc:PayableAmount", "/Invoice/cac:InvoiceLine[1]/cac:Price"
    report = blamed("BR-DEC-18", "totals.amount_due_for_payment", total)
    (one,) = found("decimals", UBL, ("36.89</cbc:PayableAmount", "36.8849</cbc:PayableAmount"), report=report)
    assert isinstance(one, Suggestion)
    assert one.changes[0].after == "36.88"
    report = blamed("BR-DEC-00", "", f"{price}/cbc:PriceAmount")
    (zeros,) = found("decimals", UBL, (">10.00<", ">10.0000<"), report=report)
    assert isinstance(zeros, Suggestion)
    assert zeros.changes[0].after == "10.00"
    (left,) = found("decimals", UBL, (">10.00<", ">10.0001<"), report=report)
    assert isinstance(left, LeftAlone)
