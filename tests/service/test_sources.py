# SPDX-License-Identifier: Apache-2.0
"""What the user names becomes a list of documents in input order."""

from __future__ import annotations

import io
import os
import sys
from typing import TYPE_CHECKING

import pytest

from einvoice.errors import InputError
from einvoice.service.sources import expand, read_bytes, stem

if TYPE_CHECKING:
    from pathlib import Path


def test_files_keep_the_order_in_which_they_were_named() -> None:
    assert expand(["b.xml", "-", "a.xml"]) == ["b.xml", "-", "a.xml"]


def test_a_folder_is_walked_in_alphabetical_order_without_hidden_and_foreign_files(tmp_path: Path) -> None:
    for name in ("b.xml", "a.PDF", ".hidden.xml", "notes.txt", "sub/c.json", ".git/d.xml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    found = expand([str(tmp_path)])
    assert [path.removeprefix(f"{tmp_path}/") for path in found] == ["a.PDF", "b.xml", "sub/c.json"]
    assert len(expand([str(tmp_path)], every_file=True)) == 4


def test_a_folder_without_invoices_is_an_error_and_not_a_success(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no XML, JSON, PDF or EDIFACT file"):
        expand([str(tmp_path)])


def test_a_list_names_further_paths(tmp_path: Path) -> None:
    listing = tmp_path / "list.txt"
    listing.write_bytes(b"\xef\xbb\xbfx.xml\r\n\n  y z.xml\n")
    assert expand(["first.xml"], files_from=str(listing)) == ["first.xml", "x.xml", "  y z.xml"]


def test_a_list_that_is_missing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        expand([], files_from=str(tmp_path / "none.txt"))


def test_reading_stops_at_the_limit(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"12345")
    assert read_bytes(str(tmp_path / "a"), limit=5) == b"12345"
    with pytest.raises(InputError, match="larger than the 4 bytes") as caught:
        read_bytes(str(tmp_path / "a"), limit=4)
    assert caught.value.source == str(tmp_path / "a")


@pytest.mark.parametrize("name", ["none.xml", ".", "a\0b"])
def test_what_cannot_be_read_is_an_error_that_names_the_source(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="cannot be read") as caught:
        read_bytes(f"{tmp_path}/{name}", limit=10)
    assert caught.value.source == f"{tmp_path}/{name}"


def test_a_dash_reads_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"<a/>")))
    assert read_bytes("-", limit=10) == b"<a/>"


@pytest.mark.parametrize(("source", "expected"), [("x/a.b.xml", "a.b"), ("-", "stdin"), ("a", "a"), (".xml", ".xml")])
def test_the_stem_of_a_source(source: str, expected: str) -> None:
    assert stem(source) == expected


def test_a_pipe_in_a_folder_is_passed_over(tmp_path: Path) -> None:
    """To open it would wait for whoever writes into it, perhaps for ever."""
    os.mkfifo(tmp_path / "a.xml")
    (tmp_path / "b.xml").touch()
    (tmp_path / "c.xml").symlink_to("nowhere")
    assert expand([str(tmp_path)]) == [f"{tmp_path}/b.xml", f"{tmp_path}/c.xml"]
