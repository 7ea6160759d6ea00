# SPDX-License-Identifier: Apache-2.0
"""How long a user waits for one small invoice: each command in a fresh process, from start to end.

Budgets: ``convert`` 0.5 s, ``validate`` 0.4 s, ``--version`` 0.2 s, ``import einvoice`` 150 ms over the bare
interpreter. What is measured is the time of the processor, median of the runs: on a quiet machine that is how long a
user waits, and on a busy one it says more than the clock. Modules are compiled before, as pip does it.

``python benchmarks/bench_cold_start.py [RUNS]`` prints one line each and ends with 1 if a budget is missed.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
STORY = ROOT / "fixtures" / "erp-csv"
PYTHON = [sys.executable, "-c"]
EINVOICE = [*PYTHON, "from einvoice.cli import main; main()"]
RUNS = 11


def invoice(folder: Path) -> Path:
    """Write one small invoice, of three lines, and name its file."""
    mapping, seller = str(STORY / "mapping.toml"), str(STORY / "seller.toml")
    options = ["--map", mapping, "--seller", seller, "--to", "ubl", "-o", f"{folder}/"]
    subprocess.run([*EINVOICE, "convert", str(STORY / "export.csv"), *options], check=True, capture_output=True)
    return folder / "RE-2026-0101.ubl.xml"


def seconds(command: list[str], runs: int, compiled: str) -> float:
    """The median processor time of a command in a fresh process, in seconds; one run before compiles the modules."""
    times = []
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": compiled, "PYTHONDONTWRITEBYTECODE": ""}
    subprocess.run(command, check=True, capture_output=True, env=environment)
    for _ in range(runs):
        before = os.times()
        subprocess.run(command, check=True, capture_output=True, env=environment)
        after = os.times()
        times.append(after.children_user + after.children_system - before.children_user - before.children_system)
    return statistics.median(times)


def main(runs: int) -> int:
    """Measure every command, print one line each, and answer 1 if a budget is missed."""
    missed = 0
    with tempfile.TemporaryDirectory() as scratch, tempfile.TemporaryDirectory() as compiled:
        source = str(invoice(Path(scratch)))
        bare = seconds([*PYTHON, "pass"], runs, compiled)
        print(f"{'the bare interpreter':32} {bare * 1000:5.0f} ms")
        convert = [*EINVOICE, "convert", source, "--force", "-o", f"{scratch}/out.xml"]
        for name, command, budget in (
            ("convert, UBL to CII", [*convert, "--to", "cii"], 0.5),
            ("convert, UBL to UBL", [*convert, "--to", "ubl"], 0.5),
            ("validate", [*EINVOICE, "validate", source], 0.4),
            ("--version", [*EINVOICE, "--version"], 0.2),
            ("import einvoice", [*PYTHON, "import einvoice"], bare + 0.15),
        ):
            took = seconds(command, runs, compiled)
            verdict = "" if took <= budget else "  missed"
            print(f"{name:32} {took * 1000:5.0f} ms (budget {budget * 1000:.0f} ms){verdict}")
            missed |= took > budget
    return int(missed)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else RUNS))
