# SPDX-License-Identifier: Apache-2.0
"""How long ``import einvoice`` takes in a fresh interpreter, and what it drags along.

Budget: 150 ms over the bare start of the interpreter, median of eleven runs.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

BUDGET_MS = 150
RUNS = 11


def start(code: str) -> float:
    """Milliseconds that a fresh interpreter needs to run the code and to end."""
    begin = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return (time.perf_counter() - begin) * 1000


def main() -> int:
    """Measure, print one line, and answer 1 if the budget is missed."""
    bare = statistics.median(start("pass") for _ in range(RUNS))
    full = statistics.median(start("import einvoice") for _ in range(RUNS))
    took = full - bare
    print(f"import einvoice: {took:.0f} ms over the bare interpreter's {bare:.0f} ms (budget {BUDGET_MS} ms)")
    return 0 if took <= BUDGET_MS else 1


if __name__ == "__main__":
    sys.exit(main())
