# SPDX-License-Identifier: Apache-2.0
"""A payment code says exactly what the invoice asks for, or there is none and the reason is said."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from stdnum import iban as stdnum_iban

from einvoice.errors import OutputError
from einvoice.model import (
    Buyer,
    BuyerPostalAddress,
    CreditTransfer,
    DocumentTotals,
    Invoice,
    Payee,
    PaymentInstructions,
    PaymentMeans,
    Seller,
    SellerPostalAddress,
)
from einvoice.model.payment_codes import payment_codes, transfer_of
from einvoice.model.payment_codes.epc import LARGEST_PAYLOAD
from tests.strategies import invoices

GERMAN = "DE89 3704 0044 0532 0130 00"
SWISS = "CH93 0076 2011 6238 5295 7"
SWISS_QR = "CH44 3199 9123 0008 8901 2"
QR_REFERENCE = "210000000003139471430009017"


def asking(account: str = GERMAN, **changes: Any) -> Invoice:  # noqa: ANN401 - any term, or part of the payment
    """An invoice that asks for a transfer; ``means``, ``reference`` and ``amount`` are shorthand."""
    means, reference = changes.pop("means", "58"), changes.pop("reference", None)
    amount = changes.pop("amount", Decimal("1234.5"))
    plain = Invoice(
        number="2026-0042",
        type_code="380",
        currency_code="EUR",
        seller=Seller(
            name="Nordwind Wérkzeuge GmbH",
            postal_address=SellerPostalAddress("Hafenstraße 12", None, None, "Bern", "3000", None, "CH"),
        ),
        buyer=Buyer(
            name="Est SARL",
            postal_address=BuyerPostalAddress("27 rue de la Gare", None, None, "Genève", "1201", None, "CH"),
        ),
        payment_instructions=PaymentInstructions(
            means=(PaymentMeans(means, None, (CreditTransfer(account, None, "cobadeffxxx"),)),),
            remittance_information=reference,
        ),
        totals=DocumentTotals(amount_due_for_payment=amount),
    )
    return replace(plain, **changes)


LONG = SellerPostalAddress("A", None, None, "B", "3", None, "CH")


def payload(invoice: Invoice) -> list[str]:
    code = payment_codes(invoice)
    assert code is not None
    return code.payload.split("\n")


def refused(invoice: Invoice) -> str:
    with pytest.raises(OutputError) as caught:
        payment_codes(invoice)
    assert caught.value.code == "PAYMENT_CODE"
    return str(caught.value)


# ---------------------------------------------------------------------------------------------------- European


def test_a_transfer_in_euro_has_the_european_code() -> None:
    assert payload(asking()) == [
        "BCD", "002", "1", "SCT", "COBADEFFXXX", "Nordwind Wérkzeuge GmbH", "DE89370400440532013000", "EUR1234.50",
        "", "", "2026-0042",
    ]  # fmt: skip


def test_a_creditor_reference_is_structured_and_ends_the_payload() -> None:
    assert payload(asking(reference="RF18 5390 0754 7034"))[8:] == ["", "RF18539007547034"]


def test_a_creditor_reference_with_wrong_check_digits_is_refused() -> None:
    assert "RF19539007547034 (BT-83)" in refused(asking(reference="RF19 5390 0754 7034"))


def test_a_text_stays_on_one_line_and_is_never_cut() -> None:
    assert payload(asking(reference=" Rechnung\r\n42\t/ Mai "))[-1] == "Rechnung 42 / Mai"
    assert payload(asking(reference="x" * 140))[-1] == "x" * 140
    assert "141 characters" in refused(asking(reference="x" * 141))


def test_a_payload_has_at_most_331_bytes() -> None:
    largest = asking(reference="é" * 100)
    assert len("\n".join(payload(largest)).encode()) <= LARGEST_PAYLOAD
    assert "331" in refused(asking(reference="é" * 140))


@pytest.mark.parametrize("amount", ["0.01", "999999999.99", "5", "7.10", "1E+2"])
def test_an_amount_is_written_with_two_decimals(amount: str) -> None:
    assert payload(asking(amount=Decimal(amount)))[7] == f"EUR{Decimal(amount):.2f}"


@pytest.mark.parametrize(("amount", "reason"), [("12.345", "more decimals"), ("1000000000", "more than 999999999.99")])
def test_an_amount_is_never_rounded_nor_cut(amount: str, reason: str) -> None:
    assert reason in refused(asking(amount=Decimal(amount)))


@pytest.mark.parametrize("amount", [None, Decimal(0), Decimal(-5)])
def test_there_is_no_code_for_nothing_to_pay(amount: Decimal | None) -> None:
    assert payment_codes(asking(amount=amount)) is None


def test_a_wrong_iban_has_no_code() -> None:
    assert "DE88370400440532013000 (BT-84)" in refused(asking("DE88370400440532013000"))


@pytest.mark.parametrize("means", ["59", "49", "48", "54", "10", "97"])
def test_what_is_not_transferred_has_no_code(means: str) -> None:
    assert payment_codes(asking(means=means)) is None


@pytest.mark.parametrize("code", ["381", "261", "396"])
def test_a_credit_note_has_no_code(code: str) -> None:
    assert payment_codes(asking(type_code=code)) is None


def test_an_account_that_is_no_iban_has_no_code() -> None:
    assert payment_codes(asking("0532013000")) is None
    assert payment_codes(replace(asking(), payment_instructions=None)) is None


def test_another_currency_has_no_european_code() -> None:
    assert payment_codes(asking(currency_code="PLN")) is None
    assert payment_codes(asking("SA0380000000608010167519")) is None


@pytest.mark.parametrize("account", ["GB29 NWBK 6016 1331 9268 19", "MC58 1122 2000 0101 2345 6789 030"])
def test_an_account_outside_the_economic_area_needs_the_bank(account: str) -> None:
    """Within it the account says enough (EPC069-12, version 2); beyond, the BIC stays mandatory."""
    assert "COBADEFFXXX" in payload(asking(account))
    without = PaymentInstructions(means=(PaymentMeans("58", None, (CreditTransfer(account),)),))
    assert "BT-86" in refused(asking(payment_instructions=without))


@pytest.mark.parametrize("account", [GERMAN, "NO93 8601 1117 947", "LI21 0881 0000 2324 013A A"])
def test_an_account_within_the_economic_area_needs_no_bank(account: str) -> None:
    without = PaymentInstructions(means=(PaymentMeans("58", None, (CreditTransfer(account),)),))
    abroad = Buyer(name="Est SARL", postal_address=BuyerPostalAddress(None, None, None, "Lyon", "69001", None, "FR"))
    assert payload(asking(payment_instructions=without, buyer=abroad))[4] == ""


@pytest.mark.parametrize(
    ("stated", "country", "taken"),
    [("CH-2501", "CH", "2501"), ("ch 2501", "CH", "2501"), ("FL-9490", "LI", "9490"), ("LI - 9490", "LI", "9490"),
     ("D-79098", "DE", "79098"), ("DE-79098", "DE", "79098"), ("2501", "CH", "2501"), ("D-79098", "CH", "D-79098"),
     ("W1A 1AA", "GB", "W1A 1AA"), ("1012 AB", "NL", "1012 AB")],
)  # fmt: skip
def test_a_post_code_stands_without_the_sign_of_its_country(stated: str, country: str, taken: str) -> None:
    """The country has an element of its own in a QR-bill (Implementation Guidelines 2.3, 4.2.2)."""
    place = BuyerPostalAddress("Rue 1", None, None, "Biel", stated, None, country)
    assert payload(asking(SWISS, currency_code="CHF", buyer=Buyer(name="Est SARL", postal_address=place)))[24] == taken


def test_the_creditor_is_the_holder_of_the_account_the_payee_or_the_seller() -> None:
    assert payload(asking(payee=Payee(name="Factoring AG")))[5] == "Factoring AG"
    account = PaymentInstructions(means=(PaymentMeans("58", None, (CreditTransfer(GERMAN, "A" * 71),)),))
    assert payload(asking(payment_instructions=account))[5] == "A" * 70
    assert "nobody" in refused(asking(seller=None))


# ------------------------------------------------------------------------------------------------------- Swiss


def test_a_transfer_in_francs_has_the_code_of_a_qr_bill() -> None:
    assert payload(asking(SWISS, currency_code="CHF")) == [
        "SPC", "0200", "1", "CH9300762011623852957",
        "S", "Nordwind Wérkzeuge GmbH", "Hafenstraße 12", "", "3000", "Bern", "CH",
        "", "", "", "", "", "", "",
        "1234.50", "CHF",
        "S", "Est SARL", "27 rue de la Gare", "", "1201", "Genève", "CH",
        "NON", "", "2026-0042", "EPD",
    ]  # fmt: skip


def test_a_qr_reference_goes_with_a_qr_iban_only() -> None:
    assert payload(asking(SWISS_QR, reference="21 00000 00003 13947 14300 09017"))[27:30] == ["QRR", QR_REFERENCE, ""]
    assert "no QR-IBAN" in refused(asking(SWISS, reference=QR_REFERENCE))
    assert "no valid QR reference" in refused(asking(SWISS_QR, reference="RF18539007547034"))
    assert "no valid QR reference" in refused(asking(SWISS_QR, reference=QR_REFERENCE[:-1] + "8"))


def test_a_creditor_reference_goes_with_an_iban() -> None:
    assert payload(asking(SWISS, reference="RF18539007547034"))[27:30] == ["SCOR", "RF18539007547034", ""]


def test_a_payer_abroad_gets_the_european_code_for_euro() -> None:
    abroad = Buyer(name="Est", postal_address=BuyerPostalAddress("Rue", None, None, "Lyon", "69001", None, "FR"))
    assert payload(asking(SWISS, buyer=abroad))[0] == "BCD"
    assert payload(asking(SWISS, buyer=abroad, currency_code="CHF"))[0] == "SPC"
    assert payload(asking(SWISS))[0] == "SPC"
    assert payment_codes(asking(SWISS, currency_code="USD")) is None


def test_a_payer_whose_address_is_incomplete_is_left_to_be_filled_in() -> None:
    assert payload(asking(SWISS, buyer=Buyer(name="Est SARL")))[20:27] == [""] * 7


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"seller": Seller(name="Nordwind")}, "the creditor (BG-5) lacks"),
        ({"reference": "x" * 141}, "141 characters"),
        ({"reference": "東京"}, "U+6771"),
        (
            {
                "seller": Seller(
                    name="N" * 71, postal_address=SellerPostalAddress("A", None, None, "B", "3", None, "CH")
                )
            },
            "name has more than the 70",
        ),
    ],
    ids=["no address", "long text", "no Latin", "long name"],
)
def test_what_a_qr_bill_cannot_say_is_refused(changes: dict[str, Any], reason: str) -> None:
    assert reason in refused(asking(SWISS, **changes))


# ------------------------------------------------------------------------------------------------------ always


@given(invoices())
def test_any_invoice_has_a_code_none_or_a_reason(drawn: Invoice) -> None:
    try:
        code = payment_codes(drawn)
    except OutputError as error:
        assert error.code == "PAYMENT_CODE"  # noqa: PT017 - the other outcomes are no exception
    else:
        assert code is None or code.payload


@given(st.from_regex(r"(DE|FR|NL|CH)[0-9]{2}[0-9A-Z]{15,23}", fullmatch=True))
def test_no_code_asks_to_pay_to_an_account_that_cannot_be(number: str) -> None:
    try:
        transfer = transfer_of(asking(number))
    except OutputError:
        return
    assert transfer is None or stdnum_iban.is_valid(transfer.iban)
