# SPDX-License-Identifier: Apache-2.0
"""Compare ``src/einvoice/rules/xrechnung/levels.csv`` with KoSIT's configuration of its validator, or take it over.

    python tools/kosit_levels.py scenarios.xml            exit with status 1 if the file is not current
    python tools/kosit_levels.py scenarios.xml --write 2026-01-31    write it, as that of the release of this day

The configuration is the repository itplr-kosit/validator-configuration-xrechnung; its ``scenarios.xml`` names the
specifications by placeholders, the released one by their identifiers. What is taken is ids and levels, which are facts.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import Final

from lxml import etree

TARGET: Final = Path(__file__).resolve().parent.parent / "src" / "einvoice" / "rules" / "xrechnung" / "levels.csv"
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


def rows(scenarios: Path) -> list[str]:
    """The rows that a configuration asks for.

    Args:
        scenarios: the configuration.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    found = []
    for scenario in etree.parse(scenarios, parser).iterfind(f"{_IN}scenario"):
        condition = scenario.findtext(f"{_IN}match") or ""
        specification = next((name for text, name in _SPECIFICATIONS.items() if text in condition), None)
        syntax = next(name for text, name in _SYNTAXES.items() if text in condition)
        levels = sorted(
            ((one.text or "").strip(), _LEVELS[str(one.get("level"))]) for one in scenario.iter(f"{_IN}customLevel")
        )
        if specification is not None:
            found += [f"{specification},{syntax},{identifier},{level}" for identifier, level in levels]
        elif levels:
            sys.exit(f"{condition.strip()}: levels of a specification that is not known here")
    return found


def main() -> int:
    """Compare or write, as the arguments say."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenarios", type=Path)
    parser.add_argument("--write", metavar="DAY", help="the day of the release, such as 2026-01-31")
    arguments = parser.parse_args()
    found = rows(arguments.scenarios)
    if arguments.write:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", arguments.write):
            parser.error("the day is written as YYYY-MM-DD")
        head = f"# KoSIT, validator configuration for XRechnung 3.0.2, {arguments.write}"
        TARGET.write_text("\n".join([head, "specification,syntax,id,level", *found]) + "\n", encoding="utf-8")
    elif TARGET.read_text(encoding="utf-8").splitlines()[2:] != found:
        print(f"{TARGET} is not current")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
