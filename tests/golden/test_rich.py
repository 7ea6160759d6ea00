# SPDX-License-Identifier: Apache-2.0
"""The rich invoices: every term that a syntax has a place for, and what becomes of it."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from einvoice.bind import json, open_document, write
from einvoice.bind.locate import is_bound
from einvoice.bind.losses import leaves
from einvoice.model import Syntax, terms

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]
SYNTAXES: dict[str, Syntax] = {"rich-ubl": "ubl-invoice", "rich-creditnote": "ubl-creditnote", "rich-cii": "cii"}


def tool() -> ModuleType:
    """Load the generator, which lies outside the package."""
    spec = importlib.util.spec_from_file_location("goldens", ROOT / "tools" / "goldens.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def fixture(folder: str, name: str) -> bytes:
    """A file of a rich invoice."""
    return (ROOT / "fixtures" / folder / name).read_bytes()


def test_the_files_are_what_we_make_today() -> None:
    """A difference is a change of what users get: look at it, then run tools/goldens.py."""
    made: dict[str, bytes] = tool().goldens()
    kept = {path.relative_to(ROOT / "fixtures").as_posix() for path in (ROOT / "fixtures").glob("rich-*/*")}
    assert kept == set(made)
    for name, content in made.items():
        assert (ROOT / "fixtures" / name).read_bytes() == content, f"run tools/goldens.py: {name} is not current"


@pytest.mark.parametrize("folder", SYNTAXES)
def test_a_rich_invoice_is_valid_and_read_whole(folder: str) -> None:
    document = open_document(fixture(folder, "invoice.xml"))
    assert document.syntax == SYNTAXES[folder]
    assert document.schema_violations() == []
    assert document.reading().remarks == ()


@pytest.mark.parametrize("folder", SYNTAXES)
def test_a_rich_invoice_uses_every_bound_term(folder: str) -> None:
    invoice = open_document(fixture(folder, "invoice.xml")).reading().invoice
    used = {leaf.place.replace("sub_lines.", "") for leaf in leaves(invoice)}
    used |= {place.rpartition(".")[0] for place in used} | {"lines.sub_lines"}
    unused = [path for path in terms() if is_bound(SYNTAXES[folder], path) and path not in used]
    assert [path for path in unused if not any(place.startswith(f"{path}.") for place in used)] == []


@pytest.mark.parametrize("folder", SYNTAXES)
def test_a_rich_invoice_is_written_as_it_was_read(folder: str) -> None:
    data = fixture(folder, "invoice.xml")
    assert write(open_document(data).reading().invoice, SYNTAXES[folder]) == data


@pytest.mark.parametrize("folder", SYNTAXES)
def test_json_holds_the_same_invoice(folder: str) -> None:
    assert (
        json.read_json(fixture(folder, "invoice.json"))
        == open_document(fixture(folder, "invoice.xml")).reading().invoice
    )


@pytest.mark.parametrize("folder", SYNTAXES)
def test_the_converted_invoice_is_valid(folder: str) -> None:
    (converted,) = (ROOT / "fixtures" / folder).glob("converted.*.xml")
    assert open_document(converted.read_bytes()).schema_violations() == []
