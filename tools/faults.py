# SPDX-License-Identifier: Apache-2.0
"""Plays every fault of ``tests/e2e`` and writes the table of docs/faults.md from what was found.

``python tools/faults.py`` plays the whole matrix (500 kills, 200 within commits, 30 power cuts), for half an hour.
``python tools/faults.py REPORT.xml ...`` writes the table from reports of pytest (``--junitxml``) that exist already;
a later one counts for a case that is in both, and what was played with other numbers is another case.
``python tools/faults.py --more WORDS ...`` plays what the words select (a test, ``-k``), and adds it to the page.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec
from lxml import etree

ROOT: Final = Path(__file__).resolve().parents[1]
TABLE: Final = ROOT / "docs" / "faults.md"
WHOLE: Final = {
    "EINVOICE_KILLS": "500",
    "EINVOICE_STAGES": "100",
    "EINVOICE_COMMITS": "200",
    "EINVOICE_CUTS": "30",
    "EINVOICE_COPIES": "10000",
}
ROOMS: Final = {
    "test_kills": "Processes that die",
    "test_database_faults": "Disk, database, power",
    "test_peer_faults": "Receivers that misbehave",
    "test_lookup_faults": "Lookup, certificates, clocks",
    "test_revocation_faults": "Revocation",
    "test_deliveries": "Many messages",
    "test_answers": "Answers",
    "test_large": "Large documents",
}
COLUMNS: Final = 5
RESULTS: Final = {"holds": True, "**fails**": False}
HEAD: Final = """\
# Faults that were played

Real processes, TLS and SIGKILL on the testbed, by `tests/e2e`. After each case all documents have to be at the
receiver once, under the identifiers that they were given, every one that was delivered with its proof, and both ledgers
have to be without a break; else the test fails. `make test` plays a sample of the random ones, `make faults` all of
them, and writes this page.
"""


class Case(msgspec.Struct, frozen=True):
    """One fault: where it stands, what went wrong, what was expected, what was found."""

    room: str
    name: str
    wrong: str
    expected: str
    evidence: str
    passed: bool
    seconds: float
    day: str


def main() -> int:
    """Play or read, and write the page; 1 if a case failed."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        match sys.argv[1:]:
            case ["--more", *words]:
                before, played = written(TABLE.read_text(encoding="utf-8")), read(play(report, *words))
                found = {(case.room, case.wrong): case for case in [*before, *played]}
            case words:
                reports = [Path(word) for word in words] or [play(report, "tests/e2e")]
                found = {(case.name, case.wrong): case for report in reports for case in read(report) if exists(case)}
    TABLE.write_text(page(list(found.values())), encoding="utf-8")
    failed = [case.name for case in found.values() if not case.passed]
    print(f"{len(found)} cases, {len(failed)} failed; see {TABLE.relative_to(ROOT)}")
    return 1 if failed or not found else 0


def exists(case: Case) -> bool:
    """Whether the test is still there: a report may be older than the tests."""
    path = ROOT / "tests" / "e2e" / f"{case.room}.py"
    return path.exists() and f"def {case.name.partition('[')[0]}(" in path.read_text(encoding="utf-8")


def play(report: Path, *selected: str) -> Path:
    """Run the faults that are selected; the report of pytest."""
    words = [sys.executable, "-m", "pytest", "-p", "no:xdist", "-p", "no:randomly", "-m", "e2e", *selected]
    words += ["-o", "junit_family=xunit1", f"--junitxml={report}"]
    subprocess.run(words, cwd=ROOT, env=WHOLE | os.environ, check=False)
    return report


def read(report: Path) -> list[Case]:
    """The cases of a report: the tests that say what goes wrong."""
    cases = []
    tree = etree.parse(report)
    day = str(tree.getroot()[0].get("timestamp", datetime.now(UTC).isoformat()))[:10]
    for test in tree.iter("testcase"):
        told = {each.get("name"): each.get("value", "") for each in test.iter("property")}
        if "wrong" in told:
            cases.append(
                Case(
                    room=str(test.get("classname")).rpartition(".")[2],
                    name=str(test.get("name")),
                    wrong=str(told["wrong"]),
                    expected=str(told.get("expected", "")),
                    evidence=str(told.get("evidence", "")),
                    passed=test.find("failure") is None and test.find("error") is None and "evidence" in told,
                    seconds=float(test.get("time", "0")),
                    day=day,
                )
            )
    return cases


def written(text: str) -> list[Case]:
    """The cases of the page as it is, without the names of their tests and how long they took."""
    cases, room = [], ""
    rooms = {title: room for room, title in ROOMS.items()}
    for line in text.splitlines():
        if line.startswith("## "):
            room = rooms[line.removeprefix("## ")]
        cells = [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if len(cells) == COLUMNS and cells[2] in RESULTS:
            wrong, expected, result, evidence, day = cells
            cases.append(Case(room, "", wrong, expected, evidence, RESULTS[result], 0.0, day))
    return cases


def page(cases: list[Case]) -> str:
    """The page: a table for each room."""
    passed = sum(case.passed for case in cases)
    parts = [HEAD, f"**{passed} of {len(cases)} cases hold.**\n"]
    for room, title in ROOMS.items():
        rows = [case for case in cases if case.room == room]
        if rows:
            parts.append(
                f"## {title}\n\n| What goes wrong | Expected | Result | Evidence | Date |\n|---|---|---|---|---|"
            )
            parts += [_row(case) for case in rows]
            parts[-1] += "\n"
    return "\n".join(parts)


def _row(case: Case) -> str:
    result = next(word for word, passed in RESULTS.items() if passed is case.passed)
    cells = (case.wrong, case.expected, result, case.evidence or "none", case.day)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


if __name__ == "__main__":
    sys.exit(main())
