# SPDX-License-Identifier: Apache-2.0
"""Write ``src/einvoice/rules/en16931/published.csv``: every id of the EN 16931 validation artefacts, with its severity.

    python tools/published.py UBL.xslt CII.xslt            exit with status 1 if the file is not current
    python tools/published.py UBL.xslt CII.xslt --write    write it

The artefacts are EN16931-UBL-validation.xslt and EN16931-CII-validation.xslt of one release.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import Final

TARGET: Final = Path(__file__).resolve().parent.parent / "src" / "einvoice" / "rules" / "en16931" / "published.csv"
ASSERT: Final = re.compile(
    r"<svrl:(?:failed-assert|successful-report)\b(?:(?!</svrl:(?:failed-assert|successful-report)>).)*?"
    r'<xsl:attribute name="id">\s*([\w.-]+)\s*</xsl:attribute>\s*'
    r'<xsl:attribute name="flag">\s*(\w+)\s*</xsl:attribute>',
    re.DOTALL,
)


def ids(artefact: Path) -> tuple[str, dict[str, str]]:
    """The edition of an artefact, and its ids with their severities, in alphabetical order."""
    text = artefact.read_text(encoding="utf-8")
    edition = re.search(r"Schematron version ([\d.]+) - Last update: (\d{4}-\d\d-\d\d)", text)
    if edition is None:
        sys.exit(f"{artefact} does not say which version it is")
    return f"{edition[1]}, {edition[2]}", dict(sorted(ASSERT.findall(text)))


def main() -> int:
    """Compare or write, as the arguments say."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ubl", type=Path)
    parser.add_argument("cii", type=Path)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    edition, ubl = ids(arguments.ubl)
    _, cii = ids(arguments.cii)
    rows = [f"{name},{syntax},{flag}" for syntax, found in (("ubl", ubl), ("cii", cii)) for name, flag in found.items()]
    text = "\n".join([f"# CEN/TC 434 EN 16931 validation artefacts, {edition}", "id,syntax,severity", *rows]) + "\n"
    if arguments.write:
        TARGET.write_text(text, encoding="utf-8")
    elif TARGET.read_text(encoding="utf-8") != text:
        print(f"{TARGET} is not current")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
