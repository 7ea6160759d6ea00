# SPDX-License-Identifier: Apache-2.0
"""The rules of einvoice against an artefact over many documents, added up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from einvoice.bind import write
from einvoice.service import crosscheck
from einvoice.service.bench import bench
from einvoice.service.crosscheck import Compared, Errand, Outcome, compare, table
from einvoice.service.settings import Settings
from tests.official.making import failed
from tests.service.sample import PEPPOL, invoice
from tests.service.test_engines import artefact

if TYPE_CHECKING:
    from pathlib import Path


def errand(folder: Path | None, rules: str = "en16931") -> Errand:
    return Errand(bench=bench("both", rules, [str(folder)] if folder else []), settings=Settings())


def lay(folder: Path, name: str, specification: str = "urn:cen.eu:en16931:2017", currency: str = "EUR") -> str:
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(write(invoice(specification, currency_code=currency), "ubl"))
    return str(folder / name)


def test_a_document_on_which_both_agree(tmp_path: Path) -> None:
    found = compare(lay(tmp_path, "a.xml", currency="EURO"), errand(None))
    assert found.packs == (Compared(pack="en16931", native="1.3.16", official="1.3.16", obeyed=True),)
    assert found.packs[0].agrees


def test_what_only_one_of_them_fires(tmp_path: Path) -> None:
    file = lay(tmp_path / "d", "a.xml", currency="EURO")
    (one,) = compare(file, errand(artefact(tmp_path / "r", failed("BR-99")))).packs
    assert (one.missed, one.agrees) == (("BR-99",), False)
    assert "BR-CL-04" in one.extra


def test_other_versions_are_compared_since_that_is_the_question(tmp_path: Path) -> None:
    file = lay(tmp_path / "d", "a.xml")
    (one,) = compare(file, errand(artefact(tmp_path / "r", failed("BR-NEW"), version="1.3.99"))).packs
    assert (one.native, one.official, one.missed) == ("1.3.16", "1.3.99", ("BR-NEW",))


def test_what_cannot_be_compared_says_why(tmp_path: Path) -> None:
    aborts = artefact(tmp_path / "r", "<xsl:value-of select=\"xs:decimal('')\"/>")
    (one,) = compare(lay(tmp_path / "d", "a.xml"), errand(aborts)).packs
    assert "gave up" in one.left
    assert not one.agrees
    other = compare(lay(tmp_path / "d", "b.xml", PEPPOL), errand(None, "auto"))
    assert "no official artefact of peppol" in other.packs[1].left
    mine = artefact(tmp_path / "m", name="mine.xslt") / "mine.xslt"
    assert compare(lay(tmp_path / "d", "c.xml"), errand(mine, "mine")).packs[0].left == "einvoice has no rules for it"


def test_a_document_that_cannot_be_read_has_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text("<html/>", encoding="utf-8")
    found = compare(str(tmp_path / "a.xml"), errand(None))
    assert found.packs == ()
    assert "HTML" in found.error


def test_a_defect_of_einvoice_costs_one_document_and_is_no_agreement(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("no")

    monkeypatch.setattr(crosscheck, "judge", fail)
    file = lay(tmp_path, "a.xml")
    outcome = compare(file, errand(None))
    assert (outcome.failed, outcome.packs) == (True, ())
    assert "defect of einvoice" in outcome.error
    made = table([outcome])
    assert (made.failed, made.perfect) == (1, False)
    monkeypatch.setenv("EINVOICE_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        compare(file, errand(None))


def test_the_table_adds_up() -> None:
    def said(file: str, **changes: object) -> Outcome:
        fields = {"pack": "p", "native": "1", "official": "2", "obeyed": True, **changes}
        return Outcome(file, (Compared(**fields),))  # type: ignore[arg-type] # the fields of Compared

    made = table(
        [
            said("a"),
            said("b", missed=("X-1",)),
            said("c", missed=("X-1",), extra=("X-2",), open=3),
            said("d", left="why: this"),
            said("d", left="why: that"),
            said("e", obeyed=False, levels=("X-3",)),
            Outcome("f", error="unreadable"),
        ]
    )
    good, broken = made.rows
    assert (good.documents, good.agreeing, good.undetermined, good.left) == (3, 1, 1, {"why": 2})
    assert [(one.rule, one.how, one.documents, one.example) for one in good.worst] == [
        ("X-1", "missed", 2, "b"),
        ("X-2", "extra", 1, "c"),
    ]
    assert (broken.obeyed, broken.documents, broken.agreeing) == (False, 1, 0)
    assert [(one.rule, one.how) for one in broken.worst] == [("X-3", "severity")]
    assert (made.documents, made.unread, made.perfect) == (7, {"f": "unreadable"}, False)
    assert good.share is not None
    assert round(good.share, 3) == 33.333


def test_a_pack_that_was_never_compared_has_no_share() -> None:
    made = table([Outcome("a", (Compared(pack="p", native="", official="", obeyed=True, left="why"),))])
    assert made.rows[0].share is None
    assert made.perfect
