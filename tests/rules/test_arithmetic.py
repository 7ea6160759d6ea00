# SPDX-License-Identifier: Apache-2.0
"""Arithmetic as a finding shows it."""

from __future__ import annotations

from decimal import Decimal

from einvoice.rules.arithmetic import equation, spelled


def test_a_sum_is_shown_with_what_it_makes() -> None:
    parts = [Decimal("1500.79"), Decimal("284.15"), Decimal(-20)]
    assert equation(spelled(parts), Decimal("1764.94")) == "1500.79 + 284.15 - 20.00 = 1764.94"


def test_a_single_amount_is_no_sum() -> None:
    assert equation(spelled([Decimal("900.71")]), Decimal("900.71")) == ""
