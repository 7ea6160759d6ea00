# SPDX-License-Identifier: Apache-2.0
"""A run of repairs: whatever happens to one document, the others are worked on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from einvoice.service.drafts import Judges
from einvoice.service.fix import repair
from einvoice.service.fixes import Fixes, difference
from einvoice.service.packs import parse
from einvoice.service.settings import Settings
from einvoice.service.status import Status
from tests.service.slips import JSON, UBL, spoiled

if TYPE_CHECKING:
    from pathlib import Path

    from einvoice.service.fix import Fixed
    from einvoice.service.intake import Intake

JUDGES = Judges(parse("en16931"), None, Settings())


def test_a_defect_costs_one_document_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EINVOICE_DEBUG", raising=False)
    for name in ("a.xml", "b.xml"):
        (tmp_path / name).write_text(UBL, encoding="utf-8")

    def failing(intake: Intake, judges: Judges) -> Fixed:
        if str(intake.source).endswith("a.xml"):
            raise LookupError("odd")
        return repair(intake, judges)

    monkeypatch.setattr("einvoice.service.fixes.repair", failing)
    run = Fixes([str(tmp_path / "a.xml"), str(tmp_path / "b.xml")], JUDGES, output=str(tmp_path / "out"))
    first, second = run.run()
    assert (first.status, second.status) == (Status.UNREADABLE, Status.DONE)
    assert "a defect of einvoice" in str(first.error)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["b.fixed.xml"]
    monkeypatch.setenv("EINVOICE_DEBUG", "1")
    with pytest.raises(LookupError):
        next(run.run())


def test_two_documents_of_one_name_get_two_names(tmp_path: Path) -> None:
    sources = []
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.xml").write_text(UBL, encoding="utf-8")
        sources.append(str(tmp_path / folder / "a.xml"))
    outcomes = list(Fixes(sources, JUDGES, output=str(tmp_path / "out")).run())
    assert [one.path.name for one in outcomes if one.path] == ["a.fixed.xml", "a-2.fixed.xml"]


def test_the_difference_of_json_is_shown_by_lines() -> None:
    before, after = spoiled(JSON, ('"EUR"', '"eur"')), JSON.encode()
    shown = difference(before, after, "a.json", xml=False)
    assert '-  "currency_code": "eur",' in shown
    assert '+  "currency_code": "EUR",' in shown


def test_no_difference_is_nothing() -> None:
    assert difference(UBL.encode(), UBL.encode(), "a.xml", xml=True) == ""
