# SPDX-License-Identifier: Apache-2.0
"""Repair the invoices in ``fixtures/fix``, and write beside each what came of it.

    python tools/fix_goldens.py            write the files
    python tools/fix_goldens.py --check    write nothing; exit with status 1 if one of them is not current

``invoice.xml`` or ``invoice.json`` is written by hand; ``repaired.xml`` or ``.json`` is what ``einvoice fix`` makes of
it, ``report.json`` what it says. A change of these is a change of what users get: look at the difference first.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from msgspec import to_builtins

from einvoice import fix

if TYPE_CHECKING:
    from einvoice import Report

FIXTURES: Final = Path(__file__).resolve().parent.parent / "fixtures" / "fix"
PACKS: Final = "en16931"


def goldens() -> dict[Path, bytes]:
    """The files as they are made today, by their paths."""
    made: dict[Path, bytes] = {}
    for path in sorted(FIXTURES.glob("*/invoice.*")):
        fixed = fix(path, packs=PACKS)
        made[path.with_name(f"repaired{path.suffix}")] = fixed.output
        report = {
            "before": _told(fixed.before),
            "repairs": to_builtins(fixed.repairs),
            "taken_back": to_builtins(fixed.taken_back),
            "left_alone": to_builtins(fixed.left_alone),
            "after": _told(fixed.after),
        }
        made[path.with_name("report.json")] = f"{json.dumps(report, indent=2, ensure_ascii=False)}\n".encode()
    return made


def _told(report: Report) -> dict[str, Any]:
    """The verdict, and which rules find something how often."""
    rules = [finding.rule for finding in report.findings]
    return {"verdict": report.verdict, "findings": {rule: rules.count(rule) for rule in sorted(set(rules))}}


def main() -> int:
    """Write the files, or say which ones are not current."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("--check", action="store_true", help="write nothing; status 1 if a file is not current")
    check = arguments.parse_args().check
    stale = {path: data for path, data in goldens().items() if not path.is_file() or path.read_bytes() != data}
    for path, data in stale.items():
        print(f"{path} is {'not current; run tools/fix_goldens.py' if check else 'written'}")
        if not check:
            path.write_bytes(data)
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
