# SPDX-License-Identifier: Apache-2.0
"""What judging costs, from the bytes of a document to its findings, in units of what any tool has to do.

The unit is ``lxml.etree.fromstring`` and the validation by the official schema of the same document, compiled before.
The third figure is SaxonC with the same rules, as their publisher compiled them: it parses, transforms and its report
is read; what it needs to start is not counted. It knows no schema, so it is compared with the rules alone. Everything
is warm, on one core and measured in turns, so that the machine does not matter: medians over the documents, of the
quickest of several runs of each.

The documents are the public examples of the corpus that EINVOICE_CORPUS names; without one, our own of 10 and 20 kB.

Budgets: 8 times the unit (5 is the aim); 5 times (UBL) and 2.5 times (CII) as fast as SaxonC. A document of 4,000
lines takes at most a second, and 20,000 lines cost at most twice as much a line as 1,000 do.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import statistics
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from lxml import etree
from msgspec import Struct

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from benchmarks.documents import invoice, of_size
from benchmarks.turns import by_rules_alone, quickest
from einvoice import validate
from einvoice.bind import catalog, open_document, write
from tests.differential.official import Family, MissingError, stylesheet
from tests.differential.saxon import fired

if TYPE_CHECKING:
    from collections.abc import Iterator


PACK: Final = "en16931@1.3.16"
SUITES: Final = ("cen-examples", "xrechnung-testsuite", "peppol-examples")
MOST: Final = 8.0
"""How many units judging may take."""
FASTER: Final = {"ubl": 5.0, "cii": 2.5}
"""How many times as fast as SaxonC it has to be."""
SECOND, LONG, LONGEST, REFERENCE, GROWTH = 1.0, 4_000, 20_000, 1_000, 2.0


class Sample(Struct, frozen=True):
    """A document to measure with."""

    name: str
    family: Family
    data: bytes


class Timing(Struct, frozen=True):
    """The seconds that the unit, judging, the rules alone and SaxonC take for a document."""

    unit: float
    judged: float
    ruled: float
    saxon: float | None


def samples() -> Iterator[Sample]:
    """The examples of the corpus that the official schema accepts, or our own."""
    corpus = os.environ.get("EINVOICE_CORPUS")
    if not corpus:
        for family in ("ubl", "cii"):
            for size in (10_000, 20_000):
                yield Sample(f"{size // 1000} kB", family, of_size(size, family))
        return
    with (Path(corpus) / "manifest.jsonl").open(encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            if row["suite"] in SUITES and row.get("xsd_valid") and not row["path"].endswith(".pdf"):
                path = next(one for base in (Path(corpus), Path(corpus).parent) if (one := base / row["path"]).exists())
                yield Sample(path.name, "cii" if row["syntax"] == "CII" else "ubl", path.read_bytes())


class Saxon:
    """SaxonC in this process; it is measured, so nothing may stand between."""

    def __init__(self) -> None:
        from saxonche import PySaxonProcessor  # noqa: PLC0415 -- a virtual machine is loaded only to be measured

        self._processor: Any = PySaxonProcessor(license=False)
        self._compiled: dict[str, Any] = {}

    def judge(self, family: Family, data: bytes) -> object:
        """Parse, transform and read the report."""
        if family not in self._compiled:
            compiler = self._processor.new_xslt30_processor()
            self._compiled[family] = compiler.compile_stylesheet(stylesheet_text=stylesheet(family))
        node = self._processor.parse_xml(xml_text=data.decode())
        return fired(self._compiled[family].transform_to_string(xdm_node=node))


def measured(sample: Sample, saxon: Saxon | None) -> Timing:
    """Measure one document."""
    data, family = sample.data, sample.family
    schema = etree.XMLSchema(file=str(catalog.verified(open_document(data).syntax)))
    works = [
        lambda: schema.validate(etree.fromstring(data)),
        lambda: validate(data, packs=PACK),
        lambda: by_rules_alone(data, PACK),
    ]
    if saxon is not None:
        works.append(lambda: saxon.judge(family, data))
    unit, judged, ruled, *rest = quickest(*works)
    return Timing(unit, judged, ruled, rest[0] if rest else None)


def compared(family: Family, timings: list[Timing]) -> bool:
    """Print what was measured in a syntax; whether the budgets are met."""
    units = sorted(timing.judged / timing.unit for timing in timings)
    ratio = statistics.median(units)
    unit, judged = (statistics.median(getattr(timing, what) for timing in timings) for what in ("unit", "judged"))
    print(
        f"{family}, {len(timings)} documents: parse and validate {unit * 1000:.2f} ms, bytes to findings"
        f" {judged * 1000:.2f} ms: {ratio:.1f} times that (worst {units[-1]:.1f}; budget {MOST:g})"
    )
    met = ratio <= MOST
    against = [(timing.saxon / timing.ruled, timing.saxon / timing.judged) for timing in timings if timing.saxon]
    if against:
        faster, least = statistics.median(alone for alone, _ in against), min(against)[0]
        met = met and faster >= FASTER[family]
        print(
            f"{family}: the rules alone {faster:.1f} times as fast as SaxonC (least {least:.1f}; budget"
            f" {FASTER[family]:g}), which needs {statistics.median(t.saxon for t in timings if t.saxon) * 1000:.2f} ms;"
            f" with the schema on our side only {statistics.median(both for _, both in against):.1f} times"
        )
    return met


def long_documents(most: int) -> bool:
    """Measure documents of many lines, print what they take, and say whether that is within the budgets."""
    met = True
    for family in ("ubl", "cii"):
        per_line: dict[int, float] = {}
        for lines in (REFERENCE, LONG, LONGEST):
            if lines > most:
                continue
            data = write(invoice(lines), family)
            gc.collect()
            took = min(_seconds(data) for _ in range(3))
            per_line[lines] = took / lines
            size, each = len(data) / 1e6, took / lines * 1e6
            print(f"{family}, {lines:,} lines, {size:.1f} MB: {took:.2f} s, {each:.0f} µs a line")
            met = met and (lines != LONG or took <= SECOND) and took / lines <= GROWTH * per_line[REFERENCE]
    return met


def _seconds(data: bytes) -> float:
    begin = time.perf_counter()
    validate(data, packs=PACK)
    return time.perf_counter() - begin


def main() -> int:
    """Measure, print what was found, and answer 1 if a budget is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--most", type=int, default=LONGEST, help="leave out documents of more lines")
    parser.add_argument("--no-saxon", action="store_true", help="leave SaxonC out")
    options = parser.parse_args()
    try:
        saxon = None if options.no_saxon else Saxon()
        stylesheet("cii")
    except (ImportError, MissingError) as error:
        print(f"without SaxonC: {error}")
        saxon = None
    timings: dict[Family, list[Timing]] = {"ubl": [], "cii": []}
    for sample in samples():
        timings[sample.family].append(measured(sample, saxon))
    met = [compared(family, found) for family, found in timings.items() if found]
    return 0 if all((*met, long_documents(options.most))) else 1


if __name__ == "__main__":
    sys.exit(main())
