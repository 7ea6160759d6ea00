# SPDX-License-Identifier: Apache-2.0
"""The media type of an attachment comes from a table of ours, whatever the machine knows."""

from __future__ import annotations

import mimetypes
import re
from typing import TYPE_CHECKING

import pytest

from einvoice.codes import codes
from einvoice.pdf.media import _TYPES, media_type

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Stunden.XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("a.b/plan.ods", "application/vnd.oasis.opendocument.spreadsheet"),
        ("data.xml", "text/xml"),
        ("pdf", "application/octet-stream"),
        ("x.unheard-of", "application/octet-stream"),
    ],
)
def test_the_end_of_the_name_decides(name: str, expected: str) -> None:
    assert media_type(name) == expected


def test_what_the_machine_knows_changes_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "types").write_text("text/strange csv\n")
    monkeypatch.setattr(mimetypes, "_db", mimetypes.MimeTypes((str(tmp_path / "types"),)))
    assert mimetypes.guess_type("a.csv")[0] == "text/strange"
    assert media_type("a.csv") == "text/csv"


def test_every_type_that_the_norm_allows_is_in_the_table_and_every_type_is_one_for_archives() -> None:
    assert codes("mime") <= set(_TYPES.values())
    assert all(re.fullmatch(r"[-\w+.]+/[-\w+.]+", kind) for kind in _TYPES.values())
