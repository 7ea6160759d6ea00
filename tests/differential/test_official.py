# SPDX-License-Identifier: Apache-2.0
"""The official judge judges, survives what it dies on, and opens no door."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from einvoice.codes import codes, lists
from einvoice.errors import XmlError
from einvoice.rules import find_pack
from tests.architecture.house import ROOT
from tests.differential import official as edition
from tests.differential.bases import bases
from tests.differential.directed import SYNTAXES
from tests.differential.official import PACK, VARIABLE, MissingError, Official, rules, stylesheet
from tests.differential.saxon import fired
from tests.differential.trees import Tree

if TYPE_CHECKING:
    from pathlib import Path

    from einvoice.bind.order import Syntax
    from tests.differential.official import Family

pytestmark = pytest.mark.peers

FAMILIES: tuple[Family, ...] = ("ubl", "cii")
UNCLEAN = {"rich"}
ECHO = """<xsl:stylesheet version="3.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
 xmlns:svrl="http://purl.oclc.org/dsdl/svrl"><xsl:template match="/"><r><svrl:failed-assert>
 <xsl:attribute name="id" select="{}"/></svrl:failed-assert></r></xsl:template></xsl:stylesheet>"""


@pytest.mark.parametrize("syntax", [syntax for family in FAMILIES for syntax in SYNTAXES[family]])
def test_the_documents_that_are_changed_are_clean(official: Official, syntax: Syntax) -> None:
    family: Family = "cii" if syntax == "cii" else "ubl"
    assert {
        name: hits
        for name, data in bases(syntax).items()
        if (hits := official.judge(family, data)) and name not in UNCLEAN
    } == {}


def test_a_fault_is_found(official: Official) -> None:
    """Without this, a judge that never says anything would agree with everybody who is content."""
    tree = Tree(bases("ubl-invoice")["sample"])
    tree.ensure(tree.root, "cbc:ID").text = " "
    tree.ensure(tree.root, "cbc:UUID").text = "7"
    assert official.judge("ubl", tree.bytes()) == {"BR-02": "fatal", "UBL-CR-005": "warning"}


def test_it_says_why_it_died_and_goes_on(official: Official) -> None:
    sound = bases("ubl-invoice")["sample"]
    tree = Tree(sound)
    for amount in tree.root.iter("{*}PayableAmount"):
        amount.text = ""
    said = official.judge("ubl", tree.bytes())
    assert isinstance(said, str)
    assert "xs:decimal" in said
    assert official.judge("ubl", sound) == {}


def test_a_document_type_never_reaches_it(official: Official) -> None:
    data = bases("ubl-invoice")["sample"]
    start = data.index(b"<Invoice")
    with pytest.raises(XmlError, match="document type"):
        official.judge(
            "ubl", data[:start] + b'<!DOCTYPE Invoice [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + data[start:]
        )


def test_saxon_itself_is_locked(tmp_path: Path) -> None:
    """Even what gets past our parser makes Saxon open no file, whether a document or a stylesheet names it."""
    secret = tmp_path / "secret.txt"
    secret.write_text("hidden", encoding="utf-8")
    says = ECHO.format("string(.)")
    reads = ECHO.format(f"unparsed-text('{secret.as_uri()}')")
    entity = f'<!DOCTYPE a [<!ENTITY x SYSTEM "{secret.as_uri()}">]><a>&x;</a>'
    with Official({"says": says, "reads": reads}) as saxon:
        assert saxon.ask("says", "<a>seen</a>") == {"seen": "fatal"}
        for answer in (saxon.ask("says", entity), saxon.ask("reads", "<a/>")):
            assert isinstance(answer, str)
            assert "hidden" not in answer
        assert saxon.ask("says", "<a>seen</a>") == {"seen": "fatal"}


def test_a_report_is_read_with_flags_roles_and_without() -> None:
    svrl = 'xmlns:svrl="http://purl.oclc.org/dsdl/svrl"'
    hits = '<svrl:failed-assert id="A" flag="warning"/><svrl:successful-report id="B" role="information"/>'
    assert fired(f'<x {svrl}>{hits}<svrl:failed-assert id="C"/></x>') == {
        "A": "warning",
        "B": "information",
        "C": "fatal",
    }


@pytest.mark.parametrize("family", FAMILIES)
def test_every_published_id_is_in_the_stylesheet_with_its_severity(family: Family) -> None:
    flags = {identifier: found[0].flag for identifier, found in rules(family).items()}
    assert flags == find_pack(PACK).published()[family]


@pytest.mark.parametrize(("tool", "family"), [("published", "cii"), ("code_lists", "cii")])
def test_what_was_taken_from_the_stylesheets_is_what_they_say(tool: str, family: Family, tmp_path: Path) -> None:
    """Both tools compare with both stylesheets; that of CII is the one that may be missing."""
    assert family == "cii"
    for name in FAMILIES:
        (tmp_path / f"{name}.xslt").write_text(stylesheet(name), encoding="utf-8")
    files = [str(tmp_path / f"{name}.xslt") for name in FAMILIES]
    done = subprocess.run(
        [sys.executable, f"tools/{tool}.py", *files], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("family", FAMILIES)
def test_every_list_of_codes_in_an_expression_is_one_of_ours(family: Family) -> None:
    ours = {codes(name, family) for name in lists()} | {frozenset({"SEPA"}), types_of_both_documents()}
    listed = re.compile(r"contains\( ?' ([^']+) ', ?concat\(")
    unknown = {
        identifier
        for identifier, found in rules(family).items()
        for rule in found
        for text in listed.findall(rule.test)
        if frozenset(text.split()) not in ours
    }
    assert not unknown


def types_of_both_documents() -> frozenset[str]:
    """CII has one document for invoices and credit notes, and one list of types."""
    return codes("untdid-1001-invoice") | codes("untdid-1001-credit-note")


def test_another_edition_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edition, "_SHA256", {edition.RELEASE: {"ubl": "0" * 64}})
    with pytest.raises(ValueError, match=r"is not the Schematron of en16931@1\.3\.16"):
        stylesheet.__wrapped__("ubl")


def test_what_is_missing_is_named_with_the_way_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "nothing.whl"))
    with pytest.raises(MissingError, match=r"tools/differential\.py --fetch"):
        stylesheet.__wrapped__("cii")


def test_a_judge_without_a_stylesheet_says_so_and_lives_on() -> None:
    with Official({"ubl": stylesheet("ubl")}) as official:
        with pytest.raises(MissingError, match="'cii' is not there"):
            official.ask("cii", "<a/>")
        assert official.ask("ubl", "<a/>") == {}
