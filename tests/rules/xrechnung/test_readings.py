# SPDX-License-Identifier: Apache-2.0
"""What stands in elements, as the publisher's tests take it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from einvoice.rules.xrechnung.br_de_payment import is_iban
from einvoice.rules.xrechnung.readings import within


def test_a_number_may_be_as_far_from_another_as_the_slack() -> None:
    slack = Decimal("0.02")
    assert within(Decimal("10.02"), Decimal(10), slack)
    assert within(Decimal("9.98"), Decimal(10), slack)
    assert not within(Decimal("10.021"), Decimal(10), slack)


@pytest.mark.parametrize("text", ["DE02120300000000202051", " DE02 1203 0000 0000 2020 51\n", "GB82WEST12345698765432"])
def test_an_iban_has_the_right_check_digits(text: str) -> None:
    assert is_iban(text)


@pytest.mark.parametrize(
    "text",
    ["", "DE02120300000000202052", "de02120300000000202051", "DE02-1203-0000-0000-2020-51", "1234567890", "DE02" * 9],
)
def test_anything_else_is_no_iban(text: str) -> None:
    assert not is_iban(text)


def test_a_small_letter_counts_as_no_bank_counts_it() -> None:
    """``a`` is 42 and not 10, since the test subtracts 55 from its code point: what is valid for banks is not there."""
    assert is_iban("GB82WEST12345698765432")
    assert not is_iban("GB82west12345698765432")
