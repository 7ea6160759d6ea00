# SPDX-License-Identifier: Apache-2.0
"""Rules that speak about what has no place in the model look at the leaves that reading remarked."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from einvoice.model import InvoicingPeriod, Remark
from einvoice.model.extensions import LineExtension, LineTax, LineTaxPart
from einvoice.rules import find_pack, run
from einvoice.rules.en16931.tax_totals import MONETARY
from tests.rules.invoices import at, clean, in_category, not_subject, number, reading

if TYPE_CHECKING:
    from einvoice.model import Invoice, Syntax

PACK = find_pack("en16931@1.3.16")
CII = "/rsm:CrossIndustryInvoice/rsm:SupplyChainTradeTransaction"
SETTLEMENT = f"{CII}/ram:ApplicableHeaderTradeSettlement"
SELLER = f"{CII}/ram:ApplicableHeaderTradeAgreement/ram:SellerTradeParty"


def fired(syntax: Syntax, *remarks: Remark, invoice: Invoice | None = None) -> set[str]:
    report = run(reading(invoice or clean(), syntax, *remarks), [PACK])
    assert not report.undetermined
    return {finding.rule for finding in report.findings}


def unbound(path: str, value: str) -> Remark:
    return Remark("unbound", path, value, line=9)


@pytest.mark.parametrize(
    ("syntax", "path", "value", "rule"),
    [
        (
            "ubl-invoice",
            "/Invoice/cac:Party[2]/cac:PhysicalLocation/cac:Address/cac:Country/cbc:IdentificationCode",
            "?",
            "BR-CL-14",
        ),
        ("ubl-invoice", "/Invoice/cac:InvoiceLine/cac:Price/cbc:PriceAmount/@currencyID", "Euro", "BR-CL-03"),
        ("ubl-invoice", "/Invoice/cac:BuyerCustomerParty/cac:Party/cbc:EndpointID/@schemeID", "mail", "BR-CL-25"),
        (
            "ubl-invoice",
            "/Invoice/cac:BuyerCustomerParty/cac:Party/cac:PartyIdentification/cbc:ID/@schemeID",
            "SEPA",
            "BR-CL-10",
        ),
        ("ubl-invoice", "/Invoice/cac:InvoiceLine[2]/cac:Item/cac:ClassifiedTaxCategory[2]/cbc:ID", "X", "BR-CL-18"),
        ("cii", "/rsm:CrossIndustryInvoice/rsm:ExchangedDocument/ram:ID/@schemeID", "?", "BR-CL-11"),
        ("cii", "/rsm:CrossIndustryInvoice/rsm:ExchangedDocument/ram:GlobalID/@schemeID", "?", "BR-CL-10"),
        ("cii", f"{SELLER}/ram:DefinedTradeContact/ram:PostalTradeAddress/ram:CountryID", "?", "BR-CL-14"),
    ],
)
def test_a_code_without_a_place_is_judged(syntax: Syntax, path: str, value: str, rule: str) -> None:
    report = run(reading(clean(), syntax, unbound(path, value)), [PACK])
    (finding,) = report.findings
    assert (finding.rule, finding.found, finding.location, finding.line) == (rule, value, path, 9)


def test_a_code_that_is_one_is_no_finding() -> None:
    address = "/Invoice/cac:Party/cac:PhysicalLocation/cac:Address/cac:Country/cbc:IdentificationCode"
    assert fired("ubl-invoice", unbound(address, "BE")) == set()
    creditor = "/Invoice/cac:AccountingSupplierParty/cac:Party/cac:PartyIdentification[2]/cbc:ID/@schemeID"
    assert fired("ubl-invoice", unbound(creditor, "SEPA")) == set()


def test_a_tax_number_needs_no_scheme_of_iso_6523() -> None:
    assert fired("cii", unbound(f"{SELLER}/ram:SpecifiedTaxRegistration[3]/ram:ID/@schemeID", "0204")) == set()


# ---- several tax totals in UBL


def test_a_vat_total_that_is_stated_twice_is_no_vat_total() -> None:
    again = (
        Remark("repeated", "/Invoice/cac:TaxTotal[2]/cbc:TaxAmount", "39.90", ("BT-110",)),
        Remark("repeated", "/Invoice/cac:TaxTotal[2]/cbc:TaxAmount/@currencyID", "EUR"),
    )
    assert fired("ubl-invoice", *again) == {"BR-CO-15"}


def test_a_vat_total_in_another_currency_is_not_that_of_the_invoice() -> None:
    assert fired("ubl-invoice", unbound("/Invoice/cac:TaxTotal/cbc:TaxAmount/@currencyID", "SEK")) == {"BR-CO-15"}


def test_a_further_tax_total_has_to_add_up_too() -> None:
    start = "/Invoice/cac:TaxTotal[2]"
    leaves = {
        "cbc:TaxAmount": "400",
        "cbc:TaxAmount/@currencyID": "SEK",
        "cac:TaxSubtotal/cbc:TaxableAmount": "2000",
        "cac:TaxSubtotal/cbc:TaxAmount": "380",
        "cac:TaxSubtotal/cac:TaxCategory/cbc:ID": "S",
        "cac:TaxSubtotal/cac:TaxCategory/cbc:Percent": "19",
        "cac:TaxSubtotal/cac:TaxCategory/cac:TaxScheme/cbc:ID": "VAT",
    }
    remarks = [unbound(f"{start}/{path}", value) for path, value in leaves.items()]
    assert fired("ubl-invoice", *remarks) == {"BR-CO-14", "BR-S-08"}


def test_a_further_tax_total_may_be_the_one_in_the_accounting_currency() -> None:
    invoice = at({"vat_accounting_currency_code": "SEK"})(clean())
    total = (
        unbound("/Invoice/cac:TaxTotal[2]/cbc:TaxAmount", "400"),
        unbound("/Invoice/cac:TaxTotal[2]/cbc:TaxAmount/@currencyID", "SEK"),
    )
    assert fired("ubl-invoice", *total, invoice=invoice) == set()
    assert fired("ubl-invoice", invoice=invoice) == {"BR-53"}


def test_white_space_around_the_accounting_currency_hides_its_total_and_no_other() -> None:
    accounted = {
        "vat_accounting_currency_code": "SEK",
        "totals.invoice_total_vat_amount_in_accounting_currency": number("430.00"),
    }
    remark = unbound("/Invoice/cac:TaxTotal[2]/cbc:TaxAmount/@currencyID", "SEK ")
    assert fired("ubl-invoice", remark, invoice=at(accounted)(clean())) == {"BR-53"}


# ---- dates of CII


def test_a_date_in_another_format_is_no_issue_date() -> None:
    path = "/rsm:CrossIndustryInvoice/rsm:ExchangedDocument/ram:IssueDateTime/udt:DateTimeString/@format"
    assert fired("cii", unbound(path, "203")) == {"BR-03"}
    assert fired("cii", unbound(path, "")) == {"BR-03"}


def test_cii_compares_the_texts_of_a_period() -> None:
    period = at({"invoicing_period": InvoicingPeriod()})(clean())

    def texts(start: str, end: str) -> tuple[Remark, ...]:
        path = f"{SETTLEMENT}/ram:BillingSpecifiedPeriod/ram:{{}}DateTime/udt:DateTimeString"
        return (
            Remark("malformed", path.format("Start"), start, ("BT-73",), "invoicing_period.start_date"),
            Remark("malformed", path.format("End"), end, ("BT-74",), "invoicing_period.end_date"),
        )

    assert fired("cii", *texts("2026-03-01", "2026-03-31"), invoice=period) == set()
    assert fired("cii", *texts("2026-03-31", "2026-03-01"), invoice=period) == {"BR-29"}


def test_a_period_that_ends_in_the_first_thousand_years_ends_before_it_starts() -> None:
    ancient = at({"invoicing_period": InvoicingPeriod(date(2026, 3, 1), date(9, 10, 15))})(clean())
    assert fired("cii", invoice=ancient) == {"BR-29"}
    assert fired("ubl-invoice", invoice=ancient) == {"BR-29"}


def test_a_period_of_a_line_in_another_format_fails() -> None:
    line = f"{CII}/ram:IncludedSupplyChainTradeLineItem[2]/ram:SpecifiedLineTradeSettlement/ram:BillingSpecifiedPeriod"
    assert fired("cii", unbound(f"{line}/ram:EndDateTime/udt:DateTimeString/@format", "203")) == {"BR-30"}


# ---- elements without their own place


def test_a_payee_without_anything_we_know_is_a_payee_without_a_name() -> None:
    nobody = at({"payee": None})(clean())
    assert fired("ubl-invoice", invoice=nobody) == set()
    leaf = unbound("/Invoice/cac:PayeeParty/cbc:MarkCareIndicator", "false")
    assert fired("ubl-invoice", leaf, invoice=nobody) == {"BR-17"}


def test_a_further_tax_number_of_the_seller_counts_in_cii() -> None:
    numbers = {"seller.vat_identifier": None, "seller_tax_representative": None, "buyer.vat_identifier": None}
    odd = at({**numbers, "seller.tax_registration_identifier.scheme": "XX"})(clean())
    path = f"{SELLER}/ram:SpecifiedTaxRegistration[2]/ram:ID/@schemeID"
    assert fired("cii", Remark("repeated", path, "FC"), invoice=odd) == set()
    assert fired("cii", Remark("repeated", path, "YY"), invoice=odd) == {"BR-S-02", "BR-S-03", "BR-S-04"}


def test_a_further_vat_total_of_cii_has_its_own_currency() -> None:
    path = f"{SETTLEMENT}/ram:SpecifiedTradeSettlementHeaderMonetarySummation/ram:TaxTotalAmount"
    again = unbound(f"{path}[2]", "39.91")
    assert fired("cii", again, unbound(f"{path}[2]/@currencyID", "?")) == {"BR-CL-03"}
    assert fired("cii", again, unbound(f"{path}[2]/@currencyID", "EUR")) == {"BR-CO-14", "BR-CO-15"}
    assert fired("cii", again) == set()
    assert fired("cii", unbound(f"{path}/@currencyID", "?")) == {"BR-CL-03", "BR-CO-15"}


def test_white_space_around_a_currency_makes_it_another_one_for_the_vat_total_that_says_it() -> None:
    both = {"vat_accounting_currency_code": "SEK"}
    amount = {"totals.invoice_total_vat_amount_in_accounting_currency": number("430.00")}
    two = at(both | amount)(clean())
    path = f"{SETTLEMENT}/ram:SpecifiedTradeSettlementHeaderMonetarySummation/ram:TaxTotalAmount"
    assert fired("cii", invoice=two) == set()
    assert fired("cii", unbound(f"{path}[2]/@currencyID", " SEK"), invoice=two) == {"BR-53", "BR-DEC-15"}
    assert fired("cii", unbound(f"{path}[1]/@currencyID", "EUR "), invoice=two) == {"BR-CO-15"}


def test_an_origin_with_a_scheme_is_an_identifier_for_cii() -> None:
    path = f"{CII}/ram:IncludedSupplyChainTradeLineItem[1]/ram:SpecifiedTradeProduct/ram:OriginTradeCountry/ram:ID"
    odd = at({"lines[0].item_information.country_of_origin": "Germany"})(clean())
    assert fired("cii", invoice=odd) == {"BR-CL-15"}
    assert fired("cii", unbound(f"{path}/@schemeID", "?"), invoice=odd) == {"BR-CL-11"}


@pytest.mark.parametrize("term", ["BT-153", "BT-131", "BT-63"])
def test_what_cii_compares_once_and_finds_twice_is_open(term: str) -> None:
    again = Remark("repeated", f"{CII}/ram:Name[2]", "again", (term,))
    open_rules = run(reading(clean(), "cii", again), [PACK]).undetermined
    assert len(open_rules) == 1
    assert open_rules[0].reason == f"{term} is stated again"
    assert run(reading(clean(), "ubl-invoice", again), [PACK]).undetermined == ()


@pytest.mark.parametrize(("term", "name"), [("BT-116", "BasisAmount"), ("BT-117", "CalculatedAmount")])
def test_an_amount_that_cii_compares_once_leaves_its_breakdown_open(term: str, name: str) -> None:
    again = Remark("repeated", f"{SETTLEMENT}/ram:ApplicableTradeTax/ram:{name}[2]", "0.00", (term,))
    (doubt,) = run(reading(clean(), "cii", again), [PACK]).undetermined
    assert (doubt.rule, doubt.reason) == ("BR-CO-17", f"{term} is stated again")
    outside = in_category("L", "19", taxed=True)
    assert run(reading(outside, "cii", again), [PACK]).undetermined == ()


def test_a_tax_amount_that_cii_states_again_is_added() -> None:
    again = Remark("repeated", f"{SETTLEMENT}/ram:ApplicableTradeTax/ram:CalculatedAmount[2]", "7.00", ("BT-117",))
    assert fired("cii", again, invoice=not_subject()) == {"BR-CO-14"}


def test_a_category_on_an_allowance_of_a_line_is_counted_in_cii() -> None:
    path = (
        f"{CII}/ram:IncludedSupplyChainTradeLineItem/ram:SpecifiedLineTradeSettlement/ram:SpecifiedTradeAllowanceCharge"
        "/ram:CategoryTradeTax/ram:CategoryCode"
    )
    assert fired("cii", unbound(path, "Z")) == {"BR-Z-01"}


def test_the_totals_of_ubl_are_missed_only_where_they_are() -> None:
    bare = at({f"totals.{name}": None for name in MONETARY})(clean())
    assert fired("ubl-invoice", invoice=bare) == {"BR-CO-15"}
    assert fired("ubl-invoice", invoice=at({"totals.paid_amount": number("1.00")})(bare)) >= {"BR-12", "BR-15"}
    assert fired("cii", invoice=bare) >= {"BR-12", "BR-13", "BR-14", "BR-15"}


# ---- how something is written


def spelled(path: str, value: str, model_path: str = "") -> Remark:
    return Remark("spelled", path, value, (), model_path)


def test_white_space_behind_two_decimals_counts_as_decimals() -> None:
    total = "totals.amount_due_for_payment"
    assert fired("cii", spelled("/x/ram:DuePayableAmount", "200.00 ", total)) == {"BR-DEC-18"}
    assert fired("ubl-invoice", spelled("/x/cbc:PayableAmount", " 200.00\n", total)) == {"BR-DEC-18"}
    assert fired("cii", spelled("/x/ram:DuePayableAmount", " 200.00", total)) == set()
    assert fired("cii", spelled("/x/ram:DuePayableAmount", "+200.00", total)) == set()
    assert fired("cii", spelled("/x/ram:LineTotalAmount", "100.00  ", "lines[1].net_amount")) == {"BR-DEC-23"}


def test_an_amount_without_a_currency_is_in_none() -> None:
    amount = "/Invoice/cac:LegalMonetaryTotal/cbc:PayableAmount/@currencyID"
    assert fired("ubl-invoice", spelled(amount, "")) == {"BR-CL-03"}
    tax = "/Invoice/cac:TaxTotal/cbc:TaxAmount/@currencyID"
    assert fired("ubl-invoice", spelled(tax, "")) == {"BR-CL-03", "BR-CO-15"}
    total = f"{SETTLEMENT}/ram:SpecifiedTradeSettlementHeaderMonetarySummation/ram:TaxTotalAmount/@currencyID"
    assert fired("cii", spelled(total, "")) == {"BR-CO-15"}


def test_cii_adds_up_only_a_vat_total_in_the_currency_of_the_invoice() -> None:
    wrong = at({"totals.invoice_total_vat_amount": number("39.913")})(clean())
    total = f"{SETTLEMENT}/ram:SpecifiedTradeSettlementHeaderMonetarySummation/ram:TaxTotalAmount/@currencyID"
    assert fired("cii", invoice=wrong) == {"BR-CO-14", "BR-CO-15", "BR-DEC-13"}
    assert fired("cii", spelled(total, ""), invoice=wrong) == {"BR-CO-15"}


def test_a_scheme_that_says_nothing_is_there_and_no_code() -> None:
    bare = at(
        {
            "seller.electronic_address.scheme": None,
            "buyer.electronic_address.scheme": None,
            "lines[1].item_information.standard_identifier.scheme": None,
            "lines[1].item_information.classifications[0].identifier.scheme": None,
        }
    )(clean())
    assert fired("ubl-invoice", invoice=bare) == {"BR-62", "BR-63", "BR-64", "BR-65"}
    paths = (
        "/Invoice/cac:AccountingSupplierParty/cac:Party/cbc:EndpointID/@schemeID",
        "/Invoice/cac:AccountingCustomerParty/cac:Party/cbc:EndpointID/@schemeID",
        "/Invoice/cac:InvoiceLine[2]/cac:Item/cac:StandardItemIdentification/cbc:ID/@schemeID",
        "/Invoice/cac:InvoiceLine[2]/cac:Item/cac:CommodityClassification/cbc:ItemClassificationCode/@listID",
    )
    remarks = [spelled(path, "") for path in paths]
    assert fired("ubl-invoice", *remarks, invoice=bare) == {"BR-CL-25", "BR-CL-21", "BR-CL-13"}


def test_ubl_asks_the_tax_of_a_line_like_a_vat_breakdown() -> None:
    part = LineTaxPart(number("100.00"), number("32.100"), "S", number("19"))
    taxed = at({"lines[0].extension": LineExtension(tax=LineTax(number("32.10"), parts=(part,)))})(clean())
    assert fired("ubl-invoice", invoice=taxed) == {"BR-CO-17", "BR-DEC-20"}
    assert fired("cii", invoice=taxed) == set()
    bare = at({"lines[0].extension": LineExtension(tax=LineTax(parts=(LineTaxPart(),)))})(clean())
    assert fired("ubl-invoice", invoice=bare) == {"BR-45", "BR-46", "BR-47", "BR-48", "BR-CO-17"}
