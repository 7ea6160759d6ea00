# SPDX-License-Identifier: Apache-2.0
"""How many decimals a currency has (ISO 4217, minor unit)."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import Final

USUAL: Final = 2


@cache
def _exceptions() -> dict[str, int]:
    text = (Path(__file__).parent / "data" / "currency_exponents.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    return {row["code"]: int(row["decimals"]) for row in rows}


def currency_decimals(code: str | None) -> int:
    """How many decimals an amount in a currency has.

    Args:
        code: the ISO 4217 code, such as ``JPY``. A code that is unknown or missing, or a currency that has no
            minor unit (gold), counts as having two decimals: what is wrong with a code is for the rules to say.
    """
    return _exceptions().get(code or "", USUAL)
