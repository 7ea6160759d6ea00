# SPDX-License-Identifier: Apache-2.0
"""Hybrid PDFs: attaching to a page that is PDF/A, taking the invoice out, and what repairing and judging cost.

    python benchmarks/bench_pdf.py [REPEATS]

The page is one of our own with a table of 30 lines; the invoice has 30 lines, too. The quickest of warm
runs in processor time, printed beside
reading the invoice and its schema in the same run, since a machine is as fast as it is. Budgets: attaching 15 ms,
extracting 3 ms; classifying, repairing and judging are reported. Ends with 1 when a budget is missed.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING, Final, Literal

import typst

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from benchmarks.documents import invoice
from einvoice.bind import open_document, write
from einvoice.pdf.attach import attach
from einvoice.pdf.conformity import conformity
from einvoice.pdf.extract import extract
from einvoice.pdf.obstacles import opened
from einvoice.pdf.repair import repair

if TYPE_CHECKING:
    from collections.abc import Callable

NOON: Final = datetime(2026, 1, 6, 12, tzinfo=UTC)
LINES: Final = 30
BUDGETS: Final = {"attach": 15.0, "extract": 3.0}


def page(*standards: Literal["ua-1", "a-3u", "1.7"]) -> bytes:
    """A page with a table."""
    rows = "".join(f"[{number}], [Chair {number}], [{number}.00]," for number in range(LINES))
    text = f'#set document(title: "Invoice")\n#set text(lang: "en")\n= Invoice\n#table(columns: 3, {rows})'
    return typst.compile(
        text.encode(), format="pdf", pdf_standards=list(standards), ignore_system_fonts=True, timestamp=1_767_571_200
    )


def timed(work: Callable[[], object], repeats: int) -> float:
    """The quickest of several warm runs, in milliseconds of processor time."""
    work()
    seconds = []
    for _ in range(repeats):
        start = process_time()
        work()
        seconds.append(process_time() - start)
    return min(seconds) * 1000


def classify(data: bytes) -> None:
    """Look at a printout without changing it."""
    with opened(data):
        pass


def main() -> int:
    """Measure, print, and compare with the budgets."""
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    xml, archived, plain = write(invoice(LINES), "cii"), page("ua-1", "a-3u"), page("1.7")
    hybrid = attach(archived, xml, profile="en16931", modified=NOON)
    few = max(3, repeats // 4)
    figures = {
        "parse": timed(lambda: open_document(xml).reading(), repeats),
        "schema": timed(lambda: open_document(xml).schema_violations(), repeats),
        "attach": timed(lambda: attach(archived, xml, profile="en16931", modified=NOON), repeats),
        "extract": timed(lambda: extract(hybrid), repeats),
        "classify": timed(lambda: classify(plain), few),
        "repair": timed(lambda: repair(plain), few),
        "judge": timed(lambda: conformity(hybrid), few),
    }
    missed = [name for name, budget in BUDGETS.items() if figures[name] > budget]
    for name, figure in figures.items():
        budget = f"   budget {BUDGETS[name]:.0f} ms{' MISSED' if name in missed else ''}" if name in BUDGETS else ""
        print(f"{name:10} {figure:8.2f} ms{budget}")
    print(f"invoice of {len(xml):,} bytes, page of {len(archived):,}, hybrid of {len(hybrid):,}; {repeats} runs")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
