# SPDX-License-Identifier: Apache-2.0
"""Write ``src/einvoice/rules/examples.csv``: for each rule the smallest thing that breaks it, and its repair.

    python tools/rule_examples.py            write the file
    python tools/rule_examples.py --check    write nothing; exit with status 1 if it is not current

The documents are those of the tests, which show that they break their rule, and what fires beside it; what they differ
in from a sound one is the example. ``einvoice explain`` shows it.
"""

from __future__ import annotations

import argparse
import csv
import io
import sys
from difflib import SequenceMatcher
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from einvoice import validate
from einvoice.bind import write, xml
from einvoice.bind.paths import Paths, name_of, prefixed
from einvoice.rules import find_pack
from tests.rules.br_fr import cases as br_fr_ubl
from tests.rules.br_fr import cases_cii as br_fr_cii
from tests.rules.en16931 import (
    cases_codes,
    cases_vat,  # noqa: F401 -- it enters its cases with the others
)
from tests.rules.en16931.syntax_examples import example
from tests.rules.extended_ctc_fr import cases as extended
from tests.rules.peppol import cases as peppol
from tests.rules.peppol import cases_national as national
from tests.rules.xrechnung import cases as xrechnung
from tests.rules.xrechnung import invoices as german

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lxml.etree import _Element

    from einvoice.model import Syntax
    from einvoice.model.structure import StructureRow
    from einvoice.rules.registry import Family
    from einvoice.rules.structure import StructureRules

FILE: Final = Path(__file__).resolve().parent.parent / "src" / "einvoice" / "rules" / "examples.csv"
HEAD: Final = "# what breaks each rule, and its repair; made by tools/rule_examples.py of the documents of the tests"
COLUMNS: Final = ("id", "syntax", "place", "broken", "repaired")
FAMILIES: Final[tuple[Family, ...]] = ("ubl", "cii")
PACKS: Final = (
    "en16931@1.3.16", "xrechnung", "peppol", "peppol-selfbilling", "br-fr", "extended-ctc-fr",
    *(f"facturx:{profile}" for profile in ("extended", "en16931", "basic", "basicwl", "minimum")),
)  # fmt: skip
_MOST: Final = 6
"""Things in which a document may differ from a sound one to be an example."""
_LONGEST: Final = 160
"""Characters of XML that are shown."""


class Spoiled(NamedTuple):
    """A document that breaks a rule, and one that does not; ``aimed`` at this rule or another, ``None`` of a row."""

    rule: str
    family: Family
    pack: str
    broken: bytes
    sound: bytes
    aimed: bool | None


class Change(NamedTuple):
    """One thing in which two documents differ: where, and the XML there; empty where nothing is."""

    place: str
    broken: str
    sound: str


# ----------------------------------------------------------------------------------------------------- the documents


def spoiled() -> Iterator[Spoiled]:
    """Every document of the tests that breaks a rule, the plainest first."""
    for name, case in cases_codes.CASES.items():
        yield from _of(name, case.ubl, "ubl", PACKS[0], write(case.invoice, "ubl"), write(case.sound, "ubl"))
        yield from _of(name, case.cii, "cii", PACKS[0], write(case.invoice, "cii"), write(case.sound, "cii"))
    yield from _of_xrechnung()
    for name, peppols in (peppol.BASE | national.NATIONAL).items():
        yield from _of(name, peppols.fires, "ubl", "peppol", peppols.document.encode(), peppols.sound.encode())
    for name, french in br_fr_ubl.UBL.items():
        yield from _of(f"BR-FR-{name}", french.fires, "ubl", "br-fr", french.document.encode(), french.sound.encode())
    for name, french in br_fr_cii.CII.items():
        yield from _of(f"BR-FR-{name}", french.fires, "cii", "br-fr", french.document.encode(), french.sound.encode())
    for family, cases in extended.CASES.items():
        syntax: Syntax = "cii" if family == "cii" else "ubl-invoice"
        for name, wider in cases.items():
            yield from _of(name, wider.fired, family, "extended-ctc-fr", wider.document(syntax), wider.base(syntax))
    yield from _of_rows()


def _of(name: str, fires: frozenset[str], family: Family, pack: str, broken: bytes, sound: bytes) -> Iterator[Spoiled]:
    """A document for each rule that it breaks, first for the one that it is made for."""
    aimed = name.partition(" ")[0].rstrip(",")
    for rule in sorted(fires, key=lambda one: (one != aimed, one)):
        yield Spoiled(rule, family, pack, broken, sound, rule == aimed)


def _of_xrechnung() -> Iterator[Spoiled]:
    sound = list(german.invoices().values())
    for name, case in xrechnung.CASES.items():
        for family in FAMILIES:
            syntax: Syntax = "cii" if family == "cii" else "ubl-invoice"
            broken = case.document(syntax)
            near = min((german.written(one, syntax) for one in sound), key=lambda one: len(changes(broken, one)))
            yield from _of(name, case.fires(syntax) or frozenset(), family, "xrechnung", broken, near)


def _of_rows() -> Iterator[Spoiled]:
    for name in PACKS:
        for family, rules in find_pack(name).structure.items():
            for row in _rows(rules):
                if row.test != "asked" and "../" not in row.context + row.path and row.context != "& *":
                    made = example(row, family)
                    yield Spoiled(row.rule, family, name, made.broken, made.mended, None)


def _rows(rules: StructureRules) -> Iterator[StructureRow]:
    yield from rules.rows.rows
    for section in rules.rows.sections:
        yield from section.rows


# --------------------------------------------------------------------------------------------------- the differences


def changes(broken: bytes, sound: bytes) -> list[Change]:
    """What two documents differ in.

    Args:
        broken: the one that breaks a rule.
        sound: the one that does not.
    """
    return list(_compared(xml.parse(broken), xml.parse(sound)))


def _compared(broken: _Element, sound: _Element) -> Iterator[Change]:
    place = Paths().of(broken)
    if broken.tag != sound.tag:
        yield Change(place, _shown(broken), _shown(sound))
        return
    if len(broken) == len(sound) == 0:
        if (broken.text, broken.items()) != (sound.text, sound.items()):
            yield Change(place, _shown(broken), _shown(sound))
        return
    here, there = ([*map(etree.tostring, one)] for one in (broken, sound))
    for what, start, end, first, last in SequenceMatcher(None, here, there, autojunk=False).get_opcodes():
        if what != "equal":
            yield from _exchanged(place, [*broken][start:end], [*sound][first:last])


def _exchanged(place: str, broken: list[_Element], sound: list[_Element]) -> Iterator[Change]:
    """What came for what: elements of one name, in their order, are compared with each other."""
    names = [child.tag for child in broken]
    left = list(broken)
    for child in sound:
        if child.tag in names:
            same = left.pop(names.index(child.tag))
            names.remove(child.tag)
            yield from _compared(same, child)
        else:
            yield Change(f"{place}/{name_of(child)}", "", _shown(child))
    for child in left:
        yield Change(Paths().of(child), _shown(child), "")


def _shown(element: _Element) -> str:
    """An element as XML on one line, without declarations of namespaces, and not too long."""
    attributes = "".join(f" {prefixed(str(name))}={quoteattr(str(value))}" for name, value in element.items())
    start = f"<{name_of(element)}{attributes}"
    inside = "".join(map(_shown, element)) if len(element) else escape(element.text or "")
    text = f"{start}>{inside}</{name_of(element)}>" if inside else f"{start}/>"
    return text if len(text) <= _LONGEST else f"{start}>…</{name_of(element)}>"


# ----------------------------------------------------------------------------------------------------------- the file


def examples() -> dict[tuple[str, Family], list[Change]]:
    """For each rule and syntax an example: of a case made for it, of another case, of a row; that of least changes."""
    found: dict[tuple[str, Family], list[Change]] = {}
    every = list(spoiled())
    for kind in (True, False, None):
        best: dict[tuple[str, Family], list[Change]] = {}
        for one in (one for one in every if one.aimed is kind):
            key = one.rule, one.family
            if key in found or len(best.get(key, ())) == 1:
                continue
            for broken in (one.broken, *_without(one)):
                differences = changes(broken, one.sound)
                fewer = 0 < len(differences) < len(best.get(key, [None] * (_MOST + 1)))
                if fewer and _is_true(one._replace(broken=broken)):
                    best[key] = differences
                    break
        found |= best
    return found


def _without(one: Spoiled) -> Iterator[bytes]:
    """The sound document without what differs, and with its first difference alone.

    A writer that has nothing to say writes what the schema demands; and what says a currency stands at many places.
    """
    differences = changes(one.broken, one.sound)
    if 0 < len(differences) <= _MOST:
        yield _changed(one.sound, {change.place: None for change in differences})
    elif differences and (first := differences[0]).sound:
        yield _changed(one.sound, {first.place: _at(one.broken, first.place) if first.broken else None})


def _changed(document: bytes, places: Mapping[str, _Element | None]) -> bytes:
    """A document with other elements at places, or none."""
    root, paths = xml.parse(document), Paths()
    for element, path in [(element, paths.of(element)) for element in root.iter()]:
        parent = element.getparent()
        if path in places and parent is not None:
            new = places[path]
            if new is not None:
                parent.insert(parent.index(element), new)
            parent.remove(element)
    return etree.tostring(root)


def _at(document: bytes, place: str) -> _Element | None:
    paths = Paths()
    return next((element for element in xml.parse(document).iter() if paths.of(element) == place), None)


def _is_true(one: Spoiled) -> bool:
    """Whether the rule is broken in the one document, and not in the other; of a row the tests show it."""
    return one.aimed is None or (
        one.rule in _fired(one.broken, one.pack) and one.rule not in _fired(one.sound, one.pack)
    )


@lru_cache(maxsize=64)
def _fired(document: bytes, pack: str) -> set[str]:
    return {finding.rule for finding in validate(document, packs=pack).findings}


def made() -> str:
    """The file as it is made today."""
    text = io.StringIO()
    text.write(f"{HEAD}\n")
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(COLUMNS)
    for (rule, family), differences in sorted(examples().items()):
        rows.writerows((rule, family, *one) for one in dict.fromkeys(differences))
    return text.getvalue()


def main() -> int:
    """Write the file, or say that it is not current."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("--check", action="store_true", help="write nothing; status 1 if the file is not current")
    check = arguments.parse_args().check
    text = made()
    if FILE.is_file() and FILE.read_text(encoding="utf-8") == text:
        return 0
    print(f"{FILE} is {'not current; run tools/rule_examples.py' if check else 'written'}")
    if not check:
        FILE.write_text(text, encoding="utf-8")
    return int(check)


if __name__ == "__main__":
    sys.exit(main())
