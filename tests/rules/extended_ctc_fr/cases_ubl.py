# SPDX-License-Identifier: Apache-2.0
"""UBL: for every rule that is not that of EN 16931 the smallest change that fires it.

What fires was taken from the official artefact (``test_official`` asks it again); a name is the id that is aimed at,
and what else tells cases apart.
"""

from __future__ import annotations

from functools import partial
from typing import Final

from tests.rules.extended_ctc_fr.case import LETTERS, Cases
from tests.rules.extended_ctc_fr.documents import again, gone, grouped, inside, named, put, says, taxed

CASES: Final = Cases()
_LINE: Final = "(cac:InvoiceLine|cac:CreditNoteLine)"
_FIRST: Final = f"{_LINE}[1]"
_TOTALS: Final = "cac:LegalMonetaryTotal"
_ALLOWANCE: Final = "cac:AllowanceCharge[1]"
_CHARGE: Final = "cac:AllowanceCharge[2]"
_SUBTOTAL: Final = "cac:TaxTotal/cac:TaxSubtotal"
_STATUS: Final = "cac:BillingReference/cac:InvoiceDocumentReference/cbc:DocumentStatusCode"
_TERMS: Final = "<cac:DeliveryTerms>{}</cac:DeliveryTerms>"

CASES.fires("BR-55", gone("cac:BillingReference/*"), fired="BR-55 UBL-SR-07")
CASES.fires("UBL-SR-07", gone("cac:BillingReference/*"), fired="BR-55 UBL-SR-07")
CASES.fires("UBL-SR-06", again("cac:BillingReference/cac:InvoiceDocumentReference"))
CASES.fires("BR-55 line", put(f"{_FIRST}/cac:DocumentReference", "<cac:BillingReference/>"), fired="")
CASES.fires("BR-CO-25", gone("cac:PaymentTerms"))
CASES.fires(
    "BR-FREXT-E-08 two reasons that nothing has",
    put(
        f"{_SUBTOTAL}[1]",
        "<cac:TaxSubtotal><cbc:TaxableAmount currencyID='EUR'>0</cbc:TaxableAmount><cbc:TaxAmount currencyID='EUR'>0"
        "</cbc:TaxAmount><cac:TaxCategory><cbc:ID>E</cbc:ID><cbc:TaxExemptionReason>a</cbc:TaxExemptionReason>"
        "<cbc:TaxExemptionReason>a</cbc:TaxExemptionReason><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>"
        "</cac:TaxCategory></cac:TaxSubtotal>",
    ),
    fired="BR-48 BR-FREXT-E-01 UBL-SR-32",
)
CASES.fires("BR-FREXT-CO-10", says(f"{_TOTALS}/cbc:LineExtensionAmount", "200.03"))
CASES.fires("BR-FREXT-CO-10 cents", says(f"{_TOTALS}/cbc:LineExtensionAmount", "200.02"), fired="")
CASES.fires("BR-FREXT-CO-11", says(f"{_TOTALS}/cbc:AllowanceTotalAmount", "10.02"))
CASES.fires("BR-FREXT-CO-11 cent", says(f"{_TOTALS}/cbc:AllowanceTotalAmount", "10.01"), fired="")
CASES.fires(
    "BR-FREXT-CO-11 binary",
    says(f"{_ALLOWANCE}/cbc:Amount", "10.01"),
    says(f"{_TOTALS}/cbc:AllowanceTotalAmount", "10.02"),
)
CASES.fires(
    "BR-CO-14 again",
    again("cac:TaxTotal"),
    named("cac:TaxTotal[2]/cbc:TaxAmount", "currencyID", "SEK"),
    says("cac:TaxTotal[2]/cbc:TaxAmount", "40.00"),
    fired="BR-CO-14",
)
CASES.fires("BR-FREXT-CO-12", says(f"{_TOTALS}/cbc:ChargeTotalAmount", "20.02"))
CASES.fires("BR-FREXT-CO-12 cent", says(f"{_TOTALS}/cbc:ChargeTotalAmount", "20.01"), fired="")
CASES.fires(
    "BR-FREXT-CO-13", says(f"{_TOTALS}/cbc:TaxExclusiveAmount", "210.05"), fired="BR-FREXT-CO-13 BR-FREXT-CO-15"
)
CASES.fires("BR-FREXT-CO-13 cents", says(f"{_TOTALS}/cbc:TaxExclusiveAmount", "210.04"), fired="")
CASES.fires("BR-FREXT-CO-15", says(f"{_TOTALS}/cbc:TaxInclusiveAmount", "249.95"), fired="BR-FREXT-CO-15 BR-CO-16")
CASES.fires("BR-FREXT-22", gone(f"{_FIRST}/*[contains(name(), 'Quantity')]"), fired="BR-FREXT-22 BR-FREXT-23")
CASES.fires("BR-FREXT-22 group", gone(f"{_FIRST}/*[contains(name(), 'Quantity')]"), fired="", base=grouped)
CASES.fires("BR-FREXT-23", named(f"{_FIRST}/*[contains(name(), 'Quantity')]", "unitCode", None))
CASES.fires(
    "BR-FREXT-24",
    gone(f"{_FIRST}/cbc:LineExtensionAmount"),
    fired="BR-FREXT-24 BR-FREXT-CO-10 BR-FREXT-CO-13 BR-FREXT-S-08 BR-FREXT-S-08ini BR-FREXT-S-08rev",
)
CASES.fires("BR-FREXT-26", gone(f"{_FIRST}/cac:Price/cbc:PriceAmount"))
CASES.fires("BR-FREXT-26 group", gone(f"{_FIRST}/cac:Price"), fired="", base=grouped)
CASES.fires("BR-FREXT-CO-04", says(f"{_FIRST}//cac:ClassifiedTaxCategory//cac:TaxScheme/cbc:ID", "GST"))
CASES.fires("UBL-FREXT-SR-48", again(f"{_FIRST}//cac:ClassifiedTaxCategory"))
CASES.fires("UBL-FREXT-SR-48 group", again(f"{_FIRST}//cac:ClassifiedTaxCategory"), base=grouped)
CASES.fires("UBL-FREXT-SR-48 none", gone(f"{_FIRST}//cac:ClassifiedTaxCategory"), fired="", base=grouped)
CASES.fires("BR-FREXT-54-1", gone(f"{_FIRST}//cac:AdditionalItemProperty/cbc:Name"))
CASES.fires("BR-FREXT-54-2", gone(f"{_FIRST}//cac:AdditionalItemProperty/cbc:Value"))
CASES.fires("BR-FREXT-05", says(f"{_FIRST}/{_STATUS}", "OTHER"), base=grouped)
CASES.fires(
    "BR-FREXT-06",
    inside(f"{_FIRST}/cac:BillingReference", "<cac:BillingReferenceLine><cbc:ID>2</cbc:ID></cac:BillingReferenceLine>"),
    gone(f"{_FIRST}/{_STATUS}"),
    base=grouped,
)
CASES.fires("BR-FREXT-08", says(f"{_FIRST}/cbc:LineExtensionAmount", "200.01"), base=grouped)
CASES.fires(
    "BR-FREXT-11",
    says(f"{_LINE}[4]/cac:BillingReference/cac:BillingReferenceLine/cbc:ID", "9"),
    base=grouped,
)
CASES.fires(
    "BR-FREXT-11 itself",
    says(f"{_LINE}[4]/cac:BillingReference/cac:BillingReferenceLine/cbc:ID", "4"),
    base=grouped,
)
CASES.fires("BR-FREXT-12", gone(f"{_LINE}[4]/cbc:LineExtensionAmount"), base=grouped)
CASES.fires("UBL-FREXT-CR-410", put("cac:PaymentMeans", _TERMS.format("<cbc:SpecialTerms>x</cbc:SpecialTerms>")))
CASES.fires("UBL-FREXT-CR-410 used", put("cac:PaymentMeans", _TERMS.format("<cbc:ID>FOB</cbc:ID>")), fired="")
CASES.fires("UBL-FREXT-CR-645", inside(_FIRST, _TERMS.format("<cbc:SpecialTerms>x</cbc:SpecialTerms>")))
CASES.fires(
    "CII-FREXT-CR-490",
    put(
        "cac:TaxTotal",
        "<cac:TaxExchangeRate><cbc:SourceCurrencyCode>EUR</cbc:SourceCurrencyCode>"
        "<cbc:TargetCurrencyCode>USD</cbc:TargetCurrencyCode>"
        "<cbc:MathematicOperatorCode>x</cbc:MathematicOperatorCode></cac:TaxExchangeRate>",
    ),
)
CASES.fires("BR-FREXT-CL-10", named("//cac:PartyIdentification/cbc:ID", "schemeID", "XX"))
CASES.fires("BR-FREXT-CL-10 platform", named("//cac:PartyIdentification/cbc:ID", "schemeID", "BY"), fired="")
CASES.fires("BR-FREXT-CL-20", says(f"{_CHARGE}/cbc:AllowanceChargeReasonCode", "VAT"))
CASES.fires("BR-FREXT-CL-20-TAX", named(f"{_CHARGE}/cbc:AllowanceChargeReasonCode", "listID", "5153"))
CASES.fires("BR-FREXT-CL-20-LISTID", named(f"{_CHARGE}/cbc:AllowanceChargeReasonCode", "listID", "x"))
CASES.fires("BR-FREXT-CL-24", named("//cbc:EmbeddedDocumentBinaryObject", "mimeCode", "text/plain"))
CASES.fires("BR-FREXT-CL-24 xml", named("//cbc:EmbeddedDocumentBinaryObject", "mimeCode", "text/xml"), fired="")
CASES.fires("BR-FREXT-CL-27", put("cac:PaymentMeans", _TERMS.format("<cbc:ID>XXX</cbc:ID>")))
CASES.fires("BR-FREXT-04", put(f"{_FIRST}//cac:AdditionalItemProperty/cbc:Value", "<cbc:NameCode>?</cbc:NameCode>"))
for letters, code in LETTERS.items():
    base = partial(taxed, code)
    own = {"AE": "BR-AE-01", "AG": "BR-AG-01"}.get(letters, "")
    CASES.fires(f"BR-FREXT-{letters}-01", gone(_SUBTOTAL), base=base, fired=f"BR-FREXT-{letters}-01 BR-CO-18 {own}")
    CASES.fires(
        f"BR-FREXT-{letters}-08",
        says(f"{_SUBTOTAL}/cbc:TaxableAmount", "210.05"),
        base=base,
        fired=" ".join(f"BR-FREXT-{letters}-08{kind}" for kind in ("", "ini", "rev")),
    )
CASES.fires("BR-FREXT-S-09", says(f"{_SUBTOTAL}/cbc:TaxAmount", "39.95"), fired="BR-FREXT-S-09 BR-CO-14")
for letters in ("E", "AE", "IC", "G", "O"):
    CASES.fires(f"BR-FREXT-{letters}-08rev", base=partial(taxed, LETTERS[letters]))

# ---- of EN 16931, where its own cases cannot take an amount away
CASES.fires("BR-41", gone(f"{_FIRST}/cac:AllowanceCharge[1]/cbc:Amount"))
CASES.fires("BR-43", gone(f"{_FIRST}/cac:AllowanceCharge[2]/cbc:Amount"))
