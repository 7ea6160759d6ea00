# SPDX-License-Identifier: Apache-2.0
"""The hooks: where a syntax holds a term in another form, the way there and the way back are a law."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from einvoice.bind import hooks, hooks_payment, open_document, write
from einvoice.bind.losses import _leaves
from einvoice.model import (
    CreditTransfer,
    DirectDebit,
    Identifier,
    Invoice,
    InvoiceLine,
    InvoiceNote,
    PaymentInstructions,
    PaymentMeans,
    PriceAllowance,
    PriceDetails,
    Seller,
    SellerContact,
    VatBreakdown,
)
from einvoice.model.extensions import InvoiceExtension, LineExtension, LineNote, PaymentTerms
from tests.strategies import groups

if TYPE_CHECKING:
    from collections.abc import Callable

    from msgspec import Struct

    Hook = Callable[[Any], Any]

# The way back from a syntax, the way there, and what they work on.
PAIRS: dict[type, tuple[Hook, Hook]] = {
    InvoiceNote: (hooks.split_note, hooks.join_note),
    InvoiceLine: (hooks.first_of_line, hooks.all_of_line),
    PriceDetails: (hooks.first_discount, hooks.all_discounts),
    PaymentInstructions: (hooks_payment.once, hooks_payment.with_each),
    CreditTransfer: (hooks_payment.one_account, hooks_payment.which_account),
}
# What a syntax demands, or writes in its own words; a second time changes nothing.
ONE_WAY: dict[Hook, type] = {
    hooks.stated_gross: PriceDetails,
    hooks.stated_discount: PriceDetails,
    hooks.contact_name: SellerContact,
    hooks.tax_number: Seller,
}
# Made of the ones above; their laws are those of whole documents (tests/property).
WHOLE = {
    hooks.after_ubl,
    hooks.after_creditnote,
    hooks.after_cii,
    hooks.before_ubl,
    hooks.before_creditnote,
    hooks.before_cii,
    hooks.before_cii_line,
}


def values(group: Struct) -> Counter[str]:
    """The values of a group, wherever they stand in it."""
    return Counter(leaf.text for leaf in _leaves(group, "", "") if leaf.text)


def test_every_hook_is_under_a_law() -> None:
    used = {
        hook
        for table in (hooks.AFTER_READING, hooks.BEFORE_WRITING)
        for some in table.values()
        for hook in some.values()
    }
    assert used <= {hook for pair in PAIRS.values() for hook in pair} | ONE_WAY.keys() | WHOLE


@pytest.mark.parametrize("cls", PAIRS)
@given(data=st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_there_and_back_is_the_same_from_the_first_time_on(cls: type[Struct], data: st.DataObject) -> None:
    """What was read, written and read again is what was read."""
    back, there = PAIRS[cls]
    read = back(there(data.draw(groups(cls))))
    assert back(there(read)) == read


@pytest.mark.parametrize("cls", [InvoiceLine, PriceDetails, PaymentInstructions, CreditTransfer])
@given(data=st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_way_there_drops_no_value(cls: type[Struct], data: st.DataObject) -> None:
    _, there = PAIRS[cls]
    group = data.draw(groups(cls))
    assert set(values(group)) <= set(values(there(group)))


@pytest.mark.parametrize("hook", ONE_WAY)
@given(data=st.data())
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_a_syntax_demands_is_added_once(hook: Hook, data: st.DataObject) -> None:
    group = data.draw(groups(ONE_WAY[hook]))
    assert hook(hook(group)) == hook(group)


@pytest.mark.parametrize(
    ("written", "note"),
    [
        ("#AAI#Text", InvoiceNote("AAI", "Text")),
        ("#AAI#", InvoiceNote("AAI", "")),
        ("#AAI#two\nlines", InvoiceNote("AAI", "two\nlines")),
        ("#AAI##REG#Text", InvoiceNote("AAI", "#REG#Text")),
        ("#aai#Text", InvoiceNote(note="#aai#Text")),
        ("#AAIB#Text", InvoiceNote(note="#AAIB#Text")),
        (" #AAI#Text", InvoiceNote(note=" #AAI#Text")),
        ("Text #AAI#", InvoiceNote(note="Text #AAI#")),
    ],
)
def test_ubl_writes_the_subject_code_into_the_note(written: str, note: InvoiceNote) -> None:
    assert hooks.split_note(InvoiceNote(note=written)) == note
    assert hooks.join_note(note) == InvoiceNote(note=written)


def test_of_several_notes_of_a_line_the_first_is_the_lines_own() -> None:
    notes = (LineNote("one", "AAI", "X"), LineNote("two"))
    read = hooks.first_of_line(InvoiceLine(extension=LineExtension(additional_notes=notes)))
    assert read.note == "one"
    assert read.extension == LineExtension(
        note_subject_code="AAI", note_content_code="X", additional_notes=(LineNote("two"),)
    )
    plain = hooks.first_of_line(InvoiceLine(extension=LineExtension(additional_notes=notes[1:])))
    assert plain == InvoiceLine(note="two"), "an extension that says nothing more is none"


def test_a_note_or_a_discount_that_says_nothing_does_not_hide_the_next_one() -> None:
    line = InvoiceLine(extension=LineExtension(additional_notes=(LineNote(), LineNote("two"))))
    assert hooks.first_of_line(line) == InvoiceLine(note="two")
    price = PriceDetails(further_discounts=(PriceAllowance(), PriceAllowance(Decimal(2))))
    assert hooks.first_discount(price) == PriceDetails(item_price_discount=Decimal(2))
    assert hooks.first_discount(PriceDetails(further_discounts=(PriceAllowance(),))) == PriceDetails()


@pytest.mark.parametrize(
    ("number", "scheme", "own"),
    [
        ("DE89370400440532013000", None, None),
        ("12345678", None, "12345678"),
        ("DE89370400440532013000", "proprietary", "DE89370400440532013000"),
        ("12345678", "IBAN", None),
    ],
)
def test_cii_tells_an_iban_from_another_number(number: str, scheme: str | None, own: str | None) -> None:
    transfer = CreditTransfer(payment_account_identifier=number, account_scheme=scheme)
    written = hooks_payment.which_account(transfer)
    assert written.proprietary_account_identifier == own
    assert (written.payment_account_identifier is None) == (own is not None)


def test_several_accounts_become_several_means_and_what_they_share_stands_once() -> None:
    transfers = tuple(CreditTransfer(payment_account_identifier=number) for number in ("A", "B"))
    payment = PaymentInstructions((PaymentMeans("58", credit_transfers=transfers),), remittance_information="R-1")
    written = hooks_payment.with_each(payment)
    assert [means.remittance_information for means in written.means] == ["R-1", "R-1"]
    assert [means.credit_transfers for means in written.means] == [(transfers[0],), (transfers[1],)]
    read = hooks_payment.once(PaymentInstructions(written.means))
    assert read.remittance_information == "R-1"
    assert [means.remittance_information for means in read.means] == [None, None]


def test_a_means_that_says_something_else_keeps_it() -> None:
    means = (PaymentMeans("58", remittance_information="R-1"), PaymentMeans("30", remittance_information="R-2"))
    read = hooks_payment.once(PaymentInstructions(means))
    assert read.remittance_information == "R-1"
    assert [one.remittance_information for one in read.means] == [None, "R-2"]


def test_the_mandate_is_written_with_the_debit_alone() -> None:
    debit = DirectDebit(mandate_reference_identifier="M", debited_account_identifier="A")
    payment = PaymentInstructions((PaymentMeans("58"), PaymentMeans("59")), direct_debit=debit)
    written = hooks_payment.with_each(payment)
    assert [means.mandate_reference_identifier for means in written.means] == [None, "M"]
    assert hooks_payment.once(PaymentInstructions(written.means)) == payment


@pytest.mark.parametrize(
    ("scheme", "written"),
    [("TAX", "FC"), ("GST", "FC"), (None, "FC"), ("FC", "FC"), ("", ""), ("201", "201")],
)
def test_cii_has_a_scheme_for_the_tax_number_where_ubl_names_a_tax(scheme: str | None, written: str) -> None:
    seller = hooks.tax_number(Seller(tax_registration_identifier=Identifier("1", scheme)))
    assert seller.tax_registration_identifier == Identifier("1", written)


@pytest.mark.parametrize("code", ["3", "35", "432", "77"])
def test_the_tax_point_stands_with_each_breakdown_in_cii(code: str) -> None:
    """BT-7 and BT-8 are stated once in the model; a code that has no counterpart is written as it stands."""
    invoice = Invoice(
        value_added_tax_point_date=date(2026, 3, 31),
        value_added_tax_point_date_code=code,
        vat_breakdown=(VatBreakdown(tax_amount=Decimal(1)), VatBreakdown(tax_amount=Decimal(2))),
    )
    written = write(invoice, "cii")
    assert written.count(b"<ram:DueDateTypeCode>") == written.count(b"<ram:TaxPointDate>") == 2
    assert open_document(written).reading().invoice == invoice


def test_a_breakdown_with_a_tax_point_of_its_own_keeps_it() -> None:
    own = VatBreakdown(tax_point_date=date(2026, 4, 30))
    read = hooks.after_cii(Invoice(vat_breakdown=(VatBreakdown(tax_point_date=date(2026, 3, 31)), own)))
    assert read.value_added_tax_point_date == date(2026, 3, 31)
    assert read.vat_breakdown == (VatBreakdown(), own)


@pytest.mark.parametrize("syntax", ["ubl-invoice", "ubl-creditnote", "cii"])
def test_the_due_date_comes_back_wherever_a_syntax_keeps_it(syntax: str) -> None:
    """BT-9: an element of the UBL invoice, of a means in the credit note, of the payment terms in CII."""
    payment = PaymentInstructions((PaymentMeans("58"), PaymentMeans("30")))
    terms = InvoiceExtension(payment_terms=(PaymentTerms(partial_payment_amount=Decimal(1)),))
    invoice = Invoice(
        payment_due_date=date(2026, 4, 30), payment_terms="30 days", payment_instructions=payment, extension=terms
    )
    read = open_document(write(invoice, syntax)).reading().invoice
    assert (read.payment_due_date, read.payment_terms) == (date(2026, 4, 30), "30 days")
    assert read.extension == terms
