# SPDX-License-Identifier: Apache-2.0
"""Exports and mappings that are made to do harm: one clear refusal each, and nothing half-written."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import pytest

from einvoice.errors import MappingError
from einvoice.importers import load_mapping
from einvoice.service.conversions import Conversions, Outcome
from einvoice.service.convert import Wish
from einvoice.service.export import Exports
from einvoice.service.settings import Settings
from tests.architecture.house import ROOT

if TYPE_CHECKING:
    from pathlib import Path

ERP = ROOT / "fixtures" / "erp"


def workbook(sheet: str, *, extra: str = "") -> bytes:
    """A sound workbook with another sheet in it."""
    data = io.BytesIO()
    with (
        zipfile.ZipFile(ERP / "xlsx-one" / "export.xlsx") as sound,
        zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as book,
    ):
        for name in sound.namelist():
            book.writestr(name, sheet if name == "xl/worksheets/sheet1.xml" else sound.read(name))
        if extra:
            book.writestr(extra, b"x")
    return data.getvalue()


def cells(inside: str, before: str = "") -> str:
    return (
        f'<?xml version="1.0"?>{before}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData>{inside}</sheetData></worksheet>"
    )


ROW = '<row r="1"><c r="A1" t="inlineStr"><is><t>invoice_number</t></is></c></row>'
BOOKS = {
    "last-cell": (
        workbook(cells(f'{ROW}<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')),
        "a cell at XFD1048576",
    ),
    "entity": (workbook(cells(ROW, '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hosts">]>')), "a document type"),
    "bomb": (workbook(cells(ROW + " " * 40_000_000)), "unpacks to more than"),
    "macros": (workbook(cells(ROW), extra="xl/vbaProject.bin"), "it holds macros"),
    "encrypted": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2048), "the spreadsheet is refused"),
    "truncated": (workbook(cells(ROW))[:-30], "it is damaged"),
    "blank-rows": (
        workbook(cells("".join(f'<row r="{row}"/>' for row in range(1, 50_000)))),
        "all its sheets are empty",
    ),
}


@pytest.mark.parametrize("name", sorted(BOOKS))
def test_a_harmful_spreadsheet_is_refused_and_the_next_one_is_converted(name: str, tmp_path: Path) -> None:
    data, reason = BOOKS[name]
    bad = tmp_path / f"{name}.xlsx"
    bad.write_bytes(data)
    case = ERP / "xlsx-one"
    first, second = convert([bad, case / "export.xlsx"], case, tmp_path)
    assert first.attempt.output is None
    assert reason in str(first.attempt.error)
    assert str(bad) in str(first.attempt.error)
    assert second.path is not None
    assert [path.name for path in (tmp_path / "out").iterdir()] == [second.path.name]


JSON = {
    "nan": ('{"Invoices": [{"Total": NaN}]}', "NaN is no number"),
    "twice": ('{"Invoices": [{"Total": 1, "Total": 2}]}', "stands twice in one object"),
    "deep": ("[" * 100_000, "nested more than 60 times"),
    "half": ('{"Invoices": [{"InvoiceNumber": "\\ud83d"}]}', "half of a surrogate pair"),
    "digits": ('{"Invoices": [{"Total": ' + "1" * 5_000 + "}]}", "no number that an invoice can hold"),
}


@pytest.mark.parametrize("name", sorted(JSON))
def test_doubtful_json_is_refused_and_the_next_one_is_converted(name: str, tmp_path: Path) -> None:
    text, reason = JSON[name]
    bad = tmp_path / f"{name}.json"
    bad.write_text(text, encoding="utf-8")
    case = ERP / "xero"
    first, *others = convert([bad, case / "export.json"], case, tmp_path)
    assert first.attempt.output is None
    assert reason in str(first.attempt.error)
    assert len(str(first.attempt.error)) < 1_000
    assert len(others) == len(list((tmp_path / "out").iterdir())) == 2


CSV = {
    "quote": (b'invoice_number,date\nA1,"2026-01-01\nA2,2026-01-01\n', "no .* ends it"),
    "nul": (b"invoice_number,date\nA1,2026\x00-01-01\n", "a NUL character"),
    "ragged": (b"invoice_number,date\nA1\n", "row 2 has 1 cells instead of 2"),
    "long": (b"invoice_number,date\nA1," + b"x" * 200_000 + b"\n", "a cell of more than"),
    "bytes": (b"invoice_number,date\nA1,\xe4\n", "the export is not UTF-8"),
    "bom": ("invoice_number,date\nA1,\ufeff2026\n".encode(), "a byte order mark in the middle"),
}


@pytest.mark.parametrize("name", sorted(CSV))
def test_a_table_of_doubtful_shape_is_refused_with_its_place(name: str, tmp_path: Path) -> None:
    data, reason = CSV[name]
    bad = tmp_path / f"{name}.csv"
    bad.write_bytes(data)
    case = ERP / "csv-blank"
    first, second = convert([bad, case / "export.csv"], case, tmp_path)
    assert first.attempt.error is not None
    with pytest.raises(MappingError, match=reason):
        raise first.attempt.error
    assert first.attempt.error.line is not None
    assert second.path is not None


def convert(sources: list[Path], case: Path, tmp_path: Path) -> list[Outcome]:
    exports = Exports(str(case / "mapping.toml"), str(case / "seller.toml"))
    wish = Wish(to="ubl", settings=Settings())
    run = Conversions([str(source) for source in sources], wish, output=f"{tmp_path}/out/", exports=exports)
    return list(run.run())


MAPPING = 'mapping = "m/1"\n[source]\nformat = "json"\n[invoice]\nnumber = "n"\n[lines]\neach = "l[*]"\n'


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a: &a [x]\nb: [*a, *a]\nc: [*b, *b]\n", "this is not TOML"),
        ("invoice: !!python/object/apply:os.system ['true']\n", "this is not TOML"),
        ("a = " + "[" * 5_000 + "]" * 5_000, "this is not TOML"),
        ("a = " + "{ b = " * 5_000 + "1" + " }" * 5_000, "this is not TOML"),
        (MAPPING.replace('number = "n"', 'number = { from = "n", as = "eval" }'), "there is no transform 'eval'"),
        (MAPPING.replace('number = "n"', 'number = { from = "n", exec = "x" }'), "there is no such key"),
        (
            f'{MAPPING}[[joins]]\nname = "a"\nvalue = "a.id"\nrecords = "r[*]"\nkey = "id"\n',
            "begins with a join that is declared here or below",
        ),
        (MAPPING.replace('"n"', f'"{"a." * 300}a"'), "too long for a path"),
        ("x" * 1_000_001, "at most 1000000 bytes"),
    ],
)
def test_a_harmful_mapping_is_refused_when_it_is_loaded(text: str, reason: str) -> None:
    with pytest.raises(MappingError, match=reason):
        load_mapping(text.encode(), name="m.toml")


def test_a_mapping_extends_presets_only(tmp_path: Path) -> None:
    for name in ("../../etc/passwd", str(tmp_path / "other.toml"), "nothing"):
        with pytest.raises(MappingError, match="there is no preset"):
            load_mapping(f'mapping = "m/1"\nextends = "{name}"\n'.encode(), name="m.toml")
