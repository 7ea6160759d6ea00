# SPDX-License-Identifier: Apache-2.0
"""Compare the code lists in ``src/einvoice/codes/data`` with the EN 16931 validation artefacts, or take them over.

    python tools/code_lists.py UBL.xslt CII.xslt             show what differs, exit with status 1 if anything does
    python tools/code_lists.py UBL.xslt CII.xslt --write     write the codes; names that are known are kept
    ... --edition en16931-1.3.15                             the same for an edition, of which only what differs is kept

The artefacts are EN16931-UBL-validation.xslt and EN16931-CII-validation.xslt of one release; they are compiled
Schematron, and a rule holds its list as one text between blanks. What is taken is the codes, which are facts.
"""

from __future__ import annotations

import argparse
import csv
import io
import re
import sys
from pathlib import Path
from typing import Final

DATA: Final = Path(__file__).resolve().parent.parent / "src" / "einvoice" / "codes" / "data"

# list -> the rule that holds it, and which of the rule's texts it is: in UBL, in CII
LISTS: Final = {
    "untdid-1001-invoice": (("BR-CL-01", 0), None),
    "untdid-1001-credit-note": (("BR-CL-01", 1), None),
    "iso-4217": (("BR-CL-04", 0), ("BR-CL-04", 0)),
    "untdid-2005": (("BR-CL-06", 0), None),
    "untdid-2475": (None, ("BR-CL-06", 0)),
    "untdid-1153": (("BR-CL-07", 0), ("BR-CL-07", 0)),
    "untdid-4451": (("BR-CL-08", 0), ("BR-CL-08", 0)),
    "iso-6523": (("BR-CL-11", 0), ("BR-CL-11", 0)),
    "untdid-7143": (("BR-CL-13", 0), ("BR-CL-13", 0)),
    "iso-3166-1": (("BR-CL-14", 0), ("BR-CL-14", 0)),
    "untdid-4461": (("BR-CL-16", 0), ("BR-CL-16", 0)),
    "untdid-5305": (("BR-CL-17", 0), ("BR-CL-17", 0)),
    "untdid-5189": (("BR-CL-19", 0), ("BR-CL-19", 0)),
    "untdid-7161": (("BR-CL-20", 0), ("BR-CL-20", 0)),
    "vatex": (("BR-CL-22", 0), ("BR-CL-22", 0)),
    "unece-rec20-21": (("BR-CL-23", 0), ("BR-CL-23", 0)),
    "mime": (("BR-CL-24", 0), ("BR-CL-24", 0)),
    "eas": (("BR-CL-25", 0), ("BR-CL-25", 0)),
    "vat-prefix": (("BR-CO-09", 0), ("BR-CO-09", 0)),
}
ASSERT: Final = re.compile(
    r'<svrl:failed-assert[^>]*\btest="([^"]*)"(?:(?!</svrl:failed-assert>).)*?'
    r'<xsl:attribute name="id">\s*(BR-[\w-]+)\s*</xsl:attribute>',
    re.DOTALL,
)
TEXT: Final = re.compile(r"contains\(\s*'( [^']*)'")
MIME: Final = re.compile(r"@mimeCode\s*=\s*'([^']*)'")


def taken(text: str) -> list[str]:
    """The codes that a test takes which looks for a code between two blanks: not one at the very end of the text."""
    return text[: text.rindex(" ") + 1].split()


def held(artefact: Path) -> tuple[str, dict[str, list[list[str]]]]:
    """The edition of an artefact, and the texts of codes that each rule holds."""
    text = artefact.read_text(encoding="utf-8")
    edition = re.search(r"Schematron version ([\d.]+) - Last update: (\d{4}-\d\d-\d\d)", text)
    if edition is None:
        sys.exit(f"{artefact} does not say which version it is")
    found = {}
    for test, rule in ASSERT.findall(text):
        texts = [taken(codes) for codes in TEXT.findall(test)] or [MIME.findall(test)]
        found[rule] = [codes for codes in texts if codes]
    return f"CEN/TC 434 EN 16931 validation artefacts, {edition[1]}, {edition[2]}", found


def merged(ubl: list[str] | None, cii: list[str] | None) -> dict[str, str]:
    """Code -> the syntax that alone takes it, in the order of the publisher."""
    if ubl is None or cii is None:
        return dict.fromkeys(ubl or cii or [], "")
    only_ubl, only_cii = set(ubl) - set(cii), set(cii) - set(ubl)
    return {code: "ubl" if code in only_ubl else "cii" if code in only_cii else "" for code in [*ubl, *cii]}


def stored(name: str) -> dict[str, tuple[str, str]]:
    """Code -> name and syntax, as the file has them."""
    file = DATA / f"{name}.csv"
    if not file.exists():
        return {}
    rows = csv.reader(file.read_text(encoding="utf-8").splitlines()[2:])
    return {code: (meaning, only) for code, meaning, only in rows}


def write(name: str, edition: str, codes: dict[str, str]) -> None:
    """Write one list, keeping the names that are known."""
    known = stored(name)
    out = io.StringIO()
    out.write(f"# {edition}\ncode,name,only\n")
    rows = csv.writer(out, lineterminator="\n")
    rows.writerows((code, known.get(code, ("", ""))[0], only) for code, only in codes.items())
    (DATA / f"{name}.csv").write_text(out.getvalue(), encoding="utf-8")


def differences(codes: dict[str, str], known: dict[str, str]) -> list[tuple[str, str, str]]:
    """What an edition has otherwise: change, code, the syntax that alone takes it."""
    added = [("+", code, only) for code, only in codes.items() if known.get(code, " ") != only]
    return added + [("-", code, "") for code in known if code not in codes]


def write_edition(edition: str, source: str, found: dict[str, dict[str, str]]) -> None:
    """Write what an edition has otherwise than the files."""
    file = DATA / "editions" / f"{edition}.csv"
    old = csv.reader(file.read_text(encoding="utf-8").splitlines()[2:]) if file.exists() else iter(())
    names = {(name, code): meaning for name, _, code, meaning, _ in old}
    out = io.StringIO()
    out.write(f"# {source}\nlist,change,code,name,only\n")
    rows = csv.writer(out, lineterminator="\n")
    for name, codes in sorted(found.items()):
        known = {code: only for code, (_, only) in stored(name).items()}
        rows.writerows(
            (name, change, code, names.get((name, code), ""), only) for change, code, only in differences(codes, known)
        )
    file.write_text(out.getvalue(), encoding="utf-8")


def kept(name: str, edition: str) -> dict[str, str]:
    """The codes of a list as they are kept here, each with the syntax that alone takes it."""
    found = {code: only for code, (_, only) in stored(name).items()}
    file = DATA / "editions" / f"{edition}.csv"
    if not edition or not file.exists():
        return found
    for changed, change, code, _, only in csv.reader(file.read_text(encoding="utf-8").splitlines()[2:]):
        if changed == name and change == "+":
            found[code] = only
        elif changed == name:
            found.pop(code, None)
    return found


def main() -> int:
    """Compare or write, as the arguments say."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ubl", type=Path)
    parser.add_argument("cii", type=Path)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--edition", default="", help="an edition beside the files, such as en16931-1.3.15")
    arguments = parser.parse_args()
    edition, ubl = held(arguments.ubl)
    _, cii = held(arguments.cii)
    differs = False
    every = {}
    for name, (in_ubl, in_cii) in LISTS.items():
        codes = merged(
            ubl[in_ubl[0]][in_ubl[1]] if in_ubl else None,
            cii[in_cii[0]][in_cii[1]] if in_cii else None,
        )
        every[name] = codes
        ours = kept(name, arguments.edition)
        for code in sorted(codes.keys() ^ ours.keys() | {c for c in codes.keys() & ours.keys() if codes[c] != ours[c]}):
            differs = True
            print(f"{name}: {code} is {codes.get(code, 'absent')!r} there and {ours.get(code, 'absent')!r} here")
        if arguments.write and not arguments.edition:
            write(name, edition, codes)
    if arguments.write and arguments.edition:
        write_edition(arguments.edition, edition, every)
    return 1 if differs and not arguments.write else 0


if __name__ == "__main__":
    sys.exit(main())
