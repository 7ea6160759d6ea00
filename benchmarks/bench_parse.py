# SPDX-License-Identifier: Apache-2.0
"""What the checks of the safe XML parser add to parsing, and what loading the order of the elements costs.

Budgets: parsing an invoice of 10 or 20 kB takes at most 1.4 times what ``lxml.etree.fromstring`` takes for it, measured
in the same run; the order of a syntax is loaded in at most 10 ms. The quickest of several runs counts.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from lxml import etree

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from benchmarks.documents import of_size
from einvoice.bind import order
from einvoice.bind.xml import parse

if TYPE_CHECKING:
    from collections.abc import Callable

PARSE, LOAD_MS = 1.4, 10
SIZES = (10_000, 20_000)
ROUNDS = 500
READ: Final[Any] = order._read.__wrapped__  # noqa: SLF001 - past the cache


def seconds(work: Callable[[], object]) -> float:
    """The time that a piece of work takes."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def ratio(data: bytes) -> float:
    """How many times as long as the bare parser the safe one takes; both in turns, so that both are disturbed alike."""
    ours = bare = float("inf")
    for _ in range(ROUNDS):
        bare = min(bare, seconds(lambda: etree.fromstring(data)))
        ours = min(ours, seconds(lambda: parse(data)))
    return ours / bare


def main() -> int:
    """Measure, print a line for each document and each order, and answer 1 if a budget is missed."""
    met = True
    for syntax in ("ubl", "cii"):
        for size in SIZES:
            found = ratio(of_size(size, syntax))
            met = met and found <= PARSE
            print(
                f"{syntax} {size // 1000} kB: the safe parser takes {found:.2f} times the bare one (budget {PARSE:g})"
            )
    for name in ("ubl.json", "cii.json"):
        took = min(seconds(lambda name=name: READ(name)) for _ in range(50)) * 1000  # type: ignore[misc]
        met = met and took <= LOAD_MS
        print(f"{name}: loaded in {took:.1f} ms (budget {LOAD_MS} ms)")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
