# SPDX-License-Identifier: Apache-2.0
"""Artefacts are found in files, folders and archives, and in what is installed."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest

from einvoice.bind import catalog
from einvoice.errors import EinvoiceError, InputError
from einvoice.official import library as module
from einvoice.official.library import Library
from tests.official.making import xslt

if TYPE_CHECKING:
    from pathlib import Path

PEPPOL = "openpeppol/2026.5/xslt/PEPPOL-EN16931-UBL.xslt"
OLDER = "openpeppol/2025.5/xslt/PEPPOL-EN16931-UBL.xslt"
CEN = "1.3.16/ubl/EN16931-UBL-validation.xslt"


def lay(folder: Path, *paths: str, data: bytes = xslt()) -> Path:
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder


def pack(archive: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members.items():
            made.writestr(name, data)
    return archive


def named(library: Library, **asked: str) -> str:
    found = library.find(asked.pop("pack", "peppol"), asked.pop("syntax", "ubl-invoice"), **asked)
    return found.identity.version if found else "none"


def test_the_newest_is_found_unless_another_is_meant(tmp_path: Path) -> None:
    library = Library([str(lay(tmp_path, PEPPOL, OLDER))], installed=False)
    assert named(library) == "3.0.21"
    assert named(library, syntax="ubl-creditnote") == "3.0.21"
    assert named(library, version="3.0.19") == "3.0.19"
    assert named(library, like="3.0.19") == "3.0.19"
    assert named(library, like="3.0.18") == "3.0.21"
    assert named(library, version="3.0.18") == "none"
    assert named(library, syntax="cii") == "none"
    assert named(library, pack="xrechnung") == "none"
    assert library.packs() == ("peppol",)


def test_an_archive_is_read_where_it_lies(tmp_path: Path) -> None:
    jar = pack(tmp_path / "rules.jar", {PEPPOL: xslt(), "a/readme.txt": b"", "a/other.xslt": b""})
    library = Library([str(jar)], installed=False)
    found = library.find("peppol", "ubl-invoice")
    assert found is not None
    assert [sheet.name for sheet in found.sheets] == [f"{jar}!/{PEPPOL}"]
    assert found.sheets[0].data == xslt()
    assert list(tmp_path.iterdir()) == [jar]


def test_archives_in_a_folder_count_too_and_hidden_folders_do_not(tmp_path: Path) -> None:
    pack(lay(tmp_path, f".hidden/{OLDER}") / "rules.zip", {PEPPOL: xslt()})
    assert named(Library([str(tmp_path)], installed=False)) == "3.0.21"


def test_a_sibling_lies_in_the_same_folder_of_the_archive(tmp_path: Path) -> None:
    lookup = xslt("<xsl:value-of select=\"document('FACTUR-X_BASIC_codedb.xml')\"/>")
    members = {
        "2.4/FACTUR-X_BASIC.xslt": lookup,
        "2.4/FACTUR-X_BASIC_codedb.xml": b"<here/>",
        "FACTUR-X_BASIC_codedb.xml": b"<not/>",
    }
    found = Library([str(pack(tmp_path / "a.jar", members))], installed=False).find("facturx", "cii", profile="basic")
    assert found is not None
    assert list(found.sheets[0].parameters.values()) == ["<here/>"]
    for name, data in members.items():
        lay(tmp_path / "folder", name, data=data)
    other = Library([str(tmp_path / "folder")], installed=False).find("facturx", "cii", profile="basic")
    assert other is not None
    assert list(other.sheets[0].parameters.values()) == ["<here/>"]


def test_a_pack_of_several_parts_is_there_when_all_are(tmp_path: Path) -> None:
    shared, aligned = (
        f"pint-jp/1.1.2/xslt/PINT-{part}.xslt" for part in ("UBL-validation-preprocessed", "jurisdiction-aligned-rules")
    )
    library = Library([str(lay(tmp_path / "a", shared))], installed=False)
    assert named(library, pack="pint-jp") == "none"
    whole = Library([str(lay(tmp_path / "b", shared, aligned))], installed=False).find("pint-jp", "ubl-invoice")
    assert whole is not None
    assert len(whole.sheets) == 2


def test_what_the_user_names_counts_more_than_what_is_installed(tmp_path: Path) -> None:
    older = xslt().replace(b"<xsl:stylesheet", b"<!--Schematron version 1.3.9 - --><xsl:stylesheet", 1)
    library = Library([str(lay(tmp_path, "EN16931-UBL-validation.xslt", data=older))])
    assert named(library, pack="en16931", like="1.3.16") == "1.3.9"
    assert named(library, pack="en16931", version="1.3.16") == "1.3.16"
    assert named(Library(), pack="en16931") == "1.3.16"


def test_a_stylesheet_that_nobody_knows_is_given_a_name(tmp_path: Path) -> None:
    file = lay(tmp_path, "mine.xslt") / "mine.xslt"
    library = Library([str(file)], installed=False)
    assert [sheet.name for sheet in library.unnamed] == [str(file)]
    assert library.artefacts == ()
    library.name("mine")
    for syntax in ("cii", "ubl-invoice"):
        found = library.find("mine", syntax)
        assert found is not None
        assert found.identity.version == f"sha256:{found.sheets[0].sha256[:12]}"
    assert library.unnamed == []


def test_a_stylesheet_that_is_recognised_needs_no_name(tmp_path: Path) -> None:
    library = Library([str(lay(tmp_path, PEPPOL) / PEPPOL)], installed=False)
    assert (library.unnamed, named(library)) == ([], "3.0.21")


def test_a_source_without_artefacts_is_an_error(tmp_path: Path) -> None:
    lay(tmp_path / "a", "other.xslt")
    for source in (tmp_path / "a", pack(tmp_path / "b.zip", {"x.xslt": b""})):
        with pytest.raises(InputError, match="no compiled Schematron that einvoice knows is in it"):
            Library([str(source)])
    with pytest.raises(InputError, match="no such file or folder"):
        Library([str(tmp_path / "nowhere")])


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An entry of an archive may inflate to anything; no more than the limit is ever inflated."""
    monkeypatch.setattr(module, "_LARGEST", 1_000)
    bomb = b"<x>" + b" " * 100_000
    found = Library([str(pack(tmp_path / "a.jar", {PEPPOL: bomb}))], installed=False).find("peppol", "ubl-invoice")
    assert found is not None
    with pytest.raises(InputError, match="larger than the 1,000 bytes"):
        _ = found.sheets[0].data
    with pytest.raises(InputError, match="larger than the 1,000 bytes"):
        Library([str(lay(tmp_path / "b", "mine.xslt", data=bomb) / "mine.xslt")])


def test_a_file_that_is_no_stylesheet_is_refused_before_anything_is_judged(tmp_path: Path) -> None:
    source = b"<schema xmlns='http://purl.oclc.org/dsdl/schematron'/>"
    with pytest.raises(InputError, match="Schematron in source; compile it to XSLT first"):
        Library([str(lay(tmp_path, "rules.sch", data=source) / "rules.sch")])
    with pytest.raises(InputError, match="no XSLT stylesheet"):
        Library([str(lay(tmp_path, "invoice.xml", data=b"<Invoice/>") / "invoice.xml")])


def test_a_broken_archive_is_told(tmp_path: Path) -> None:
    jar = pack(tmp_path / "a.jar", {PEPPOL: xslt()})
    found = Library([str(jar)], installed=False).find("peppol", "ubl-invoice")
    assert found is not None
    data = bytearray(jar.read_bytes())
    data[60:80] = b"\0" * 20
    jar.write_bytes(data)
    with pytest.raises(InputError, match="cannot be read"):
        _ = found.sheets[0].data


def test_every_installed_artefact_is_what_the_catalog_says() -> None:
    library = Library()
    assert len(library.artefacts) == len(catalog.load().stylesheet)
    for artefact in library.artefacts:
        for sheet in artefact.sheets:
            assert sheet.sha256 in catalog.load().digests.values()
            assert len(sheet.parameters) == (artefact.identity.pack == "facturx")


def test_an_installed_artefact_that_was_changed_is_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = catalog.load()
    for row in known.stylesheet:
        lay(tmp_path, row.file)
    monkeypatch.setattr(catalog, "installed", lambda _: tmp_path)
    found = Library().find("en16931", "ubl-invoice")
    assert found is not None
    with pytest.raises(EinvoiceError) as caught:
        _ = found.sheets[0].data
    assert caught.value.code == "SCHEMA_CHANGED"


def test_without_the_distribution_nothing_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_: object) -> Path:
        raise EinvoiceError("not there")

    monkeypatch.setattr(catalog, "installed", missing)
    assert Library().artefacts == ()
