# SPDX-License-Identifier: Apache-2.0
"""What is attached to a PDF becomes files, under names that are harmless, and never more than asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from msgspec import structs

from einvoice.bind.xml import Limits
from einvoice.errors import EinvoiceError, InputError, OutputError, PdfError
from einvoice.service.extraction import Taken, invoice_of, take_apart
from einvoice.service.settings import Settings
from tests.pdf.making import CII, ORDER, UBL, hybrid

if TYPE_CHECKING:
    from pathlib import Path

TWO = hybrid(("factur-x.xml", CII), ("xrechnung.xml", UBL))


def apart(folder: Path, data: bytes, *, name: str | None = None, everything: bool = False) -> list[Taken]:
    (folder / "in.pdf").write_bytes(data)
    settings = Settings(attachment=name)
    return take_apart(str(folder / "in.pdf"), str(folder / "out"), settings, everything=everything)


def test_the_invoice_and_everything_else_are_written(tmp_path: Path) -> None:
    taken = apart(tmp_path, hybrid(("factur-x.xml", CII), ("hours.csv", b"a;b"), entries=b"/AFRelationship/Data"))
    assert [(one.name, one.role, one.relationship, one.size) for one in taken] == [
        ("factur-x.xml", "invoice", "Data", len(CII)),
        ("hours.csv", "attachment", "Data", 3),
    ]
    assert (tmp_path / "out" / "factur-x.xml").read_bytes() == CII
    assert (tmp_path / "out" / "hours.csv").read_bytes() == b"a;b"


def test_names_that_other_systems_take_for_one_are_told_apart(tmp_path: Path) -> None:
    taken = apart(tmp_path, hybrid(("a.csv", b"1"), ("A.CSV", b"2"), ("a-2.csv", b"3")), everything=True)
    names = [one.path.name for one in taken if one.path is not None]
    assert names[:2] == ["a.csv", "A-2.CSV"]
    assert len({name.casefold() for name in names}) == 3


def test_an_order_is_called_one(tmp_path: Path) -> None:
    assert [one.role for one in apart(tmp_path, hybrid(("order-x.xml", ORDER)))] == ["order"]


def test_several_invoices_are_listed_and_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(PdfError, match=r"'factur-x\.xml', 'xrechnung\.xml'.*--attachment NAME"):
        apart(tmp_path, TWO)
    assert not (tmp_path / "out").exists()


def test_a_name_chooses_among_several_invoices(tmp_path: Path) -> None:
    taken = apart(tmp_path, TWO, name="xrechnung.xml")
    assert [(one.name, one.role) for one in taken] == [("xrechnung.xml", "invoice")]
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["xrechnung.xml"]


def test_all_attachments_come_without_choosing(tmp_path: Path) -> None:
    assert [one.role for one in apart(tmp_path, TWO, everything=True)] == ["attachment", "attachment"]


def test_a_pdf_without_attachments_says_so_even_where_all_are_wanted(tmp_path: Path) -> None:
    with pytest.raises(PdfError, match="no attachments at all"):
        apart(tmp_path, hybrid(), everything=True)


def test_names_lead_nowhere_and_never_meet(tmp_path: Path) -> None:
    names = ("../../x.txt", "c/x.txt", "..", "factur-x.xml")
    taken = apart(tmp_path, hybrid(*((name, name.encode()) for name in names[:3]), (names[3], CII)))
    assert [one.path.relative_to(tmp_path).as_posix() for one in taken if one.path] == [
        "out/x.txt",
        "out/x-2.txt",
        "out/attachment",
        "out/factur-x.xml",
    ]


def test_the_same_file_twice_is_written_once(tmp_path: Path) -> None:
    assert len(apart(tmp_path, hybrid(("factur-x.xml", CII), ("factur-x.xml", CII)))) == 1


def test_what_exists_stays_and_nothing_is_written_beside_it(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "hours.csv").write_bytes(b"mine")
    with pytest.raises(OutputError, match="--force"):
        apart(tmp_path, hybrid(("factur-x.xml", CII), ("hours.csv", b"a;b")))
    assert (tmp_path / "out" / "hours.csv").read_bytes() == b"mine"
    assert not (tmp_path / "out" / "factur-x.xml").exists()


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "out").write_bytes(b"")
    with pytest.raises(OutputError, match="no folder"):
        apart(tmp_path, TWO)


def test_all_attachments_together_are_bounded(tmp_path: Path) -> None:
    (tmp_path / "in.pdf").write_bytes(hybrid(*((f"{number}.txt", b"x" * 60_000) for number in range(4))))
    settings = structs.replace(Settings(), limits=Limits(bytes=200_000))
    with pytest.raises(PdfError, match="inflates to more than") as caught:
        take_apart(str(tmp_path / "in.pdf"), str(tmp_path / "out"), settings, everything=True)
    assert caught.value.code == "PDF_LIMIT"
    assert not (tmp_path / "out").exists()


def test_the_bytes_of_the_invoice_are_those_that_were_attached(tmp_path: Path) -> None:
    (tmp_path / "in.pdf").write_bytes(TWO)
    assert invoice_of(str(tmp_path / "in.pdf"), Settings(attachment="factur-x.xml")) == CII


@pytest.mark.parametrize("data", [CII, b"{}", b"", b"plain"])
def test_what_is_no_pdf_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(InputError) as caught:
        apart(tmp_path, data)
    assert isinstance(caught.value, EinvoiceError)
    assert str(caught.value).startswith(str(tmp_path / "in.pdf"))
