# SPDX-License-Identifier: Apache-2.0
"""What a stylesheet asks of the files beside it is handed in; everything else that it asks for stays refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from einvoice.errors import InputError, XmlError
from tests.official.making import sheet, xslt

if TYPE_CHECKING:
    from einvoice.official.engine import Engine

CODES = b"<codes><cl id='1'><enumeration value='EUR'/></cl></codes>"
LOOKUP = "<xsl:value-of select=\"document('codes.xml')//cl[@id=1]/enumeration/@value\"/>"


def test_a_file_beside_it_is_looked_up(saxon: Engine) -> None:
    rules = sheet(xslt(LOOKUP * 2), siblings={"codes.xml": CODES})
    assert list(rules.parameters) == ["einvoice-sibling-0"]
    assert "document(" not in rules.text
    assert "EUREUR" in str(saxon.run(rules, "<a/>").report)


def test_several_files_are_told_apart(saxon: Engine) -> None:
    other = LOOKUP.replace("codes.xml", "others.xml")
    rules = sheet(xslt(LOOKUP + other), siblings={"codes.xml": CODES, "others.xml": CODES.replace(b"EUR", b"SEK")})
    assert "EURSEK" in str(saxon.run(rules, "<a/>").report)


def test_double_quotes_are_read_too(saxon: Engine) -> None:
    rules = sheet(xslt("<xsl:value-of select='count(document(\"codes.xml\"))'/>"), siblings={"codes.xml": CODES})
    assert ">1<" in str(saxon.run(rules, "<a/>").report)


def test_a_file_that_is_not_beside_it_is_asked_for_by_name() -> None:
    with pytest.raises(InputError, match=r"^ours\.xslt: the artefact looks things up in codes\.xml, which has to lie"):
        _ = sheet(xslt(LOOKUP)).text


@pytest.mark.parametrize("name", ["../codes.xml", "/etc/passwd", "file:codes.xml", "a/codes.xml", "http://x/codes.xml"])
def test_nothing_but_a_plain_name_is_handed_in(name: str, saxon: Engine) -> None:
    rules = sheet(xslt(LOOKUP.replace("codes.xml", name)), siblings={name: CODES})
    assert rules.parameters == {}
    assert "prohibited" in saxon.run(rules, "<a/>").error


def test_a_sibling_is_parsed_safely() -> None:
    rules = sheet(xslt(LOOKUP), siblings={"codes.xml": b"<!DOCTYPE codes [<!ENTITY x 'y'>]><codes>&x;</codes>"})
    with pytest.raises(XmlError, match=r"^codes\.xml.*document type"):
        _ = rules.text


def test_a_parameter_stands_behind_the_imports() -> None:
    rules = sheet(xslt(LOOKUP, top='<xsl:import href="x.xsl"/>'), siblings={"codes.xml": CODES})
    assert rules.text.index("xsl:import") < rules.text.index("xsl:param")


def test_the_same_stylesheet_with_other_codes_is_another_one() -> None:
    one = sheet(xslt(LOOKUP), siblings={"codes.xml": CODES})
    other = sheet(xslt(LOOKUP), siblings={"codes.xml": CODES.replace(b"EUR", b"SEK")})
    assert one.sha256 == other.sha256
    assert one.key != other.key


@pytest.mark.parametrize("data", [b"<html/>", b"%PDF-1.7", b"", b"{}"])
def test_what_is_no_stylesheet_is_refused(data: bytes) -> None:
    with pytest.raises(InputError, match=r"^ours\.xslt: this is no XSLT stylesheet"):
        _ = sheet(data).text


def test_blanks_that_a_stylesheet_writes_are_kept(saxon: Engine) -> None:
    rules = sheet(xslt("<x>a<xsl:text> </xsl:text>b</x>"))
    assert "<x" in (report := str(saxon.run(rules, "<a/>").report))
    assert ">a b</x>" in report
