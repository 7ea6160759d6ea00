# SPDX-License-Identifier: Apache-2.0
"""Output names are a contract, and a file is written in full or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from einvoice.errors import OutputError
from einvoice.service.files import Target, sanitised, write_file


def test_a_single_result_goes_to_the_file_that_was_named(tmp_path: Path) -> None:
    target = Target(str(tmp_path / "mine.xml"), several=False)
    assert target.name("invoice", ".ubl.xml") == tmp_path / "mine.xml"


@pytest.mark.parametrize("output", ["out/", "there", "not-there-yet"])
def test_the_output_is_a_folder_if_it_exists_ends_in_a_slash_or_there_are_several(tmp_path: Path, output: str) -> None:
    (tmp_path / "there").mkdir()
    target = Target(f"{tmp_path}/{output}", several=output == "not-there-yet")
    assert target.name("invoice", ".cii.xml") == tmp_path / output.rstrip("/") / "invoice.cii.xml"


def test_without_an_output_the_current_folder_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert Target(None, several=False).name("invoice", ".pdf") == tmp_path / "invoice.pdf"


def test_a_name_taken_in_this_run_is_counted_up_in_input_order(tmp_path: Path) -> None:
    target = Target(str(tmp_path), several=True)
    stems = ["a", "a", "a-2", "a", "b"]
    names = [target.name(stem, ".json").name for stem in stems]
    assert names == ["a.json", "a-2.json", "a-2-2.json", "a-3.json", "b.json"]


def test_a_file_of_an_earlier_run_is_not_overwritten_without_force(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("old")
    with pytest.raises(OutputError, match="--force") as caught:
        Target(str(tmp_path), several=True).write("a", ".json", b"new")
    assert caught.value.code == "EXISTS"
    assert (tmp_path / "a.json").read_text() == "old"
    Target(str(tmp_path), several=True, force=True).write("a", ".json", b"new")
    assert (tmp_path / "a.json").read_text() == "new"


def test_writing_makes_missing_folders_and_leaves_nothing_else_behind(tmp_path: Path) -> None:
    path = Target(f"{tmp_path}/x/y/", several=False).write("a", ".json", b"1")
    assert path.read_bytes() == b"1"
    assert os.listdir(path.parent) == ["a.json"]  # noqa: PTH208 - hidden files count here


def test_a_written_file_has_the_rights_of_any_new_file(tmp_path: Path) -> None:
    write_file(tmp_path / "ours", b"")
    (tmp_path / "plain").touch()
    assert stat.S_IMODE((tmp_path / "ours").stat().st_mode) == stat.S_IMODE((tmp_path / "plain").stat().st_mode)


def test_a_folder_in_the_place_of_the_file_is_an_error_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    with pytest.raises(OutputError, match="cannot be written"):
        write_file(tmp_path / "taken", b"1", force=True)
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


def test_a_device_is_written_to_and_not_replaced() -> None:
    write_file(Path(os.devnull), b"1")
    assert Path(os.devnull).is_char_device()


def test_without_hard_links_the_file_is_renamed_into_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*paths: Path) -> None:
        raise PermissionError(1, f"no hard links here: {paths}")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    write_file(tmp_path / "a", b"1")
    assert (tmp_path / "a").read_bytes() == b"1"


@pytest.mark.parametrize(
    ("number", "name"),
    [
        ("RE/2026 001", "RE-2026-001"),
        ("../../etc/passwd", "etc-passwd"),
        ("F\u202e2026\x1b[31m", "F-2026-31m"),
        ("CON", "_CON"),
        ("com1.5", "_com1.5"),
        ("Ü-1", "Ü-1"),
        ("U\u0308-1", "Ü-1"),
        ("...", ""),
    ],
)
def test_a_number_becomes_a_harmless_name(number: str, name: str) -> None:
    assert sanitised(number) == name


@given(st.text(max_size=300))
def test_no_number_leads_out_of_its_folder(number: str) -> None:
    name = sanitised(number)
    assert Path(name).name == name
    assert not name.startswith((".", "-"))
    assert len(name) <= 121
    assert name.isprintable()
