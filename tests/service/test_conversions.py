# SPDX-License-Identifier: Apache-2.0
"""A run over many documents: each by itself, in input order, with a line in the report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from einvoice import profiles
from einvoice.service import conversions
from einvoice.service.conversions import Conversions, Outcome
from einvoice.service.convert import Target, Wish
from einvoice.service.export import Exports
from einvoice.service.settings import Settings
from einvoice.service.status import Status
from tests.architecture.house import ROOT
from tests.service.sample import as_file, interchange, invoice

if TYPE_CHECKING:
    from pathlib import Path

STORY = ROOT / "fixtures" / "erp-csv"


def run(
    sources: list[str],
    output: Path | str | None,
    *,
    to: Target = "cii",
    exports: Exports | None = None,
    profile: str | None = None,
) -> list[Outcome]:
    claimed = profiles.named(profile) if profile else None
    wish = Wish(to=to, profile=claimed, settings=Settings())
    return list(Conversions(sources, wish, output=str(output) if output else None, exports=exports).run())


def names(outcomes: list[Outcome]) -> list[str | None]:
    return [outcome.path.name if outcome.path else None for outcome in outcomes]


def test_one_document_goes_to_the_file_that_was_named(tmp_path: Path) -> None:
    (outcome,) = run([as_file(tmp_path, "a.xml", invoice())], tmp_path / "b.xml")
    assert outcome.path == tmp_path / "b.xml"
    assert (tmp_path / "b.xml").read_bytes() == outcome.attempt.output


def test_several_documents_go_to_a_folder_under_names_in_input_order(tmp_path: Path) -> None:
    sources = [as_file(tmp_path, f"{folder}/a.xml", invoice(number=folder)) for folder in ("y", "x")]
    outcomes = run(sources, tmp_path / "out")
    assert names(outcomes) == ["a.cii.xml", "a-2.cii.xml"]
    assert b">y<" in (tmp_path / "out" / "a.cii.xml").read_bytes()
    assert [outcome.source for outcome in outcomes] == sources


def test_a_document_that_cannot_be_read_keeps_no_other_from_being_converted(tmp_path: Path) -> None:
    (tmp_path / "bad.xml").write_text("<a>")
    sources = [str(tmp_path / "bad.xml"), str(tmp_path / "none.xml"), as_file(tmp_path, "a.xml", invoice())]
    outcomes = run(sources, f"{tmp_path}/out/")
    assert names(outcomes) == [None, None, "a.cii.xml"]
    assert [outcome.attempt.status for outcome in outcomes] == [3, 3, 0]
    assert str(tmp_path / "none.xml") in outcomes[1].as_data()["error"]


def test_a_line_of_the_report_has_the_fields_of_the_contract(tmp_path: Path) -> None:
    source = as_file(tmp_path, "a.xml", invoice())
    (outcome,) = run([source], f"{tmp_path}/out/")
    assert outcome.as_data() == {
        "source": source,
        "output": f"{tmp_path}/out/a.cii.xml",
        "losses": [],
        "computed": [],
        "findings": [],
        "notes": [],
        "error": None,
    }


def test_a_file_that_exists_is_an_error_of_this_document_only(tmp_path: Path) -> None:
    sources = [as_file(tmp_path, name, invoice()) for name in ("a.xml", "b.xml")]
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a.cii.xml").write_text("old")
    outcomes = run(sources, tmp_path / "out")
    assert [outcome.attempt.status for outcome in outcomes] == [Status.USAGE, Status.DONE]
    assert outcomes[0].as_data()["output"] is None
    assert "--force" in outcomes[0].as_data()["error"]
    assert (tmp_path / "out" / "a.cii.xml").read_text() == "old"


def test_a_defect_costs_one_document_and_not_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object) -> None:
        raise ZeroDivisionError(str(len(arguments)))

    monkeypatch.setattr(conversions, "convert", fail)
    source = as_file(tmp_path, "a.xml", invoice())
    (outcome,) = run([source], tmp_path)
    assert outcome.attempt.status is Status.UNREADABLE
    assert "defect of einvoice" in outcome.as_data()["error"]
    monkeypatch.setenv("EINVOICE_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        run([source], tmp_path)


def exports(seller: Path = STORY / "seller.toml", profile: str | None = None) -> Exports:
    return Exports(str(STORY / "mapping.toml"), str(seller), profiles.named(profile) if profile else None)


@pytest.mark.parametrize(("to", "suffix"), [("ubl", ".ubl.xml"), ("cii", ".cii.xml")])
def test_an_export_of_many_invoices_gives_one_file_for_each_number(tmp_path: Path, to: Target, suffix: str) -> None:
    outcomes = run([str(STORY / "export.csv")], tmp_path, to=to, exports=exports())
    assert [outcome.attempt.error for outcome in outcomes] == [None] * 4
    assert names(outcomes) == [
        f"{number}{suffix}" for number in ("RE-2026-0101", "RE-2026-0102", "RE-2026-0103", "GS-2026-0007")
    ]
    assert all(outcome.source == str(STORY / "export.csv") for outcome in outcomes)
    computed = {one["term"]: one for one in outcomes[0].as_data()["computed"]}
    why = "BT-109 + BT-110 = 764.45 + 136.26 = 900.71"
    assert computed["BT-112"] == {"term": "BT-112", "value": "900.71", "was": None, "why": why}


def first_invoice(folder: Path, *changes: tuple[str, str]) -> Path:
    """The export cut down to its first invoice, with changes."""
    text = (STORY / "export.csv").read_text(encoding="cp1252").partition("RE-2026-0102")[0]
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path = folder / "one.csv"
    path.write_text(text, encoding="cp1252")
    return path


def test_an_export_of_one_invoice_is_called_after_its_file(tmp_path: Path) -> None:
    (outcome,) = run([str(first_invoice(tmp_path))], f"{tmp_path}/out/", exports=exports())
    assert names([outcome]) == ["one.cii.xml"]


def test_a_missing_value_names_row_column_and_term(tmp_path: Path) -> None:
    source = first_invoice(tmp_path, ("Akkuschrauber AS-18;", ";"))
    (outcome,) = run([str(source)], tmp_path / "x.xml", exports=exports())
    error = outcome.as_data()["error"]
    assert error.startswith(f"{source}: invoice RE-2026-0101 is not written: row 2, column 'Bezeichnung' (BT-153): ")
    assert outcome.attempt.status is Status.UNREADABLE
    assert not (tmp_path / "x.xml").exists()


def test_a_total_that_is_not_what_the_lines_give_is_an_error_and_not_overwritten(tmp_path: Path) -> None:
    source = first_invoice(tmp_path, ("900,71", "900,70"))
    (outcome,) = run([str(source)], tmp_path / "x.xml", exports=exports())
    assert "900.70" in outcome.as_data()["error"]
    assert "(BT-112)" in outcome.as_data()["error"]
    assert outcome.attempt.status is Status.FATAL


def test_an_invoice_that_breaks_a_rule_is_not_written_and_the_finding_names_its_cell(tmp_path: Path) -> None:
    source = first_invoice(tmp_path, ("DE676122202", "XX676122202"))
    (outcome,) = run([str(source)], tmp_path / "x.xml", exports=exports())
    error = outcome.as_data()["error"]
    assert "row 2, column 'USt-IdNr.': BR-CO-09 (BT-48)" in error
    assert outcome.attempt.status is Status.FATAL
    assert not (tmp_path / "x.xml").exists()


def test_a_value_of_the_seller_profile_is_blamed_on_the_seller_profile(tmp_path: Path) -> None:
    seller = tmp_path / "seller.toml"
    text = (STORY / "seller.toml").read_text(encoding="utf-8")
    seller.write_text(text.replace("DE342366712", "XX342366712"), encoding="utf-8")
    source = first_invoice(tmp_path)
    (outcome,) = run([str(source)], tmp_path / "x.xml", exports=exports(seller=seller))
    assert f"{seller}, key" in outcome.as_data()["error"]


def test_a_profile_stands_in_for_the_specification_that_an_export_does_not_state(tmp_path: Path) -> None:
    seller = tmp_path / "seller.toml"
    text = (STORY / "seller.toml").read_text(encoding="utf-8")
    seller.write_text(text.replace("specification_identifier", "# specification_identifier"), encoding="utf-8")
    sources = [str(first_invoice(tmp_path))]
    (outcome,) = run(sources, tmp_path / "x.xml", exports=exports(seller))
    assert "BT-24" in outcome.as_data()["error"]
    (outcome,) = run(sources, tmp_path / "x.xml", exports=exports(seller, "en16931"), profile="en16931")
    assert outcome.path == tmp_path / "x.xml"
    (first, *_) = outcome.as_data()["computed"]
    assert (first["term"], first["value"], first["was"]) == ("BT-24", "urn:cen.eu:en16931:2017", None)


def test_an_export_that_does_not_fit_its_mapping_is_one_outcome(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x;y\n1;2\n")
    (outcome,) = run([str(tmp_path / "a.csv")], tmp_path, exports=exports())
    assert outcome.attempt.status is Status.UNREADABLE
    assert str(tmp_path / "a.csv") in outcome.as_data()["error"]


def test_an_export_without_a_mapping_is_refused_with_the_way_out() -> None:
    (outcome,) = run([str(STORY / "export.csv")], None)
    assert "--map" in outcome.as_data()["error"]


def test_each_message_of_an_interchange_goes_to_a_file_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "many.edi").write_bytes(interchange("A/1", "B-2", other=1))
    outcomes = run([str(tmp_path / "many.edi")], f"{tmp_path}/out/", to="ubl")
    assert names(outcomes) == ["A-1.ubl.xml", None, "B-2.ubl.xml"]
    assert [outcome.attempt.status for outcome in outcomes] == [Status.DONE, Status.UNREADABLE, Status.DONE]
    assert "ORDERS" in str(outcomes[1].attempt.error)
    assert b">B-2<" in (outcomes[2].attempt.output or b"")


def test_an_interchange_that_counts_wrongly_is_refused_as_a_whole(tmp_path: Path) -> None:
    (tmp_path / "many.edi").write_bytes(interchange("A", "B").replace(b"UNZ+2", b"UNZ+3"))
    (outcome,) = run([str(tmp_path / "many.edi")], f"{tmp_path}/out/", to="ubl")
    assert outcome.attempt.status == Status.UNREADABLE
    assert str(tmp_path / "many.edi") in str(outcome.attempt.error)
