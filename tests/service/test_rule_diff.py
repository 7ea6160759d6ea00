# SPDX-License-Identifier: Apache-2.0
"""Two releases on the user's own invoices."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from msgspec import structs

from einvoice.bind import write
from einvoice.errors import UnknownNameError
from einvoice.service.rule_diff import Pair, changes_between, pack_of, rejudge, tally, unread
from einvoice.service.settings import Settings
from einvoice.service.status import Status
from tests.rules.invoices import clean

if TYPE_CHECKING:
    from pathlib import Path

    from einvoice.service.rule_diff import Rejudged

OLD, NEW = "en16931@1.3.16", "en16931@1.3.17"
PAIR = Pair(older=OLD, newer=NEW)


def judged(folder: Path, old: str = "", new: str = "") -> Rejudged:
    """A sound invoice, perhaps with one text replaced, by both releases."""
    text = write(clean(), "ubl").decode()
    assert old in text
    changed = folder / "changed.xml"
    changed.write_text(text.replace(old, new) if old else text, encoding="utf-8")
    return rejudge(str(changed), PAIR, Settings())


def test_an_invoice_that_both_judge_alike_does_not_change(tmp_path: Path) -> None:
    same = judged(tmp_path)
    assert (same.before, same.after, same.shifts, same.status) == ("valid", "valid", (), Status.DONE)
    assert not same.changes


def test_a_code_that_only_the_newer_release_takes_makes_a_finding_vanish(tmp_path: Path) -> None:
    result = judged(tmp_path, "EUR", "STN")
    assert {(one.change, one.rule) for one in result.shifts} == {("vanishes", "BR-CL-03"), ("vanishes", "BR-CL-04")}
    assert (result.before, result.after, result.status) == ("invalid", "valid", Status.DONE)


def test_a_code_that_the_newer_release_has_dropped_makes_the_invoice_invalid(tmp_path: Path) -> None:
    result = judged(tmp_path, 'schemeID="EM"', 'schemeID="0219"')
    assert {(one.change, one.rule, one.found) for one in result.shifts} == {("appears", "BR-CL-25", "0219")}
    assert (result.before, result.after, result.status) == ("valid", "invalid", Status.FATAL)
    assert result.shifts[0].line


def test_a_finding_that_only_bears_another_name_is_no_change(tmp_path: Path) -> None:
    result = judged(tmp_path, "<cbc:ID>S</cbc:ID>", "<cbc:ID>L</cbc:ID>")
    assert result.before == result.after
    assert result.shifts == ()
    broken = judged(tmp_path, "<cbc:Percent>", "<cbc:Percent>-")
    assert broken.before == broken.after == "invalid"
    assert broken.shifts == ()


def test_a_document_that_cannot_be_read_has_an_answer(tmp_path: Path) -> None:
    empty = tmp_path / "empty.xml"
    empty.write_bytes(b"")
    result = rejudge(str(empty), PAIR, Settings())
    assert (result.before, result.after, result.status) == ("unreadable", "unreadable", Status.UNREADABLE)
    assert result.error


def test_what_changes_is_counted_over_all_documents(tmp_path: Path) -> None:
    worse = judged(tmp_path, 'schemeID="EM"', 'schemeID="0219"')
    same = judged(tmp_path)
    verdicts, rules = tally([worse, same, worse, unread("x", "no")])
    assert verdicts == {("valid", "invalid"): 2}
    assert rules == {("appears", "BR-CL-25"): 2}


def test_a_release_is_asked_for_as_rules_are() -> None:
    assert pack_of("en16931").version == "1.3.16"
    assert changes_between(PAIR).newer == NEW
    for name in ("auto", "en16931@9", "nonsense"):
        with pytest.raises(UnknownNameError):
            pack_of(name)


def test_what_differs_is_said_in_the_language_of_the_user(tmp_path: Path) -> None:
    german = structs.replace(PAIR, language="de")
    (one,) = (one for one in changes_between(german).rules if one.id == "UBL-SR-58")
    assert one.sentence == "Jedes cac:FinancialInstitutionBranch hat genau ein cbc:ID."
    mended = changes_between(Pair(older="en16931@1.3.15", newer=OLD, language="de")).rules
    (row,) = (one for one in mended if (one.id, one.change) == ("UBL-SR-23", "sentence"))
    assert row.sentence != row.before
    assert "höchstens" in row.before
    assert "nicht bekannt" in " ".join(changes_between(german).notes)
    invoice = tmp_path / "changed.xml"
    invoice.write_bytes(write(clean(), "ubl").replace(b'schemeID="EM"', b'schemeID="0219"'))
    (shift,) = rejudge(str(invoice), german, Settings()).shifts
    assert shift.message.startswith("Das Schema ")
