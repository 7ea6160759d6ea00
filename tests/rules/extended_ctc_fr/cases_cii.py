# SPDX-License-Identifier: Apache-2.0
"""CII: for every rule that is not that of EN 16931 the smallest change that fires it.

What fires was taken from the official artefact (``test_official`` asks it again); a name is the id that is aimed at,
and what else tells cases apart.
"""

from __future__ import annotations

from functools import partial
from typing import Final

from tests.rules.extended_ctc_fr.case import LETTERS, Cases
from tests.rules.extended_ctc_fr.documents import again, gone, grouped, inside, named, put, says, taxed

CASES: Final = Cases()
_DEAL: Final = "rsm:SupplyChainTradeTransaction"
_ONE: Final = f"{_DEAL}/ram:IncludedSupplyChainTradeLineItem[1]"
_SETTLED: Final = f"{_DEAL}/ram:ApplicableHeaderTradeSettlement"
_SUM: Final = f"{_SETTLED}/ram:SpecifiedTradeSettlementHeaderMonetarySummation"
_TAX: Final = f"{_SETTLED}/ram:ApplicableTradeTax"
_PAID: Final = f"{_SETTLED}/ram:SpecifiedTradeSettlementPaymentMeans"
_OFF: Final = f"{_SETTLED}/ram:SpecifiedTradeAllowanceCharge[1]"
_ON: Final = f"{_SETTLED}/ram:SpecifiedTradeAllowanceCharge[2]"
_ROLE: Final = "ram:AssociatedDocumentLineDocument/ram:LineStatusReasonCode"
_PARENT: Final = "ram:AssociatedDocumentLineDocument/ram:ParentLineID"
_SAYS: Final = "<ram:ApplicableTradeDeliveryTerms>{}</ram:ApplicableTradeDeliveryTerms>"
_TERM: Final = "<ram:DeliveryTypeCode>{}</ram:DeliveryTypeCode>"

CASES.fires(
    "BR-45",
    says(f"{_TAX}/ram:CategoryCode", "B"),
    gone(f"{_TAX}/ram:BasisAmount"),
    fired="BR-45 BR-B-01 BR-B-02 BR-FREXT-S-01",
)
CASES.fires(
    "BR-45 known",
    gone(f"{_TAX}/ram:BasisAmount"),
    fired="BR-FXEXT-S-08 BR-FXEXT-S-08ini BR-FXEXT-S-08rev BR-FXEXT-S-09",
)
CASES.fires(
    "BR-46",
    says(f"{_TAX}/ram:CategoryCode", "B"),
    gone(f"{_TAX}/ram:CalculatedAmount"),
    fired="BR-46 BR-B-01 BR-B-02 BR-CO-14 BR-FREXT-S-01",
)
CASES.fires("BR-47", says(f"{_TAX}/ram:TypeCode", "AAA"), fired="BR-47 BR-48 CII-DT-037")
CASES.fires(
    "BR-48",
    says(f"{_TAX}/ram:CategoryCode", "B"),
    gone(f"{_TAX}/ram:RateApplicablePercent"),
    fired="BR-48 BR-B-01 BR-B-02 BR-FREXT-S-01",
)
CASES.fires(
    "BR-48 known",
    gone(f"{_TAX}/ram:RateApplicablePercent"),
    fired="BR-FXEXT-S-08 BR-FXEXT-S-08ini BR-FXEXT-S-08rev BR-FXEXT-S-09",
)
_DATE: Final = '<udt:DateString format="102">20260401</udt:DateString>'
_POINTS: Final = (
    put(f"{_TAX}/ram:RateApplicablePercent", "<ram:DueDateTypeCode>5</ram:DueDateTypeCode>"),
    put(f"{_TAX}/ram:DueDateTypeCode", f"<ram:TaxPointDate>{_DATE}</ram:TaxPointDate>"),
)
CASES.fires("BR-CO-03", says(f"{_TAX}/ram:CategoryCode", "B"), *_POINTS, fired="BR-B-01 BR-B-02 BR-CO-03 BR-FREXT-S-01")
CASES.fires("BR-CO-03 known", *_POINTS, fired="")
CASES.fires(
    "BR-DEC-19",
    says(f"{_TAX}/ram:CategoryCode", "B"),
    says(f"{_TAX}/ram:BasisAmount", "210.000"),
    fired="BR-B-01 BR-B-02 BR-DEC-19 BR-FREXT-S-01",
)
CASES.fires("BR-DEC-19 known", says(f"{_TAX}/ram:BasisAmount", "210.000"), fired="")
CASES.fires(
    "BR-DEC-20",
    says(f"{_TAX}/ram:CategoryCode", "B"),
    says(f"{_TAX}/ram:CalculatedAmount", "39.900"),
    fired="BR-B-01 BR-B-02 BR-DEC-20 BR-FREXT-S-01",
)
CASES.fires("BR-CL-03", named(f"{_SUM}/ram:TaxTotalAmount", "currencyID", "ZZZ"), fired="BR-CL-03 BR-FREXT-CO-15")
CASES.fires(
    "BR-S-06 line",
    inside(
        f"{_ONE}//ram:SpecifiedTradeAllowanceCharge[1]",
        "<ram:CategoryTradeTax><ram:TypeCode>VAT</ram:TypeCode><ram:CategoryCode>S</ram:CategoryCode>"
        "<ram:RateApplicablePercent>0</ram:RateApplicablePercent></ram:CategoryTradeTax>",
    ),
    fired="BR-S-06 CII-SR-191",
)
CASES.fires("CII-SR-454", again(f"{_ONE}//ram:SpecifiedLineTradeSettlement/ram:ApplicableTradeTax"))
CASES.fires(
    "CII-SR-454 none",
    gone(f"{_ONE}//ram:SpecifiedLineTradeSettlement/ram:ApplicableTradeTax"),
    fired="BR-FREXT-CO-04 BR-FXEXT-S-08 BR-FXEXT-S-08ini BR-FXEXT-S-08rev",
)
CASES.fires(
    "CII-FREXT-SR-439",
    again(f"{_ONE}//ram:NetPriceProductTradePrice/ram:ChargeAmount"),
    fired="CII-FREXT-SR-439 CII-SR-441",
)
CASES.fires("BR-CO-25", gone(f"{_SETTLED}/ram:SpecifiedTradePaymentTerms"))
CASES.fires("BR-FREXT-CO-10", says(f"{_SUM}/ram:LineTotalAmount", "200.03"))
CASES.fires("BR-FREXT-CO-10 cents", says(f"{_SUM}/ram:LineTotalAmount", "200.02"), fired="")
CASES.fires("BR-FREXT-CO-11", says(f"{_SUM}/ram:AllowanceTotalAmount", "10.02"))
CASES.fires("BR-FREXT-CO-11 cent", says(f"{_SUM}/ram:AllowanceTotalAmount", "10.01"), fired="")
CASES.fires("BR-FREXT-CO-12", says(f"{_SUM}/ram:ChargeTotalAmount", "20.02"))
CASES.fires("BR-FREXT-CO-12 cent", says(f"{_SUM}/ram:ChargeTotalAmount", "20.01"), fired="")
CASES.fires("BR-FREXT-CO-13", says(f"{_SUM}/ram:TaxBasisTotalAmount", "210.05"), fired="BR-FREXT-CO-13 BR-FREXT-CO-15")
CASES.fires("BR-FREXT-CO-13 cents", says(f"{_SUM}/ram:TaxBasisTotalAmount", "210.04"), fired="")
CASES.fires("BR-FREXT-CO-15", says(f"{_SUM}/ram:GrandTotalAmount", "249.95"), fired="BR-CO-16 BR-FREXT-CO-15")
CASES.fires("BR-FREXT-CO-15 twice", again(f"{_SUM}/ram:TaxTotalAmount"))
CASES.fires("BR-FREXT-BR-22", gone(f"{_ONE}//ram:BilledQuantity"), fired="BR-FREXT-BR-22 BR-FREXT-BR-23")
CASES.fires("BR-FREXT-BR-22 group", gone(f"{_ONE}//ram:BilledQuantity"), fired="", base=grouped)
CASES.fires("BR-FREXT-BR-23", named(f"{_ONE}//ram:BilledQuantity", "unitCode", None))
CASES.fires(
    "BR-FREXT-BR-24",
    gone(f"{_ONE}//ram:LineTotalAmount"),
    fired="BR-FREXT-BR-24 BR-FREXT-CO-10 BR-FREXT-CO-13 BR-FXEXT-S-08 BR-FXEXT-S-08ini BR-FXEXT-S-08rev",
)
CASES.fires("BR-FREXT-BR-26", gone(f"{_ONE}//ram:NetPriceProductTradePrice/ram:ChargeAmount"))
CASES.fires(
    "BR-FREXT-CO-04",
    says(f"{_ONE}//ram:ApplicableTradeTax/ram:TypeCode", "GST"),
    fired="BR-FREXT-CO-04 CII-DT-037",
)
CASES.fires("BR-FREXT-BR-38", gone(f"{_ON}/ram:Reason"), gone(f"{_ON}/ram:ReasonCode"))
CASES.fires(
    "BR-FREXT-BR-44",
    gone(f"{_ONE}//ram:Reason"),
    gone(f"{_ONE}//ram:ReasonCode"),
    fired="BR-42 BR-CO-23 BR-FREXT-BR-44",
)
CASES.fires(
    "BR-FREXT-54-1",
    gone(f"{_ONE}//ram:ApplicableProductCharacteristic/ram:Description"),
    fired="BR-FREXT-54-1 CII-SR-069",
)
CASES.fires(
    "BR-FREXT-54-2",
    gone(f"{_ONE}//ram:ApplicableProductCharacteristic/ram:Value"),
    fired="BR-FREXT-54-2 CII-SR-072",
)
CASES.fires("BR-FREXT-05", says(f"{_ONE}/{_ROLE}", "OTHER"), base=grouped)
CASES.fires("BR-FREXT-06", gone(f"{_DEAL}/ram:IncludedSupplyChainTradeLineItem[4]/{_ROLE}"), base=grouped)
CASES.fires("BR-FREXT-08", says(f"{_ONE}//ram:LineTotalAmount", "200.01"), base=grouped)
CASES.fires("BR-FREXT-11", says(f"{_DEAL}/*[4]/{_PARENT}", "9"), base=grouped)
CASES.fires("BR-FREXT-11 itself", says(f"{_DEAL}/*[4]/{_PARENT}", "4"), base=grouped)
CASES.fires("BR-FREXT-12", gone(f"{_DEAL}/*[4]//ram:LineTotalAmount"), base=grouped)
CASES.fires(
    "CII-EXT-DT-018",
    inside(
        f"{_DEAL}/ram:ApplicableHeaderTradeAgreement",
        "<ram:ContractReferencedDocument><ram:IssuerAssignedID>C</ram:IssuerAssignedID><ram:TypeCode>130</ram:TypeCode></ram:ContractReferencedDocument>",
    ),
)
CASES.fires(
    "CII-FREXT-DT-024",
    says("//ram:AdditionalReferencedDocument[ram:ReferenceTypeCode]/ram:TypeCode", "50"),
    fired="CII-FREXT-DT-024 CII-SR-457",
)
CASES.fires("CII-FREXTDT-027", inside(f"{_DEAL}//ram:AdditionalReferencedDocument", "<ram:FormattedIssueDateTime/>"))
_PLACE: Final = f"{_DEAL}/ram:ApplicableHeaderTradeAgreement/ram:AdditionalReferencedDocument[1]"
CASES.fires("CII-FREXT-SR-293", put(_PLACE, _SAYS.format("<ram:Description>x</ram:Description>")))
CASES.fires("CII-FREXT-SR-293 used", put(_PLACE, _SAYS.format(_TERM.format("FOB"))), fired="")
CASES.fires(
    "CII-FREXT-SR-106",
    put(f"{_ONE}//ram:GrossPriceProductTradePrice", _SAYS.format("<ram:Description>x</ram:Description>")),
)
CASES.fires(
    "CII-FREXT-SR-366",
    put(
        _PAID,
        "<ram:TaxApplicableTradeCurrencyExchange><ram:MarketID>x</ram:MarketID></ram:TaxApplicableTradeCurrencyExchange>",
    ),
)
CASES.fires("BR-FREXT-CL-10", named(f"{_DEAL}//ram:SellerTradeParty/ram:GlobalID", "schemeID", "XX"))
CASES.fires("BR-FREXT-CL-10 platform", named(f"{_DEAL}//ram:SellerTradeParty/ram:GlobalID", "schemeID", "SE"), fired="")
CASES.fires(
    "BR-FREXT-CL-19-GP",
    inside(
        f"{_ONE}//ram:GrossPriceProductTradePrice",
        "<ram:AppliedTradeAllowanceCharge><ram:ChargeIndicator><udt:Indicator>false</udt:Indicator></ram:ChargeIndicator><ram:ActualAmount>1.00</ram:ActualAmount><ram:ReasonCode>x</ram:ReasonCode></ram:AppliedTradeAllowanceCharge>",
    ),
)
CASES.fires("BR-FREXT-CL-20", says(f"{_ON}/ram:ReasonCode", "VAT"))
CASES.fires("BR-FREXT-CL-20-TAX", named(f"{_ON}/ram:ReasonCode", "listID", "5153"))
CASES.fires("BR-FREXT-CL-20-LISTID", named(f"{_ON}/ram:ReasonCode", "listID", "x"))
CASES.fires("BR-FREXT-CL-24", named("//ram:AttachmentBinaryObject", "mimeCode", "text/plain"))
CASES.fires("BR-FREXT-CL-24 xml", named("//ram:AttachmentBinaryObject", "mimeCode", "text/xml"), fired="")
CASES.fires("BR-FREXT-CL-27", put(_PLACE, _SAYS.format(_TERM.format("XXX"))))
CASES.fires(
    "FX-UNUSED kind",
    put(f"{_ONE}//ram:ApplicableProductCharacteristic/ram:Description", "<ram:TypeCode>?</ram:TypeCode>"),
)
CASES.fires(
    "FX-UNUSED account",
    inside(f"{_PAID}/ram:PayeePartyCreditorFinancialAccount", "<ram:ProprietaryID>7</ram:ProprietaryID>"),
)
for letters, code in LETTERS.items():
    base = partial(taxed, code)
    own = "BR-CO-14" if letters in ("S", "AF", "AG") else ""
    CASES.fires(f"BR-FREXT-{letters}-01", gone(_TAX), base=base, fired=f"BR-FREXT-{letters}-01 BR-CO-18 {own}")
    CASES.fires(
        f"BR-FXEXT-{letters}-08",
        says(f"{_TAX}/ram:BasisAmount", "210.05"),
        base=base,
        fired=" ".join(f"BR-FXEXT-{letters}-08{kind}" for kind in ("", "ini", "rev")),
    )
for letters in ("E", "AE", "IC", "G", "O"):
    CASES.fires(f"BR-FXEXT-{letters}-08rev", base=partial(taxed, LETTERS[letters]))
CASES.fires("BR-FXEXT-S-09", says(f"{_TAX}/ram:CalculatedAmount", "39.95"), fired="BR-CO-14 BR-FXEXT-S-09")
