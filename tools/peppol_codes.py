# SPDX-License-Identifier: Apache-2.0
"""Turn the code lists of Peppol's eDelivery network into the two tables of the package.

    python tools/peppol_codes.py FOLDER

``FOLDER`` holds the published JSON files ("Peppol Code Lists - Document types v9.7.json", "... Participant identifier
schemes ..."). Identifiers, states and processes are taken; texts are not.
"""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parent.parent / "src" / "einvoice" / "transport" / "peppol"


def _read(folder: Path, name: str) -> dict[str, Any]:
    [path] = folder.glob(f"Peppol Code Lists - {name} v*.json")
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def _write(name: str, version: str, rows: list[list[str]]) -> None:
    out = io.StringIO()
    out.write(f"# OpenPeppol, code lists of the eDelivery network, {version}\n")
    csv.writer(out, lineterminator="\n").writerows(rows)
    (TARGET / name).write_text(out.getvalue(), encoding="utf-8")
    print(f"{name}: {len(rows) - 1} entries of {version}")


def main(folder: Path) -> None:
    """Write both tables."""
    types = _read(folder, "Document types")
    rows = [["scheme", "value", "state", "category", "processes"]]
    for entry in types["values"]:
        processes = " ".join(f"{each['scheme']}::{each['value']}" for each in entry["process-ids"])
        rows.append([entry["scheme"], entry["value"], entry["state"], entry.get("category", ""), processes])
    _write("document_types.csv", types["version"], rows)
    schemes = _read(folder, "Participant identifier schemes")
    table = [["icd", "scheme", "country", "state"]]
    table += [[each["iso6523"], each["schemeid"], each["country"], each["state"]] for each in schemes["values"]]
    _write("participant_schemes.csv", schemes["version"], table)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
