# SPDX-License-Identifier: Apache-2.0
"""BR-CL-01, -03, -08 and -10: codes that need more than a look into a list (EN 16931-1, 6.4.3)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from einvoice.model import DocumentTotals, Invoice, InvoiceNote, Reading
from einvoice.rules.en16931.tax_totals import MONETARY
from einvoice.rules.leaves import Leaves
from einvoice.rules.places import value_of
from einvoice.rules.registry import Miss, rule
from einvoice.rules.rows import CodeList, in_one_text

_INVOICE: Final = CodeList("untdid-1001-invoice")
_CREDIT_NOTE: Final = CodeList("untdid-1001-credit-note")


@rule("BR-CL-01", syntax="ubl", reads="BT-3")
def br_cl_01_ubl(
    reading: Reading, *, invoice: CodeList = _INVOICE, credit_note: CodeList = _CREDIT_NOTE
) -> Iterator[Miss]:
    """The type code is one that an invoice, or a credit note, may have (UNTDID 1001).

    A UBL invoice and a UBL credit note have lists of their own; an invoice that never was XML has both.
    """
    if reading.syntax == "ubl-invoice":
        yield from _type_code(reading, invoice)
    elif reading.syntax == "ubl-creditnote":
        yield from _type_code(reading, credit_note)
    else:
        yield from _type_code(reading, invoice, credit_note)


@rule("BR-CL-01", syntax="cii", reads="BT-3")
def br_cl_01_cii(
    reading: Reading, *, invoice: CodeList = _INVOICE, credit_note: CodeList = _CREDIT_NOTE
) -> Iterator[Miss]:
    """The type code is one that an invoice, or a credit note, may have (UNTDID 1001)."""
    yield from _type_code(reading, invoice, credit_note)


def _type_code(reading: Reading, *lists: CodeList) -> Iterator[Miss]:
    code = reading.invoice.type_code
    if code is None:
        return
    for one in lists:
        if one.takes(code):
            return
    yield Miss("BT-3", code, why=f"not in {' or '.join(one.name for one in lists)}")


# ---- currencies

_CURRENCIES: Final = CodeList("iso-4217")
AMOUNTS: Final = tuple(
    f"cbc:{name}/@currencyID"
    for name in [
        "Amount",
        "BaseAmount",
        "PriceAmount",
        "TaxAmount",
        "TaxableAmount",
        "LineExtensionAmount",
        "TaxExclusiveAmount",
        "TaxInclusiveAmount",
        "AllowanceTotalAmount",
        "ChargeTotalAmount",
        "PrepaidAmount",
        "PayableRoundingAmount",
        "PayableAmount",
    ]
)
"""Where UBL states the currency of an amount that BR-CL-03 is asked of."""


@rule(
    "BR-CL-03",
    syntax="ubl",
    reads="BT-5 BT-6 BT-111 BT-110 BT-116 BT-117 BT-92 BT-99 BT-131 BT-146 "
    + " ".join(f"totals.{name}" for name in MONETARY),
    unreadable="own",
)
def br_cl_03_ubl(reading: Reading, leaves: Leaves, *, currencies: CodeList = _CURRENCIES) -> Iterator[Miss]:
    """Every amount is in a currency of ISO 4217.

    Amounts are in the currency of the invoice (BT-5), the VAT total of BT-111 in that of BT-6; another currency is
    among the leaves that reading remarked.
    """
    invoice = reading.invoice
    if not currencies.takes(invoice.currency_code or "") and _some_amount_in_invoice_currency(invoice, leaves):
        yield currencies.miss(invoice.currency_code or "", "currency_code")
    yield from _currency_of_vat(invoice, currencies)
    for leaf in leaves.ending(*AMOUNTS):
        if not currencies.takes(leaf.value):
            yield currencies.miss(leaf.value, leaf=leaf)


@rule("BR-CL-03", syntax="cii", reads="BT-5 BT-6 BT-110 BT-111")
def br_cl_03_cii(reading: Reading, leaves: Leaves, *, currencies: CodeList = _CURRENCIES) -> Iterator[Miss]:
    """Every VAT total is in a currency of ISO 4217; CII states it with no other amount.

    A total that states no currency is not asked: reading takes it for one in the currency of the invoice (BT-5), and
    remarks that it says nothing.
    """
    invoice, stated = reading.invoice, tuple(leaves.ending("ram:TaxTotalAmount/@currencyID"))
    currency = invoice.currency_code
    vat = invoice.totals.invoice_total_vat_amount if invoice.totals is not None else None
    told = vat is None or not {leaf.value.strip() for leaf in stated}.isdisjoint({"", currency})
    if currency is not None and not told and not currencies.takes(currency):
        yield currencies.miss(currency, "currency_code")
    yield from _currency_of_vat(invoice, currencies)
    for leaf in stated:
        if leaf.reason != "spelled" and not currencies.takes(leaf.value):
            yield currencies.miss(leaf.value, leaf=leaf)


def _some_amount_in_invoice_currency(invoice: Invoice, leaves: Leaves) -> bool:
    """Whether an amount is in the currency of the invoice: not if reading remarked another one with each of them."""
    totals = invoice.totals or DocumentTotals()
    prices = [line.price_details.item_net_price for line in invoice.lines if line.price_details is not None]
    allowances = [one.amount for one in invoice.document_level_allowances]
    charges = [one.amount for one in invoice.document_level_charges]
    amounts = {
        "LineExtensionAmount": [totals.sum_of_invoice_line_net_amount, *(line.net_amount for line in invoice.lines)],
        "PriceAmount": prices,
        "TaxableAmount": [one.taxable_amount for one in invoice.vat_breakdown],
        "TaxAmount": [totals.invoice_total_vat_amount, *(one.tax_amount for one in invoice.vat_breakdown)],
        "Amount": allowances + charges,
        "TaxExclusiveAmount": [totals.invoice_total_amount_without_vat],
        "TaxInclusiveAmount": [totals.invoice_total_amount_with_vat],
        "AllowanceTotalAmount": [totals.sum_of_allowances_on_document_level],
        "ChargeTotalAmount": [totals.sum_of_charges_on_document_level],
        "PrepaidAmount": [totals.paid_amount],
        "PayableRoundingAmount": [totals.rounding_amount],
        "PayableAmount": [totals.amount_due_for_payment],
    }
    return any(
        sum(amount is not None for amount in found) > sum(1 for _ in leaves.ending(f"cbc:{name}/@currencyID"))
        for name, found in amounts.items()
    )


def _currency_of_vat(invoice: Invoice, currencies: CodeList) -> Iterator[Miss]:
    currency, totals = invoice.vat_accounting_currency_code, invoice.totals
    if currency is None or totals is None or currencies.takes(currency):
        return
    if totals.invoice_total_vat_amount_in_accounting_currency is not None:
        yield currencies.miss(currency, "vat_accounting_currency_code")


_SUBJECTS: Final = CodeList("untdid-4451", syntax="ubl")


@rule("BR-CL-08", syntax="ubl", reads="BT-21 BT-22")
def br_cl_08_ubl(note: InvoiceNote, *, subjects: CodeList = _SUBJECTS) -> Iterator[Miss]:
    """The subject of a note is a code of UNTDID 4451.

    UBL writes it into the text, between the first two ``#``; three characters there are taken for a code, and looked
    for in one text of all codes.
    """
    text = note.note or ""
    if note.subject_code is not None:
        text = f"#{note.subject_code}#{text}"
    _, mark, rest = text.partition("#")
    code, end, _ = rest.partition("#")
    if mark and end and len(code) == 3 and code not in in_one_text(subjects.codes):  # noqa: PLR2004
        yield Miss("BT-21", code, why="not in untdid-4451")


# ---- identifiers of parties

_COUNTRIES: Final = CodeList("iso-3166-1", syntax="cii")
_ICD: Final = CodeList("iso-6523")
_ICD_OR_SEPA: Final = CodeList("iso-6523", extra=frozenset({"SEPA"}))
_REPRESENTATIVE: Final = "seller_tax_representative.extension"
_representative: Final = value_of(_REPRESENTATIVE)
_SEPA_PARTIES: Final = ("/cac:AccountingSupplierParty", "/cac:PayeeParty")


@rule("BR-CL-10", syntax="ubl", reads="BT-29 BT-46 BT-60 BT-X-116")
def br_cl_10_ubl(
    invoice: Invoice, leaves: Leaves, *, icd: CodeList = _ICD, icd_or_sepa: CodeList = _ICD_OR_SEPA
) -> Iterator[Miss]:
    """The scheme of a party's identifier is a code of ISO 6523; with the seller and the payee it may be SEPA."""
    for name, party, taken in (
        ("seller", invoice.seller, icd_or_sepa),
        ("payee", invoice.payee, icd_or_sepa),
        ("buyer", invoice.buyer, icd),
        (_REPRESENTATIVE, _representative(invoice), icd),
    ):
        for index, one in enumerate(party.identifiers if party is not None else ()):
            if one.scheme is not None and not taken.takes(one.scheme):
                yield taken.miss(one.scheme, f"{name}.identifiers[{index}].scheme")
    for leaf in leaves.ending("cac:PartyIdentification/cbc:ID/@schemeID"):
        taken = icd_or_sepa if any(party in leaf.path for party in _SEPA_PARTIES) else icd
        if not taken.takes(leaf.value):
            yield taken.miss(leaf.value, leaf=leaf)


@rule("BR-CL-15", syntax="cii", reads="BT-159", unreadable="own")
def br_cl_15_cii(reading: Reading, leaves: Leaves, *, countries: CodeList = _COUNTRIES) -> Iterator[Miss]:
    """The country of origin of an item is a code of ISO 3166-1.

    CII's test does not see a country that names a scheme: BR-CL-11 takes every identifier with a scheme before.
    """
    end = "ram:OriginTradeCountry/ram:ID"
    schemes = {leaf.path for leaf in leaves.ending(f"{end}/@schemeID")}
    taken = leaves.in_lines(f"{end}/@schemeID")
    for index, line in enumerate(reading.invoice.lines):
        code = line.item_information.country_of_origin if line.item_information is not None else None
        if code is not None and index not in taken and not countries.takes(code):
            yield countries.miss(code, f"/lines[{index}].item_information.country_of_origin")
    for leaf in leaves.ending(end):
        if f"{leaf.path}/@schemeID" not in schemes and not (leaf.value and countries.takes(leaf.value)):
            yield countries.miss(leaf.value, leaf=leaf)
