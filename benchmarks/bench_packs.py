# SPDX-License-Identifier: Apache-2.0
"""What judging by the packs of Europe's profiles costs, from the bytes of a document to its findings.

The unit is ``lxml.etree.fromstring`` and the validation by the official schema of the same document, compiled before.
The other figure is SaxonC with the publishers' stylesheets of the same packs: it parses once, runs each of them, and
their reports are read. It knows no schema, so it is compared with the rules alone. It holds the stylesheets of all
rows, whichever are measured, as a judge of all profiles does: with those of one row alone it is up to a sixth quicker,
and how quick depends on what it judged before. Everything is warm, and measured in turns: medians over the documents,
of the quickest of several runs of each, in time that the processor works for this process, so that other processes
matter little.

The documents are the public examples of the corpus that EINVOICE_CORPUS names; without one, our own of 10 and 20 kB.

Budgets: 10 times the unit; 6 times (Peppol, XRechnung) and 10 times (Factur-X) as fast as SaxonC. `--memory` prints how
much memory a process needs that judges all documents of a pack.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from lxml import etree
from msgspec import Struct

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from benchmarks.documents import of_size
from benchmarks.turns import by_rules_alone, quickest
from einvoice import validate
from einvoice.bind import catalog, open_document
from tests.differential.official import MissingError
from tests.differential.packs import TARGETS, Target, artefact
from tests.differential.saxon import fired

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from einvoice.model import Syntax
    from einvoice.official.stylesheet import Stylesheet

MOST: Final = 10.0
"""How many units judging may take."""
_PEAK: Final = """\
import re, sys
from pathlib import Path
from einvoice import validate
for path in sorted(Path(sys.argv[2]).iterdir()):
    validate(path.read_bytes(), packs=sys.argv[1])
print(int(re.search(r"VmHWM:\\s*([0-9]+)", Path("/proc/self/status").read_text())[1]) // 1024)
"""
"""A process that judges documents and says how many megabytes it has needed at most, as Linux counts: what is asked of
the system otherwise includes the process that started it."""
EN: Final = Target(pack="en16931@1.3.16", syntaxes=("ubl-invoice", "ubl-creditnote", "cii"), bases=lambda _: {})


class Row(Struct, frozen=True):
    """What is measured together.

    Attributes:
        name: how people call it.
        packs: the packs.
        verdict: the key of the corpus under which a document of it has its official verdict.
        suites: the suites of the corpus.
        syntax: the syntax, ``ubl`` or ``cii``.
        faster: how many times as fast as SaxonC it has to be.
    """

    name: str
    packs: tuple[Target, ...]
    verdict: str
    suites: tuple[str, ...]
    syntax: str
    faster: float

    @property
    def asked(self) -> str:
        """The packs, in the spelling of ``--rules``."""
        return ",".join(pack.pack for pack in self.packs)


_FACTURX: Final = ("phive-zugferd", "drafthorse", "zugferd-corpus", "mustang")
ROWS: Final = (
    Row("Peppol", (EN, TARGETS["peppol"]), "peppol-ubl", ("peppol-examples", "phive-peppol"), "ubl", 6),
    Row("XRechnung, UBL", (EN, TARGETS["xrechnung"]), "xrechnung-ubl", ("xrechnung-testsuite",), "ubl", 6),
    Row("XRechnung, CII", (EN, TARGETS["xrechnung"]), "xrechnung-cii", ("xrechnung-testsuite",), "cii", 6),
    Row("Factur-X BASIC", (TARGETS["facturx:basic"],), "fx-basic", _FACTURX, "cii", 10),
    Row("Factur-X EN 16931", (TARGETS["facturx:en16931"],), "fx-en16931", _FACTURX, "cii", 10),
    Row("Factur-X EXTENDED", (TARGETS["facturx:extended"],), "fx-extended", _FACTURX, "cii", 10),
)


class Timing(Struct, frozen=True):
    """The seconds that the unit, judging, the rules alone and SaxonC take for a document."""

    unit: float
    judged: float
    ruled: float
    saxon: float | None


def samples(row: Row) -> Iterator[bytes]:
    """The examples of the corpus that the official schema accepts, or our own."""
    corpus = os.environ.get("EINVOICE_CORPUS")
    if not corpus:
        yield from (of_size(size, "cii" if row.syntax == "cii" else "ubl") for size in (10_000, 20_000))
        return
    with (Path(corpus) / "manifest.jsonl").open(encoding="utf-8") as lines:
        for one in map(json.loads, lines):
            valid = one.get("xsd", {}).get("cii-d22b", one.get("xsd_valid"))
            if one["suite"] in row.suites and valid and row.verdict in one.get("rules", {}):
                data = (Path(corpus) / one["path"]).read_bytes()
                if not data.startswith(b"%PDF"):
                    yield data


class Saxon:
    """SaxonC in this process; it is measured, so nothing may stand between."""

    def __init__(self) -> None:
        from saxonche import PySaxonProcessor  # noqa: PLC0415 -- a virtual machine is loaded only to be measured

        self._processor: Any = PySaxonProcessor(license=False)
        self._compiled: dict[str, Any] = {}

    def _sheet(self, sheet: Stylesheet) -> Any:  # noqa: ANN401 -- SaxonC has no types
        if sheet.key not in self._compiled:
            compiler = self._processor.new_xslt30_processor()
            executable = compiler.compile_stylesheet(stylesheet_text=sheet.text)
            for name, text in sheet.parameters.items():
                executable.set_parameter(name, self._processor.parse_xml(xml_text=text))
            self._compiled[sheet.key] = executable
        return self._compiled[sheet.key]

    def hold(self, row: Row) -> None:
        """Compile the stylesheets of a row.

        Raises:
            MissingError: a stylesheet is nowhere to be found.
        """
        syntaxes: tuple[Syntax, ...] = ("cii",) if row.syntax == "cii" else ("ubl-invoice", "ubl-creditnote")
        for syntax in syntaxes:
            for pack in row.packs:
                for sheet in artefact(pack, syntax).sheets:
                    self._sheet(sheet)

    def judge(self, row: Row, data: bytes) -> Callable[[], object]:
        """What parses a document, runs every stylesheet and reads the reports; compiled before.

        Raises:
            MissingError: a stylesheet is nowhere to be found.
        """
        syntax = open_document(data).syntax
        sheets = [self._sheet(sheet) for pack in row.packs for sheet in artefact(pack, syntax).sheets]
        text = etree.tostring(etree.fromstring(data), encoding="unicode")

        def work() -> None:
            node = self._processor.parse_xml(xml_text=text)
            for sheet in sheets:
                fired(sheet.transform_to_string(xdm_node=node).partition("?>")[2])

        return work


def measured(row: Row, data: bytes, saxon: Saxon | None) -> Timing | None:
    """Measure one document; ``None`` if the publisher's stylesheet gives up on it."""
    schema = etree.XMLSchema(file=str(catalog.verified(open_document(data).syntax)))
    works: list[Callable[[], object]] = [
        lambda: schema.validate(etree.fromstring(data)),
        lambda: validate(data, packs=row.asked),
        lambda: by_rules_alone(data, row.asked),
    ]
    if saxon is not None:
        works.append(saxon.judge(row, data))
        try:
            works[-1]()
        except Exception:  # noqa: BLE001 -- PySaxonApiError and whatever else it comes up with
            return None
    unit, judged, ruled, *rest = quickest(*works)
    return Timing(unit, judged, ruled, rest[0] if rest else None)


def compared(row: Row, timings: list[Timing]) -> bool:
    """Print what was measured of a row; whether the budgets are met."""
    units = sorted(timing.judged / timing.unit for timing in timings)
    ratio = statistics.median(units)
    unit, judged = (statistics.median(getattr(timing, what) for timing in timings) for what in ("unit", "judged"))
    print(
        f"{row.name}, {len(timings)} documents: parse and validate {unit * 1000:.2f} ms, bytes to findings"
        f" {judged * 1000:.2f} ms: {ratio:.1f} times that (worst {units[-1]:.1f}; budget {MOST:g})",
        flush=True,
    )
    met = ratio <= MOST
    against = [(timing.saxon / timing.ruled, timing.saxon / timing.judged) for timing in timings if timing.saxon]
    if against:
        faster, least = statistics.median(alone for alone, _ in against), min(against)[0]
        met = met and faster >= row.faster
        print(
            f"{row.name}: the rules alone {faster:.1f} times as fast as SaxonC (least {least:.1f}; budget"
            f" {row.faster:g}), which needs {statistics.median(t.saxon for t in timings if t.saxon) * 1000:.2f} ms;"
            f" with the schema on our side only {statistics.median(both for _, both in against):.1f} times",
            flush=True,
        )
    return met


def memory(row: Row) -> None:
    """Print how much memory a process of its own needs to judge all documents of a row."""
    if not Path("/proc/self/status").exists():
        print(f"{row.name}: only Linux tells the memory of a process")
        return
    with tempfile.TemporaryDirectory() as folder:
        for number, data in enumerate(samples(row)):
            (Path(folder) / f"{number:04}.xml").write_bytes(data)
        command = [sys.executable, "-c", _PEAK, row.asked, folder]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    print(f"{row.name}: {done.stdout.strip()} MB at most", flush=True)


def _saxon() -> Saxon | None:
    try:
        saxon = Saxon()
        for row in ROWS:
            saxon.hold(row)
    except (ImportError, MissingError) as error:
        print(f"without SaxonC: {error}")
        return None
    return saxon


def main() -> int:
    """Measure, print what was found, and answer 1 if a budget is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--no-saxon", action="store_true", help="leave SaxonC out")
    parser.add_argument("--memory", action="store_true", help="measure memory too")
    parser.add_argument("--only", action="append", choices=[row.name for row in ROWS], help="what to measure")
    options = parser.parse_args()
    rows = [row for row in ROWS if not options.only or row.name in options.only]
    saxon = None if options.no_saxon else _saxon()
    met = True
    for row in rows:
        timings = [timing for data in samples(row) if (timing := measured(row, data, saxon)) is not None]
        met = (compared(row, timings) if timings else bool(print(f"{row.name}: no documents"))) and met
        if options.memory:
            memory(row)
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
