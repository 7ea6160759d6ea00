# SPDX-License-Identifier: Apache-2.0
"""How many decimals amounts in a currency have."""

from __future__ import annotations

from importlib.resources import files

import pytest

from einvoice.codes.currencies import currency_decimals


@pytest.mark.parametrize(
    ("code", "decimals"), [("EUR", 2), ("JPY", 0), ("ISK", 0), ("KWD", 3), ("BHD", 3), ("TND", 3), ("CLF", 4)]
)
def test_a_currency_has_the_decimals_of_iso_4217(code: str, decimals: int) -> None:
    assert currency_decimals(code) == decimals


@pytest.mark.parametrize("code", [None, "", "XAU", "eur", "no such currency"])
def test_two_decimals_where_nothing_is_known(code: str | None) -> None:
    """A wrong code is for the rules to name; amounts still have to be rounded somehow."""
    assert currency_decimals(code) == 2


def test_the_data_say_where_they_come_from() -> None:
    first, header, *rows = (
        (files("einvoice.codes") / "data" / "currency_exponents.csv").read_text(encoding="utf-8").splitlines()
    )
    assert all(word in first for word in ("source:", "ISO 4217", "edition:", "date:"))
    assert header == "code,decimals"
    codes = [row.split(",")[0] for row in rows]
    assert codes == sorted(set(codes)), "sorted, each currency once"
    assert all(row.split(",")[1] in {"0", "3", "4"} for row in rows), "only what differs from 2"
