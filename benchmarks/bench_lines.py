# SPDX-License-Identifier: Apache-2.0
"""Whether the time for a line stays the same from 10 to 20,000 lines: reading, writing and converting.

Every line of the documents has a leaf that the other syntax has no place for, so that reports grow with them.
Budget: at 20,000 lines, a line costs at most twice what it costs at 1,000 (memory gets further away), so no step grows
faster than the document.
"""

from __future__ import annotations

import argparse
import gc
import sys
import time
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from benchmarks.documents import invoice
from einvoice.bind import losses, open_document, write
from einvoice.model.extensions import LineExtension, LineTax

if TYPE_CHECKING:
    from collections.abc import Callable

    from einvoice.model import Invoice

LINES = (10, 100, 1_000, 5_000, 20_000)
AT, MOST = 1_000, 2.0


def microseconds(work: Callable[[], object], lines: int) -> float:
    """Microseconds for a line: the best of several runs, fewer for the long ones."""
    best = float("inf")
    for _ in range(max(2, min(20, 4_000 // lines))):
        gc.collect()
        begin = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - begin)
    return best / lines * 1_000_000


def lossy(lines: int) -> Invoice:
    """An invoice with a value in each line that only one of the syntaxes can say: a UBL tax, a CII status."""
    plain = invoice(lines)
    extension = LineExtension(status_code="39", tax=LineTax(rounding_amount=Decimal("0.01")))
    return replace(plain, lines=tuple(replace(line, extension=extension) for line in plain.lines))


def measure(syntax: str, lines: int) -> dict[str, float]:
    """Microseconds for a line of each kind of work."""
    data = write(lossy(lines), syntax)
    read = open_document(data).reading().invoice
    other = "cii" if syntax == "ubl" else "ubl"

    def convert() -> None:
        document = open_document(data)
        losses(document, write(document.reading().invoice, other))

    return {
        "read": microseconds(lambda: open_document(data).reading(), lines),
        "write": microseconds(lambda: write(read, syntax), lines),
        "convert": microseconds(convert, lines),
    }


def main() -> int:
    """Measure, print a line for each length, and answer 1 if the budget is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--most", type=int, default=LINES[-1], help="leave out longer documents")
    most = parser.parse_args().most
    met = True
    for syntax in ("ubl", "cii"):
        found = {lines: measure(syntax, lines) for lines in LINES if lines <= most}
        for lines, times in found.items():
            print(f"{syntax}, {lines:,} lines: " + ", ".join(f"{what} {took:.0f} µs" for what, took in times.items()))
        last = max(found)
        if last > AT:
            growth = {what: found[last][what] / found[AT][what] for what in found[last]}
            met = met and max(growth.values()) <= MOST
            said = ", ".join(f"{what} {ratio:.2f}" for what, ratio in growth.items())
            print(f"{syntax}, a line of {last:,} against one of {AT:,}: {said} (budget {MOST:g})")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
