# SPDX-License-Identifier: Apache-2.0
"""CII: what the schema allows and hardly anybody writes fires what the official Schematron (CEN 1.3.16) fires."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from einvoice import validate
from tests.differential.official import MissingError, stylesheet
from tests.rules.extended_ctc_fr.documents import Edit, again, changed, gone, inside, put, says, sound, taxed

if TYPE_CHECKING:
    from tests.differential.official import Official

PACK: Final = "en16931@1.3.16"
_DEAL: Final = "rsm:SupplyChainTradeTransaction"
_LINE: Final = f"{_DEAL}/ram:IncludedSupplyChainTradeLineItem[1]/ram:SpecifiedLineTradeSettlement"
_SETTLED: Final = f"{_DEAL}/ram:ApplicableHeaderTradeSettlement"
_TAX: Final = f"{_SETTLED}/ram:ApplicableTradeTax"
_NET: Final = "//ram:IncludedSupplyChainTradeLineItem[1]//ram:NetPriceProductTradePrice/ram:ChargeAmount"
_GROSS: Final = _NET.replace("NetPrice", "GrossPrice")
_SUM: Final = f"{_SETTLED}/ram:SpecifiedTradeSettlementHeaderMonetarySummation"
_ADDED: Final = f"{_SETTLED}/ram:SpecifiedTradeAllowanceCharge"
_PAID: Final = f"{_SETTLED}/ram:SpecifiedTradeSettlementPaymentMeans"
_PERIOD: Final = f"{_SETTLED}/ram:BillingSpecifiedPeriod"
_MOMENT: Final = "<udt:DateTime>2026-0{}-01T00:00:00</udt:DateTime>"


def ends(path: str, month: int) -> tuple[Edit, Edit]:
    """State a date as a moment, which is not in the format 102."""
    return gone(f"{path}/udt:DateTimeString"), inside(path, _MOMENT.format(month))


_ITEM: Final = f"{_DEAL}/ram:IncludedSupplyChainTradeLineItem[1]"
_PRICE: Final = f"{_ITEM}//ram:NetPriceProductTradePrice"
_SIGNED: Final = "<ram:SignatoryDocumentAuthentication>{}</ram:SignatoryDocumentAuthentication>"
_SPLIT: Final = "<ram:CategoryCode>B</ram:CategoryCode>"
_CODED: Final = "<ram:CategoryCode>S</ram:CategoryCode>"
_WITHIN: Final = (
    "<ram:IncludedSubordinateTradeLineItem><ram:SpecifiedSubordinateLineTradeSettlement>{}"
    "</ram:SpecifiedSubordinateLineTradeSettlement></ram:IncludedSubordinateTradeLineItem>"
)

Case = tuple[bytes, tuple[Edit, ...], str]
"""A document, what is changed in it, and the ids that fire."""
SOUND: Final = sound("cii")
_ACCOUNT: Final = "<ram:PayeePartyCreditorFinancialAccount>{}</ram:PayeePartyCreditorFinancialAccount>"
_NAMED: Final = _ACCOUNT.format("<ram:AccountName>B</ram:AccountName>")
_PAYEE: Final = "<ram:PayeeTradeParty><ram:ID>1</ram:ID></ram:PayeeTradeParty>"
_DISCOUNT: Final = (
    "<ram:AppliedTradeAllowanceCharge><ram:ChargeIndicator><udt:Indicator>false</udt:Indicator></ram:ChargeIndicator>"
    "<ram:ActualAmount>1.00</ram:ActualAmount><ram:CategoryTradeTax><ram:TypeCode>VAT</ram:TypeCode>"
    "<ram:CategoryCode>{}</ram:CategoryCode></ram:CategoryTradeTax></ram:AppliedTradeAllowanceCharge>"
)
_ODD: Final = (
    "<ram:CategoryTradeTax><ram:TypeCode>VAT</ram:TypeCode></ram:CategoryTradeTax>"
    "<ram:CategoryTradeTax><ram:TypeCode>VAT</ram:TypeCode><ram:CategoryCode>Z</ram:CategoryCode></ram:CategoryTradeTax>"
)
_BARE: Final = (gone(f"{_ADDED}/ram:Reason"), gone(f"{_ADDED}/ram:ReasonCode"), gone(f"{_ADDED}/ram:CategoryTradeTax"))
_SELLER: Final = f"{_DEAL}/ram:ApplicableHeaderTradeAgreement/ram:SellerTradeParty/ram:SpecifiedTaxRegistration"
_REPRESENTATIVE: Final = f"{_DEAL}/ram:ApplicableHeaderTradeAgreement/ram:SellerTaxRepresentativeTradeParty"
_NOTHING_ADDED: Final = (gone(_ADDED), gone(f"{_SUM}/ram:ChargeTotalAmount"), gone(f"{_SUM}/ram:AllowanceTotalAmount"))

CASES: Final[dict[str, Case]] = {
    "words": (SOUND, (*_BARE,), "BR-32 BR-33 BR-37 BR-38 BR-CO-21 BR-CO-22 BR-S-08"),
    "digits": (
        SOUND,
        (*_BARE, says(f"{_ADDED}[1]//udt:Indicator", "0"), says(f"{_ADDED}[2]//udt:Indicator", "1")),
        "BR-S-08",
    ),
    "white space": (
        SOUND,
        (*_BARE, says(f"{_ADDED}[1]//udt:Indicator", " false"), says(f"{_ADDED}[2]//udt:Indicator", "true ")),
        "BR-S-08",
    ),
    "decimals in digits": (
        SOUND,
        (says(f"{_ADDED}//ram:BasisAmount", "1.000"), says(f"{_ADDED}[2]//udt:Indicator", "1")),
        "BR-DEC-02",
    ),
    "a line in digits": (
        SOUND,
        (
            says(f"{_LINE}/ram:SpecifiedTradeAllowanceCharge[1]//udt:Indicator", "0"),
            gone(f"{_LINE}/ram:SpecifiedTradeAllowanceCharge/ram:Reason"),
            gone(f"{_LINE}/ram:SpecifiedTradeAllowanceCharge/ram:ReasonCode"),
            says(f"{_LINE}/ram:SpecifiedTradeAllowanceCharge/ram:ActualAmount", "5.000"),
        ),
        "BR-44 BR-CO-24 BR-DEC-27",
    ),
    "an account without a number": (
        SOUND,
        (put(f"{_PAID}/ram:PayeePartyCreditorFinancialAccount", _ACCOUNT.format("<ram:IBANID> </ram:IBANID>")),),
        "BR-50",
    ),
    "a further account without a number": (
        SOUND,
        (inside(_PAID, _ACCOUNT.format("<ram:IBANID/>")),),
        "BR-50",
    ),
    "a first account that has a name": (
        SOUND,
        (
            put(
                f"{_PAID}/ram:PayeePartyCreditorFinancialAccount",
                _ACCOUNT.format("<ram:AccountName>B</ram:AccountName>"),
            ),
        ),
        "BR-50 BR-61",
    ),
    "two payees of payment terms": (
        SOUND,
        (
            inside(f"{_SETTLED}/ram:SpecifiedTradePaymentTerms", _PAYEE.replace("ID>", "Name>")),
            inside(f"{_SETTLED}/ram:SpecifiedTradePaymentTerms", _PAYEE),
        ),
        "BR-17 CII-SR-409",
    ),
    "a VAT total of a line": (
        SOUND,
        (
            inside(
                f"{_LINE}/ram:SpecifiedTradeSettlementLineMonetarySummation",
                '<ram:TaxTotalAmount currencyID="EUR">1.00</ram:TaxTotalAmount>',
            ),
        ),
        "CII-SR-200",
    ),
    "a period of moments": (
        SOUND,
        (*ends(f"{_PERIOD}/ram:StartDateTime", 1), *ends(f"{_PERIOD}/ram:EndDateTime", 2)),
        "BR-29 CII-DT-068 CII-DT-072",
    ),
    "a period that starts at a moment": (
        SOUND,
        (*ends(f"{_PERIOD}/ram:StartDateTime", 1), gone(f"{_PERIOD}/ram:EndDateTime")),
        "CII-DT-068",
    ),
    "a tax point that is no text": (
        SOUND,
        (
            put(
                f"{_TAX}/ram:RateApplicablePercent",
                "<ram:DueDateTypeCode>5</ram:DueDateTypeCode>",
            ),
            put(
                f"{_TAX}/ram:DueDateTypeCode",
                "<ram:TaxPointDate><udt:Date>2026-04-01</udt:Date></ram:TaxPointDate>",
            ),
        ),
        "BR-CO-03",
    ),
    "an empty tax number": (
        taxed("E", "cii"),
        (gone(f"{_SELLER}[1]"), says(f"{_SELLER}/ram:ID", ""), gone(_REPRESENTATIVE)),
        "",
    ),
    "a discount that is taxed": (
        taxed("O", "cii"),
        (
            inside(
                f"{_DEAL}/ram:IncludedSupplyChainTradeLineItem[1]//ram:GrossPriceProductTradePrice",
                _DISCOUNT.format("S"),
            ),
        ),
        "BR-O-13 BR-O-14 BR-S-01 CII-SR-130",
    ),
    "two taxes of which one is zero": (
        taxed("O", "cii"),
        (
            again(f"{_TAX}/ram:CalculatedAmount"),
            says(f"{_TAX}/ram:CalculatedAmount[1]", "60.04"),
        ),
        "BR-CO-14",
    ),
    **{
        f"allowances of {text}": (
            SOUND,
            (
                *_NOTHING_ADDED,
                put(f"{_SUM}/ram:TaxBasisTotalAmount", f"<ram:AllowanceTotalAmount>{text}</ram:AllowanceTotalAmount>"),
            ),
            f"{fired}BR-CO-13 BR-S-08",
        )
        for text, fired in {"0": "", "-0": "", "-0.0": "BR-CO-11 ", "-0.00": "BR-CO-11 ", "0.00": ""}.items()
    },
    **{
        f"a charge of 0 and charges of {text}": (
            SOUND,
            (says(f"{_ADDED}[2]/ram:ActualAmount", "0"), says(f"{_SUM}/ram:ChargeTotalAmount", text)),
            f"{fired}BR-CO-13 BR-S-08",
        )
        for text, fired in {"0": "", "-0": "BR-CO-12 ", "-0.00": "BR-CO-12 "}.items()
    },
    "a gross price that is right the second time": (
        SOUND,
        (again(_GROSS), says(f"({_GROSS})[1]", "-1")),
        "",
    ),
    "no gross price that is right": (
        SOUND,
        (says(_GROSS, "-2"), again(_GROSS)),
        "BR-28",
    ),
    "a net price that is right the second time": (
        SOUND,
        (again(_NET), says(f"({_NET})[1]", "-1")),
        "CII-SR-439 CII-SR-441",
    ),
    "categories of what is neither an allowance nor a charge": (
        SOUND,
        (put(f"{_ADDED}[1]", f"<ram:SpecifiedTradeAllowanceCharge>{_ODD}</ram:SpecifiedTradeAllowanceCharge>"),),
        "BR-Z-01 CII-SR-463 CII-SR-472",
    ),
    "split payment of a signature": (
        SOUND,
        (inside("rsm:ExchangedDocument", _SIGNED.format(_SPLIT)),),
        "BR-B-01 BR-B-02",
    ),
    "split payment in a price": (
        SOUND,
        (inside(_PRICE, f"<ram:IncludedTradeTax>{_SPLIT}</ram:IncludedTradeTax>"),),
        "BR-B-01 BR-B-02 CII-SR-446",
    ),
    "a standard rate within a line that is not subject to VAT": (
        taxed("O", "cii"),
        (inside(_ITEM, _WITHIN.format(f"<ram:ApplicableTradeTax>{_CODED}</ram:ApplicableTradeTax>")),),
        "BR-O-11 BR-O-12 CII-SR-221",
    ),
    "a taxed allowance within a line that is not subject to VAT": (
        taxed("O", "cii"),
        (
            inside(
                _ITEM,
                _WITHIN.format(
                    "<ram:SpecifiedTradeAllowanceCharge><ram:ActualAmount>1</ram:ActualAmount>"
                    f"<ram:CategoryTradeTax>{_CODED}</ram:CategoryTradeTax></ram:SpecifiedTradeAllowanceCharge>"
                ),
            ),
        ),
        "BR-O-13 BR-O-14 BR-S-01 CII-SR-221 CII-SR-463",
    ),
    "a right price within a line with a wrong one": (
        SOUND,
        (
            says(_NET, "-1"),
            inside(
                _ITEM,
                "<ram:IncludedSubordinateTradeLineItem><ram:SpecifiedSubordinateLineTradeAgreement>"
                "<ram:NetPriceProductTradePrice><ram:ChargeAmount>1</ram:ChargeAmount></ram:NetPriceProductTradePrice>"
                "</ram:SpecifiedSubordinateLineTradeAgreement></ram:IncludedSubordinateTradeLineItem>",
            ),
        ),
        "BR-27 CII-SR-221",
    ),
    "amounts of many digits": (
        SOUND,
        tuple(says(f"{_SUM}/ram:{one}", "9" * 30) for one in ("AllowanceTotalAmount", "GrandTotalAmount")),
        "BR-CO-11 BR-CO-13 BR-CO-15 BR-CO-16",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_it_fires_what_it_fires_officially(name: str) -> None:
    document, edits, fired = CASES[name]
    report = validate(changed(document, *edits), packs=PACK)
    assert {one.rule for one in report.findings} == set(fired.split())
    assert not report.undetermined


@pytest.mark.peers
@pytest.mark.parametrize("name", CASES)
def test_what_fires_officially_is_what_is_written_here(official: Official, name: str) -> None:
    try:
        stylesheet("cii")
    except MissingError as error:
        pytest.skip(str(error))
    document, edits, fired = CASES[name]
    told = official.judge("cii", changed(document, *edits))
    assert not isinstance(told, str)
    assert told.keys() == set(fired.split())
