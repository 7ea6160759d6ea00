# SPDX-License-Identifier: Apache-2.0
"""What a page costs: drawn, and made a hybrid, beside what parsing and the official schema cost in the same run.

Budgets, with distinct invoices and warm caches: 20 hybrids a second of invoices of 30 lines on one core, 40 on two
processes; an invoice of 2,000 lines in 3 s as a hybrid and 1 s as HTML. The quickest of several rounds counts; a rate
on one core is of its processor time. A busy machine slows both down, most of all the two processes, which go by the
clock: parsing, in the first line, says how busy it was.
"""

from __future__ import annotations

import sys
import time
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from benchmarks.documents import invoice
from einvoice.bind import open_document, write
from einvoice.render import render_html, render_pdf
from einvoice.service.hybrid import hybrid
from einvoice.service.render import moment_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from einvoice.model import Invoice, InvoiceLine

PER_CORE, ON_TWO, LONG_S, HTML_S = 20, 40, 3, 1
LINES: Final = 30
BATCH: Final = 20
ROUNDS: Final = 4


def some(lines: int, first: int = 0, *, detailed: bool = False) -> list[Invoice]:
    """Invoices that differ in every line; plain ones are two pages: parties, lines, totals, VAT, payment."""
    full = invoice(lines)
    plain = full if detailed else replace(full, notes=(), delivery_information=None, payment_terms=None)
    return [
        replace(plain, number=f"B-{number}", lines=tuple(_line(line, number, detailed) for line in plain.lines))
        for number in range(first, first + BATCH)
    ]


def _line(line: InvoiceLine, number: int, detailed: bool) -> InvoiceLine:  # noqa: FBT001 - a column of a table
    """A line with name and description, quantity, price and VAT; a detailed one has notes and references besides."""
    item = line.item_information
    described = replace(item, description=f"{item.description}, delivery {number}") if item else None
    named = replace(line, identifier=f"{number}-{line.identifier}", item_information=described)
    if detailed or described is None:
        return named
    return replace(
        named,
        note=None,
        allowances=(),
        referenced_purchase_order_line_reference=None,
        item_information=replace(described, sellers_identifier=None),
    )


def made(shown: Invoice) -> bytes:
    """An invoice as a hybrid: written, drawn, put together."""
    return hybrid(shown, write(shown, "cii"))


def best(work: Callable[[list[Invoice]], object], *, detailed: bool = False) -> tuple[float, float]:
    """Seconds of wall time and of processor time for one invoice, in the quickest round."""
    found = []
    for number in range(ROUNDS):
        batch = some(LINES, number * BATCH, detailed=detailed)
        wall, processor = time.perf_counter(), time.process_time()
        work(batch)
        found.append(((time.perf_counter() - wall) / BATCH, (time.process_time() - processor) / BATCH))
    return min(wall for wall, _ in found), min(processor for _, processor in found)


def once(work: Callable[[Invoice], object], invoices: list[Invoice]) -> float:
    """Processor time for one invoice, the quickest of some that differ: Typst would remember one that it has drawn."""
    found = []
    for shown in invoices:
        begin = time.process_time()
        work(shown)
        found.append(time.process_time() - begin)
    return min(found)


def batch_of(first: int) -> int:
    """Make a batch; what a worker process does."""
    return sum(len(made(shown)) for shown in some(LINES, first))


def on_two_processes() -> float:
    """Hybrids a second on two processes, warm, in the quickest round."""
    with get_context("spawn").Pool(2) as pool:
        pool.map(batch_of, (10_000, 20_000), chunksize=1)
        rates = []
        for number in range(ROUNDS):
            begin = time.perf_counter()
            pool.map(batch_of, [30_000 + BATCH * (4 * number + part) for part in range(4)], chunksize=1)
            rates.append(4 * BATCH / (time.perf_counter() - begin))
    return max(rates)


def main() -> int:
    """Measure, print a line for each figure, and answer 1 if a budget is missed."""
    [made(shown) for shown in some(LINES, 9_000)]
    xml = [write(shown, "cii") for shown in some(LINES)]
    _, parsed = best(lambda _: [open_document(data).schema_violations() for data in xml])
    _, page = best(lambda batch: [render_pdf(shown, timestamp=moment_of(shown)) for shown in batch])
    _, screen = best(lambda batch: [render_html(shown) for shown in batch])
    wall, whole = best(lambda batch: [made(shown) for shown in batch])
    _, detailed = best(lambda batch: [made(shown) for shown in batch], detailed=True)
    two = on_two_processes()
    many = invoice(2_000)
    other = replace(many, number="B-other", lines=tuple(_line(line, 1, detailed=True) for line in many.lines))
    long, html = once(made, [many, other]), once(render_html, [many, other])
    print(f"{LINES} lines: parsed and checked with the schema in {parsed * 1000:.1f} ms")
    print(f"{LINES} lines: drawn as PDF in {page * 1000:.1f} ms, as HTML in {screen * 1000:.1f} ms")
    print(
        f"{LINES} lines: hybrids: {1 / whole:.1f} a second on a core (budget {PER_CORE}); {1 / wall:.1f} by the clock"
    )
    print(f"{LINES} lines: hybrids: {two:.1f} a second on two processes, by the clock (budget {ON_TWO})")
    print(f"{LINES} detailed lines: hybrids: {1 / detailed:.1f} a second on a core (no budget)")
    print(f"2000 lines: hybrid in {long:.2f} s (budget {LONG_S} s), HTML in {html:.2f} s (budget {HTML_S} s)")
    return 0 if 1 / whole >= PER_CORE and two >= ON_TWO and long <= LONG_S and html <= HTML_S else 1


if __name__ == "__main__":
    sys.exit(main())
