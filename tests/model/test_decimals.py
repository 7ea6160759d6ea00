# SPDX-License-Identifier: Apache-2.0
"""What a text says as a number, and which zeros below zero XPath tells from zero."""

from __future__ import annotations

import pytest

from einvoice.model.decimals import decimal_of
from einvoice.rules.arithmetic import is_zero


@pytest.mark.parametrize("text", ["-0", "-00", "-0000000000", "+0", "0", "0.", ".0", "+0.00", "0" * 60])
def test_a_whole_number_has_no_zero_below_zero(text: str) -> None:
    assert is_zero(decimal_of(text))


@pytest.mark.parametrize("text", ["-0.", "-.0", "-0.00", "-00000000000", "-" + "0" * 60, "-" + "0" * 60 + "."])
def test_one_with_a_point_or_with_many_zeros_has_one(text: str) -> None:
    assert decimal_of(text) == 0
    assert not is_zero(decimal_of(text))


@pytest.mark.parametrize("text", ["-1", "1.50", "-000000000001.", "+.5", "-0.000000000000", "12345678901234567890.1"])
def test_every_other_number_keeps_its_digits_and_decimals(text: str) -> None:
    number = decimal_of(text)
    assert format(number, "f") == format(type(number)(text), "f")
