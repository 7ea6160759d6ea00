# SPDX-License-Identifier: Apache-2.0
"""Rules of Factur-X that are functions: the smallest documents that break one and keep it."""

from __future__ import annotations

import pytest

from einvoice.bind import open_document
from einvoice.rules.facturx.profiles import SYNTAX
from tests.rules.facturx.documents import Tax, addition, breakdown, fired, line, logistics, totals
from tests.rules.facturx.documents import text as document

FAMILIES = {"S": "S", "Z": "Z", "E": "E", "AE": "AE", "IC": "K", "G": "G", "O": "O", "AF": "L", "AG": "M"}
IDS = {
    letters: tuple(
        f"BR-FXEXT-{letters}{'' if (letters, end) == ('S', '08b') else '-'}{end}" for end in ("08ini", "08rev", "08b")
    )
    for letters in FAMILIES
}


def tax(letters: str, reason: str = "") -> Tax:
    code = FAMILIES[letters]
    return Tax(code, "" if code == "O" else "7", reason)


def about(found: set[str], letters: str) -> set[str]:
    return found & set(IDS[letters])


# ---- EXTENDED: taxable amounts


@pytest.mark.parametrize("letters", FAMILIES)
def test_a_taxable_amount_may_be_off_by_a_cent_for_each_amount(letters: str) -> None:
    kind = tax(letters)
    parts = (line("10.00", kind), addition("3.00", kind, charge=True), addition("1.00", kind, charge=False))
    for basis in ("17.00", "17.04", "16.96"):
        assert not about(fired(*parts, logistics("5.00", kind), breakdown(basis, "0", kind)), letters)
    for basis in ("17.05", "16.95", "", "12.00"):
        found = fired(*parts, logistics("5.00", kind), breakdown(basis, "0", kind))
        assert about(found, letters) == set(IDS[letters])


def test_a_tax_that_is_stated_twice_leaves_taxable_amounts_to_be_judged() -> None:
    kind = tax("S")
    twice = breakdown("10.00", "0.70</ram:CalculatedAmount><ram:CalculatedAmount>0.70", kind)
    found = fired(line("10.00", kind), twice)
    assert "BR-FXEXT-S-09b?" in found
    assert not about(found, "S")
    assert about(fired(line("20.00", kind), twice), "S") == set(IDS["S"])


@pytest.mark.parametrize("letters", FAMILIES)
def test_the_reason_for_not_charging_vat_may_divide_a_category(letters: str) -> None:
    one, other = tax(letters, "a"), tax(letters, "b")
    ini, rev, _ = IDS[letters]
    divided = (breakdown("10.00", "0", one), breakdown("5.00", "0", other))
    assert about(fired(line("10.00", one), line("5.00", other), *divided), letters) == {ini}
    joined = breakdown("15.00", "0", one)
    assert about(fired(line("10.00", one), line("5.00", other), joined), letters) == {rev}


def test_several_reasons_leave_open_only_what_has_them() -> None:
    kind, other = tax("S"), tax("Z", "a")
    element = other.element("ApplicableTradeTax")
    twice = line("5.00", other).replace(element, f"{element}{element}")
    parts = (line("10.00", kind), breakdown("20.00", "1.40", kind))
    assert about(fired(*parts, twice), "S") == set(IDS["S"])
    found = fired(*parts, twice, breakdown("9.00", "0", other))
    ini, rev, either = IDS["Z"]
    assert {ini, f"{rev}?", f"{either}?"} <= found
    assert about(found, "S") == set(IDS["S"])


@pytest.mark.parametrize("letters", [letters for letters in FAMILIES if letters != "O"])
def test_a_breakdown_without_a_rate_cannot_be_compared_and_fails(letters: str) -> None:
    bare = Tax(FAMILIES[letters], "")
    assert about(fired(breakdown("1.00", "0", bare)), letters) == set(IDS[letters])


def test_another_tax_is_not_asked_for_its_taxable_amount() -> None:
    assert not about(fired(breakdown("9.00", "0", Tax("E", "0", scheme="GST"))), "E")


def test_lines_that_group_or_inform_are_not_added() -> None:
    kind = tax("S")
    parts = (
        line("10.00", kind, status="DETAIL"),
        line("10.00", kind, status="GROUP"),
        line("4.00", kind, status="INFORMATION"),
    )
    assert not about(fired(*parts, breakdown("10.00", "0.70", kind)), "S")
    assert about(fired(*parts, breakdown("20.00", "1.40", kind)), "S")


def test_an_amount_that_is_no_number_leaves_the_sums_open() -> None:
    kind = tax("S")
    found = fired(line("ten", kind), breakdown("10.00", "0.70", kind))
    assert {f"{rule}?" for rule in IDS["S"]} <= found


def test_the_tax_of_the_standard_rate_may_be_off_by_a_cent_for_each_amount() -> None:
    kind = Tax("S", "19")
    for amount, wrong in (("1.90", False), ("1.91", False), ("1.92", True), ("", True)):
        found = fired(line("10.00", kind), breakdown("10.00", amount, kind))
        assert ("BR-FXEXT-S-09b" in found) is wrong, amount


# ---- EXTENDED: totals


@pytest.mark.parametrize(
    ("rule", "name", "kept", "broken"),
    [
        ("BR-FXEXT-CO-10", "LineTotalAmount", ("30.00", "30.02", "29.98"), ("30.03", "29.97", "")),
        ("BR-FXEXT-CO-11", "AllowanceTotalAmount", ("2.00", "2.01"), ("2.02", "1.98", "")),
        ("BR-FXEXT-CO-12", "ChargeTotalAmount", ("12.00", "12.02"), ("12.03", "7.00", "")),
        ("BR-FXEXT-CO-13", "TaxBasisTotalAmount", ("40.00", "40.05"), ("40.06", "39.94", "")),
    ],
)
def test_a_total_may_be_off_by_a_cent_for_each_amount(
    rule: str, name: str, kept: tuple[str, ...], broken: tuple[str, ...]
) -> None:
    parts = (
        line("10.00"),
        line("20.00"),
        addition("2.00", charge=False),
        addition("7.00", charge=True),
        logistics("5.00"),
    )
    for text in kept:
        assert rule not in fired(*parts, totals(**{name: text})), text
    for text in broken:
        assert rule in fired(*parts, totals(**({name: text} if text else {}))), text


def test_without_allowances_and_charges_no_sum_of_them_is_wanted() -> None:
    found = fired(line("10.00"), totals(LineTotalAmount="10.00"))
    assert found.isdisjoint({"BR-FXEXT-CO-11", "BR-FXEXT-CO-12"})
    assert "BR-FXEXT-CO-11" in fired(totals(AllowanceTotalAmount="1.00"))
    assert "BR-FXEXT-CO-12" in fired(totals(ChargeTotalAmount="1.00"))


def test_the_total_with_vat_may_be_off_by_a_cent_for_each_amount() -> None:
    def found(with_vat: str, tax_total: str = "1.90") -> bool:
        amounts = {"TaxBasisTotalAmount": "10.00", "TaxTotalAmount": tax_total, "GrandTotalAmount": with_vat}
        parts = totals(**{name: text for name, text in amounts.items() if text})
        return "BR-FXEXT-CO-15" in fired(line("10.00"), parts)

    assert not found("11.90")
    assert not found("11.91")
    assert found("11.92")
    assert found("")
    assert found("10.00", tax_total="")


def test_the_amount_due_is_exact_and_counts_financial_adjustments() -> None:
    more = (
        "<ram:SpecifiedFinancialAdjustment><ram:ActualAmount>0.50</ram:ActualAmount></ram:SpecifiedFinancialAdjustment>"
    )
    paid = {"GrandTotalAmount": "11.90", "TotalPrepaidAmount": "1.90", "RoundingAmount": "0.05"}
    assert "BR-FXEXT-CO-16" not in fired(totals(**paid, DuePayableAmount="10.05"))
    assert "BR-FXEXT-CO-16" not in fired(more, totals(**paid, DuePayableAmount="10.55"))
    assert "BR-FXEXT-CO-16" in fired(totals(**paid, DuePayableAmount="10.06"))
    assert "BR-FXEXT-CO-16" in fired(totals(**paid))


# ---- EXTENDED: lines


def test_the_kind_of_a_characteristic_is_a_code() -> None:
    def found(text: str) -> bool:
        name = "ram:ApplicableProductCharacteristic"
        return "BR-FXEXT-04" in fired(line(more=f"<{name}><ram:TypeCode>{text}</ram:TypeCode></{name}>"))

    assert [text for text in ("AAA", " WASTE_CODE ", "FEE", "fee", "AA AA", "") if found(text)] == ["fee", "AA AA", ""]


def test_a_group_states_what_the_lines_in_it_come_to() -> None:
    inner = (
        line("4.00", own="2", parent="1", status="DETAIL"),
        line("9.00", own="3", parent="1", status="INFORMATION"),
    )
    assert "BR-FXEXT-08" not in fired(line("4.00", status="GROUP"), *inner)
    assert "BR-FXEXT-08" not in fired(line(status="GROUP"), *inner)
    assert "BR-FXEXT-08" in fired(line("13.00", status="GROUP"), *inner)
    assert "BR-FXEXT-08" in fired(line("many", status="GROUP"), *inner)


def test_a_line_belongs_to_one_that_is_there() -> None:
    assert "BR-FXEXT-11" not in fired(line("1", own=" 1 "), line("1", own="2", parent="1"), line("1", own="3"))
    assert "BR-FXEXT-11" in fired(line("1"), line("1", own="2", parent="7"))


def test_groups_within_a_group_state_an_amount_if_it_does() -> None:
    inner = line(own="2", parent="1", status="GROUP")
    assert "BR-FXEXT-12" in fired(line("1.00", status="GROUP"), inner)
    assert "BR-FXEXT-12" not in fired(line(status="GROUP"), inner)
    assert "BR-FXEXT-12" not in fired(line("1.00", status="GROUP"), line("1.00", own="2", parent="1", status="GROUP"))
    assert "BR-FXEXT-12" in fired(line("1.00", own="", status="GROUP"))


# ---- the other profiles: totals


@pytest.mark.parametrize("profile", ["basicwl", "basic", "en16931"])
def test_the_totals_of_the_smaller_profiles_are_exact(profile: str) -> None:
    parts = (addition("2.00", charge=False), addition("7.00", charge=True), logistics("5.00"))
    right = {"AllowanceTotalAmount": "2.00", "ChargeTotalAmount": "12.00"}
    with_vat = {"TaxBasisTotalAmount": "10.00", "TaxTotalAmount": "1.90", "GrandTotalAmount": "11.90"}
    assert fired(*parts, totals(**right, **with_vat), breakdown("10.00", "1.90", Tax()), profile=profile) == set()
    assert fired(*parts, totals(**(right | {"AllowanceTotalAmount": "2.01"}), **with_vat), profile=profile) == {
        "BR-CO-11"
    }
    assert fired(*parts, totals(**(right | {"ChargeTotalAmount": "7.00"}), **with_vat), profile=profile) == {"BR-CO-12"}
    assert fired(*parts, totals(**with_vat), profile=profile) == {"BR-CO-11", "BR-CO-12"}
    wrong = with_vat | {"GrandTotalAmount": "11.91"}
    assert fired(*parts, totals(**right, **wrong), profile=profile) == {"BR-CO-15"}
    same = with_vat | {"GrandTotalAmount": "10.00"}
    assert fired(*parts, totals(**right, **same), profile=profile) == set()


@pytest.mark.parametrize(
    ("basis", "rate", "amount", "wrong"),
    [
        ("100", "19", "19.00", False),
        ("100", "19", "20.00", False),
        ("100", "19", "20.01", True),
        ("-100", "19", "-19.00", False),
        ("100", "19", "", True),
        ("", "19", "19.00", True),
        ("100", "0.4", "0.40", False),
        ("100", "0.4", "0.50", True),
        ("100", "", "0.00", False),
        ("100", "", "1.00", True),
    ],
)
def test_a_tax_is_its_rate_of_the_taxable_amount(basis: str, rate: str, amount: str, wrong: bool) -> None:  # noqa: FBT001 -- a column
    found = fired(breakdown(basis, amount, Tax("L", rate)), profile="en16931")
    assert found == ({"BR-CO-17"} if wrong else set())


# ---- all profiles


def test_the_vat_identifier_of_any_party_starts_with_a_country() -> None:
    def found(text: str, scheme: str = "VA") -> bool:
        party = (
            f'<ram:SpecifiedTaxRegistration><ram:ID schemeID="{scheme}">{text}</ram:ID></ram:SpecifiedTaxRegistration>'
        )
        return "BR-CO-09" in fired(line(more=f"<ram:SpecifiedTradeProduct>{party}</ram:SpecifiedTradeProduct>"))

    assert [text for text in ("DE1", "EL1", "XX1", "de1", "", "D") if found(text)] == ["XX1", "de1", "", "D"]
    assert not found("123", scheme="FC")


@pytest.mark.parametrize("profile", ["basic", "en16931", "extended"])
def test_split_payment_is_for_italy_alone_and_never_with_the_standard_rate(profile: str) -> None:
    def found(*parts: str) -> list[tuple[str, str, str | None]]:
        hits = open_document(document(*parts).encode()).structure_hits(SYNTAX[profile].rows)
        split = [hit for hit in hits if hit.row.rule.startswith("BR-B-")]
        return [(hit.row.rule, hit.path.rpartition("/")[2], hit.value) for hit in split]

    def address(country: str) -> str:
        return f"<ram:PayeeTradeParty><ram:CountryID>{country}</ram:CountryID></ram:PayeeTradeParty>"

    split, standard = breakdown("1", "0", Tax("B")), breakdown("1", "0", Tax("S"))
    assert found(address("IT"), split, split) == []
    assert found(address("DE"), standard) == []
    assert found(address("DE"), split, split) == [("BR-B-01", "ram:CountryID", "DE")]
    assert found(address("IT"), split, standard, standard) == [("BR-B-02", "ram:CategoryCode", "S")]


def _priced(net: str, gross: str = "", *, own: str = "") -> str:
    """A line with prices, each a list of amounts, and with what is said of its item."""

    def price(kind: str, amounts: str) -> str:
        each = "".join(f"<ram:ChargeAmount>{amount}</ram:ChargeAmount>" for amount in amounts.split("|") if amount)
        return f"<ram:{kind}PriceProductTradePrice>{each}</ram:{kind}PriceProductTradePrice>"

    product = f"<ram:SpecifiedTradeProduct>{own}</ram:SpecifiedTradeProduct>"
    prices = f"{price('Gross', gross) if gross else ''}{price('Net', net)}"
    return line(more=f"{product}<ram:SpecifiedLineTradeAgreement>{prices}</ram:SpecifiedLineTradeAgreement>")


@pytest.mark.parametrize(
    ("net", "gross", "rules"),
    [
        ("1", "", set()),
        ("0", "0.00", set()),
        ("", "", {"BR-27"}),
        ("-1", "", {"BR-27"}),
        ("-1|1", "-1|1", set()),
        ("-1|-2", "1", {"BR-27"}),
        ("1", "-1", {"BR-28"}),
        ("one", "", {"BR-27?"}),
    ],
)
def test_of_several_prices_one_that_is_not_negative_will_do(net: str, gross: str, rules: set[str]) -> None:
    hits = open_document(document(_priced(net, gross)).encode()).structure_hits(SYNTAX["en16931"].rows)
    assert {f"{hit.row.rule}{'?' if hit.open else ''}" for hit in hits} & {
        "BR-27",
        "BR-28",
        "BR-27?",
        "BR-28?",
    } == rules


_LISTLESS = "<ram:DesignatedProductClassification><ram:ClassCode/></ram:DesignatedProductClassification>"
_LISTED = _LISTLESS.replace("ClassCode", 'ClassCode listID="STI"')


@pytest.mark.parametrize(
    ("own", "rules"),
    [
        ("", set()),
        ('<ram:GlobalID schemeID="0160">1</ram:GlobalID>', set()),
        ("<ram:GlobalID>1</ram:GlobalID>", {"BR-64"}),
        ('<ram:GlobalID schemeID="">1</ram:GlobalID>', {"BR-64"}),
        (_LISTED, set()),
        (_LISTLESS, {"BR-65"}),
        ("<ram:DesignatedProductClassification/>", {"BR-65"}),
        (f"{_LISTLESS}{_LISTED}", set()),
    ],
)
def test_what_identifies_or_classifies_an_item_names_its_scheme(own: str, rules: set[str]) -> None:
    hits = open_document(document(_priced("1", own=own)).encode()).structure_hits(SYNTAX["en16931"].rows)
    assert {hit.row.rule for hit in hits} & {"BR-64", "BR-65"} == rules
