# SPDX-License-Identifier: Apache-2.0
"""For every rule the smallest change to an invoice that obeys XRechnung, and the ids that fire with it.

The ids were taken from the official artefacts: a rule that fires beside another does so there as well.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, structs

from einvoice.model import (
    AdditionalSupportingDocument,
    Attachment,
    CreditTransfer,
    Identifier,
    Invoice,
    ItemAttribute,
    ItemClassification,
    PaymentCardInformation,
    PaymentInstructions,
    PaymentMeans,
)
from einvoice.model.extensions import InvoiceExtension, LineExtension, ThirdPartyPayment
from tests.rules.invoices import number
from tests.rules.xrechnung.invoices import (
    SKONTO,
    VEHICLE,
    debited,
    extended,
    german,
    of_vehicles,
    written,
)

if TYPE_CHECKING:
    from einvoice.model import Syntax

Edits = dict[str, str]
"""Texts of a document -> what stands there instead."""


class Case(Struct, frozen=True, kw_only=True):
    """One change and what it breaks.

    Attributes:
        invoice: the changed invoice.
        ubl: the ids that fire in UBL; ``None`` if the change says nothing there.
        cii: the ids that fire in CII.
        edits: what is changed in the document, by syntax.
    """

    invoice: Invoice
    ubl: frozenset[str] | None
    cii: frozenset[str] | None
    edits: dict[str, Edits]

    def document(self, syntax: Syntax) -> bytes:
        """The changed document."""
        data = written(self.invoice, syntax)
        for old, new in self.edits.get("cii" if syntax == "cii" else "ubl", {}).items():
            assert old.encode() in data, old
            data = data.replace(old.encode(), new.encode(), 1)
        return data

    def fires(self, syntax: Syntax) -> frozenset[str] | None:
        """The ids that fire in a syntax."""
        return self.cii if syntax == "cii" else self.ubl


CASES: Final[dict[str, Case]] = {}


def breaks(
    name: str,
    invoice: Invoice,
    *,
    ubl: str | None = "",
    cii: str | None = "",
    in_ubl: Edits | None = None,
    in_cii: Edits | None = None,
) -> None:
    """Enter a case: ``name`` is the id (a word may follow); ``ubl`` and ``cii`` list the ids that fire with it."""
    aimed = name.partition(" ")[0]
    assert name not in CASES, name
    CASES[name] = Case(
        invoice=invoice,
        ubl=None if ubl is None else frozenset([aimed, *ubl.split()]),
        cii=None if cii is None else frozenset([aimed, *cii.split()]),
        edits={"ubl": in_ubl or {}, "cii": in_cii or {}},
    )


# ---- BR-DE: what has to be said

breaks("BR-DE-1", german(payment_instructions=None))
breaks("BR-DE-2", german(seller__contact=None))
breaks("BR-DE-3", german(seller__postal_address__city=None))
breaks("BR-DE-3 blank", german(seller__postal_address__city=" "), ubl="PEPPOL-EN16931-R008", cii="PEPPOL-EN16931-R008")
breaks("BR-DE-4", german(seller__postal_address__post_code=None))
breaks("BR-DE-5", german(seller__contact__contact_point=None))
breaks("BR-DE-6", german(seller__contact__telephone_number=None), ubl="BR-DE-27", cii="BR-DE-27")
breaks("BR-DE-7", german(seller__contact__email_address=None), ubl="BR-DE-28", cii="BR-DE-28")
breaks("BR-DE-8", german(buyer__postal_address__city=None))
breaks("BR-DE-9", german(buyer__postal_address__post_code=None))
breaks("BR-DE-10", german(delivery_information__deliver_to_address__city=None))
breaks("BR-DE-11", german(delivery_information__deliver_to_address__post_code=None))
breaks("BR-DE-14", german(**{"vat_breakdown[0].rate": None}))
breaks("BR-DE-15", german(buyer_reference=None))
breaks(
    "BR-DE-16",
    german(seller__vat_identifier=None, seller__tax_registration_identifier=None, seller_tax_representative=None),
)
breaks("BR-DE-17", german(type_code="751"))
breaks("BR-DE-18", german(payment_terms=SKONTO.strip()))
breaks("BR-DE-18 small", german(payment_terms=SKONTO.lower()))
breaks("BR-DE-18 percent", german(payment_terms="#SKONTO#TAGE=14#PROZENT=2,00#\n"))
breaks("BR-DE-18 base", german(payment_terms=f"{SKONTO}#SKONTO#TAGE=7#PROZENT=3.00#BASISBETRAG=100#\n"))
breaks("BR-DE-18 behind", german(payment_terms=f"{SKONTO.strip()} soon\n"))
breaks("BR-DE-21", german(process_control__specification_identifier="urn:cen.eu:en16931:2017"))
_FILE: Final = AdditionalSupportingDocument(reference="A", attached_document=Attachment(b"a;b", "text/csv", "a.csv"))
breaks("BR-DE-22", german(additional_supporting_documents=(_FILE, structs.replace(_FILE, reference="B"))))
breaks("BR-DE-26", german(type_code="384", preceding_invoice_references=()))
breaks("BR-DE-27", german(seller__contact__telephone_number="call 12"))
breaks("BR-DE-28", german(seller__contact__email_address="ann@example"))
breaks("BR-DE-28 twice", german(seller__contact__email_address="ann@b@example.com"))
breaks("BR-DE-28 dot", german(seller__contact__email_address="ann@example.com."))
breaks(
    "BR-DE-TMP-32",
    german(
        **{"delivery_information.actual_delivery_date": None, "invoicing_period": None, "lines[1].period": None},
    ),
)

# ---- BR-DE: payment

_TRANSFER: Final = CreditTransfer("DE02120300000000202051")
_CARD: Final = PaymentCardInformation("1234")


def _paid(code: str, **more: Any) -> PaymentInstructions:  # noqa: ANN401 -- fields of PaymentMeans
    return PaymentInstructions(means=(PaymentMeans(type_code=code, **more),))


breaks(
    "BR-DE-19", german(payment_instructions=_paid("58", credit_transfers=(CreditTransfer("DE02120300000000202052"),)))
)
breaks("BR-DE-19 short", german(payment_instructions=_paid("58", credit_transfers=(CreditTransfer("1234"),))))
breaks("BR-DE-23-a", german(payment_instructions=_paid("30")))
breaks("BR-DE-23-b", german(payment_instructions=_paid("30", credit_transfers=(_TRANSFER,), payment_card=_CARD)))
breaks("BR-DE-24-a", german(payment_instructions=_paid("54")))
breaks("BR-DE-24-b", german(payment_instructions=_paid("55", credit_transfers=(_TRANSFER,), payment_card=_CARD)))
breaks(
    "BR-DE-25-a",
    german(payment_instructions=_paid("59")),
    ubl="BR-DE-20 PEPPOL-EN16931-R061",
    cii="BR-DE-20 PEPPOL-EN16931-R061",
)


def _debited(**changes: Any) -> Invoice:  # noqa: ANN401 -- fields of PaymentInstructions and DirectDebit
    base = debited()
    payment = base.payment_instructions
    assert payment is not None
    assert payment.direct_debit is not None
    means = {name: changes.pop(name) for name in ("payment_card", "credit_transfers") if name in changes}
    new = structs.replace(
        payment,
        means=tuple(structs.replace(one, **means) for one in payment.means),
        direct_debit=structs.replace(payment.direct_debit, **changes),
    )
    return structs.replace(base, payment_instructions=new)


breaks("BR-DE-20", _debited(debited_account_identifier="DE02120300000000202052"))
breaks("BR-DE-25-b", _debited(payment_card=_CARD))
breaks("BR-DE-25-b bank", _debited(credit_transfers=(CreditTransfer(payment_service_provider_identifier="BELADEBE"),)))
breaks("BR-DE-30", _debited(bank_assigned_creditor_identifier=None))
breaks("BR-DE-31", _debited(debited_account_identifier=None), ubl="BR-DE-20", cii="BR-DE-20")

# ---- BR-DE-CVD

breaks("BR-DE-CVD-01", of_vehicles(contract_reference=None))
breaks("BR-DE-CVD-02", of_vehicles(tender_or_lot_reference=None))
_NO_VEHICLES: Final = {
    f"lines[{place}].item_information.{name}": () for place in (0, 1) for name in ("classifications", "attributes")
}
breaks("BR-DE-CVD-03", of_vehicles(**_NO_VEHICLES))
_CLASSES: Final = "lines[1].item_information.classifications"
_PROPERTIES: Final = "lines[1].item_information.attributes"
breaks("BR-DE-CVD-04", of_vehicles(**{_CLASSES: (ItemClassification(Identifier("L1", "CVD")),)}))
breaks("BR-DE-CVD-05", of_vehicles(**{_PROPERTIES: (ItemAttribute(name="cva", value="dirty"),)}))
breaks("BR-DE-CVD-06-a", of_vehicles(**{_PROPERTIES: ()}))
breaks("BR-DE-CVD-06-b", of_vehicles(**{_CLASSES: ()}))
breaks("BR-TMP-CVD-01", of_vehicles(**{_CLASSES: (VEHICLE, ItemClassification(Identifier("1", "QQ")))}))

# ---- BR-DEX

_ATTACHED: Final = "additional_supporting_documents[0].attached_document"
breaks("BR-DEX-01", extended(**{_ATTACHED: Attachment(b"a", "text/plain", "a.txt")}))
breaks("BR-DEX-02", extended(**{"lines[0].sub_lines[0].net_amount": number("61.00")}), cii=None)
breaks("BR-DEX-03", extended(**{"lines[0].sub_lines[0].vat_information": None}), cii=None)
_FOREIGN: Final = Identifier("123", "ZZ")
breaks("BR-DEX-04", extended(buyer__identifiers=(_FOREIGN,)))
breaks("BR-DEX-04 SEPA", extended(buyer__identifiers=(Identifier("1", "SEPA"),)))
breaks("BR-DEX-04 last of the list", extended(buyer__identifiers=(Identifier("1", "0244"),)))
breaks("BR-DEX-05", extended(buyer__legal_registration_identifier=_FOREIGN))
breaks("BR-DEX-06", extended(**{"lines[1].item_information.standard_identifier": _FOREIGN}))
breaks("BR-DEX-07", extended(buyer__electronic_address=_FOREIGN))
breaks("BR-DEX-08", extended(delivery_information__deliver_to_location_identifiers=(_FOREIGN,)))
breaks("BR-DEX-09", extended(totals__amount_due_for_payment=number("200.00")), cii=None)


def _third_party(**changes: Any) -> Invoice:  # noqa: ANN401 -- fields of a third party payment
    payment = structs.replace(ThirdPartyPayment("deposit", number("7.00"), "Cup"), **changes)
    return extended(extension=InvoiceExtension(third_party_payments=(payment,)))


breaks("BR-DEX-10", _third_party(type=None), cii=None)
breaks(
    "BR-DEX-11",
    extended(totals__amount_due_for_payment=number("200.00")),
    ubl="BR-DEX-14",
    cii=None,
    in_ubl={'<cbc:PaidAmount currencyID="EUR">7.00</cbc:PaidAmount>': ""},
)
breaks("BR-DEX-12", _third_party(description=None), cii=None)
breaks("BR-DEX-13", _third_party(amount=number("7.000")), cii=None)
breaks(
    "BR-DEX-14", extended(), cii=None, in_ubl={'<cbc:PaidAmount currencyID="EUR">': '<cbc:PaidAmount currencyID="SEK">'}
)
breaks("BR-DEX-15", extended(**{"lines[1].extension": LineExtension(parent_line_identifier="1")}), ubl=None)

# ---- BR-TMP

_ELSEWHERE: Final = AdditionalSupportingDocument(reference="plan", external_document_location="plan.pdf")
breaks("BR-TMP-2", german(additional_supporting_documents=(_ELSEWHERE,)))
_GROSS_BASE: Final = "lines[0].price_details.gross_price_base_quantity"
breaks("BR-TMP-3", german(**{_GROSS_BASE: number("2")}), ubl=None)
_GROSS_UNIT: Final = f"{_GROSS_BASE}_unit_of_measure_code"
breaks("BR-TMP-3 unit", german(**{_GROSS_BASE: number("1"), _GROSS_UNIT: "KGM"}), ubl=None, cii="PEPPOL-EN16931-R130")

# ---- PEPPOL-EN16931

breaks("PEPPOL-EN16931-R001", german(process_control__business_process_type=None))
_TWO: Final = {
    "vat_accounting_currency_code": "SEK",
    "totals.invoice_total_vat_amount_in_accounting_currency": number("430"),
}
breaks(
    "PEPPOL-EN16931-R005",
    german(**_TWO),
    cii="PEPPOL-EN16931-R053 PEPPOL-EN16931-R054",
    in_ubl={"TaxCurrencyCode>SEK": "TaxCurrencyCode> EUR"},
    in_cii={"TaxCurrencyCode>SEK": "TaxCurrencyCode>EUR", 'currencyID="SEK"': 'currencyID="EUR"'},
)
breaks("PEPPOL-EN16931-R008", german(buyer_accounting_reference=""))
breaks("PEPPOL-EN16931-R010", german(buyer__electronic_address=None))
breaks("PEPPOL-EN16931-R020", german(seller__electronic_address=None))
breaks("PEPPOL-EN16931-R040", german(**{"lines[0].charges[0].percentage": number("11")}))
breaks("PEPPOL-EN16931-R041", german(**{"lines[0].charges[0].base_amount": None}))
breaks("PEPPOL-EN16931-R042", german(**{"document_level_charges[0].percentage": None}))
breaks(
    "PEPPOL-EN16931-R043",
    german(),
    cii=None,
    in_ubl={"<cbc:ChargeIndicator>false": "<cbc:ChargeIndicator>0"},
)
_INDICATOR: Final = "<udt:Indicator>"
breaks(
    "PEPPOL-EN16931-R043-1",
    german(),
    ubl=None,
    cii="PEPPOL-EN16931-R120",
    in_cii={f"{_INDICATOR}true": f"{_INDICATOR}1"},
)
breaks(
    "PEPPOL-EN16931-R043-2",
    german(),
    ubl=None,
    cii="PEPPOL-EN16931-R044",
    in_cii={f"{_INDICATOR}false": f"{_INDICATOR}0"},
)
_DISCOUNT: Final = '</cbc:ChargeIndicator>\n        <cbc:Amount currencyID="EUR">1.00<'
breaks(
    "PEPPOL-EN16931-R044",
    german(),
    in_ubl={f"false{_DISCOUNT}": f"true{_DISCOUNT}"},
    in_cii={f"{_INDICATOR}false": f"{_INDICATOR}true"},
)
breaks("PEPPOL-EN16931-R046", german(**{"lines[0].price_details.item_gross_price": number("12.00")}))
breaks("PEPPOL-EN16931-R053", german(vat_breakdown=()), ubl="PEPPOL-EN16931-R054", cii=None)
_TOTAL: Final = '<ram:TaxTotalAmount currencyID="EUR">39.90</ram:TaxTotalAmount>'
breaks("PEPPOL-EN16931-R053 twice", german(), ubl=None, in_cii={_TOTAL: _TOTAL + _TOTAL})
breaks(
    "PEPPOL-EN16931-R054",
    german(vat_accounting_currency_code="SEK"),
    ubl="PEPPOL-EN16931-R055",
    cii="PEPPOL-EN16931-R055",
)
breaks(
    "PEPPOL-EN16931-R055", german(**(_TWO | {"totals.invoice_total_vat_amount_in_accounting_currency": number("-430")}))
)
breaks("PEPPOL-EN16931-R061", _debited(mandate_reference_identifier=None))
_OBJECT: Final = {
    "ubl": "M-7</cbc:ID>\n      <cbc:DocumentTypeCode>",
    "cii": "M-7</ram:IssuerAssignedID>\n          <ram:TypeCode>",
}
breaks(
    "PEPPOL-EN16931-R101",
    german(),
    in_ubl={f"{_OBJECT['ubl']}130": f"{_OBJECT['ubl']}916"},
    in_cii={f"{_OBJECT['cii']}130": f"{_OBJECT['cii']}916"},
)
breaks("PEPPOL-EN16931-R110", german(**{"lines[0].period.start_date": date(2026, 2, 28)}))
breaks("PEPPOL-EN16931-R111", german(**{"lines[0].period.end_date": date(2026, 4, 1)}))
breaks("PEPPOL-EN16931-R120", german(**{"lines[0].net_amount": number("100.03")}))
breaks(
    "PEPPOL-EN16931-R121",
    german(**{"lines[0].price_details.item_price_base_quantity": number("0")}),
)
breaks(
    "PEPPOL-EN16931-R130",
    german(**{"lines[0].price_details.item_price_base_quantity_unit_of_measure_code": "KGM"}),
)
