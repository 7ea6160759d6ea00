# SPDX-License-Identifier: Apache-2.0
"""Compare what einvoice took from KoSIT's publications for XRechnung with a release of them, or take it over.

    python tools/kosit.py rules UBL.xslt CII.xslt     exit with status 1 if published.csv or the codes are not current
    python tools/kosit.py levels scenarios.xml        the same for levels.csv
    ... --write 2026-01-31                            write it, as that of the release of this day

``rules`` takes the compiled Schematron rules (XRechnung-UBL-validation, XRechnung-CII-validation): ids, severities, and
the code lists of the extension, which it compares with those of EN 16931. ``levels`` takes the configuration of KoSIT's
validator (itplr-kosit/validator-configuration-xrechnung); its ``scenarios.xml`` names the specifications by
placeholders, the released one by their identifiers. What is taken is ids, levels and codes, which are facts.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import Final

from lxml import etree

from einvoice.codes import codes

SOURCE: Final = Path(__file__).resolve().parent.parent / "src" / "einvoice"
ROOM: Final = SOURCE / "rules" / "xrechnung"
_ASSERT: Final = re.compile(
    r'<svrl:failed-assert\b(?:(?!</svrl:failed-assert>).)*?<xsl:attribute name="id">\s*([\w.-]+)\s*</xsl:attribute>\s*'
    r'<xsl:attribute name="flag">\s*(\w+)\s*</xsl:attribute>',
    re.DOTALL,
)
_VERSION: Final = re.compile(r"Schematron Version ([\d.]+) - XRechnung ([\d.]+)")
_LISTS: Final = {"eas": "CEF-EAS-CODES", "iso-6523": "ISO-6523-ICD-CODES", "untdid-7143": "UNTDID-7143-CODES"}
_IN: Final = "{http://www.xoev.de/de/validator/framework/1/scenarios}"
_SPECIFICATIONS: Final = {
    "@xrechnung.cvd.id@": "cvd",
    "@xrechnung.extension.id@": "extension",
    "@xrechnung.spec.id@": "cius",
    "kosit:xrechnung:cvd_": "cvd",
    "kosit:extension:xrechnung_": "extension",
    "kosit:xrechnung_": "cius",
}
"""What tells the specification in the condition of a scenario, the more special first."""
_SYNTAXES: Final = {":Invoice": "ubl-invoice", ":CreditNote": "ubl-creditnote", ":CrossIndustryInvoice": "cii"}
_LEVELS: Final = {"error": "fatal", "warning": "warning", "information": "information"}


def rules(texts: dict[str, str]) -> dict[Path, list[str]]:
    """The files that the compiled rules ask for, without their first lines.

    Args:
        texts: the stylesheets by syntax.
    """
    published = [
        f"{identifier},{syntax},{flag}"
        for syntax, text in texts.items()
        for identifier, flag in sorted(dict(_ASSERT.findall(text)).items())
    ]
    changed = []
    for name, variable in _LISTS.items():
        stated = re.search(rf"""<xsl:variable name="{variable}" select="'([^']*)'""", texts["ubl"])
        if stated is None:
            sys.exit(f"the rules have no list {variable}")
        theirs, ours = set(stated[1].split()), codes(name)
        changed += [f"{name},+,{code},," for code in sorted(theirs - ours)]
        changed += [f"{name},-,{code},," for code in sorted(ours - theirs)]
    (version,) = {found[1] for text in texts.values() if (found := _VERSION.search(text))}
    edition = SOURCE / "codes" / "data" / "editions" / f"xrechnung-{version}.csv"
    return {
        ROOM / "published.csv": ["id,syntax,severity", *published],
        edition: ["list,change,code,name,only", *changed],
    }


def levels(scenarios: Path) -> dict[Path, list[str]]:
    """The file that a configuration asks for, without its first line.

    Args:
        scenarios: the configuration.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    found = ["specification,syntax,id,level"]
    for scenario in etree.parse(scenarios, parser).iterfind(f"{_IN}scenario"):
        condition = scenario.findtext(f"{_IN}match") or ""
        specification = next((name for text, name in _SPECIFICATIONS.items() if text in condition), None)
        syntax = next(name for text, name in _SYNTAXES.items() if text in condition)
        stated = sorted(
            ((one.text or "").strip(), _LEVELS[str(one.get("level"))]) for one in scenario.iter(f"{_IN}customLevel")
        )
        if specification is not None:
            found += [f"{specification},{syntax},{identifier},{level}" for identifier, level in stated]
        elif stated:
            sys.exit(f"{condition.strip()}: levels of a specification that is not known here")
    return {ROOM / "levels.csv": found}


def settled(wanted: dict[Path, list[str]], head: str | None) -> int:
    """Compare files with what they should be, or write them.

    Args:
        wanted: their lines but the first.
        head: the first line; ``None`` to compare.
    """
    stale = [path for path, lines in wanted.items() if path.read_text(encoding="utf-8").splitlines()[1:] != lines]
    for path in stale:
        if head is None:
            print(f"{path} is not current")
        else:
            path.write_text("\n".join([head, *wanted[path]]) + "\n", encoding="utf-8")
    return 1 if stale and head is None else 0


def main() -> int:
    """Compare or write, as the arguments say."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["rules", "levels"])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--write", metavar="DAY", help="the day of the release, such as 2026-01-31")
    arguments = parser.parse_args()
    if arguments.write and not re.fullmatch(r"\d{4}-\d\d-\d\d", arguments.write):
        parser.error("the day is written as YYYY-MM-DD")
    if arguments.what == "levels":
        head = f"# KoSIT, validator configuration for XRechnung 3.0.2, {arguments.write}"
        return settled(levels(arguments.files[0]), head if arguments.write else None)
    if len(arguments.files) != 2:  # noqa: PLR2004 -- one for each syntax
        parser.error("there are two stylesheets, for UBL and for CII")
    texts = dict(zip(("ubl", "cii"), (file.read_text(encoding="utf-8") for file in arguments.files), strict=True))
    found = _VERSION.search(texts["ubl"])
    head = f"# KoSIT, Schematron rules for XRechnung {found[2]}, {found[1]}, {arguments.write}" if found else ""
    return settled(rules(texts), head if arguments.write else None)


if __name__ == "__main__":
    sys.exit(main())
