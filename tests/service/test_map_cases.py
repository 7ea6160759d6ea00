# SPDX-License-Identifier: Apache-2.0
"""The exports in fixtures/erp become the invoices that are expected, and no value in them comes from nowhere."""

from __future__ import annotations

import shutil
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from einvoice.bind import open_document
from einvoice.errors import InputError
from einvoice.importers import import_file, load_mapping, load_seller
from einvoice.importers.presets import preset_names
from einvoice.model.calculate import calculate
from einvoice.service.map_cases import export_of, find_cases, run_case
from tests.architecture.house import ROOT
from tests.importers.test_stories import leaves

if TYPE_CHECKING:
    from pathlib import Path

    from einvoice.importers import ImportedInvoice

ERP = ROOT / "fixtures" / "erp"
CASES = find_cases(str(ERP))
ELSEWHERE = {"edifact", "x12", "datev-extf", "sage", "csv", "xlsx", "stripe"}
"""Presets whose folders are called otherwise, or that only say why there is no invoice."""


def name(case: Path) -> str:
    return case.relative_to(ERP).as_posix()


@pytest.mark.parametrize("case", CASES, ids=name)
def test_an_export_becomes_what_is_expected(case: Path) -> None:
    verdict = run_case(case)
    assert verdict.differences == ()
    assert verdict.files > 0


def test_every_preset_has_a_case() -> None:
    folders = {name(case).split("/")[0] for case in CASES}
    assert set(preset_names()) - ELSEWHERE <= folders
    assert {
        "csv-repeated",
        "csv-blank",
        "csv-rows",
        "xlsx-one",
        "xlsx-two",
        "ods",
        "stripe-2024",
        "stripe-2025",
    } <= folders


@pytest.mark.parametrize("case", CASES, ids=name)
def test_what_is_expected_obeys_the_official_schema(case: Path) -> None:
    for path in sorted((case / "expected").glob("*.xml")):
        assert open_document(path.read_bytes()).schema_violations() == [], path.name


def imported(case: Path) -> list[ImportedInvoice]:
    seller = case / "seller.toml"
    profile = load_seller(seller) if seller.is_file() else None
    export = export_of(case)
    assert export is not None
    return list(import_file(export, load_mapping(case / "mapping.toml"), profile))


@pytest.mark.parametrize("case", CASES, ids=name)
def test_every_value_is_of_the_source_the_profile_the_mapping_or_computed(case: Path) -> None:
    """Walk every leaf of the calculated invoice: it has an origin, or the calculation lists it as a figure."""
    for one in imported(case):
        if one.faults:
            continue
        result = calculate(
            one.invoice, prices_include_vat=one.prices_include_vat, percentages_of_price=one.percentages_of_price
        )
        computed = {figure.path for figure in result.figures}
        for path, value in leaves(result.invoice):
            if path in computed:
                continue
            origin = one.provenance.locate(path)
            assert origin is not None, path
            _check(one, path, value, computed)


def _check(one: ImportedInvoice, path: str, value: object, computed: set[str]) -> None:
    if path not in one.provenance:  # the breakdown states again what its lines state
        assert path.startswith("vat_breakdown["), path
        return
    origin = one.provenance[path]
    if origin.kind in {"constant", "seller profile"}:
        assert origin.raw == str(value) or isinstance(value, Decimal), path
    elif origin.kind == "cell":
        assert origin.raw, path
        assert origin.place(), path
    else:
        assert origin.kind in {"VAT table", "line count"}, path
    assert path not in computed


def test_a_case_that_differs_says_where(tmp_path: Path) -> None:
    shutil.copytree(ERP / "csv-blank", tmp_path / "case")
    assert run_case(tmp_path / "case").differences == ()
    export = tmp_path / "case" / "export.csv"
    export.write_text(export.read_text(encoding="utf-8").replace("Lindqvist AB", "Lindkvist AB"), encoding="utf-8")
    first, second = run_case(tmp_path / "case").differences
    assert "IN-70.cii.xml is another: line" in first
    assert "Lindkvist AB" in first
    assert second.startswith("IN-70.ubl.xml is another")
    export.write_text(export.read_text(encoding="utf-8").replace("Sweden", ""), encoding="utf-8")
    said = run_case(tmp_path / "case").differences
    assert any(
        "refused.txt is made and not expected: IN-70: row 2, column 'Buyer country' (BT-55)" in one for one in said
    )
    assert run_case(tmp_path / "case", update=True).differences == ()
    assert run_case(tmp_path / "case").differences == ()
    assert [path.name for path in (tmp_path / "case" / "expected").iterdir()] == ["refused.txt"]


def test_a_folder_without_cases_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="a case is a folder with"):
        find_cases(str(tmp_path))


def test_a_case_without_expectation_is_no_success(tmp_path: Path) -> None:
    shutil.copytree(ERP / "csv-blank", tmp_path / "case")
    shutil.rmtree(tmp_path / "case" / "expected")
    (said,) = run_case(tmp_path / "case").differences
    assert said.startswith("nothing is expected: run it once with --update")
