# SPDX-License-Identifier: Apache-2.0
"""The catalog of official schemas: what they are, where they are installed, and the proof that they are unchanged."""

from __future__ import annotations

import hashlib
import tomllib
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import msgspec

from einvoice.errors import EinvoiceError, UnknownNameError

_PACKAGE: Final = Path(__file__).resolve().parents[1]
_FOLDERS: Final = (_PACKAGE / "schemas", _PACKAGE.parents[1] / "schemas")
"""Where ``schemas/`` lies: inside the wheel, or beside ``src`` in a checkout."""


class Distribution(msgspec.Struct, frozen=True):
    """The installed distribution that carries the schemas."""

    name: str
    version: str
    package: str
    folder: str


class Schema(msgspec.Struct, frozen=True):
    """One official schema: its entry file lies in ``folder`` of the distribution."""

    title: str
    version: str
    folder: str
    entry: str


class CompiledRules(msgspec.Struct, frozen=True):
    """One compiled Schematron: which rules it holds, and where it lies in the distribution."""

    pack: str
    version: str
    syntax: str
    file: str
    profile: str | None = None


class Catalog(msgspec.Struct, frozen=True):
    """The shape of ``schemas/catalog.toml``.

    Attributes:
        distribution: what carries the schemas.
        schema: document type to schema.
        files: folder to file to SHA-256, for every file that an entry reaches.
        stylesheet: the compiled Schematron that the distribution carries.
        digests: file to SHA-256, for these stylesheets and the code lists beside them.
    """

    distribution: Distribution
    schema: dict[str, Schema]
    files: dict[str, dict[str, str]]
    stylesheet: tuple[CompiledRules, ...] = ()
    digests: dict[str, str] = {}


def load(path: Path | None = None) -> Catalog:
    """Read the catalog.

    Args:
        path: another ``catalog.toml`` than the one that comes with einvoice.

    Raises:
        EinvoiceError: it is missing or cannot be understood.
    """
    if path is None:
        return _own()
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Catalog)
    except (OSError, ValueError) as error:
        raise EinvoiceError(
            f"the catalog of schemas cannot be read: {error}; install einvoice again",
            source=str(path),
            code="SCHEMA_CATALOG",
        ) from error


@cache
def _own() -> Catalog:
    folder = next((folder for folder in _FOLDERS if (folder / "catalog.toml").is_file()), _FOLDERS[0])
    return load(folder / "catalog.toml")


def entry_of(document_type: str, catalog: Catalog | None = None) -> Schema:
    """Return the catalog's row for a document type.

    Raises:
        UnknownNameError: there is none.
    """
    catalog = catalog or load()
    try:
        return catalog.schema[document_type]
    except KeyError:
        known = ", ".join(sorted(catalog.schema))
        raise UnknownNameError(
            f"there is no schema for the document type {document_type!r}; there is one for {known}",
            code="SCHEMA_TYPE",
        ) from None


def verified(document_type: str, catalog: Catalog | None = None, root: Path | None = None) -> Path:
    """Return the entry file of a schema, after all files that it reaches were compared with the catalog.

    Args:
        document_type: ``ubl-invoice``, ``ubl-creditnote``, ``cii``, ``facturx:PROFILE`` or ``zugferd-1.0``.
        catalog: another catalog than the one that comes with einvoice.
        root: another folder than that of the installed distribution.

    Raises:
        UnknownNameError: there is no such document type.
        EinvoiceError: ``SCHEMA_MISSING`` or ``SCHEMA_CHANGED``; the message names the file and both digests.
    """
    catalog = catalog or load()
    schema = entry_of(document_type, catalog)
    folder = (root or installed(catalog.distribution)) / schema.folder
    for name, expected in catalog.files[schema.folder].items():
        _compare(folder / name, expected, catalog.distribution)
    return folder / schema.entry


def texts(document_type: str, catalog: Catalog | None = None, root: Path | None = None) -> tuple[str, dict[str, bytes]]:
    """Return the files of a schema, after they were compared with the catalog.

    Args:
        document_type: see :func:`verified`, as for the others.
        catalog: another catalog than the one that comes with einvoice.
        root: another folder than that of the installed distribution.

    Returns:
        The name of the entry file, and name to content of all files that it reaches.

    Raises:
        UnknownNameError: there is no such document type.
        EinvoiceError: ``SCHEMA_MISSING`` or ``SCHEMA_CHANGED``; the message names the file and both digests.
    """
    catalog = catalog or load()
    schema = entry_of(document_type, catalog)
    folder = (root or installed(catalog.distribution)) / schema.folder
    digests = catalog.files[schema.folder]
    return schema.entry, {name: compared(folder / name, digests[name], catalog.distribution) for name in digests}


def installed(distribution: Distribution) -> Path:
    """Return the folder of the schemas in the installed distribution, without importing its package.

    Raises:
        EinvoiceError: it is not installed.
    """
    spec = find_spec(distribution.package)
    if spec is None or not spec.submodule_search_locations:
        raise EinvoiceError(
            f"the official schemas are missing: pip install '{distribution.name}=={distribution.version}'",
            code="SCHEMA_MISSING",
        )
    return Path(spec.submodule_search_locations[0]) / distribution.folder


def compared(path: Path, expected: str, distribution: Distribution) -> bytes:
    """Return an official file, after it was compared with the catalog.

    Args:
        path: the file.
        expected: its SHA-256.
        distribution: what carries it.

    Raises:
        EinvoiceError: ``SCHEMA_MISSING`` or ``SCHEMA_CHANGED``; the message names the file and both digests.
    """
    _compare(path, expected, distribution)
    return path.read_bytes()


def _compare(path: Path, expected: str, distribution: Distribution) -> None:
    advice = f"pip install --force-reinstall '{distribution.name}=={distribution.version}'"
    try:
        found = _sha256(path)
    except OSError as error:
        raise EinvoiceError(
            f"the official schema cannot be read ({error.strerror}): {advice}",
            source=str(path),
            code="SCHEMA_MISSING",
        ) from error
    if found != expected:
        here = _installed_version(distribution)
        raise EinvoiceError(
            f"this is not the official schema that einvoice was made for: its SHA-256 is {found}, expected is"
            f" {expected} ({distribution.name} {distribution.version}; installed is {here}):"
            f" {advice}",
            source=str(path),
            code="SCHEMA_CHANGED",
        )


@cache
def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _installed_version(distribution: Distribution) -> str:
    from importlib import metadata  # noqa: PLC0415 - slow to import, and needed for this message alone

    try:
        return metadata.version(distribution.name)
    except metadata.PackageNotFoundError:
        return "none"
