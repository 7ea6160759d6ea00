# SPDX-License-Identifier: Apache-2.0
"""Whatever is odd about a PDF: reading it, embedding into it and judging it end in an answer, and cost little."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from einvoice.errors import PdfError
from einvoice.pdf.extract import extract, unpack
from tests.pdf.making import CII
from tests.security import test_pdf_attacks as reading
from tests.security import test_pdf_repair_attacks as repairing
from tests.security.hostile_pdfs import OTHER, PDFS

if TYPE_CHECKING:
    from pathlib import Path

READ: Final = {*reading.CODES, "PDF_DAMAGED"}
REFUSED_BY_BOTH: Final = {
    "a bomb of operators on the page", "a bomb that says it is a picture", "ten filters on the page", "many pages",
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All files, each under its number."""
    made = tmp_path_factory.mktemp("odd")
    for number, make in enumerate(PDFS.values()):
        (made / f"{number:03}.pdf").write_bytes(make())
    return made


def test_reading_ends_in_an_invoice_or_in_one_of_the_errors(folder: Path) -> None:
    found = reading.judged(*sorted(folder.iterdir()))
    named = dict(zip(PDFS, found, strict=True))
    assert {name: one for name, one in named.items() if isinstance(one[1], str) and one[1] not in READ} == {}
    assert {name: one for name, one in named.items() if one[2] > reading.MEGABYTES} == {}


def test_embedding_ends_in_a_sound_file_or_in_one_of_the_errors(folder: Path) -> None:
    found = repairing.judged(sorted(folder.iterdir()))
    named = dict(zip(PDFS, found, strict=True))
    assert {name: one for name, one in named.items() if one[1] not in {"made", *repairing.CODES}} == {}
    assert {name: one for name, one in named.items() if one[3] > repairing.MEGABYTES} == {}
    assert {name for name in REFUSED_BY_BOTH if named[name][1] != "PDF_LIMIT"} == set()


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("two invoices of one name", "PDF_AMBIGUOUS"),
        ("two invoices", "PDF_AMBIGUOUS"),
        ("an update that takes the invoice", "PDF_NO_INVOICE"),
        ("encrypted with a password", "PDF_ENCRYPTED"),
        ("ten times packed", "PDF_DAMAGED"),
        ("ten thousand attachments", "PDF_LIMIT"),
    ],
)
def test_what_is_refused_is_refused_for_its_reason(name: str, code: str) -> None:
    with pytest.raises(PdfError) as caught:
        extract(PDFS[name]())
    assert caught.value.code == code
    assert ";" in str(caught.value), "there is a way out"


def test_the_last_update_counts() -> None:
    assert extract(PDFS["an update that swaps the invoice"]()).xml == OTHER


@pytest.mark.parametrize("name", ["names that climb", "names that deceive", "a very long name"])
def test_names_of_attachments_are_made_safe(name: str) -> None:
    names = [file.safe_name for file in unpack(PDFS[name](), everything=True).files]
    for one in names:
        assert one.isprintable()
        assert 0 < len(one.encode()) <= 255
        assert not {"/", "\\", "\0", ":"} & set(one)
        assert one.partition(".")[0].upper() not in {"", "CON"}
    assert extract(PDFS[name]()).xml == CII
