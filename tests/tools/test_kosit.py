# SPDX-License-Identifier: Apache-2.0
"""The tool that takes over what KoSIT publishes: ids with severities, codes of the extension, levels of scenarios."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from einvoice.codes import codes
from einvoice.rules import find_pack
from tools import kosit

if TYPE_CHECKING:
    from pathlib import Path

PACK = find_pack("xrechnung@2.5.0")
NAMESPACE = "http://www.xoev.de/de/validator/framework/1/scenarios"


def sheet(syntax: str, **more: str) -> str:
    """What the tool looks for in a stylesheet of release 2.5.0, changed as asked."""
    rules = {**PACK.published()[syntax], **more}  # type: ignore[index]
    lists = {
        "CEF-EAS-CODES": codes("eas", None, "xrechnung-2.5.0"),
        "ISO-6523-ICD-CODES": codes("iso-6523", None, "xrechnung-2.5.0"),
        "UNTDID-7143-CODES": codes("untdid-7143"),
    }
    stated = [
        f"""<xsl:variable name="{name}" select="' {" ".join(sorted(some))} '"/>""" for name, some in lists.items()
    ]
    found = [
        f'<svrl:failed-assert test="x"><xsl:attribute name="id">{name}</xsl:attribute>'
        f'<xsl:attribute name="flag">{flag}</xsl:attribute></svrl:failed-assert>'
        for name, flag in rules.items()
    ]
    return "\n".join(["<!-- Schematron Version 2.5.0 - XRechnung 3.0.2 compatible -->", *stated, *found])


def test_the_files_are_those_of_the_release_they_name() -> None:
    wanted = kosit.rules({"ubl": sheet("ubl"), "cii": sheet("cii")})
    assert [path.name for path in wanted] == ["published.csv", "xrechnung-2.5.0.csv"]
    assert kosit.settled(wanted, None) == 0


def test_a_rule_that_is_new_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    wanted = kosit.rules({"ubl": sheet("ubl", **{"BR-DE-99": "fatal"}), "cii": sheet("cii")})
    assert kosit.settled(wanted, None) == 1
    assert "published.csv is not current" in capsys.readouterr().out


def configuration(folder: Path, condition: str, *levels: tuple[str, str]) -> Path:
    stated = "".join(f'<customLevel level="{level}">{rule}</customLevel>' for rule, level in levels)
    text = f'<scenarios xmlns="{NAMESPACE}"><scenario><match>{condition}</match>{stated}</scenario></scenarios>'
    path = folder / "scenarios.xml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("condition", "kind"),
    [
        ("exists(/invoice:Invoice/cbc:CustomizationID[ . = '@xrechnung.spec.id@'])", "cius,ubl-invoice"),
        ("exists(/creditnote:CreditNote[cbc:CustomizationID/text() = '@xrechnung.cvd.id@'])", "cvd,ubl-creditnote"),
        (
            "exists(/rsm:CrossIndustryInvoice[ram:ID = 'x#urn:xeinkauf.de:kosit:extension:xrechnung_3.0'])",
            "extension,cii",
        ),
    ],
)
def test_a_scenario_is_known_by_its_condition(tmp_path: Path, condition: str, kind: str) -> None:
    path = configuration(tmp_path, condition, ("BR-2", "error"), ("BR-1", "information"))
    ((_, lines),) = kosit.levels(path).items()
    assert lines[1:] == [f"{kind},BR-1,information", f"{kind},BR-2,fatal"]


def test_levels_of_a_specification_that_nobody_knows_stop_the_tool(tmp_path: Path) -> None:
    path = configuration(tmp_path, "exists(/invoice:Invoice[x = 'urn:of:our:own'])", ("BR-1", "error"))
    with pytest.raises(SystemExit, match="not known here"):
        kosit.levels(path)
