# SPDX-License-Identifier: Apache-2.0
"""The tools that take over what a publisher's artefacts hold: ids with severities, and code lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from einvoice.codes import codes
from einvoice.rules import find_pack
from tools import code_lists, published

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

HEAD = "<!-- Schematron version 9.9 - Last update: 2030-01-02-->"


def asserted(identifier: str, flag: str, test: str = "true()") -> str:
    said = f'<xsl:attribute name="id">{identifier}</xsl:attribute><xsl:attribute name="flag">{flag}</xsl:attribute>'
    return f'<svrl:failed-assert test="{test}">{said}<svrl:text>no</svrl:text></svrl:failed-assert>'


def artefact(folder: Path, name: str, *rules: str) -> Path:
    path = folder / f"EN16931-{name}-validation.xslt"
    path.write_text(f"{HEAD}<xsl:stylesheet>{''.join(rules)}</xsl:stylesheet>", encoding="utf-8")
    return path


def test_ids_and_severities_are_read_from_an_artefact(tmp_path: Path) -> None:
    path = artefact(tmp_path, "UBL", asserted("BR-02", "warning"), asserted("BR-01", "fatal"))
    assert published.ids(path) == ("9.9, 2030-01-02", {"BR-01": "fatal", "BR-02": "warning"})


def test_what_a_release_has_otherwise_is_written_as_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "deltas").mkdir()
    monkeypatch.setattr(published, "ROOM", tmp_path)
    ubl, cii = (
        {name: str(flag) for name, flag in ids.items()} for ids in find_pack("en16931@1.3.16").published().values()
    )
    del ubl["BR-01"]
    found = {"ubl": {**ubl, "BR-02": "warning", "BR-99": "fatal"}, "cii": cii}
    assert published.changes("9.9", "9.9, 2030-01-02", found, write=True) == 0
    lines = (tmp_path / "deltas" / "9.9.csv").read_text(encoding="utf-8").splitlines()
    assert lines[2:] == ["new,BR-99,ubl,fatal,", "gone,BR-01,ubl,,", "severity,BR-02,ubl,warning,"]


def test_the_ids_of_a_release_are_compared(capsys: pytest.CaptureFixture[str]) -> None:
    found = find_pack("en16931@1.3.15").published()
    same = {str(family): {name: str(flag) for name, flag in ids.items()} for family, ids in found.items()}
    assert published.changes("1.3.15", "", same, write=False) == 0
    assert published.changes("1.3.15", "", {**same, "cii": {}}, write=False) == 1
    assert "in cii" in capsys.readouterr().out


def test_a_code_at_the_very_end_of_a_text_is_not_taken(tmp_path: Path) -> None:
    rules = (
        asserted("BR-CL-11", "fatal", "contains(' 0001 0002 ', x)"),
        asserted("BR-CL-13", "fatal", "contains(' A B', x)"),
    )
    edition, held = code_lists.held(artefact(tmp_path, "UBL", *rules))
    assert edition.endswith("9.9, 2030-01-02")
    assert held == {"BR-CL-11": [["0001", "0002"]], "BR-CL-13": [["A"]]}


def test_an_edition_holds_what_differs_from_the_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "editions").mkdir()
    (tmp_path / "eas.csv").write_text("# here\ncode,name,only\n0001,,\n0002,Two,ubl\n", encoding="utf-8")
    monkeypatch.setattr(code_lists, "DATA", tmp_path)
    code_lists.write_edition("x-1", "there, 1, 2030-01-02", {"eas": {"0001": "cii", "0003": ""}})
    lines = (tmp_path / "editions" / "x-1.csv").read_text(encoding="utf-8").splitlines()
    assert lines[2:] == ["eas,+,0001,,cii", "eas,+,0003,,", "eas,-,0002,,"]
    assert code_lists.kept("eas", "x-1") == {"0001": "cii", "0003": ""}
    assert code_lists.kept("eas", "") == {"0001": "", "0002": "ubl"}


def test_the_editions_here_are_read_alike_by_the_tool() -> None:
    for name in ("eas", "iso-4217"):
        assert code_lists.kept(name, "en16931-1.3.15").keys() == codes(name, edition="en16931-1.3.15")
