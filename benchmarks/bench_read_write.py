# SPDX-License-Identifier: Apache-2.0
"""What reading and writing cost, in units of the least that any tool has to do.

The unit is ``lxml.etree.fromstring`` and the validation by the official schema of the same document, measured in the
same run, so that the machine does not matter. Reading includes the parsing. All is warm, on one core.

Budgets: reading 4 times the unit, writing 3 times; both for UBL and CII of 10 and 20 kB. What is compared is the
quickest of many runs, taken in turns: what disturbs a run only ever makes it longer.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from lxml import etree

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from benchmarks.documents import of_size
from einvoice.bind import catalog, open_document, write

if TYPE_CHECKING:
    from collections.abc import Callable

READ, WRITE = 4.0, 3.0
SIZES = (10_000, 20_000)
ROUNDS, REPEATS = 40, 10


def quickest(*works: Callable[[], object]) -> list[float]:
    """The seconds of the quickest run of each work."""
    best = [float("inf")] * len(works)
    for _ in range(ROUNDS):
        for place, work in enumerate(works):
            for _ in range(REPEATS):
                begin = time.perf_counter()
                work()
                best[place] = min(best[place], time.perf_counter() - begin)
    return best


def measure(data: bytes) -> tuple[float, float, float]:
    """The unit in seconds, and the ratios of reading and of writing to it."""
    document = open_document(data)
    syntax, invoice = document.syntax, document.reading().invoice
    schema = etree.XMLSchema(file=str(catalog.verified(syntax)))
    unit, read, wrote = quickest(
        lambda: schema.validate(etree.fromstring(data)),
        lambda: open_document(data).reading(),
        lambda: write(invoice, syntax),
    )
    return unit, read / unit, wrote / unit


def main() -> int:
    """Measure, print a line for each document, and answer 1 if a budget is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path, help="measure these documents instead")
    files: list[Path] = parser.parse_args().files
    documents = {path.name: path.read_bytes() for path in files} or {
        f"{syntax} {size // 1000} kB": of_size(size, syntax) for syntax in ("ubl", "cii") for size in SIZES
    }
    met = True
    for name, data in documents.items():
        unit, read, wrote = measure(data)
        met = met and read <= READ and wrote <= WRITE
        print(
            f"{name}: {len(data):,} bytes, parse and validate {unit * 1000:.2f} ms;"
            f" read {read:.2f} times that (budget {READ:g}), write {wrote:.2f} (budget {WRITE:g})"
        )
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
