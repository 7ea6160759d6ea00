# SPDX-License-Identifier: Apache-2.0
"""UBL: rules ask lines, taxes and totals wherever they stand, as the published tests do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from einvoice import validate
from einvoice.bind import open_document
from einvoice.bind.structure_parts import TreePart
from einvoice.codes import codes
from einvoice.rules import find_pack
from einvoice.rules.en16931.anywhere_rules import INSTEAD
from tests.rules.en16931.cases_anywhere import ODD, Odd, allowance, amount, base, category, extension

if TYPE_CHECKING:
    from collections.abc import Callable

PACK = "en16931@1.3.16"
_SYNTAX = ("UBL-CR-", "UBL-SR-", "UBL-DT-")


def fired(data: bytes) -> set[str]:
    report = validate(data, packs=PACK)
    assert not report.undetermined
    return {one.rule for one in report.findings if not one.rule.startswith(_SYNTAX)}


@pytest.mark.parametrize("name", ODD)
def test_what_stands_out_of_place_is_judged(name: str) -> None:
    assert fired(ODD[name].data) == set(ODD[name].breaks.split())


def test_the_document_that_is_changed_is_clean() -> None:
    assert not fired(base().encode())


def test_what_the_invoice_says_does_not_count_where_its_elements_are_asked() -> None:
    """A line in an extension makes a sum right that the lines of the invoice do not come to."""
    odd = ODD["a line in an extension"].data.decode()
    before, mark, after = odd.partition("</cac:LegalMonetaryTotal>")
    head, tag, stated = before.rpartition("<cbc:LineExtensionAmount")
    text = stated.partition(">")[2].partition("<")[0]
    data = f"{head}{tag}{stated.replace(text, f'{float(text) + 5:.2f}', 1)}{mark}{after}".encode()
    assert "BR-CO-10" not in fired(data)
    assert "BR-CO-13" in fired(data)


def test_a_finding_names_the_element_and_says_what_the_rule_demands() -> None:
    report = validate(ODD["a card in an allowance"].data, packs=PACK)
    found = next(one for one in report.findings if one.rule == "BR-51")
    assert found.location is not None
    assert found.location.endswith("cac:AllowanceCharge[3]/cac:PaymentMeans/cac:CardAccount/cbc:PrimaryAccountNumberID")
    assert found.message.startswith("A card number is never shown in full")
    assert found.line


def test_a_date_of_the_tax_point_beside_the_code_of_a_second_period_is_one_too_many() -> None:
    period = "<cac:InvoicePeriod><cbc:DescriptionCode>3</cbc:DescriptionCode></cac:InvoicePeriod>"
    before, mark, after = base().partition("<cac:BillingReference>")
    head, currency, rest = (before + period + mark + after).partition("<cbc:DocumentCurrencyCode>")
    for day in ("2026-03-31", "12026-03-31", "-0001-03-31"):
        data = f"{head}<cbc:TaxPointDate>{day}</cbc:TaxPointDate>{currency}{rest}".encode()
        assert fired(data) == {"BR-CO-03"}


@pytest.mark.parametrize("code", [" B ", "B\n"])
def test_split_payment_is_looked_for_as_it_is_written(code: str) -> None:
    written = base().replace("<cbc:ID>S</cbc:ID>", f"<cbc:ID>{code}</cbc:ID>")
    assert not fired(written.encode()) & {"BR-B-01", "BR-B-02"}
    assert "BR-B-01" in fired(base().replace("<cbc:ID>S</cbc:ID>", "<cbc:ID>B</cbc:ID>").encode())


def test_a_release_that_calls_a_rule_otherwise_says_so_of_elements_too() -> None:
    change = ODD["a charge in a price"]
    wrong = change.data.replace(b"<cbc:ID>S</cbc:ID><cbc:Percent>0<", b"<cbc:ID>L</cbc:ID><cbc:Percent>-5<")
    found = {one.rule for one in validate(wrong, packs="en16931@1.3.17").findings}
    assert {"BR-IG-01", "BR-IG-07"} <= found
    assert not {"BR-AF-01", "BR-AF-07"} & found
    assert {"BR-AF-01", "BR-AF-07"} <= {one.rule for one in validate(wrong, packs=PACK).findings}


@pytest.mark.parametrize(
    ("code", "rule", "releases"),
    [
        ("<cbc:InvoiceTypeCode>{}</cbc:InvoiceTypeCode>", "BR-CL-01", ("1.3.15", "1.3.16")),
        ("<cbc:TaxCurrencyCode>{}</cbc:TaxCurrencyCode>", "BR-CL-05", ("1.3.15", "1.3.16")),
        ("<cbc:TaxCurrencyCode>{}</cbc:TaxCurrencyCode>", "BR-CL-05", ("1.3.16", "1.3.17")),
    ],
)
def test_a_release_judges_elements_by_its_own_code_lists(code: str, rule: str, releases: tuple[str, str]) -> None:
    name = "iso-4217" if "Currency" in code else "untdid-1001-invoice"
    before, after = (codes(name, edition="" if one == "1.3.16" else f"en16931-{one}") for one in releases)
    assert before != after
    for one in before ^ after:
        data = Odd("<cbc:CustomizationID>", extension(code.format(one))).data
        for release, known in zip(releases, (before, after), strict=True):
            found = {finding.rule for finding in validate(data, packs=f"en16931@{release}").findings}
            assert (rule in found) is (one not in known), (one, release)


def test_a_release_asks_elements_what_it_asks_the_invoice() -> None:
    """1.3.15 took the creditor identifier for a number of the seller, and looked for B alone in the VAT breakdown."""
    party = (
        '<cac:Party><cac:PartyIdentification><cbc:ID schemeID="SEPA">1</cbc:ID></cac:PartyIdentification></cac:Party>'
    )
    seller = Odd(
        "<cbc:CustomizationID>", extension(f"<cac:AccountingSupplierParty>{party}</cac:AccountingSupplierParty>")
    )
    split = Odd("<cbc:CustomizationID>", extension(category("B", kind="ClassifiedTaxCategory")))
    before, total, after = split.data.replace(b"<cbc:ID>S<", b"<cbc:ID>E<").partition(b"<cac:TaxTotal>")
    s_listed = before + total + after.replace(b"<cbc:ID>E<", b"<cbc:ID>S<", 1)
    for data, rule in ((seller.data, "BR-CO-26"), (s_listed, "BR-B-02")):
        told = {
            release: {one.rule for one in validate(data, packs=f"en16931@{release}").findings}
            for release in ("1.3.15", "1.3.16")
        }
        assert rule in told["1.3.16"]
        assert rule not in told["1.3.15"]


def test_an_ordinary_document_is_asked_nothing_beside() -> None:
    structure = find_pack(PACK).structure["ubl"].rows
    hits = open_document(base().encode()).structure_hits(structure)
    assert all(hit.row.rule for hit in hits)


def test_every_rule_is_one_that_the_invoice_is_asked_too() -> None:
    asked = {rule.id for rule in find_pack(PACK).rules_for("ubl")}
    assert {one.id for one in INSTEAD} <= asked


def _lines_and_rates(count: int) -> bytes:
    """A document with so many lines, each of a rate of its own, and as many parts of the VAT breakdown."""
    text = ODD["a currency in an extension"].data.decode()
    for start, end in (("<cac:InvoiceLine>", "</cac:InvoiceLine>"), ("<cac:TaxSubtotal>", "</cac:TaxSubtotal>")):
        head, one = text.partition(start)[::2]
        body, tail = one.partition(end)[::2]
        many = (f"{start}{body}{end}".replace(">19<", f">{rate}<") for rate in range(1, count + 1))
        text = f"{head}{''.join(many)}{tail}"
    return text.encode()


def _sums(count: int) -> bytes:
    one = f"<cac:LegalMonetaryTotal>{amount('AllowanceTotalAmount')}</cac:LegalMonetaryTotal>"
    return Odd("<cbc:CustomizationID>", extension((allowance() + one) * count)).data


def _sellers_and_payees(count: int) -> bytes:
    name = "<cac:PartyName><cbc:Name>{}</cbc:Name></cac:PartyName>"
    seller = f"<cac:AccountingSupplierParty><cac:Party>{name.format('a')}</cac:Party></cac:AccountingSupplierParty>"
    payee = f"<cac:PayeeParty>{name.format('b')}</cac:PayeeParty>"
    return Odd("<cbc:CustomizationID>", extension((seller + payee) * count)).data


def _categories(count: int) -> bytes:
    flag = "<cbc:ChargeIndicator>false</cbc:ChargeIndicator>"
    many = f"<cac:AllowanceCharge>{(flag + category('S')) * count}</cac:AllowanceCharge>"
    return Odd("<cbc:CustomizationID>", extension(many)).data


def _accounts(count: int) -> bytes:
    account = "<cac:PayeeFinancialAccount><cbc:ID>1</cbc:ID></cac:PayeeFinancialAccount>"
    code = "<cbc:PaymentMeansCode>30</cbc:PaymentMeansCode>"
    many = f"<cac:PaymentMeans>{(account + code) * count}</cac:PaymentMeans>"
    return Odd("<cbc:CustomizationID>", extension(many)).data


def _numbers_of_documents(count: int) -> bytes:
    one = '<cbc:ID schemeID="AAA">1</cbc:ID><cbc:DocumentTypeCode>130</cbc:DocumentTypeCode>'
    return Odd("<cbc:CustomizationID>", extension(f"<cac:DocumentReference>{one * count}</cac:DocumentReference>")).data


def _texts_read(data: bytes, path: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many texts functions get to read at a path."""
    asked: list[int] = []
    read = TreePart.texts

    def texts(part: TreePart, which: str) -> list[str]:
        found = read(part, which)
        asked.append(len(found) if which == path else 0)
        return found

    with monkeypatch.context() as patched:
        patched.setattr(TreePart, "texts", texts)
        validate(data, packs=PACK)
    return sum(asked)


@pytest.mark.parametrize(
    ("made", "path"),
    [
        (_lines_and_rates, "cac:Item/cac:ClassifiedTaxCategory/cbc:Percent"),
        (_sums, "cbc:Amount"),
        (_sellers_and_payees, "cac:Party/cac:PartyName/cbc:Name"),
        (_categories, "cbc:ChargeIndicator"),
        (_accounts, "cbc:PaymentMeansCode"),
        (_numbers_of_documents, "cbc:DocumentTypeCode"),
    ],
)
def test_what_stands_beside_is_read_as_often_however_much_there_is_of_it(
    made: Callable[[int], bytes], path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    few, many = (_texts_read(made(count), path, monkeypatch) for count in (20, 80))
    assert 20 <= few < many <= few * 5


@pytest.mark.parametrize(
    ("text", "broken"), [("-0", False), ("-0000000000", False), ("-0.", True), ("-00000000000", True), ("-0.0", True)]
)
@pytest.mark.parametrize("odd", ["", "a currency in an extension"])
def test_a_price_below_zero_may_say_zero(text: str, odd: str, *, broken: bool) -> None:
    data = ODD[odd].data if odd else base().encode()
    before, tag, rest = data.partition(b"<cbc:PriceAmount")
    attribute, mark, stated = rest.partition(b">")
    wrong = before + tag + attribute + mark + text.encode() + b"<" + stated.partition(b"<")[2]
    assert ("BR-27" in fired(wrong)) is broken
