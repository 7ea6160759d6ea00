# SPDX-License-Identifier: Apache-2.0
"""Whether time grows with the size and not faster, for exports, judgements and hostile documents.

The tests count the steps that Python takes; this measures what happens inside C as well. Budget: four times the size
takes at most 10 times as long (linear is 4, quadratic is 16).
"""

from __future__ import annotations

import gc
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from benchmarks.documents import invoice
from einvoice.bind import open_document, write
from einvoice.bind.schema import validate
from einvoice.bind.xml import parse
from einvoice.errors import InputError
from einvoice.importers import import_file, load_mapping, load_seller
from einvoice.rules import find_pack, run

if TYPE_CHECKING:
    from collections.abc import Callable

    from einvoice.importers import ImportedInvoice

TIMES, MOST, RUNS = 4, 10.0, 5
STORY = Path(__file__).resolve().parents[1] / "fixtures" / "erp-csv"


def importing(rows: int) -> Callable[[], list[ImportedInvoice]]:
    """Import one invoice of so many rows."""
    mapping, seller = load_mapping(STORY / "mapping.toml"), load_seller(STORY / "seller.toml")
    header, row, *_ = (STORY / "export.csv").read_bytes().splitlines(keepends=True)
    data = header + row * rows
    return lambda: list(import_file(data, mapping, seller))


def judging(lines: int) -> Callable[[], object]:
    """Ask the rules of EN 16931 about an invoice of so many lines."""
    reading = open_document(write(invoice(lines), "ubl")).reading()
    pack = find_pack("en16931@1.3.16")
    return lambda: run(reading, [pack])


def validating(sisters: int) -> Callable[[], object]:
    """Validate a document with so many sisters, each of them wrong."""
    data = write(invoice(1), "ubl").replace(b"<cbc:Note>", b'<cbc:Note x="1"/>' * sisters + b"<cbc:Note>", 1)
    root = parse(data)
    return lambda: validate(root, "ubl-invoice")


def refusing(data: Callable[[int], bytes]) -> Callable[[int], Callable[[], object]]:
    """Parse hostile documents, which are refused."""

    def prepare(size: int) -> Callable[[], object]:
        hostile = data(size)

        def work() -> None:
            try:
                parse(hostile)
            except InputError:
                return
            raise AssertionError(hostile[:80])

        return work

    return prepare


WORK: dict[str, tuple[Callable[[int], Callable[[], object]], int]] = {
    "import an export, rows": (importing, 1_000),
    "judge an invoice, lines": (judging, 1_000),
    "validate wrong sisters": (validating, 60_000),
    "refuse a prolog of blanks, bytes": (refusing(lambda n: b" " * n + b"<!DOCTYPE a><a/>"), 5_000_000),
    "refuse a prolog of comments": (refusing(lambda n: b"<!-- <!DOCTYPE -->" * n + b"<!DOCTYPE a><a/>"), 300_000),
    "refuse a prolog of instructions": (refusing(lambda n: b"<?a?>" * n + b"<!DOCTYPE a><a/>"), 500_000),
}


def seconds(work: Callable[[], object]) -> float:
    """The quickest of a few runs: what disturbs a run only ever makes it longer."""
    best = float("inf")
    for _ in range(RUNS):
        gc.collect()
        begin = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - begin)
    return best


def main() -> int:
    """Measure, print a line for each piece of work, and answer 1 if one of them misses the budget."""
    met = True
    for what, (prepare, size) in WORK.items():
        few, many = seconds(prepare(size)), seconds(prepare(TIMES * size))
        met = met and many <= MOST * few
        said = f"{few * 1000:.1f} ms for {size:,}, {many * 1000:.1f} ms for {TIMES * size:,}"
        print(f"{what}: {said}, {many / few:.1f} times (budget {MOST:g})")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
