# SPDX-License-Identifier: Apache-2.0
"""Repaired invoices, before and after: a difference is a change of what users get."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from einvoice import fix

ROOT = Path(__file__).resolve().parents[2]
STORIES = sorted(path.name for path in (ROOT / "fixtures" / "fix").iterdir())


def made() -> dict[Path, bytes]:
    """What the generator, which lies outside the package, makes today."""
    spec = importlib.util.spec_from_file_location("fix_goldens", ROOT / "tools" / "fix_goldens.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: dict[Path, bytes] = module.goldens()
    return found


def test_the_files_are_what_we_make_today() -> None:
    for path, content in made().items():
        assert path.read_bytes() == content, f"look at the difference, then run tools/fix_goldens.py: {path.name}"


@pytest.mark.parametrize("story", STORIES)
def test_every_story_has_a_before_and_an_after(story: str) -> None:
    names = sorted(path.name for path in (ROOT / "fixtures" / "fix" / story).iterdir())
    suffix = "json" if story == "json" else "xml"
    assert names == [f"invoice.{suffix}", f"repaired.{suffix}", "report.json"]


@pytest.mark.parametrize("story", [story for story in STORIES if story != "beyond-repair"])
def test_a_story_ends_well(story: str) -> None:
    (source,) = (ROOT / "fixtures" / "fix" / story).glob("invoice.*")
    fixed = fix(source, packs="en16931")
    assert (fixed.before.verdict, fixed.after.verdict) == ("invalid", "valid")


def test_comments_and_prefixes_are_those_of_the_source() -> None:
    folder = ROOT / "fixtures" / "fix" / "cii-slips"
    before, after = ((folder / name).read_text(encoding="utf-8") for name in ("invoice.xml", "repaired.xml"))
    assert "<!-- delivered as ordered --><a:ApplicableHeaderTradeDelivery />" in after
    assert [line for line in before.splitlines() if "a:Name" in line] == [
        line for line in after.splitlines() if "a:Name" in line
    ]
