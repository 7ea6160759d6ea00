# SPDX-License-Identifier: Apache-2.0
"""Write ``src/einvoice/rules/en16931/published.csv``: every id of the EN 16931 validation artefacts, with its severity.

    python tools/published.py UBL.xslt CII.xslt            exit with status 1 if the file is not current
    python tools/published.py UBL.xslt CII.xslt --write    write it
    ... --release 1.3.15                                   the same for a release of which only what differs is kept

The artefacts are EN16931-UBL-validation.xslt and EN16931-CII-validation.xslt of one release. What a release has
otherwise is written as ids that are new, gone or of another severity; that an id is another one renamed, nobody but the
publisher can say: such rows are written by hand, and only compared.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import Final

from einvoice.rules import find_pack
from einvoice.rules.en16931 import published

ROOM: Final = Path(__file__).resolve().parent.parent / "src" / "einvoice" / "rules" / "en16931"
TARGET: Final = ROOM / "published.csv"
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


def changes(version: str, source: str, found: dict[str, dict[str, str]], *, write: bool) -> int:
    """Compare the ids of a release with those that are derived for it, or write what it has otherwise.

    Args:
        version: the release.
        source: what the artefacts say of themselves.
        found: syntax -> id -> severity, as the artefacts have them.
        write: whether to write.
    """
    if not write:
        ours = find_pack(f"en16931@{version}").published()
        wrong = {syntax: ids for syntax, ids in found.items() if ours["ubl" if syntax == "ubl" else "cii"] != ids}
        for syntax in wrong:
            print(f"the ids of {version} in {syntax} are not those of the artefact")
        return 1 if wrong else 0
    rows = ["change,id,syntax,severity,was"]
    for syntax, ids in found.items():
        base = {str(name): str(flag) for name, flag in published()["ubl" if syntax == "ubl" else "cii"].items()}
        rows += [f"new,{name},{syntax},{flag}," for name, flag in ids.items() if name not in base]
        rows += [f"gone,{name},{syntax},," for name in base if name not in ids]
        rows += [f"severity,{name},{syntax},{flag}," for name, flag in ids.items() if base.get(name, flag) != flag]
    head = f"# CEN/TC 434 EN 16931 validation artefacts, {source}"
    (ROOM / "deltas" / f"{version}.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return 0


def main() -> int:
    """Compare or write, as the arguments say."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ubl", type=Path)
    parser.add_argument("cii", type=Path)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--release", help="a release beside that of the file, such as 1.3.15")
    arguments = parser.parse_args()
    edition, ubl = ids(arguments.ubl)
    _, cii = ids(arguments.cii)
    if arguments.release:
        return changes(arguments.release, edition, {"ubl": ubl, "cii": cii}, write=arguments.write)
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
