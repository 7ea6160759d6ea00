# SPDX-License-Identifier: Apache-2.0
"""The exports in fixtures/ become the invoices they mean, and no value in them comes from nowhere."""

from __future__ import annotations

import csv
import io
import tomllib
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from msgspec import Struct

from einvoice.importers import import_file, load_mapping, load_seller
from einvoice.model.calculate import calculate
from tests.importers.stories import EXPORTS, FIXTURES, story

if TYPE_CHECKING:
    from collections.abc import Iterator

    from einvoice.importers import ImportedInvoice, Origin

ENCODINGS = {"erp-csv": "cp1252", "erp-csv-fr": "utf-8-sig", "erp-csv-en": "utf-16"}
DELIMITERS = {"erp-csv": ";", "erp-csv-fr": ",", "erp-csv-en": "\t"}

# Worked out by hand from the rows: lines, less allowances, plus charges; VAT per rate; the amount due.
TOTALS = {
    "RE-2026-0101": ("764.45", "136.26", "900.71", "900.71"),  # 689.60 at 19 %, 74.85 at 7 %
    "RE-2026-0102": ("1237.94", "235.21", "1473.15", "1473.15"),  # 1303.10 less 5 %
    "RE-2026-0103": ("5496.50", "0.00", "5496.50", "5496.50"),
    "GS-2026-0007": ("129.90", "24.68", "154.58", "154.58"),
    "FA-2026-031": ("95.00", "16.10", "111.10", "111.10"),  # 90.00 at 20 %, 21.10 at 5.5 %, VAT included
    "FA-2026-032": ("1350.00", "0.00", "1350.00", "1350.00"),
    "INV-2041": ("471.00", "108.33", "579.33", "479.33"),  # 100.00 paid already
    "INV-2042": ("1140.00", "0.00", "1140.00", "1140.00"),
    "INV-2043": ("8500.00", "0.00", "8500.00", "8500.00"),
    "CN-118": ("12.40", "2.85", "15.25", "15.25"),
}
CATEGORIES = {"RE-2026-0103": "K", "FA-2026-032": "E", "INV-2042": "AE", "INV-2043": "G"}


def leaves(value: object, path: str = "") -> Iterator[tuple[str, object]]:
    if isinstance(value, Struct):
        for name in value.__struct_fields__:
            yield from leaves(getattr(value, name), f"{path}.{name}" if path else name)
    elif isinstance(value, tuple):
        for index, each in enumerate(value):
            yield from leaves(each, f"{path}[{index}]")
    elif value is not None:
        yield path, value


@pytest.mark.parametrize("name", sorted(EXPORTS))
def test_a_story_has_no_faults(name: str) -> None:
    assert [str(fault) for imported in story(name) for fault in imported.faults] == []


@pytest.mark.parametrize("name", sorted(EXPORTS))
def test_what_is_computed_is_what_the_export_states_and_what_a_hand_computes(name: str) -> None:
    for imported in story(name):
        result = calculate(imported.invoice, prices_include_vat=imported.prices_include_vat)
        totals = result.invoice.totals
        assert totals is not None
        assert [difference.explanation for difference in result.differences] == []
        assert imported.differences(result.invoice) == ()
        assert (
            str(totals.invoice_total_amount_without_vat),
            str(totals.invoice_total_vat_amount),
            str(totals.invoice_total_amount_with_vat),
            str(totals.amount_due_for_payment),
        ) == TOTALS[imported.number]


@pytest.mark.parametrize("name", sorted(EXPORTS))
def test_exempt_invoices_say_why(name: str) -> None:
    for imported in story(name):
        reasons = {entry.category_code: entry.exemption_reason_code for entry in imported.invoice.vat_breakdown}
        expected = CATEGORIES.get(imported.number)
        assert set(reasons) == ({expected} if expected else set())
        assert all(code and code.startswith("VATEX-EU-") for code in reasons.values())


@pytest.mark.parametrize("name", sorted(EXPORTS))
def test_no_value_comes_from_nowhere(name: str) -> None:
    """Walk every leaf: its cell must hold what its origin says, or its file must declare it."""
    text = (FIXTURES / name / EXPORTS[name]).read_bytes().decode(ENCODINGS[name])
    table = list(csv.reader(io.StringIO(text, newline=""), delimiter=DELIMITERS[name]))
    profile = tomllib.loads((FIXTURES / name / "seller.toml").read_text(encoding="utf-8"))
    counts = 0
    for imported in story(name):
        for path, value in leaves(imported.invoice):
            _check(imported, path, value, table, profile)
            counts += 1
        assert len(imported.provenance) >= len(list(leaves(imported.invoice)))
    assert counts > 100


def _check(
    imported: ImportedInvoice, path: str, value: object, table: list[list[str]], profile: dict[str, Any]
) -> None:
    origin = imported.provenance[path]
    if origin.kind == "cell":
        assert _cells(origin, table) == origin.raw
        assert origin.row is not None
        assert imported.rows[0] <= origin.row <= imported.rows[1]
        if isinstance(value, Decimal):
            digits = [sign for sign in str(abs(value)) if sign.isdigit()]
            assert set(digits) <= set(origin.raw or "") | {"0"}
    elif origin.kind == "seller profile":
        assert str(value) in set(_texts(profile))
    elif origin.kind == "constant":
        assert origin.raw == str(value)
        assert (origin.key or "").partition(".")[0] in {"invoice", "lines"}
    elif origin.kind == "line count":
        assert path == f"lines[{int(str(value)) - 1}].identifier"
    else:
        assert origin.kind == "VAT table"
        assert "vat" in path
        assert origin.row is None or _cells(origin, table) == origin.raw


def _cells(origin: Origin, table: list[list[str]]) -> str:
    assert origin.row is not None
    assert origin.header is not None
    header = table[0]
    return " + ".join(table[origin.row - 1][header.index(name)] for name in origin.header.split(" + "))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
    else:
        yield str(value)


def test_a_bad_export_is_told_all_its_faults() -> None:
    """The same mapping, an export in which much is wrong; faults.txt is what a user reads."""
    folder, bad = FIXTURES / "erp-csv", FIXTURES / "erp-csv-bad"
    mapping = load_mapping(folder / "mapping.toml", name="mapping.toml")
    seller = load_seller(folder / "seller.toml", name="seller.toml")
    said = []
    for imported in import_file(bad / "export.csv", mapping, seller):
        said.append(f"{imported.number} (rows {imported.rows[0]} to {imported.rows[1]})")
        said += [f"  {fault.code}: {fault}" for fault in imported.faults] or ["  nothing to object"]
    assert said == (bad / "faults.txt").read_text(encoding="utf-8").splitlines()
